"""The command `ferries`, which plans sailings of ships."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.programs import INTERRUPTED
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import NUMBER, WHOLE, number, whole
from landbridge.routing.cli.options import (
    chart_option,
    given_name,
    json_option,
    network_option,
    open_network,
    print_json,
    write_chart,
    year_option,
)
from landbridge.routing.cli.progress import note, progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing.sailings.lines import LinesLike

_NO_ANSWER = 1


@click.command()
@click.argument("lines", nargs=-1, metavar="[LINE=TEU[/BACK]]...|[LINES.csv]")
@click.option("--period-days", type=WHOLE, default=30, show_default=True, help="Days after which the schedule repeats.")
@click.option("--closed-days", metavar="D,D,...", help="Days of the period, from 1, on which storms close the ports.")
@click.option(
    "--storm-days",
    type=WHOLE,
    help="Number of storm days to draw; by default in proportion to the record of the fleets.",
)
@click.option("--low-water-loss", type=NUMBER, metavar="SHARE", help="Share of a load lost to low water.")
@click.option(
    "--prefer",
    default="sailings",
    show_default=True,
    type=click.Choice(["sailings", "waiting"]),
    help="Second objective after the fewest ships: fewest sailings, or the shortest maximum wait of cargo.",
)
@click.option("--max-wait-days", type=NUMBER, default=14.0, show_default=True, help="Maximum wait of cargo.")
@click.option(
    "--spare-sailings",
    type=WHOLE,
    default=0,
    show_default=True,
    help="Additional rounds of a line beyond full ships, to reduce waits.",
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=NUMBER,
    default=60.0,
    show_default=True,
    help="Time limit of all searches together in seconds.",
)
@click.option("--seed", type=WHOLE, default=0, show_default=True, help="Seed of the storm days and the search.")
@year_option
@network_option
@json_option
@chart_option
def ferries(
    lines: tuple[str, ...],
    closed_days: str | None,
    network_path: str | None,
    as_json: bool,
    chart: str | None,
    **options: Any,
) -> int:
    """Plan ships, berths and sailings for TEU a day on lines (links or services), each way or along the link and back.

    LINES.csv has the columns line and teu_day, and may have back_teu_day.

    Without a line, list those that can be planned. Exit code 1 if no schedule was found, 130 after Ctrl-C.
    """
    from landbridge.routing.cli.tables.ferries import print_lines, print_plan
    from landbridge.routing.sailings.plan_sailings import plan_sailings
    from landbridge.routing.sailings.solve import PlanStatus

    if not lines:
        refuse_without_effect([*options, "closed_days", "chart"], "without a line")
    if closed_days is not None or options["storm_days"] is not None:
        refuse_without_effect(["year"], "with --closed-days or --storm-days")
    network = open_network(network_path)
    if not lines:
        found = _lines(network)
        if as_json:
            from landbridge.networks.meta import meta_of

            print_json({"lines": found}, meta_of(network.tables, {}))
        else:
            print_lines(found)
        return 0
    demand, closed = _demand(lines), _days(closed_days)
    note("planning; all objectives together take up to the time limit")
    with progress("planning"):
        plan = plan_sailings(network, demand, closed_days=closed, **options)
    is_interrupted = plan.status is PlanStatus.INTERRUPTED
    write_chart(plan, given_name(chart, is_whole=not is_interrupted))
    if as_json:
        print_json(plan.to_dict(), plan.meta)
    else:
        print_plan(plan)
    if is_interrupted:
        return INTERRUPTED
    return 0 if plan.sailings else _NO_ANSWER


def _demand(lines: tuple[str, ...]) -> "LinesLike":
    if len(lines) == 1 and lines[0].lower().endswith(".csv"):
        return lines[0]
    demand: dict[str, float | tuple[float, float]] = {}
    for text in lines:
        name, _, given = text.rpartition("=")
        try:
            teu = tuple(number(part) for part in given.split("/"))
        except ValueError:
            teu = ()
        if not name or len(teu) not in {1, 2}:
            raise click.UsageError(
                f"{text!r} is not a demand; give LINE=TEU or LINE=TEU/BACK, such as feeder-aktau-alat=100"
            )
        if name in demand:
            raise click.UsageError(f"{name} is repeated; give it once")
        demand[name] = teu[0] if len(teu) == 1 else (teu[0], teu[1])
    return demand


def _days(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [whole(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise click.UsageError(f"--closed-days is {text!r} and must be days, such as 3,4,17") from None


def _lines(network: "Network") -> list[dict[str, Any]]:
    """Return the data of the lines that can be planned."""
    from landbridge.routing.sailings.lines import plannable_links, ship_lines

    found = []
    for link in plannable_links(network):
        (line,) = ship_lines(network, {link["id"]: 1.0})
        found.append(
            {
                "line": line.link_id,
                "service": line.service_id,
                "fleet": line.fleet,
                "load_teu": line.load_teu,
                "voyage_h": line.voyage_h,
                "berths": {item.berths_id: item.count for item in (line.outer, line.home)},
                "sources": list(line.sources),
            }
        )
    return found
