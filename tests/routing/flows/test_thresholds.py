"""The multiple of a demand at which each resource first binds."""

from fractions import Fraction

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import DemandFlow, assign, thresholds
from landbridge.routing.flows import thresholds as module
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from tests.support.narrow_way import ONE, two_ways


def test_each_row_binds_where_its_way_is_full(tmp_path):
    # 100 TEU a day: the direct way is full from 40 on, the way round, 70, from 110 on.
    found = thresholds(assign(two_ways(tmp_path, other=70), ONE), least=0.1, most=2, step=0.3, tolerance=0.01)
    assert [item.resource for item in found] == ["direct", "round"]
    for item, factor in zip(found, (0.4, 1.1), strict=True):
        assert item.slack_factor <= factor <= item.factor
        assert item.factor - item.slack_factor <= 0.01


def test_what_binds_at_the_least_factor_says_so(tmp_path):
    (found,) = thresholds(assign(two_ways(tmp_path), ONE), least=0.5, most=1)
    assert (found.resource, found.slack_factor, found.factor) == ("direct", 0, 0.5)


def test_what_never_binds_is_not_listed(tmp_path):
    assert thresholds(assign(two_ways(tmp_path, capacity=900), ONE), most=2, step=1) == []


@pytest.mark.parametrize("wrong", [{"least": 0}, {"most": 0.2}, {"tolerance": 0}, {"step": float("nan")}])
def test_factors_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(QueryError, match=r"factors|tolerance is 0 and"):
        thresholds(assign(two_ways(tmp_path), ONE), **wrong)


def test_more_steps_than_can_be_waited_for_are_refused(tmp_path):
    with pytest.raises(QueryError, match=r"most is 1000, which takes 3,999 steps of 0.25.* give up to 100.25"):
        thresholds(assign(two_ways(tmp_path), ONE), most=1e3)


def test_without_capacities_nothing_binds(tmp_path):
    with pytest.raises(QueryError, match="hard capacities"):
        thresholds(assign(two_ways(tmp_path), ONE, capacity="none"))


def test_thresholds_are_a_list_with_the_names_of_the_json(tmp_path):
    found = thresholds(assign(two_ways(tmp_path, other=70), ONE), least=0.1, most=2)
    document = found.to_dict()
    assert document["demand_teu_day"] == pytest.approx(100)
    assert [item["row"] for item in document["thresholds"]] == [item.constraint for item in found]
    assert list(document["thresholds"][0])[:2] == ["row", "resource"]
    assert repr(found).startswith(f"<Thresholds: {len(found)} bind, first {found[0].resource} at ")


def test_the_search_for_a_factor_from_the_flow_of_another_finds_what_one_anew_does(network, monkeypatch):
    demand = [
        DemandFlow(origin=origin, destination="Duisburg", teu_per_year=60_000, modes=("rail", "sea", "ferry"))
        for origin in ("Aktau", "Almaty", "Xi'an")
    ]
    assignment = assign(network, demand)
    warm = thresholds(assignment, most=2.0, step=0.5, tolerance=0.1)
    monkeypatch.setattr(module, "least_cost_flow", lambda problem, **_: least_cost_flow(problem))
    assert len(warm) > 0
    assert warm.to_dict() == thresholds(assignment, most=2.0, step=0.5, tolerance=0.1).to_dict()


def test_any_kind_of_number_is_a_factor(tmp_path):
    assignment = assign(two_ways(tmp_path, other=70), ONE)
    usual = thresholds(assignment, most=1.0, tolerance=0.125)
    assert thresholds(assignment, most=np.float32(1), tolerance=Fraction(1, 8)).to_dict() == usual.to_dict()
