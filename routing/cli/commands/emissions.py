"""The command `emissions`: statements by transport chain elements, in the form of ISO 14083."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.options import (
    chart_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_chart,
)
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options
from landbridge.routing.cli.progress import wrote

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.statements.emissions import EmissionsStatement


@click.command()
@itinerary_options
@network_option
@json_option
@click.option("--markdown", is_flag=True, help="The statement as Markdown, to file.")
@out_option("each statement as JSON and Markdown", tables=False)
@chart_option
def emissions(
    network_path: str | None, as_json: bool, markdown: bool, out: str | None, chart: str | None, **options: Any
) -> None:
    """Report the emissions of itineraries by transport chain elements and hubs (ISO 14083, GLEC)."""
    from landbridge.routing.statements.emissions import emissions_statement
    from landbridge.routing.statements.emissions_report import (
        statement_document,
        statement_markdown,
        write_statements,
    )

    if as_json and markdown:
        raise click.UsageError("--json and --markdown cannot be combined; give one of them")
    network = open_network(network_path)
    found, query = find_itineraries(network, options)
    statements = [emissions_statement(item) for item in found]
    if chart is not None and len(statements) != 1:
        raise click.UsageError(f"--chart shows one statement and not {len(statements)}; choose with --corridor")
    write_chart(statements[0], chart)
    issued = date.today()  # noqa: DTZ011 - the day in the user's own calendar
    if out is not None:
        written = write_statements(statements, out, issued=issued)
        wrote(f"{', '.join(path.name for path in written)} to {out}")
    if as_json:
        documents = [statement_document(statement, issued=issued) for statement in statements]
        print_json({"query": query, "statements": documents}, found.meta)
    elif markdown:
        click.echo("\n".join(statement_markdown(statement, issued=issued) for statement in statements), nl=False)
    else:
        for statement in statements:
            _print(statement)


def _print(statement: "EmissionsStatement") -> None:
    from landbridge.networks.words import counted
    from landbridge.routing.cli.tables.console import print_table

    def number(value: float | None, digits: int = 0) -> str:
        return "" if value is None else f"{value:,.{digits}f}"

    rows = []
    for item in statement.elements:
        data = item.to_dict()
        moved = data["kind"] == "transport"
        rows.append(
            (
                data["mode"] if moved else data["operation"].replace("_", " "),
                data["service"] if moved else "",
                data["from"] if moved else data["place"],
                data["to"] if moved else "",
                data["factor"]["id"] if moved else data["data_kind"],
                number(data.get("distance_km")),
                {"shortest_feasible": "SFD", "actual": "actual"}[data["distance_basis"]] if moved else "",
                number(data.get("g_co2e_per_tkm"), 1),
                number(data.get("g_co2e_per_teu_km")),
                number(data["co2e_kg"], 1),
                number(data.get("ttw_kg"), 1),
            )
        )
    totals, itinerary = statement.totals(), statement.itinerary
    title = f"{itinerary.itinerary_id}: {totals['co2e_kg']:,.1f} kg CO2e well to wheel"
    columns = ("element", "service", "from", "to", "factor", "km", "basis", "g/tkm", "g/TEU-km", "kg", "of it TTW")
    unmeasured = counted(len(statement.unmeasured), "border formality", "border formalities")
    per_tonne = number(totals["co2e_kg_per_tonne"], 1) or "unknown"
    cooling = f" Refrigerated: {statement.method['cooling']}." if itinerary.cargo.reefer else ""
    remarks = (
        f"{per_tonne} kg per tonne, {totals['co2e_kg_per_teu']:,.1f} kg per TEU; "
        f"{itinerary.cargo.tonnes:g} t, {itinerary.cargo.teu:g} TEU. In the form of ISO 14083; SFD: shortest feasible "
        f"distance. {unmeasured} with unknown emissions counted as 0.{cooling} In the order of travel."
    )
    print_table(title, columns, rows, left=5, remarks=remarks)
