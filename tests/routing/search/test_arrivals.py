"""Earliest arrivals by the clock: timetables and seasons on a drawn network, and `route` on the bundled one."""

import random

import numpy as np
import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import matrix, reach, route
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.query import Query
from landbridge.routing.questions.one_to_all import TIME, TreeBuilder
from landbridge.routing.search.arrivals import earliest
from tests.support.tiny import link, place, service, tiny_network


@pytest.fixture
def timed(tmp_path):
    """Return A to B by a train that leaves on Mondays and Thursdays at 08:00, and on to C by a line shut in May."""
    train = service("train", wait_kind="timetable", days=("mon", "thu"), departures=("08:00",), cut_off_h=2)
    places = [place(name, lon=number, lat=0) for number, name in enumerate(("cn-a", "cn-b", "cn-c"))]
    links = [
        link("cn-a -- cn-b", service="train", length_km=125),
        link("cn-b -- cn-c", service="train", length_km=125, season_from="06-01", season_to="04-30"),
    ]
    countries = [{"code": "CN", "name": "China", "timezone": "Asia/Shanghai"}]
    return tiny_network(tmp_path, places=places, links=links, services=[train], tables={"countries": countries})


def hours(network, depart, end, origin="cn-a"):
    query = Query(network, origin, origin, objective="time").relaxed(depart=parse_departure(depart))
    spread = TreeBuilder(query).spread(query.starts)
    node = network.graph.destinations[network.graph.place_index[end]]
    return float(spread.totals[node, TIME])


@pytest.mark.parametrize(
    ("depart", "expected"),
    [
        # 2026-03-02 is a Monday. Loaded at 05:00, before the cut-off at 06:00: off at 08:00, 2.5 h, unload 2 h.
        ("2026-03-02T04:00", 4 + 2.5 + 2),
        # Loaded at 06:30, after the cut-off: the train of Thursday, three days later.
        ("2026-03-02T05:30", 72 + 2.5 + 2.5 + 2),
        # The same moment by the clock of Greenwich, where it is eight hours earlier.
        ("2026-03-01T20:00+00:00", 4 + 2.5 + 2),
    ],
)
def test_cargo_waits_for_the_next_departure_that_it_is_in_time_for(timed, depart, expected):
    assert hours(timed, depart, "cn-b") == pytest.approx(expected)


def test_what_is_shut_is_not_waited_for(timed):
    assert hours(timed, "2026-03-02T04:00", "cn-c") == pytest.approx(4 + 2.5 + 2.5 + 2)
    # On the 11th of May, a Monday, the line to C is out of season.
    assert hours(timed, "2026-05-11T04:00", "cn-b") == pytest.approx(4 + 2.5 + 2)
    assert hours(timed, "2026-05-11T04:00", "cn-c") != hours(timed, "2026-05-11T04:00", "cn-c")  # not a number


def test_areas_and_places_follow_the_clock(timed):
    # The train leaves 4 h after the cargo comes: at 5 h it is 0.4 of the way to B, a degree away.
    found = reach(timed, "cn-a", [5, 8.5], depart="2026-03-02T04:00", around_km=10)
    assert [item.id for item in found.places] == ["cn-b"]
    assert found.places[0].time.p50_h == pytest.approx(8.5)
    assert found.areas[0].bounds[2] == pytest.approx(0.4899, abs=1e-3)
    # And until it leaves it is where it was.
    (predecessor,) = reach(timed, "cn-a", [3.9], depart="2026-03-02T04:00", around_km=10).areas
    assert predecessor.bounds[2] == pytest.approx(0.0899, abs=1e-3)


def test_with_a_date_another_objective_is_refused(timed):
    with pytest.raises(QueryError, match="only by time"):
        matrix(timed, ["cn-a"], ["cn-b"], objective="cost", depart="2026-03-02")
    with pytest.raises(QueryError, match="only by time"):
        reach(timed, "cn-a", [100], by="cost", depart="2026-03-02")


@pytest.mark.parametrize("seed", range(6))
def test_arrivals_on_the_bundled_network_are_those_of_route(network, seed):
    draw = random.Random(seed)  # noqa: S311 - a sample and no secret
    single = [name for name in network.places if network.terminals[name] == (name,)]
    origin, *ends = draw.sample(single, 6)
    depart = f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}T{draw.randint(0, 23):02d}:00"
    found = matrix(network, [origin], ends, objective="time", depart=depart)
    reached = {item.id: item for item in reach(network, origin, [5000], depart=depart).places}
    for column, end in enumerate(ends):
        try:
            expected = route(network, origin, end, objective="time", depart=depart)[0].time
        except NoRouteError:
            assert found.reason[0, column] != 0
            assert end not in reached
            continue
        assert found.time_mean_h[0, column] == pytest.approx(expected.mean_h, rel=1e-9)
        assert reached[end].time.mean_h == pytest.approx(expected.mean_h, rel=1e-9)


def edges_of(rows, nodes):
    """Return the edge by which each node is reached from node 0, without a clock; rows are (tail, head, hours, tie)."""
    rows, size = sorted(rows, key=lambda row: row[0]), len(rows)
    tail, head, hours, tie = (np.array(column) for column in zip(*rows, strict=True))
    graph = (np.searchsorted(tail, np.arange(nodes + 1)), head, np.ones(size, dtype=np.bool_), tie.astype(float))
    none = np.full(size, -1, dtype=np.int32)
    clock = (np.zeros(1, np.int32), np.empty(0), np.empty(0), none, none, none, np.zeros(size), hours.astype(float))
    arrival, edge_to = np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int32)
    times = (np.full(size, np.inf), np.full(size, np.inf))
    starts = (np.array([0], dtype=np.int32), np.array([0.0]))
    earliest(graph, (*clock, none, np.empty(0)), starts, 24.0, (arrival, edge_to, *times))
    return arrival.tolist(), edge_to.tolist()


@pytest.mark.parametrize(("ties", "edge"), [((1, 2), 0), ((2, 1), 1), ((1, 1), 0)])
def test_of_two_ways_of_the_same_arrival_the_one_of_least_weight_is_taken(ties, edge):
    assert edges_of([(0, 1, 5, tie) for tie in ties], 2) == ([0, 5], [-1, edge])


def test_what_takes_no_time_replaces_no_way_of_the_same_arrival():
    # Node 1 is reached after 5 h with a weight of 10; from node 2, where cargo is then too, it would be 1.
    rows = [(0, 1, 5, 10), (0, 2, 5, 0), (2, 1, 0, 1)]
    assert edges_of(rows, 3) == ([0, 5, 5], [-1, 0, 1])
