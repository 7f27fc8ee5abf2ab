"""Comparisons of two networks that a hand can work out, and what holds for any two."""

import pickle

import numpy as np
import pytest

from landbridge.networks import DataError, QueryError
from landbridge.routing import DemandFlow, Scenario, compare
from landbridge.routing.flows.assign import AssignmentOptions
from landbridge.routing.studies.comparison.compare import Question, compare_networks
from tests.support.compared import MONGOLIA, MONGOLIA_H, STEPPE, STEPPE_H, UNSERVED, both_ways, closing, sent
from tests.support.flow_networks import CHEAP, DEAR, demand, two_ways
from tests.support.tiny import link, tiny_network

PAIRS = [{"origin": "cn-a", "destination": "ru-z", "id": "through"}, {"origin": "cn-a", "destination": "mn-c"}]


def narrower(network):
    """Return the network of two ways with room for 10 TEU a day through the hall instead of 30."""
    change = {"do": "set", "table": "resources", "ids": ["hall"], "set": {"capacity": 20.0}}
    return Scenario.from_dict({"name": "narrow", "title": "Narrow", "changes": [change]}).apply(network)


def flows_of(before, after, *, logit=None, rows=None, **options):
    options = {"unserved_usd_per_teu": UNSERVED, **options}
    question = Question(demand=rows or [demand()], assignment=AssignmentOptions(logit=logit, **options))
    return compare_networks(before, after, question, lambda _: None)


def by(records, *names):
    return {tuple(row[name] for name in names): row for row in records}


def test_what_no_longer_fits_takes_the_long_way_at_its_cost(tmp_path):
    network = two_ways(tmp_path)
    found = flows_of(network, narrower(network))
    totals = found.flows.totals
    # 30 by the hall and 20 the long way before, 10 and 40 after; 100 and 200 km of them by rail and road.
    assert totals["generalised_usd_day_before"] == pytest.approx(30 * CHEAP + 20 * DEAR)
    assert totals["total_usd_day_change"] == pytest.approx(20 * (DEAR - CHEAP))
    assert totals["paid_usd_per_teu_change"] == pytest.approx(20 * (DEAR - CHEAP) / 50)
    # 12 h by the hall, 13 h the long way, and 300 or 500 km of 12 t at 10 g a tkm.
    assert totals["time_mean_h_change"] == pytest.approx(20 / 50)
    assert totals["co2e_kg_day_change"] == pytest.approx(20 * 200 * 12 * 0.01)
    assert (totals["unserved_teu_day_change"], totals["surplus_usd_day"]) == (0, None)


def test_operators_gain_and_lose_what_passes_and_what_is_paid_there(tmp_path):
    network = two_ways(tmp_path)
    found = by(flows_of(network, narrower(network)).flows.operators, "by", "id")
    assert found["place", "kz-b"]["teu_day_change"] == pytest.approx(-20)
    assert found["place", "kz-c"]["teu_day_change"] == pytest.approx(20)
    # By the hall 10 USD of rail and 20 of road, the long way 50 of rail.
    assert found["mode", "rail"]["revenue_usd_day_before"] == pytest.approx(30 * 10 + 20 * 50)
    assert found["mode", "rail"]["revenue_usd_day_change"] == pytest.approx(20 * 40)
    assert found["mode", "road"]["revenue_usd_day_change"] == pytest.approx(-20 * 20)
    assert found["country", "KZ"]["revenue_usd_day_change"] == pytest.approx(20 * (DEAR - CHEAP))
    assert found["corridor", "other"]["revenue_usd_day_after"] == pytest.approx(10 * CHEAP + 40 * DEAR)
    assert (found["place", "kz-b"]["name"], found["place", "kz-b"]["country"]) == ("B", "KZ")


def test_bottlenecks_have_their_use_price_and_worth_on_both_sides(tmp_path):
    network = two_ways(tmp_path)
    hall = by(flows_of(network, narrower(network)).flows.resources, "resource")[("hall",)]
    assert (hall["flow_teu_day_before"], hall["flow_teu_day_after"]) == pytest.approx((30, 10))
    assert (hall["capacity_teu_day_before"], hall["capacity_teu_day_after"]) == (40, 20)
    assert (hall["utilisation_before"], hall["utilisation_after"]) == pytest.approx((1, 1))
    assert hall["shadow_price_usd_per_teu_day_change"] == pytest.approx(0)
    assert hall["worth_usd_day_change"] == pytest.approx(-20 * 20)


