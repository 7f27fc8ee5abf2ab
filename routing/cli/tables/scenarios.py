"""Tables of scenarios for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from landbridge.routing.cli.tables.console import console
from landbridge.routing.studies.scenarios.change_table import change_table
from landbridge.routing.studies.scenarios.scenario import Scenario


def print_scenarios(scenarios: Sequence[Scenario]) -> None:
    """Print a row for each scenario."""
    table = Table(title=f"bundled scenarios: {len(scenarios)}, by name", title_justify="left")
    for name in ("name", "what happens", "what it shows"):
        table.add_column(name)
    for item in scenarios:
        table.add_row(item.name, item.title, item.shows)
    console().print(table)


def print_scenario(scenario: Scenario) -> None:
    """Print the parts of a scenario and its changes."""
    out = console()
    for part in scenario.parts:
        out.print(f"{part.name}: {part.title}")
        if part.content.shows:
            out.print(part.content.shows)
        settings = {"date of the world": part.date, "year": part.year, "sources": ", ".join(part.sources)}
        for name, value in settings.items():
            if value:
                out.print(f"{name}: {value}", style="dim")
    changes = change_table(scenario.parts)
    table = Table(title=f"changes: {len(scenario.changes)}, in order", title_justify="left")
    for name in changes.columns or ():
        table.add_column(name)
    for row in changes.rows():
        table.add_row(*row.values())
    if scenario.changes:
        out.print(table)
    else:
        dated = any(part.date or part.year for part in scenario.parts)
        out.print(
            "It sets the date of the world alone: the data says what is so then." if dated else "It changes nothing."
        )
    out.print(f"fingerprint: {scenario.fingerprint}", style="dim")
