"""The search for an equilibrium on compact paths: its arrays, its rounds and how it ends."""

import time
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.networks.errors import QueryError
from landbridge.networks.words import counted
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.path_pricing import (
    GROUP,
    LEAST,
    PAID,
    Uses,
    add_path,
    price_groups,
    replay,
    span_tree,
)
from landbridge.routing.flows.solvers.path_shifts import (
    CURVE,
    NO_PATH,
    NOT_SERVED,
    PAIR,
    Net,
    Paths,
    Rows,
    edge_flows,
    edges_of,
    in_order,
    leap,
    price_of,
    reload,
    rescale,
    settle_all,
    spare,
    sweep,
)
from landbridge.routing.flows.solvers.path_store import MB, MemoryLimitError, PathStore
from landbridge.routing.flows.solvers.path_trees import Arcs, Tree
from landbridge.routing.flows.solvers.problem import Problem
from landbridge.routing.resources.delay_kinds import BPR, NONE
from landbridge.routing.resources.delays import DelayFunctions
from landbridge.routing.search.compilation import WORKSPACE_FULL

_MAX_ROUNDS: Final = 400
_MAX_SWEEPS: Final = 30
_INNER: Final = 0.1
"""Fraction of the gap, or of that wanted, which sweeps over known paths must reach before others are searched."""
_SLIGHT: Final = 0.25
"""Fraction of what sweeps must reach that the commodities may have together which are left as they are."""
_COSTLY_TREES: Final = 1000
"""Arcs searched for each commodity from which paths without flow are kept: sweeps cost less than finding them again."""
_NEAR: Final = 3.0
"""The gap is measured at fixed prices once an estimate is within this multiple of the gap wanted."""
_MARGIN: Final = 0.05
"""A path must be cheaper than all known by this fraction of the gap wanted."""
_TINY: Final = 1e-12
_BEFORE_LEAP: Final = 5
_MOST_LEAPS: Final = 64.0
_GROUPS_AT_ONCE: Final = 256
"""Groups after which the clock is looked at, and an interrupt is noticed."""


class Ended(NamedTuple):
    """How a search ended."""

    status: FlowStatus
    message: str
    gap: float
    rounds: int
    time_s: float


@dataclass(frozen=True, eq=False)
class KnownPaths:
    """Paths with their flows.

    Attributes
    ----------
    commodity, flow, cost
        Commodity of each path, flow on it, and cost per unit without waits; shape (paths,).
    start, edges
        Path i has the edges `edges[start[i]:start[i + 1]]`, in the order of travel.
    unserved, amount
        Amount of each commodity, and what of it is not carried, shape (commodities,).
    """

    commodity: Ints
    start: Ints
    edges: Indices
    cost: Floats
    flow: Floats
    unserved: Floats
    amount: Floats
    edge_count: int

    @classmethod
    def of_flow(cls, flow: Flow) -> "KnownPaths":
        """Return the paths of a flow."""
        pool, problem = flow.pool, flow.problem
        edges = pool.path_edges.astype(np.int32)
        counts = problem.amount, problem.uses.shape[1]
        return cls(pool.commodity, pool.start, edges, pool.cost, flow.flow, flow.unserved, *counts)


