"""The flow problem and its paths: priced by shortest path trees and stored in flat arrays without duplicates."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import QueryError
from landbridge.routing.flows.solvers.forest import Forest, potentials


@dataclass(frozen=True, eq=False)
class TrafficClass:
    """A graph with the usable arcs and their costs for some commodities.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head
        Ends of the arcs, shape (arcs,).
    edge
        Edge of the problem that an arc uses: several arcs may use one edge (in the product of a graph with stages).
    cost
        Cost per unit of flow on each arc, infinite if closed; shape (arcs,).
    hours
        Cost of an hour of wait per unit of flow, for congestion.
    """

    nodes: int
    tail: NDArray[np.integer]
    head: NDArray[np.integer]
    edge: NDArray[np.integer]
    cost: Floats
    hours: float = 1.0

    @cached_property
    def forest(self) -> Forest:
        """The open arcs, prepared for searching."""
        return Forest(self.nodes, self.tail[self.open_arcs], self.head[self.open_arcs])

    @cached_property
    def open_arcs(self) -> Ints:
        """Arcs of finite cost."""
        return np.flatnonzero(np.isfinite(self.cost))

    @cached_property
    def open_edges(self) -> Ints:
        """Edge of the problem that each open arc uses."""
        return self.edge[self.open_arcs].astype(np.int64)

    @cached_property
    def reduced_cost(self) -> Floats:
        """Cost of each open arc with the potentials of its ends, 0 or more up to rounding."""
        arcs, height = self.open_arcs, self.potential
        if height is None or not np.any(height):
            return self.cost[arcs]
        return np.asarray(self.cost[arcs] + height[self.tail[arcs]] - height[self.head[arcs]], dtype=np.float64)

    def weights(self, edge_price: Floats, *, free: bool, closed: Bools | None) -> Floats:
        """Return the weight of each open arc for a search: its price and, unless free, its reduced cost.

        Parameters
        ----------
        edge_price
            Price of each edge beside its cost, shape (edges,).
        free
            Whether edges cost only this price.
        closed
            Edges that are closed, shape (edges,); None: none.
        """
        weight = edge_price[self.open_edges]
        if not free and self.potential is not None:
            # Rounding may leave a tight arc slightly below 0, which Dijkstra's algorithm does not allow.
            weight = np.maximum(weight + self.reduced_cost, 0.0)
        if closed is not None:
            weight[closed[self.open_edges]] = np.inf
        return weight

    def rise(self, origin: Ints, destination: Ints, *, free: bool) -> Floats:
        """Return what the reduced cost of paths lacks of their cost, by the potentials of their ends."""
        height = self.potential
        return np.zeros(len(origin)) if free or height is None else height[destination] - height[origin]

    @cached_property
    def potential(self) -> Floats | None:
        """Node potentials that make all costs non-negative; None if there is a negative cycle."""
        return potentials(self.nodes, self.tail, self.head, self.cost)


class PathRules(Protocol):
    """Rules of paths that a shortest path tree does not know."""

    @property
    def commodities(self) -> Ints:
        """The commodities to which they apply."""
        ...

    def mended(
        self, commodities: Ints, least: Floats, paths: tuple[Ints, Ints, Floats], edge_price: Floats, *, free: bool
    ) -> tuple[Floats, tuple[Ints, Ints, Floats]]:
        """Return the least prices and the paths (starts, edges, costs), with those that break a rule replaced."""
        ...

    def broken(self, commodities: Ints, start: Ints, edges: Ints) -> Bools:
        """Return which of some paths break a rule, given the commodity of each; shape (paths,)."""
        ...


@dataclass(frozen=True, eq=False)
class Problem:
    """Commodities that share the capacity constraints of a network, as plain arrays.

    Attributes
    ----------
    profiles
        Traffic classes, each shared by all commodities with the same graph.
    uses
        Use of each constraint per unit of flow on each edge, not negative; shape (rows, edges).
    capacity
        Capacity of each constraint, infinite if unlimited; shape (rows,).
    origin, destination, amount
        Nodes (in its class) and amount of each commodity, shape (commodities,).
    profile
        Index of the class of each commodity, shape (commodities,).
    unserved_cost
        Cost per unserved unit, infinite if not allowed; shape (commodities,).
    closed
        Edges closed to all commodities, shape (edges,); None: none. The classes, prepared for searching, stay shared.
    rules
        What paths may not do beyond what the classes say; None: nothing.
    """

    profiles: tuple[TrafficClass, ...]
    uses: csr_array
    capacity: Floats
    origin: Ints
    destination: Ints
    amount: Floats
    profile: Ints
    unserved_cost: Floats
    closed: Bools | None = None
    rules: "PathRules | None" = None

    def __post_init__(self) -> None:
        """Check shapes and values."""
        count = len(self.amount)
        for name in ("origin", "destination", "profile", "unserved_cost"):
            if len(getattr(self, name)) != count:
                raise QueryError(f"{name} has {len(getattr(self, name))} values for {count} commodities")
        if self.uses.shape[0] != len(self.capacity):
            raise QueryError(f"uses has {self.uses.shape[0]} rows and capacity {len(self.capacity)}")
        for name, values in (
            ("amount", self.amount),
            ("capacity", self.capacity),
            ("uses", self.uses.data),
            ("hours", np.array([profile.hours for profile in self.profiles])),
        ):
            # Every comparison with NaN is false, so the test is for valid values.
            if not np.all(values >= 0):
                raise QueryError(f"{name} contains a negative value or NaN; give 0 or more")
        if not np.all(np.isfinite(self.amount)) or np.any(np.isnan(self.unserved_cost)):
            raise QueryError("amounts must be finite, and the cost of unserved demand must be a number")
        for number, profile in enumerate(self.profiles):
            if np.any(np.isnan(profile.cost)) or np.any(np.isneginf(profile.cost)):
                raise QueryError(f"the cost of traffic class {number} contains NaN; close an edge by an infinite cost")

    def __getstate__(self) -> dict[str, object]:
        """Return the stored state: amounts, uses and capacities, without the graph, which the network can rebuild."""
        return {name: value for name, value in vars(self).items() if name in self.__dataclass_fields__} | {
            "profiles": (),
            "rules": None,
        }

    @cached_property
    def used_by(self) -> csr_array:
        """`uses` transposed, shape (edges, rows)."""
        return csr_array(self.uses.T)

    @property
    def commodities(self) -> int:
        """Number of commodities."""
        return len(self.amount)

    @cached_property
    def groups(self) -> list[tuple[TrafficClass, Ints]]:
        """Each class with its commodities that have an amount."""
        wanted = self.amount > 0
        found = [(profile, np.flatnonzero(wanted & (self.profile == n))) for n, profile in enumerate(self.profiles)]
        return [(profile, members) for profile, members in found if len(members)]


@dataclass
class PathPool:
    """Paths found so far.

    Attributes
    ----------
    commodity
        Commodity of each path, shape (paths,).
    cost
        Cost per unit of flow on each, without prices of constraints; shape (paths,).
    edges
        Number of times that each path uses each edge, shape (paths, edges).
    loads
        Use of each constraint per unit of flow, shape (paths, rows).
    """

    problem: Problem
    commodity: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    cost: Floats = field(default_factory=lambda: np.empty(0))
    start: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    path_edges: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    loads: csr_array = field(init=False)
    _seen: set[int] | None = None

    def __post_init__(self) -> None:
        """Begin without paths."""
        self.loads = csr_array((0, len(self.problem.capacity)))

    @classmethod
    def of(cls, problem: Problem, commodity: Ints, start: Ints, edges: Ints, costs: Floats) -> "PathPool":
        """Return the pool of paths that are known and all different.

        Parameters
        ----------
        problem
            The problem of the paths.
        commodity, costs
            Commodity of each path, and its cost per unit of flow; shape (paths,).
        start, edges
            Path i has the edges `edges[start[i]:start[i + 1]]`, in the order of travel.
        """
        found = cls(problem, commodity, costs, start.astype(np.int64), edges.astype(np.int64))
        found.loads = _loads(problem, found.start, found.path_edges)
        return found

    def kept(self, problem: Problem, chosen: Ints) -> "PathPool":
        """Return a pool of some of these paths for a problem that differs in amounts, capacities and closed edges."""
        where, first = slices(self.start, chosen)
        found = PathPool(problem, self.commodity[chosen], self.cost[chosen], first, self.path_edges[where])
        found.loads = csr_array(self.loads[chosen])
        return found

    def using(self, edges: Bools) -> Bools:
        """Return which paths use any of some edges, shape (paths,)."""
        return np.asarray(self.edges @ edges.astype(np.float64) > 0, dtype=np.bool_)

    def __len__(self) -> int:
        """Return the number of paths."""
        return len(self.commodity)

    def path(self, number: int) -> Ints:
        """Return the edges of a path in the order of travel."""
        return self.path_edges[self.start[number] : self.start[number + 1]]

    @property
    def edges(self) -> csr_array:
        """Number of times that each path uses each edge, shape (paths, edges)."""
        return csr_array(
            (np.ones(len(self.path_edges)), self.path_edges, self.start),
            shape=(len(self), self.problem.uses.shape[1]),
        )

    def priced(
        self, row_price: Floats, *, free: bool = False, among: Bools | None = None
    ) -> tuple[Floats, "PricedPaths"]:
        """Return the least price per unit of each commodity, and the paths with this price.

        Parameters
        ----------
        row_price
            Price per unit of each constraint, shape (rows,).
        free
            Whether edges cost only the prices of their constraints.
        among
            Commodities to price, shape (commodities,); None: all. The price of others is infinite.
        """
        problem = self.problem
        edge_price = row_price @ problem.uses
        open_price = edge_price if problem.closed is None else np.where(problem.closed, np.inf, edge_price)
        least = np.full(problem.commodities, np.inf)
        parts = []
        for profile, each in problem.groups:
            members = each if among is None else each[among[each]]
            if not len(members):
                continue
            start, end = problem.origin[members], problem.destination[members]
            found = profile.forest.paths(profile.weights(edge_price, free=free, closed=problem.closed), start, end)
            least[members] = found.weight + profile.rise(start, end, free=free)
            arcs = profile.open_arcs[found.arcs]
            paths = found.start, profile.open_edges[found.arcs], profile.cost[arcs]
            if problem.rules is not None:
                least[members], paths = problem.rules.mended(members, least[members], paths, open_price, free=free)
            parts.append((members, *paths))
        return least, PricedPaths.of(parts)

    def add(self, batch: "PricedPaths", wanted: Bools) -> Ints:
        """Add those paths of a batch that are wanted (by commodity) and new, and return their indices."""
        if self._seen is None:
            self._seen = set(path_keys(self.commodity, self.start, self.path_edges).tolist())
        keys = path_keys(batch.commodity, batch.start, batch.edges)
        chosen = []
        for number in np.flatnonzero(wanted[batch.commodity] & (np.diff(batch.start) > 0)).tolist():
            before = len(self._seen)
            self._seen.add(int(keys[number]))
            if len(self._seen) > before:
                chosen.append(number)
        if not chosen:
            return np.empty(0, dtype=np.int64)
        where, first = slices(batch.start, np.array(chosen))
        edges = batch.edges[where]
        new_loads = _loads(self.problem, first, edges)
        before = len(self)
        self.commodity = np.concatenate([self.commodity, batch.commodity[chosen]])
        self.cost = np.concatenate([self.cost, np.add.reduceat(batch.costs[where], first[:-1])])
        self.start = np.concatenate([self.start, self.start[-1] + first[1:]])
        self.path_edges = np.concatenate([self.path_edges, edges])
        self.loads = stacked(self.loads, new_loads)
        return np.arange(before, len(self))


def _loads(problem: Problem, start: Ints, edges: Ints) -> csr_array:
    """Return the use of each constraint per unit of flow on some paths, shape (paths, rows)."""
    incidence = csr_array((np.ones(len(edges)), edges, start), shape=(len(start) - 1, problem.uses.shape[1]))
    found = csr_array(incidence @ problem.used_by)
    found.sum_duplicates()
    return found


def path_keys(commodity: Ints, start: Ints, edges: Ints) -> NDArray[np.uint64]:
    """Return a number for each path that tells it from other paths of its commodity by its edges; shape (paths,).

    Two different paths have the same with a chance of 1 in 2^64.
    """
    total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(_scattered(edges))])
    # Commodities are scattered twice, as their numbers are also those of edges.
    return _scattered(total[start[1:]] - total[start[:-1]] + _scattered(_scattered(commodity)))


def _scattered(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Return 64 bits that look random for each number (the finalizer of MurmurHash3, Appleby 2011)."""
    bits = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        bits = (bits ^ (bits >> np.uint64(33))) * np.uint64(factor)
    return bits ^ (bits >> np.uint64(33))


