"""The compiled shifts between paths by hand: two paths with a row each, whose wait is its flow in hours."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.path_shifts import (
    CURVE,
    NO_PATH,
    PAIR,
    PATH,
    Net,
    Paths,
    Rows,
    edge_flows,
    edges_of,
    in_order,
    leap,
    pack,
    price_of,
    reload,
    rescale,
    settle_all,
    spare,
    sweep,
)
from landbridge.routing.resources.delay_kinds import BPR


def two_paths(flows=(6.0, 0.0), costs=(0.0, 10.0), *, worth=1.0, power=1.0, pairs=1):
    """Return commodities with two paths each, of one row and edge: all share rows and edges 0 and 1."""
    pair, path = np.zeros(pairs, PAIR), np.zeros(2 * pairs, PATH)
    pair["amount"], pair["worth"], pair["paths"], pair["first"] = sum(flows), worth, 2, 2 * np.arange(pairs)
    path["flow"], path["cost"] = np.tile(flows, pairs), np.tile(costs, pairs)
    path["start"] = path["edge_start"] = np.arange(2 * pairs)
    path["rows"] = path["edges"] = 1
    path["next"] = [at + 1 if at % 2 == 0 else NO_PATH for at in range(2 * pairs)]
    listed = np.tile([0, 1], pairs).astype(np.int32)
    paths = Paths(pair, path, listed, np.empty(0), listed.copy(), np.array([2 * pairs, NO_PATH, *[2 * pairs] * 2, 0]))
    curve = np.zeros(2, CURVE)
    curve["size"], curve["power"], curve["capacity"], curve["kind"] = 1.0, power, 1.0, BPR
    rows = Rows(curve, np.empty((0, 0)), np.zeros(2), np.zeros(2), np.zeros(2))
    reload(paths, rows, False)
    return paths, rows, Net(np.zeros(2), np.zeros(2, np.int32), np.zeros(2))


def test_loads_and_prices_are_those_of_the_flows():
    _, rows, _ = two_paths(flows=(4.0, 2.0), power=2.0)
    assert (rows.load.tolist(), rows.price.tolist(), rows.slope.tolist()) == ([4, 2], [16, 4], [8, 4])
    # In a system optimum a unit pays v^2 + 2 v^2, which grows by 6 v.
    settle_all(rows, True)
    assert (rows.price.tolist(), rows.slope.tolist()) == ([48, 12], [24, 12])


@pytest.mark.parametrize(("system", "background"), [(True, 0.0), (False, 1.0), (True, 1.0)])
def test_a_load_below_0_by_rounding_has_no_price_below_0(system, background):
    # Where edges cost nothing, a search for trees would go round a cycle of such prices without end.
    _, rows, _ = two_paths()
    rows.curve["background"], rows.curve["rest"] = background, background
    rows.load[:] = -1e-15, 0.0
    settle_all(rows, system)
    assert rows.price.tolist() == [0, 0]


def test_a_price_is_cost_and_wait_at_the_value_of_an_hour():
    paths, rows, _ = two_paths(flows=(4.0, 2.0))
    assert price_of(1, 3.0, paths.path, paths.rows, paths.uses, rows.price) == 10 + 3 * 2
    assert price_of(1, 3.0, paths.path, paths.rows, np.full(2, 5.0), rows.price) == 10 + 3 * 5 * 2


def test_one_sweep_makes_two_linear_paths_cost_the_same():
    # 2 hours less for each unit: from 20 against 10 to 15 each.
    paths, rows, net = two_paths(flows=(20.0, 0.0))
    assert spare(paths, rows) == 20 * 10
    assert sweep(False, 0.0, paths, rows, net) == 20 * 10
    assert paths.path["flow"].tolist() == pytest.approx([15, 5])
    assert (rows.load.tolist(), spare(paths, rows)) == (pytest.approx([15, 5]), pytest.approx(0))


def test_a_sweep_leaves_what_is_too_much_by_less_than_the_floor():
    paths, rows, net = two_paths(flows=(20.0, 0.0))
    assert sweep(False, 201.0, paths, rows, net) == 200
    assert paths.path["flow"].tolist() == [20, 0]


def test_all_flow_leaves_a_path_that_stays_more_expensive():
    paths, rows, net = two_paths(flows=(2.0, 1.0), costs=(50.0, 0.0))
    sweep(False, 0.0, paths, rows, net)
    assert paths.path["flow"].tolist() == [0, 3]


def test_a_steep_difference_is_bracketed():
    # v^8 = 1 + (4 - v)^8 lies just above half of 4; Newton's first step from 4 would go far below.
    paths, rows, net = two_paths(flows=(4.0, 0.0), costs=(0.0, 1.0), power=8.0)
    for _ in range(5):
        sweep(False, 0.0, paths, rows, net)
    first, second = paths.path["flow"]
    assert first + second == pytest.approx(4)
    assert first**8 == pytest.approx(1 + second**8, rel=1e-3)


def test_a_leap_goes_on_to_where_the_program_is_least():
    # The sweeps went from (20, 0) to (19, 1): the least is at (15, 5), 4 more of these steps.
    paths, rows, _ = two_paths(flows=(19.0, 1.0))
    assert leap(np.array([20.0, 0.0]), False, 64.0, paths, rows, np.zeros(2)) == pytest.approx(4)
    assert paths.path["flow"].tolist() == pytest.approx([15, 5])
    assert rows.load.tolist() == pytest.approx([15, 5])
    # With a value of 0 of an hour there is no program, and what would empty a path stays.
    still, its_rows, _ = two_paths(flows=(19.0, 1.0), worth=0.0)
    assert leap(np.array([20.0, 0.0]), False, 64.0, still, its_rows, np.zeros(2)) == 0
    near, near_rows, _ = two_paths(flows=(0.5, 19.5))
    assert leap(np.array([20.0, 0.0]), False, 64.0, near, near_rows, np.zeros(2)) == 0


def test_flows_are_scaled_to_their_amount():
    paths, _, _ = two_paths(flows=(4.0, 2.0))
    paths.pair["amount"] = 9
    rescale(paths)
    assert paths.path["flow"].tolist() == [6, 3]


def test_edges_carry_the_flows_of_all_paths():
    paths, _, _ = two_paths(flows=(4.0, 2.0), pairs=3)
    assert edge_flows(paths, 3).tolist() == [12, 6, 0]


def test_paths_are_listed_by_commodity_and_packed_in_this_order():
    paths, _, _ = two_paths(flows=(4.0, 2.0), pairs=2)
    # The second path of the first commodity goes: three are left.
    paths.path["next"][0], paths.pair["paths"][0] = NO_PATH, 1
    order, owner = in_order(1, paths)
    assert (order.tolist(), owner.tolist()) == ([0, 2, 3], [0, 1, 1])
    assert in_order(2, paths)[0].tolist() == [2, 3]
    into = paths._replace(path=np.zeros(3, PATH), rows=np.zeros(3, np.int32), edges=np.zeros(3, np.int32))
    pack(order, paths, into)
    assert (into.rows.tolist(), into.edges.tolist()) == ([0, 0, 1], [0, 0, 1])
    assert (into.path["start"].tolist(), into.path["flow"].tolist()) == ([0, 1, 2], [4, 4, 2])
    start, edges = edges_of(np.array([3, 0]), paths)
    assert (start.tolist(), edges.tolist()) == ([0, 1, 2], [1, 0])
