"""The state graph: states of cargo and the edges between them, in flat arrays."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.graph.links import in_season
from landbridge.networks.memo import Memo
from landbridge.networks.times.distributions import TimeDistribution
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates


class StateKind(IntEnum):
    """Status of cargo in a state."""

    ORIGIN = 0
    READY = 1
    BOARDED = 2
    ON_BOARD = 3
    CROSSING = 4
    DESTINATION = 5


class EdgeKind(IntEnum):
    """Kind of an edge."""

    HAUL = 0
    OPERATION = 1
    WAIT = 2


class State(NamedTuple):
    """A node of the state graph; `step` distinguishes the steps of a crossing."""

    kind: StateKind
    place: str
    service: str | None = None
    gauge: int | None = None
    regime: str | None = None
    step: str | None = None


class Edge(NamedTuple):
    """An edge before it is stored in the arrays; `row` is the index of the link, operation or service."""

    tail: int
    head: int
    kind: EdgeKind
    row: int
    backward: bool
    classes: int


class Carriage(NamedTuple):
    """The service, gauge and consignment note with which cargo travels."""

    service: str
    gauge: int | None
    regime: str | None


@dataclass(frozen=True, eq=False)
class StateGraph(Memo):
    """The state graph in flat arrays; edges are sorted by tail and head (CSR).

    Attributes
    ----------
    states
        The nodes.
    places, place_country, place_lon
        Ids of the places with their country (blank at sea) and longitude; `state_place`, `edge_from` and `edge_to` are
        indices into it.
    origins, destinations
        Node of each place at which cargo is with the consignor or consignee, shape (places,), -1 if there is none.
    indptr, head
        Edges of node i are `indptr[i]:indptr[i + 1]`; they lead to `head`.
    kind, row, backward, classes
        Kind of the edge (`EdgeKind`), index of its link, operation or service, whether it runs from `to` to `from`,
        and the mask of the cargo classes to which it applies; each of shape (edges,).
    length_km, time_mean_h, time_sd_h, time_shape, factor, factor_share
        Length, time distribution, index into `factors` (-1: none) and the factor's share of the variance.
    traffic
        Traffic states of the edges that have any, of which their time is the mixture.
    opening_mean_h, opening_sd_h
        Wait for the opening of the link included in the time of a haul. A dated query, which computes the wait exactly,
        subtracts it (means and variances). Times of operations are as published, with no such wait added.
    countries
        Whether an edge passes a country, shape (edges, countries), columns as `country_codes`.
    valid_from, valid_to, season_from, season_to
        Days (proleptic ordinals) and days of the year (100 * month + day; 0: all year) on which an edge is open.
    neutral
        Whether passing a place neither enters nor leaves its country, shape (places,).
    tags
        Edges of each crossing: a pair of countries `CN-KZ`, the pair by a mode `CN-KZ:rail`, a passage, a link id.
    """

    states: tuple[State, ...]
    places: tuple[str, ...]
    place_country: NDArray[np.str_]
    place_lon: Floats
    state_place: Indices
    origins: Indices
    destinations: Indices
    indptr: Indices
    tail: Indices
    head: Indices
    kind: NDArray[np.int8]
    row: Indices
    backward: Bools
    classes: NDArray[np.uint8]
    length_km: Floats
    time_mean_h: Floats
    time_sd_h: Floats
    time_shape: Floats
    factor: Indices
    factor_share: Floats
    factors: tuple[str, ...]
    traffic: dict[int, TrafficStates]
    opening_mean_h: Floats
    opening_sd_h: Floats
    countries: Bools
    country_codes: tuple[str, ...]
    valid_from: Indices
    valid_to: Indices
    season_from: NDArray[np.int16]
    season_to: NDArray[np.int16]
    neutral: NDArray[np.bool_]
    tags: dict[str, Indices]

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.head)

    @cached_property
    def edge_from(self) -> Indices:
        """Index of the place where each edge starts."""
        return self.state_place[self.tail]

    @cached_property
    def edge_to(self) -> Indices:
        """Index of the place where each edge ends."""
        return self.state_place[self.head]

    @cached_property
    def entered(self) -> NDArray[np.bool_]:
        """Whether an edge is in a country for the rule that none is entered again, shape (edges, countries).

        As `countries`, but for edges from or to a neutral place, which are in none.
        """
        passing = self.neutral[self.edge_from] | self.neutral[self.edge_to]
        return np.asarray(self.countries & ~passing[:, None], dtype=np.bool_)

    @cached_property
    def place_index(self) -> dict[str, int]:
        """Index of each place by its id."""
        return {place: index for index, place in enumerate(self.places)}

    def duration(self, edge: int) -> Duration:
        """Return the time of an edge with its shared factor and traffic states."""
        time = TimeDistribution(
            float(self.time_mean_h[edge]), float(self.time_sd_h[edge]), float(self.time_shape[edge])
        )
        factor = self.factors[self.factor[edge]] if self.factor[edge] >= 0 else None
        return Duration(time, factor, float(self.factor_share[edge]), self.traffic.get(edge))

    def from_rows(
        self,
        *,
        hauls: ArrayLike = 0,
        operations: ArrayLike = 0,
        waits: ArrayLike = 0,
        dtype: DTypeLike = np.bool_,
        columns: int | None = None,
    ) -> NDArray[Any]:
        """Return for each edge the value of its link, operation or service, shape (edges,) or (edges, columns).

        Parameters
        ----------
        hauls, operations, waits
            A value (or one for each column) of each row of the tables `links`, `operations` and `services`, or one
            value for all of them.
        dtype, columns
            Type of the values, and their number per row.
        """
        found = np.zeros(self.edges if columns is None else (self.edges, columns), dtype=dtype)
        for (edges, rows), values in zip(self._of_kinds, (hauls, operations, waits), strict=True):
            of_rows = np.asarray(values, dtype=dtype)
            if len(edges) and (of_rows.ndim or of_rows):
                found[edges] = of_rows[rows] if of_rows.ndim else of_rows
        return found

    @cached_property
    def _of_kinds(self) -> list[tuple[Indices, Indices]]:
        """The edges of each kind, and their rows."""
        of_kinds = [np.flatnonzero(self.kind == kind).astype(np.int32) for kind in EdgeKind]
        return [(edges, self.row[edges]) for edges in of_kinds]

    def open_on(self, day: date, *, seasonal: bool) -> Bools:
        """Return a mask of the edges that are open on a day, shape (edges,).

        Parameters
        ----------
        day
            The day.
        seasonal
            Whether edges with a season are open in their season; otherwise they are closed all year.
        """
        ordinal, month_day = day.toordinal(), day.month * 100 + day.day
        valid = (self.valid_from <= ordinal) & (ordinal <= self.valid_to)
        if not seasonal:
            return np.asarray(valid & (self.season_from == 0), dtype=np.bool_)
        within = in_season(month_day, self.season_from, self.season_to)
        return np.asarray(valid & (within | (self.season_from == 0)), dtype=np.bool_)
