"""Transit times under load by corridor and pair."""

import numpy as np
import pytest

from landbridge.routing.simulation.network_model import ModelRoute
from landbridge.routing.simulation.transit_times import Finished, transit_times

EDGES_H = np.arange(0.0, 401.0, 100.0)


def route(corridor="middle", origin="A", destination="B", *, entity_teu=100.0, teu_day=200.0, static_h=150.0, demand=0):
    return ModelRoute(demand=demand, path=0, origin=origin, destination=destination, corridor=corridor,
                      entity_teu=entity_teu, teu_day=teu_day, static_h=static_h)  # fmt: skip


def times(routes, finished, mean_h, histogram, *, days=10.0, warm_up=90.0, growing=None):
    n = np.array(finished, dtype=float)
    seen = np.array(histogram, dtype=float)
    queues = growing or [[]] * len(routes)
    return transit_times(routes, Finished(n, n * np.array(mean_h), seen, EDGES_H, days, warm_up, queues))


def test_a_train_counts_with_its_teu():
    # 20 trains of 100 TEU take 150 h and 20 of 50 TEU 300 h: (2,000 x 150 + 1,000 x 300) / 3,000 = 200 h.
    routes = [route(), route(destination="C", entity_teu=50.0, teu_day=100.0, static_h=240.0)]
    found = times(routes, [[20, 20]], [[150.0, 300.0]], [[0, 20, 0, 0], [0, 0, 0, 20]])
    corridor = found[0]
    assert (corridor.corridor, corridor.origin, corridor.n, corridor.teu_day) == ("middle", None, 40, 300.0)
    assert corridor.time_mean_h == pytest.approx(200.0)
    assert corridor.static_time_mean_h == pytest.approx(180.0)
    # Two thirds of the TEU are in 100 to 200 h: half of all is three quarters of that bin.
    assert corridor.time_p50_h == pytest.approx(175.0)
    assert corridor.time_p90_h == pytest.approx(370.0)
    assert (corridor.time_ci95_low_h, corridor.time_ci95_high_h) == (None, None)


def test_below_30_observations_there_is_no_time():
    found = times([route()], [[14], [15]], [[150.0], [150.0]], [[0, 29, 0, 0]])
    assert [(item.n, item.time_mean_h, item.time_p50_h) for item in found] == [(29, None, None)] * 2
    found = times([route()], [[15], [15]], [[140.0], [160.0]], [[0, 30, 0, 0]])
    assert (found[0].n, found[0].time_mean_h) == (30, 150.0)
    # Two means 20 h apart: 150 +- 12.706 x 10 h.
    assert found[0].time_ci95_high_h == pytest.approx(277.06, abs=0.01)


def test_corridors_come_first_and_background_is_left_out():
    routes = [route(demand=-1), route("northern", teu_day=5.0), route("middle"), route("middle", "C")]
    found = times(routes, [[90, 30, 60, 40]], [[1.0, 150.0, 150.0, 150.0]], [[0, 50, 0, 0]] * 4)
    keys = [(item.corridor, item.origin, item.n) for item in found]
    assert keys == [("middle", None, 100), ("northern", None, 30), ("middle", "A", 60), ("middle", "C", 40),
                    ("northern", "A", 30)]  # fmt: skip


def test_a_replication_in_which_nothing_finished_has_no_mean():
    found = times([route()], [[0], [40]], [[0.0], [150.0]], [[0, 40, 0, 0]])
    assert found[0].time_mean_h == 150.0


def test_without_demand_there_are_none():
    assert times([route(demand=-1)], [[90]], [[1.0]], [[90, 0, 0, 0]]) == ()


def test_a_group_of_which_a_part_passes_a_growing_queue_has_no_time():
    routes = [route(), route(destination="C")]
    queues = [[], [(3.0, "hall"), (9.0, "border")]]
    found = times(routes, [[40, 40]], [[150.0, 150.0]], [[0, 40, 0, 0]] * 2, growing=queues)
    corridor, to_b, to_c = found
    for item in (corridor, to_c):
        assert (item.steady, item.grows_at, item.remark) == (False, "border", "no steady state at border")
        assert (item.time_mean_h, item.time_p50_h, item.time_ci95_low_h, item.n >= 40) == (None, None, None, True)
    assert (to_b.steady, to_b.grows_at, to_b.remark, to_b.time_mean_h) == (True, None, "", 150.0)


@pytest.mark.parametrize(
    ("warm_up", "days", "short"),
    [
        # 187.5 h by the published times and a quarter, but p90 is at 190 h = 7.9 days.
        (8.0, 10.0, False),
        (6.0, 10.0, True),  # 1.9 of 10 days are lost to the slow ones
        (6.0, 20.0, False),  # of 20 days less than a tenth
        (0.0, 60.0, True),
        (0.0, 80.0, False),
    ],
)
def test_a_run_that_is_short_beside_the_journey_has_no_time(warm_up, days, short):
    (corridor, _) = times([route()], [[40], [40]], [[150.0], [150.0]], [[0, 80, 0, 0]], days=days, warm_up=warm_up)
    assert (corridor.too_short, corridor.remark) == (short, "run too short" if short else "")
    assert (corridor.time_mean_h is None) == short


def test_the_published_time_tells_a_short_run_though_only_the_fast_arrived():
    # 1,000 h by the published times: a slow one takes 52 days, of which 42 of 60 are lost after 10.
    (corridor, _) = times([route(static_h=1000.0)], [[40]], [[50.0]], [[40, 0, 0, 0]], days=60.0, warm_up=10.0)
    assert corridor.too_short
