"""The cheaper of wait and detour, shipment by shipment."""

import numpy as np
import pytest

from landbridge.routing.studies.criticality.waiting import usd_of_closure, waiting_days


def test_cargo_detours_first_and_waits_near_the_end():
    # 24 USD a day, a detour of 48: in the last 2 of 14 days it waits 1 day on average: 12 x 48 + 2 x 24.
    assert usd_of_closure(np.array([48.0]), np.array([24.0]), 14).tolist() == [12 * 48 + 2 * 24]


def test_all_wait_if_the_detour_costs_more_than_the_whole_closure():
    # 14 days of arrivals wait 7 days on average.
    assert usd_of_closure(np.array([30_000.0, 336.0]), np.array([24.0, 24.0]), 14).tolist() == [14 * 7 * 24] * 2


@pytest.mark.parametrize("detour", [0.0, 10.0, 100.0, 500.0])
def test_it_is_the_mean_of_the_cheaper_choice_of_many_shipments(detour):
    arrivals = (np.arange(100_000) + 0.5) / 100_000 * 14
    expected = 14 * np.minimum(detour, 24.0 * (14 - arrivals)).mean()
    assert usd_of_closure(np.array([detour]), np.array([24.0]), 14)[0] == pytest.approx(expected, rel=1e-6)


def test_who_does_not_pay_for_time_waits_and_who_gains_does_not():
    assert waiting_days(np.array([5.0, -5.0, 0.0]), np.array([0.0, 0.0, 0.0]), 14).tolist() == [14, 0, 0]
    assert usd_of_closure(np.array([5.0]), np.array([0.0]), 14).tolist() == [0]