def test_links_lose_and_gain_what_moves(tmp_path):
    network = two_ways(tmp_path)
    links = by(flows_of(network, narrower(network)).flows.links, "from_place", "to_place")
    assert {ends: row["flow_teu_day_change"] for ends, row in links.items()} == pytest.approx(
        {("kz-a", "kz-b"): -20, ("kz-b", "kz-d"): -20, ("kz-a", "kz-c"): 20, ("kz-c", "kz-d"): 20}
    )


def test_a_closed_country_loses_its_transit_and_the_other_one_gains_it(tmp_path):
    network = both_ways(tmp_path)
    found = flows_of(network, closing("KZ").apply(network), rows=[sent()]).flows
    operators = by(found.operators, "by", "id")
    assert operators["country", "KZ"]["teu_day_change"] == pytest.approx(-10)
    assert operators["country", "MN"]["teu_day_change"] == pytest.approx(10)
    assert operators["country", "CN"]["teu_day_change"] == 0
    assert operators["crossing", "CN-KZ:rail"]["teu_day_change"] == pytest.approx(-10)
    assert operators["crossing", "CN-MN:rail"]["revenue_usd_day_change"] is None
    # At the border in KZ an entry and an exit of 5 USD a TEU each; hauls cross borders and are paid to no one country.
    assert operators["country", "KZ"]["revenue_usd_day_change"] == pytest.approx(-10 * 10)
    assert operators["country", "international"]["revenue_usd_day_before"] == pytest.approx(10 * 40)
    shares = {row["corridor"]: (row["share_before"], row["share_after"]) for row in found.corridors}
    assert shares == {"middle": (1, 0), "mongolia": (0, 1)}
    shippers = by(found.shippers, "by", "id")
    assert {key[0] for key in shippers} == {"origin_country", "destination_country", "flow", "cargo_class"}
    for key in (("origin_country", "CN"), ("destination_country", "RU"), ("flow", "group"), ("cargo_class", "block")):
        assert shippers[key]["generalised_usd_per_teu_change"] == pytest.approx(MONGOLIA - STEPPE)
    (row,) = found.demand
    assert (row["corridor_before"], row["corridor_after"]) == ("middle", "mongolia")


def test_the_surplus_of_a_logit_choice_is_the_fall_of_the_logsum(tmp_path):
    network = both_ways(tmp_path)
    # Both ways are 20 USD apart, which is the scale: E = 70 - 20 ln(1 + 1/e), and 90 with the longer one alone.
    expected = STEPPE - 20 * np.log(1 + np.exp(-1))
    one = flows_of(network, closing("KZ").apply(network), rows=[sent()], logit=20.0).flows
    assert one.totals["surplus_usd_day"] == pytest.approx(10 * (expected - MONGOLIA))
    assert one.demand[0]["surplus_usd_day"] == pytest.approx(10 * (expected - MONGOLIA))
    assert by(one.shippers, "by", "id")["flow", "group"]["surplus_usd_day"] == pytest.approx(10 * (expected - MONGOLIA))
    # A choice less is a loss, though the better way costs what it did.
    other = flows_of(network, closing("MN").apply(network), rows=[sent()], logit=20.0).flows
    assert other.totals["surplus_usd_day"] == pytest.approx(10 * (expected - STEPPE))


