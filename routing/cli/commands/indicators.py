"""The command `indicators`: CAREC's indicators and Time/Cost-Distance charts of itineraries."""

from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.options import chart_option, json_option, network_option, open_network, print_json
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options
from landbridge.routing.cli.progress import wrote

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.statements.tcd_chart import Quantity


@click.command()
@itinerary_options
@network_option
@json_option
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print CSV with a row for each itinerary and each of its countries."
)
@click.option("--markdown", is_flag=True, help="Markdown tables.")
@chart_option
@click.option(
    "--chart-of",
    default="time",
    show_default=True,
    type=click.Choice(["time", "cost"]),
    help="Quantity shown in the chart.",
)
def indicators(network_path: str | None, chart: str | None, chart_of: "Quantity", **options: Any) -> None:
    """Show indicators of corridors: TFI1 to TFI4, SWD and SWOD (CAREC CPMM), Time/Cost-Distance charts (UNESCAP)."""
    from landbridge.routing.statements.indicators import itinerary_indicators
    from landbridge.routing.statements.indicators_report import indicators_csv, indicators_markdown
    from landbridge.routing.statements.tcd_chart import write_tcd_chart
    from landbridge.routing.statements.time_cost_distance import staircase

    if sum(options[form] for form in ("as_json", "as_csv", "markdown")) > 1:
        raise click.UsageError("--json, --csv and --markdown cannot be combined; give one of them")
    if chart is None:
        refuse_without_effect(["chart_of"], "without --chart")
    network = open_network(network_path)
    itineraries, query = find_itineraries(network, options)
    found = [itinerary_indicators(item) for item in itineraries]
    if chart is not None:
        wrote(str(write_tcd_chart(itineraries, chart, quantity=chart_of)))
    if options["as_json"]:
        documents = [
            item.to_dict() | {"staircase": [step.to_dict() for step in staircase(item.itinerary)]} for item in found
        ]
        print_json({"query": query, "indicators": documents}, itineraries.meta)
    elif options["as_csv"]:
        click.echo(indicators_csv(found), nl=False)
    elif options["markdown"]:
        click.echo(indicators_markdown(found), nl=False)
    else:
        _print(found)


def _print(found: list[Any]) -> None:
    from landbridge.routing.cli.tables.console import print_table
    from landbridge.routing.statements.indicators_report import COLUMNS, REMARKS, country_cells

    columns = ["", *(heading for heading, _ in COLUMNS.values())]
    for number, item in enumerate(found, start=1):
        rows = [country_cells(row) for row in item.rows()]
        remarks = REMARKS if number == len(found) else ""
        print_table(item.itinerary.itinerary_id, columns, rows, remarks=remarks)
