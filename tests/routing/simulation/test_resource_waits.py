"""Waits at resources: their interval, quantiles, bands, and where delay arises."""

from dataclasses import replace

import numpy as np
import pytest

from landbridge.routing.simulation.resource_waits import (
    by_wait,
    histogram_quantile,
    mean_interval,
    shares,
    wait_band,
    where_delay_arises,
)
from tests.support.simulated import HALL, LINE, simulation

BORDER = simulation().waits[0]


def test_an_interval_covers_the_true_mean_in_95_of_100_samples():
    rng = np.random.default_rng(1)
    intervals = [mean_interval(rng.normal(10.0, 3.0, 8)) for _ in range(4000)]
    # Of 4,000 the standard error of the share is 0.34 %.
    assert np.mean([low <= 10.0 <= high for _, low, high in intervals]) == pytest.approx(0.95, abs=0.012)


def test_an_interval_leaves_out_replications_without_a_value_and_is_not_below_zero():
    mean, low, high = mean_interval(np.array([0.0, np.nan, 1.0]))
    assert (mean, low) == (0.5, 0.0)
    assert high == pytest.approx(0.5 + 12.706 * 0.5, abs=1e-3)
    assert mean_interval(np.array([np.nan])) is None
    mean, low, high = mean_interval(np.array([3.0]))
    assert mean == 3.0
    assert np.isnan([low, high]).all()


def test_quantiles_of_a_histogram_are_those_of_its_values():
    values = np.random.default_rng(2).uniform(0.0, 100.0, 100_000)
    edges = np.arange(0.0, 101.0)
    counts, _ = np.histogram(values, edges)
    for share in (0.1, 0.5, 0.9):
        assert histogram_quantile(counts.astype(float), edges, share) == pytest.approx(
            np.quantile(values, share), abs=0.02
        )
    assert histogram_quantile(np.zeros(3), np.arange(4.0), 0.5) is None
    assert histogram_quantile(np.array([0.0, 4.0]), np.arange(3.0), 0.5) == 1.5


@pytest.mark.parametrize(
    ("wait_h", "band"),
    [(0.0, "less than 12 hours"), (12.0, "12 hours and more"), (47.9, "12 hours and more"), (48.0, "2 days and more")],
)
def test_bands_of_a_wait(wait_h, band):
    assert wait_band(replace(BORDER, wait_mean_h=wait_h)) == band


def test_what_is_not_known_is_said_before_the_wait():
    assert (wait_band(HALL), HALL.remark) == ("no steady state", "no steady state")
    assert (wait_band(LINE), LINE.remark) == ("undecided", "undecided")
    assert (BORDER.remark, replace(BORDER, marked=True).remark) == ("disrupted", "disrupted, slow to settle")
    assert replace(BORDER, disrupted=False).remark == ""
    # A queue that grows does not settle; to say so once is enough.
    assert replace(HALL, marked=True, undecided=True).remark == "no steady state, undecided"


def test_a_title_has_the_direction_unless_it_is_both_and_the_section():
    assert [item.title for item in (BORDER, HALL, LINE)] == ["Border, west", "Hall", "Line, east (a--b)"]


def test_the_most_waiting_comes_first():
    assert [item.resource for item in by_wait([LINE, HALL, BORDER])] == ["border", "hall", "line"]


def test_shares_are_of_the_resources_in_a_steady_state():
    found = shares([replace(LINE, wait_teu_h_day=4000.0), HALL, BORDER])
    assert [item.wait_share for item in found] == [0.75, None, 0.25]


def test_at_a_berth_ships_wait():
    assert replace(LINE, kind="berth", name="Berths of A", section=None).title == "Berths of A, ships"


def test_a_line_of_ships_has_its_ports_in_its_name():
    assert replace(LINE, kind="fleet", name="Ferry A-B").title == "Ferry A-B, east"


def test_delay_arises_in_resources_with_all_their_directions():
    back = replace(BORDER, direction="east", wait_teu_h_day=4000.0, assigned_teu_day=100.0, static_wait_h=None)
    first, second, third = where_delay_arises([LINE, HALL, BORDER, back])
    assert (first["resource"], first["wait_teu_h_day"], first["static_teu_h_day"]) == ("border", 16_000.0, 2400.0)
    # 16,000 + 1,000 TEU-hours in steady states.
    assert [first["wait_share"], third["wait_share"]] == pytest.approx([16 / 17, 1 / 17])
    assert second["wait_share"] is None
    assert [record["cumulated_share"] for record in (first, second, third)] == pytest.approx([16 / 17, 16 / 17, 1.0])
    assert (second["static_teu_h_day"], second["steady"], third["undecided"]) == (None, False, True)


def test_without_waits_nothing_has_a_share():
    (record,) = where_delay_arises([replace(BORDER, wait_teu_h_day=0.0)])
    assert record["wait_share"] == 0.0