def test_a_pair_that_loses_or_gains_all_alternatives_loses_or_gains_up_to_the_cost_of_what_is_not_carried(tmp_path):
    network = both_ways(tmp_path)
    shut = closing("KZ", "MN").apply(network)
    expected = STEPPE - 20 * np.log(1 + np.exp(-1))
    lost = flows_of(network, shut, rows=[sent()], logit=20.0).flows
    assert lost.totals["surplus_usd_day"] == pytest.approx(10 * (expected - UNSERVED))
    assert lost.totals["unserved_teu_day_change"] == 10
    gained = flows_of(shut, network, rows=[sent()], logit=20.0).flows
    assert gained.totals["surplus_usd_day"] == pytest.approx(-10 * (expected - UNSERVED))
    never = flows_of(network, shut, rows=[sent()], logit=20.0, unserved_usd_per_teu=float("inf")).flows
    assert (never.totals["surplus_usd_day"], never.totals["rows_without_surplus"]) == (0, 1)
    assert (never.totals["total_usd_day_change"], never.totals["unserved_usd_day_after"]) == (None, None)


def test_demand_of_one_side_is_compared_with_none(tmp_path):
    row = {"id": "x", "origin": "cn-a", "destination": "ru-z", "value_usd_per_teu": 0, "teu_per_year": 3650}
    network = both_ways(tmp_path, demand=[row])
    more = {"do": "demand", "ids": ["x"], "factor": 1.5}
    grown = Scenario.from_dict({"name": "grown", "title": "Grown", "changes": [more]}).apply(network)
    question = Question(assignment=AssignmentOptions(logit=20.0))
    found = compare_networks(network, grown, question, lambda _: None).flows
    assert found.totals["demand_teu_day_change"] == pytest.approx(5)
    # Nothing is dearer, so that nobody gains: the rule of the half counts a fall of the expected cost only.
    assert found.totals["surplus_usd_day"] == pytest.approx(0)


def all_records(found):
    flows = found.flows
    parts = [] if flows is None else [[flows.totals], flows.corridors, flows.shippers, flows.operators, flows.demand]
    parts += [] if flows is None else [flows.resources, flows.links]
    return [row for part in [*parts, found.pairs] for row in part]


def test_a_scenario_against_itself_has_no_differences(tmp_path):
    network = both_ways(tmp_path)
    shut = closing("KZ")
    for question in ({"demand": [sent()], "logit": 20.0}, {"demand": [sent()]}, {"od": PAIRS}):
        # As one network, which is asked once, and as two.
        twice = [compare(network, shut, shut, **question)]
        options = {name: value for name, value in question.items() if name != "logit"}
        asked = Question(**options, assignment=AssignmentOptions(logit=question.get("logit")))
        twice.append(compare_networks(shut.apply(network), shut.apply(network), asked, lambda _: None))
        for found in twice:
            records = all_records(found)
            assert records
            assert {value for row in records for name, value in row.items() if name.endswith("_change")} <= {0, None}
            assert {row["surplus_usd_day"] for row in records if "surplus_usd_day" in row} <= {0, None}
            assert {pair["outcome"] for pair in found.pairs} <= {"same", "none"}
        assert twice[0] == twice[1]


@pytest.mark.parametrize(
    "question", [{"demand": [sent(), sent(3.0, id="y", destination="mn-c")]}, {"od": PAIRS}], ids=str
)
@pytest.mark.parametrize("logit", [None, 20.0])
def test_the_reverse_comparison_is_the_negative(tmp_path, question, logit):
    network = both_ways(tmp_path)
    ends = network, closing("KZ").apply(network)
    asked = Question(**question, assignment=AssignmentOptions(logit=logit))
    there, back = (compare_networks(*way, asked, lambda _: None) for way in (ends, ends[::-1]))
    one, other = all_records(there), all_records(back)
    assert len(one) == len(other)
    for old, new in zip(one, other, strict=True):
        for name, value in old.items():
            if name.endswith("_change") or name == "surplus_usd_day":
                assert (value is None) == (new[name] is None)
                assert value is None or new[name] == pytest.approx(-value)
            elif name.endswith("_before"):
                assert new[name.replace("_before", "_after")] == value
            elif name != "outcome" and not name.endswith("_after"):
                assert new[name] == value
    swap = {"before": "after", "after": "before"}
    for records in ("break_even", "leads"):
        swapped = [{**row, "side": swap[row["side"]]} for row in getattr(back, records)]
        assert sorted(map(str, swapped)) == sorted(map(str, getattr(there, records)))


