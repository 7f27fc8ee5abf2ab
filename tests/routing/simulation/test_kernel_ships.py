"""Ships that leave when they are full, when cargo has waited for long enough, or when they are needed elsewhere.

Unless said otherwise a ship takes 10 TEU, a call takes 1 h and another for each 10 TEU, and the sea 5 h. Stations 0 and
1 are the berths of ports a and b, side 0 leads from a to b and side 1 back; the first ship begins at a, the second at
b.
"""

import numpy as np
import pytest

from landbridge.routing.draws.standard_tables import EXPONENTIAL
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    ships,
    sources,
    stations,
    storms,
)
from landbridge.routing.simulation.replications import run_replications
from tests.support.queueing import Lot, by_ship, run_lots

A_TO_B, B_TO_A = 0, 1


def fleet(n=1, storm=-1, changes=None, call_h=1.0, **line):
    ports = {"port_berth": [0, 1], "port_call_h": call_h, "port_handling_teu_h": 10.0, "port_storm": storm}
    columns = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": 5.0, "capacity_teu": 10.0, **line}
    return ships(ports, columns, [n], changes)


def cargo(hour, teu, side=A_TO_B):
    return Lot(hour, (by_ship(side),), teu)


def sail_lots(lots, of=None, berths=1, changes=None, **rest):
    return run_lots(lots, stations(2, servers=berths, changes=changes), ships=of or fleet(), **rest)


def side(ran, number):
    """Return what was measured of a side: rows of sides come after the berths and the ends of the lots."""
    return ran.row(2 + ran.end_h.shape[1] + number)


def test_a_ship_leaves_when_it_is_full():
    ran = sail_lots([cargo(2.0, 4.0), cargo(3.0, 6.0)])
    # Full at 3, loaded by 3 + 1 + 1 = 5, there at 10, unloaded by 12.
    assert ran.end_h[0] == pytest.approx([12.0, 12.0])
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(1.0)
    assert side(ran, A_TO_B)["loaded_teu"] == 10
    assert side(ran, A_TO_B)["sailings"] == 1
    # It had been at a since 0, two hours of them at the berth.
    assert side(ran, A_TO_B)["anchor_h"] == pytest.approx(3.0)
    assert [ran.row(berth)["busy_h"] for berth in (0, 1)] == pytest.approx([2.0, 2.0])
    # The ship calls once at each.
    assert [ran.row(berth)["arrivals_n"] for berth in (0, 1)] == [1, 1]
    assert [ran.row(berth)["departures_n"] for berth in (0, 1)] == [1, 1]


def test_a_ship_that_is_never_full_does_not_leave():
    ran = sail_lots([cargo(2.0, 9.0)])
    assert np.isnan(ran.end_h[0, 0])
    assert side(ran, A_TO_B)["queue_end_teu"] == 9


def test_a_ship_leaves_when_its_first_cargo_has_waited_for_long_enough():
    ran = sail_lots([cargo(2.0, 4.0), cargo(8.0, 1.0)], fleet(max_wait_h=7.0))
    # Called at 9 with 5 TEU: a call of 1.5 h to 10.5, there at 15.5, unloaded by 17.
    assert ran.end_h[0] == pytest.approx([17.0, 17.0])
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(7.0 + 1.0)


def test_an_empty_ship_goes_where_a_load_is_ready_and_needs_no_berth_for_that():
    ran = sail_lots([cargo(2.0, 10.0, B_TO_A)])
    # It leaves a at 2, is at b at 7, loaded by 9, back at 14, unloaded by 16.
    assert ran.end_h[0, 0] == pytest.approx(16.0)
    assert side(ran, B_TO_A)["wait_h"] == pytest.approx(5.0)
    assert side(ran, A_TO_B)["sailings"] == side(ran, A_TO_B)["empty_sailings"] == 1
    assert [ran.row(berth)["arrivals_n"] for berth in (0, 1)] == [1, 1]


def test_a_ship_that_is_needed_elsewhere_takes_what_there_is():
    ran = sail_lots([cargo(1.0, 3.0), cargo(2.0, 10.0, B_TO_A)])
    # Called at 2 with 3 TEU: a call of 1.3 h, at b at 8.3; unloads 3 and loads 10 in one call of 2.3 h to 10.6; at a at
    # 15.6, unloaded by 17.6.
    assert ran.end_h[0] == pytest.approx([10.6, 17.6])
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(1.0)
    assert side(ran, B_TO_A)["wait_h"] == pytest.approx(6.3)
    assert side(ran, A_TO_B)["empty_sailings"] == 0


