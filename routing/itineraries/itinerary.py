"""An itinerary: legs and their totals."""

import hashlib
import pickle
import warnings
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

from landbridge.networks.arguments import instance, instances
from landbridge.networks.geometry.packing import pack_lines, unpack_lines
from landbridge.networks.geometry.sphere import to_geometry
from landbridge.networks.graph.links import GROUND_MODES, crossing_tags
from landbridge.networks.network import Network
from landbridge.networks.places.local_names import local_name
from landbridge.networks.times.distributions import Time
from landbridge.networks.times.fitting import LOGNORMAL
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.convolution import total_time
from landbridge.routing.itineraries.layers import (
    ITINERARIES,
    LEGS,
    STOP_LAYER,
    Stop,
    haul_features,
    leg_rows,
    stop_features,
    whole_feature,
    with_labels,
)
from landbridge.routing.itineraries.leg import COST_KINDS, Leg, iso_text
from landbridge.routing.itineraries.legs_chart import draw as draw_legs
from landbridge.routing.itineraries.note import Note
from landbridge.routing.itineraries.price_range import price_range
from landbridge.routing.itineraries.route_line import Way, route_line
from landbridge.routing.output.layers import Feature, Layer
from landbridge.routing.output.result import NetworkResult
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.corridors import ROAD, classify
from landbridge.routing.query.objectives import GENERALISED, REGISTRY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landbridge.routing.draws.journey_draws import Journey

MAX_STORED: Final = 48_000
"""Size limit of a stored itinerary with its lines; longer lines are not stored."""


