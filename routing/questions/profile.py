"""Departures over a period: how transit time changes over a year, and the best departure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from landbridge.networks.arguments import PlaceLike, whole_number
from landbridge.networks.errors import NoRouteError, QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.no_route import explain
from landbridge.routing.output.charts import save_chart
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.admissibility import rules_in_force
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment, localised, parse_moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Conditions, Mode, Query
from landbridge.routing.questions.dated import DatedSearch, departure_h, local_zone, surprises
from landbridge.routing.questions.notes import own_notes
from landbridge.routing.questions.one_to_one import best_itineraries, eased, within_corridor
from landbridge.routing.questions.profile_chart import draw

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_DEPARTURES: Final = 1100
"""Maximum number of departures of a profile: three years of daily departures."""

_LONGEST_STEP_DAYS = 100_000
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Departure:
    """A time of departure and its best itinerary, None if no route is open."""

    depart: datetime
    itinerary: Itinerary | None

    def to_dict(self) -> dict[str, Any]:
        """Return the departure with the names of the JSON output."""
        item = self.itinerary
        if item is None:
            return {"depart": self.depart.isoformat(timespec="minutes"), "arrive": None, "corridor": None}
        summary = item.summary()
        names = ("time_mean_h", "time_p10_h", "time_p50_h", "time_p90_h", "cost_usd", "co2e_kg", "itinerary_id")
        shown = {name: summary[name] for name in ("depart", "arrive", "corridor", *names)}
        return shown | {"notes": [note.to_dict() for note in item.notes]}

    def columns(self) -> dict[str, Any]:
        """Return the departure as scalars, the texts of its notes joined by `;`."""
        row = self.to_dict()
        return row | {"notes": "; ".join(note["text"] for note in row.get("notes", ())) or None}


@dataclass(frozen=True, repr=False)
class Profile(Result):
    """The best itinerary of each departure of a period."""

    origin: str
    destination: str
    departures: tuple[Departure, ...]

    def __repr__(self) -> str:
        """Return the ends, period and range of transit times."""
        days = [item.itinerary.time_mean_h / DAY_H for item in self.departures if item.itinerary]
        return (
            f"<Profile {self.origin} to {self.destination}: {len(self.departures)} departures from "
            f"{self.departures[0].depart.date()} to {self.departures[-1].depart.date()}, "
            f"{min(days):.1f} to {max(days):.1f} days>"
        )

    @property
    def best(self) -> Departure:
        """The departure with the shortest mean time, the first of equal ones."""
        return min(
            (item for item in self.departures if item.itinerary),
            # To the minute, to ignore rounding differences.
            key=lambda item: round(60 * item.itinerary.time_mean_h) if item.itinerary else 0,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the profile with the names of the JSON output."""
        return {
            "from": self.origin,
            "to": self.destination,
            "best": self.best.to_dict(),
            "departures": [item.to_dict() for item in self.departures],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return a row for each departure."""
        names = tuple(self.best.to_dict())
        blank = dict.fromkeys(names)
        return (RecordTable("departures", lambda: [blank | item.columns() for item in self.departures], names),)

    def chart(self, path: str | Path) -> Path:
        """Draw transit time over the day of departure to a PNG, PDF or SVG file, and return the path.

        Raises
        ------
        QueryError
            If the name of the file does not have the suffix of a chart, or matplotlib, the extra `plot`, is not
            installed.
        """
        return save_chart(self.plot(), path, dpi=150)

    def plot(self) -> "Figure":
        """Return the chart of transit time over the day of departure.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        departures = [(item.depart, item.itinerary) for item in self.departures]
        return draw(departures, self.best.depart, f"{self.origin} to {self.destination}", self.meta)


@with_old_avoid
def profile(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    first: Moment,
    last: Moment,
    step_days: int = 1,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    planned: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Profile:
    """Return the best itinerary for each departure of a period.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, corridor, planned
        As in `route`.
    first, last
        First and last moment of departure, local at the origin; a day is its midnight.
    step_days
        Days between departures.
    progress
        Function called with 1 after each departure; for long runs.

    Raises
    ------
    QueryError
        If the period ends before it begins or has more than `MAX_DEPARTURES` departures, or an option is wrong.
    NoRouteError
        If no departure of the period has a result.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import profile
    >>> year = profile(load_network(), "Altynkol", "Baku", first="2026-01-01", last="2026-12-31", step_days=30)
    >>> len(year.departures)
    13
    """
    depart = parse_moment(first, "first")
    conditions = conditions_from(
        network, via=via, avoid=avoid, modes=modes, corridor=corridor, depart=depart, planned=planned
    )
    query = query_from_options(network, (origin, destination), conditions, cargo=cargo, objective=objective)
    moments = departures_between(first, last, step_days, local_zone(query, query.starts))
    found = tuple(_told(_departures(query, moments), progress))
    if not any(item.itinerary for item in found):
        raise NoRouteError(explain(query, lambda relaxed: bool(best_itineraries(relaxed, 1))))
    meta = with_options(query.meta, first=moments[0], last=moments[-1], step_days=step_days)
    return Profile(query.origin, query.destination, found, meta=meta)


def departures_between(first: Moment, last: Moment, step_days: int, zone: ZoneInfo = _UTC) -> list[datetime]:
    """Return the moments of departure of a period.

    Parameters
    ----------
    first, last, step_days
        As in `profile`.
    zone
        Time zone of the origin.

    Raises
    ------
    QueryError
        If the period ends before it begins or has more than `MAX_DEPARTURES` departures, or a value is wrong.
    """
    step = whole_number(step_days, "step_days", 1, _LONGEST_STEP_DAYS)
    given = parse_moment(first, "first"), parse_moment(last, "last")
    start, end = localised(given[0], zone, "first"), localised(given[1], zone, "last")
    return _moments(start, end, step) if any(moment.tzinfo for moment in given) else _moments(*given, step)


def _told(departures: Iterable[Departure], progress: Callable[[int], object] | None) -> Iterator[Departure]:
    for item in departures:
        yield item
        if progress is not None:
            progress(1)


def _moments(first: datetime, last: datetime, step_days: int) -> list[datetime]:
    if last < first:
        ends = [
            moment.date() if moment.time() == time() else moment.isoformat(" ", "minutes") for moment in (first, last)
        ]
        raise QueryError(f"last is {ends[1]} and must not be before first, {ends[0]}; swap them")
    count = (last - first).days // step_days + 1
    if count > MAX_DEPARTURES:
        raise QueryError(
            f"from {first.date()} to {last.date()} are {count} departures and there must be from 1 to"
            f" {MAX_DEPARTURES}; shorten the period or lengthen the step"
        )
    return [first + timedelta(days=step_days * number) for number in range(count)]


def _departures(query: Query, moments: list[datetime]) -> Iterator[Departure]:
    """Yield the best itinerary of each departure; searches are prepared once for each set of conditions and rules."""
    prepared: dict[tuple[Conditions, tuple[str, ...], tuple[str, ...]], DatedSearch] = {}

    def best(asked: Query) -> list[Itinerary]:
        rules = rules_in_force(asked.network, asked.cargo, asked.day)
        known = (row["id"] for row in surprises(asked))
        key = (replace(asked.conditions, depart=None), tuple(rule["id"] for rule in rules), tuple(known))
        if key not in prepared:
            prepared[key] = DatedSearch(asked, last=moments[-1].date())
        search = prepared[key]
        moment_h = departure_h(asked, asked.conditions.depart or moments[0])
        path = search.best(moment_h)
        item = None if path is None else search.itinerary(path, moment_h)
        return [] if item is None else [item]

    zone = local_zone(query, query.starts)
    for moment in moments:
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        dated = query.relaxed(depart=local)
        found = eased(dated, lambda asked: within_corridor(asked, best))
        item = min(found, key=lambda item: item.value(query.objective), default=None)
        item = item and replace(item, notes=tuple(own_notes(dated, item)))
        yield Departure(local.astimezone(zone) if item is None or item.departs is None else item.departs, item)
