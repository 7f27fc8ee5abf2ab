"""The minimum cut between two regions: the resources that limit all traffic between them, and their capacity.

Two results are computed and compared. The maximum flow is a linear program over paths, in which a resource limits all
edges that use it together. The cut is the minimum cut of a graph in which each resource is one arc through which its
edges pass (Ford and Fulkerson 1956, with OR-Tools' push-relabel). In that graph cargo may reach a resource by one edge
and leave it by another, so its cut is never below the maximum flow; if both agree, the cut is proven to be minimal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from landbridge.networks.arguments import is_pair, place_text, texts
from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.errors import LandbridgeError, NoRouteError, QueryError
from landbridge.networks.graph.csr import Csr, nodes_back
from landbridge.networks.graph.operations import CargoClass
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network
from landbridge.networks.words import counted
from landbridge.networks.years import year_given
from landbridge.routing.flows.charts import draw_cut
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.options import conditions_from, query_from_options, with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.resources.capacities import Capacities, capacities_given

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PARTS = 1_000
"""Push-relabel uses integers: thousandths of a TEU per day."""

_LARGEST = 2**60
_SAME = 1e-5
_COLUMNS = ("resource", "name", "kind", "place", "direction", "section", "residual_teu_day")


class UnboundedCutError(LandbridgeError, ValueError):
    """A path between two regions uses no resource with a capacity, so there is no finite cut."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Cut(Result):
    """The minimum cut between two regions.

    Attributes
    ----------
    max_flow_teu_day
        The maximum flow, by linear programming; exact.
    cut_teu_day
        Residual capacity of the rows of the cut; except for rounding never below the maximum flow.
    constraints
        Numbers of the rows of `capacities(network)` in the cut.
    records
        Resource, name, place, direction, section and residual capacity of each, the largest first.
    prices
        Increase of the maximum flow with one more TEU per day of a row, if positive: record and price.
    year
        Year of the capacities, None if the network has none.
    """

    max_flow_teu_day: float
    cut_teu_day: float
    constraints: tuple[int, ...]
    records: tuple[dict[str, Any], ...]
    prices: tuple[dict[str, Any], ...]
    year: int | None = None

    def __repr__(self) -> str:
        """Return the limit of the traffic and its resources."""
        proof = "proven" if self.proven else f"maximum flow {self.max_flow_teu_day:,.1f}"
        return f"<Cut of {counted(len(self.records), 'resource')}: {self.cut_teu_day:,.1f} TEU a day, {proof}>"

    @property
    def proven(self) -> bool:
        """Whether cut and maximum flow agree, so that no cut is smaller."""
        return abs(self.cut_teu_day - self.max_flow_teu_day) <= _SAME * max(1.0, self.cut_teu_day)

    def to_dict(self) -> dict[str, Any]:
        """Return the cut with the names of the JSON output."""
        return {
            "year": self.year,
            "max_flow_teu_day": self.max_flow_teu_day,
            "cut_teu_day": self.cut_teu_day,
            "proven": self.proven,
            "cut": [dict(record) for record in self.records],
            "max_flow_grows_with": [dict(record) for record in self.prices],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the resources of the cut, and those by which the maximum flow would increase."""
        names = _COLUMNS
        return (
            RecordTable("cut", lambda: map(dict, self.records), names),
            RecordTable("max_flow_grows_with", lambda: map(dict, self.prices), (*names, "teu_day_per_teu_day")),
        )

    def plot(self) -> "Figure":
        """Return the chart of the resources of the cut.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw_cut(self.records, f"Minimum cut: {self.cut_teu_day:,.0f} TEU a day", self.meta)


@with_old_avoid
def min_cut(
    network: Network,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    *,
    cargo_class: CargoClass = "block",
    rows: Capacities | None = None,
    year: int | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    corridor: str | None = None,
    planned: bool = False,
) -> Cut:
    """Return the minimum cut between two regions.

    Parameters
    ----------
    network
        The network.
    origins, destinations
        One or several countries (two letters) and places, which may be mixed; no place may be in both.
    cargo_class
        Class of the cargo, which determines what it may use.
    rows
        The constraint rows, if already computed.
    year
        Year of the capacities, as in `landbridge.routing.assign`; given `rows` keep theirs.
    modes, avoid, corridor, planned
        As in `landbridge.routing.route`; of the rules of a corridor only the forbidden crossings apply, not the
        required.

    Raises
    ------
    UnboundedCutError
        If a path uses no resource with a capacity; the message names it.
    NoRouteError
        If there is no path from one region to the other.
    QueryError, PlaceError
        If a region is empty or unknown, or both have a place in common.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import min_cut
    >>> min_cut(load_network(), ["CN"], ["KZ"], modes=["rail"]).records[0]["resource"]
    'kz-dostyk--terminal'
    """
    conditions = conditions_from(network, modes=modes, avoid=avoid, corridor=corridor, planned=planned)
    rows = capacities_given(network, rows, year_given(network, year))
    starts, ends = _region(network, origins, "origins"), _region(network, destinations, "destinations")
    common = set(starts) & set(ends)
    if common:
        raise QueryError(f"{', '.join(sorted(common)[:5])} are in both regions; remove them from one")
    query = query_from_options(network, (starts[0], ends[0]), conditions, cargo=Cargo(cargo_class=cargo_class))
    graph = network.graph
    problem = _Regions(
        rows,
        rows.residual_teu_day,
        query.open_edges,
        _nodes(network, graph.origins, starts),
        _nodes(network, graph.destinations, ends),
        network,
    )
    problem.check_bounded()
    cut_teu_day, cut = problem.cut()
    max_flow_teu_day, price = problem.greatest_flow(cut_teu_day)
    return Cut(
        max_flow_teu_day=max_flow_teu_day,
        cut_teu_day=cut_teu_day,
        constraints=tuple(cut),
        records=tuple(sorted((_record(rows, row) for row in cut), key=lambda item: -item["residual_teu_day"])),
        prices=tuple(
            _record(rows, row) | {"teu_day_per_teu_day": float(price[row])}
            # Prices that differ by rounding are equal, so that their order is that of the constraints.
            for row in sorted(
                np.flatnonzero(price > _SAME).tolist(), key=lambda row: (-round(float(price[row]), 9), row)
            )
        ),
        year=rows.year,
        meta=with_options(
            query.meta,
            "from",
            "to",
            "cargo",
            origins=origins,
            destinations=destinations,
            cargo_class=cargo_class,
            year=rows.year,
        ),
    )


def _region(network: Network, names: str | Iterable[str], what: str) -> list[str]:
    """Return the terminals of countries and places."""
    found: dict[str, None] = {}
    # A single pair is one point, which gets the same answer as one given as text.
    given = (place_text(names, what),) if is_pair(names) else names
    for name in texts(given, what, "countries such as CN, and places"):
        if len(name) == 2 and name.isalpha():
            own = [place for place, row in network.places.items() if row["country"] == name.upper() and row["modes"]]
            if not own:
                raise QueryError(f"the network has no terminal in {name.upper()}; give another country")
        else:
            place = network.place_index.resolve(name)
            if not isinstance(place, str):
                raise QueryError(f"{name} is a point; give places and countries")
            own = list(network.terminals[place])
        found |= dict.fromkeys(own)
    if not found:
        raise QueryError(f"{what} is an empty region; give countries or places")
    return list(found)


def _nodes(network: Network, nodes: Indices, places: Iterable[str]) -> Ints:
    index = network.graph.place_index
    found = np.array([nodes[index[place]] for place in places], dtype=np.int64)
    return np.asarray(found[found >= 0], dtype=np.int64)


def _record(rows: Capacities, row: int) -> dict[str, Any]:
    return {**rows.describe(row), "residual_teu_day": float(rows.residual_teu_day[row])}


@dataclass(frozen=True)
class _Regions:
    """A state graph with capacities, and the states of two regions in it."""

    rows: Capacities
    residual: Floats
    open_edges: Bools
    starts: Ints
    ends: Ints
    network: Network

    def _bounded(self) -> Bools:
        """Return which edges use any row."""
        return np.asarray(np.diff(self.rows.by_edge.indptr) > 0, dtype=np.bool_)

    def check_bounded(self) -> None:
        """Raise if a path uses no resource with a capacity, or if there is no path at all."""
        if self._way(self.open_edges) is None:
            raise NoRouteError("there is no path from one region to the other under these conditions")
        way = self._way(self.open_edges & ~self._bounded())
        if way is not None:
            places = list(dict.fromkeys(self.network.graph.states[node].place for node in way))
            raise UnboundedCutError(
                f"the path by {', '.join(places)} uses no resource with a capacity, so there is no finite cut; exclude "
                "it by modes, or by places and countries to avoid"
            )

    def _way(self, edges: Bools) -> list[int] | None:
        """Return the nodes of a path from one region to the other over the given edges, None if there is none."""
        graph, count = self.network.graph, len(self.network.graph.states)
        tail = np.concatenate([graph.tail[edges], np.full(len(self.starts), count)])
        head = np.concatenate([graph.head[edges], self.starts])
        order, before = breadth_first_order(Csr(tail, head, count + 1).matrix(np.ones(len(tail))), count)
        reached = np.intersect1d(order, self.ends)
        if not len(reached):
            return None
        return nodes_back(before, int(reached[0]), count)[::-1]

    def cut(self) -> tuple[float, list[int]]:
        """Return the capacity of the minimum cut and its rows, computed by OR-Tools."""
        from ortools.graph.python import max_flow

        count, rows = len(self.network.graph.states), len(self.residual)
        enters, leaves, source, sink = count, count + rows, count + 2 * rows, count + 2 * rows + 1
        tails, heads = self._arcs(enters, leaves)
        capacity = np.round(self.residual * _PARTS).astype(np.int64)
        endless = int(capacity.sum()) + 1
        if endless >= _LARGEST:
            raise QueryError(f"the total capacity of {self.residual.sum():g} TEU a day is too large for integers")
        solver = max_flow.SimpleMaxFlow()
        for tail, head, room in (
            (tails, heads, np.full(len(tails), endless)),
            (enters + np.arange(rows), leaves + np.arange(rows), capacity),
            (np.full(len(self.starts), source), self.starts, np.full(len(self.starts), endless)),
            (self.ends, np.full(len(self.ends), sink), np.full(len(self.ends), endless)),
        ):
            solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), room)
        status = solver.solve(source, sink)
        if status != solver.OPTIMAL:
            raise QueryError(f"the search for the maximum flow ended with status {status}; please report it")
        side = np.zeros(sink + 1, dtype=np.bool_)
        side[solver.get_source_side_min_cut()] = True
        cut = np.flatnonzero(side[enters:leaves] & ~side[leaves:source])
        # The exact capacities, not the rounded ones.
        return float(self.residual[cut].sum()), cut.tolist()

    def _arcs(self, enters: int, leaves: int) -> tuple[Ints, Ints]:
        """Return the arcs of the edges, each through the arcs of the rows that it uses, in series."""
        graph, by_edge = self.network.graph, self.rows.by_edge
        free = np.flatnonzero(self.open_edges & ~self._bounded())
        bound = np.flatnonzero(self.open_edges & self._bounded())
        first, last = by_edge.indptr[bound], by_edge.indptr[bound + 1] - 1
        # Within the slice of rows of an edge, each but the last leads to the next.
        inner = np.ones(len(by_edge.indices), dtype=np.bool_)
        inner[by_edge.indptr[1:][self._bounded()] - 1] = False
        owner = np.repeat(np.arange(graph.edges), np.diff(by_edge.indptr))
        within = np.flatnonzero(inner & self.open_edges[owner])
        rows = by_edge.indices
        tails = [graph.tail[free], graph.tail[bound], leaves + rows[within], leaves + rows[last]]
        heads = [graph.head[free], enters + rows[first], enters + rows[within + 1], graph.head[bound]]
        return np.concatenate(tails).astype(np.int64), np.concatenate(heads).astype(np.int64)

    def greatest_flow(self, most: float) -> tuple[float, Floats]:
        """Return the maximum flow, given an upper bound, and its increase with one more unit of each row."""
        graph, count = self.network.graph, len(self.network.graph.states)
        source, sink, joints = count, count + 1, len(self.starts) + len(self.ends)
        edges = np.flatnonzero(self.open_edges)
        tail = np.concatenate([graph.tail[edges], np.full(len(self.starts), source), self.ends])
        head = np.concatenate([graph.head[edges], self.starts, np.full(len(self.ends), sink)])
        edge = np.concatenate([edges, np.full(joints, graph.edges)])
        profile = TrafficClass(count + 2, tail, head, edge.astype(np.int64), np.zeros(len(edge)))
        uses, zero = self.rows.uses, np.zeros(1, dtype=np.int64)
        problem = Problem(
            profiles=(profile,),
            uses=csr_array((uses.data, uses.indices, uses.indptr), shape=(uses.shape[0], graph.edges + 1)),
            capacity=self.residual,
            origin=zero + source,
            destination=zero + sink,
            # One unit more than the cut can never be carried, so that rows have prices.
            amount=np.array([most + 1.0]),
            profile=zero,
            unserved_cost=np.ones(1),
        )
        flow = least_cost_flow(problem)
        if flow.status is not FlowStatus.OPTIMAL:
            raise QueryError(f"the maximum flow was not found: {flow.message}")
        return float(problem.amount[0] - flow.unserved[0]), flow.shadow_price