def test_no_ship_is_sent_for_cargo_that_is_no_load():
    ran = sail_lots([cargo(2.0, 9.0, B_TO_A)])
    assert np.isnan(ran.end_h[0, 0])
    assert side(ran, A_TO_B)["sailings"] == 0


def test_a_second_load_gets_the_ship_of_the_other_port():
    ran = sail_lots([cargo(1.0, 10.0), cargo(1.0, 10.0)], fleet(2))
    # The ship at a: called at 1, loaded by 3, there at 8, unloaded by 10. That at b: leaves at 1, at a at 6, loaded by
    # 8, back at 13, unloaded by 15.
    assert ran.end_h[0] == pytest.approx([10.0, 15.0])
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(5.0)


def test_a_ship_that_left_with_a_load_is_called_back_for_another():
    ran = sail_lots([cargo(1.0, 10.0), cargo(1.5, 10.0, B_TO_A), cargo(20.0, 10.0, B_TO_A)])
    # At b at 8 it unloads and loads by 11, is at a at 16 and unloaded by 18. It leaves empty at 20, is at b at 25,
    # loaded by 27, back at 32, unloaded by 34.
    assert ran.end_h[0] == pytest.approx([11.0, 18.0, 34.0])


def test_one_ship_is_enough_for_one_load():
    ran = sail_lots([cargo(1.0, 10.0)], fleet(2))
    assert side(ran, B_TO_A)["sailings"] == 0


def test_ships_wait_at_anchor_where_the_berth_is_busy():
    # Ships 0 and 2 begin at a. Both are called at 1; the second begins its call at 3.
    ran = sail_lots([cargo(1.0, 10.0), cargo(1.0, 10.0)], fleet(3))
    assert ran.end_h[0] == pytest.approx([10.0, 12.0])
    assert ran.row(0)["wait_h"] == pytest.approx(2.0)
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(2.0)
    # At a since 0: (3 - 2) + (5 - 2) hours not at the berth.
    assert side(ran, A_TO_B)["anchor_h"] == pytest.approx(1.0 + 3.0)


def test_two_berths_serve_two_ships():
    ran = sail_lots([cargo(1.0, 10.0), cargo(1.0, 10.0)], fleet(3), berths=2)
    assert ran.end_h[0] == pytest.approx([10.0, 10.0])


def test_cargo_is_a_counter_and_a_lot_may_be_split():
    ran = sail_lots([cargo(1.0, 15.0), cargo(2.0, 5.0)], fleet(3))
    # Ship 0 takes 10 of 15 at 1 and is through at 10; the other 5 and the next lot fill ship 2, called at 2, whose call
    # begins when the berth is free at 3: through at 12.
    assert ran.end_h[0] == pytest.approx([12.0, 12.0])
    assert side(ran, A_TO_B)["wait_h"] == pytest.approx(2.0 + 1.0)


def test_a_lot_larger_than_a_ship_goes_by_several():
    ran = sail_lots([cargo(1.0, 30.0)], fleet(1))
    # Called at 1, and again when it is back empty 2 + 5 + 2 + 5 = 14 h later; the third load is taken at 29
    # and unloaded by 38.
    assert ran.end_h[0, 0] == pytest.approx(38.0)
    assert side(ran, A_TO_B)["sailings"] == 3
    assert side(ran, B_TO_A)["empty_sailings"] == 2


def test_a_closed_berth_begins_no_call():
    ran = sail_lots([cargo(2.0, 10.0)], changes=[[(1.0, 0.0), (50.0, 1.0)], []])
    assert ran.end_h[0, 0] == pytest.approx(50.0 + 9.0)


def test_at_low_water_a_ship_is_full_with_less():
    of = fleet(changes=[[(0.0, 0.5), (500.0, 1.0)]])
    ran = sail_lots([cargo(2.0, 5.0), cargo(600.0, 5.0)], of)
    # A call of 1.5 h, 5 h at sea, a call of 1.5 h; 5 TEU are no full load at normal water.
    assert ran.end_h[0] == pytest.approx([10.0, np.nan], nan_ok=True)


def test_a_fleet_without_ships_delivers_nothing():
    ran = sail_lots([cargo(2.0, 10.0)], fleet(0))
    assert side(ran, A_TO_B)["queue_end_teu"] == 10
    assert side(ran, A_TO_B)["unfinished_h"] == pytest.approx(998.0)


