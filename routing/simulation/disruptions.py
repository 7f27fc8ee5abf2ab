"""Closures, limits and bans of a run, as text: `close`, `limit` and `ban` of `simulate_network`.

- `close`: TARGET:FROM..TO, both days included: nothing begins to be served there; what arrives waits.
- `limit`: RESOURCE:10trains/day:FROM..TO: the resource works at that capacity. Of several in the same days the lowest
  holds.
- `ban`: TARGET:FROM..TO: cargo whose way uses the target is held where it starts; what is on its way goes on.

A target is the id of a resource, a place by id or name, a crossing (`BY-PL`, `BY-PL:rail`, in either order; a passage)
or a link. Days are local days of the target.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from landbridge.networks.arguments import texts
from landbridge.networks.arrays import Bools
from landbridge.networks.errors import PlaceError, QueryError
from landbridge.networks.network import Network
from landbridge.networks.tables.schema import schemas
from landbridge.networks.years import resources_of_year
from landbridge.routing.query.calendars import closed_edges
from landbridge.routing.query.options import border_named
from landbridge.routing.resources.capacities import UNIT_OF, capacity_teu_day
from landbridge.routing.simulation.network_model import DisruptionKind

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ClosureRow

FORMS: Final = {
    "close": "TARGET:FROM..TO, such as pl-malaszewicze:2025-09-12..2025-09-24",
    "limit": "RESOURCE:10trains/day:FROM..TO, such as kz-altynkol--terminal:10trains/day:2025-10-01..2025-11-15",
    "ban": "TARGET:FROM..TO, such as caspian-railferry--fleet:2025-04-22..2025-06-30",
}

_PERIOD = re.compile(r"(?P<target>.+):(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})")
_AMOUNT = re.compile(r"(?P<amount>.*?)\s*(?P<unit>[a-z]+/[a-z]+)")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NAMED = 5
_MODE_OF: Final = {"trains": "rail", "wagons": "rail", "vehicles": "road"}


@dataclass(frozen=True, kw_only=True)
class Disruption:
    """A closure, limit or ban.

    Attributes
    ----------
    text, kind
        As given, and its kind.
    target, table
        Id of its target, and what it is: `resources`, `places` or `crossings` (links too).
    first, last
        First and last day.
    amount, unit
        Capacity left by a limit; None otherwise.
    """

    text: str
    kind: DisruptionKind
    target: str
    table: str
    first: date
    last: date
    amount: float | None = None
    unit: str | None = None

    def closed_edges(self, network: Network) -> Bools:
        """Return the edges of the state graph that use its target."""
        ids = self.places(network) if self.table == "places" else (self.target,)
        row: dict[str, object] = {"target": self.table, "ids": ids}
        return closed_edges(network, _closure(row))

    def places(self, network: Network) -> tuple[str, ...]:
        """Return the places of its target: the place itself, and the terminals of a city."""
        return (self.target, *network.terminals[self.target]) if self.table == "places" else ()

    def hours(self, network: Network, zero: datetime) -> tuple[float, float]:
        """Return begin and end in hours since a moment: 00:00 of the first day to 24:00 of the last, local time."""
        zone = self._zone(network)
        return _since(self.first, zone, zero), _since(self.last + timedelta(days=1), zone, zero)

    def limit_teu_day(self, network: Network, year: int | None) -> float:
        """Return the capacity left by a limit in TEU per day, in the directions of the resource.

        Its unit is that of a load of the resource: of its own, or else of the same gauge, or else of the general row.
        """
        resource, unit = resources_of_year(network, year)[self.target], str(self.unit)
        load = _load_of(network, resource["load"] or "", UNIT_OF.get(unit.partition("/")[0], ""))
        left = {"capacity": self.amount, "capacity_unit": unit, "closure_days": 0.0, "load": load}
        return capacity_teu_day(network, resource | left)  # type: ignore[arg-type]

    def full_teu_day(self, network: Network, year: int | None) -> float:
        """Return the published capacity of the resource of a limit on a day without closure, TEU per day."""
        resource = resources_of_year(network, year)[self.target]
        return capacity_teu_day(network, resource | {"closure_days": 0.0})

    def _zone(self, network: Network) -> ZoneInfo:
        if self.table == "places":
            return network.zone(self.target)
        if self.table == "resources":
            place = network.tables["resources"].by_key()[self.target]["place"]
            if place:
                return network.zone(place)
        edges = self.closed_edges(network).nonzero()[0]
        graph = network.graph
        return network.zone(graph.places[int(graph.edge_from[edges[0]])])


def disruptions_given(
    network: Network, close: object, limit: object, ban: object, *, start: date, days: int
) -> tuple[Disruption, ...]:
    """Return the closures, limits and bans given by a user.

    Raises
    ------
    QueryError
        If a text has another form, a target or unit is unknown, days are reversed or outside the run.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> found = disruptions_given(
    ...     load_network(), ["BY-PL:rail:2025-09-12..2025-09-24"], (), (), start=date(2025, 1, 1), days=365
    ... )
    >>> found[0].target, found[0].table, (found[0].last - found[0].first).days
    ('BY-PL:rail', 'crossings', 12)
    """
    found = []
    given: tuple[tuple[DisruptionKind, object], ...] = (("close", close), ("limit", limit), ("ban", ban))
    for kind, values in given:
        for text in texts(values, kind, FORMS[kind]):
            item = parse_disruption(network, kind, text)
            _check_days(item, start, days)
            found.append(item)
    return tuple(found)


def parse_disruption(network: Network, kind: DisruptionKind, text: str) -> Disruption:
    """Return a closure, limit or ban from its text.

    Raises
    ------
    QueryError
        If the text has another form, or its target or unit is unknown.
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise QueryError(f"{kind} {text!r} cannot be read; give {FORMS[kind]}")
    first, last = (_day(kind, text, match[name]) for name in ("first", "last"))
    if last < first:
        raise QueryError(f"{kind} {text!r} ends before it begins; give the earlier day first")
    named, _, amount = match["target"].rpartition(":") if kind == "limit" else (match["target"], "", "")
    target, table = _target(network, kind, text, named or match["target"])
    item = Disruption(text=text.strip(), kind=kind, target=target, table=table, first=first, last=last)
    return _with_limit(network, item, amount) if kind == "limit" else item


