"""Several itineraries simulated alike, as one result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import Meta
from landbridge.routing.itineraries.itineraries import LeftOut, itinerary_tables, left_out_names
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.side_by_side import corridor_look, ends, names_of
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.result import ResultList
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.moments import Moment
from landbridge.routing.simulation.shipment_chart import Curve, draw_curves
from landbridge.routing.simulation.shipment_simulation import ShipmentSimulation, simulated_layers
from landbridge.routing.simulation.simulate import simulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_DASHES: Final = ((), (5.0, 2.0), (1.0, 1.5), (6.0, 2.0, 1.0, 2.0))
"""Dashes of the itineraries of one corridor after the first."""


@dataclass(frozen=True, eq=False, repr=False)
class ShipmentSimulations(ResultList[ShipmentSimulation]):
    """Simulated itineraries in the order of the answer of `route`; behaves as a list.

    Attributes
    ----------
    left_out
        Of a comparison of corridors those that are no offer, each with the reason.
    """

    left_out: tuple[LeftOut, ...] = ()

    def __repr__(self) -> str:
        """Return the simulations, one per line."""
        return "\n".join([f"<ShipmentSimulations: {len(self)}>", *(f"  {item!r}" for item in self)])

    @property
    def itineraries(self) -> list[Itinerary]:
        """The itineraries that were simulated."""
        return [item.itinerary for item in self]

    def to_dict(self) -> dict[str, Any]:
        """Return the simulations with the names of the JSON output."""
        left_out = {"left_out": left_out_names(self.left_out)} if self.left_out else {}
        return {"itineraries": [item.to_dict() for item in self], **left_out}

    def plot(self) -> "Figure":
        """Return the chart of one simulation, or of several the chance to have arrived by each day.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        if len(self) == 1:
            return self[0].plot()
        curves = [Curve(item.arrivals, look) for item, look in zip(self, _looks(self.itineraries), strict=True)]
        return draw_curves(curves, ends(self.itineraries), self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the itineraries with their simulated times, their hauls, and their operations and waits."""
        return simulated_layers(self.items)

    def tables(self) -> Sequence[RecordTable]:
        """Return the times of each itinerary, the shares of the variance, missed departures, totals and legs."""
        return (
            RecordTable("simulations", lambda: [item.summary() for item in self]),
            *(
                RecordTable(table.name, _rows_of(self.items, number), table.columns)
                for number, table in enumerate(self[0].tables()[1:3], start=1)
            ),
            *itinerary_tables(self.itineraries),
        )


def _looks(itineraries: Sequence[Itinerary]) -> list[Appearance]:
    """Return the colour of the corridor of each itinerary with its name; dashes tell those of one corridor apart."""
    seen: dict[str, int] = {}
    found = []
    for item, name in zip(itineraries, names_of(itineraries), strict=True):
        look, again = corridor_look(item), seen.get(item.corridor, 0)
        found.append(look._replace(label=name, dash=_DASHES[again % len(_DASHES)] if again else look.dash))
        seen[item.corridor] = again + 1
    return found


def _rows_of(items: Sequence[ShipmentSimulation], number: int) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [dict(row) for item in items for row in item.tables()[number].rows()]


def simulate_each(
    itineraries: Sequence[Itinerary],
    meta: Meta,
    *,
    runs: int,
    seed: int,
    promised: Moment | None = None,
    left_out: tuple[LeftOut, ...] = (),
    progress: Callable[[int], object] | None = None,
) -> ShipmentSimulations:
    """Return each itinerary simulated with the same options.

    Parameters
    ----------
    itineraries
        Itineraries of one answer of `route`, at least one.
    meta
        Its metadata.
    runs, seed, promised
        As in `simulate`; without a promised day that of `arrive_by` counts.
    left_out
        Corridors that the answer leaves out.
    progress
        Called with 1 after each itinerary.

    Raises
    ------
    QueryError
        If an option is invalid.
    """
    found = []
    for item in itineraries:
        found.append(simulate(item, runs=runs, seed=seed, promised=item.arrive_by if promised is None else promised))
        if progress:
            progress(1)
    return ShipmentSimulations(tuple(found), left_out, meta=meta)
