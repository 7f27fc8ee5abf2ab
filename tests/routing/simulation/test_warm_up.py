"""Whether a warm-up was long enough."""

import numpy as np

from landbridge.routing.simulation.warm_up import mser5, warm_up_days_short
from tests.support.queues import demand, hall_network, model_of


def test_a_steady_series_keeps_all_its_values():
    assert mser5(np.random.default_rng(1).normal(size=400)) < 60
    assert mser5(np.full(50, 3.0)) == 0


def test_a_series_that_fills_up_loses_its_start():
    values = np.concatenate([np.linspace(-20, 0, 40), np.random.default_rng(2).normal(size=360)])
    assert 25 <= mser5(values) <= 45


def test_at_most_half_is_left_out_and_a_short_series_stays():
    assert mser5(np.linspace(0, 100, 100)) <= 50
    assert mser5(np.arange(4.0)) == 0


def test_rows_over_their_capacity_and_disrupted_runs_do_not_count(tmp_path):
    network = hall_network(tmp_path)
    growing = np.linspace(0, 100, 100).reshape(1, 1, -1)
    assert warm_up_days_short(model_of(network), growing) > 0
    assert warm_up_days_short(model_of(network, demand(300)), growing) is None
    closed = model_of(network, close="hall:2025-01-03..2025-01-04")
    assert warm_up_days_short(closed, growing) is None


def test_the_queues_of_stormy_places_do_not_count(tmp_path):
    months = dict.fromkeys(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
    storm = {"id": "wind", "places": ("kz-b",), "spell_h": 48, **months}
    network = hall_network(tmp_path, tables={"storms": [storm]})
    assert warm_up_days_short(model_of(network), np.linspace(0, 100, 100).reshape(1, 1, -1)) is None
