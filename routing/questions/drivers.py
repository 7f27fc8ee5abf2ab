"""The values of the data that drive an answer: what rests on each, and what the answer is if it alone differs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arguments import PlaceLike, instance, real_number, whole_number
from landbridge.networks.arrays import Indices
from landbridge.networks.errors import DataError, NoRouteError, QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.itineraries.side_by_side import ends
from landbridge.routing.output.result import ResultList, check_made_with
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.query.access import repriced
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import edge_costs
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import GENERALISED, REGISTRY, ObjectiveName, Weights
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.drivers_chart import Effect, draw
from landbridge.routing.questions.one_to_one import best_itineraries, itineraries_or_reason
from landbridge.routing.questions.value_parts import ValueParts
from landbridge.routing.questions.values import OPENING, TIMETABLE, Value, varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEASURES: Final = ("hours", "cost_usd", "co2e_kg")
"""What rests on values."""

NOT_STATED: Final = "not stated"
"""Confidence of a value of which the table states none."""

MAX_SEARCHES: Final = 1000
"""Maximum number of values for which the best itinerary is searched again."""

_LEAST = 1e-9


@dataclass(frozen=True)
class NewBest:
    """The itinerary that is best once a value differs.

    Attributes
    ----------
    gain
        What it is better by than the itinerary asked about, in the unit of the objective.
    """

    itinerary_id: str
    corridor: str
    route_line: str
    gain: float


@dataclass(frozen=True)
class Change:
    """What changes if one value differs: mean hours, USD, kg CO2e and the objective.

    Attributes
    ----------
    searched
        Whether the best itinerary was searched again.
    best
        Another itinerary that is best then; None if it is the same, or was not searched.
    """

    hours: float
    cost_usd: float
    co2e_kg: float
    objective: float
    searched: bool = False
    best: NewBest | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the change with the names of the JSON output."""
        return {**vars(self), "best": dict(vars(self.best)) if self.best else None}


@dataclass(frozen=True)
class Driver:
    """A value of the data on which an itinerary rests.

    Attributes
    ----------
    table, row, columns
        Where it stands in the data: its table, the id of the row (of a tariff with its band in km) and the columns.
    numbers, units
        The numbers of the columns with their units; of a timetable its departures a week, of opening hours none.
    sources, year, confidence
        Its evidence.
    rate
        Whether it is a rate. Each hour, dollar and kg rests on one, and on lengths, deflators and adjustments besides.
    hours, cost_usd, co2e_kg
        What of the itinerary rests on it.
    share
        The same as parts of the totals, by measure.
    up, down
        What changes if it alone is larger or smaller; None where it cannot differ (clock times), where its congested
        months alone would then take more than its average, or where cargo would come too late for an edge that closes.
    """

    table: str
    row: str
    columns: tuple[str, ...]
    numbers: tuple[float, ...]
    units: tuple[str, ...]
    sources: tuple[str, ...]
    year: int | None
    confidence: str | None
    rate: bool
    hours: float
    cost_usd: float
    co2e_kg: float
    share: dict[str, float] = field(hash=False)
    up: Change | None
    down: Change | None

    def effect(self, measure: str = "objective") -> float:
        """Return the larger of the changes of a measure (`hours`, `cost_usd`, `co2e_kg`, `objective`), unsigned."""
        return max((abs(getattr(change, measure)) for change in (self.up, self.down) if change), default=0.0)

    def to_dict(self) -> dict[str, Any]:
        """Return the value with the names of the JSON output."""
        changes = {
            name: change.to_dict() if change else None for name, change in (("up", self.up), ("down", self.down))
        }
        lists = {name: list(getattr(self, name)) for name in ("columns", "numbers", "units", "sources")}
        return {**vars(self), "share": dict(self.share), **lists, **changes}


