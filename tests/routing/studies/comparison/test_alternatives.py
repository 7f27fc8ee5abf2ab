"""Alternatives per TEU: what is paid, and hours."""

import pytest

from landbridge.routing import assign
from landbridge.routing.studies.comparison.alternatives import demand_alternatives
from landbridge.routing.studies.comparison.break_even import Alternative, Row, costs_usd
from landbridge.routing.studies.comparison.sides import Side
from tests.support.compared import MONGOLIA, MONGOLIA_H, STEPPE, STEPPE_H, both_ways, sent


@pytest.mark.parametrize("logit", [None, 20.0])
def test_a_row_has_the_best_way_of_each_corridor_however_it_is_assigned(tmp_path, logit):
    wanted = [sent(value_of_time_usd_per_teu_h=2.0)]
    (row,) = demand_alternatives(Side(assign(both_ways(tmp_path), wanted, logit=logit), logit))
    assert (row.name, row.teu_day, row.hour_usd) == ("x", pytest.approx(10), pytest.approx(2))
    assert sorted(row.alternatives) == [
        Alternative("middle", pytest.approx(STEPPE), STEPPE_H),
        Alternative("mongolia", pytest.approx(MONGOLIA), MONGOLIA_H),
    ]


def test_their_generalised_cost_is_that_of_the_assignment(network):
    wanted = [sent(origin="cn-xian", destination="de-duisburg", value_usd_per_teu=50_000.0)]
    found = assign(network, wanted, logit=500.0)
    (row,) = demand_alternatives(Side(found, 500.0))
    assert isinstance(row, Row)
    assert len(row.alternatives) > 4
    assert costs_usd(row) == pytest.approx(found.flow.pool.cost.tolist())
