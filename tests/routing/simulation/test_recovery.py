"""Recovery: the queue that builds up, and the day from which it is as before."""

from datetime import date

import numpy as np
import pytest

from landbridge.routing.simulation.recovery import longest_elsewhere, queue_recovery, recovery_of, with_overlaps

START = date(2025, 1, 1)


def closed_for(days, *, usual=10.0, per_day=100.0, served=50.0, before=20, after=60):
    """A queue that grows by `per_day` while it is shut, and falls by `served` until it is as usual."""
    grown = usual + per_day * np.arange(1, days + 1)
    return np.concatenate(
        [np.full(before, usual), grown, np.maximum(usual, grown[-1] - served * np.arange(1, after + 1))]
    )


def test_a_queue_is_normal_when_what_was_built_up_is_served():
    # 400 TEU built up in days 20 to 23, served at 50 a day: as before 8 days later, on day 31.
    found = queue_recovery(closed_for(4)[None], 20, 23)
    assert (found.before_teu, found.peak_teu, found.peak_day) == (10.0, (410.0, 410.0, 410.0), 23)
    assert found.normal_days.tolist() == [31.0]


def test_two_per_cent_of_what_was_built_up_are_normal_where_there_never_was_a_queue():
    # 10,000 TEU, so that 200 are normal: day 23 + (10,000 - 200) / 100 = 121.
    queue = closed_for(4, usual=0.0, per_day=2500.0, served=100.0, after=120)
    found = queue_recovery(queue[None], 20, 23)
    assert found.normal_teu == pytest.approx(200.0)
    assert found.normal_days.tolist() == [121.0]


def test_normal_is_what_nine_in_ten_days_before_do_not_exceed():
    before = np.tile(np.arange(10.0), 3)[-28:]  # 2 to 9, then 0 to 9 twice
    queue = np.concatenate([before, [500.0], np.full(20, 8.0), np.full(20, 7.0)])
    assert np.percentile(before, 90) == pytest.approx(8.3)
    found = queue_recovery(queue[None], 28, 28)
    # 2 % of 500 are more than that: 4.6 before, so that 14.5 are normal.
    assert found.normal_teu == pytest.approx(before.mean() + 0.02 * (500.0 - before.mean()))
    assert queue_recovery(np.minimum(queue, 12.0)[None], 28, 28).normal_teu == pytest.approx(8.3)


def test_replications_that_differ_before_do_not_make_everything_normal():
    # Mean 60; no day is above the mean of its own replication, so that 2 % of 510 are: 70.2 and for the second 110.2.
    days = np.stack([closed_for(5, usual=usual) for usual in (20.0, 100.0)])
    found = queue_recovery(days, 20, 24)
    assert (found.before_teu, found.normal_teu) == (60.0, pytest.approx(60.0 + 0.02 * 500.0))
    # 520 and 600 TEU at the end, 50 less a day: 70 after 9 days, and 110 after 10 (100, since 150 is over it).
    assert found.normal_days.tolist() == [33.0, 34.0]


def test_a_queue_that_is_short_for_a_day_and_grows_again_has_not_recovered():
    queue = np.concatenate([np.full(10, 10.0), [500.0, 5.0], np.full(5, 400.0), np.full(20, 10.0)])
    assert queue_recovery(queue[None], 10, 10).normal_days.tolist() == [17.0]


def test_a_wave_that_a_ban_held_elsewhere_comes_before_it_is_normal():
    # 1,000 TEU held until day 12 come to the queue on day 20 and are served by day 25.
    queue = np.concatenate(
        [np.full(10, 10.0), [500.0, 1000.0, 1010.0], np.full(7, 10.0), [900.0, 700.0, 500.0, 300.0, 100.0],
         np.full(40, 10.0)]
    )  # fmt: skip
    assert queue_recovery(queue[None], 10, 12).normal_days.tolist() == [25.0]
    # A week that exceeds the usual by less than a tenth of it does not count.
    small = np.concatenate([queue[:20], np.full(5, 100.0), np.full(40, 10.0)])
    assert queue_recovery(small[None], 10, 12).normal_days.tolist() == [13.0]


def test_days_before_are_of_the_last_four_weeks():
    queue = np.concatenate([np.full(40, 900.0), np.full(28, 10.0), [500.0], np.full(20, 10.0)])
    assert queue_recovery(queue[None], 68, 68).before_teu == 10.0


def test_with_less_than_a_week_before_nothing_is_normal():
    found = queue_recovery(closed_for(4, before=6)[None], 6, 9)
    assert (found.before_teu, found.normal_teu, found.peak_teu[0]) == (None, None, 410.0)
    assert np.isnan(found.normal_days).all()


