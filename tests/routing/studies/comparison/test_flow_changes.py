"""Records of what changes in flows; `test_compare.py` has most of them."""

import pytest

from landbridge.routing import assign
from landbridge.routing.studies.comparison.flow_changes import FlowChanges, surpluses
from landbridge.routing.studies.comparison.sides import Side
from tests.support.compared import UNSERVED, both_ways, closing, sent


@pytest.fixture
def sides(tmp_path):
    """Return ten TEU a day by the steppe, and the same by Mongolia with a row that was not there before."""
    network = both_ways(tmp_path)
    after = closing("KZ").apply(network)
    return Side(assign(network, [sent()])), Side(assign(after, [sent(), sent(2.0, id="new", destination="mn-c")]))


def test_the_largest_change_is_first(sides):
    changes = FlowChanges(*sides)
    assert [row["corridor"] for row in changes.corridors()] == ["mongolia", "middle"]
    sizes = [abs(row["teu_day_change"]) for row in changes.operators()]
    assert sizes == sorted(sizes, reverse=True)
    assert [row["id"] for row in changes.rows()] == ["x", "new"]


def test_a_row_of_one_side_was_nothing_before(sides):
    row = FlowChanges(*sides).rows()[1]
    assert (row["demand_teu_day_before"], row["demand_teu_day_after"]) == (0, pytest.approx(2))
    assert (row["corridor_before"], row["corridor_after"]) == (None, "mongolia")
    assert row["generalised_usd_per_teu_change"] is None


def test_totals_have_the_penalty_per_teu_of_both_sides_if_it_is_finite(tmp_path, sides):
    totals = FlowChanges(*sides).totals()
    assert (totals["unserved_usd_per_teu_before"], totals["unserved_usd_per_teu_after"]) == (UNSERVED, UNSERVED)
    never = Side(assign(both_ways(tmp_path / "never"), [sent()], unserved_usd_per_teu=float("inf")))
    assert FlowChanges(sides[0], never).totals()["unserved_usd_per_teu_after"] is None


def test_without_a_logit_there_is_no_surplus(sides):
    assert surpluses(*sides) == {}
    assert FlowChanges(*sides).totals()["surplus_usd_day"] is None


def test_resources_without_flow_on_either_side_are_left_out(sides):
    records = FlowChanges(*sides).resources()
    assert records
    assert all(row["flow_teu_day_before"] or row["flow_teu_day_after"] for row in records)
