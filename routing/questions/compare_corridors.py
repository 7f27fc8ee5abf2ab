"""Corridors side by side: the best itinerary of each, with what holds it up and what capacity it has left."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.networks.arguments import PlaceLike, place_text
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.questions.route import route_by_corridor
from landbridge.routing.resources.capacity_left import CapacityLeft, capacity_left

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, eq=False)
class CorridorAnswer:
    """The best itinerary of a corridor."""

    itinerary: Itinerary

    def __repr__(self) -> str:
        """Return corridor, median time and cost."""
        return f"<CorridorAnswer {self.itinerary!r}>"

    @property
    def corridor(self) -> str:
        """Id of the corridor, `other` of an itinerary that belongs to none."""
        return self.itinerary.corridor

    @cached_property
    def capacity_left(self) -> CapacityLeft | None:
        """The least residual capacity on the way; None where no resource of the way has a known capacity."""
        return capacity_left(self.itinerary)

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
        )
        left = self.capacity_left
        return {name: whole[name] for name in names} | {"capacity_left": None if left is None else vars(left)}


@dataclass(frozen=True, eq=False)
class Comparison:
    """The corridors that lead from one place to another, sorted by the objective."""

    origin: str
    destination: str
    corridors: tuple[CorridorAnswer, ...]

    def __repr__(self) -> str:
        """Return ends and corridors."""
        names = ", ".join(answer.corridor for answer in self.corridors)
        return f"<Comparison of {len(self.corridors)} corridors from {self.origin} to {self.destination}: {names}>"

    @property
    def itineraries(self) -> list[Itinerary]:
        """The best itinerary of each corridor."""
        return [answer.itinerary for answer in self.corridors]

    def to_dict(self) -> dict[str, Any]:
        """Return a row for each corridor with the names of the JSON output."""
        return {"corridors": [answer.to_dict() for answer in self.corridors]}

    def to_geodataframe(self) -> "gpd.GeoDataFrame":
        """Return one line for each corridor in WGS 84, with its totals as scalar columns."""
        import geopandas as gpd

        from landbridge.routing.itineraries.layers import itinerary_feature

        return gpd.GeoDataFrame.from_features(map(itinerary_feature, self.itineraries), crs="EPSG:4326")

    def to_geojson(self, path: str | Path) -> Path:
        """Write a line for each corridor as GeoJSON (RFC 7946) with a QGIS style beside it, and return the path."""
        from landbridge.routing.itineraries.layers import itinerary_feature, write_layer

        return write_layer(Path(path), [itinerary_feature(item) for item in self.itineraries], "itineraries")


@with_old_avoid
def compare_corridors(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights = "time",
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
) -> Comparison:
    """Return the best itinerary of each corridor that leads from one place to another, side by side.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, depart, planned
        As in `route`.

    Returns
    -------
    Comparison
        Sorted by the objective; the best of all is among them even where it belongs to no corridor (`other`).

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is wrong.
    NoRouteError
        If no corridor leads there; the message names what blocks it.

    Examples
    --------
    >>> from landbridge.networks import load_network
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
    )
    ends = place_text(origin, "origin"), place_text(destination, "destination")
    return Comparison(*ends, tuple(map(CorridorAnswer, found)))