def slices(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Return the indices of the items of some of the lists `start[i]:start[i + 1]`, and where those of each begin."""
    lengths = np.diff(start)[chosen]
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.repeat(start[chosen] - first[:-1], lengths) + np.arange(first[-1]), first


@dataclass(frozen=True)
class PricedPaths:
    """Paths returned by pricing: the commodity of each, and its slice of `edges` and `costs`."""

    commodity: Ints
    start: Ints
    edges: Ints
    costs: Floats

    def loads(self, problem: Problem) -> csr_array:
        """Return the use of each constraint per unit of flow, shape (paths, rows)."""
        return _loads(problem, self.start, self.edges)

    @classmethod
    def of(cls, parts: list[tuple[Ints, Ints, Ints, Floats]]) -> "PricedPaths":
        """Join the paths of several classes."""
        if not parts:
            nothing = np.empty(0, dtype=np.int64)
            return cls(nothing, np.zeros(1, dtype=np.int64), nothing, np.empty(0))
        lengths = np.concatenate([np.diff(start) for _, start, _, _ in parts])
        return cls(
            np.concatenate([members for members, *_ in parts]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.concatenate([edges for _, _, edges, _ in parts]).astype(np.int64),
            np.concatenate([costs for *_, costs in parts]),
        )


def stacked(above: csr_array, below: csr_array) -> csr_array:
    """Return the rows of one matrix followed by those of another."""
    return csr_array(
        (
            np.concatenate([above.data, below.data]),
            np.concatenate([above.indices, below.indices]),
            np.concatenate([above.indptr, above.indptr[-1] + below.indptr[1:]]),
        ),
        shape=(above.shape[0] + below.shape[0], above.shape[1]),
    )
