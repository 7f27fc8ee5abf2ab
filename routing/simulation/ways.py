"""The traffic of an assignment: its paths, what travels on them, and what each constraint row is offered."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.times.distributions import TimeDistribution
from landbridge.networks.years import resources_of_year
from landbridge.routing.flows.assignment import Assignment, PathFlow
from landbridge.routing.resources.capacities import SERVICE
from landbridge.routing.resources.delays import batch_teu
from landbridge.routing.sailings.lines import load_teu_of, plannable_links
from landbridge.routing.simulation.entities import entity_teu, load_of_flow
from landbridge.routing.simulation.network_model import ModelRoute
from landbridge.routing.simulation.servers import OfferedLoad, joined

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import CongestionRow

_PORT: Final = "port"


@dataclass(frozen=True)
class Way:
    """A path of a row of demand, or traffic that is not modelled.

    Attributes
    ----------
    route
        What it is.
    edges
        Edges of the state graph; of traffic over a ship line that is not modelled the edge of its haul.
    row
        Constraint row at which traffic that is not modelled is served, -1 for all others.
    """

    route: ModelRoute
    edges: tuple[int, ...]
    row: int = -1


class Traffic:
    """The paths of an assignment and the loads at its constraint rows."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.network, self.rows = assignment.network, assignment.rows
        self.graph = self.network.graph
        self.resources = resources_of_year(self.network, assignment.year)

    @cached_property
    def paths(self) -> list[Way]:
        """The paths with a flow.

        Raises
        ------
        QueryError
            If nothing is carried.
        """
        found = [
            self._way(demand, path)
            for demand in range(len(self.assignment.demand))
            for path in self.assignment.paths(demand)
            if path.teu_day > 0
        ]
        if not found:
            raise QueryError("nothing is carried, so that there is nothing to simulate; give a demand above 0")
        return found

    def _way(self, demand: int, path: PathFlow) -> Way:
        item = self.assignment.demand[demand]
        route = ModelRoute(
            demand=demand,
            path=path.number,
            origin=item.origin,
            destination=item.destination,
            corridor=path.corridor,
            cargo_class=item.cargo_class,
            teu_day=path.teu_day,
            entity_teu=entity_teu(self.network, path.edges, path.teu_day, item.cargo_class),
            static_h=sum(self.times[edge].mean_h for edge in path.edges),
        )
        return Way(route, path.edges)

    @cached_property
    def items(self) -> list[str]:
        """Id of the link, operation or service of each edge."""
        graph, network = self.graph, self.network
        links, operations = [row["id"] for row in network.links], [row["id"] for row in network.operations]
        ids = {EdgeKind.HAUL: links, EdgeKind.OPERATION: operations, EdgeKind.WAIT: [*network.services]}
        return [ids[EdgeKind(kind)][row] for kind, row in zip(graph.kind.tolist(), graph.row.tolist(), strict=True)]

    @cached_property
    def times(self) -> list[TimeDistribution]:
        """Published time of each edge in a normal month."""
        graph = self.graph
        columns = (graph.time_mean_h.tolist(), graph.time_sd_h.tolist(), graph.time_shape.tolist())
        found = [TimeDistribution(*values) for values in zip(*columns, strict=True)]
        for edge, states in graph.traffic.items():
            found[edge] = states.normal
        return found

    def rows_at(self, edge: int) -> list[int]:
        """Return the constraint rows that an edge uses."""
        uses = self.rows.by_edge
        found: list[int] = uses.indices[uses.indptr[edge] : uses.indptr[edge + 1]].tolist()
        return found

    @cached_property
    def row_edges(self) -> dict[int, set[int]]:
        """Edges of the paths that use each row of a resource."""
        found: dict[int, set[int]] = {}
        for edge in {edge for way in self.paths for edge in way.edges}:
            for row in self.rows_at(edge):
                if self.rows.kind[row] != SERVICE:
                    found.setdefault(row, set()).add(edge)
        return found

    @cached_property
    def link_teu_day(self) -> Floats:
        """TEU per day on each link in both directions together, shape (links,)."""
        graph, flow = self.graph, self.edge_teu_day
        hauls = graph.kind == EdgeKind.HAUL
        return np.bincount(graph.row[hauls], flow[hauls], len(self.network.links)).astype(np.float64)

    @cached_property
    def edge_teu_day(self) -> Floats:
        """TEU per day of the paths on each edge, shape (edges,)."""
        edges = np.array([edge for way in self.paths for edge in way.edges], dtype=np.int64)
        teu_day = np.repeat([way.route.teu_day for way in self.paths], [len(way.edges) for way in self.paths])
        return np.bincount(edges, teu_day, self.graph.edges).astype(np.float64)

    def offered(self, row: int) -> OfferedLoad:
        """Return the loads offered to a row, with the traffic without a path."""
        paths, background = self._path_loads.get(row, joined([])), float(self.background_teu_day[row])
        pairs = list(zip(paths.teu_day.tolist(), paths.entity_teu.tolist(), strict=True))
        return joined([*pairs, (background, self.background_teu(row))])

    @cached_property
    def background_teu_day(self) -> Floats:
        """Traffic of each row without a path, TEU per day: not modelled, and empties that return; shape (rows,)."""
        return self.rows.background_teu_day + self.assignment.empties_teu_day

    def background_teu(self, row: int) -> float:
        """Return the TEU of a load without a path: of the vehicle of its row, whatever the paths.

        This is its train or truck, otherwise a batch, but at a port at most the largest ship that calls at its berths.
        """
        ships = self._ship_teu.get(self.rows.place[row], ()) if self.rows.kind[row] == _PORT else ()
        return load_of_flow(min([self.batch_teu(row), max(ships, default=np.inf)]), self.background_teu_day[row].item())

    @cached_property
    def _ship_teu(self) -> dict[str, list[int]]:
        """TEU of the ships that call at the berths of each port."""
        vessels, found = self.network.tables["loads"].by_key(), dict[str, list[int]]()
        for link in plannable_links(self.network):
            service = self.network.services[link["service"]]
            for end in (link["from"], link["to"]):
                found.setdefault(end, []).append(load_teu_of(service, vessels.get(service["vehicle"] or ""), 0.0))
        return found

    def usual_load_teu(self, row: int) -> float:
        """Return the TEU of the load in which a mean TEU of the paths comes to a row; 0 if none does."""
        paths = self._path_loads.get(row, joined([]))
        return float(paths.teu_day @ paths.entity_teu) / paths.total_teu_day if len(paths.teu_day) else 0.0

    def batch_teu(self, row: int) -> float:
        """Return the TEU that are served together at a row."""
        return batch_teu(self.network, self.resources[self.rows.resource[row]], self.congestion(row))

    def congestion(self, row: int) -> "CongestionRow":
        """Return the parameters of the kind of a row."""
        return self.network.tables["congestion"].by_key()[self.rows.kind[row]]

    @cached_property
    def capacity_teu_day(self) -> Floats:
        """Capacity of each row on a mean day, with that used by traffic that is not modelled; shape (rows,)."""
        rows, residual = self.rows, self.assignment.residual_teu_day
        given = np.maximum(residual + rows.background_teu_day, 0.0)
        return np.where(residual == rows.residual_teu_day, rows.capacity_teu_day, given)

    @cached_property
    def _path_loads(self) -> dict[int, OfferedLoad]:
        """Loads of the paths at each row; several visits of a row are several loads."""
        pairs: dict[int, list[tuple[float, float]]] = {}
        for way in self.paths:
            for edge in way.edges:
                for row in self.rows_at(edge):
                    pairs.setdefault(row, []).append((way.route.teu_day, way.route.entity_teu))
        return {row: joined(own) for row, own in pairs.items()}
