"""OD matrix: time, cost, emissions and distance between all pairs of places, along the best path by an objective."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import Meta, with_options
from landbridge.networks.network import Network
from landbridge.networks.places.place_lists import PlacesLike, places_given
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.access import AccessLeg, access_legs, nearest_terminal
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.ends import joined
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import ObjectiveName, Weights
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode, Query
from landbridge.routing.questions.one_to_all import CRITERIA, OriginTree, TreeBuilder, TreesByParties, access_criteria
from landbridge.routing.questions.pairs import Pairs, answered_pairs

if TYPE_CHECKING:
    import pandas as pd

    from landbridge.networks.tables.records import TableLike

MAX_PAIRS: Final = 4_000_000
"""Maximum number of pairs of a matrix, whose numbers need 160 MB."""

COLUMNS: Final = ("origin", "destination", "time_mean_h", "cost_usd", "co2e_kg", "distance_km", "reason")
"""Columns of a matrix as a table."""

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
    Reason.NO_START: "no terminal at the origin",
    Reason.NO_END: "no terminal at the destination",
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
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    objective: str | Weights
    time_mean_h: Floats
    cost_usd: Floats
    co2e_kg: Floats
    distance_km: Floats
    reason: NDArray[np.int8]

    def __repr__(self) -> str:
        """Return the sizes."""
        joined = int((self.reason == Reason.JOINED).sum())
        return f"<Matrix {len(self.origins)} x {len(self.destinations)} by {self.objective}: {joined} pairs joined>"

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
            for destination, values, reason in zip(self.destinations, numbers, self.reason[i].tolist(), strict=True):
                rounded = tuple(round(value, _DECIMALS) for value in values)
                shown = rounded if reason == Reason.JOINED else (None,) * len(columns)
                yield (origin, destination, *shown, Reason(reason).text or None)

    def tables(self) -> Sequence[RecordTable]:
        """Return a row for each pair; cells are blank if a pair has no path."""
        rows = RecordTable("matrix", lambda: (dict(zip(COLUMNS, row, strict=True)) for row in self.rows()), COLUMNS)
        return (rows,)

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
    objective: ObjectiveName | Weights = "time",
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
    objective: ObjectiveName | Weights = "time",
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
    objective: ObjectiveName | Weights = "time",
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
        CSV file, with a column `place`. Every origin is combined with every destination; without destinations the
        origins are used for both.
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
    tree. Times are means, which add; for p50 and p90 give a table of pairs, each of which needs a separate search.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import matrix
    >>> matrix(load_network(), ["Altynkol", "Aktau"])
    <Matrix 2 x 2 by time: 2 pairs joined>
    >>> matrix(load_network(), pairs=[{"origin": "Altynkol", "destination": "Aktau"}])
    <Pairs: 1, of them 0 with an error>
    """
    conditions = conditions_from(network, avoid=avoid, modes=modes, depart=depart, planned=planned)
    if (origins is None) == (pairs is None) or (pairs is not None and destinations is not None):
        raise QueryError("give origins, with or without destinations, or a table of pairs")
    told, cargo = progress or (lambda _: None), cargo_given(cargo)
    if pairs is not None:
        return answered_pairs(network, pairs, conditions, cargo=cargo, objective=objective, progress=told)
    starts = places_given(origins, "origins", network.place_index)
    given = starts, starts if destinations is None else places_given(destinations, "destinations", network.place_index)
    if not all(given):
        raise QueryError("there is no origin or no destination; give at least one of each")
    if len(given[0]) * len(given[1]) > MAX_PAIRS:
        raise QueryError(f"{len(given[0])} x {len(given[1])} are more than {MAX_PAIRS} pairs; split the places")
    query = Query(network, given[0][0], given[1][0], cargo, objective, conditions)
    meta = with_options(query.meta, "from", "to", origins=given[0], destinations=given[1])
    return _Filler(query, *given).fill(told, meta)


@dataclass(frozen=True)
class _End:
    """A place with its country (None for a point) and its terminals."""

    place: str | None
    nearest: str
    country: str | None
    ways: list[AccessLeg]


