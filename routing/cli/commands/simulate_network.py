"""The command `simulate-network`."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.networks.words import counted
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER, WHOLE
from landbridge.routing.cli.options import (
    chart_option,
    drawn,
    given_name,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
    year_option,
)
from landbridge.routing.cli.progress import note, progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks.network import Network
    from landbridge.routing.simulation.network_simulation import NetworkSimulation

_DISRUPTIONS = ("close", "limit", "ban")


@click.command("simulate-network")
@click.argument("demand", required=False, metavar="[DEMAND.csv]")
@year_option
@click.option("--days", type=WHOLE, default=365, show_default=True, help="Measured days.")
@click.option(
    "--warm-up", "warm_up", type=WHOLE, metavar="DAYS", help="Days before them that are not measured; by default 120."
)
@click.option("--start", metavar="DATE", help="First measured day; by default 1 January of the year.")
@click.option("--replications", type=WHOLE, default=20, show_default=True, help="Independent runs.")
@click.option("--seed", type=WHOLE, default=0, show_default=True, help="Seed of the random numbers.")
@click.option(
    "--close",
    multiple=True,
    metavar="TARGET:FROM..TO",
    help="Shut a place, resource or border, both days included, such as pl-malaszewicze:2025-09-12..2025-09-24;"
    " repeatable.",
)
@click.option(
    "--limit",
    multiple=True,
    metavar="RESOURCE:N/day:FROM..TO",
    help="Leave a resource this capacity, such as 10trains/day; repeatable.",
)
@click.option(
    "--ban",
    multiple=True,
    metavar="TARGET:FROM..TO",
    help="Hold cargo whose way uses the target where it starts, and count it; repeatable.",
)
@click.option("--scale", "factor", type=NUMBER, default=1.0, show_default=True, help="Factor on the demand.")
@click.option("--workers", type=WHOLE, help="Threads; by default one for each processor. The answer is the same.")
@click.option("--all", "everything", is_flag=True, help="Show all resources and pairs instead of a first screen.")
@network_option
@json_option
@out_option()
@chart_option
@click.option(
    "--chart-of",
    type=click.Choice(["waits", "queue", "recovery"]),
    help="Chart: where cargo waits, a queue over time, or the recovery; by default recovery if there is a disruption.",
)
@click.option("--resource", metavar="ID", help="Resource of the chart of a queue; by default the longest one.")
def simulate_network(demand: str | None, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Simulate the network under load: waits at each resource, transit times, and recovery after closures.

    Trains, trucks and ships wait for servers of yards, borders, berths and reloading halls, in independent
    replications. DEMAND.csv is as in `assign`; without it the demand of the network is used, fitted to counts.

    Ctrl-C shows the answer of the replications that are done, with exit code 130.
    """
    from landbridge.routing.simulation.network_simulation import SimulationStatus

    _check_chart(options)
    found = _simulate(demand, network_path, options)
    if found.message:
        note(found.message)
    is_whole = found.status is SimulationStatus.COMPLETE
    chart = given_name(options["chart"], is_whole=is_whole)
    with drawn(partial(found.plot, options["chart_of"], resource=options["resource"]), chart):
        write_files(found, {**options, "chart": None}, is_whole=is_whole)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        from landbridge.routing.cli.tables.simulate_network import print_simulation

        print_simulation(found, everything=options["everything"])
    return 0 if is_whole else INTERRUPTED


def _check_chart(options: dict[str, Any]) -> None:
    """Refuse options of a chart that is not drawn, before anything is simulated."""
    if options["resource"] and options["chart_of"] not in {None, "queue"}:
        raise click.UsageError("--resource is for --chart-of queue; omit one of them")
    if options["chart"] is None:
        refuse_without_effect(["chart_of", "resource"], "without --chart")
    if options["chart_of"] == "recovery" and not any(options[name] for name in _DISRUPTIONS):
        raise click.UsageError("--chart-of recovery needs a disruption; give --close, --limit or --ban")


def _check_resource(network: "Network", options: dict[str, Any]) -> None:
    """Refuse a resource that is none of the network; a closed place may have a queue too.

    Raises
    ------
    QueryError
        If it is unknown.
    """
    from landbridge.networks.errors import QueryError

    resource, targets = options["resource"], (text for name in _DISRUPTIONS for text in options[name])
    known = any(row.get("id") == resource for rows in network.tables.values() for row in rows)
    if resource and not known and resource not in {text.partition(":")[0] for text in targets}:
        raise QueryError(f"there is no resource {resource!r}; give an id of the table resources for --resource")


def _simulate(demand: str | None, network_path: str | None, options: dict[str, Any]) -> "NetworkSimulation":
    from landbridge.routing.flows.demand import read_demand, scaled
    from landbridge.routing.simulation.simulate_network import own_demand
    from landbridge.routing.simulation.simulate_network import simulate_network as run

    network = open_network(network_path)
    _check_resource(network, options)
    year = options["year"]
    rows = own_demand(network, year) if demand is None else read_demand(network, demand, year=year)
    names = ("year", "days", "warm_up", "start", "replications", "seed", "close", "limit", "ban", "workers")
    chosen = {name: options[name] for name in names}
    label = f"simulating {counted(options['replications'], 'replication')}"
    with progress(label, options["replications"]) as told:
        return run(network, scaled(rows, options["factor"]), progress=told, **chosen)
