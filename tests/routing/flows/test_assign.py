"""Assignments on a network that a hand can work out, and the options that go together."""

import json
import pickle
from fractions import Fraction

import numpy as np
import pytest

from landbridge.networks.errors import DataError, QueryError
from landbridge.routing import FlowStatus, assign
from landbridge.routing.flows.assign import unserved_cost
from landbridge.routing.resources.capacities import capacities
from tests.support.flow_networks import CHEAP, DEAR, demand, two_ways, two_ways_by_year
from tests.support.tiny import link, tiny_network


def test_what_the_hall_cannot_take_goes_the_long_way(tmp_path):
    # 30 of 50 by the hall; one TEU a day more of it would save 20 USD a day.
    network = two_ways(tmp_path)
    found = assign(network, [demand()])
    assert found.status is FlowStatus.OPTIMAL
    assert [path.teu_day for path in found.paths(0)] == pytest.approx([30, 20])
    assert [path.usd_per_teu for path in found.paths(0)] == pytest.approx([CHEAP, DEAR])
    row = found.rows.rows_of("hall")[0]
    assert found.shadow_price_usd_per_teu_day[row] == pytest.approx(DEAR - CHEAP)
    assert found.utilisation[row] == pytest.approx(1.0)
    assert found.cost_usd_day == pytest.approx(30 * CHEAP + 20 * DEAR)


def test_without_capacities_all_take_the_cheapest_and_the_hall_is_over(tmp_path):
    found = assign(two_ways(tmp_path), [demand()], capacity="none")
    row = found.rows.rows_of("hall")[0]
    assert found.row_teu_day[row] == pytest.approx(50)
    assert found.utilisation[row] == pytest.approx(60 / 40)
    assert found.shadow_price_usd_per_teu_day[row] == 0


def test_what_has_no_room_is_left_at_its_cost_or_makes_the_demand_infeasible(tmp_path):
    network = two_ways(tmp_path)
    # Services take 100 TEU a day on a section: 30 by the hall and 100 the long way of 150.
    found = assign(network, [demand(150.0)], unserved_usd_per_teu=500)
    assert found.unserved_teu_day.tolist() == pytest.approx([20])
    assert found.flow.cost - found.cost_usd_day == pytest.approx(20 * 500)
    # Left at less than the long way costs, nobody takes that.
    assert assign(network, [demand()], unserved_usd_per_teu=50).unserved_teu_day.tolist() == pytest.approx([20])
    all_of_it = assign(network, [demand(150.0)], unserved_usd_per_teu=float("inf"))
    assert all_of_it.status is FlowStatus.INFEASIBLE
    assert all_of_it.message.startswith("20.0 of 150.0 TEU a day cannot be carried (kz-a to kz-d); full: Hall of B")
    assert not all_of_it.shadow_price_usd_per_teu_day.any()
    no_way = assign(network, [demand()], unserved_usd_per_teu=float("inf"), avoid=["kz-b", "kz-c"])
    assert "no route meets the conditions" in no_way.message


def test_capacities_of_the_caller_go_before_those_of_the_network(tmp_path):
    network = two_ways(tmp_path)
    rows = capacities(network)
    room = rows.residual_teu_day.copy()
    room[rows.rows_of("hall")] = 0
    found = assign(network, [demand()], rows=rows, residual_teu_day=room)
    assert [path.usd_per_teu for path in found.paths(0)] == pytest.approx([DEAR])
    with pytest.raises(QueryError, match=r"residual_teu_day has 3 values and must have \d"):
        assign(network, [demand()], residual_teu_day=np.ones(3))


def test_waits_drive_users_apart_before_the_hall_is_full(tmp_path):
    # An hour is worth 4 USD, and the hall is avoided where its wait makes up for the longer way.
    # By the hall 1 + 2 + 3 + 4 + 2 h, the long way 1 + 6 + 4 + 2 h.
    network = two_ways(tmp_path)
    wanted = demand(value_of_time_usd_per_teu_h=4.0)
    found = assign(network, [wanted], congestion="user", gap=1e-8)
    row = found.rows.rows_of("hall")[0]
    paths = found.paths(0)
    assert len(paths) == 2
    assert 0 < found.row_teu_day[row] < 50
    cheap_h, long_h = 1 + 2 + 3 + 4 + 2, 1 + 6 + 4 + 2
    assert CHEAP + 4 * (cheap_h + found.delay_h[row]) == pytest.approx(DEAR + 4 * long_h, rel=1e-4)
    assert found.cost_usd_day == pytest.approx(50 * (DEAR + 4 * long_h), rel=1e-4)
    system = assign(network, [wanted], congestion="system", gap=1e-8)
    assert system.cost_usd_day < found.cost_usd_day
    assert system.row_teu_day[row] < found.row_teu_day[row]


def test_with_congestion_what_has_no_capacity_is_shut(tmp_path):
    network = two_ways(tmp_path)
    rows = capacities(network)
    room = rows.residual_teu_day.copy()
    room[rows.rows_of("hall")] = 0
    found = assign(network, [demand()], residual_teu_day=room, congestion="user")
    assert [path.usd_per_teu for path in found.paths(0)] == pytest.approx([DEAR])


def test_conditions_hold_for_all_demand(tmp_path):
    found = assign(two_ways(tmp_path), [demand()], avoid=["kz-b"])
    assert [path.usd_per_teu for path in found.paths(0)] == pytest.approx([DEAR])
    assert assign(two_ways(tmp_path / "x"), [demand()], modes=["road"]).unserved_teu_day.tolist() == pytest.approx([50])


