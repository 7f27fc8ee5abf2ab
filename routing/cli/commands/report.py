"""The command `report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import WHOLE
from landbridge.routing.cli.options import (
    cargo_of,
    cargo_options,
    chart_option,
    condition_options,
    conditions_of,
    costs_option,
    dated_filters,
    json_option,
    network_option,
    objective_of,
    objective_options,
    open_network,
    out_option,
    print_json,
    query_document,
    write_files,
)
from landbridge.routing.cli.progress import progress, wrote

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing.simulation.network_simulation import NetworkSimulation


def _page(_: click.Context, __: click.Parameter, value: str) -> str:
    """Refuse a file that is no page, before the computation."""
    from landbridge.routing.reports.report import html_named

    html_named(value)
    return value


def _queues(network: "Network") -> "NetworkSimulation":
    """Return a simulation of a year of the network under load."""
    from landbridge.routing.simulation.simulate_network import simulate_network

    with progress("simulating the network under load"):
        return simulate_network(network)


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option(
    "--html", required=True, metavar="FILE", callback=_page, help="File for the page, which works offline; replaced."
)
@objective_options
@click.option("--detours", is_flag=True, help="Show also the corridors that are no offer.")
@click.option(
    "--runs", type=WHOLE, default=0, help="Simulate as many shipments of each corridor: panels on the arrival."
)
@click.option("--seed", type=WHOLE, default=0, show_default=True, help="Seed of --runs.")
@click.option("--promised", metavar="DATE", help="With --runs and --depart: promised day, as of `simulate`.")
@click.option("--queues", is_flag=True, help="Simulate the network under load, and show the queues on the way.")
@condition_options
@cargo_options
@costs_option
@network_option
@json_option
@out_option()
@chart_option
def report(  # noqa: PLR0917 - options of the command line
    origin: str, destination: str, html: str, network_path: str | None, as_json: bool, out: str | None, **options: Any
) -> None:
    """Write the corridors between two places as one page for a browser: map, charts, table, steps and sources."""
    from landbridge.networks.files import replacing
    from landbridge.routing.reports.report import report as make_report

    if not options["runs"]:
        refuse_without_effect(["seed", "promised"], "without --runs")
    if options["corridor"]:
        raise click.UsageError("report shows every corridor; omit --corridor")
    network = open_network(network_path)
    conditions = {"objective": objective_of(options), **conditions_of(options)}
    del conditions["corridor"]
    cargo = cargo_of(options)
    runs = {name: options[name] for name in ("runs", "seed", "promised") if options["runs"]}
    if options["promised"] is not None and conditions["depart"] is None:
        raise click.UsageError("--promised needs a date of departure; add --depart")
    queues = _queues(network) if options["queues"] else None
    given = {"cargo": cargo, "detours": options["detours"], "simulation": queues, **runs, **conditions}
    found = make_report(network, origin, destination, **given)
    with replacing(Path(html)) as page:
        found.to_html(page)
        write_files(found, {"out": out, "chart": options["chart"]})
    wrote(html)
    if as_json:
        document = query_document(network, conditions)
        query = {"from": origin, "to": destination, **document, "objective": found.meta["options"]["objective"]}
        query |= {"cargo": vars(cargo), **dated_filters(network)}
        print_json({"query": query, **found.to_dict()}, found.meta)
    else:
        from landbridge.routing.cli.tables.corridors import print_comparison

        print_comparison(found.comparison, costs=options["costs"])
