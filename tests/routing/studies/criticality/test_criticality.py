"""Criticality: what closures cost on networks worked out by hand, and searches that end early."""

import pytest

from landbridge.networks import QueryError, load_network
from landbridge.routing import DemandFlow, FlowStatus, assign, criticality
from landbridge.routing.flows.closing import Closing
from landbridge.routing.flows.solvers.master import Master
from tests.support.narrow_way import ONE, two_ways
from tests.support.tiny import link, tiny_network

# Inventory of 50,000 USD a TEU at a quarter of it a year, for an hour.
HOUR_USD = 50_000 * 0.25 / 8760
# Both ways cost 10 USD for loading and unloading and 10 USD for 100 km; 5 + 2 + 2 hours.
DIRECT_USD = 10 + 10 + 9 * HOUR_USD
# 100 km more at 0.10 USD a TEU-km, and 2 h more at 50 km/h.
DETOUR_USD = 10 + 2 * HOUR_USD
PENALTY = 1000


def by_id(found):
    """Return the closures by id."""
    return {item.id: item for item in found.items}


def closed(network, *, demand=ONE, **options):
    """Return the criticality at a penalty of 1,000 USD a TEU."""
    return criticality(network, demand, unserved_usd_per_teu=PENALTY, **options)


def test_what_nobody_uses_costs_nothing(tmp_path):
    item = by_id(closed(two_ways(tmp_path, capacity=100, other=100), resources="round"))["round"]
    assert (item.usd_day, item.unserved_teu, item.method, item.affected_teu_day) == (0, 0, "unused", 0)
    assert item.usd_with_waiting == 0


def test_the_only_way_loses_all_at_the_penalty(tmp_path):
    links = [link("cn-a -- cn-b", resource="gate")]
    network = tiny_network(tmp_path, links=links, tables={"resources": [{"id": "gate", "capacity": 200}]})
    item = by_id(closed(network, days=10, resources=["gate"]))["gate"]
    # Loading 1 h, 2 h of way, unloading 2 h.
    direct_usd = 10 + 10 + 5 * HOUR_USD
    assert item.usd_day == pytest.approx(100 * (PENALTY - direct_usd))
    assert (item.unserved_teu, item.rerouted_teu_day) == (pytest.approx(1000), 0)
    assert item.unserved_usd_day == pytest.approx(100 * PENALTY)
    assert (item.gains, item.flows[0].after) == ((), "")
    # All wait, 5 days on average, since that costs less than the penalty.
    assert item.usd_with_waiting == pytest.approx(100 * 10 * 5 * 24 * HOUR_USD)
    assert (item.waiting_teu, item.unserved_teu_with_waiting) == (pytest.approx(1000), 0)


def test_a_detour_costs_its_length_and_says_where_cargo_goes(tmp_path):
    item = by_id(closed(two_ways(tmp_path, other=200), days=14, resources="direct"))["direct"]
    # 40 of 100 TEU used it and go round like the other 60.
    assert item.usd == pytest.approx(14 * 40 * DETOUR_USD)
    assert (item.affected_teu_day, item.rerouted_teu_day, item.unserved_teu_day) == (pytest.approx(40), 40, 0)
    (gain,) = item.gains
    assert (gain.resource, gain.teu_day, gain.utilisation) == ("round", pytest.approx(40), pytest.approx(0.5))
    (flow,) = item.flows
    assert flow.usd_per_teu == pytest.approx(DETOUR_USD)
    # The detour is worth so many days of wait, at the end of the closure.
    assert flow.waiting_days == pytest.approx(DETOUR_USD / (24 * HOUR_USD))
    saved = 40 * DETOUR_USD**2 / (2 * 24 * HOUR_USD)
    assert item.usd_with_waiting == pytest.approx(14 * 40 * DETOUR_USD - saved)


def test_what_does_not_fit_elsewhere_is_lost(tmp_path):
    item = by_id(closed(two_ways(tmp_path, other=70), resources="direct"))["direct"]
    # 60 go round already, so that there is room for 10 more.
    assert (item.unserved_teu_day, item.rerouted_teu_day) == (pytest.approx(30), pytest.approx(10))
    assert item.usd_day == pytest.approx(10 * DETOUR_USD + 30 * (PENALTY - DIRECT_USD))
    assert item.full == ("round",)


def test_a_pair_of_ways_out_of_each_other_costs_more_than_both(tmp_path):
    network = two_ways(tmp_path, capacity=100, other=100)
    found = by_id(closed(network, days=2, resources=[], pairs=[("direct", "round")]))
    assert list(found) == ["direct+round", "direct", "round"]
    assert (found["direct"].usd, found["round"].usd) == (pytest.approx(2 * 100 * DETOUR_USD), 0)
    both = found["direct+round"]
    assert both.usd == pytest.approx(2 * 100 * (PENALTY - DIRECT_USD))
    assert both.beyond_sum_usd == pytest.approx(both.usd - 2 * 100 * DETOUR_USD)
    assert both.beyond_sum_usd > 0


