"""Legs: the hauls, operations and waits of a path of the state graph, with their time, cost and sources."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from landbridge.networks.graph.links import link_countries
from landbridge.networks.graph.operations import DirectedOperation
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph, StateKind
from landbridge.networks.memo import keep
from landbridge.networks.network import Network
from landbridge.networks.times.durations import running_source
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.corridors import ROAD
from landbridge.routing.query.costs import pricing
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.query import Query

_MOST_LEGS: Final = 2048
"""Legs kept for queries of a kind: many times those of an answer, few beside the edges of a network."""


def itinerary_of(query: Query, path: Sequence[int]) -> Itinerary:
    """Return the itinerary of one path of edges of the state graph; for several, reuse a `LegMaker`."""
    return LegMaker(query).itinerary(path)


def itinerary_of_legs(query: Query, legs: Sequence[Leg], path: Sequence[int]) -> Itinerary:
    """Return the itinerary of the legs of a path, with the weights of the query's objective."""
    weights = query.objective if isinstance(query.objective, Weights) else Weights()
    return Itinerary(
        query.network,
        query.cargo,
        tuple(legs),
        weights.value_of_time_usd_per_h,
        weights.reliability_usd_per_h,
        weights.carbon_usd_per_t / 1000,
        edges=tuple(path),
        by_road=query.corridor is not None and query.corridor.id == ROAD,
        meta=query.meta,
    )


def ways_of(query: Query, path: Sequence[int]) -> tuple[AccessLeg, AccessLeg]:
    """Return the access legs by which a path enters and leaves the network."""
    graph = query.network.graph
    first, last = (graph.places[int(graph.state_place[node])] for node in (graph.tail[path[0]], graph.head[path[-1]]))
    return way_to(query.starts, first), way_to(query.ends, last)


def way_to(ways: list[AccessLeg], place: str) -> AccessLeg:
    """Return the access leg of a terminal."""
    return next(way for way in ways if way.place == place)


def _no_steps(_network: Network, _equipment: str, _timetabled: bool) -> dict[int, dict[str, Any]]:
    return {}


