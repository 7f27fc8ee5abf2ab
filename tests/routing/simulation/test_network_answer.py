"""From tallies to the answer, with arrays made by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from landbridge.routing import assign
from landbridge.routing.simulation import queueing_network as arrays
from landbridge.routing.simulation.kernel_records import (
    INTERVAL,
    ROUTE_TALLY,
    ROW_TALLY,
    TRANSIT_BINS,
    WAIT_BINS,
    transit_edges_h,
    wait_edges_h,
)
from landbridge.routing.simulation.network_answer import network_simulation
from landbridge.routing.simulation.network_layers import queue_features
from landbridge.routing.simulation.network_model import (
    ModelDisruption,
    ModelRoute,
    ModelSide,
    ModelStation,
    NetworkModel,
    ThroughputCheck,
)
from landbridge.routing.simulation.replications import SimulationRuns
from landbridge.routing.simulation.simulate_network import simulate_network
from tests.support.flow_networks import demand, two_ways
from tests.support.tiny import link, tiny_network

DAYS, RUNS = 50, 2
HALL = ModelStation(
    resource="hall", name="Hall of B", kind="terminal", place="kz-b", direction="forward", constraint=0, servers=2,
    service_h=4.0, batch_teu=10.0, capacity_teu_day=40.0, assigned_teu_day=30.0, relaxation_h=24.0,
)  # fmt: skip
BERTH = replace(HALL, resource="berths", name="Berths", direction="", constraint=-1, relaxation_h=500.0)
SIDE = ModelSide(fleet="boats", service="boat", link="b-d", name="Boat B-D", from_place="kz-b", to_place="kz-d",
                 constraint=-1, capacity_teu_day=20.0, assigned_teu_day=10.0)  # fmt: skip
CHECK = ThroughputCheck(resource="hall", name="Hall of B", direction="forward", assigned_teu_day=30.0,
                        counted_teu_day=25.0, ratio=1.2, undecided=True, source="capacities")  # fmt: skip
CLOSED = ModelDisruption(
    text="hall:2025-02-01..2025-02-02", kind="close", target="hall", first=date(2025, 2, 1), last=date(2025, 2, 2),
    from_h=0.0, to_h=0.0, stations=(0,), sources=(1,),
)  # fmt: skip


def model(**changes):
    """Return two stations, a line of two ships, a route of demand and one of background, and a closure with a ban."""
    step = arrays.Step(arrays.StepKind.STATION, 0)
    lines = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": 5.0, "capacity_teu": 50.0}
    queueing = arrays.queueing_network(
        arrays.stations(2),
        arrays.routes([[step], [step]]),
        arrays.sources(2, route=[0, 1], rate_per_h=0.1),
        arrays.run(24.0, 24.0 * (1 + DAYS), RUNS, 3, series_rows=[0, 1, 2, 5]),
        ships=arrays.ships({"port_berth": [1, 1]}, lines, [2]),
    )
    route = ModelRoute(demand=0, path=0, origin="A", destination="D", corridor="other", teu_day=30.0, entity_teu=10.0,
                       static_h=100.0)  # fmt: skip
    background = ModelRoute(demand=-1, path=-1, teu_day=10.0, entity_teu=10.0)
    sides = (SIDE, replace(SIDE, from_place="kz-d", to_place="kz-b"))
    made = NetworkModel(
        queueing=queueing, rows=(HALL, BERTH), sides=sides, routes=(route, background), start=date(2025, 1, 1),
        year=2025, checks=(CHECK,), disruptions=(CLOSED,),
    )  # fmt: skip
    return replace(made, **changes)


def tallies():
    """Return what the two replications measured: rows are two stations, two sides and the holds of two sources."""
    rows, routes = np.zeros((RUNS, 6), ROW_TALLY), np.zeros((RUNS, 2), ROUTE_TALLY)
    hall = rows[:, 0]
    hall["arrivals_n"], hall["arrivals_teu"], hall["departures_teu"] = 150, 1500.0, 1450.0
    hall["wait_teu"], hall["wait_teu_h"] = 1500.0, [15_000.0, 21_000.0]
    hall["queue_n_h"], hall["queue_teu_h"], hall["queue_max_teu"] = 1.0, [15_000.0, 21_000.0], [80.0, 100.0]
    hall["queue_start_teu"], hall["queue_end_teu"] = 20.0, [30.0, 20.0]
    hall["busy_h"], hall["open_h"] = 900.0, 1200.0
    side = rows[:, 2]
    side["arrivals_n"], side["departures_teu"], side["anchor_h"], side["wait_teu"] = 50, 500.0, 1200.0, 500.0
    routes["finished_n"], routes["finished_teu"] = [[150, 50], [150, 50]], [[1500, 500], [1500, 500]]
    routes["transit_h"] = 150 * 120.0
    wait_counts, transit_counts = np.zeros((6, WAIT_BINS), np.int64), np.zeros((2, TRANSIT_BINS), np.int64)
    # Waits of 8 to 8.5 h: the bin that begins at 8 h.
    wait_counts[0, int(np.searchsorted(wait_edges_h(), 8.0)) + 1] = 300
    transit_counts[0, int(np.searchsorted(transit_edges_h(), 128.0)) + 1] = 300
    queue = np.full((RUNS, 4, DAYS), 20.0, np.float32)
    queue[:, 0, 31:33] = 500.0
    queue[:, 3] = 0.0
    queue[:, 3, 31:33] = 100.0
    wait = np.full((RUNS, 4, DAYS), 10.0, np.float32)
    wait[:, 0, 5] = np.nan
    return SimulationRuns(np.arange(RUNS), RUNS, rows, routes, wait_counts, transit_counts,
                          np.zeros((4, DAYS), INTERVAL), queue, wait, 1)  # fmt: skip


@pytest.fixture
def answer(tmp_path):
    network = two_ways(tmp_path / "network")
    assignment = assign(network, [demand()], capacity="none")

    def answered(made=None, runs=None):
        return network_simulation(
            network, made or model(), runs or tallies(), assignment=assignment, meta={"options": {}}
        )

    return answered


def test_a_wait_is_that_of_a_teu_with_the_interval_of_its_mean(answer):
    hall = answer().waits[0]
    # 10 and 14 h by replication: 12 h, and 12.706 x 2 h around it.
    assert (hall.resource, hall.wait_mean_h, hall.wait_ci95_high_h) == ("hall", 12.0, pytest.approx(37.41, abs=0.01))
    assert hall.wait_p50_h == pytest.approx(8.25)
    # 18,000 TEU-hours in 50 days.
    assert (hall.wait_teu_h_day, hall.queue_mean_teu, hall.queue_max_teu) == (360.0, 15.0, 90.0)
    assert (hall.utilisation_assigned, hall.utilisation_carried) == (0.75, 0.375)
    assert (hall.assigned_teu_day, hall.delivered_teu_day, hall.steady, hall.growth_teu_day) == (30.0, 29.0, True, None)
    assert (hall.counted_teu_day, hall.counted_ratio, hall.disrupted, hall.marked) == (25.0, 1.2, True, False)
    assert (hall.lon, hall.lat) != (None, None)


def test_the_static_wait_is_that_of_the_formula_at_the_same_traffic(answer, tmp_path):
    from landbridge.routing.resources.delays import delays

    network = two_ways(tmp_path / "again")
    rows = assign(network, [demand()], capacity="none").rows
    # The formula adds the wait of 20 TEU a day to that of the 10 of the background; without background it is all of it.
    functions = replace(delays(network, rows, rows.capacity_teu_day), background=np.zeros(len(rows)))
    traffic = np.where(np.arange(len(rows)) == 0, 30.0, 0.0)
    assert answer().waits[0].static_wait_h == pytest.approx(functions.hours(traffic)[0])
    assert functions.hours(traffic)[0] > 0


def test_ships_are_at_work_when_they_are_not_at_anchor(answer):
    boats = next(item for item in answer().waits if item.resource == "boats")
    # 1,200 of 2 ships x 1,200 h at anchor.
    assert (boats.utilisation_carried, boats.servers, boats.kind) == (0.5, 2, "fleet")
    assert (boats.place, boats.section, boats.title) == ("kz-b", "kz-b--kz-d", "Boat B-D")


def test_rows_without_traffic_are_left_out_and_slow_ones_marked(answer):
    assert sorted(item.resource for item in answer().waits) == ["boats", "hall"]
    runs = tallies()
    runs.rows["arrivals_n"][:, 1] = 1
    berths = next(item for item in answer(runs=runs).waits if item.resource == "berths")
    # 500 h are more than a third of 1,200 h.
    assert berths.marked
    assert (berths.wait_mean_h, berths.remark) == (None, "slow to settle, no waits seen")


def test_at_a_berth_ships_wait_and_it_has_no_capacity_of_its_own(answer):
    runs = tallies()
    berth = runs.rows[:, 1]
    # Of 10 ships that wait 4 h each on average two are laden, with 100 TEU and 10 h; it is no wait of TEU.
    berth["arrivals_n"], berth["wait_n"], berth["wait_h"] = 10, 10, 40.0
    berth["wait_teu"], berth["wait_teu_h"] = 200.0, 2000.0
    runs.wait_counts[1, 0] = 20
    made = model(rows=(HALL, replace(BERTH, kind="berth", assigned_teu_day=0.0, capacity_teu_day=float("inf"))))
    found = next(item for item in answer(made, runs).waits if item.resource == "berths")
    assert (found.wait_mean_h, found.title) == (4.0, "Berths, ships")
    assert (found.utilisation_assigned, found.assigned_teu_day) == (None, None)
    # All of them in the bin of what is too short to be measured.
    assert (found.wait_p50_h, found.wait_p90_h) == (0.0, 0.0)


def test_over_the_capacity_there_is_a_growth_and_no_mean(answer):
    over = answer(model(rows=(replace(HALL, assigned_teu_day=44.0), BERTH))).waits[0]
    # From 20 to 30 and to 20 TEU in 50 days; 25 TEU at 29 a day are 20.7 h.
    assert (over.steady, over.wait_mean_h, over.wait_p90_h, over.static_wait_h) == (False, None, None, None)
    assert (over.growth_teu_day, over.utilisation_assigned) == (pytest.approx(0.1), pytest.approx(1.1))
    assert over.wait_last_day_h == pytest.approx(25 / 29 * 24)
    shut = answer(model(rows=(replace(HALL, capacity_teu_day=0.0), BERTH))).waits[0]
    assert (shut.steady, shut.utilisation_assigned) == (False, None)


def test_a_queue_that_grows_in_all_replications_has_no_steady_state_below_its_capacity_either(answer):
    runs = tallies()
    runs.rows["queue_end_teu"][:, 0] = [520.0, 521.0]
    # 10 TEU a day, a third of what arrives.
    assert not answer(runs=runs).waits[0].steady


def test_series_and_recovery_are_of_the_closure_with_what_is_held(answer):
    found = answer()
    assert [tuple(row) for row in found.daily.rows] == [
        ("hall", "forward", None), ("berths", "", None), ("boats", "", "kz-b--kz-d"),
    ]  # fmt: skip
    assert np.isnan(found.daily.wait(0).mean[5])
    assert found.daily.wait(0).mean[6] == 10.0
    (recovery,) = found.recoveries
    # 500 TEU in the hall and 100 held, 20 before; normal on the first day after it.
    assert (recovery.queue_before_teu, recovery.queue_peak_teu, recovery.resources) == (20.0, 600.0, ("hall",))
    assert (recovery.normal_on, recovery.normal_after_days) == (date(2025, 2, 3), 0.0)
    assert found.recovery_queues_teu[0].mean[31] == 600.0


def test_times_and_totals_are_of_the_demand_and_not_of_the_background(answer):
    found = answer()
    assert (found.demand_teu_day, found.delivered_teu_day) == (30.0, 30.0)
    corridor, pair = found.times
    assert (corridor.n, corridor.time_mean_h, corridor.static_time_mean_h, pair.origin) == (300, 120.0, 100.0, "A")
    assert corridor.time_p50_h == pytest.approx(130.0)
    assert (found.start, found.days, found.warm_up_days, found.seed) == (date(2025, 1, 1), DAYS, 1.0, 3)


def test_a_way_past_a_growing_queue_has_no_time_and_names_it(answer):
    found = answer(model(rows=(replace(HALL, assigned_teu_day=44.0), BERTH)))
    assert [(item.steady, item.grows_at, item.time_mean_h, item.time_p90_h) for item in found.times] == [
        (False, "hall", None, None)
    ] * 2
    assert answer().times[0].remark == ""
    assert found.to_dict()["transit"]["corridors"][0]["remark"] == "no steady state at hall"


def test_the_wave_of_what_was_held_is_named_where_it_queues(answer):
    # Of the berths after the hall: 20 TEU before, and 400 more a week after the closure.
    made, runs = model(), tallies()
    step = arrays.StepKind.STATION
    routes = arrays.routes([[arrays.Step(step, 0), arrays.Step(step, 1)], [arrays.Step(step, 0)]])
    runs.rows["arrivals_n"][:, 1] = 1
    runs.queue_teu[:, 1, 38] = 420.0
    (found,) = answer(replace(made, queueing=made.queueing._replace(routes=routes)), runs).recoveries
    assert (found.elsewhere, found.elsewhere_built_up_teu, found.elsewhere_on) == ("berths", 400.0, date(2025, 2, 8))
    # The other way round the berths are before the closed hall, and nothing of it comes there.
    routes = arrays.routes([[arrays.Step(step, 1), arrays.Step(step, 0)], [arrays.Step(step, 0)]])
    (found,) = answer(replace(made, queueing=made.queueing._replace(routes=routes)), runs).recoveries
    assert found.elsewhere is None


def test_what_did_not_arrive_is_on_the_way_or_held(answer):
    runs = tallies()
    runs.routes["inside_end_teu"], runs.routes["inside_start_teu"] = [[150, 900], [250, 900]], [[50, 0], [50, 0]]
    # The second source, of background, is held by the ban: rows 4 and 5 are of sources.
    runs.rows["queue_end_teu"][:, 5] = [40.0, 60.0]
    found = answer(runs=runs)
    # 100 and 200 TEU more of the demand, and 50 held, in 50 days.
    assert (found.more_on_the_way_teu_day, found.more_held_teu_day) == (3.0, 1.0)


def test_a_run_of_a_small_network_agrees_with_its_own_totals(tmp_path):
    network = two_ways(tmp_path / "network")
    found = simulate_network(network, [demand(20.0)], days=200, warm_up=20, replications=4, start="2025-01-01")
    hall = next(item for item in found.waits if item.resource == "hall")
    # 20 TEU a day over 10 of the background of 40.
    assert (hall.assigned_teu_day, hall.utilisation_assigned) == (pytest.approx(30.0), pytest.approx(0.75))
    assert hall.utilisation_carried == pytest.approx(0.75, abs=0.08)
    assert found.delivered_teu_day == pytest.approx(20.0, abs=1.5)
    # Little: TEU in the queue are what arrives times how long it waits.
    assert hall.queue_mean_teu == pytest.approx(hall.delivered_teu_day * hall.wait_mean_h / 24, rel=0.1)
    assert found.daily.queue(0).mean.mean() == pytest.approx(hall.queue_mean_teu, rel=0.01)


def test_a_network_without_resources_has_times_and_no_queues(tmp_path):
    way = [link("kz-a -- kz-b", length_km=100), link("kz-b -- kz-d", length_km=200)]
    network = tiny_network(tmp_path / "network", links=way)
    found = simulate_network(network, [demand(20.0)], days=400, warm_up=20, replications=2, start="2025-01-01")
    assert (found.waits, found.daily.rows, found.where(), list(queue_features(found.waits))) == ((), (), [], [])
    assert found.transit()[0]["time_mean_h"] == pytest.approx(found.transit()[0]["static_time_mean_h"], rel=0.1)
