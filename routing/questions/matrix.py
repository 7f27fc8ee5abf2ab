"""OD matrix: time, cost, emissions and distance between all pairs of places, along the best path by an objective."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import Meta, with_options
from landbridge.networks.network import Network
from landbridge.networks.places.place_lists import PlacesLike, places_given, shown_name
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.access import AccessLeg, access_legs, country_of, end_of
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.ends import joined
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import ObjectiveName, Weights, objective_given, objective_name
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.deliveries import Destinations, deliveries
from landbridge.routing.questions.matrix_chart import draw
from landbridge.routing.questions.one_to_all import CRITERIA, TreeBuilder, TreesByParties
from landbridge.routing.questions.pairs import Pairs, answered_pairs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from landbridge.networks.tables.records import TableLike

MAX_PAIRS: Final = 4_000_000
"""Maximum number of pairs of a matrix, whose numbers need 160 MB."""

COLUMNS: Final = ("origin", "destination", "time_mean_h", "cost_usd", "co2e_kg", "distance_km", "reason", "note")
"""Columns of a matrix as a table."""

BY_TRUCK: Final = "by truck: nothing else leads there"
"""Note on a pair whose cargo goes by truck though its class goes by train or ship."""

_DECIMALS = 6  # of the text formats: digits behind them are noise of the sums


class Reason(IntEnum):
    """Why a pair has no values; JOINED if it has."""

    JOINED = 0
    SAME_PLACE = 1
    NO_START = 2
    NO_END = 3
    NO_PATH = 4

    @property
    def text(self) -> str:
        """Text shown in tables."""
        return _TEXTS[self]


_TEXTS = {
    Reason.JOINED: "",
    Reason.SAME_PLACE: "the same place or terminal",
    Reason.NO_START: "no terminal within reach of the origin",
    Reason.NO_END: "no terminal within reach of the destination",
    Reason.NO_PATH: "no path under these conditions",
}


@dataclass(frozen=True, eq=False, repr=False)
class Matrix(Result):
    """Totals of all pairs of origins and destinations, each along its best path.

    Attributes
    ----------
    origins, destinations
        The places as given.
    objective
        Objective of each path.
    time_mean_h, cost_usd, co2e_kg, distance_km
        Shape (origins, destinations); NaN if a pair has no path.
    reason
        `Reason` of each pair, shape (origins, destinations).
    by_truck
        Pairs to which nothing but trucks leads, for cargo that would go by train or ship; shape (origins,
        destinations).
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    objective: str | Weights
    time_mean_h: Floats
    cost_usd: Floats
    co2e_kg: Floats
    distance_km: Floats
    reason: NDArray[np.int8]
    by_truck: Bools

    def __repr__(self) -> str:
        """Return the sizes."""
        joined, by = int((self.reason == Reason.JOINED).sum()), objective_name(self.objective)
        return f"<Matrix {len(self.origins)} x {len(self.destinations)} by {by}: {joined} pairs joined>"

    def __eq__(self, other: object) -> bool:
        """Whether the other is a matrix by the same objective with the same values."""
        # As frames, since millions of records would not fit into memory.
        return isinstance(other, Matrix) and repr(self) == repr(other) and self.to_frame().equals(other.to_frame())

    __hash__ = Result.__hash__

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield a row of `COLUMNS` for each pair; without a path, values are None and the reason is given."""
        columns = (self.time_mean_h, self.cost_usd, self.co2e_kg, self.distance_km)
        for i, origin in enumerate(self.origins):
            numbers = zip(*(column[i].tolist() for column in columns), strict=True)
            codes = zip(self.reason[i].tolist(), self.by_truck[i].tolist(), strict=True)
            for destination, values, (reason, by_truck) in zip(self.destinations, numbers, codes, strict=True):
                rounded = tuple(round(value, _DECIMALS) for value in values)
                shown = rounded if reason == Reason.JOINED else (None,) * len(columns)
                yield (origin, destination, *shown, Reason(reason).text or None, BY_TRUCK if by_truck else None)

    def tables(self) -> Sequence[RecordTable]:
        """Return a row for each pair; cells are blank if a pair has no path."""
        rows = RecordTable("matrix", lambda: (dict(zip(COLUMNS, row, strict=True)) for row in self.rows()), COLUMNS)
        return (rows,)

    def plot(self) -> "Figure":
        """Return the chart of the mean days of all pairs.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw(self.origins, self.destinations, self.time_mean_h, self.meta)

    def to_frame(self, table: str | None = None) -> "pd.DataFrame":
        """Return a row for each pair, with the columns `COLUMNS`; values are NaN if a pair has no path."""
        import pandas as pd

        self._chosen(self.tables(), table, "table")
        # Column by column, since millions of records would not fit into memory.
        return pd.DataFrame(
            {
                "origin": np.repeat(np.array(self.origins, dtype=object), len(self.destinations)),
                "destination": np.tile(np.array(self.destinations, dtype=object), len(self.origins)),
                "time_mean_h": self.time_mean_h.ravel(),
                "cost_usd": self.cost_usd.ravel(),
                "co2e_kg": self.co2e_kg.ravel(),
                "distance_km": self.distance_km.ravel(),
                "reason": [Reason(number).text or None for number in self.reason.ravel().tolist()],
                "note": [BY_TRUCK if by_truck else None for by_truck in self.by_truck.ravel().tolist()],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the pairs with the names of the JSON output."""
        return {"pairs": [dict(zip(COLUMNS, row, strict=True)) for row in self.rows()]}


@overload
def matrix(
    network: Network,
    origins: "PlacesLike",
    destinations: "PlacesLike | None" = None,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Matrix: ...


@overload
def matrix(
    network: Network,
    *,
    pairs: "TableLike",
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Pairs: ...


@with_old_avoid
def matrix(
    network: Network,
    origins: "PlacesLike | None" = None,
    destinations: "PlacesLike | None" = None,
    *,
    pairs: "TableLike | None" = None,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Matrix | Pairs:
    """Return the totals of pairs of places: hours, USD, kg CO2e and km along the best path by an objective.

    Parameters
    ----------
    network, objective, avoid, modes, depart, planned
        As in `route`.
    origins, destinations
        One or several places as in `route`, or a table of them: a DataFrame, a list of dictionaries or the path of a
        CSV file, with a column `place`, or with `lat`, `lon` and `name`, which the answer then shows. Every origin is
        combined with every destination; without destinations the origins are used for both.
    pairs
        Instead of origins and destinations: a table of pairs with the columns `origin`, `destination` and, if they
        differ between rows, `teu`, `tonnes`, `depart` and `id`.
    cargo
        As in `route`. Shipper and consignee are in the countries of each pair unless given in the cargo.
    progress
        Called with 1 when an origin, or a pair of a table, is completed.

    Returns
    -------
    Matrix or Pairs
        The totals of each pair equal those of `route` with the same objective. For a table of pairs each row has its
        result, with p10, p50, p90 and the corridor, or an error.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid, or there are more than `MAX_PAIRS` pairs.
    DataError
        If a table lacks a column, or a table of places is invalid.

    Notes
    -----
    One Dijkstra search from each origin, O((states + edges) log states); the other criteria are summed along the
    tree. Where its path enters a country again or uses a link twice, the pair is searched by itself. Times are means,
    which add; for p50 and p90 give a table of pairs, each of which needs a separate search.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import matrix
    >>> matrix(load_network(), ["Altynkol", "Aktau"])
    <Matrix 2 x 2 by generalised: 2 pairs joined>
    >>> matrix(load_network(), pairs=[{"origin": "Altynkol", "destination": "Aktau"}])
    <Pairs: 1, of them 0 with an error>
    """
    conditions = conditions_from(network, avoid=avoid, modes=modes, depart=depart, planned=planned)
    if (origins is None) == (pairs is None) or (pairs is not None and destinations is not None):
        raise QueryError("give origins, with or without destinations, or a table of pairs")
    told, cargo, best_by = progress or (lambda _: None), cargo_given(cargo), objective_given(objective)
    if pairs is not None:
        return answered_pairs(network, pairs, conditions, cargo=cargo, objective=best_by, progress=told)
    starts = places_given(origins, "origins", network.place_index)
    given = starts, starts if destinations is None else places_given(destinations, "destinations", network.place_index)
    if not all(given):
        raise QueryError("there is no origin or no destination; give at least one of each")
    if len(given[0]) * len(given[1]) > MAX_PAIRS:
        raise QueryError(f"{len(given[0])} x {len(given[1])} are more than {MAX_PAIRS} pairs; split the places")
    query = Query(network, given[0][0], given[1][0], cargo, best_by, conditions)
    meta = with_options(query.meta, "from", "to", origins=given[0], destinations=given[1])
    return _Filler(query, *given).fill(told, meta)


@dataclass(frozen=True)
class _End:
    """A place with its country (None for a point) and its terminals."""

    place: str | None
    country: str | None
    ways: list[AccessLeg]


class _Filler:
    """Fills a matrix origin by origin."""

    def __init__(self, query: Query, origins: tuple[str, ...], destinations: tuple[str, ...]) -> None:
        self.query, self.origins, self.destinations = query, origins, destinations
        ends = {text: self._end(text) for text in dict.fromkeys((*origins, *destinations))}
        self.starts, self.ends = ([ends[text] for text in texts] for texts in (origins, destinations))
        self.countries = list(dict.fromkeys(end.country for end in self.ends))
        self.country_of = np.array([self.countries.index(end.country) for end in self.ends], dtype=np.int64)
        self.same = self._same()
        self._kept: dict[int, Destinations] = {}

    def _end(self, text: str) -> _End:
        network = self.query.network
        found = end_of(network, text)
        ways = access_legs(network, self.query.cargo, self.query.conditions.modes, found)
        country = country_of(network, found)
        return _End(found if isinstance(found, str) else None, country, ways)

    def _same(self) -> Bools:
        """Return a mask of the pairs at the same place, or of a place and its own terminal."""
        handled = [self._handled(end) for end in (*self.starts, *self.ends)]
        index = {name: number for number, name in enumerate(sorted(frozenset().union(*handled)))}
        table = np.zeros((len(handled), len(index)), dtype=np.float32)
        for row, names in enumerate(handled):
            table[row, [index[name] for name in names]] = 1
        shared = table[: len(self.starts)] @ table[len(self.starts) :].T
        return np.asarray(shared > 0, dtype=np.bool_)

    def _handled(self, end: _End) -> frozenset[str]:
        """Return the places that an end shares with others at the same place: of a point its nearest terminal."""
        if end.place is None:
            return frozenset(way.place for way in end.ways[:1])
        return frozenset({end.place, *self.query.network.terminals[end.place]})

    def fill(self, progress: Callable[[int], object], meta: Meta) -> Matrix:
        shape = (len(self.origins), len(self.destinations))
        values = np.full((*shape, len(CRITERIA)), np.nan)
        reason = np.full(shape, Reason.NO_PATH, dtype=np.int8)
        graph = self.query.network.graph
        startable = np.array([bool(joined(graph, end.ways, graph.origins)) for end in self.starts])
        endable = np.array([bool(joined(graph, end.ways, graph.destinations)) for end in self.ends])
        spreaders = TreesByParties(self.query)
        # Where nothing but trucks leads, cargo goes by truck.
        trucks = TreesByParties(self.query.relaxed(trucks=True)) if self.query.drayage_only else None
        by_truck = np.zeros(shape, dtype=np.bool_)
        for row, start in enumerate(self.starts):
            if startable[row]:
                wanted = endable & ~self.same[row]
                self._fill_row(spreaders, start, wanted, values[row])
                by_truck[row] = wanted & np.isnan(values[row, :, 0])
                if trucks is not None and by_truck[row].any():
                    self._fill_row(trucks, start, by_truck[row], values[row])
            progress(1)
        joins = np.isfinite(values[:, :, 0])
        reason[joins] = Reason.JOINED
        reason[:, ~endable] = Reason.NO_END
        reason[~startable] = Reason.NO_START
        reason[self.same] = Reason.SAME_PLACE
        time_h, cost_usd, co2e_kg, km = (np.ascontiguousarray(values[:, :, column]) for column in range(len(CRITERIA)))
        ends = tuple(map(shown_name, self.origins)), tuple(map(shown_name, self.destinations))
        numbers = time_h, cost_usd, co2e_kg, km
        return Matrix(*ends, self.query.objective, *numbers, reason, by_truck & joins, meta=meta)

    def _fill_row(self, spreaders: TreesByParties, start: _End, wanted: Bools, values: Floats) -> None:
        """Fill pairs of an origin; destinations whose consignees are subject to the same rules share a tree."""
        by_spreader: dict[int, tuple[TreeBuilder, list[int]]] = {}
        for number in np.unique(self.country_of[wanted]).tolist():
            spreader = spreaders.between(start.country, self.countries[number])
            by_spreader.setdefault(id(spreader), (spreader, []))[1].append(number)
        for spreader, countries in by_spreader.values():
            asked = wanted & np.isin(self.country_of, countries)
            found = deliveries(spreader.spread(start.ways), self._to(spreader), asked)
            values[asked] = found.totals[asked]

    def _to(self, spreader: TreeBuilder) -> Destinations:
        """Return the destinations for the trees of a builder."""
        if id(spreader) not in self._kept:
            self._kept[id(spreader)] = Destinations(spreader, [end.ways for end in self.ends])
        return self._kept[id(spreader)]