@dataclass(frozen=True, eq=False, repr=False)
class Drivers(ResultList[Driver]):
    """The values on which an itinerary rests, those that change the objective most first.

    Attributes
    ----------
    itinerary
        The itinerary.
    percent
        By how much each value differs.
    """

    itinerary: Itinerary
    percent: float

    def __repr__(self) -> str:
        """Return the number of values, the itinerary and the first value."""
        first = f", first {self.items[0].table} {self.items[0].row}" if self.items else ""
        return f"<Drivers: {len(self)} values of {self.itinerary.itinerary_id}{first}>"

    @cached_property
    def totals(self) -> dict[str, float]:
        """Mean hours, USD and kg CO2e of the itinerary, by measure."""
        return _totals(self.itinerary)

    @cached_property
    def shares(self) -> dict[str, dict[str, float]]:
        """Which part of the hours, USD and kg CO2e rests on rates of each confidence, by measure and confidence."""
        found: dict[str, dict[str, float]] = {measure: {} for measure in MEASURES}
        for item in self.items:
            for measure, part in item.share.items():
                if item.rate and part:
                    of, name = found[measure], item.confidence or NOT_STATED
                    of[name] = of.get(name, 0.0) + part
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the itinerary, the shares and the values with the names of the JSON output."""
        return {
            "itinerary": self.itinerary.summary(),
            "percent": self.percent,
            "shares": {measure: dict(shares) for measure, shares in self.shares.items()},
            "drivers": [item.to_dict() for item in self.items],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the values, and the share of each confidence."""
        return (
            RecordTable("drivers", lambda: map(_record, self.items), _COLUMNS),
            RecordTable("confidence", self._confidences, ("confidence", *(f"share_{name}" for name in MEASURES))),
        )

    def plot(self) -> "Figure":
        """Return the chart of what the first values change.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        objective = str(self.meta.get("options", {}).get("objective") or GENERALISED)
        unit = f"{objective} ({REGISTRY[objective].unit})" if objective in REGISTRY else f"{objective} cost (USD)"
        effects = [
            Effect(
                f"{item.table} {item.row}",
                item.confidence,
                item.up.objective if item.up else None,
                item.down.objective if item.down else None,
            )
            for item in self.items
        ]
        return draw(effects, self.percent, unit, f"What drives {ends([self.itinerary])}", self.meta)

    def _confidences(self) -> Iterator[dict[str, Any]]:
        names = dict.fromkeys(name for of in self.shares.values() for name in of)
        for name in sorted(names):
            yield {"confidence": name} | {f"share_{key}": of.get(name, 0.0) for key, of in self.shares.items()}


_CHANGES = (*MEASURES, "objective", "searched", "best_itinerary_id", "best_corridor", "best_route_line", "best_gain")
_COLUMNS = (
    *("table", "row", "columns", "numbers", "units", "sources", "year", "confidence", "rate", *MEASURES),
    *(f"share_{name}" for name in MEASURES),
    *(f"{way}_{name}" for way in ("up", "down") for name in _CHANGES),
)


def _record(item: Driver) -> dict[str, Any]:
    row = flat(item.to_dict())
    return {name: row.get(name) for name in _COLUMNS}


@with_old_avoid
def drivers(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    itinerary: Itinerary | None = None,
    percent: float = 10.0,
    searches: int = 10,
) -> Drivers:
    """Return the values of the data that drive the best itinerary, with their confidence and what each changes.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, corridor, depart, planned
        As in `route`; the objective is generalised cost unless given.
    itinerary
        An itinerary of this network between these places, instead of the best one; its cargo, objective, departure and
        planned links apply unless given.
    percent
        By how much each value differs, one at a time, above 0 and below 100.
    searches
        Number of values for which the best itinerary is searched again: those that change the objective most.

    Returns
    -------
    Drivers
        Sorted by the change of the objective, the largest first.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid, or the itinerary is of another network or does not join the places.
    NoRouteError
        If there is no route.

    Notes
    -----
    The itinerary is computed again with each value, so that what is not proportional is exact: time falls with speed,
    least times stay, and a longer link may pass into another band of its tariff. Opening hours, closures, seasons and
    slow-downs are kept, by the clock timetables too; undated, a timetable has its departures more or less often.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import drivers
    >>> found = drivers(load_network(), "Almaty", "Poti", searches=0)
    >>> found.totals["hours"] > found[0].hours
    True
    """
    part = real_number(percent, "percent") / 100
    if not 0 < part < 1:
        raise QueryError(f"percent is {percent} and must be above 0 and below 100")
    again = whole_number(searches, "searches", 0, MAX_SEARCHES)
    if itinerary is not None:
        instance(itinerary, Itinerary, "itinerary", "take one of `route`")
        check_made_with(itinerary, network, "itinerary")
        cargo = itinerary.cargo if cargo is None else cargo
        objective = _objective_of(itinerary) if objective is None else objective
        depart = itinerary.departs if depart is None else depart
        planned = planned or bool(itinerary.meta.get("options", {}).get("planned"))
    conditions = conditions_from(
        network, via=via, avoid=avoid, modes=modes, corridor=corridor, depart=depart, planned=planned
    )
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    study = _Study(query, itinerary, part)
    found = sorted((item for item in map(study.effect, study.resting()) if item.matters), key=_Effect.rank)
    chosen = [study.driver(item, searched=number < again) for number, item in enumerate(found)]
    meta = with_options(query.meta, percent=percent, searches=searches, itinerary=study.itinerary.itinerary_id)
    return Drivers(tuple(chosen), study.itinerary, float(percent), meta=meta)


@dataclass
class _Effect:
    """What of an itinerary rests on a value, and the totals if it is larger and smaller, None if it cannot be."""

    value: Value
    rests: tuple[float, float, float] = (0.0, 0.0, 0.0)
    up: Itinerary | None = None
    down: Itinerary | None = None
    changes: tuple[Change | None, Change | None] = (None, None)

    @property
    def matters(self) -> bool:
        """Whether anything rests on the value or changes with it."""
        changed = [abs(number) for change in self.changes if change for number in _numbers(change)]
        return (self.value.rate and any(self.rests)) or max(changed, default=0.0) > _LEAST

    def rank(self) -> tuple[float, float, tuple[Any, ...]]:
        """Return what it is sorted by: the change of the objective, then the hours, then where it stands."""
        objective = max((abs(change.objective) for change in self.changes if change), default=0.0)
        return -round(objective, 6), -self.rests[0], self.value.key


class _Study:
    """An itinerary that is computed again with other values."""

    def __init__(self, query: Query, itinerary: Itinerary | None, part: float) -> None:
        self._query, self._part = query, part
        if itinerary is None:
            self._best = itineraries_or_reason(query)[0]
            self._path = self._best.edges
        else:
            _check_ends(query, itinerary)
            self._path = itinerary.edges
            self._best = next(iter(best_itineraries(query, 1)), itinerary)
        again = self._again(query.network)
        if again is None:
            raise NoRouteError(f"the itinerary cannot be made from {query.origin} at {query.conditions.depart}")
        self.itinerary = again
        self._totals = _totals(again)

    def resting(self) -> Iterator[_Effect]:
        """Yield each value with what rests on it."""
        parts, found = ValueParts(self._query.network, self._query.cargo), dict[Any, _Effect]()
        for leg in self.itinerary.legs:
            for value, *amounts in parts.of_leg(leg):
                known = found.setdefault(value.key, _Effect(value))
                known.rests = tuple(map(add, known.rests, amounts))
        yield from found.values()
        yield from map(_Effect, parts.inventory)

    def effect(self, item: _Effect) -> _Effect:
        """Return a value with the itinerary computed again for it."""
        dated = self._query.conditions.depart is not None
        if item.value.columns == OPENING or (dated and item.value.columns == TIMETABLE):
            return item
        edges = np.array(self._path, dtype=np.int32)
        item.up, item.down = (self._varied(item.value, factor, edges) for factor in self._factors)
        item.changes = self._change(item.up), self._change(item.down)
        return item

    def _varied(self, value: Value, factor: float, edges: Indices) -> Itinerary | None:
        """Return the itinerary with a value multiplied, None where no month could be normal then."""
        try:
            network = varied(self._query.network, value, factor, edges)
        except DataError:
            return None
        return self._again(network)

    @property
    def _factors(self) -> tuple[float, float]:
        return 1 + self._part, 1 - self._part

    def _change(self, again: Itinerary | None) -> Change | None:
        if again is None:
            return None
        before, objective = self.itinerary, self._query.objective
        return Change(
            again.time_mean_h - before.time_mean_h,
            again.cost_usd - before.cost_usd,
            again.co2e_kg - before.co2e_kg,
            again.value(objective) - before.value(objective),
        )

    def driver(self, item: _Effect, *, searched: bool) -> Driver:
        """Return the driver of a value, with the best itinerary searched again if so asked."""
        value, changes = item.value, list(item.changes)
        if searched:
            for number, (factor, again) in enumerate(zip(self._factors, (item.up, item.down), strict=True)):
                change = changes[number]
                if change is not None and again is not None:
                    changes[number] = replace(change, searched=True, best=self._new_best(value, factor, again))
        rests = dict(zip(MEASURES, item.rests, strict=True))
        totals = self._totals
        return Driver(
            value.table,
            value.row_id,
            value.columns,
            value.numbers,
            value.units,
            value.sources,
            value.year,
            value.confidence,
            value.rate,
            **rests,
            share={name: amount / totals[name] if totals[name] else 0.0 for name, amount in rests.items()},
            up=changes[0],
            down=changes[1],
        )

    def _new_best(self, value: Value, factor: float, again: Itinerary) -> NewBest | None:
        """Return the itinerary that is best if a value differs, None if it is the one that is best now."""
        asked = self._asked(varied(self._query.network, value, factor))
        best = next(iter(best_itineraries(asked, 1)), None)
        if best is None or best.edges == self._best.edges:
            return None
        objective = self._query.objective
        gain = again.value(objective) - best.value(objective)
        return NewBest(best.itinerary_id, best.corridor, best.route_line, gain)

    def _asked(self, network: Network) -> Query:
        """Return the query for a network with other values."""
        query = replace(self._query, network=network)
        shared = {name: getattr(self._query, name) for name in ("origin_at", "destination_at", "meta", "stages")}
        ways = {name: repriced(network, query.cargo, getattr(self._query, name)) for name in ("starts", "ends")}
        vars(query).update(shared | ways)
        return query

    def _again(self, network: Network) -> Itinerary | None:
        """Return the itinerary in a network with other values; None if by the clock an edge is closed when reached."""
        query = self._asked(network)
        edges = np.array(self._path, dtype=np.int32)
        vars(query)["costs"] = edge_costs(network, query.cargo, edges)
        if query.conditions.depart is None:
            return LegMaker(query).itinerary(self._path)
        return self._timed(query, query.conditions.depart)

    def _timed(self, query: Query, depart: datetime) -> Itinerary | None:
        from landbridge.routing.itineraries.timed_legs import TimedLegMaker
        from landbridge.routing.query.calendars import MAX_WAIT_H, clock, retimed_clock
        from landbridge.routing.questions.dated import departure_h, surprises

        held = frozenset(row["id"] for row in surprises(query))
        kept = clock(self._query.network, query.day, query.day, planned=query.conditions.planned, held=held)
        maker = TimedLegMaker(query, retimed_clock(kept, query.network), MAX_WAIT_H)
        return maker.itinerary(self._path, departure_h(self._query, depart))


def _totals(item: Itinerary) -> dict[str, float]:
    """Return the totals of an itinerary by measure."""
    return {"hours": item.time_mean_h, "cost_usd": item.cost_usd, "co2e_kg": item.co2e_kg}


def _numbers(change: Change) -> tuple[float, ...]:
    return change.hours, change.cost_usd, change.co2e_kg, change.objective


def _objective_of(itinerary: Itinerary) -> Any:
    """Return the objective by which an itinerary was found, with its weights if that is generalised cost."""
    name = itinerary.meta.get("options", {}).get("objective", GENERALISED)
    if name != GENERALISED:
        return name
    return Weights(
        value_of_time_usd_per_h=itinerary.value_of_time_usd_per_h,
        reliability_usd_per_h=itinerary.reliability_usd_per_h,
        carbon_usd_per_t=itinerary.carbon_usd_per_kg * 1000,
    )


def _check_ends(query: Query, itinerary: Itinerary) -> None:
    """Refuse an itinerary that does not lead from the one place to the other."""
    graph, edges = query.network.graph, itinerary.edges
    ends = graph.state_place[graph.tail[edges[0]]], graph.state_place[graph.head[edges[-1]]]
    for place, ways, name in zip(ends, (query.starts, query.ends), (query.origin, query.destination), strict=True):
        if graph.places[int(place)] not in {way.place for way in ways}:
            raise QueryError(f"the itinerary leads over {graph.places[int(place)]}, which is no terminal of {name}")