def _with_limit(network: Network, item: Disruption, amount: str) -> Disruption:
    match = _AMOUNT.fullmatch(amount.strip())
    units = next(column.allowed for column in schemas()["resources"].columns if column.name == "capacity_unit")
    allowed = units.split("|") if isinstance(units, str) else [str(unit) for unit in units]
    if match is None or match["unit"] not in allowed:
        raise QueryError(
            f"limit {item.text!r} has no capacity with a unit of {', '.join(allowed)}; give {FORMS['limit']}"
        )
    if not _NUMBER.fullmatch(match["amount"]):
        cure = "give digits, as in 10 or 1.5"
        raise QueryError(f"limit {item.text!r} has the amount {match['amount']!r}, not a number of 0 or more; {cure}")
    if item.table != "resources":
        raise QueryError(f"limit {item.text!r} names no resource; a limit is of a resource, and close takes a place")
    _check_unit(network, item, match["unit"])
    return replace(item, amount=float(match["amount"]), unit=match["unit"])


def _check_unit(network: Network, item: Disruption, unit: str) -> None:
    """Refuse trains and wagons where none pass, and vehicles where nothing goes by road."""
    own = network.tables["resources"].by_key()[item.target]["capacity_unit"]
    mode, others = _MODE_OF.get(unit.partition("/")[0]), _MODE_OF.get(own.partition("/")[0])
    modes = {others} if others else _modes_of(network, item.target)
    if mode and modes and mode not in modes:
        fitting = [other for other in ("trains", "wagons", "vehicles") if _MODE_OF[other] in modes]
        raise QueryError(
            f"limit {item.text!r} has the unit {unit}, but what passes {item.target} goes by "
            f"{' and '.join(sorted(modes))}; give {', '.join(f'{one}/day' for one in ['teu', 't', *fitting])}"
        )


def _modes_of(network: Network, resource: str) -> set[str]:
    """Return the modes of what uses a resource."""
    links = [
        link for link in network.links if resource in (link["resource"], network.services[link["service"]]["resource"])
    ]
    operations = [row for row in network.operations if row["resource"] == resource]
    found = {str(link["mode"]) for link in links}
    return found | {str(row[end]) for row in operations for end in ("from_mode", "to_mode") if row[end]}


def _load_of(network: Network, own: str, unit: str) -> str | None:
    """Return the load of a unit for a resource with a load: its own, that of the same gauge, None for the general."""
    loads = network.tables["loads"].by_key()
    if unit == "tonne" or (own in loads and loads[own]["unit"] == unit):
        return own or None
    of_gauge = f"{unit}-{own.partition('-')[2]}"
    return of_gauge if of_gauge in loads else None


def _day(kind: str, text: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise QueryError(f"{kind} {text!r}: {given} is no day of the calendar; give YYYY-MM-DD") from None


def _check_days(item: Disruption, start: date, days: int) -> None:
    end = start + timedelta(days=days - 1)
    if item.last < start or item.first > end:
        raise QueryError(
            f"{item.kind} {item.text!r} lies outside the run of {start} to {end}; change its days, or start and days"
        )


def _target(network: Network, kind: str, text: str, named: str) -> tuple[str, str]:
    """Return the id of a target and what it is."""
    resources = network.tables["resources"].by_key()
    if named in resources:
        return named, "resources"
    border = None if named in network.places else border_named(named)
    crossing = next((tag for tag in (named, border) if tag in network.graph.tags), None)
    if crossing is not None:
        return crossing, "crossings"
    candidates: list[str] = []
    try:
        # A point or a city that is no place of the network has nothing that could be closed.
        place = network.place_index.resolve(named)
        if isinstance(place, str):
            return place, "places"
    except PlaceError as error:
        candidates = [*error.candidates]
    near = list(dict.fromkeys([*candidates, *_near(named, [*resources, *network.graph.tags, *network.places])]))
    cure = f"did you mean {', '.join(near[:_NAMED])}?" if near else "give the id of a resource, place, crossing or link"
    raise QueryError(f"{kind} {text!r}: there is no resource, place, crossing or link {named!r}; {cure}")


def _near(named: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(named, list(dict.fromkeys(known)), n=_NAMED, cutoff=0.6)


def _closure(row: dict[str, object]) -> "ClosureRow":
    return row  # type: ignore[return-value]


def _since(day: date, zone: ZoneInfo, zero: datetime) -> float:
    return (datetime.combine(day, time(), tzinfo=zone) - zero).total_seconds() / 3600