def test_a_ship_serves_all_lines_of_its_fleet():
    ports = {"port_berth": [0, 1, 2], "port_call_h": 1.0, "port_handling_teu_h": 10.0}
    lines = {"line_port_a": [0, 0], "line_port_b": [1, 2], "sail_mean_h": [5.0, 7.0], "capacity_teu": 10.0}
    # Side 2 leads from a to c, side 3 from c to a. The ship at a is called to c at 1, there at 1 + 2 + 7 = 10, unloaded
    # by 12. Then b has a load: 12 h over a, there at 24, loaded by 26, at a at 31, unloaded by 33.
    lots = [cargo(1.0, 10.0, 2), cargo(11.0, 10.0, 1)]
    ran = run_lots(lots, stations(3), ships=ships(ports, lines, [1]))
    assert ran.end_h[0] == pytest.approx([12.0, 33.0])


MONTHS = {"month_start_h": [0.0, 10.0, 5000.0], "month_of": [0, 1]}
"""A calm January until 10, and a February that is stormy 95 % of the time from then on."""


def stormy(port_storm, replications=40):
    """Return lots that are loaded from 1 to 2002, in a February of long storms."""
    weather = storms([[0.0] + [0.95 * 4990.0] + [0.0] * 10], [400.0], **MONTHS)
    of = fleet(storm=port_storm, call_h=2000.0)
    return sail_lots([cargo(1.0, 10.0)], of, replications=replications, end_h=2006.0, storms=weather)


def test_in_a_storm_no_ship_leaves_and_it_lies_at_anchor():
    ran = stormy(0)
    sailings, busy_h = ran.runs.rows[:, 3]["sailings"], ran.runs.rows[:, 0]["busy_h"]
    # The call ends at 2002 in a storm in 95 % of the runs; 4 h later it still blows in 95 % x exp(-4 / 400).
    assert 0 < sailings.sum() < 10
    # The berth is free meanwhile.
    assert busy_h == pytest.approx(2001.0)


def test_a_port_without_storms_lets_ships_leave():
    assert stormy(-1).runs.rows[:, 3]["sailings"].tolist() == [1] * 40


def test_in_a_storm_no_call_begins():
    always = storms([[0.95 * 1000.0] * 12], [1e9], [0.0, 1000.0], [0])
    ran = sail_lots([cargo(1.0, 10.0)], fleet(storm=0), replications=200, storms=always)
    # It blows for ever from the start in 95 % of the runs, and else never.
    calls = np.isfinite(ran.end_h[:, 0])
    assert 0 < calls.sum() < 25
    assert ran.end_h[calls, 0] == pytest.approx(10.0)


def crossing(n, teu_per_h, **line):
    """Return a random crossing in both directions."""
    steps = [[Step(StepKind.SHIP, A_TO_B)], [Step(StepKind.SHIP, B_TO_A)]]
    of = sources(2, route=[0, 1], rate_per_h=teu_per_h, kind=SourceKind.POISSON)
    weather = storms([[73.0] * 12], [30.0], np.arange(0.0, 20_000.0, 730.0), np.arange(27) % 12)
    measured = run(1000.0, 18_000.0, 4, series_rows=[2, 3])
    of_line = fleet(n, storm=0, sail_sd_h=2.0, sail_table=EXPONENTIAL, **line)
    return queueing_network(stations(2), routes(steps), of, measured, ships=of_line, storms=weather)


@pytest.mark.parametrize("max_wait_h", [12.0, np.inf])
@pytest.mark.parametrize("n", [1, 3])
def test_nothing_is_lost_and_waits_are_queues(n, max_wait_h):
    runs = run_replications(crossing(n, [0.8, 0.3], max_wait_h=max_wait_h))
    rows, of = runs.rows, runs.routes
    assert rows["queue_n_h"] == pytest.approx(rows["clipped_wait_h"], rel=1e-9, abs=1e-6)
    assert rows["queue_teu_h"] == pytest.approx(rows["clipped_wait_teu_h"], rel=1e-9, abs=1e-6)
    assert of["inside_start_teu"] + of["made_teu"] - of["finished_teu"] == pytest.approx(of["inside_end_teu"])
    assert (of["finished_teu"] > 0).all()
    aboard = rows["loaded_teu"][:, 2:4] / (rows["sailings"] - rows["empty_sailings"])[:, 2:4]
    assert (aboard <= 10.0 + 1e-6).all()
    if max_wait_h == np.inf and n == 1:
        assert aboard[:, 0] == pytest.approx(10.0)  # over its capacity: it never leaves a but full


def test_ships_that_are_sent_where_they_lack_deliver_a_one_sided_flow():
    """All cargo goes one way: a round takes 14 h with 10 TEU, so that one ship carries 10 / 14 = 0.714 TEU an hour."""
    runs = run_replications(crossing(1, [0.65, 0.0]))
    # 10 % of the time no call begins; 0.65 TEU an hour is just above what is left, 0.643 or less.
    delivered = runs.rows["departures_teu"][:, 2] / 17_000.0
    assert 0.55 < delivered.mean() < 0.65
