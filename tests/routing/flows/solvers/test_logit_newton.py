"""Steps of Newton's method towards a stochastic equilibrium, against the conditions of one worked out anew."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.equilibrium import equilibrium
from landbridge.routing.flows.solvers.logit_choice import LogitChoice
from landbridge.routing.flows.solvers.logit_newton import newton_step
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE
from landbridge.routing.resources.delays import DelayFunctions
from tests.routing.flows.solvers.test_logit import pool_of
from tests.support.random_equilibria import random_problem

KINDS = (NONE, BPR, BPR, QUEUE, CONICAL, AKCELIK, POLYNOMIAL)


def after_steps(choice, delays, row_flow, count):
    for _ in range(count):
        row_flow = newton_step(choice, delays, row_flow)
    return choice.flows(choice.costs(row_flow))


def would_move(pool, delays, scale, flow):
    """Return the fraction of flow that would change path: costs edge by edge, shares by logarithms."""
    problem = pool.problem
    on_edge = np.zeros(problem.uses.shape[1])
    for number, amount in enumerate(flow):
        np.add.at(on_edge, pool.path(number), amount)
    hours = delays.hours(problem.uses @ on_edge) @ problem.uses
    worth = [problem.profiles[problem.profile[commodity]].hours for commodity in pool.commodity]
    cost = np.array([pool.cost[n] + worth[n] * hours[pool.path(n)].sum() for n in range(len(pool))])
    moved = 0.0
    for commodity in range(problem.commodities):
        own = np.flatnonzero(pool.commodity == commodity)
        if len(own):
            log = -cost[own] / scale
            share = np.exp(log - np.logaddexp.reduce(log))
            moved += np.abs(problem.amount[commodity] * share - flow[own]).sum() / 2
    return moved / flow.sum()


@pytest.mark.parametrize("scale", [30.0, 1.0, 0.05])
@pytest.mark.parametrize("seed", range(20))
def test_a_few_steps_lead_to_the_shares_that_fit_their_waits(seed, scale):
    # Four values of time of which one is 0, uses of 1 and 2, and waits of all kinds.
    problem, delays = random_problem(4000 + seed, kinds=KINDS, factor=2.0, served=True)
    pool = equilibrium(problem, delays, gap=1e-3).pool
    choice = LogitChoice(pool, scale, delays)
    flow = after_steps(choice, delays, choice.row_flow(choice.flows(pool.cost)), 40)
    # Costs are up to 1e8 scales steep: with the last bit of a flow shares change by up to 1e-6.
    assert would_move(pool, delays, scale, flow) < 1e-5


def test_it_begins_from_no_flow_at_all_where_no_wait_rises():
    delays = DelayFunctions.bpr(np.full(2, 20.0), np.full(2, 4.0), np.ones(2))
    pool = pool_of(100.0, 150.0)
    flow = after_steps(LogitChoice(pool, 5.0, delays), delays, np.zeros(2), 12)
    assert would_move(pool, delays, 5.0, flow) < 1e-9


def test_it_stays_at_an_equilibrium():
    delays = DelayFunctions.bpr(np.full(2, 20.0), np.full(2, 4.0), np.ones(2))
    choice = LogitChoice(pool_of(100.0, 100.0), 5.0, delays)
    assert newton_step(choice, delays, np.full(2, 3.0)).tolist() == [3.0, 3.0]
