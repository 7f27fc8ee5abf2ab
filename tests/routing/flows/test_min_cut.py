"""The minimum cut between regions: by hand, and what it cannot say."""

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import UnboundedCutError, min_cut
from tests.support.narrow_way import two_ways
from tests.support.tiny import link, operation, service, tiny_network


def test_the_cut_is_the_sum_of_the_ways(tmp_path):
    cut = min_cut(two_ways(tmp_path, other=70), ["cn-a"], ["cn-b"])
    # 40 directly and 70 round; the yard where cargo is loaded takes 1,000.
    assert (cut.max_flow_teu_day, cut.cut_teu_day, cut.proven) == (pytest.approx(110), pytest.approx(110), True)
    assert [record["resource"] for record in cut.records] == ["round", "direct"]
    assert {record["resource"]: record["teu_day_per_teu_day"] for record in cut.prices} == {
        "direct": pytest.approx(1),
        "round": pytest.approx(1),
    }


def test_fractions_of_a_teu_are_kept(tmp_path):
    cut = min_cut(two_ways(tmp_path, capacity=0.3333, other=0.25), ["cn-a"], ["cn-b"])
    assert cut.cut_teu_day == pytest.approx(0.5833)
    assert cut.proven


UNBOUNDED = service("rail", "rail", capacity_teu_day=None, vehicle="train")


def test_a_way_without_capacity_is_named(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="r"), link("cn-a -- cn-c"), link("cn-c -- cn-b")],
        services=[UNBOUNDED],
        tables={"resources": [{"id": "r"}]},
    )
    with pytest.raises(UnboundedCutError, match="cn-a, cn-c, cn-b"):
        min_cut(network, ["cn-a"], ["cn-b"])
    assert min_cut(network, ["cn-a"], ["cn-b"], avoid=["cn-c"]).cut_teu_day == pytest.approx(100)


def test_a_resource_that_a_way_takes_twice_is_not_called_proven(tmp_path):
    # Loading and unloading share one gang of 40 moves a day, so that 20 TEU pass; as one arc it seems to pass 40.
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        services=[UNBOUNDED],
        operations=[
            operation("load", "cn-a", to_mode="rail", mean_h=1, resource="gang"),
            operation("unload", "cn-b", from_mode="rail", mean_h=1, resource="gang"),
        ],
        tables={"resources": [{"id": "gang", "kind": "terminal", "capacity": 40, "shared": True}]},
    )
    cut = min_cut(network, ["cn-a"], ["cn-b"])
    assert (cut.max_flow_teu_day, cut.cut_teu_day, cut.proven) == (pytest.approx(20), pytest.approx(40), False)
    assert cut.prices[0]["teu_day_per_teu_day"] == pytest.approx(0.5)


def test_regions_are_countries_and_places(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", resource="r"), link("cn-c -- kz-d", resource="s")],
        tables={"resources": [{"id": "r", "capacity": 5}, {"id": "s", "capacity": 7}]},
        check=False,
    )
    assert min_cut(network, ["CN"], ["kz"]).cut_teu_day == pytest.approx(12)
    assert min_cut(network, ["cn-a"], ["KZ"]).cut_teu_day == pytest.approx(5)
    with pytest.raises(NoRouteError, match="no path"):
        min_cut(network, ["cn-a"], ["kz-d"])
    with pytest.raises(QueryError, match="both regions"):
        min_cut(network, ["CN"], ["cn-a"])
    with pytest.raises(QueryError, match="no terminal in DE"):
        min_cut(network, ["CN"], ["DE"])
    with pytest.raises(QueryError, match="empty"):
        min_cut(network, [], ["KZ"])


def test_a_point_is_no_region(tmp_path):
    with pytest.raises(QueryError, match=r"^1,2 is a point; give places and countries$"):
        min_cut(two_ways(tmp_path), (1.0, 2.0), ["cn-b"])