def test_everything_with_flow_is_ranked_and_each_effect_shown_once(tmp_path):
    found = closed(two_ways(tmp_path, other=200))
    costs = [item.usd_day for item in found.items]
    assert costs == sorted(costs, reverse=True)
    assert {item.kind for item in found.items} == {"resources", "places", "services", "links"}
    same = {f"{item.kind}:{item.id}": item.same_as for item in found.items}
    # The link has the one resource, the yard is where all cargo starts, and the train runs everything.
    assert same["links:cn-a--cn-b--rail"] == "direct"
    assert same["places:cn-a"] == same["places:cn-b"] == same["services:rail"] == "yard"
    assert same["links:cn-c--cn-b--rail"] == same["places:cn-c"] == "round"
    assert {item.id for item in found.distinct} == {"direct", "round", "yard"}
    assert (found.status, found.missing, found.message) == (FlowStatus.OPTIMAL, 0, "all closures are proved")


def test_others_who_lose_their_room_count_too(tmp_path):
    # cn-a to cn-b loses its way and takes the room of cn-c to cn-b, for which another one costs more.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", resource="direct"),
            link("cn-a -- cn-c"),
            link("cn-c -- cn-b", resource="shared"),
            link("cn-c -- cn-d", length_km=200),
            link("cn-d -- cn-b", length_km=200),
        ],
        tables={"resources": [{"id": "direct", "capacity": 50}, {"id": "shared", "capacity": 50}]},
    )
    demand = [
        DemandFlow(origin="cn-a", destination="cn-b", teu_per_year=365 * 20),
        DemandFlow(origin="cn-c", destination="cn-b", teu_per_year=365 * 50),
    ]
    item = by_id(closed(network, demand=demand, resources="direct"))["direct"]
    # 20 TEU a day go 100 km more over cn-c; whoever of those there gives way goes 300 km more, 6 hours longer.
    assert item.usd_day == pytest.approx(20 * (10 + 2 * HOUR_USD) + 20 * (30 + 6 * HOUR_USD))
    assert (item.flows_affected, item.unserved_teu_day) == (1, 0)


def test_an_interrupt_keeps_what_was_found(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Closing, "improved", interrupted)
    found = closed(two_ways(tmp_path, other=70), kinds="resources")
    assert found.status is FlowStatus.INTERRUPTED
    bounded = [item for item in found.items if item.method == "bounded"]
    assert bounded
    assert all(item.lower_usd_day <= item.usd_day for item in bounded)
    assert "interrupted: " in found.message
    assert found.to_dict()["status"] == "interrupted"


def test_an_interrupt_of_its_assignment_ends_it(tmp_path, monkeypatch):
    """There is no answer so far, and it is no fault of the question."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Master, "solve", interrupted)
    with pytest.raises(KeyboardInterrupt):
        criticality(two_ways(tmp_path), ONE)


def test_a_limit_that_ends_before_the_closures_says_how_many_are_missing(tmp_path):
    network = two_ways(tmp_path)
    found = criticality(network, assignment=assign(network, ONE), resources=["direct", "yard"], time_limit_s=0)
    assert (found.status, found.items, found.missing) == (FlowStatus.TIME_LIMIT, (), 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"days": 0}, "days is 0"),
        ({"days": 1e15}, r"days is 1e\+15 and must be above 0 and at most 36,525"),
        ({"days": float("nan")}, "days is nan"),
        ({"resources": "nowhere"}, "nothing that can be closed"),
        ({"pairs": [("direct",)]}, "two ids"),
        ({"pairs": [("direct", "direct")]}, "a pair has 'direct' twice"),
        ({"kinds": "ships"}, "kinds is 'ships'"),
        ({"resources": "direct", "kinds": "links"}, "kinds choose among all that carries flow"),
        ({"unserved_usd_per_teu": float("inf")}, "finite cost"),
    ],
)
def test_wrong_options_are_refused(tmp_path, wrong, message):
    with pytest.raises(QueryError, match=message):
        criticality(two_ways(tmp_path, capacity=1000), ONE, **wrong)


def test_a_demand_of_nothing_is_refused(tmp_path):
    with pytest.raises(QueryError, match="carries nothing, so that no closure has an effect; give another demand"):
        criticality(two_ways(tmp_path), [DemandFlow(origin="cn-a", destination="cn-b", teu_per_year=0)])


def test_an_assignment_made_before_is_taken_as_it_is(tmp_path):
    network = two_ways(tmp_path)
    assignment = assign(network, ONE)
    assert criticality(network, assignment=assignment, resources="direct").assignment is assignment
    with pytest.raises(QueryError, match="omit them"):
        criticality(network, ONE, assignment=assignment)
    with pytest.raises(QueryError, match="the assignment belongs to another network"):
        criticality(load_network(), assignment=assignment)
