"""Tables of criticality as a person reads them."""

from dataclasses import replace

from landbridge.routing import FlowStatus, criticality
from landbridge.routing.cli.tables.criticality import print_criticality
from tests.support.narrow_way import ONE, two_ways
from tests.support.printed import rows_of


def test_each_closure_is_a_row_with_its_cost_and_the_first_is_explained(tmp_path, capsys):
    found = criticality(two_ways(tmp_path, other=200), ONE, days=10, resources="direct", unserved_usd_per_teu=1000)
    print_criticality(found)
    text = capsys.readouterr().out
    # 40 TEU a day go round for 12.85 USD more each: 5 kUSD in 10 days.
    assert rows_of(text) == [["direct", "round", "40", "5", "0", "5"]]
    words = " ".join(text.split())
    assert "1 closure of 10 days, 0 of what nothing uses" in words
    assert "direct: 40 TEU a day of 1 row of demand, 40 go another way and 0 are not carried" in words
    assert "cn-a to cn-b, 40 TEU a day at 13 USD more per TEU" in words
    assert "more at round (+40)" in words


def test_nothing_is_instead_where_nothing_goes_another_way(tmp_path, capsys):
    # The other way gains, but what used this one stays behind.
    found = criticality(two_ways(tmp_path, other=200), ONE, days=10, resources="direct", unserved_usd_per_teu=1000)
    lost = replace(found.items[0], rerouted_teu_day=0.0, unserved_teu_day=40.0, unserved_teu=400.0)
    print_criticality(replace(found, items=(lost,)))
    text = capsys.readouterr().out
    assert rows_of(text) == [["direct", "", "40", "5", "400", "5"]]
    assert "others move, more at round (+40)" in " ".join(text.split())


def test_what_leads_if_cargo_waits_is_named_below(tmp_path, capsys):
    found = criticality(two_ways(tmp_path, other=200), ONE, days=10, unserved_usd_per_teu=1000)
    costs = {"yard": 7_000.0, "direct": 5_000.0, "round": 9_000.0}
    items = tuple(replace(item, usd_with_waiting=costs[item.same_as or item.id]) for item in found.items)
    print_criticality(replace(found, items=items))
    words = " ".join(capsys.readouterr().out.split())
    assert "Sorted by additional generalised cost" in words
    assert "By that column the first are round (9), yard (7), direct (5)." in words


def test_a_search_that_ended_early_says_so(tmp_path, capsys):
    found = criticality(two_ways(tmp_path, other=200), ONE, resources="direct")
    bounded = replace(found.items[0], method="bounded")
    print_criticality(replace(found, items=(bounded,), status=FlowStatus.TIME_LIMIT, missing=3))
    text = capsys.readouterr().out
    assert "the time limit was reached: 1 closure with only bounds" in text
    assert rows_of(text)[0][3].startswith("<")


def test_pairs_have_what_they_cost_beyond_the_sum(tmp_path, capsys):
    network = two_ways(tmp_path, capacity=100, other=100)
    print_criticality(criticality(network, ONE, resources=[], pairs=[("direct", "round")], unserved_usd_per_teu=1000))
    text = capsys.readouterr().out
    assert "beyond sum" in text
    # 100 TEU a day lose 1,000 USD each less what they paid, 32.8 USD; alone the direct way costs a detour of 12.85.
    (pair,) = [row for row in rows_of(text) if row[0] == "direct + round"]
    assert pair[-1] == "1,336"
