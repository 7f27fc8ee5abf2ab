"""One side of a comparison: an assignment, with what every path with flow costs, where it passes, and who is paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from landbridge.networks.graph.links import crossing_tags
from landbridge.networks.network import Network
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.query.access import country_of, end_of
from landbridge.routing.studies.comparison.surplus import expected_usd_per_teu, path_costs_usd_per_teu

Group = tuple[str, str]
"""A group of flows: what it is by (`corridor`, `flow`, ...), and its id."""

TOTAL: Group = ("total", "")
"""The group of all demand."""

BETWEEN: Group = ("country", "international")
"""Where what is paid for hauls across a border or at sea belongs, which the cost model pays to no one country."""


class Payment(NamedTuple):
    """What is paid per TEU for a leg: at a place, in a country (None: in several, or at sea), to a mode of hauls."""

    usd_per_teu: float
    place: str | None
    country: str | None
    mode: str | None


class CarriedPath(NamedTuple):
    """A path with flow.

    Attributes
    ----------
    row
        Index of its row of demand.
    usd_per_teu, paid_usd_per_teu
        Generalised cost with the waits that flows cause, and what is paid.
    mean_h, sd_h
        Mean and standard deviation of its hours, waits that flows cause included in the mean.
    places, countries, crossings
        Where it passes, each once; crossings are borders by mode (`CN-KZ:rail`) and passages.
    payments
        What is paid for its legs.
    """

    row: int
    teu_day: float
    corridor: str
    usd_per_teu: float
    paid_usd_per_teu: float
    mean_h: float
    sd_h: float
    co2e_kg_per_teu: float
    places: tuple[str, ...]
    countries: tuple[str, ...]
    crossings: tuple[str, ...]
    payments: tuple[Payment, ...]


@dataclass(frozen=True, eq=False)
class Side:
    """An assignment before or after, and the logit scale of its choice of corridors, None if there is none."""

    assignment: Assignment
    logit: float | None = None

    @property
    def network(self) -> Network:
        """The network before or after."""
        return self.assignment.network

    @cached_property
    def keys(self) -> dict[str, int]:
        """The index of each row of demand by a name that it has on both sides: its id, numbered where not unique."""
        found: dict[str, int] = {}
        for number, item in enumerate(self.assignment.demand):
            name = item.id or f"{item.origin} to {item.destination}"
            again = 1
            while (key := name if again == 1 else f"{name} #{again}") in found:
                again += 1
            found[key] = number
        return found

    @cached_property
    def paths(self) -> list[CarriedPath]:
        """The paths with flow, by row of demand."""
        return [path for row in range(len(self.assignment.demand)) for path in self._paths(row)]

    def _paths(self, row: int) -> Iterator[CarriedPath]:
        flow = self.assignment.flow
        costs = path_costs_usd_per_teu(flow)
        trips = self.assignment.itineraries(row)
        for path, (teu_day, trip) in zip(self.assignment.paths(row), trips, strict=True):
            wait_h = 0.0
            if flow.row_delay_h is not None:
                wait_h = float((flow.pool.loads[[path.number]] @ flow.row_delay_h)[0])
            teu = trip.cargo.teu
            yield CarriedPath(
                row,
                teu_day,
                path.corridor,
                float(costs[path.number]),
                trip.cost_usd / teu,
                trip.time_mean_h + wait_h,
                trip.time.sd_h,
                trip.co2e_kg / teu,
                tuple(dict.fromkeys(path.places)),
                trip.countries,
                self._crossings(trip),
                tuple(_payments(trip)),
            )

    def _crossings(self, trip: Itinerary) -> tuple[str, ...]:
        links = [link for leg in trip.hauls if (link := leg.link) is not None]
        names = [self._names_of[link["id"]] for link in links]
        return tuple(dict.fromkeys(name for found in names for name in found))

    @cached_property
    def _names_of(self) -> dict[str, tuple[str, ...]]:
        """The border by mode and the passages of each link by its id."""
        places = self.network.places
        return {
            link["id"]: tuple(
                tag
                for tag in crossing_tags(link, places)
                if tag != link["id"] and (":" in tag or tag in link["passage"])
            )
            for link in self.network.links
        }

    @cached_property
    def expected_usd_per_teu(self) -> list[float] | None:
        """Expected least cost of each row of demand by the logsum, None without a logit choice."""
        if self.logit is None:
            return None
        return [float(value) for value in expected_usd_per_teu(self.assignment.flow, self.logit)]

    @cached_property
    def groups_of(self) -> list[tuple[Group, ...]]:
        """The groups to which each row of demand belongs, besides the corridors of its paths."""
        return [tuple(self._groups(item)) for item in self.assignment.demand]

    def _groups(self, item: DemandFlow) -> Iterator[Group]:
        yield TOTAL
        yield "flow", item.flow
        yield "cargo_class", item.cargo_class
        for name, place in (("origin_country", item.origin), ("destination_country", item.destination)):
            yield name, country_of(self.network, end_of(self.network, place)) or "unknown"

    @property
    def unserved_usd_per_teu(self) -> float | None:
        """The cost of a TEU that is not carried, None if it is infinite or there is no demand."""
        usd = self.assignment.flow.problem.unserved_cost
        return float(usd[0]) if len(usd) and np.isfinite(usd[0]) else None

    def unserved_usd_day(self, row: int) -> float | None:
        """Return the cost of what is not carried of a row of demand, None if it is infinite."""
        left = float(self.assignment.unserved_teu_day[row])
        usd = float(self.assignment.flow.problem.unserved_cost[row])
        if not left:
            return 0.0
        return left * usd if np.isfinite(usd) else None


def _payments(trip: Itinerary) -> Iterator[Payment]:
    """Yield what is paid for each leg that costs anything, and each haul."""
    places, teu = trip.network.places, trip.cargo.teu
    for leg in trip.legs:
        at = leg.start if leg.kind != "haul" and leg.start in places else None
        country = places[at]["country"] if at else (leg.countries[0] if len(leg.countries) == 1 else None)
        if leg.cost_usd or leg.kind == "haul":
            yield Payment(leg.cost_usd / teu, at, country, leg.mode if leg.kind == "haul" else None)