def test_demand_is_read_from_a_file_or_taken_from_the_network(tmp_path):
    network = two_ways(tmp_path / "network")
    file = tmp_path / "d.csv"
    file.write_text("origin,destination,teu_per_year,value_usd_per_teu\nkz-a,kz-d,18250,0\n", encoding="utf-8")
    assert assign(network, file).served_teu_day.tolist() == pytest.approx([50])
    network.tables.pop("demand", None)
    with pytest.raises(DataError, match="no table of demand"):
        assign(network)
    with pytest.raises(QueryError, match="there is no demand"):
        assign(network, [])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"capacity": "soft"}, "capacity is 'soft'"),
        ({"congestion": "some"}, "congestion is 'some'"),
        ({"congestion": "user", "capacity": "hard"}, "hard capacities cannot be combined with congestion"),
        ({"max_memory_mb": 100}, "max_memory_mb has no effect without congestion"),
        ({"logit": 0.0}, "logit is 0"),
        ({"unserved_usd_per_teu": -1.0}, "unserved_usd_per_teu is -1"),
        ({"unserved_usd_per_teu": float("nan")}, "unserved_usd_per_teu is nan"),
        ({"logit": float("nan")}, "logit is nan"),
        ({"logit": float("inf")}, "logit is inf"),
        ({"logit": 5.0, "capacity": "hard"}, "logit cannot be combined with hard capacities"),
        ({"logit": 5.0, "congestion": "system"}, "logit cannot be combined with hard capacities"),
        (
            {"logit": 5.0, "gap": 0.5, "time_limit_s": 9},
            "gap, time_limit_s have no effect with logit without congestion",
        ),
        (
            {"logit": 5.0, "gap": 0.5, "time_limit_s": 9, "empties": True},
            "gap has no effect with logit without congestion",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path, options, message):
    with pytest.raises(QueryError, match=message):
        assign(two_ways(tmp_path), [demand()], **options)


def test_a_start_is_refused_where_the_choice_is_by_logit(tmp_path):
    network = two_ways(tmp_path)
    with pytest.raises(QueryError, match="start has no effect with logit; omit it"):
        assign(network, [demand()], logit=5.0, congestion="user", start=assign(network, [demand()]))


def test_any_logit_scale_above_nothing_will_do(tmp_path):
    assert assign(two_ways(tmp_path), [demand()], logit=0.5).served_teu_day.sum() > 0


def test_the_cost_of_what_is_left_is_that_of_the_data_set(tmp_path, network):
    assert unserved_cost(network) == float(network.setting("unserved_usd_per_teu"))
    own = [{"key": "unserved_usd_per_teu", "value": "123"}]
    drawn = tiny_network(tmp_path / "own", links=[link("kz-a -- kz-b")], tables={"dataset": own})
    assert unserved_cost(drawn) == 123
    # A network whose settings do not say takes that of the bundled one.
    assert unserved_cost(two_ways(tmp_path / "none")) == unserved_cost(network)


def test_the_bundled_cost_of_what_is_left_is_read_once(tmp_path, monkeypatch):
    without = two_ways(tmp_path)
    first = unserved_cost(without)
    monkeypatch.delattr("landbridge.routing.flows.assign.load_network")
    assert unserved_cost(without) == first


def test_a_time_limit_of_nothing_leaves_all_behind_and_says_so(tmp_path):
    found = assign(two_ways(tmp_path), [demand()], time_limit_s=0)
    assert found.status is FlowStatus.TIME_LIMIT
    assert found.unserved_teu_day.tolist() == [50]


def by_cost(found):
    """Return the TEU a day of the first demand by what a TEU costs."""
    return {round(path.usd_per_teu, 6): path.teu_day for path in found.paths(0)}


@pytest.mark.parametrize(("year", "by_hall", "round_teu"), [(2024, 20, 30), (2025, 30, 30), (None, 30, 30)])
def test_a_year_of_demand_meets_the_capacities_of_that_year(tmp_path, year, by_hall, round_teu):
    # 50 TEU a day and room for 20 at the hall in 2024; 60 and 30 in 2025, the latest year.
    found = assign(two_ways_by_year(tmp_path), year=year)
    assert by_cost(found) == pytest.approx({CHEAP: by_hall, DEAR: round_teu})
    assert found.year == found.to_dict()["year"] == found.meta["options"]["year"] == (year or 2025)


def test_the_demand_of_a_user_meets_the_capacities_of_the_year(tmp_path):
    network = two_ways_by_year(tmp_path)
    assert by_cost(assign(network, [demand()], year=2024)) == pytest.approx({CHEAP: 20, DEAR: 30})
    assert by_cost(assign(network, [demand()])) == pytest.approx({CHEAP: 30, DEAR: 20})


def test_a_network_without_years_has_none_in_its_answer(tmp_path):
    found = assign(two_ways(tmp_path), [demand()])
    assert (found.year, found.to_dict()["year"]) == (None, None)


def test_a_search_begins_with_the_paths_of_a_stored_assignment(tmp_path):
    network = two_ways(tmp_path)
    before = assign(network, [demand(150.0)], congestion="user", gap=1e-6)
    stored = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own
    again = assign(network, [demand(150.0)], congestion="user", gap=1e-6, start=stored)
    assert again.flow.rounds == 1
    np.testing.assert_allclose(again.row_teu_day, before.row_teu_day)
    with pytest.raises(QueryError, match="start has 1 commodities"):
        assign(network, [demand(150.0), demand(1.0)], congestion="user", start=stored)


def test_any_kind_of_number_is_an_option(tmp_path):
    network = two_ways(tmp_path)
    usual = assign(network, [demand()], congestion="user", logit=2.5, time_limit_s=2.5)
    found = assign(network, [demand()], congestion="user", logit=Fraction(5, 2), time_limit_s=np.float32(2.5))
    assert found.meta == usual.meta
    assert json.dumps(found.meta) == json.dumps(usual.meta)
