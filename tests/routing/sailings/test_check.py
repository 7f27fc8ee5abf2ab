"""The check of schedules finds each way in which one can be wrong."""

from dataclasses import replace

import pytest

from landbridge.routing.sailings.check import ScheduleError, check_schedule, waits
from landbridge.routing.sailings.task import Round
from tests.support.ship_plans import ship_line, task

# 100 TEU each way at 50 TEU an hour: 2 h, 10 h at sea, 4 h, 10 h at sea, 2 h.
RIGHT = Round(line=0, loading_h=(0, 2), outer_h=(12, 16), unloading_h=(26, 28), out_teu=100, back_teu=100)
TASK = task(ship_line(teu_day=(50, 50)))


def test_a_right_schedule_passes():
    check_schedule(TASK, [RIGHT], {"fleet": 1})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"loading_h": (0, 1)}, "1 open hours at home but needs 2"),
        ({"outer_h": (12, 15)}, "3 open hours at outer but needs 4"),
        ({"outer_h": (11, 16)}, "sails in less than 10 h"),
        ({"unloading_h": (25, 28)}, "sails in less than 10 h"),
        ({"out_teu": 101}, "carries 101 and 100 TEU, but a ship only 100"),
        ({"out_teu": 90}, "carries 90 TEU from home, but the demand is 100"),
        ({"loading_h": (48, 50), "outer_h": (60, 64), "unloading_h": (74, 76)}, "outside the period"),
        ({"unloading_h": (26, 76)}, "2 ships of fleet"),
    ],
)
def test_what_is_wrong_is_named(wrong, message):
    with pytest.raises(ScheduleError, match=message):
        check_schedule(TASK, [replace(RIGHT, **wrong)], {"fleet": 1})


def test_two_ships_at_one_berth_are_found():
    late = Round(line=0, loading_h=(1, 3), outer_h=(20, 24), unloading_h=(36, 38), out_teu=100, back_teu=100)
    asked = task(ship_line(teu_day=(100, 100)))
    with pytest.raises(ScheduleError, match="2 ships at the 1 berths home in hour 1"):
        check_schedule(asked, [RIGHT, late], {"fleet": 2})


def test_work_in_a_storm_is_found():
    asked = task(ship_line(teu_day=(50, 50)), closed_days=(1,))
    with pytest.raises(ScheduleError, match=r"0 open hours at home but needs 2.*in a storm"):
        check_schedule(asked, [RIGHT], {"fleet": 1})


def test_cargo_that_waits_too_long_is_found():
    with pytest.raises(ScheduleError, match="waits longer than 47 h"):
        check_schedule(task(ship_line(teu_day=(50, 50)), max_wait_h=47), [RIGHT], {"fleet": 1})


def test_waits_of_uneven_departures():
    # One TEU an hour; 12 taken after 12 h, 36 after 36 h: means 6 and 18 h weighted by 12 and 36 TEU.
    assert waits([(12, 12), (48, 36)], 48) == pytest.approx(((12 * 6 + 36 * 18) / 48, 36))
    # 24 TEU taken at 12 h though 12 h bring 12: 12 wait from before; backlog 24 at 12 h, 0 after, 36 at 48 h, 12 left.
    # Areas: 36 h x 36 / 2 = 648, and 12 h x (12 + 24) / 2 = 216; together 864 TEU-hours over 48 TEU.
    assert waits([(12, 24), (48, 24)], 48) == pytest.approx((18, 36))
    assert waits([], 48) == (0, 0)
