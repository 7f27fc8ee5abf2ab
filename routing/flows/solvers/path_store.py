"""The commodities and paths of an equilibrium in few flat arrays, which grow within a limit of memory."""

from typing import Any

import numpy as np

from landbridge.networks.arrays import Ints
from landbridge.routing.flows.solvers.path_shifts import (
    EDGES,
    NO_PATH,
    PATH,
    PATHS,
    ROWS,
    WASTE,
    Paths,
    in_order,
    pack,
)

MB = 1_000_000
_GROWTH, _TIGHT = 1.25, 0.75
_FIRST_LENGTH = 8
"""Edges per commodity for which there is room at first."""


class MemoryLimitError(Exception):
    """The paths need more memory than is allowed; its text is how many megabytes."""


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
            raise MemoryLimitError(f"{(self._others + more) / MB:.3g}")

    def make_room(self) -> None:
        """Pack the lists if over half of them is not used any more, and make those longer that are nearly full.

        Raises
        ------
        MemoryLimitError
            If the arrays would be larger than allowed.
        """
        paths = self.paths
        if 2 * paths.tally[WASTE] > paths.tally[EDGES]:
            self._pack()
        own = self.paths
        used = own.tally[[PATHS, ROWS, EDGES]].tolist()
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
        own = self.paths
        order, owner = in_order(1, own)
        packed = own._replace(**{name: np.zeros_like(getattr(own, name)) for name in ("path", "rows", "uses", "edges")})
        pack(order, own, packed)
        _chain(packed.path[: len(order)], own.pair, owner)
        used = packed.path[: len(order)]
        own.tally[:] = len(order), NO_PATH, used["rows"].sum(), np.maximum(used["edges"], 0).sum(), 0
        self.paths = packed

    def several(self) -> tuple[Paths, Ints]:
        """Return the commodities with several paths, in arrays of their own, and where their paths are in the others.

        Sweeps over them read memory in its order, which takes a third of the time.
        """
        own = self.paths
        order, owner = in_order(2, own)
        pair, new = np.unique(owner, return_inverse=True)
        rows = int(own.path["rows"][order].sum())
        into = own._replace(
            pair=own.pair[pair],
            path=np.empty(len(order), PATH),
            rows=np.empty(rows, np.int32),
            uses=np.empty(rows if self._weighted else 0),
            edges=own.edges[:0],
        )
        pack(order, own, into)
        _chain(into.path, into.pair, new)
        return into, order


def _chain(path: "np.ndarray[Any, Any]", pair: "np.ndarray[Any, Any]", owner: Ints) -> None:
    """Set the first path of each commodity and the next one of each path, given the commodity of each in order."""
    new = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    path["next"] = np.where(np.append(new[1:], True)[: len(owner)], NO_PATH, np.arange(1, len(owner) + 1))
    pair["first"][owner[new]] = np.flatnonzero(new)
