"""Random problems with delays, and a check of an equilibrium by independent code: trees of scipy at the waits."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE
from landbridge.routing.resources.delays import DelayFunctions

VALUES_OF_TIME = (1.0, 0.3, 4.0, 0.0)
POWERS = (1.0, 2.0, 4.0, 4.0, 8.0)


def random_problem(seed, *, kinds=(NONE, BPR, BPR, QUEUE), weighted=True, factor=1.0, served=False):
    """Return a connected problem of four classes, and its delays."""
    draw = np.random.default_rng(seed)
    nodes, edges, pairs = int(draw.integers(6, 20)), int(draw.integers(40, 90)), int(draw.integers(8, 40))
    around = np.arange(nodes)
    tail = np.concatenate([around, draw.integers(0, nodes, edges - nodes)])
    head = np.concatenate([(around + 1) % nodes, draw.integers(0, nodes, edges - nodes)])
    classes = tuple(_random_class(draw, nodes, tail, head, value) for value in VALUES_OF_TIME)
    use = draw.integers(1, 3, edges).astype(float) if weighted else np.ones(edges)
    rows = edges // 2 + 3
    uses = csr_array((use, (draw.integers(0, rows, edges), np.arange(edges))), (rows, edges))
    origin = draw.integers(0, nodes, pairs)
    unserved = np.full(pairs, np.inf) if served else draw.choice([40.0, 300.0, np.inf], pairs)
    problem = Problem(
        classes,
        uses,
        np.full(rows, np.inf),
        origin,
        (origin + draw.integers(1, nodes, pairs)) % nodes,
        factor * draw.uniform(0.0, 9.0, pairs) * (draw.random(pairs) < 0.9),
        draw.integers(0, len(classes), pairs),
        unserved,
    )
    return problem, random_delays(draw, rows, kinds)


def _random_class(draw, nodes, tail, head, value):
    cost = draw.uniform(0.0, 20.0, len(tail))
    closed = draw.random(len(tail)) < 0.1
    closed[:nodes] = False
    return TrafficClass(nodes, tail, head, np.arange(len(tail)), np.where(closed, np.inf, cost), value)


def random_delays(draw, rows, kinds):
    """Return delay functions of these kinds."""
    kind = draw.choice(kinds, rows).astype(np.int8)
    exponent = np.select(
        [kind == BPR, kind == QUEUE, kind == CONICAL, kind == AKCELIK],
        [draw.choice(POWERS, rows), draw.uniform(1, 4, rows), draw.uniform(2, 9, rows), draw.uniform(0.01, 1, rows)],
        1.0,
    )
    background = np.where(kind == QUEUE, draw.uniform(0, 4, rows), 0.0)
    terms = draw.uniform(0, 2, (rows, 3)) if POLYNOMIAL in kinds else np.empty((0, 0))
    return DelayFunctions(kind, draw.uniform(0.5, 8, rows), exponent, draw.uniform(8, 60, rows), background, terms)


def independent_gap(problem, delays, flow, *, system=False):
    """Return the relative gap of flows on paths, by scipy's trees at the prices of these flows, and their cost."""
    edge_flow = np.zeros(problem.uses.shape[1])
    carried = np.zeros(problem.commodities)
    for number, amount in enumerate(flow.flow):
        np.add.at(edge_flow, flow.pool.path(number), amount)
        carried[flow.pool.commodity[number]] += amount
    np.testing.assert_allclose(carried + flow.unserved, problem.amount, rtol=1e-9, atol=1e-12)
    row_flow = problem.uses @ edge_flow
    np.testing.assert_allclose(flow.row_flow, row_flow, rtol=1e-9, atol=1e-9)
    hours = delays.hours(row_flow) + (row_flow * delays.slope(row_flow) if system else 0.0)
    of_edge = hours @ problem.uses
    of_class = np.array([one.hours for one in problem.profiles])
    if system:
        of_class[:] = np.average(of_class[problem.profile], weights=problem.amount)
    prices = [one.cost + of_class[n] * of_edge[one.edge] for n, one in enumerate(problem.profiles)]
    if problem.closed is not None:
        prices = [np.where(problem.closed[one.edge], np.inf, price) for one, price in zip(problem.profiles, prices)]  # noqa: B905
    paid = float(flow.unserved[flow.unserved > 0] @ problem.unserved_cost[flow.unserved > 0])
    for number, amount in enumerate(flow.flow):
        path, one = flow.pool.path(number), problem.profile[flow.pool.commodity[number]]
        by_edge = np.full(problem.uses.shape[1], np.inf)
        by_edge[problem.profiles[one].edge] = prices[one]
        _check_joined(problem, one, flow.pool.commodity[number], path)
        paid += amount * by_edge[path].sum() if amount > 0 else 0.0
    least = 0.0
    for number, amount in enumerate(problem.amount):
        if amount > 0:
            tree = _distances(problem.profiles[problem.profile[number]], prices[problem.profile[number]])
            there = tree[problem.origin[number], problem.destination[number]]
            least += amount * min(there, problem.unserved_cost[number])
    return (paid - least) / paid, paid


def _check_joined(problem, one, commodity, path):
    """Check that a path leads from the origin of its commodity to the destination."""
    graph, node = problem.profiles[one], problem.origin[commodity]
    for edge in path:
        assert graph.tail[edge] == node
        node = graph.head[edge]
    assert node == problem.destination[commodity]


def _distances(graph, price):
    order = np.lexsort((price, graph.head, graph.tail))
    tail, head, price = graph.tail[order], graph.head[order], price[order]
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0)) & np.isfinite(price)
    # scipy takes an entry of 0 for no arc.
    weights = np.maximum(price[first], 1e-300)
    return dijkstra(csr_array((weights, (tail[first], head[first])), (graph.nodes, graph.nodes)))


def doubled(problem):
    """Return a problem with twice the demand."""
    return replace(problem, amount=2 * problem.amount)
