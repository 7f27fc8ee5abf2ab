"""Indicators as CSV for spreadsheets, Markdown for reports, and rows of text for the terminal."""

from collections.abc import Sequence
from typing import Any

from landbridge.networks.files import csv_text
from landbridge.routing.output.table_files import without_formulas
from landbridge.routing.output.tables import markdown_table
from landbridge.routing.statements.indicators import ItineraryIndicators

COLUMNS: dict[str, tuple[str, int]] = {
    "distance_km": ("km", 0),
    "elapsed_h": ("hours", 0),
    "cost_usd": ("USD", 0),
    "border_points": ("border points", 0),
    "tfi1_h": ("TFI1 h", 1),
    "tfi1_customs_h": ("TFI1 customs h", 1),
    "tfi2_usd": ("TFI2 USD", 0),
    "tfi3_usd": ("TFI3 USD", 0),
    "swd_km_h": ("SWD km/h", 1),
    "swod_km_h": ("SWOD km/h", 1),
    "cv": ("CV", 2),
}
"""Columns of printed tables: name in the JSON output, heading, digits."""

REMARKS = (
    "Transit from the first departure to the last arrival. TFI1: mean hours at a border crossing point (each crossing "
    "has two), and at those with customs; TFI2: USD at one for a container; TFI3: USD for 500 km and 20 t; SWD: speed "
    "with delay (TFI4), SWOD: without; CV: standard deviation / mean of the time. After CAREC CPMM."
)


def indicators_csv(found: Sequence[ItineraryIndicators]) -> str:
    """Return a row for the transit of each itinerary and for its part in each country; undefined values are blank."""
    return csv_text(without_formulas(row for item in found for row in item.rows()))


def indicators_markdown(found: Sequence[ItineraryIndicators]) -> str:
    """Return a table of the transits, and a table of the countries of each itinerary."""
    parts = ["# Corridor indicators", _markdown("itinerary", [_transit_cells(item) for item in found])]
    for item in found:
        cells = [country_cells(row) for row in item.rows()[1:]]
        parts += [f"## {item.itinerary.itinerary_id} by country", _markdown("country", cells)]
    return "\n\n".join([*parts, REMARKS]) + "\n"


def country_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return a row as text: its scope, then the printed columns; undefined indicators are blank."""
    return (row["scope"], *(_text(row[name], digits) for name, (_, digits) in COLUMNS.items()))


def _transit_cells(item: ItineraryIndicators) -> tuple[str, ...]:
    return (item.itinerary.itinerary_id, *country_cells(item.rows()[0])[1:])


def _text(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _markdown(first: str, rows: Sequence[Sequence[str]]) -> str:
    head = [first, *(heading for heading, _ in COLUMNS.values())]
    return markdown_table(head, rows, ["---", *["---:"] * len(COLUMNS)])
