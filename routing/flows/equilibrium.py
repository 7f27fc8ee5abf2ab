"""Traffic equilibria of a network of arcs with delay functions, as in public benchmark problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, eye_array

from landbridge.networks.arguments import flag, instance, real_number, time_limit
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.networks.meta import meta_of
from landbridge.networks.words import counted
from landbridge.routing.flows.solvers.equilibrium import EQUILIBRIUM_GAP, MAX_MEMORY_MB
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.resources.delay_kinds import BPR, NONE
from landbridge.routing.resources.delays import DelayFunctions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landbridge.routing.flows.solvers.path_equilibrium import KnownPaths

_COLUMNS: Final = ("arc", "tail", "head", "flow", "time", "cost", "utilisation")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Equilibrium(Result):
    """The flows of a traffic equilibrium or of a system optimum, in the units of the problem.

    Attributes
    ----------
    problem
        The problem.
    arc_flow, arc_time
        Flow on each arc, and its time at that flow, without its fixed cost; shape (arcs,).
    total_time, total_cost
        Sum over the arcs of flow x time, and of flow x (time + fixed cost).
    objective
        Of a user equilibrium the sum of the integrals of the costs over the flows (Beckmann 1956); of a system
        optimum the total cost. Infinite if not all trips are carried.
    gap
        (Sum of flow x price - sum of trips x least price) / sum of flow x price.
    status, message
        How the search ended, and an explanation, with the trips that are not carried.
    unserved
        Trips of each pair that are not carried, shape (pairs,); 0 unless the search stopped early.
    rounds, time_s
        Rounds of the search, and its duration in seconds.
    paths
        The paths with their flows, for another search to start from.
    """

    problem: FlowProblem
    arc_flow: Floats
    arc_time: Floats
    objective: float
    gap: float
    status: FlowStatus
    message: str
    unserved: Floats
    rounds: int
    time_s: float
    paths: "KnownPaths" = field(repr=False)

    def __repr__(self) -> str:
        """Return status, size, total time and gap, and the trips that are not carried."""
        lost, trips = float(self.unserved.sum()), float(self.problem.amount.sum())
        left = f", {lost:,.10g} of {trips:,.10g} trips not carried" if lost else ""
        return (
            f"<Equilibrium {self.status.value}: {counted(self.problem.arcs, 'arc')}, total time {self.total_time:,.0f},"
            f" gap {self.gap:.1e}{left}>"
        )

    @property
    def total_time(self) -> float:
        """Sum over the arcs of flow x time."""
        return float(self.arc_flow @ self.arc_time)

    @property
    def total_cost(self) -> float:
        """Sum over the arcs of flow x (time + fixed cost)."""
        return float(self.arc_flow @ (self.arc_time + self.problem.fixed_cost))

    def to_dict(self) -> dict[str, Any]:
        """Return the result with the names of the JSON output, None for numbers that are not finite."""
        return {
            "status": self.status.value,
            "message": self.message,
            "gap": _finite(self.gap),
            "objective": _finite(self.objective),
            "total_time": _finite(self.total_time),
            "total_cost": _finite(self.total_cost),
            "unserved": float(self.unserved.sum()),
            "rounds": self.rounds,
            "arcs": [{name: _finite(value) for name, value in record.items()} for record in self._records()],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the flows, times and costs of the arcs."""
        return (RecordTable("arcs", self._records, _COLUMNS),)

    def plot(self) -> "Figure":
        """Return the chart of the arcs at which all traffic together loses most by delays.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        from landbridge.routing.flows.charts import draw_delays

        free = self.problem.free_flow_time.tolist()
        rows = [record | {"delay": record["time"] - own} for record, own in zip(self._records(), free, strict=True)]
        return draw_delays(rows, f"Equilibrium of {self.problem.name or counted(self.problem.arcs, 'arc')}", self.meta)

    def _records(self) -> Iterator[dict[str, Any]]:
        problem, label = self.problem, self.problem.node_id
        with np.errstate(divide="ignore", invalid="ignore"):
            used = np.where(self.arc_flow > 0, self.arc_flow / problem.capacity, 0.0)
        cost = self.arc_time + problem.fixed_cost
        columns = (problem.tail, problem.head, self.arc_flow, self.arc_time, cost, used)
        for arc, (tail, head, *values) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            yield dict(zip(_COLUMNS, (arc, label[tail], label[head], *values), strict=True))


def _finite(value: Any) -> Any:
    """Return a value, None for a number that JSON lacks."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def equilibrium(
    problem: FlowProblem,
    *,
    delays: DelayFunctions | None = None,
    system: bool = False,
    gap: float = EQUILIBRIUM_GAP,
    time_limit_s: float | None = None,
    max_memory_mb: float | None = MAX_MEMORY_MB,
    start: Equilibrium | None = None,
) -> Equilibrium:
    """Return the user equilibrium, or the system optimum, of a traffic assignment problem.

    Parameters
    ----------
    problem
        Arcs and trips.
    delays
        What each arc takes longer than its free-flow time; None: the BPR function with the coefficients of the problem.
        See `DelayFunctions` for those of Spiess, of Akcelik and with coefficients of your own.
    system
        Find the least total cost instead of the user equilibrium: all pay t + x t', with what others lose.
    gap
        Relative gap at which the search ends.
    time_limit_s
        Seconds after which the flows so far are returned with the status `TIME_LIMIT`.
    max_memory_mb
        Megabytes that the arrays of the search may need, after which the flows so far are returned with the status
        `MEMORY_LIMIT`; None: no limit. The flows of `start` are kept whatever they need.
    start
        Result of a problem with the same arcs and pairs, from which the search begins; the amounts, costs, delays and
        `system` may differ.

    Raises
    ------
    QueryError
        If an option is invalid, or `delays` or `start` does not fit the problem.

    Notes
    -----
    Gradient projection on paths (Jayakrishnan, Tsai, Prashker and Rajadhyaksha 1994); a pair whose origin is its
    destination uses no arc.

    Examples
    --------
    Two arcs that take 10 and 15 minutes empty; with three of five trips on the first, both take 22 minutes:

    >>> import landbridge as lb
    >>> import numpy as np
    >>> found = lb.equilibrium(
    ...     lb.FlowProblem(
    ...         nodes=2, tail=np.array([0, 0]), head=np.array([1, 1]), free_flow_time=np.array([10.0, 15.0]),
    ...         capacity=np.array([2.0, 4.0]), b=np.array([0.8, 14 / 15]), power=np.array([1.0, 1.0]),
    ...         origin=np.array([0]), destination=np.array([1]), amount=np.array([5.0]),
    ...     )
    ... )
    >>> found.arc_flow.round(6).tolist(), found.arc_time.round(6).tolist()
    ([3.0, 2.0], [22.0, 22.0])
    """
    from landbridge.routing.flows.solvers.path_equilibrium import PathEquilibrium

    instance(problem, FlowProblem, "problem", "give a FlowProblem")
    system, time_limit_s, gap = flag(system, "system"), time_limit(time_limit_s), real_number(gap, "gap")
    max_memory_mb = None if max_memory_mb is None else real_number(max_memory_mb, "max_memory_mb")
    for name, value in (("gap", gap), ("max_memory_mb", max_memory_mb)):
        if value is not None and not value >= 0:
            raise QueryError(f"{name} is {value:g} and must be 0 or more")
    if start is not None:
        instance(start, Equilibrium, "start", "give a result of `equilibrium`")
    if delays is not None:
        instance(delays, DelayFunctions, "delays", "give DelayFunctions")
    if delays is not None and len(delays.kind) != problem.arcs:
        raise QueryError(f"delays has {len(delays.kind)} rows and the problem {problem.arcs} arcs; give one for each")
    own, constant = (delays, problem.free_flow_time) if delays is not None else _bpr(problem)
    search = PathEquilibrium(
        _arrays(problem, constant),
        own,
        system=system,
        gap=gap,
        time_limit_s=time_limit_s,
        max_memory_mb=max_memory_mb,
        start=None if start is None else start.paths,
    )
    ended, paths, flow = search.run(), search.found(), search.edge_flow()
    message = ended.message
    if len(search.without_path):
        pair = search.without_path[0]
        ends = (problem.node_id[nodes[pair]] for nodes in (problem.origin, problem.destination))
        message += ", from node {} to node {}".format(*ends)
    time, served = constant + own.hours(flow), paths.unserved.sum() == 0
    objective = float(flow @ (time if system else constant) + flow @ problem.fixed_cost)
    objective += 0.0 if system else float(own.integral(flow).sum())
    options = {"system": system, "gap": gap, "time_limit_s": time_limit_s, "max_memory_mb": max_memory_mb}
    return Equilibrium(
        problem=problem,
        arc_flow=flow,
        arc_time=time,
        objective=objective if served else float("inf"),
        gap=ended.gap,
        status=ended.status,
        message=message,
        unserved=paths.unserved,
        rounds=ended.rounds,
        time_s=ended.time_s,
        paths=paths,
        meta=meta_of({}, options) | {"data_set": {"name": problem.name or None, "version": None}},
    )


