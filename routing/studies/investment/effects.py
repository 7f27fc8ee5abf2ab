"""What works change in a network, as right-hand sides: capacity added to constraints, and edges opened or improved.

An opened or improved edge is a copy parallel to the edge of the network, with its own cost, open only if the work is
done, which uses the same capacity as the edge itself. So a work never takes anything away, and the least cost of the
flows is a function of the works done whose lower bounds are linear.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row, Table
from landbridge.routing.query.query import Query
from landbridge.routing.resources.capacities import Capacities, capacity_teu_day
from landbridge.routing.studies.investment.works import Work

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ResourceRow

Indexes = NDArray[np.integer]
"""Nodes at the ends of arcs."""

_TABLES: Final = ("links", "operations", "services")
"""Tables whose rows a work opens or improves, in the order of the kinds of edges."""


@dataclass(frozen=True, eq=False)
class Effects:
    """The effects of works on a network.

    Attributes
    ----------
    network
        The network in which all rows that a work opens are in force; edges are numbered as in the given one.
    blocked
        Edges that only works open, shape (edges,).
    copied
        For each work the edges of which it has a copy.
    """

    network: Network
    works: tuple[Work, ...]
    blocked: Bools
    copied: tuple[Ints, ...]

    def added_teu_day(self, rows: Capacities) -> Floats:
        """Return the TEU per day that each work adds to each constraint row, shape (works, rows)."""
        found = np.zeros((len(self.works), len(rows)))
        resources = self.network.tables["resources"].by_key()
        # Capacity that traffic beyond the present capacity takes first is no gain.
        lacking = np.maximum(rows.background_teu_day - rows.capacity_teu_day, 0.0)
        for number, work in enumerate(self.works):
            for name in work.row["resources"]:
                own = {"capacity": work.row["capacity_add"]}
                unit = {"capacity_unit": work.row["capacity_unit"]} if work.row["capacity_unit"] else {}
                added = capacity_teu_day(self.network, cast("ResourceRow", resources[name] | own | unit))
                at = rows.rows_of(name)
                found[number, at] = np.maximum(added - lacking[at], 0.0)
        return found

    def cost_change(self, number: int, query: Query) -> Floats:
        """Return how the cost per TEU of each copied edge of a work differs from that of the edge itself."""
        row, edges, graph = self.works[number].row, self.copied[number], self.network.graph
        hours = 1.0 if row["hours_factor"] is None else row["hours_factor"]
        fees = 1.0 if row["fee_factor"] is None else row["fee_factor"]
        improved = ~self.blocked[edges]
        with_fee = graph.kind[edges] != EdgeKind.HAUL
        money = query.objective_without_time(query.costs)[edges] * np.where(with_fee, fees - 1.0, 0.0)
        of_time = query.objective_per_hour * graph.time_mean_h[edges] * (hours - 1.0)
        return np.where(improved, (money + of_time) / query.cargo.teu, 0.0)


def effects_of(network: Network, works: Sequence[Work]) -> Effects:
    """Return the effects of works on a network."""
    opened = _with_rows_in_force(network, works)
    day = network.reference_date
    before = network.graph.open_on(day, seasonal=False)
    after = opened.graph.open_on(day, seasonal=False)
    blocked = np.asarray(after & ~before, dtype=np.bool_)
    return Effects(opened, tuple(works), blocked, tuple(_copied(network, work, blocked, after) for work in works))


def _copied(network: Network, work: Work, blocked: Bools, after: Bools) -> Ints:
    """Return the edges that a work opens or improves."""
    named = {name: _positions(network, name, ids) for name, ids in _opened_ids(network, work).items()}
    graph, services = network.graph, network.tables["services"]
    of_link = [named["services"][place] for place in _services_of_links(network)]
    shut_service = np.array([not _in_force(row, network) for row in services], dtype=np.bool_)
    shut_link = np.array([not _in_force(row, network) for row in network.links], dtype=np.bool_)
    whole = graph.from_rows(hauls=named["links"], operations=named["operations"], waits=named["services"])
    # A link opens only if its service does; one whose row holds already opens with its service.
    with_service = ~shut_service[_services_of_links(network)] | of_link
    hauls = (named["links"] & with_service) | (~shut_link & of_link)
    opens = graph.from_rows(hauls=hauls, operations=named["operations"], waits=named["services"])
    factors = work.row["hours_factor"] is not None or work.row["fee_factor"] is not None
    improves = whole & ~blocked if factors else np.zeros(graph.edges, dtype=np.bool_)
    return np.flatnonzero(((opens & blocked) | improves) & after)


def _services_of_links(network: Network) -> Indices:
    places = {row["id"]: number for number, row in enumerate(network.tables["services"])}
    return np.array([places[link["service"]] for link in network.links], dtype=np.int32)


def _positions(network: Network, table: str, ids: Iterable[str]) -> Bools:
    wanted = set(ids)
    return np.array([row["id"] in wanted for row in network.tables[table]], dtype=np.bool_)


def _opened_ids(network: Network, work: Work) -> dict[str, set[str]]:
    """Return the rows that a work names by table, with the planned services of its links."""
    rows: Row = work.row
    found = {name: set(rows[name]) for name in _TABLES}
    planned = {link["service"] for link in network.links if link["id"] in found["links"]}
    found["services"] |= {name for name in planned if not _in_force(network.services[name], network)}
    return found


def _in_force(row: Row, network: Network) -> bool:
    day = network.reference_date
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or row["valid_to"] >= day
    )


def _with_rows_in_force(network: Network, works: Sequence[Work]) -> Network:
    """Return a network in which the rows that works open hold on every day."""
    opened: dict[str, set[str]] = {name: set() for name in _TABLES}
    for work in works:
        for name, ids in _opened_ids(network, work).items():
            opened[name] |= ids
    tables: Any = {**network.tables}
    for name, ids in opened.items():
        old = network.tables[name]
        rows = [_opened(row, network) if row["id"] in ids else row for row in old]
        tables[name] = Table(name, old.file, rows, old.lines)
    return Network(tables)


def _opened(row: Mapping[str, Any], network: Network) -> Mapping[str, Any]:
    return row if _in_force(row, network) else {**row, "valid_from": None, "valid_to": None}


def through_costs(
    nodes: int, ends: tuple[Indexes, Indexes], cost: Floats, through: Sequence[Ints], pairs: tuple[Ints, Ints]
) -> Floats:
    """Return the least cost of a path between each pair of nodes that uses one of some arcs.

    Parameters
    ----------
    nodes
        Number of nodes.
    ends, cost
        Tails, heads and costs of the arcs, infinite if closed.
    through
        For each set the arcs of which a path uses one.
    pairs
        Origins and destinations.

    Returns
    -------
    Floats
        Shape (sets, pairs), infinite if there is no such path.
    """
    from scipy.sparse.csgraph import dijkstra

    from landbridge.networks.graph.csr import Csr

    found = np.full((len(through), len(pairs[0])), np.inf)
    if not any(map(len, through)):
        return found
    (tail, head), usable = ends, np.isfinite(cost)
    origins, of_origin = np.unique(pairs[0], return_inverse=True)
    targets, of_target = np.unique(pairs[1], return_inverse=True)
    search = cast("Any", dijkstra)
    there = search(Csr(tail[usable], head[usable], nodes).matrix(cost[usable]), indices=origins)
    back = search(Csr(head[usable], tail[usable], nodes).matrix(cost[usable]), indices=targets)
    for number, arcs in enumerate(through):
        for arc in arcs[np.isfinite(cost[arcs])].tolist():
            total = there[of_origin, tail[arc]] + cost[arc] + back[of_target, head[arc]]
            np.minimum(found[number], total, out=found[number])
    return found
