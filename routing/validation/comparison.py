"""Comparison of one observation with the model: its query, and the modelled figure with which it is compared.

Time on the basis `transit` is from the first departure to the last arrival, as carriers publish it (`transit_time`),
on the basis `total` from delivery at the first terminal to pick-up at the last (`time`). A door-to-door figure is
compared with `total`, which does not include drayage at both ends. Money and emissions have the same two scopes. An
observed range is compared by its midpoint. Observed dollars are converted to those of the network by its deflators.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any, Final

import numpy as np

from landbridge.networks.checks.observations import NO_QUANTITY
from landbridge.networks.errors import NoRouteError
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import TONNES_PER_TEU
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.options import conditions_from, query_from_options
from landbridge.routing.questions.route import found_for
from landbridge.routing.validation.mixtures import mixture
from landbridge.routing.validation.scores import Case

DEMONSTRATION: Final = "demonstration"
"""Kind of first, record and priority trains, which are compared with p10."""

COUNTED_KINDS: Final = ("observed_regular", "survey")
"""Kinds whose times count for coverage: regular operation."""

TIME, COST, CO2E = "time_h", "cost_usd", "co2e_kg"


@dataclass(frozen=True)
class ComparedObservation:
    """An observation and the result of the model.

    Attributes
    ----------
    row
        The row of `observations`.
    observed_low, observed_high
        The observed range in hours, dollars of the network's year, or kg; None if not comparable.
    modelled
        `p10`, `p50`, `p90` and `mean` of a time; `value` of money and emissions; empty without an itinerary.
    itineraries
        One for each connected pair of ends.
    problem
        Why there is no itinerary for some or all pairs of ends; empty if there are all.
    """

    row: Row
    observed_low: float | None
    observed_high: float | None
    modelled: dict[str, float] = field(default_factory=dict)
    itineraries: tuple[Itinerary, ...] = ()
    problem: str = ""

    @property
    def observed(self) -> float | None:
        """Midpoint of the observed range."""
        if self.observed_low is None or self.observed_high is None:
            return None
        return (self.observed_low + self.observed_high) / 2

    @property
    def compared_with(self) -> str:
        """Name of the modelled figure with which it is compared."""
        if self.row["quantity"] != TIME:
            return "value"
        return "p10" if self.row["kind"] == DEMONSTRATION else "p50"

    @property
    def figure(self) -> float | None:
        """The modelled figure with which it is compared."""
        return self.modelled.get(self.compared_with)

    @property
    def ratio(self) -> float | None:
        """Modelled divided by observed value."""
        return None if self.figure is None or not self.observed else self.figure / self.observed

    @property
    def inside(self) -> bool | None:
        """Whether the observed value is in p10 to p90; None for a demonstration and without an interval."""
        if self.observed is None or "p10" not in self.modelled or self.row["kind"] == DEMONSTRATION:
            return None
        return self.modelled["p10"] <= self.observed <= self.modelled["p90"]

    @property
    def corridor(self) -> str:
        """The requested corridor, or that of the first itinerary, or a dash."""
        found = self.itineraries[0].corridor if self.itineraries else "-"
        return str(self.row["corridor"] or found)

    @property
    def counted(self) -> bool:
        """Whether it counts in summaries: it is comparable, and the model has a result."""
        return bool(self.row["comparable"]) and self.ratio is not None

    @property
    def unanswered(self) -> bool:
        """Whether it is comparable but the model has no result."""
        return bool(self.row["comparable"]) and self.ratio is None

    @property
    def length_ratio(self) -> float | None:
        """Mean modelled length divided by the published one of the same journey."""
        if not self.itineraries or self.row["length_km"] is None:
            return None
        return float(np.mean([item.distance_km for item in self.itineraries])) / float(self.row["length_km"])

    def case(self, *, excluded: bool = False) -> Case | None:
        """Return the case to score; None without a result, or if it does not count unless `excluded` is set."""
        if not (self.counted or excluded) or not self.observed or self.figure is None:
            return None
        interval = (self.modelled["p10"], self.modelled["p90"]) if self.inside is not None else (None, None)
        return Case(self.observed, self.figure, *interval)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison with the names of the JSON output."""
        row = self.row
        named = {name: row[name] for name in ("id", "what", "kind", "scope", "half", "lineage_group", "quantity")}
        return {
            **named,
            "basis": row["basis"],
            "from": list(row["from"]),
            "to": list(row["to"]),
            "corridor": self.corridor,
            "depart": row["first"].isoformat() if row["first"] else None,
            "comparable": row["comparable"],
            "reason": row["reason"],
            "observed_low": self.observed_low,
            "observed_high": self.observed_high,
            "observed": self.observed,
            "published": f"{row['published_low']:g}-{row['published_high']:g} {row['published_unit']}",
            "modelled": dict(self.modelled),
            "compared_with": self.compared_with,
            "ratio": self.ratio,
            "inside": self.inside,
            "published_km": row["length_km"],
            "length_ratio": self.length_ratio,
            "itineraries": [item.itinerary_id for item in self.itineraries],
            "problem": self.problem,
            "sources": list(row["source"]),
            "cargo_class": row["cargo_class"],
        }


