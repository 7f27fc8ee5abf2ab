"""Comparison of corridors: the best itinerary of each, with its longest stop and its residual capacity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landbridge.networks.arguments import PlaceLike, place_text
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itineraries import LeftOut, itinerary_layers, itinerary_tables, left_out_names
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.side_by_side import draw as draw_side_by_side
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.questions.route import route_by_corridor
from landbridge.routing.resources.capacity_left import CapacityLeft, capacity_left

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class CorridorAnswer:
    """The best itinerary of a corridor."""

    itinerary: Itinerary

    def __repr__(self) -> str:
        """Return the corridor, median time and cost."""
        return f"<CorridorAnswer {self.itinerary!r}>"

    @property
    def corridor(self) -> str:
        """Id of the corridor, `other` if the itinerary belongs to none."""
        return self.itinerary.corridor

    @cached_property
    def capacity_left(self) -> CapacityLeft | None:
        """The least residual capacity along the itinerary; None if no resource has a known capacity."""
        return capacity_left(self.itinerary.network, self.itinerary.edges)

    def __getstate__(self) -> dict[str, Any]:
        """Return the stored state: the itinerary without its network, and its residual capacity."""
        return vars(self) | {"capacity_left": self.capacity_left}

    def row(self) -> dict[str, Any]:
        """Return the totals and the residual capacity as a row of a table."""
        left = self.capacity_left
        names = ("teu_day", "resource", "name")
        return self.itinerary.summary() | {f"capacity_left_{name}": left and getattr(left, name) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the row with the names of the JSON output."""
        whole = self.itinerary.to_dict()
        names = (
            "corridor",
            "itinerary_id",
            "seasonal",
            "time_h",
            "transit_h",
            "cost_usd",
            "cost_p10_usd",
            "cost_p90_usd",
            "cost_usd_per_teu",
            "inventory_usd",
            "generalised_cost_usd",
            "co2e_kg",
            "distance_km",
            "border_crossings",
            "gauge_changes",
            "transshipments",
            "countries",
            "bottleneck",
            "tags",
            "route_line",
            "notes",
            "cost_by_kind",
        )
        left = self.capacity_left
        return {name: whole[name] for name in names} | {"capacity_left": None if left is None else dict(vars(left))}


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """The corridors from one place to another, sorted by the objective."""

    origin: str
    destination: str
    corridors: tuple[CorridorAnswer, ...]
    left_out: tuple[LeftOut, ...] = ()

    def __repr__(self) -> str:
        """Return the ends and corridors."""
        names = ", ".join(answer.corridor for answer in self.corridors)
        return f"<Comparison of {len(self.corridors)} corridors from {self.origin} to {self.destination}: {names}>"

    @property
    def itineraries(self) -> list[Itinerary]:
        """The best itinerary of each corridor."""
        return [answer.itinerary for answer in self.corridors]

    def to_dict(self) -> dict[str, Any]:
        """Return a row for each corridor with the names of the JSON output."""
        return {
            "corridors": [answer.to_dict() for answer in self.corridors],
            "left_out": left_out_names(self.left_out),
        }

    def plot(self) -> "Figure":
        """Return the chart of the corridors side by side: time, cost and emissions.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw_side_by_side(self.itineraries, self.meta)

    def layers(self) -> Sequence[Layer]:
        """Return the best itinerary of each corridor, their hauls, and their operations and waits."""
        return itinerary_layers(self.itineraries)

    def tables(self) -> Sequence[RecordTable]:
        """Return the totals and residual capacity of each corridor, and the legs of all."""
        totals, legs = itinerary_tables(self.itineraries)
        return RecordTable(totals.name, lambda: [answer.row() for answer in self.corridors]), legs


@with_old_avoid
def compare_corridors(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    detours: bool = False,
) -> Comparison:
    """Return the best itinerary of each corridor from one place to another.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, depart, planned, detours
        As in `route_by_corridor`.

    Returns
    -------
    Comparison
        Sorted by the objective; it includes the best overall, even if it belongs to no corridor (`other`). `left_out`
        has the corridors that are no offer, each with the reason.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If there is no route; the message names the constraint that blocks it.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import compare_corridors
    >>> found = compare_corridors(load_network(), "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    >>> "middle" in [answer.corridor for answer in found.corridors]
    True
    """
    found = route_by_corridor(
        network,
        origin,
        destination,
        cargo=cargo,
        objective=objective,
        via=via,
        avoid=avoid,
        modes=modes,
        depart=depart,
        planned=planned,
        detours=detours,
    )
    ends = place_text(origin, "origin"), place_text(destination, "destination")
    return Comparison(*ends, tuple(map(CorridorAnswer, found)), found.left_out, meta=found.meta)
