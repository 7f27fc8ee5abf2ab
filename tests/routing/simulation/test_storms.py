"""Storm areas and their months in a run."""

from datetime import UTC, datetime

import pytest

from landbridge.routing.simulation.storms import Storms, storms_of
from tests.support.queues import hall_network

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
AREA = {"id": "wind", "places": ("kz-a", "kz-b"), "spell_h": 48.0, **dict.fromkeys(MONTHS, 1.0), "dec": 10.0}


def test_an_area_has_places_and_days():
    storms = Storms((AREA,))
    assert (storms.area_of("kz-b"), storms.area_of("kz-d")) == (0, -1)
    assert (storms.closed_days("kz-a"), storms.closed_days("kz-d")) == (21, 0)


def test_months_run_from_that_in_which_the_run_begins_to_that_in_which_it_ends():
    # From noon of 30 December 2024 on, 45 days: December began 29.5 days before, January begins 36 h after.
    found = Storms((AREA,)).arrays(datetime(2024, 12, 30, 12, tzinfo=UTC), 45 * 24)
    assert found.month_of.tolist() == [11, 0, 1]
    assert found.month_start_h.tolist() == pytest.approx([-29.5 * 24, 36, 36 + 31 * 24, 36 + 59 * 24])
    assert (found.closed_h[0, 11], found.closed_h[0, 0], found.spell_mean_h[0]) == (240, 24, 48)


def test_a_network_without_storms_has_none(tmp_path):
    storms = storms_of(hall_network(tmp_path))
    assert storms.areas == ()
    assert storms.arrays(datetime(2025, 1, 1, tzinfo=UTC), 24) is None
