"""Table of counts at crossings for the terminal."""

from rich.table import Table

from landbridge.routing.cli.tables.console import console, of_year
from landbridge.routing.flows.crossings import UNEXPLAINED_USD, CrossingCount, CrossingEstimate


def print_counts(found: CrossingEstimate) -> None:
    """Print the counts that were fitted and those that were not, each with what the model gives."""
    out = console()
    for fitted, title in ((True, "fitted"), (False, "never fitted")):
        rows = [count for count in found.counts if count.fitted is fitted]
        if rows:
            out.print(_table(f"{of_year(found.year, 'counts')}{title}, TEU a day", rows))
    out.print(
        "Without: shares by cost alone; with: by cost and a constant for each crossing and direction, in USD a TEU. A"
        f" constant beyond {UNEXPLAINED_USD:g} (*) is not explained: a cost or an end of the demand is wrong. Only"
        " counts that were never fitted say how far the model agrees.",
        style="dim",
    )


def _table(title: str, rows: list[CrossingCount]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("count")
    for name in ("counted", "without", "with", "error", "constant"):
        table.add_column(name, justify="right")
    for count in rows:
        constant = count.constant_usd_per_teu
        table.add_row(
            count.id,
            f"{count.counted_teu_day:,.0f}",
            f"{count.unfitted_teu_day:,.0f}",
            f"{count.estimated_teu_day:,.0f}",
            f"{count.estimated_teu_day / count.counted_teu_day - 1:+.0%}" if count.counted_teu_day else "",
            "" if constant is None else f"{constant:,.0f}{'*' if count.unexplained else ''}",
        )
    return table