class PathEquilibrium:
    """The search; arguments as in `landbridge.routing.flows.solvers.equilibrium.equilibrium`."""

    def __init__(
        self,
        problem: Problem,
        delays: DelayFunctions,
        *,
        system: bool,
        gap: float,
        time_limit_s: float | None,
        max_memory_mb: float | None,
        start: KnownPaths | None,
    ) -> None:
        self.problem, self.delays, self.system = problem, delays, system
        self.gap_wanted, self.time_limit_s, self._start = gap, time_limit_s, start
        self._limit = None if max_memory_mb is None else max_memory_mb * MB
        self.without_path = np.zeros(0, dtype=np.int64)
        self.started, self.rounds, self.gap = time.perf_counter(), 0, np.inf
        if start is not None and (len(start.amount), start.edge_count) != (problem.commodities, problem.uses.shape[1]):
            raise QueryError(
                f"start has {len(start.amount)} commodities and {start.edge_count} edges, and the problem"
                f" {problem.commodities} and {problem.uses.shape[1]}; start from flows of the same demand and network"
            )
        hours = np.array([profile.hours for profile in problem.profiles])[problem.profile]
        if system and problem.amount.sum() > 0:
            hours = np.full(problem.commodities, float(np.average(hours, weights=problem.amount)))
        self.value_of_time: Floats = hours
        """Cost of an hour per unit of each commodity."""
        wanted = np.flatnonzero(problem.amount > 0)
        self._order: Ints = wanted[np.lexsort((problem.origin[wanted], problem.profile[wanted]))]
        """Commodity of each pair."""
        self._store: PathStore | None = None
        self._paid, self._floor, self._drop, self._begun = 0.0, 0.0, True, False

    def run(self) -> Ended:
        """Search, and return how it ended."""
        try:
            status, message = self._search()
        except KeyboardInterrupt:
            status, message = FlowStatus.INTERRUPTED, "interrupted with the best flows found"
        except MemoryLimitError as needed:
            status, limit = FlowStatus.MEMORY_LIMIT, f"{(self._limit or 0) / MB:g} MB"
            message = f"stopped at the limit of {limit} with the flows so far, where at least {needed} MB are needed"
            self._keep_start()
        if status in {FlowStatus.INFEASIBLE, FlowStatus.UNBOUNDED}:
            self._store = None
        elif status is not FlowStatus.OPTIMAL:
            if waiting := self._waiting():
                message += f"; {waiting:,.10g} of {self.problem.amount[self._order].sum():,.10g} are not carried"
            elif self._store is not None:
                self._measure()
        if self.rounds or np.isfinite(self.gap):
            message += f"{' with a gap of' if status is FlowStatus.OPTIMAL else '; the gap is'} {self.gap:.1e}"
        return Ended(status, message, self.gap, self.rounds, time.perf_counter() - self.started)

    def _search(self) -> tuple[FlowStatus, str]:
        problem = self.problem
        if any(profile.potential is None or np.any(profile.cost < 0) for profile in problem.profiles):
            return FlowStatus.UNBOUNDED, "an edge has a negative cost; give costs of 0 or more"
        self._prepare()
        if self._start is not None:
            self._begin_from(self._start)
        self._pass()
        self.without_path = np.sort(self._order[self._paths.pair["first"] == NO_PATH])
        if len(self.without_path):
            lacking = counted(len(self.without_path), "commodity", "commodities")
            first = f"the first has the index {self.without_path[0]}"
            return FlowStatus.INFEASIBLE, f"there is no path for {lacking}, {first}"
        for self.rounds in range(1, _MAX_ROUNDS + 1):
            estimate = self._pass()
            if estimate <= _NEAR * self.gap_wanted or (self.rounds == 1 and self._start is not None):
                estimate = self._measure()
                if estimate <= self.gap_wanted:
                    return FlowStatus.OPTIMAL, "equilibrium"
            if self.time_limit_s is not None and time.perf_counter() - self.started > self.time_limit_s:
                return FlowStatus.TIME_LIMIT, f"stopped after {self.time_limit_s:g} s"
            self._balance(estimate)
        return FlowStatus.NUMERICAL, f"stopped after {_MAX_ROUNDS} rounds"

    def _keep_start(self) -> None:
        """Take the paths of `start` although there is no room for them: whoever gave them has them in memory anyway."""
        if self._start is not None and not self._begun:
            self._limit = None
            self._prepare()
            self._begin_from(self._start)

    def _waiting(self) -> float:
        """Return the amount of the commodities that have no path yet."""
        amount = self.problem.amount[self._order]
        return float(amount.sum() if self._store is None else amount[self._paths.pair["first"] == NO_PATH].sum())

    def _prepare(self) -> None:
        """Make the arrays of the search."""
        problem, order = self.problem, self._order
        self._arcs, bases, most_arcs = _arcs_of(problem)
        nodes = np.array([profile.nodes for profile in problem.profiles], dtype=np.int64)
        slow = _slow_rows(self.delays)
        self._uses, weighted = _uses_of(problem, slow)
        self._rows = _rows_of(self.delays, slow)
        self._groups = _groups_of(problem, order, bases, nodes, self.value_of_time)
        most, count = int(nodes.max(initial=0)), len(slow)
        room = max(most, most_arcs + 1)
        self._tree = Tree(
            np.empty(most_arcs), np.empty(most), np.empty(room, np.int32), np.empty(room), np.empty(most, np.int8)
        )
        self._net = Net(np.zeros(count), np.empty(count, np.int32), np.empty(count))
        self._frozen, self._trace, self._follow = np.empty(count), np.empty(most, np.int32), np.empty(most, np.int32)
        self._entering = np.empty(int(nodes[problem.profile[order[self._groups["first"]]]].sum()), np.int32)
        kept = (*self._arcs, *self._uses, *self._rows, *self._tree, *self._net, self._groups, self._entering)
        pair, out = self._pairs(), self._arcs.out
        searched = out[self._groups["base"] + self._groups["nodes"]] - out[self._groups["base"]]
        self._drop = bool(searched.sum() < _COSTLY_TREES * len(pair))
        if len(pair):
            self._groups["ruled"] = np.minimum.reduceat(pair["ruled"], self._groups["first"])
        self._store = PathStore(pair, weighted=weighted, others=sum(array.nbytes for array in kept), limit=self._limit)
        settle_all(self._rows, self.system)

    def _pairs(self) -> "np.ndarray[Any, Any]":
        """Return the commodities with an amount, by class and origin, without paths."""
        problem, order = self.problem, self._order
        pair = np.zeros(len(order), dtype=PAIR)
        pair["amount"], pair["unserved_cost"] = problem.amount[order], problem.unserved_cost[order]
        pair["worth"], pair["destination"] = self.value_of_time[order], problem.destination[order]
        pair["first"] = NO_PATH
        if problem.rules is not None:
            pair["ruled"] = np.isin(order, problem.rules.commodities)
        return pair

    @property
    def _ready(self) -> PathStore:
        if self._store is None:
            raise RuntimeError("the search has no arrays yet")
        return self._store

    @property
    def _paths(self) -> Paths:
        return self._ready.paths

    def _pass(self, *, fixed: bool = False) -> float:
        """Price all origins, add cheaper paths and shift flow to them unless fixed; return the gap seen on the way."""
        totals = np.zeros(2)
        margin, count, at = max(_TINY, _MARGIN * self.gap_wanted), len(self._groups), 0
        while at < count:
            end = min(count, at + _GROUPS_AT_ONCE)
            reached = price_groups(
                at,
                end,
                fixed,
                self._drop,
                self.system,
                margin,
                self._floor,
                self._groups,
                self._entering,
                self._arcs,
                self._uses,
                self._paths,
                self._rows,
                self._tree,
                self._net,
                self._frozen,
                self._trace,
                totals,
            )
            if reached < end:
                self._ready.make_room()
            at = reached
        if self._paths.pair["ruled"].any():
            totals[LEAST] -= self._mend(margin, fixed=fixed)
        self._paid = float(totals[PAID])
        if not np.isfinite(self._paid):
            return np.inf
        return max(0.0, self._paid - float(totals[LEAST])) / self._paid if self._paid > 0 else 0.0

    def _measure(self) -> float:
        """Return the gap at the prices of the flows of now."""
        reload(self._paths, self._rows, self.system)
        self.gap = self._pass(fixed=True)
        return self.gap

    def _balance(self, gap: float) -> None:
        """Shift flow between the known paths until what they cost too much is a fraction of the gap."""
        enough = self._paid * max(_INNER * max(self.gap_wanted, min(gap, 1.0)), _TINY)
        paths, places = self._ready.several()
        self._floor = _SLIGHT * enough / max(1, len(paths.pair))
        before = np.empty(0)
        for number in range(_MAX_SWEEPS):
            if number % _BEFORE_LEAP == 0:
                before = paths.path["flow"].copy()
            seen = sweep(self.system, self._floor, paths, self._rows, self._net)
            self._paths.path["flow"][places] = paths.path["flow"]
            if seen <= enough and spare(paths, self._rows) <= enough:
                break
            if number % _BEFORE_LEAP == _BEFORE_LEAP - 1:
                leap(before, self.system, _MOST_LEAPS, paths, self._rows, self._frozen)
                self._paths.path["flow"][places] = paths.path["flow"]

    def _mend(self, margin: float, *, fixed: bool) -> float:
        """Price the commodities under rules, and add their paths; return by how much they could pay less."""
        pair = self._paths.pair
        ruled = np.flatnonzero(pair["ruled"])
        alone = bool(np.any(pair["first"][ruled] == NO_PATH))
        group_of = np.searchsorted(self._groups["first"], ruled, side="right") - 1
        saved = sum(
            self._mend_group(n, ruled[group_of == n], margin, fixed=fixed) for n in np.unique(group_of).tolist()
        )
        if alone:
            reload(self._paths, self._rows, self.system)
        return saved

    def _mend_group(self, group: int, members: Ints, margin: float, *, fixed: bool) -> float:
        own, pair, saved = self._groups[group], self._paths.pair, 0.0
        span_tree(group, self._groups, self._entering, self._arcs, self._uses, self._rows, self._tree)
        known = np.array([self._least_known(number) for number in members.tolist()])
        least = self._tree.distance[pair["destination"][members]]
        looked = np.flatnonzero((least < pair["unserved_cost"][members]) & (least < known * (1 - _TINY)))
        prices, starts, edges, costs = self._legal_paths(own, members[looked], least[looked])
        found = {place: number for number, place in enumerate(looked.tolist())}
        for place, number in enumerate(members.tolist()):
            price, amount, before = (
                float(pair["unserved_cost"][number]),
                float(pair["amount"][number]),
                float(known[place]),
            )
            path, cost = None, price
            if place in found and prices[found[place]] < price:
                part = slice(*starts[found[place] : found[place] + 2].tolist())
                price, path, cost = float(prices[found[place]]), edges[part].astype(np.int32), float(costs[part].sum())
            alone = not np.isfinite(before)
            saved += 0.0 if alone else amount * max(0.0, before - price)
            if not fixed and price < np.inf and (alone or price < before * (1 - margin)):
                self._add(number, path, cost, amount if alone else 0.0)
        return saved

    def _legal_paths(self, group: "np.void", pairs: Ints, least: Floats) -> tuple[Floats, Ints, Ints, Floats]:
        """Return the least prices of pairs of a group, and their paths: starts, edges and the cost of each edge."""
        problem = self.problem
        paths = self._tree_paths(group, self._paths.pair["destination"][pairs])
        if not len(pairs) or problem.rules is None:
            return least, *paths
        price = float(group["worth"]) * self._uses.price
        price = price if problem.closed is None else np.where(problem.closed, np.inf, price)
        least, paths = problem.rules.mended(self._order[pairs], least, paths, price, free=False)
        return least, *paths

    def _add(self, number: int, edges: Indices | None, cost: float, flow: float) -> None:
        """Add a path, or without edges that of not being served."""
        own = np.empty(0, dtype=np.int32) if edges is None else edges
        while (at := add_path(number, own, cost, flow, self._paths, self._uses)) == WORKSPACE_FULL:
            self._ready.make_room()
        if edges is None:
            self._paths.path["edges"][at] = NOT_SERVED

    def _least_known(self, number: int) -> float:
        """Return the least price of the paths of a commodity, infinite if it has none."""
        paths, least = self._paths, np.inf
        at, worth = int(paths.pair["first"][number]), float(paths.pair["worth"][number])
        while at != NO_PATH:
            least = min(least, price_of(at, worth, paths.path, paths.rows, paths.uses, self._rows.price))
            at = int(paths.path["next"][at])
        return least

    def _tree_paths(self, group: "np.void", ends: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the paths of the tree of now to some nodes: starts, edges and the cost of each edge."""
        into = self._entering[group["tree"] : group["tree"] + group["nodes"]]
        arcs: list[int] = []
        start = [0]
        for end in ends.tolist():
            path, node = [], end
            while (arc := int(into[node])) >= 0:
                path.append(arc)
                node = int(self._arcs.tail[arc])
            arcs += path[::-1]
            start.append(len(arcs))
        return np.array(start, dtype=np.int64), self._arcs.edge[arcs].astype(np.int64), self._arcs.cost[arcs]

    def _begin_from(self, known: KnownPaths) -> None:
        """Add known paths with their shares of the amounts; those that do not exist here are left out."""
        pair_of = np.full(self.problem.commodities, -1, dtype=np.int64)
        pair_of[self._order] = np.arange(len(self._order))
        groups = self._groups["first"]
        owner, at = pair_of[known.commodity], 0
        group_of = np.maximum(np.searchsorted(groups, owner, side="right") - 1, 0)
        start, edges = known.start.astype(np.int64), known.edges.astype(np.int32)
        while at < len(owner):
            at = replay(
                at, owner, group_of, start, edges, known.flow, self._groups, self._arcs, self._uses, self._paths,
                self._trace, self._follow,
            )  # fmt: skip
            if at < len(owner):
                self._ready.make_room()
        left = np.flatnonzero((known.unserved > 0) & (pair_of >= 0) & np.isfinite(self.problem.unserved_cost))
        for number in left.tolist():
            self._add(
                int(pair_of[number]),
                None,
                float(self.problem.unserved_cost[number]),
                float(known.unserved[number]),
            )
        rescale(self._paths)
        reload(self._paths, self._rows, self.system)
        self._begun = True

    def edge_flow(self) -> Floats:
        """Return the flow on each edge, shape (edges,)."""
        edges = self.problem.uses.shape[1]
        return np.zeros(edges) if self._store is None else np.asarray(edge_flows(self._paths, edges))

    def found(self) -> KnownPaths:
        """Return the paths by commodity with their flows, and what is not served."""
        problem = self.problem
        unserved = np.where(problem.amount > 0, problem.amount, 0.0)
        counts = unserved, problem.amount, problem.uses.shape[1]
        if self._store is None:
            nothing = np.empty(0, dtype=np.int64)
            return KnownPaths(
                nothing, np.zeros(1, np.int64), nothing.astype(np.int32), np.empty(0), np.empty(0), *counts
            )
        places, owner = in_order(1, self._paths)
        owner[:] = self._order[owner]
        order = np.argsort(owner, kind="stable")
        places, owner, path = places[order], owner[order], self._paths.path
        unserved[owner] = 0.0
        lost = path["edges"][places] == NOT_SERVED
        unserved[owner[lost]] = path["flow"][places[lost]]
        places, owner = places[~lost], owner[~lost]
        start, edges = edges_of(places, self._paths)
        return KnownPaths(owner, start, edges, path["cost"][places], path["flow"][places], *counts)


def _arcs_of(problem: Problem) -> tuple[Arcs, Ints, int]:
    """Return the open arcs of all classes, the base of each class, and the number of arcs of the largest."""
    parts, bases, outs, count, most = [], [0], [], 0, 0
    for profile in problem.profiles:
        arcs = profile.open_arcs
        if problem.closed is not None:
            arcs = arcs[~problem.closed[profile.edge[arcs]]]
        arcs = arcs[np.argsort(profile.tail[arcs], kind="stable")]
        parts.append((profile.tail[arcs], profile.head[arcs], profile.edge[arcs], profile.cost[arcs]))
        outs.append(count + np.searchsorted(profile.tail[arcs], np.arange(profile.nodes + 1)))
        count, most = count + len(arcs), max(most, len(arcs))
        bases.append(bases[-1] + profile.nodes + 1)
    tail, head, edge, cost = (np.concatenate(column) if parts else np.empty(0) for column in zip(*parts, strict=True))
    out = np.concatenate(outs).astype(np.int32)
    tail, head, edge = (values.astype(np.int32) for values in (tail, head, edge))
    return Arcs(out, tail, head, edge, cost.astype(np.float64)), np.array(bases[:-1], dtype=np.int64), most


def _slow_rows(delays: DelayFunctions) -> Ints:
    """Return the rows whose wait depends on the flow."""
    constant = (delays.kind == BPR) & (delays.exponent == 0)
    return np.flatnonzero((delays.kind != NONE) & (delays.size_h > 0) & ~constant)


def _uses_of(problem: Problem, slow: Ints) -> tuple[Uses, bool]:
    """Return the rows with a delay used by each edge, and whether any use is not 1."""
    used = csr_array(problem.used_by[:, slow])
    used.eliminate_zeros()
    weighted = bool(np.any(used.data != 1))
    start, row = used.indptr.astype(np.int32), used.indices.astype(np.int32)
    return Uses(start, row, used.data.astype(np.float64), np.zeros(used.shape[0])), weighted


def _rows_of(delays: DelayFunctions, slow: Ints) -> Rows:
    curve = np.zeros(len(slow), dtype=CURVE)
    names = {"size": "size_h", "power": "exponent", "rest": "at_rest_h"}
    for name in CURVE.names or ():
        curve[name] = getattr(delays, names.get(name, name))[slow]
    terms = delays.terms[slow] if len(delays.terms) else delays.terms
    return Rows(curve, np.ascontiguousarray(terms), *(np.zeros(len(slow)) for _ in range(3)))


def _groups_of(problem: Problem, order: Ints, bases: Ints, nodes: Ints, worth: Floats) -> "np.ndarray[Any, Any]":
    """Return the groups of commodities with the same class and origin."""
    profile, origin = problem.profile[order], problem.origin[order]
    new = np.append(True, (np.diff(profile) != 0) | (np.diff(origin) != 0))[: len(order)]
    first = np.flatnonzero(new)
    group = np.zeros(len(first), dtype=GROUP)
    group["first"], group["end"] = first, np.append(first[1:], len(order))[: len(first)]
    own = profile[first]
    group["origin"], group["base"], group["nodes"], group["worth"] = (
        origin[first],
        bases[own],
        nodes[own],
        worth[order[first]],
    )
    group["tree"] = np.cumsum(group["nodes"], dtype=np.int64) - group["nodes"]
    return group
