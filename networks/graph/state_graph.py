"""The state graph: states of cargo and the edges between them, in flat arrays."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class StateKind(IntEnum):
    """Where cargo is in a state."""

    ORIGIN = 0
    READY = 1
    BOARDED = 2
    ON_BOARD = 3
    CROSSING = 4
    DESTINATION = 5


class EdgeKind(IntEnum):
    """What happens on an edge."""

    HAUL = 0
    OPERATION = 1
    WAIT = 2


class State(NamedTuple):
    """A node of the state graph; `step` tells the steps of a crossing apart."""

    kind: StateKind
    place: str
    service: str | None = None
    gauge: int | None = None
    regime: str | None = None
    step: str | None = None


class Edge(NamedTuple):
    """An edge before it goes into the arrays; `row` is the index of the link, operation or service."""

    tail: int
    head: int
    kind: EdgeKind
    row: int
    backward: bool
    classes: int


class Carriage(NamedTuple):
    """The service, gauge and note that cargo travels in."""

    service: str
    gauge: int | None
    regime: str | None


@dataclass(frozen=True, eq=False)
class StateGraph:
    """The state graph in flat arrays; edges are sorted by tail and head (CSR).

    Attributes
    ----------
    states
        The nodes.
    places, place_country, place_lon
        Ids of the places with their country (blank at sea) and longitude; `state_place`, `edge_from` and `edge_to` are
        indices into it.
    origins, destinations
        Node of each place where cargo is with the consignor or consignee, shape (places,), -1 where none is.
    indptr, head
        Edges of node i are `indptr[i]:indptr[i + 1]`; they lead to `head`.
    kind, row, backward, classes
        What an edge is (`EdgeKind`), the index of its link, operation or service, whether it runs from `to` to
        `from`, and the mask of the cargo classes that it holds for; each of shape (edges,).
    length_km, time_mean_h, time_sd_h, time_shape, factor, factor_share
        Length, time distribution, index into `factors` (-1: none) and the factor's share of the variance.
    opening_mean_h, opening_sd_h
        Of hauls: the wait for the opening of the link that is in their time; a query with a date, which waits exactly,
        takes it off (mean off mean, variance off variance). Operations are as published and hold none of their own.
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
    place_lon: NDArray[np.float64]
    state_place: NDArray[np.int32]
    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    indptr: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    kind: NDArray[np.int8]
    row: NDArray[np.int32]
    backward: NDArray[np.bool_]
    classes: NDArray[np.uint8]
    length_km: NDArray[np.float64]
    time_mean_h: NDArray[np.float64]
    time_sd_h: NDArray[np.float64]
    time_shape: NDArray[np.float64]
    factor: NDArray[np.int32]
    factor_share: NDArray[np.float64]
    factors: tuple[str, ...]
    opening_mean_h: NDArray[np.float64]
    opening_sd_h: NDArray[np.float64]
    countries: NDArray[np.bool_]
    country_codes: tuple[str, ...]
    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    season_from: NDArray[np.int16]
    season_to: NDArray[np.int16]
    neutral: NDArray[np.bool_]
    tags: dict[str, NDArray[np.int32]]

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.head)

    @cached_property
    def edge_from(self) -> NDArray[np.int32]:
        """Index of the place where each edge starts."""
        return self.state_place[self.tail]

    @cached_property
    def edge_to(self) -> NDArray[np.int32]:
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

    def open_on(self, day: date, *, seasonal: bool) -> NDArray[np.bool_]:
        """Return which edges are open on a day, shape (edges,).

        Parameters
        ----------
        day
            The day that validity is asked for.
        seasonal
            Whether edges with a season are open in their season; otherwise they are shut all year.
        """
        ordinal, month_day = day.toordinal(), day.month * 100 + day.day
        valid = (self.valid_from <= ordinal) & (ordinal <= self.valid_to)
        if not seasonal:
            return np.asarray(valid & (self.season_from == 0), dtype=np.bool_)
        after, before = self.season_from <= month_day, month_day <= self.season_to
        within = np.where(self.season_from <= self.season_to, after & before, after | before)
        return np.asarray(valid & (within | (self.season_from == 0)), dtype=np.bool_)
