"""The two states of a month: what each takes, and what they take on average."""

import math

import pytest

from landbridge.networks import DataError
from landbridge.networks.times.distributions import TimeDistribution
from landbridge.networks.times.traffic import added, normal_mean_h, traffic_of, traffic_states
from tests.support.tiny import link, operation, service, tiny_network

OWN = TimeDistribution(20.0, 5.0, 0.4)
ROW = {"id": "t", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 100.0, "source": ("A1",)}
HALF_AS_WIDE = {"p10_ratio": 0.9, "p50_ratio": 1.0, "p90_ratio": 1.1}


def test_the_own_time_is_that_of_normal_months_and_the_mean_is_weighted():
    states = traffic_states(ROW, OWN, None)
    assert (states.group, states.congested_share, states.source) == ("g", 0.25, ("A1",))
    assert states.normal == states.own == OWN
    assert states.congested == TimeDistribution(100, 25, 0.4)
    # 3/4 of 20 h and 1/4 of 100 h; variance 3/4 25 + 1/4 625 within, and 3/16 80^2 between.
    assert states.mixture.mean_h == 40
    assert states.mixture.sd_h == pytest.approx(math.sqrt(0.75 * 25 + 0.25 * 625 + 0.1875 * 6400))


def test_an_average_is_kept_and_split():
    states = traffic_states({**ROW, "own_time": "average", "congested_h": 50.0}, OWN, None)
    # (20 - 50 / 4) / (3 / 4) = 10 h, with half the deviation of the average.
    assert states.normal == TimeDistribution(10, 2.5, 0.4)
    assert states.mixture.mean_h == pytest.approx(20)
    assert states.own == OWN


def test_congested_months_have_the_spread_that_the_row_names():
    states = traffic_states(ROW, OWN, HALF_AS_WIDE)
    assert states.normal == OWN
    assert (states.congested.mean_h, states.congested.shape) == (100, 0)
    assert states.congested.quantile(0.9) == pytest.approx(110)


def test_congestion_that_leaves_normal_months_nothing_is_refused():
    row = {**ROW, "own_time": "average", "congested_h": 80.0}
    assert normal_mean_h(row, 20) == 0
    with pytest.raises(DataError, match=r"traffic t: congested months alone are more than its mean of 20\.0 h; lower"):
        traffic_states(row, OWN, None)


def test_an_independent_time_comes_on_top_of_every_state():
    more = TimeDistribution(7, 12, 0.9)
    assert added(OWN, more) == TimeDistribution(27, 13, 0.4)
    later = traffic_states(ROW, OWN, None).later(more)
    assert (later.normal.mean_h, later.congested.mean_h, later.own.mean_h) == (27, 107, 27)
    assert later.mixture.mean_h == 47


def tiny(tmp_path, *rows, **cells):
    return tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        operations=[operation("load", "cn-a", id="own-load", to_mode="rail", mean_h=20, cargo_class="block")],
        services=[service("rail", wait_kind="headway", headway_h=40, **cells)],
        tables={"traffic": [ROW | row for row in rows]},
    )


def test_each_item_has_its_row(tmp_path):
    network = tiny(tmp_path, {"id": "ops", "operations": ("own-load",)}, {"id": "waits", "waits": ("rail",)})
    assert {item: row["id"] for item, row in traffic_of(network.tables, "operations").items()} == {"own-load": "ops"}
    assert {item: row["id"] for item, row in traffic_of(network.tables, "waits").items()} == {"rail": "waits"}