def test_pairs_have_both_answers_and_why_there_is_none(tmp_path):
    network = both_ways(tmp_path)
    through, to_mongolia = compare(network, None, closing("KZ"), od=PAIRS, objective="cost").pairs
    # One container of 2 TEU; 24 t over 400 and 600 km at 10 g a tkm.
    assert (through["outcome"], through["corridor_before"], through["corridor_after"]) == (
        "changed",
        "middle",
        "mongolia",
    )
    assert (through["cost_usd_before"], through["cost_usd_after"]) == pytest.approx((2 * STEPPE, 2 * MONGOLIA))
    assert through["time_p50_h_change"] == pytest.approx(MONGOLIA_H - STEPPE_H)
    assert (through["p90_after_p50_h_before"], through["p90_after_p50_h_change"]) == (0, 0)
    assert through["co2e_kg_change"] == pytest.approx(24 * 200 * 0.01)
    hour_usd = 100_000 * 0.25 / 8760
    assert through["generalised_cost_usd_change"] == pytest.approx(40 + 4 * hour_usd)
    assert to_mongolia["outcome"] == "same"
    lost, kept = compare(network, None, closing("KZ", "MN"), od=PAIRS).pairs
    assert (lost["outcome"], lost["error_before"], lost["cost_usd_change"]) == ("lost", None, None)
    assert "no route" in lost["error_after"]
    assert kept["outcome"] == "lost"
    assert {pair["outcome"] for pair in compare(network, closing("KZ", "MN"), None, od=PAIRS).pairs} == {"gained"}
    (wrong,) = compare(network, None, None, od=[{"origin": "cn-a", "destination": "atlantis"}]).pairs
    assert wrong["outcome"] == "none"
    assert "atlantis" in wrong["error_before"]


def test_break_even_of_pairs_and_of_demand_is_that_of_their_alternatives(tmp_path):
    network = both_ways(tmp_path)
    found = compare(network, None, closing("KZ"), od=PAIRS[:1])
    rows = by(found.break_even, "side", "corridor")
    hour_usd = 100_000 * 0.25 / 8760 / 2
    assert set(rows) == {("before", "middle"), ("before", "mongolia"), ("after", "mongolia")}
    worse = rows["before", "mongolia"]
    assert worse["name"] == "through"
    assert worse["may_cost_more_usd_per_teu"] == pytest.approx(STEPPE - MONGOLIA - 4 * hour_usd)
    assert worse["price_factor"] == pytest.approx((STEPPE - 4 * hour_usd) / MONGOLIA)
    assert rows["after", "mongolia"]["price_factor"] is None
    assert compare(network, None, None, od=PAIRS[:1], objective="cost").break_even == ()
    assert compare(network, None, None, od=PAIRS[:1], break_even=False).break_even == ()
    flows = compare(network, None, closing("KZ"), demand=[sent(value_of_time_usd_per_teu_h=2.0)])
    rows = by(flows.break_even, "side", "corridor")
    assert rows["before", "mongolia"]["price_factor"] == pytest.approx((STEPPE - 2 * 4) / MONGOLIA)
    leads = by(flows.leads, "side", "market", "corridor")
    assert leads["before", "all", "mongolia"]["price_factor"] == pytest.approx((STEPPE - 2 * 4) / MONGOLIA)
    assert leads["before", "flow group", "middle"]["leads"]
    # After there is one way only: no market has a choice.
    assert not [key for key in leads if key[0] == "after"]


def test_a_season_wins_no_pair_without_a_date(tmp_path):
    # The way over KZ, which costs less, is open in summer alone, and its corridor is offered for a season too.
    corridors = [
        {"id": "middle", "name": "Steppe", "priority": 1, "require": "CN-KZ", "seasonal_ok": True},
        {"id": "mongolia", "name": "Mongolia", "priority": 2, "require": "CN-MN"},
    ]
    summer = {"season_from": "06-01", "season_to": "09-30"}
    changes = [{"do": "set", "table": "links", "ids": ["cn-a--kz-b--rail"], "set": summer}]
    scenario = Scenario.from_dict({"name": "summer", "title": "Summer", "changes": changes})
    found = compare(both_ways(tmp_path, corridors=corridors), None, scenario, od=PAIRS[:1])
    (pair,) = found.pairs
    won = {row["side"]: row["corridor"] for row in found.break_even if row["wins"]}
    assert won["before"] == pair["corridor_before"] == "middle"
    # What alone is left has nothing to break even with.
    assert (pair["corridor_after"], won.get("after", "mongolia")) == ("mongolia", "mongolia")


