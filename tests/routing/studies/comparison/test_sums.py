"""Sums of flows by group."""

import pytest

from landbridge.routing import assign
from landbridge.routing.studies.comparison.sides import TOTAL, Side
from landbridge.routing.studies.comparison.sums import ShipperSums, operator_sums, row_sums, shipper_sums
from tests.support.compared import STEPPE, STEPPE_H, both_ways, sent


@pytest.fixture
def side(tmp_path):
    return Side(assign(both_ways(tmp_path), [sent(), sent(4.0, id="y", destination="kz-b", flow="near")]))


def test_what_is_paid_by_country_and_by_corridor_is_all_that_is_paid(side):
    sums = operator_sums(side)
    paid = shipper_sums(side)[TOTAL].paid_usd_day
    # To Kazakhstan 20 of fees and 200 km.
    assert paid == pytest.approx(10 * STEPPE + 4 * 40)
    for by in ("country", "corridor"):
        assert sum(one.revenue_usd_day for key, one in sums.items() if key[0] == by) == pytest.approx(paid)
    assert sums["country", "KZ"].teu_day == pytest.approx(14)
    assert sums["place", "kz-b"].revenue_usd_day == pytest.approx(10 * 10 + 4 * 10)
    assert sums["crossing", "CN-KZ:rail"].figures() == {"teu_day": pytest.approx(14), "revenue_usd_day": None}


def test_groups_have_their_own_rows_and_rows_their_own_paths(side):
    sums, rows = shipper_sums(side), row_sums(side)
    assert sums["flow", "near"].figures() == rows[1].figures()
    assert rows[0].figures()["time_mean_h"] == pytest.approx(STEPPE_H)
    assert sums["destination_country", "RU"].figures()["generalised_usd_per_teu"] == pytest.approx(STEPPE)
    assert sums["corridor", "middle"].corridor_figures(20.0)["share"] == pytest.approx(14 / 20)
    assert "demand_teu_day" not in sums["corridor", "middle"].corridor_figures(20.0)


def test_a_group_without_flow_has_no_means():
    figures = ShipperSums().figures()
    assert (figures["generalised_usd_per_teu"], figures["total_usd_day"]) == (None, 0)
    assert ShipperSums().corridor_figures(0.0)["share"] is None
