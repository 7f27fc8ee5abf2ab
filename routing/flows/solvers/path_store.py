"""The commodities and paths of an equilibrium in few flat arrays, which grow and are packed within a limit of memory."""

from typing import TYPE_CHECKING, Any

import numpy as np

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.routing.flows.solvers.path_shifts import (
    EDGES,
    FREE,
    NO_PATH,
    PATH,
    PATHS,
    ROWS,
    WASTE,
    Paths,
    pack,
)

if TYPE_CHECKING:
    from landbridge.routing.flows.solvers.problem import Problem

MB = 1_000_000
_GROWTH, _TIGHT = 1.5, 0.75
_FIRST_LENGTH = 8
"""Edges per commodity for which there is room at first."""


class MemoryLimitError(Exception):
    """The paths need more memory than is allowed."""


class PathStore:
    """The arrays of `Paths`, with room for more.

    Parameters
    ----------
    pair
        The commodities, records of `PAIR`.
    weighted
        Whether the uses of rows are kept because some are not 1.
    others
        Bytes that other arrays of the solver need, which count for the limit.
    limit
        Most bytes of all; None: no limit.
    """

    def __init__(self, pair: "np.ndarray[Any, Any]", *, weighted: bool, others: int, limit: float | None) -> None:
        self._others, self._limit, self._weighted = others + pair.nbytes, limit, weighted
        count, room = len(pair) + len(pair) // 4 + 64, _FIRST_LENGTH * len(pair) + 1024
        self._allow(count * PATH.itemsize + room * self._bytes_per_edge)
        self.paths = Paths(
            pair,
            np.zeros(count, dtype=PATH),
            np.zeros(room, dtype=np.int32),
            np.zeros(room if weighted else 0),
            np.zeros(room, dtype=np.int32),
            np.array([0, NO_PATH, 0, 0, 0], dtype=np.int64),
        )

    @property
    def _bytes_per_edge(self) -> int:
        return 16 if self._weighted else 8

    def _allow(self, more: float) -> None:
        """Check that so many bytes more are within the limit."""
        if self._limit is not None and self._others + more > self._limit:
            raise MemoryLimitError

    def make_room(self) -> None:
        """Pack the lists if over half of them is not used any more, and make those longer that are nearly full.

        Raises
        ------
        MemoryLimitError
            If the arrays would be larger than allowed.
        """
        paths = self.paths
        if 2 * paths.count[WASTE] > paths.count[EDGES]:
            self._pack()
        own = self.paths
        used = own.count[[PATHS, ROWS, EDGES]].tolist()
        room = [len(own.path), len(own.rows), len(own.edges)]
        tight = [n for n in range(3) if used[n] > _TIGHT * room[n]]
        # A path longer than all before may need room although none of the lists is nearly full.
        for place in tight or range(3):
            room[place] = int(_GROWTH * room[place])
        per_row = self._bytes_per_edge - 4
        self._allow(room[0] * PATH.itemsize + room[1] * per_row + room[2] * 4)
        own.path.resize(room[0], refcheck=False)
        own.rows.resize(room[1], refcheck=False)
        own.edges.resize(room[2], refcheck=False)
        if self._weighted:
            own.uses.resize(room[1], refcheck=False)

    def _pack(self) -> None:
        """Put the paths of each commodity after one another, without gaps."""
        own, (order, owner) = self.paths, self.in_order()
        packed = own._replace(**{name: np.zeros_like(getattr(own, name)) for name in ("path", "rows", "uses", "edges")})
        pack(order, own, packed)
        path = packed.path[: len(order)]
        new = np.append(True, owner[1:] != owner[:-1])[: len(order)]
        path["next"] = np.where(np.append(new[1:], True), NO_PATH, np.arange(1, len(order) + 1))
        own.pair["first"][owner[new]] = np.flatnonzero(new)
        own.count[:] = len(order), NO_PATH, path["rows"].sum(), np.maximum(path["edges"], 0).sum(), 0
        self.paths = packed

    def in_order(self) -> tuple[Ints, Ints]:
        """Return the paths by commodity, and the commodity of each."""
        own = self.paths
        following, rank = own.path["next"], 0
        at, owner = own.pair["first"].astype(np.int64), np.arange(len(own.pair))
        parts = []
        while len(going := np.flatnonzero(at != NO_PATH)):
            at, owner = at[going], owner[going]
            parts.append((at, owner, np.full(len(at), rank)))
            at, rank = following[at].astype(np.int64), rank + 1
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        places, owners, ranks = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((ranks, owners))
        return places[order], owners[order]

    def edges_of(self, chosen: Ints) -> tuple[Ints, Indices]:
        """Return the starts of some paths in a list of edges, and that list."""
        own = self.paths
        ends = np.cumsum(own.path["edges"][chosen], dtype=np.int64)
        nothing = own.rows[:0]
        into = own._replace(
            path=np.zeros(len(chosen), PATH), rows=nothing, edges=np.zeros(int(ends[-1]) if len(ends) else 0, np.int32)
        )
        pack(chosen, own, into)
        return np.append(0, ends).astype(np.int64), into.edges