@dataclass(frozen=True, eq=False, repr=False)
class Itinerary(NetworkResult):
    """A complete journey: its legs and their totals.

    Two itineraries are equal if they have the same cargo and legs. A stored (pickled) one has its totals, legs, stops
    and lines, but no network.

    Attributes
    ----------
    network
        The network in which it was found.
    cargo
        The cargo.
    legs
        Hauls, operations and waits in the order of travel.
    reliability_usd_per_h, value_of_time_usd_per_h, carbon_usd_per_kg
        Weights of the generalised cost; 0 if not given.
    edges
        The same journey as edges of the state graph, in the order of travel, without access legs.
    tags
        What it is the best by in the answer that it belongs to: `best value`, `fastest`, `cheapest`, `least CO2e`.
    notes
        What a reader has to know beside its figures.
    arrive_by
        The time by which it has to arrive, None if none was given.
    by_road
        Whether the corridor `road` was asked for: trucks all the way then belong to it, whatever borders they cross.
    """

    _kept: ClassVar[tuple[str, ...]] = (
        *(
            "itinerary_id",
            "corridor_name",
            "dollars",
            "time",
            "transit_time",
            "seasonal",
            "stops",
            "route_line",
            "chance_in_time",
            "_packed_lines",
        ),
    )

    cargo: Cargo
    legs: tuple[Leg, ...]
    value_of_time_usd_per_h: float = 0.0
    reliability_usd_per_h: float = 0.0
    carbon_usd_per_kg: float = 0.0
    edges: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    arrive_by: datetime | None = None
    by_road: bool = False

    def __repr__(self) -> str:
        """Return the corridor, ends, median time and cost."""
        days = self.time.p50_h / DAY_H
        ends = f"{self.legs[0].start} to {self.legs[-1].end}"
        return f"<Itinerary {self.itinerary_id}: {ends}, {days:.1f} days (p50), {self.cost_usd:,.0f} USD>"

    def __eq__(self, other: object) -> bool:
        """Whether the other has the same cargo, legs and weights."""
        return isinstance(other, Itinerary) and (*self._key, self.legs) == (*other._key, other.legs)

    def __hash__(self) -> int:
        """Return a hash consistent with equality."""
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        weights = (self.value_of_time_usd_per_h, self.reliability_usd_per_h, self.carbon_usd_per_kg)
        return self.itinerary_id, self.cargo, *weights

    def __getstate__(self) -> dict[str, Any]:
        """Return the compressed state to store, including lines up to a size limit."""
        state = super().__getstate__()
        lines = state.pop("_packed_lines")
        state.pop("lines", None)
        packed = zlib.compress(pickle.dumps(state))
        return {"packed": packed, "lines": lines if len(packed) + len(lines) <= MAX_STORED else b""}

    def __setstate__(self, state: dict[str, bytes]) -> None:
        """Restore the stored state."""
        # Calling `pickle.loads` implies trust in the pickle, of which this is a part.
        vars(self).update(pickle.loads(zlib.decompress(state["packed"])))  # noqa: S301
        vars(self)["_packed_lines"] = state["lines"]

    def marked(self, **changes: Any) -> "Itinerary":
        """Return it with other weights, tags or notes; what it has computed, which depends on none of them, stays."""
        found = object.__new__(Itinerary)
        vars(found).update(vars(self) | changes)
        return found

    @cached_property
    def itinerary_id(self) -> str:
        """Corridor and a hash of the legs, so that the same journey has the same id in every run."""
        text = "|".join(f"{leg.kind}>{leg.row['id'] if leg.row else ''}>{leg.start}>{leg.end}" for leg in self.legs)
        return f"{self.corridor}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @property
    def departs(self) -> datetime | None:
        """Start in local time; None without a date."""
        return self.legs[0].departs

    @property
    def arrives(self) -> datetime | None:
        """End according to the mean times, in local time; None without a date."""
        return self.legs[-1].arrives

    @cached_property
    def chance_in_time(self) -> float | None:
        """Probability that it arrives by `arrive_by`, or else by `arrives`; None without a date.

        It is what `simulate` finds with its usual runs and seed: cargo that misses a departure takes the next.
        """
        if self.departs is None or self.arrives is None:
            return None
        from landbridge.routing.itineraries.journeys import chance_by

        return chance_by(self.journey(self.departs), self.arrive_by or self.arrives)

    def journey(self, depart: datetime | None, family: str = LOGNORMAL) -> "Journey":
        """Return what is drawn to simulate it: through the calendars from a departure on, or without a date.

        Parameters
        ----------
        depart
            Departure with a time zone; None: without a date.
        family
            Family of the distributions, one of `networks.times.fitting`.

        Raises
        ------
        QueryError
            If there is a date and it was stored without its network.
        """
        from landbridge.routing.itineraries.journeys import dated_journey, undated_journey

        if depart is None:
            return undated_journey([leg.duration for leg in self.legs], family)
        drayage = [leg.duration if leg.access else None for leg in (self.legs[0], self.legs[-1])]
        planned = bool(self.meta.get("options", {}).get("planned"))
        ends = drayage[0], drayage[1]
        return dated_journey(self.network, self.edges, ends, depart, planned=planned, family=family)

    @property
    def hauls(self) -> tuple[Leg, ...]:
        """Legs with movement between places."""
        return tuple([leg for leg in self.legs if leg.kind == "haul"])

    @property
    def transit_legs(self) -> tuple[Leg, ...]:
        """Legs from the first departure to the last arrival, without drayage."""
        inner = [number for number, leg in enumerate(self.legs) if leg.kind == "haul" and leg.access is None]
        return self.legs[inner[0] : inner[-1] + 1]

    @cached_property
    def time(self) -> Time:
        """The total time, by convolution of the legs with shared factors."""
        return total_time([leg.duration for leg in self.legs])

    @cached_property
    def transit_time(self) -> Time:
        """The same from the first departure to the last arrival, which carriers publish as transit time."""
        return total_time([leg.duration for leg in self.transit_legs])

    @property
    def time_h(self) -> dict[str, float]:
        """The time as a dictionary; deprecated, `time` has it as attributes."""
        warnings.warn("Itinerary.time_h is deprecated; use Itinerary.time, as in .time.p50_h", DeprecationWarning, 2)
        return self.time.to_dict()

    @property
    def transit_h(self) -> dict[str, float]:
        """The transit time as a dictionary; deprecated, `transit_time` has it as attributes."""
        warnings.warn("Itinerary.transit_h is deprecated; use Itinerary.transit_time", DeprecationWarning, 2)
        return self.transit_time.to_dict()

    @cached_property
    def time_mean_h(self) -> float:
        """Mean total hours; means add, so this needs no convolution."""
        return sum(leg.time.mean_h for leg in self.legs)

    @cached_property
    def cost_usd(self) -> float:
        """Cost of the whole cargo."""
        return sum(self.cost_by_kind.values())

    @property
    def cost_p10_usd(self) -> float:
        """Cost that is paid or less in one case of ten, by the published spread of rates."""
        return price_range(self.legs)[0]

    @property
    def cost_p90_usd(self) -> float:
        """Cost that is paid or less in nine cases of ten, by the published spread of rates."""
        return price_range(self.legs)[1]

    @cached_property
    def cost_by_kind(self) -> dict[str, float]:
        """Cost by kind (`COST_KINDS`), which add up to `cost_usd`."""
        found = dict.fromkeys(COST_KINDS, 0.0)
        for leg in self.legs:
            found[leg.cost_kind] += leg.cost_usd
        return found

    def _cost_per(self, units: float) -> dict[str, float]:
        return {kind: usd / units for kind, usd in self.cost_by_kind.items()}

    @cached_property
    def route_line(self) -> str:
        """The points that tell the itinerary apart, in the order of travel, and its countries."""
        unions = {code: row["union"] for code, row in self.network.keyed("countries").items()}
        return route_line(Way(self.legs, self.stops, unions, self.countries))

    @cached_property
    def inventory_usd(self) -> float:
        """Cost of capital in transit: value x rate x time."""
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
        """Sum of the variances of the legs: the criterion `risk`, which is additive and ignores shared factors."""
        return sum(leg.time.sd_h**2 for leg in self.legs)

    @property
    def generalised_cost_usd(self) -> float:
        """Money + inventory + value of time x time + carbon price x CO2e."""
        return (
            self.cost_usd
            + self.inventory_usd
            + self.value_of_time_usd_per_h * self.time_mean_h
            + self.carbon_usd_per_kg * self.co2e_kg
        )

    @property
    def reliability_usd(self) -> float:
        """Value of reliability x standard deviation of the time; not part of the generalised cost."""
        return self.reliability_usd_per_h * self.time.sd_h

    def value(self, objective: object) -> float:
        """Return the value of an objective or criterion; for `Weights` the generalised cost."""
        if isinstance(objective, str) and objective != GENERALISED:
            return float(getattr(self, REGISTRY[objective].of_itinerary))
        return self.generalised_cost_usd

    @cached_property
    def stops(self) -> dict[str, Stop]:
        """The places of the network on the itinerary, by id."""
        places, index = self.network.places, self.network.place_index
        touched = {place: places.get(place) for leg in self.legs for place in (leg.start, leg.end)}
        return {
            place: Stop(index.label(place), row["lon"], row["lat"], row["country"], local_name(row))
            for place, row in touched.items()
            if row is not None
        }

    def label(self, place: str) -> str:
        """Return the name of a place, or the coordinates of a point."""
        return self.stops[place].label if place in self.stops else place

    @cached_property
    def lines(self) -> list[Any]:
        """The line of each haul in the direction of travel, as shapely geometries split at 180 degrees."""
        if self._network is None and self._packed_lines:
            return unpack_lines(self._packed_lines)
        return [self._line(leg) for leg in self.hauls]

    def _line(self, leg: Leg) -> Any:
        if leg.access is not None:
            return to_geometry(list(leg.access))
        if leg.link is None:
            raise ValueError(f"the haul from {leg.start} to {leg.end} has neither link nor points")
        return self.network.geometry(leg.link, backward=leg.backward)

    @cached_property
    def _packed_lines(self) -> bytes:
        return pack_lines(self.lines)

    @cached_property
    def corridor(self) -> str:
        """The corridor to which the itinerary belongs."""
        links = [link for leg in self.legs if (link := leg.link) is not None]
        tags, own = self.network.cached(_tags_of_links), self.network.local_links
        crossings = frozenset[str]().union(*(tags[link["id"]] for link in links))
        local = {link["mode"] for link in links if link["id"] not in own}
        return ROAD if self.by_road and local == {"road"} else classify(self.network, crossings, local)

    @cached_property
    def corridor_name(self) -> str | None:
        """Name of the corridor in the network, None if that has none of its id."""
        row = self.network.keyed("corridors").get(self.corridor)
        return None if row is None else str(row["name"])

    @cached_property
    def dollars(self) -> str:
        """The unit of money with its year, if the network states one."""
        row = self.network.keyed("dataset").get("usd_year")
        return "USD" if row is None else f"USD of {row['value']}"

    @property
    def places(self) -> tuple[str, ...]:
        """Places in the order of travel."""
        return tuple(_runs(place for leg in self.legs for place in (leg.start, leg.end)))

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries in the order of first entry."""
        return tuple(dict.fromkeys(country for leg in self.legs for country in leg.countries))

    @property
    def border_crossings(self) -> int:
        """Number of changes of country on land or through a port; canals passed by ships do not count."""
        visited = [
            self.stops[place].country
            for leg in self.legs
            if leg.kind != "haul" or leg.mode in GROUND_MODES
            for place in (leg.start, leg.end)
            if place in self.stops
        ]
        return max(0, len(list(_runs(visited))) - 1)

    @property
    def gauge_changes(self) -> int:
        """Number of operations that change the gauge."""
        return sum(leg.changes_gauge for leg in self.legs)

    @property
    def transshipments(self) -> int:
        """Number of changes of vehicle between services; transloading at a gauge break counts as a gauge change."""
        return sum(leg.operation == "transship" for leg in self.legs)

    @property
    def bottleneck(self) -> Leg | None:
        """The operation or wait with the largest mean time."""
        stops = [leg for leg in self.legs if leg.kind != "haul"]
        return max(stops, key=lambda leg: leg.time.mean_h, default=None)

    @cached_property
    def seasonal(self) -> bool:
        """Whether a haul is open only in a season."""
        rows = [leg.row for leg in self.hauls if leg.row is not None]
        services = [self.network.services[row["service"]] for row in rows]
        return any(row["season_from"] for row in (*rows, *services))

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of all sources cited by the legs."""
        return tuple(sorted({source for leg in self.legs for source in leg.sources}))

    def summary(self) -> dict[str, Any]:
        """Return the totals as scalars with units in the names, for a row of a table or the properties of a feature."""
        bottleneck = self.bottleneck
        return {
            "itinerary_id": self.itinerary_id,
            "corridor": self.corridor,
            "seasonal": self.seasonal,
            "depart": iso_text(self.departs),
            "arrive": iso_text(self.arrives),
            **self.time.columns(),
            "transit_p50_h": self.transit_time.p50_h,
            "cost_usd": self.cost_usd,
            "cost_usd_per_teu": self.cost_usd / self.cargo.teu,
            "inventory_usd": self.inventory_usd,
            "generalised_cost_usd": self.generalised_cost_usd,
            "reliability_usd": self.reliability_usd,
            "co2e_kg": self.co2e_kg,
            "distance_km": self.distance_km,
            "border_crossings": self.border_crossings,
            "gauge_changes": self.gauge_changes,
            "transshipments": self.transshipments,
            "bottleneck_place": bottleneck.start if bottleneck else None,
            "bottleneck_operation": (bottleneck.operation or bottleneck.kind) if bottleneck else None,
            "bottleneck_mean_h": bottleneck.time.mean_h if bottleneck else None,
            "tags": "; ".join(self.tags),
            "route_line": self.route_line,
            "chance_in_time": self.chance_in_time,
            "notes": "; ".join(note.text for note in self.notes),
            "cost_usd_per_container": self.cost_usd / self.cargo.containers,
            **{f"{kind}_usd": usd for kind, usd in self.cost_by_kind.items()},
            **{f"{kind}_usd_per_teu": usd for kind, usd in self._cost_per(self.cargo.teu).items()},
            **{f"{kind}_usd_per_container": usd for kind, usd in self._cost_per(self.cargo.containers).items()},
            "cost_p10_usd": self.cost_p10_usd,
            "cost_p90_usd": self.cost_p90_usd,
            "transit_p10_h": self.transit_time.p10_h,
            "transit_p90_h": self.transit_time.p90_h,
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
            "time_h": self.time.to_dict(),
            "transit_h": self.transit_time.to_dict(),
            "time_var_h2": self.time_var_h2,
            "cost_usd": self.cost_usd,
            "cost_p10_usd": self.cost_p10_usd,
            "cost_p90_usd": self.cost_p90_usd,
            "inventory_usd": self.inventory_usd,
            "generalised_cost_usd": self.generalised_cost_usd,
            "reliability_usd": self.reliability_usd,
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
                "time_h": bottleneck.summary.to_dict(),
            },
            "tags": list(self.tags),
            "route_line": self.route_line,
            "chance_in_time": self.chance_in_time,
            "notes": [note.to_dict() for note in self.notes],
            "cost_usd_per_container": self.cost_usd / self.cargo.containers,
            "cost_by_kind": {**self.cost_by_kind},
            "cost_by_kind_per_teu": self._cost_per(self.cargo.teu),
            "cost_by_kind_per_container": self._cost_per(self.cargo.containers),
            "legs": [leg.to_dict() for leg in self.legs],
        }

    @property
    def _common(self) -> dict[str, str]:
        return {"itinerary_id": self.itinerary_id, "corridor": self.corridor}

    def haul_features(self) -> list[Feature]:
        """Return a line for each haul."""
        return haul_features(self.legs, self.lines, self._common)

    def stop_features(self) -> list[Feature]:
        """Return a point for each operation and wait."""
        return stop_features(self.legs, self.stops, self._common)

    def feature(self, rank: int = 1, lane: int = 0, lanes: int = 1, label: str | None = None) -> Feature:
        """Return the itinerary as one MultiLineString with its totals, its rank in an answer, and its lane on a map."""
        drawn = {"lane": lane, "lanes": lanes, "label": label}
        return whole_feature(self.lines, {"rank": rank, **self.summary(), **drawn})

    def rows(self) -> list[dict[str, Any]]:
        """Return a row of scalars for each leg."""
        return leg_rows(self.legs, self._common)

    def plot(self) -> "Figure":
        """Return the chart of its legs: when each begins and ends, and its cost.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        ends = f"{self.label(self.legs[0].start)} to {self.label(self.legs[-1].end)}"
        title = f"{ends}: {self.corridor_name or self.corridor}"
        return draw_legs(self.legs, self.label, title, self.time, self.meta, dollars=self.dollars)

    def layers(self) -> Sequence[Layer]:
        """Return the hauls, the operations and waits, and the whole line."""
        return (
            LEGS.of(self.haul_features),
            STOP_LAYER.of(lambda: with_labels(self.stop_features())),
            ITINERARIES.of(lambda: [self.feature()]).hidden(),
        )

    def tables(self) -> Sequence[RecordTable]:
        """Return the legs, and the totals."""
        return RecordTable("legs", self.rows), RecordTable("itineraries", lambda: [self.summary()])


def itinerary_given(given: object) -> Itinerary:
    """Return an argument after checking that it is an itinerary.

    Raises
    ------
    QueryError
        If it is not.
    """
    return instance(given, Itinerary, "itinerary", "give one returned by route")


def itineraries_given(given: object) -> tuple[Itinerary, ...]:
    """Return an argument after checking that it is one or several itineraries.

    Raises
    ------
    QueryError
        If it is empty, or contains another type.
    """
    return instances(given, Itinerary, "itineraries", "give the result of route")


def _tags_of_links(network: Network) -> dict[str, frozenset[str]]:
    """Return the names by which a corridor can require or forbid each link."""
    return {link["id"]: frozenset(crossing_tags(link, network.places)) for link in network.links}


def _runs(values: Iterable[Any]) -> Iterable[Any]:
    """Yield values without consecutive duplicates."""
    listed = list(values)
    yield from listed[:1]
    yield from (after for before, after in pairwise(listed) if after != before)
