"""The result as such: its text, tables, and what it needs to be drawn."""

import pickle

import pytest

from landbridge.networks import QueryError
from landbridge.routing import compare
from tests.support.compared import both_ways, closing, sent

PAIRS = [{"origin": "cn-a", "destination": "ru-z"}]


def test_its_text_says_what_changes(tmp_path):
    network = both_ways(tmp_path)
    flows = compare(network, None, closing("KZ"), demand=[sent()])
    # 20 USD more for 10 TEU a day.
    assert repr(flows) == "<ScenarioComparison base -> closed-kz: +0.0 TEU a day carried, +200 USD a day>"
    pairs = compare(network, None, closing("KZ"), od=PAIRS)
    assert repr(pairs) == "<ScenarioComparison base -> closed-kz: 1 of 1 pair changed>"
    lost = compare(network, None, closing("KZ", "MN"), demand=[sent()], unserved_usd_per_teu=float("inf"))
    assert repr(lost).endswith("-10.0 TEU a day carried>")


def test_tables_are_of_pairs_or_of_flows(tmp_path):
    network = both_ways(tmp_path)
    pairs = compare(network, None, closing("KZ"), od=PAIRS)
    assert [table.name for table in pairs.tables()] == ["pairs", "break-even"]
    assert list(pairs.layers()) == []
    assert pairs.to_frame()["outcome"].tolist() == ["changed"]
    flows = compare(network, None, closing("KZ"), demand=[sent()])
    names = ["totals", "corridors", "shippers", "operators", "demand", "resources", "links", "leads", "break-even"]
    assert [table.name for table in flows.tables()] == names
    assert flows.to_frame("corridors").set_index("corridor")["share_change"].to_dict() == {"middle": -1, "mongolia": 1}


def test_a_stored_result_is_drawn_with_its_networks_again(tmp_path):
    network = both_ways(tmp_path)
    found = compare(network, None, closing("KZ"), demand=[sent()])
    stored = pickle.loads(pickle.dumps(found))  # noqa: S301
    with pytest.raises(QueryError, match="attach them with `with_networks"):
        stored.layers()
    again = stored.with_networks(network, closing("KZ").apply(network))
    assert again.to_geodataframe().equals(found.to_geodataframe())
    with pytest.raises(QueryError, match="network"):
        stored.with_networks(network, "closed-kz")
