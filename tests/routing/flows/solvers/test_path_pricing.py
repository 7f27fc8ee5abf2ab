"""The pass over the origins by hand: two ways from node 0 to 1, and a third over node 2."""

import numpy as np
import pytest

from landbridge.routing.flows.solvers.path_pricing import GROUP, LEAST, PAID, Uses, price_groups, replay, weigh
from landbridge.routing.flows.solvers.path_shifts import CURVE, NO_PATH, NOT_SERVED, PAIR, Net, Rows, reload, settle_all
from landbridge.routing.flows.solvers.path_store import PathStore
from landbridge.routing.flows.solvers.path_trees import Arcs, Tree
from landbridge.routing.resources.delay_kinds import BPR


class Ways:
    """Arcs 0-1 (0 + its flow), 0-1 (10 + its flow), 0-2 and 2-1 (6 each); one commodity of 20 units."""

    def __init__(self, *, unserved=np.inf, ruled=0, amount=20.0):
        tail, head = np.array([0, 0, 0, 2], np.int32), np.array([1, 1, 2, 1], np.int32)
        out = np.array([0, 3, 3, 4], np.int32)
        self.arcs = Arcs(out, tail, head, np.arange(4, dtype=np.int32), np.array([0.0, 10.0, 6.0, 6.0]))
        self.uses = Uses(np.array([0, 1, 2, 2, 2], np.int32), np.array([0, 1], np.int32), np.ones(2), np.zeros(4))
        curve = np.zeros(2, CURVE)
        curve["size"] = curve["power"] = curve["capacity"] = 1.0
        curve["kind"] = BPR
        self.rows = Rows(curve, np.empty((0, 0)), *(np.zeros(2) for _ in range(3)))
        settle_all(self.rows, False)
        pair = np.zeros(1, PAIR)
        pair["amount"], pair["unserved_cost"], pair["worth"] = amount, unserved, 1.0
        pair["destination"], pair["first"], pair["ruled"] = 1, NO_PATH, ruled
        self.store = PathStore(pair, weighted=False, others=0, limit=None)
        self.groups = np.zeros(1, GROUP)
        self.groups["worth"], self.groups["nodes"], self.groups["end"] = 1.0, 3, 1
        self.tree = Tree(np.zeros(4), np.zeros(3), np.zeros(8, np.int32), np.zeros(8), np.zeros(3, np.int8))
        self.net = Net(np.zeros(2), np.zeros(2, np.int32), np.zeros(2))
        self.entering, self.trace = np.zeros(3, np.int32), np.zeros(3, np.int32)

    def price(self, *, fixed=False, drop=True):
        totals = np.zeros(2)
        done = price_groups(
            0, 1, fixed, drop, False, 1e-9, 0.0, self.groups, self.entering, self.arcs, self.uses, self.store.paths,
            self.rows, self.tree, self.net, np.zeros(2), self.trace, totals,
        )  # fmt: skip
        assert done == 1
        return totals

    def flows(self):
        paths, found, at = self.store.paths, {}, self.store.paths.pair["first"][0]
        while at != NO_PATH:
            path = paths.path[at]
            edges = tuple(paths.edges[path["edge_start"] : path["edge_start"] + max(path["edges"], 0)].tolist())
            found["home" if path["edges"] == NOT_SERVED else edges] = round(float(path["flow"]), 9)
            at = path["next"]
        return found


def test_weights_are_costs_and_waits():
    ways = Ways()
    ways.rows.price[:] = 3.0, 4.0
    weigh(ways.groups[0], ways.arcs, ways.uses, ways.rows.price, ways.tree.weight)
    assert ways.tree.weight.tolist() == [3, 14, 6, 6]


def test_a_commodity_begins_with_all_on_its_cheapest_path():
    ways = Ways()
    ways.price()
    assert ways.flows() == {(0,): 20}
    assert (ways.rows.load.tolist(), ways.rows.price.tolist()) == ([20, 0], [20, 0])


def test_a_pass_adds_the_cheaper_path_and_shifts_to_it():
    ways = Ways()
    ways.price()
    # 20 units pay 20 where 10 would be enough; then 15 each.
    totals = ways.price()
    assert (totals[PAID], totals[LEAST]) == (400, 200)
    assert ways.flows() == {(0,): 15, (1,): 5}
    # Now 12 is cheaper over node 2: (12, 2, 6) in the end.
    for _ in range(4):
        ways.price()
    assert ways.flows() == {(0,): 12, (1,): 2, (2, 3): 6}


def test_at_fixed_prices_only_the_gap_is_measured():
    ways = Ways()
    ways.price()
    totals = ways.price(fixed=True)
    assert (totals[PAID], totals[LEAST]) == (400, 200)
    assert ways.flows() == {(0,): 20}


@pytest.mark.parametrize("drop", [True, False])
def test_a_path_that_is_empty_and_too_expensive_is_dropped_or_kept(drop):
    ways = Ways()
    for _ in range(3):
        ways.price()
    # With 1 unit instead of 20 only the first way pays: 1 against 10 and 12.
    ways.store.paths.pair["amount"] = 1.0
    ways.store.paths.path["flow"] = np.where(ways.store.paths.path["cost"] == 0, 1.0, 0.0)
    reload(ways.store.paths, ways.rows, False)
    ways.price(drop=drop)
    assert ways.flows() == {(0,): 1} | ({} if drop else {(1,): 0, (2, 3): 0})


def test_staying_at_home_is_a_path_without_rows():
    ways = Ways(unserved=8.0)
    ways.price()
    for _ in range(3):
        ways.price()
    assert ways.flows() == {(0,): 8, "home": 12}
    assert ways.rows.load.tolist() == pytest.approx([8, 0])


def test_those_under_rules_get_no_path_here():
    ways = Ways(ruled=1)
    ways.price()
    assert ways.flows() == {}


def test_known_paths_are_added_if_they_exist_here():
    ways = Ways()
    start, edges = np.array([0, 1, 3, 4, 5]), np.array([1, 2, 3, 3, 0], np.int32)
    done = replay(
        0, np.zeros(4, np.int64), np.zeros(4, np.int64), start, edges, np.array([5.0, 7.0, 8.0, 0.0]), ways.groups,
        ways.arcs, ways.uses, ways.store.paths, ways.trace, np.zeros(3, np.int32),
    )  # fmt: skip
    # Edge 3 alone does not begin at node 0, and edge 0 had no flow.
    assert (done, ways.flows()) == (4, {(1,): 5, (2, 3): 7})
    assert ways.store.paths.path["cost"][:2].tolist() == [10, 12]
