"""Series of queues and waits by day."""

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.simulation.daily_series import COLUMNS, band
from tests.support.simulated import DAYS, simulation

DAILY = simulation().daily


def test_a_band_has_mean_p10_and_p90_over_replications():
    found = band(np.arange(11.0)[:, None] * [1.0, 2.0])
    assert (found.mean.tolist(), found.p10.tolist(), found.p90.tolist()) == ([5.0, 10.0], [1.0, 2.0], [9.0, 18.0])


def test_a_record_for_each_day_of_a_resource():
    records = list(DAILY.records(DAILY.rows_of("border")))
    assert len(records) == DAYS
    assert tuple(records[0]) == COLUMNS
    # Day 40 is the end of the closure: 100 + 4,000 TEU, and 0 to 40 more by replication.
    day = records[40]
    assert (day["date"], day["queue_mean_teu"]) == ("2025-02-10", 4120.0)
    assert (day["queue_p10_teu"], day["queue_p90_teu"]) == pytest.approx((4104.0, 4136.0))
    assert day["wait_mean_h"] == pytest.approx(4120.0 / 16.0)


def test_each_row_has_its_own_queue_and_wait():
    # Hundreds are the band, tens the row, ones the day.
    band_of, row_of, day_of = np.meshgrid([0, 100, 200], [0, 10], [0, 1], indexing="ij")
    wait = (band_of + row_of + day_of).astype(float)
    found = list(type(DAILY)(DAILY.start, DAILY.rows * 2, 1000 + wait, wait).records([1]))
    assert [record["wait_p10_h"] for record in found] == [110, 111]
    assert [record["queue_p90_teu"] for record in found] == [1210, 1211]


def test_a_day_on_which_nothing_arrives_has_no_wait():
    wait = DAILY.wait_h.copy()
    wait[:, 0, 3] = np.nan
    daily = type(DAILY)(DAILY.start, DAILY.rows, DAILY.queue_teu, wait)
    records = list(daily.records([0]))
    assert [records[day]["wait_mean_h"] is None for day in (2, 3)] == [False, True]


def test_an_unknown_resource_or_direction_is_named_with_its_cure():
    with pytest.raises(QueryError, match="no series of 'bordr'"):
        DAILY.rows_of("bordr")
    with pytest.raises(QueryError, match="has no direction 'north'; give one of west"):
        DAILY.rows_of("border", "north")


@pytest.mark.filterwarnings("ignore:(All-NaN|Mean of empty)")
def test_bands_are_those_of_numpy_with_missing_values_left_out():
    draw = np.random.default_rng(1)
    values = draw.exponential(10.0, (7, 3, 40)).astype(np.float32)
    values[draw.random(values.shape) < 0.4] = np.nan
    values[:, 0, 0] = np.nan
    with np.errstate(all="ignore"):
        expected = [np.nanmean(values, axis=0), *np.nanpercentile(values, (10, 90), axis=0)]
    np.testing.assert_allclose(np.array(band(values)), expected, rtol=1e-6)
    assert np.isnan(np.array(band(values))[:, 0, 0]).all()
