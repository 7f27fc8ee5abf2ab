"""The result of criticality: records, layers, chart, and what is stored."""

import pickle

import pytest

from landbridge.routing import criticality
from landbridge.routing.output.layers import features_of
from tests.support.narrow_way import ONE, two_ways


@pytest.fixture
def found(tmp_path):
    return criticality(
        two_ways(tmp_path, other=70), ONE, days=10, unserved_usd_per_teu=1000, pairs=[("direct", "yard")]
    )


def test_records_say_what_the_closures_say(found):
    record = found.to_dict()
    first = found.items[0]
    assert (record["days"], record["closures"][0]["id"]) == (10, first.id)
    assert [row["rank"] for row in record["closures"]] == list(range(1, len(found.items) + 1))
    assert sorted(row["rank_with_waiting"] for row in record["closures"]) == list(range(1, len(found.items) + 1))
    ranks = {row["rank_with_waiting"]: row["id"] for row in record["closures"]}
    assert [ranks[rank] for rank in sorted(ranks)] == [item.id for item in found.with_waiting]
    assert record["closures"][0]["flows"][0]["origin"] == "cn-a"
    frame = found.to_frame()
    assert frame["usd"].tolist() == [item.usd for item in found.items]
    assert set(found.to_frame("criticality-flows")["closed"]) >= {"direct", "round"}


def test_a_stored_result_is_the_same_and_draws_with_its_network(found):
    stored = pickle.loads(pickle.dumps(found))  # noqa: S301 - just written here
    assert stored == found
    again = stored.with_network(found.assignment.network)
    assert features_of(again.layers()[0]) == features_of(found.layers()[0])
