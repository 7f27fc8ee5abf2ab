"""Tables made from the JSON documents of the program, with the same columns and types in every run.

Nothing here needs QGIS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Cell = Literal["text", "integer", "number", "boolean"]


class Column(NamedTuple):
    """A column.

    Attributes
    ----------
    name
        Its name.
    kind
        Type of its cells, which may be empty.
    path
        Keys to its value in a record, with points.
    """

    name: str
    kind: Cell
    path: str


class Table(NamedTuple):
    """A table of an answer: the list of records of the document, and what it shows of them."""

    records: str
    columns: tuple[Column, ...]

    def fits(self, document: Mapping[str, Any]) -> bool:
        """Whether the document has the first record's first and last column, or no record at all."""
        records = document.get(self.records)
        if not isinstance(records, list):
            return False
        keys = {column.path.partition(".")[0] for column in self.columns}
        return not records or keys <= records[0].keys()

    def rows(self, document: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield the cells of each record; lists are joined by `;`."""
        for record in document[self.records]:
            yield [_cell(record, column) for column in self.columns]


def _columns(text: str) -> tuple[Column, ...]:
    """Return columns from `name`, `name:kind` or `name:kind:path`."""
    parts = [(*item.split(":"), "", "")[:3] for item in text.split()]
    return tuple(Column(name, kind or "text", path or name) for name, kind, path in parts)  # type: ignore[arg-type]


def _cell(record: Mapping[str, Any], column: Column) -> Any:
    value: Any = record
    for key in column.path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if value is None:
        return None
    if isinstance(value, list):
        return "; ".join(item["text"] if isinstance(item, dict) else str(item) for item in value) or None
    return {"text": str, "integer": int, "number": float, "boolean": bool}[column.kind](value)


CORRIDORS = Table(
    "corridors",
    _columns(
        "corridor itinerary_id seasonal:boolean route_line countries"
        " time_mean_h:number:time_h.mean time_p10_h:number:time_h.p10 time_p50_h:number:time_h.p50"
        " time_p90_h:number:time_h.p90 transit_mean_h:number:transit_h.mean"
        " cost_usd:number cost_p10_usd:number cost_p90_usd:number cost_usd_per_teu:number"
        " generalised_cost_usd:number co2e_kg:number distance_km:number"
        " border_crossings:integer gauge_changes:integer transshipments:integer"
        " bottleneck_place:text:bottleneck.place bottleneck_operation:text:bottleneck.operation"
        " bottleneck_mean_h:number:bottleneck.time_h.mean"
        " capacity_left_teu_day:number:capacity_left.teu_day capacity_left_resource:text:capacity_left.name"
        " tags notes"
    ),
)
MATRIX = Table(
    "pairs",
    _columns(
        "origin destination time_mean_h:number cost_usd:number co2e_kg:number distance_km:number reason note:text:note"
    ),
)
PAIRS = Table(
    "pairs",
    _columns(
        "id origin destination teu:number tonnes:number depart time_mean_h:number time_p10_h:number time_p50_h:number"
        " time_p90_h:number cost_usd:number co2e_kg:number distance_km:number corridor error notes"
    ),
)
BOTTLENECKS = Table(
    "bottlenecks",
    _columns(
        "resource name kind place direction corridor flow_teu_day:number background_teu_day:number"
        " capacity_teu_day:number residual_teu_day:number utilisation:number shadow_price_usd_per_teu_day:number"
        " checked_usd_per_teu_day:number joint_with worth_usd_per_day:number delay_teu_h_day:number"
        " delay_share:number delay_h_per_teu:number criticality_usd_per_day:number"
        " criticality_unserved_usd_per_day:number closure_usd:number closure_rerouted_teu_days:number"
        " closure_unserved_teu_days:number"
    ),
)