def _bpr(problem: FlowProblem) -> tuple[DelayFunctions, Floats]:
    """Return the delays that depend on flow, and the times without them."""
    size = problem.free_flow_time * problem.b
    fixed = (size == 0) | (problem.power == 0) | np.isinf(problem.capacity)
    kind = np.where(fixed, NONE, BPR).astype(np.int8)
    capacity = np.where(fixed, 1.0, problem.capacity)
    delays = DelayFunctions(kind, size, problem.power, capacity, np.zeros(problem.arcs))
    # With the power 0 the delay is there at any flow.
    return delays, problem.free_flow_time + np.where(problem.power == 0, size, 0.0)


def _arrays(problem: FlowProblem, constant: Floats) -> Problem:
    """Return the problem of the solver.

    Nodes that are no through nodes are divided: some paths end at the one part, others begin at the other.
    """
    first, nodes = problem.first_through_node, problem.nodes
    tail, origin = (np.where(node < first, node + nodes, node) for node in (problem.tail, problem.origin))
    return Problem(
        (TrafficClass(nodes + first, tail, problem.head, np.arange(problem.arcs), constant + problem.fixed_cost),),
        csr_array(eye_array(problem.arcs)),
        np.full(problem.arcs, np.inf),
        origin,
        problem.destination,
        np.where(problem.origin == problem.destination, 0.0, problem.amount),
        np.zeros(problem.pairs, dtype=np.int64),
        np.full(problem.pairs, np.inf),
    )