def test_a_closure_longer_than_the_run_has_no_recovery():
    found = recovery_of(
        "a:..",
        "close",
        (date(2025, 1, 21), date(2026, 1, 1)),
        resources=("a",),
        queue_teu=closed_for(4)[None],
        start=START,
    )
    assert (found.normal_on, found.normal_after_days, found.back_share) == (None, None, 0.0)
    assert found.built_up_teu == pytest.approx(400.0)


def test_a_closure_that_begins_before_the_series_has_a_peak():
    found = recovery_of(
        "a:..",
        "close",
        (date(2024, 12, 1), date(2025, 1, 3)),
        resources=("a",),
        queue_teu=closed_for(4)[None],
        start=START,
    )
    assert (found.queue_before_teu, found.queue_peak_teu) == (None, 410.0)


def test_the_range_is_that_of_the_replications():
    # Served at 25 to 100 a day: 400 TEU less 2 % (8 of the mean) take 16, 8, 6 and 4 days.
    queue = np.array([closed_for(4, served=served) for served in (25.0, 50.0, 75.0, 100.0)])
    found = recovery_of(
        "a:..", "close", (date(2025, 1, 21), date(2025, 1, 24)), resources=("a",), queue_teu=queue, start=START
    )
    # Days after the end: 15, 7, 5 and 3, sorted 3, 5, 7, 15; more than half of four are back on the third.
    assert found.normal_after_days == 7.0
    assert (found.normal_after_p10_days, found.normal_after_p90_days) == (3.0, 15.0)
    assert found.normal_on == date(2025, 2, 1)
    assert (found.queue_peak_on, found.built_up_trains, found.back_share) == (date(2025, 1, 24), 4.0, 1.0)


def test_no_upper_end_where_replications_do_not_come_back():
    queue = np.array([closed_for(4), closed_for(4), closed_for(4, served=0.0)])
    found = recovery_of(
        "a", "close", (date(2025, 1, 21), date(2025, 1, 24)), resources=("a",), queue_teu=queue, start=START
    )
    assert (found.normal_after_days, found.normal_after_p90_days) == (7.0, None)
    assert found.back_share == pytest.approx(2 / 3)
    assert found.to_dict()["first"] == "2025-01-21"


def recovered(name="a", first=21, last=24, resources=("a",), **options):
    return recovery_of(
        name, "close", (date(2025, 1, first), date(2025, 1, last)), resources=resources,
        queue_teu=closed_for(4)[None], start=START, **options,
    )  # fmt: skip


def test_of_two_replications_the_slower_one_says_when_it_is_normal():
    queue = np.array([closed_for(4, served=25.0), closed_for(4, served=100.0)])
    found = recovery_of(
        "a", "close", (date(2025, 1, 21), date(2025, 1, 24)), resources=("a",), queue_teu=queue, start=START
    )
    assert (found.normal_after_p10_days, found.normal_after_days, found.normal_after_p90_days) == (3.0, 15.0, 15.0)


def test_the_queue_elsewhere_that_builds_up_most_is_named():
    # Usually 50 TEU, and 1,050 eight days after the closure begins; the other one is long, but no longer than before.
    wave, long = np.full(84, 50.0), np.full(84, 5000.0)
    wave[28] = 1050.0
    found = recovered(elsewhere_teu=[("hall", wave), ("port", long)])
    assert (found.elsewhere, found.elsewhere_built_up_teu, found.elsewhere_on) == ("hall", 1000.0, date(2025, 1, 29))
    # It does not count: 400 TEU are built up and served as without it.
    assert (found.built_up_teu, found.normal_after_days) == (400.0, recovered().normal_after_days)
    assert found.to_dict()["elsewhere_on"] == "2025-01-29"


def test_what_is_no_wave_of_the_disruption_is_not_named():
    late, small = np.full(84, 50.0), np.full(84, 50.0)
    late[80], small[28] = 1050.0, 89.0
    assert recovered(elsewhere_teu=[("late", late), ("small", small)]).elsewhere is None
    assert longest_elsewhere([("hall", np.arange(84.0) * 100)], 6, 83, 0.0) is None


def test_disruptions_of_one_place_that_overlap_name_each_other():
    # Normal again on 1 February, so that one on 26 January is in it; one of another resource is not.
    found = with_overlaps(
        [recovered("x"), recovered("y", 26, 28), recovered("z", resources=("b",)), recovered("w", 1, 3)]
    )
    assert [item.overlaps for item in found[:3]] == [("y",), ("x",), ()]
    assert found[3].overlaps == ()
    assert recovered().to_dict()["overlaps"] == []