class LegMaker:
    """Converts edges of the state graph to legs and paths to itineraries; legs are kept for the next query."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.network = query.network
        self.graph: StateGraph = query.network.graph
        self.pricing = pricing(query.network, query.cargo.equipment, reefer=query.cargo.reefer)
        self._kept: dict[int, Leg] = query.legs
        # All but the cost, inventory cost and emissions of a leg is the same for every such query.
        timetabled = query.cargo.cargo_class == "timetabled"
        self._steps = query.network.cached(_no_steps, query.cargo.equipment, timetabled)

    def itinerary(self, path: Sequence[int]) -> Itinerary:
        """Return the itinerary of a path of edges of the state graph, with its access legs."""
        legs = [leg for edge in path if (leg := self.leg(edge)) is not None]
        start, end = ways_of(self.query, path)
        whole = [*self.access(start, outward=True), *legs, *self.access(end, outward=False)]
        return itinerary_of_legs(self.query, whole, path)

    def leg(self, edge: int) -> Leg | None:
        """Return the leg of an edge; None for a wait without time or cost."""
        leg = self.any_leg(edge)
        return leg if leg.kind != "wait" or leg.time.mean_h or leg.cost_usd else None

    def any_leg(self, edge: int) -> Leg:
        """Return the leg of an edge, including waits without time or cost."""
        leg = self._kept.get(edge)
        return keep(self._kept, edge, self._new_leg(edge), _MOST_LEGS) if leg is None else leg

    def _new_leg(self, edge: int) -> Leg:
        step = self._steps.get(edge)
        if step is None:
            kinds = {EdgeKind.HAUL: self._haul, EdgeKind.OPERATION: self._operation, EdgeKind.WAIT: self._wait}
            new = kinds[EdgeKind(int(self.graph.kind[edge]))](edge) | self._common(edge)
            step = keep(self._steps, edge, new, _MOST_LEGS)
        costs = self.query.costs
        return Leg(
            cost_usd=float(costs.cost_usd[edge]),
            inventory_usd=float(costs.inventory_usd[edge]),
            co2e_kg=float(costs.co2e_kg[edge]),
            **step,
        )

    def opening_leg(self, leg: Leg) -> Leg:
        """Return the wait for the opening hours of a haul or operation, initially with the time of the leg."""
        sources = () if leg.row is None else tuple(leg.row["open_source"])
        return replace(
            leg,
            kind="wait",
            operation=None,
            name=f"opening of {leg.name}",
            end=leg.start,
            distance_km=0.0,
            cost_usd=0.0,
            co2e_kg=0.0,
            sources=sources,
            gauges=(leg.gauges[0], leg.gauges[0]),
        )

    def _common(self, edge: int) -> dict[str, Any]:
        graph = self.graph
        tail, head = graph.states[int(graph.tail[edge])], graph.states[int(graph.head[edge])]
        return {
            "start": tail.place,
            "end": head.place,
            "distance_km": float(graph.length_km[edge]),
            "duration": graph.duration(edge),
        }

    def _haul(self, edge: int) -> dict[str, Any]:
        link = self.network.links[int(self.graph.row[edge])]
        backward = bool(self.graph.backward[edge])
        service = self.network.services[link["service"]]
        length_km = float(self.graph.length_km[edge])
        rate = self.pricing.haul(link, length_km, backward=backward)
        timetabled = self.query.cargo.cargo_class == "timetabled"
        times = (*running_source(link, service, timetabled=timetabled), *link["open_source"])
        sources = (*link["length_source"], *times, *rate.sources)
        ends = [self.network.places[link[end]]["country"] for end in ("from", "to")]
        ordered = [code for code in (reversed(ends) if backward else ends) if code]
        return {
            "kind": "haul",
            "mode": link["mode"],
            "operation": None,
            "name": service["name"],
            "sources": tuple(dict.fromkeys(sources)),
            "countries": tuple(
                dict.fromkeys([*ordered[:1], *sorted(link_countries(link, self.network.places)), *ordered])
            ),
            "row": link,
            "price_spread": rate.spread,
            "backward": backward,
            "gauges": (link["gauge"], link["gauge"]),
        }

    def _operation(self, edge: int) -> dict[str, Any]:
        row = self.network.operations[int(self.graph.row[edge])]
        operation = DirectedOperation(row, bool(self.graph.backward[edge]))
        tail, head = self.graph.states[int(self.graph.tail[edge])], self.graph.states[int(self.graph.head[edge])]
        sources = (*row["time_source"], *self._traffic(edge), *row["fee_source"], *row["co2e_source"])
        country = self.network.places[tail.place]["country"]
        return {
            "kind": "operation",
            "mode": operation.modes[1] or (self.network.services[head.service]["mode"] if head.service else None),
            "operation": row["kind"],
            "name": row["id"],
            "sources": tuple(dict.fromkeys(sources)),
            "countries": (country,) if country else (),
            "row": row,
            "backward": operation.backward,
            "gauges": (tail.gauge, head.gauge) if tail.kind is not StateKind.ORIGIN else (None, head.gauge),
        }

    def _wait(self, edge: int) -> dict[str, Any]:
        service = self.network.tables["services"].rows[int(self.graph.row[edge])]
        sources = (*service["wait_source"], *self._traffic(edge), *service["boarding_source"])
        head = self.graph.states[int(self.graph.head[edge])]
        country = self.network.places[head.place]["country"]
        return {
            "kind": "wait",
            "mode": service["mode"],
            "operation": None,
            "name": service["name"],
            "sources": tuple(dict.fromkeys(sources)),
            "countries": (country,) if country else (),
            "row": service,
            "price_spread": self.pricing.boarding_spread(service),
            "gauges": (head.gauge, head.gauge),
        }

    def _traffic(self, edge: int) -> tuple[str, ...]:
        """Return the sources of the traffic states of an edge."""
        states = self.graph.traffic.get(edge)
        return states.source if states else ()

    def access(self, way: AccessLeg, *, outward: bool) -> list[Leg]:
        """Return the drayage between a point and its terminal, empty for a place."""
        if way.point is None or way.duration is None or way.costs is None:
            return []
        terminal = self.network.places[way.place]
        ends = [(way.point, f"{way.point[1]},{way.point[0]}"), ((terminal["lon"], terminal["lat"]), way.place)]
        (from_point, start), (to_point, end) = ends if outward else ends[::-1]
        return [
            Leg(
                kind="haul",
                mode="road",
                operation=None,
                name="access by road",
                start=start,
                end=end,
                distance_km=float(way.costs.distance_km),
                duration=way.duration,
                cost_usd=float(way.costs.cost_usd),
                inventory_usd=float(way.costs.inventory_usd),
                co2e_kg=float(way.costs.co2e_kg),
                sources=way.sources,
                countries=(terminal["country"],) if terminal["country"] else (),
                access=(from_point, to_point),
                price_spread=way.price_spread,
            )
        ]
