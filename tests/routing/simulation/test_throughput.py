"""Assigned beside counted traffic."""

import pytest

from landbridge.routing import assign
from landbridge.routing.simulation.build_model import build_model
from tests.support.queues import demand, hall_network, length

COUNT = {"id": "b--out", "crossing": "b", "year": 2024, "half": "test", "links": ("kz-b--kz-d--road",)}


def checked(folder, *, counted=None, crossing=None):
    """Return the checks and the station of a hall that carries 100 TEU a day and 20 that are not modelled, in 2024."""
    year = {"resource": "hall", "year": 2024, "capacity": 200, "unit": "teu/day", "background": 20}
    tables = {"capacities": [year | {"throughput": counted}]}
    if crossing is not None:
        tables["counts"] = [COUNT | {"teu_per_year": 365 * crossing}]
    network = hall_network(folder, tables=tables)
    model = build_model(assign(network, [demand()], capacity="none", year=2024), length())
    return model.checks, model.rows[0]


@pytest.mark.parametrize(("counted", "undecided"), [(120, False), (105, False), (104, True), (142, True), (141, False)])
def test_traffic_more_than_15_percent_apart_leaves_the_wait_undecided(tmp_path, counted, undecided):
    # 120 TEU a day are assigned, with what is not modelled: 120 / 105 = 1.143, / 104 = 1.154, / 142 = 0.845.
    (check,), row = checked(tmp_path, counted=counted)
    assert (check.resource, check.assigned_teu_day, check.counted_teu_day) == ("hall", 120, counted)
    assert check.ratio == pytest.approx(120 / counted)
    assert (check.undecided, row.undecided) == (undecided, undecided)


def test_a_count_of_a_crossing_is_compared_without_deciding_about_other_rows(tmp_path):
    # The road behind the hall carries 100 of 150 TEU a day; it has no row, and the hall is not its link's.
    (check,), row = checked(tmp_path, crossing=150)
    assert (check.source, check.assigned_teu_day, check.undecided, row.undecided) == ("counts", 100, True, False)


def test_what_was_not_counted_is_not_compared(tmp_path):
    assert checked(tmp_path)[0] == ()
