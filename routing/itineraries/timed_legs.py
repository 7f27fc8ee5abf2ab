"""Dated itineraries: start and end of each leg, with waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from types import MappingProxyType

from landbridge.networks.times.distributions import TimeDistribution, constant
from landbridge.networks.times.durations import Duration
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.itineraries.leg_maker import LegMaker, itinerary_of_legs, ways_of
from landbridge.routing.query.access import AccessLeg
from landbridge.routing.query.calendars import Clock, moment_of
from landbridge.routing.query.costs import inventory_usd_per_h
from landbridge.routing.query.query import Query
from landbridge.routing.search.timing import begins, ends

_ROUNDING_H = 1e-6


class TimedLegMaker:
    """Converts paths and times of departure to dated itineraries.

    Parameters
    ----------
    held
        Sources of the closures for whose end cargo waits, by edge.
    """

    def __init__(
        self, query: Query, clock: Clock, max_wait_h: float, held: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    ) -> None:
        self._query, self._max_wait_h, self._held = query, max_wait_h, held
        self._network, self._graph, self._clock = query.network, query.network.graph, clock
        self._maker = LegMaker(query)
        self._usd_per_h = inventory_usd_per_h(query.network, query.cargo)
        self._known: dict[tuple[float, tuple[int, ...]], Itinerary | None] = {}

    def itinerary(self, path: Sequence[int], moment_h: float) -> Itinerary | None:
        """Return the itinerary of a path that departs at a given time; None if an edge is closed when it is reached.

        Each is made once: a search compares what it then answers.

        Parameters
        ----------
        path
            Edges of the state graph.
        moment_h
            Hours since the epoch of the clock.
        """
        key = moment_h, tuple(path)
        if key not in self._known:
            self._known[key] = self._itinerary(path, moment_h)
        return self._known[key]

    def _itinerary(self, path: Sequence[int], moment_h: float) -> Itinerary | None:
        start, end = ways_of(self._query, path)
        legs = list(self._access_legs(start, moment_h, outward=True))
        now_h = moment_h + (start.duration.time.mean_h if start.duration else 0.0)
        for edge in path:
            begin_h = begins(self._clock.of_edges, edge, now_h, self._max_wait_h)
            if begin_h == float("inf"):
                return None
            end_h = ends(self._clock.of_edges, edge, begin_h, self._clock.hours[edge])
            legs += self._legs(edge, now_h, begin_h, end_h)
            now_h = end_h
        return itinerary_of_legs(self._query, [*legs, *self._access_legs(end, now_h, outward=False)], path)

    def _legs(self, edge: int, now_h: float, begin_h: float, end_h: float) -> Iterator[Leg]:
        """Yield the leg of an edge, preceded by the wait for its opening hours."""
        if self._clock.timetable[edge] >= 0:
            wait = self._maker.any_leg(edge)
            # Arriving exactly at departure: zero wait, boarding still charged.
            if end_h > now_h or wait.cost_usd:
                yield self._at(wait, Duration(constant(end_h - now_h)), now_h, end_h)
            return
        leg = self._maker.leg(edge)
        if leg is None:
            return
        if begin_h > now_h:
            wait = self._maker.opening_leg(leg)
            wait = replace(wait, sources=(*wait.sources, *self._held.get(edge, ())))
            yield self._at(wait, Duration(constant(begin_h - now_h)), now_h, begin_h)
        yield self._at(leg, self._duration(leg, edge, begin_h, end_h), begin_h, end_h)

    def _duration(self, leg: Leg, edge: int, begin_h: float, end_h: float) -> Duration:
        """Return the duration of a leg without the mean wait for its opening, lengthened by slow-downs.

        While a slow-down says what the days are like, the traffic state is known; any other lengthens every state.
        """
        hours, states = end_h - begin_h, leg.duration.states
        own_h, opening_sd_h = self._clock.hours[edge], self._graph.opening_sd_h[edge]
        stretch = hours / own_h if own_h > 0 else 1.0
        if states and abs(hours - own_h) > _ROUNDING_H:
            if self._clock.is_known(edge, begin_h, end_h):
                mean_h, sd_h, shape = states.own
                return leg.duration._replace(time=TimeDistribution(hours, sd_h * hours / mean_h, shape), states=None)
            states = states.stretched(stretch)
        variance_h2 = max(0.0, leg.time.sd_h**2 - opening_sd_h**2)
        time = TimeDistribution(hours, sqrt(variance_h2) * stretch, leg.time.shape)
        return leg.duration._replace(time=time, states=states)

    def _at(self, leg: Leg, duration: Duration, begin_h: float, end_h: float) -> Leg:
        return leg.timed(
            duration=duration,
            inventory_usd=duration.time.mean_h * self._usd_per_h,
            departs=moment_of(begin_h, self._network.zone(leg.start)),
            arrives=moment_of(end_h, self._network.zone(leg.end)),
        )

    def _access_legs(self, way: AccessLeg, now_h: float, *, outward: bool) -> Iterator[Leg]:
        """Yield the drayage between a point and its terminal, in the time zone of the terminal."""
        zone = self._network.zone(way.place)
        for leg in self._maker.access(way, outward=outward):
            yield replace(leg, departs=moment_of(now_h, zone), arrives=moment_of(now_h + leg.time.mean_h, zone))
