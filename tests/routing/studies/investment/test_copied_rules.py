"""Paths over copies of edges that works change: none returns to what it has left."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.studies.investment.case import case_of
from landbridge.routing.studies.investment.works import works_given
from tests.support.flow_networks import around_the_sea, demand
from tests.support.tiny import link
from tests.support.works import work


def case_of_works(network, *rows):
    sent = [demand(50.0, origin="kz-a", destination="az-d", corridor="sea")]
    options = {"name": "x", "probability": 1.0, "growth": 0.0, "unserved_usd_per_teu": 10_000.0}
    return case_of(network, works_given(network, rows), [2028], demand=sent, **options)


def test_what_is_full_is_not_crossed_backwards_over_a_copy(tmp_path):
    # As without works: 10 fit over the sea, and the way round comes to it from the wrong side.
    faster = work("faster", 1, links="kz-a--kz-b--rail", hours_factor=0.5)
    case = case_of_works(around_the_sea(tmp_path), faster)
    slow, fast = (least_cost_flow(case.problem(frozenset(done), 0)) for done in ((), (0,)))
    assert [slow.unserved.tolist(), fast.unserved.tolist()] == [pytest.approx([40]), pytest.approx([40])]


def test_the_price_without_returns_is_that_of_the_copy(tmp_path):
    # The long way of 2,900 km takes 40; the work halves the hours of 1,000 km of it, 10 of 20 h at 50 km/h, for them.
    long = [
        link("kz-a -- kz-g", length_km=1000),
        link("kz-g -- az-h", length_km=900),
        link("az-h -- az-d", length_km=1000),
    ]
    faster = work("faster", 1, links="az-h--az-d--rail", hours_factor=0.5)
    case = case_of_works(around_the_sea(tmp_path, *long), faster)
    slow, fast = (least_cost_flow(case.problem(frozenset(done), 0)) for done in ((), (0,)))
    assert (slow.unserved.sum(), fast.unserved.sum()) == pytest.approx((0, 0))
    query = case.commodities.queries[0]
    saved = 40 * 10 * query.objective_per_hour / query.cargo.teu
    assert slow.cost - fast.cost == pytest.approx(saved)
    assert fast.bound == pytest.approx(fast.cost)
    copies = np.flatnonzero(fast.edge_flow > 1e-6)
    assert copies.max() >= case.commodities.problem.uses.shape[1]