def test_both_scenarios_are_in_the_metadata_and_a_result_is_small(tmp_path):
    network = both_ways(tmp_path)
    found = compare(network, closing("MN"), closing("KZ"), demand=[sent()])
    assert (found.before, found.after) == ("closed-mn", "closed-kz")
    assert found.meta["scenario"] == "closed-mn -> closed-kz"
    assert found.meta["options"]["before_fingerprint"] == closing("MN").fingerprint
    assert found.meta["options"]["after_fingerprint"] == closing("KZ").fingerprint
    stored = pickle.dumps(found)
    assert len(stored) < 8_000
    again = pickle.loads(stored)  # noqa: S301
    assert again == found
    assert [table.name for table in again.tables()] == [table.name for table in found.tables()]


def test_the_demand_of_the_network_is_the_default(tmp_path):
    row = {"id": "x", "origin": "cn-a", "destination": "ru-z", "value_usd_per_teu": 0, "teu_per_year": 3650}
    found = compare(both_ways(tmp_path, demand=[row]), None, closing("KZ"))
    assert found.flows.totals["carried_teu_day_before"] == pytest.approx(10)
    with pytest.raises(DataError, match="no table of demand"):
        compare(both_ways(tmp_path / "none"), None, None)


def test_arguments_that_can_be_read_once_are_read_for_both_sides(tmp_path):
    network = both_ways(tmp_path)
    found = compare(network, None, closing("KZ"), demand=iter([sent()]), modes=iter(["rail"]))
    assert found.flows.totals["carried_teu_day_after"] == pytest.approx(10)


def test_steps_are_told(tmp_path):
    told = []
    network = both_ways(tmp_path)
    compare(network, None, closing("KZ"), od=PAIRS, progress=told.append)
    # Two pairs, their answers and their break-even on both sides.
    assert told == [1] * 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"od": PAIRS, "demand": [sent()]}, "od cannot be combined with demand"),
        ({"demand": [sent()], "logit": -1.0}, "logit is -1"),
        ({"od": PAIRS, "modes": ["train"]}, "train"),
        ({"break_even": "no"}, "break_even"),
        ({"od": PAIRS, "capacity": "hard", "year": 2024}, "capacity, year have no effect with od; omit them"),
        ({"demand": [sent()], "objective": "time"}, "objective has no effect without od; omit it"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path, options, message):
    with pytest.raises(QueryError, match=message):
        compare(both_ways(tmp_path), None, None, **options)


def test_rows_with_one_id_are_told_apart(tmp_path):
    found = compare(both_ways(tmp_path), None, closing("KZ"), demand=[sent(), sent(3.0), DemandFlow(
        origin="cn-a", destination="mn-c", teu_per_year=365.0)])  # fmt: skip
    assert sorted(row["id"] for row in found.flows.demand) == ["cn-a to mn-c", "x", "x #2"]


def test_without_flows_there_are_totals_of_nothing(tmp_path):
    shut = closing("KZ", "MN").apply(both_ways(tmp_path))
    found = flows_of(shut, shut, rows=[sent()]).flows
    assert (found.corridors, found.operators, found.links) == ((), (), ())
    assert found.totals["generalised_usd_per_teu_before"] is None
    assert found.totals["unserved_teu_day_before"] == 10


def test_what_a_network_lacks_on_one_side_is_not_named_wrongly(tmp_path):
    # A network with other places: what passes there has the names of its own side.
    one = both_ways(tmp_path / "one")
    other = tiny_network(tmp_path / "other", links=[link("cn-a -- ru-z")])
    operators = by(flows_of(one, other, rows=[sent()]).flows.operators, "by", "id")
    assert operators["place", "kz-b"]["name"] == "B"
    assert operators["crossing", "CN-RU:rail"]["teu_day_before"] == 0
