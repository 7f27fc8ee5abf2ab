"""Several itineraries as one result: a list with common layers and tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from landbridge.routing.itineraries.itinerary import Itinerary, itineraries_given
from landbridge.routing.itineraries.lanes import lanes
from landbridge.routing.itineraries.layers import ITINERARIES, LEGS, STOP_LAYER, with_labels
from landbridge.routing.itineraries.side_by_side import draw as draw_side_by_side
from landbridge.routing.output.layers import Feature, Layer
from landbridge.routing.output.palette import CORRIDORS
from landbridge.routing.output.result import ResultList
from landbridge.routing.output.tables import RecordTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class LeftOut(NamedTuple):
    """An itinerary that a comparison leaves out, with the reason."""

    itinerary: Itinerary
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class Itineraries(ResultList[Itinerary]):
    """Itineraries in order; behaves as a list.

    Attributes
    ----------
    left_out
        Of a comparison of corridors those that are no offer, each with the reason.
    """

    left_out: tuple[LeftOut, ...] = ()

    def __repr__(self) -> str:
        """Return the itineraries, one per line."""
        return "\n".join([f"<Itineraries: {len(self)}>", *(f"  {item!r}" for item in self)])

    def to_dict(self) -> dict[str, Any]:
        """Return the itineraries with the names of the JSON output."""
        left_out = {"left_out": left_out_names(self.left_out)} if self.left_out else {}
        return {"itineraries": [item.to_dict() for item in self], **left_out}

    def plot(self) -> "Figure":
        """Return the chart of the itineraries side by side: time, cost and emissions.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw_side_by_side(self.items, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the itineraries, their hauls, and their operations and waits, joined by `itinerary_id`."""
        return itinerary_layers(self.items)

    def tables(self) -> Sequence[RecordTable]:
        """Return the totals of each itinerary, and the legs of all."""
        return itinerary_tables(self.items)


def left_out_names(left_out: Sequence[LeftOut]) -> list[dict[str, str]]:
    """Return the corridors that a comparison leaves out, with the names of the JSON output."""
    return [{"corridor": item.itinerary.corridor, "reason": item.reason} for item in left_out]


def itinerary_layers(itineraries: Sequence[Itinerary]) -> tuple[Layer, ...]:
    """Return the layers of itineraries: their whole lines, their hauls, their operations and waits.

    A map shows several by corridor, and one by mode.
    """
    whole = ITINERARIES.of(lambda: _ranked(itineraries))
    hauls = LEGS.of(lambda: [row for item in itineraries for row in item.haul_features()])
    return (
        *((whole.hidden(), hauls) if len(itineraries) == 1 else (whole, hauls.hidden())),
        STOP_LAYER.of(lambda: with_labels(row for item in itineraries for row in item.stop_features())),
    )


def _ranked(itineraries: Sequence[Itinerary]) -> list[Feature]:
    """Return the whole line of each itinerary with its rank and lane; the first of each corridor has its name."""
    found, features, named = lanes([item.lines for item in itineraries]), [], set()
    for rank, (item, lane) in enumerate(zip(itineraries, found, strict=True), start=1):
        label = None if item.corridor in named else CORRIDORS.get(item.corridor, CORRIDORS["other"]).label
        named.add(item.corridor)
        features.append(item.feature(rank, lane, len(set(found)), label))
    return features


def itinerary_tables(itineraries: Sequence[Itinerary]) -> tuple[RecordTable, ...]:
    """Return the tables of several itineraries: their totals, and their legs."""
    return (
        RecordTable("itineraries", lambda: [item.summary() for item in itineraries]),
        RecordTable("legs", lambda: [row for item in itineraries for row in item.rows()]),
    )


def write_itineraries(itineraries: Itinerary | Iterable[Itinerary], folder: str | Path) -> list[Path]:
    """Write itineraries for QGIS and spreadsheets, and return the files.

    `itineraries.geojson` has one MultiLineString for each itinerary, `legs.geojson` a line for each haul,
    `operations.geojson` a point for each operation and wait; `itineraries.csv` has the totals of each itinerary and
    `legs.csv` a row for each leg. They are joined by the column `itinerary_id`.

    Raises
    ------
    QueryError
        If there is no itinerary, or another type, or there is a file with the same name that landbridge did not write.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import route, write_itineraries
    >>> trips = route(load_network(), "Altynkol", "Aktau", modes=["rail"])
    >>> [path.name for path in write_itineraries(trips, "out")][:4]
    ['itineraries.geojson', 'legs.geojson', 'operations.geojson', 'landbridge.gpkg']
    """
    if isinstance(itineraries, Itineraries):
        return itineraries.write(folder)
    items = itineraries_given(itineraries)
    return Itineraries(items, meta=items[0].meta).write(folder)