def compare(network: Network, row: Row, ask: Callable[..., Iterable[Itinerary]] | None = None) -> ComparedObservation:
    """Run the query of an observation and return the comparison.

    Parameters
    ----------
    ask
        What answers in place of `answered` on this network, such as one that remembers its answers.
    """
    low, high = _observed(network, row)
    if not row["from"] or not row["to"]:
        return ComparedObservation(row, low, high)
    answers: Callable[..., Iterable[Itinerary]] = ask or partial(answered, network)
    found: list[Itinerary] = []
    problems = []
    for origin, destination in _pairs(row):
        try:
            found += answers(origin, destination, **_conditions(row))
        except NoRouteError as error:
            problems.append(str(error))
    modelled = _modelled(row, found) if found else {}
    return ComparedObservation(row, low, high, modelled, tuple(found), "; ".join(problems))


def answered(network: Network, origin: str, destination: str, *, cargo: Cargo, **conditions: Any) -> list[Itinerary]:
    """Return what `route` answers without its notes, for which more is searched than is compared.

    Raises
    ------
    NoRouteError
        If there is no route; the message names the constraint that blocks it.
    """
    asked = conditions_from(network, **conditions)
    return found_for(query_from_options(network, (origin, destination), asked, cargo=cargo), None)


def _observed(network: Network, row: Row) -> tuple[float | None, float | None]:
    if row["quantity"] == NO_QUANTITY or row["value_low"] is None:
        return None, None
    factor = 1.0
    if row["quantity"] == COST:
        deflators = network.tables["deflators"].by_key()
        factor = float(deflators[str(row["usd_year"])]["usd_to_2024"])
    return row["value_low"] * factor, row["value_high"] * factor


def _pairs(row: Row) -> Iterator[tuple[str, str]]:
    return product(row["from"], row["to"])


def _conditions(row: Row) -> dict[str, Any]:
    return {
        "cargo": _cargo(row),
        "corridor": row["corridor"],
        "modes": row["modes"] or None,
        "via": row["via"],
        "depart": row["first"],
    }


def _cargo(row: Row) -> Cargo:
    """Return the cargo of a row; missing values are those of a usual container."""
    given = {
        "teu": row["teu"],
        "tonnes": row["tonnes"] or (row["teu"] and row["teu"] * TONNES_PER_TEU),
        "cargo_class": row["cargo_class"],
        "container_feet": row["container_feet"],
        "equipment": row["equipment"],
    }
    return Cargo(**{name: value for name, value in given.items() if value is not None})


def _modelled(row: Row, itineraries: list[Itinerary]) -> dict[str, float]:
    if row["quantity"] in {TIME, NO_QUANTITY}:
        return mixture([item.transit_time if row["basis"] == "transit" else item.time for item in itineraries])
    name = str(row["quantity"])
    values = [sum(getattr(leg, name) for leg in legs_of(item, row["basis"])) for item in itineraries]
    return {"value": float(np.mean(values))}


def legs_of(itinerary: Itinerary, basis: str) -> tuple[Leg, ...]:
    """Return the legs of a basis: all for `total`, those from first departure to last arrival for `transit`."""
    return itinerary.legs if basis == "total" else itinerary.transit_legs
