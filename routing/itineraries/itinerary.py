"""Itineraries: legs that add up to totals, and their views as dictionaries, tables and GeoJSON."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.networks.arguments import instance, instances
from landbridge.networks.graph.links import GROUND_MODES, crossing_tags, is_local
from landbridge.networks.network import Network
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.leg import Leg, iso_text
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.corridors import classify
from landbridge.routing.query.objectives import REGISTRY

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, eq=False)
class Itinerary:
    """The whole of a journey: its legs and what they add up to.

    Attributes
    ----------
    network
        The network that it was found in.
    cargo
        What is sent.
    legs
        Hauls, operations and waits in the order of travel.
    reliability_usd_per_h, value_of_time_usd_per_h, carbon_usd_per_kg
        Weights of the generalised cost; 0 where the user gave none.
    edges
        The same journey as edges of the state graph, in the order of travel; access legs have none.
    """

    network: Network
    cargo: Cargo
    legs: tuple[Leg, ...]
    value_of_time_usd_per_h: float = 0.0
    reliability_usd_per_h: float = 0.0
    carbon_usd_per_kg: float = 0.0
    warnings: tuple[str, ...] = field(default=())
    edges: tuple[int, ...] = ()

    def __repr__(self) -> str:
        """Return corridor, ends, median time and cost."""
        days = self.time_h["p50"] / 24
        ends = f"{self.legs[0].start} to {self.legs[-1].end}"
        return f"<Itinerary {self.itinerary_id}: {ends}, {days:.1f} days (p50), {self.cost_usd:,.0f} USD>"

    @cached_property
    def itinerary_id(self) -> str:
        """Corridor and a hash of the legs: the same trip has the same id in every run."""
        text = "|".join(f"{leg.kind}>{leg.row['id'] if leg.row else ''}>{leg.start}>{leg.end}" for leg in self.legs)
        return f"{self.corridor}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @property
    def departs(self) -> datetime | None:
        """When it begins, in local time; None where no date was given."""
        return self.legs[0].departs

    @property
    def arrives(self) -> datetime | None:
        """When it ends by the mean times, in local time; None where no date was given."""
        return self.legs[-1].arrives

    @property
    def hauls(self) -> tuple[Leg, ...]:
        """Legs in which the cargo moves between places."""
        return tuple(leg for leg in self.legs if leg.kind == "haul")

    @cached_property
    def time_h(self) -> dict[str, float]:
        """Mean, sd, p10, p50 and p90 of the whole in hours, by convolution of the legs with what they share."""
        return total_time([leg.duration for leg in self.legs])

    @cached_property
    def transit_h(self) -> dict[str, float]:
        """The same from the first departure to the last arrival: what carriers publish as transit time."""
        inner = [number for number, leg in enumerate(self.legs) if leg.kind == "haul" and leg.access is None]
        return total_time([leg.duration for leg in self.legs[inner[0] : inner[-1] + 1]])

    @cached_property
    def time_mean_h(self) -> float:
        """Mean hours of the whole: means add, so this needs no convolution."""
        return sum(leg.time.mean_h for leg in self.legs)

    @cached_property
    def cost_usd(self) -> float:
        """What is paid for the whole cargo."""
        return sum(leg.cost_usd for leg in self.legs)

    @cached_property
    def inventory_usd(self) -> float:
        """Cost of the capital in transit: value x rate x time."""
        return sum(leg.inventory_usd for leg in self.legs)

    @cached_property
    def co2e_kg(self) -> float:
        """Well-to-wheel emissions."""
        return sum(leg.co2e_kg for leg in self.legs)

    @cached_property
    def distance_km(self) -> float:
        """Length of all hauls."""
        return sum(leg.distance_km for leg in self.legs)

    @property
    def time_var_h2(self) -> float:
        """Sum of the variances of the legs: the criterion `risk`, which adds and leaves shared factors out."""
        return sum(leg.time.sd_h**2 for leg in self.legs)

    @property
    def generalised_cost_usd(self) -> float:
        """Money + inventory + value of time x time + value of reliability x sd + carbon price x CO2e."""
        return (
            self.cost_usd
            + self.inventory_usd
            + self.value_of_time_usd_per_h * self.time_mean_h
            + self.reliability_usd_per_h * self.time_h["sd"]
            + self.carbon_usd_per_kg * self.co2e_kg
        )

    def value(self, objective: object) -> float:
        """Return the value of an objective or criterion, of `Weights` the generalised cost."""
        if isinstance(objective, str):
            return float(getattr(self, REGISTRY[objective].of_itinerary))
        return self.generalised_cost_usd

    @cached_property
    def corridor(self) -> str:
        """The one corridor that the itinerary belongs to."""
        links = [leg.row for leg in self.hauls if leg.row is not None]
        crossings = {tag for link in links for tag in crossing_tags(link, self.network.places)}
        local = {link["mode"] for link in links if not is_local(link, self.network.places)}
        return classify(self.network, crossings, local)

    @property
    def places(self) -> tuple[str, ...]:
        """Places in the order of travel."""
        return tuple(_runs(place for leg in self.legs for place in (leg.start, leg.end)))

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries in the order in which they are first entered."""
        return tuple(dict.fromkeys(country for leg in self.legs for country in leg.countries))

    @property
    def border_crossings(self) -> int:
        """Changes of country on land or through a port; a canal that a ship passes is none."""
        visited = []
        for leg in self.legs:
            if leg.kind != "haul" or leg.mode in GROUND_MODES:
                ends = (self.network.places.get(place) for place in (leg.start, leg.end))
                visited += [end["country"] for end in ends if end is not None]
        return max(0, len(list(_runs(visited))) - 1)

    @property
    def gauge_changes(self) -> int:
        """Operations that change the gauge."""
        return sum(leg.changes_gauge for leg in self.legs)

    @property
    def transshipments(self) -> int:
        """Changes of vehicle between services; transloading at a gauge break counts as a gauge change."""
        return sum(leg.operation == "transship" for leg in self.legs)

    @property
    def bottleneck(self) -> Leg | None:
        """The operation or wait with the largest mean time."""
        stops = [leg for leg in self.legs if leg.kind != "haul"]
        return max(stops, key=lambda leg: leg.time.mean_h, default=None)

    @property
    def seasonal(self) -> bool:
        """Whether a haul runs in a season of the year only."""
        rows = [leg.row for leg in self.hauls if leg.row is not None]
        services = [self.network.services[row["service"]] for row in rows]
        return any(row["season_from"] for row in (*rows, *services))

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of all sources that a leg cites."""
        return tuple(sorted({source for leg in self.legs for source in leg.sources}))

    def summary(self) -> dict[str, Any]:
        """Return the totals as scalars with the unit in each name: a row of a table or properties of a feature."""
        bottleneck = self.bottleneck
        return {
            "itinerary_id": self.itinerary_id,
            "corridor": self.corridor,
            "seasonal": self.seasonal,
            "depart": iso_text(self.departs),
            "arrive": iso_text(self.arrives),
            "time_mean_h": self.time_h["mean"],
            "time_sd_h": self.time_h["sd"],
            "time_p10_h": self.time_h["p10"],
            "time_p50_h": self.time_h["p50"],
            "time_p90_h": self.time_h["p90"],
            "transit_p50_h": self.transit_h["p50"],
            "cost_usd": self.cost_usd,
            "cost_usd_per_teu": self.cost_usd / self.cargo.teu,
            "inventory_usd": self.inventory_usd,
            "generalised_cost_usd": self.generalised_cost_usd,
            "co2e_kg": self.co2e_kg,
            "distance_km": self.distance_km,
            "border_crossings": self.border_crossings,
            "gauge_changes": self.gauge_changes,
            "transshipments": self.transshipments,
            "bottleneck_place": bottleneck.start if bottleneck else None,
            "bottleneck_operation": (bottleneck.operation or bottleneck.kind) if bottleneck else None,
            "bottleneck_mean_h": bottleneck.time.mean_h if bottleneck else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the itinerary with the names of the JSON output."""
        bottleneck = self.bottleneck
        return {
            "itinerary_id": self.itinerary_id,
            "corridor": self.corridor,
            "seasonal": self.seasonal,
            "depart": iso_text(self.departs),
            "arrive": iso_text(self.arrives),
            "time_h": self.time_h,
            "transit_h": self.transit_h,
            "time_var_h2": self.time_var_h2,
            "cost_usd": self.cost_usd,
            "inventory_usd": self.inventory_usd,
            "generalised_cost_usd": self.generalised_cost_usd,
            "cost_usd_per_teu": self.cost_usd / self.cargo.teu,
            "co2e_kg": self.co2e_kg,
            "distance_km": self.distance_km,
            "border_crossings": self.border_crossings,
            "gauge_changes": self.gauge_changes,
            "transshipments": self.transshipments,
            "countries": list(self.countries),
            "places": list(self.places),
            "bottleneck": None
            if bottleneck is None
            else {
                "place": bottleneck.start,
                "operation": bottleneck.operation or bottleneck.kind,
                "time_h": bottleneck.time.to_dict(),
            },
            "legs": [leg.to_dict() for leg in self.legs],
        }

    def to_geodataframe(self) -> "gpd.GeoDataFrame":
        """Return the hauls as lines in WGS 84, one row each with scalar columns."""
        import geopandas as gpd

        from landbridge.routing.itineraries.layers import haul_features

        return gpd.GeoDataFrame.from_features(haul_features(self), crs="EPSG:4326")

    def to_geojson(self, path: str | Path) -> Path:
        """Write the hauls as GeoJSON (RFC 7946) with a QGIS style beside it, and return the path."""
        from landbridge.routing.itineraries.layers import haul_features, write_layer

        return write_layer(Path(path), haul_features(self), "legs")


def itinerary_given(given: object) -> Itinerary:
    """Return an argument that has to be an itinerary.

    Raises
    ------
    QueryError
        If it is something else.
    """
    return instance(given, Itinerary, "itinerary", "give one of those that route finds")


def itineraries_given(given: object) -> tuple[Itinerary, ...]:
    """Return an argument that has to be itineraries: one or several.

    Raises
    ------
    QueryError
        If there is none, or something else among them.
    """
    return instances(given, Itinerary, "itineraries", "give what route finds")


def _runs(values: Iterable[Any]) -> Iterable[Any]:
    """Yield values, of equal ones in a row only the first."""
    listed = list(values)
    yield from listed[:1]
    yield from (after for before, after in pairwise(listed) if after != before)
