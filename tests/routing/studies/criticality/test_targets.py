"""What can be closed, and which edges that shuts."""

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.query.calendars import closed_edges
from landbridge.routing.studies.criticality.targets import KINDS, Targets, crossings
from tests.support.narrow_way import two_ways
from tests.support.tiny import link, tiny_network


def test_closing_shuts_what_a_row_of_closures_shuts(tmp_path):
    network = two_ways(tmp_path)
    targets = Targets(network)
    for kind, name in (
        ("resources", "direct"),
        ("places", "cn-c"),
        ("services", "rail"),
        ("links", "cn-a--cn-b--rail"),
    ):
        expected = closed_edges(network, {"target": kind, "ids": (name,)})
        assert expected.any()
        assert np.array_equal(targets.find(f"{kind}:{name}").edges(network), expected)


def test_a_pair_shuts_both(tmp_path):
    network = two_ways(tmp_path)
    one, other = (Targets(network).find(name) for name in ("direct", "cn-c"))
    both = one.and_also(other)
    assert (both.kind, both.id) == ("pair", "direct+cn-c")
    assert np.array_equal(both.edges(network), one.edges(network) | other.edges(network))


def test_crossings_are_borders_on_land_and_passages(tmp_path):
    links = [
        link("cn-a -- kz-b"),
        link("cn-a -- kz-b", "road"),
        link("kz-b -- az-c", "ferry"),
        link("az-c -- tr-d", "sea", passage=("suez",)),
    ]
    network = tiny_network(tmp_path, links=links)
    assert crossings(network) == ["CN-KZ", "CN-KZ:rail", "CN-KZ:road", "suez"]
    targets = Targets(network)
    by_rail, both = (targets.find(name).edges(network).sum() for name in ("CN-KZ:rail", "CN-KZ"))
    assert 0 < by_rail < both
    # A border is one in either order.
    assert [targets.find(name).id for name in ("KZ-CN", "kz-cn:rail", "crossings:KZ-CN:road")] == [
        "CN-KZ",
        "CN-KZ:rail",
        "CN-KZ:road",
    ]
    with pytest.raises(QueryError, match="nothing that can be closed has the id 'CN-TR'"):
        targets.find("CN-TR")


def test_a_wrong_id_gets_near_names_and_an_ambiguous_one_its_kinds(tmp_path):
    targets = Targets(two_ways(tmp_path))
    with pytest.raises(QueryError, match="did you mean direct"):
        targets.find("dierct")
    with pytest.raises(QueryError, match=f"give an id of {', '.join(KINDS)}"):
        targets.find("???")
    ambiguous = tiny_network(
        tmp_path / "two", links=[link("cn-a -- cn-b", resource="rail")], tables={"resources": [{"id": "rail"}]}
    )
    with pytest.raises(QueryError, match="give one of resources:rail, services:rail"):
        Targets(ambiguous).find("rail")
    assert Targets(ambiguous).find("services:rail").kind == "services"
