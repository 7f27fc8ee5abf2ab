"""Seeded instances of fronts of two criteria: a grid with whole-number costs, and the railways of the world."""

from typing import NamedTuple

import numpy as np

from landbridge.networks.geodata.bases.railways import rail_base
from landbridge.routing.search.fronts import AccessNode
from landbridge.routing.search.space import SearchSpace

DUISBURG = (6.77, 51.43)
HANNOVER = (9.74, 52.38)
BERLIN = (13.37, 52.53)
_SPEED_KM_H = np.array([60.0, 80.0, 100.0, 120.0])
_USD_KM = np.array([0.5, 0.8, 1.3, 2.0])


class FrontInstance(NamedTuple):
    """Arcs and their criteria, shape (arcs, criteria), and the nodes between which the front is sought."""

    tail: np.ndarray
    head: np.ndarray
    costs: np.ndarray
    source: int
    target: int

    @property
    def space(self) -> SearchSpace:
        """The arcs as a search space."""
        nodes = int(max(self.tail.max(), self.head.max())) + 1
        return SearchSpace(self.tail, self.head, np.arange(len(self.tail), dtype=np.int32), nodes)

    @property
    def ends(self) -> tuple[list[AccessNode], list[AccessNode]]:
        """Where paths start and end."""
        zeros = (0.0,) * self.costs.shape[1]
        return [AccessNode(self.source, zeros)], [AccessNode(self.target, zeros)]


def grid_front(side: int, criteria: int = 2, seed: int = 1) -> FrontInstance:
    """Return a square grid, with arcs both ways, whole-number costs from 1 to 100, from corner to corner."""
    node = np.arange(side * side, dtype=np.int32).reshape(side, side)
    pairs = [(node[:, :-1], node[:, 1:]), (node[:-1], node[1:])]
    ends = np.concatenate([np.column_stack([a.ravel(), b.ravel()]) for a, b in pairs])
    tail, head = np.concatenate([ends, ends[:, ::-1]]).T.copy()
    costs = np.random.default_rng(seed).integers(1, 101, (len(tail), criteria)).astype(np.float64)
    return FrontInstance(tail, head, costs, 0, side * side - 1)


def rail_front(target: tuple[float, float] = HANNOVER, seed: int = 1) -> FrontInstance:
    """Return the railways of the world with hours and USD by a random speed class and tariff, from Duisburg."""
    base, draw = rail_base(), np.random.default_rng(seed)
    speed = _SPEED_KM_H[draw.integers(0, len(_SPEED_KM_H), base.edge_count)]
    tariff = _USD_KM[draw.integers(0, len(_USD_KM), base.edge_count)]
    costs = np.column_stack([base.km / speed, base.km * tariff])
    tail, head = (np.concatenate(ends).astype(np.int32) for ends in ((base.tail, base.head), (base.head, base.tail)))
    (source, end), _ = base.nearest([DUISBURG, target])
    return FrontInstance(tail, head, np.concatenate([costs, costs]), int(source), int(end))