class _Filler:
    """Fills a matrix origin by origin."""

    def __init__(self, query: Query, origins: tuple[str, ...], destinations: tuple[str, ...]) -> None:
        self.query, self.origins, self.destinations = query, origins, destinations
        self.spreaders = TreesByParties(query)
        ends = {text: self._end(text) for text in dict.fromkeys((*origins, *destinations))}
        self.starts, self.ends = ([ends[text] for text in texts] for texts in (origins, destinations))
        # Each access leg of a destination is a node with the totals of the leg; `owner` is the destination.
        graph = query.network.graph
        kept = [
            (number, way, node)
            for number, end in enumerate(self.ends)
            for way, node in joined(graph, end.ways, graph.destinations)
        ]
        self.owner = np.array([number for number, _, _ in kept], dtype=np.int64)
        self.node = np.array([node for _, _, node in kept], dtype=np.int64)
        self.access = np.array([access_criteria(way) for _, way, _ in kept]).reshape(-1, len(CRITERIA))
        self.access_weight = np.array([query.access_weight(way.costs) for _, way, _ in kept], dtype=np.float64)
        countries = [self.ends[number].country for number, _, _ in kept]
        self.ways_of_country = {
            country: np.flatnonzero([country == other for other in countries]) for country in dict.fromkeys(countries)
        }
        self.same = self._same()

    def _end(self, text: str) -> _End:
        network = self.query.network
        found = network.place_index.resolve(text)
        ways = access_legs(network, self.query.cargo, self.query.conditions.modes, found)
        if isinstance(found, str):
            return _End(found, found, network.places[found]["country"], ways)
        return _End(None, nearest_terminal(network, found), None, ways)

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
        return frozenset({end.nearest, *(self.query.network.terminals[end.place] if end.place else ())})

    def fill(self, progress: Callable[[int], object], meta: Meta) -> Matrix:
        shape = (len(self.origins), len(self.destinations))
        values = np.full((*shape, len(CRITERIA)), np.nan)
        reason = np.full(shape, Reason.NO_PATH, dtype=np.int8)
        for row, start in enumerate(self.starts):
            self._fill_row(start, values[row])
            progress(1)
        reason[np.isfinite(values[:, :, 0])] = Reason.JOINED
        graph = self.query.network.graph
        startable = [bool(joined(graph, end.ways, graph.origins)) for end in self.starts]
        reason[:, np.bincount(self.owner, minlength=shape[1]) == 0] = Reason.NO_END
        reason[~np.array(startable)] = Reason.NO_START
        reason[self.same] = Reason.SAME_PLACE
        values[reason != Reason.JOINED] = np.nan
        time_h, cost_usd, co2e_kg, km = (np.ascontiguousarray(values[:, :, column]) for column in range(len(CRITERIA)))
        ends = self.origins, self.destinations
        return Matrix(*ends, self.query.objective, time_h, cost_usd, co2e_kg, km, reason, meta=meta)

    def _fill_row(self, start: _End, values: Floats) -> None:
        """Fill the pairs of an origin; destinations whose consignees are subject to the same rules share a tree."""
        by_spreader: dict[int, tuple[TreeBuilder, list[Ints]]] = {}
        for country, ways in self.ways_of_country.items():
            spreader = self.spreaders.between(start.country, country)
            by_spreader.setdefault(id(spreader), (spreader, []))[1].append(ways)
        for spreader, parts in by_spreader.values():
            self._take(spreader.spread(start.ways), np.concatenate(parts), values)

    def _take(self, spread: OriginTree, ways: Ints, values: Floats) -> None:
        """Write the totals of the best access leg of each destination."""
        weight = spread.weight[self.node[ways]] + self.access_weight[ways]
        order = np.lexsort((weight, self.owner[ways]))
        best = ways[order][np.diff(self.owner[ways][order], prepend=-1) != 0]
        values[self.owner[best]] = spread.totals[self.node[best]] + self.access[best]
