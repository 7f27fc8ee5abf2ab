"""Plans of sailings: small cases worked out by hand, a brute force, and how a search that is cut short is told."""

import itertools
import math

import pytest

from landbridge.networks import QueryError
from landbridge.routing import PlanStatus, plan_sailings
from landbridge.routing.sailings import plan_sailings as module
from landbridge.routing.sailings.plan_sailings import plan_task
from landbridge.routing.sailings.solve import search
from tests.support.ship_plans import ferry_network, ship_line, task


def test_one_ship_serves_what_one_round_a_period_carries():
    # 100 TEU in two days each way, 100 a ship: one round of 2 h loading, 10 h, 4 h, 10 h, 2 h = 28 of 48 h.
    plan = plan_task(task(ship_line(teu_day=(50, 50))))
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.ships == {"fleet": 1}
    assert [(item.start, item.end, item.teu) for item in plan.sailings] == [
        ("home", "outer", 100),
        ("outer", "home", 100),
    ]
    # One departure in 48 h: the eldest cargo waits the whole period, the mean half of it.
    assert plan.waits_h["line", "home"] == pytest.approx((24, 48))


def test_the_fewest_ships_are_those_of_the_hours_of_the_rounds():
    # 200 TEU in two days each way are 2 rounds of 28 h: 56 ship hours in a period of 48 need 2 ships.
    plan = plan_task(task(ship_line()))
    assert (plan.status, plan.ships, len(plan.sailings)) == (PlanStatus.OPTIMAL, {"fleet": 2}, 4)
    # 3 rounds are 84 ship hours, which 2 ships offer 96 of.
    assert plan_task(task(ship_line(teu_day=(150, 150)))).ships == {"fleet": 2}


def test_berths_too_few_are_named_before_any_search():
    # 7 rounds x 4 h at the outer port are 28 h, and one day is open.
    plan = plan_task(task(ship_line(teu_day=(350, 350)), closed_days=(1,)))
    assert (plan.status, plan.sailings) == (PlanStatus.INFEASIBLE, ())
    assert "outer has 1 berths, 24 h a period, but handling takes 28 h, 2 berths" in plan.reason


def test_a_wait_that_cannot_be_kept_is_infeasible_and_spare_sailings_mend_it():
    short = task(ship_line(teu_day=(50, 50)), max_wait_h=24)
    plan = plan_task(short)
    assert plan.status is PlanStatus.INFEASIBLE
    assert "spare sailings" in plan.reason
    # Two rounds of half loads, a day apart, of 1 + 10 + 2 + 10 + 1 = 24 h at the least: one ship does both.
    mended = plan_task(task(ship_line(teu_day=(50, 50)), max_wait_h=24, spare_sailings=1))
    assert (mended.status, mended.ships, len(mended.sailings)) == (PlanStatus.OPTIMAL, {"fleet": 1}, 4)
    assert all(found.longest_h <= 24 for found in mended.waits_h.values())


def test_preferences_trade_sailings_for_waits():
    asked = task(ship_line(teu_day=(50, 50)), spare_sailings=1)
    few, prompt = plan_task(asked, prefer="sailings"), plan_task(asked, prefer="waiting")
    assert [level.objective for level in few.levels] == ["ships", "sailings", "waiting"]
    assert [level.value for level in few.levels] == [1, 2, 48]
    assert [level.objective for level in prompt.levels] == ["ships", "waiting", "sailings"]
    assert [level.value for level in prompt.levels] == [1, 24, 4]


@pytest.mark.parametrize(
    ("voyage_h", "count", "teu_day"), [(3, 1, (200, 200)), (5, 1, (200, 100)), (8, 2, (200, 200)), (2, 1, (300, 300))]
)
def test_no_enumerated_schedule_has_fewer_ships(voyage_h, count, teu_day):
    """Brute force over all whole-hour starts of a day, anchoring of up to 2 h, with full and even loads."""
    line = ship_line(voyage_h=voyage_h, teu_day=teu_day, count=count)
    asked = task(line, period_days=1)
    plan = plan_task(asked)
    assert plan.status is PlanStatus.OPTIMAL
    assert sum(plan.ships.values()) == _fewest_ships(line, teu_day, count)


def _fewest_ships(line, teu_day, count):
    """Enumerate the starts of rounds and hours at anchor of a period of 24 h; handling is 50 TEU an hour."""
    rounds = math.ceil(max(teu_day) / line.load_teu)
    out, back = (teu / rounds for teu in teu_day)
    load_h, call_h, unload_h = math.ceil(out / 50), math.ceil((out + back) / 50), math.ceil(back / 50)
    shapes = []
    for start, first, second in itertools.product(range(24), range(3), range(3)):
        leaves = start + load_h
        reaches = leaves + line.voyage_h + first
        returns = reaches + call_h + line.voyage_h + second
        ends = returns + unload_h
        stays = {"home": [(start, leaves), (returns, ends)], "outer": [(reaches, reaches + call_h)]}
        shapes.append((start, stays, ends))
    best = 99
    first_shapes = [shape for shape in shapes if shape[0] == 0]
    for chosen in itertools.product(first_shapes, *[shapes] * (rounds - 1)):
        ships = _peak([(start, ends) for start, _, ends in chosen])
        if ships >= best:
            continue
        if all(_peak([stay for _, stays, _ in chosen for stay in stays[end]]) <= count for end in ("home", "outer")):
            best = ships
    return best


def _peak(intervals):
    hours = [0] * 24
    for start, end in intervals:
        for hour in range(start, end):
            hours[hour % 24] += 1
    return max(hours)


def test_a_network_is_planned_from_its_tables(tmp_path):
    # 100 TEU a ship and 50 TEU an hour: 2 + 20 + 4 + 20 + 2 = 48 h a round, one ship for one round in two days.
    plan = plan_sailings(ferry_network(tmp_path), {"ferry": 50}, period_days=2)
    assert (plan.status, plan.ships) == (PlanStatus.OPTIMAL, {"fleet": 1})
    assert plan.sources == ("A1",)
    document = plan.to_dict()
    assert document["ships"] == {"fleet": 1}
    assert document["levels"][0]["gap"] == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("period_days", 0),
        ("period_days", 63),
        ("prefer", "money"),
        ("max_wait_days", 0),
        ("spare_sailings", -1),
        ("time_limit_s", float("nan")),
        ("closed_days", (0,)),
        ("closed_days", (31,)),
        ("closed_days", range(1, 31)),
    ],
)
def test_options_out_of_range_are_refused(tmp_path, option, value):
    with pytest.raises(QueryError, match=option):
        plan_sailings(ferry_network(tmp_path), {"ferry": 50}, **{option: value})


def test_closed_days_and_storm_days_exclude_each_other(tmp_path):
    with pytest.raises(QueryError, match="both closed_days and storm_days"):
        plan_sailings(ferry_network(tmp_path), {"ferry": 50}, closed_days=(1,), storm_days=1)


@pytest.mark.parametrize("days", [{"closed_days": (1,)}, {"storm_days": 0}])
def test_a_year_is_refused_where_no_closure_days_of_it_are_drawn(network, days):
    with pytest.raises(QueryError, match="year has no effect with closed_days or storm_days; omit it"):
        plan_sailings(network, {"feeder-aktau-alat": 60}, year=2025, **days)


def test_what_the_first_schedule_proves_is_not_searched_for(monkeypatch):
    # One ship in one round is the least there is of both; only the wait of its cargo is left to the solver.
    solved = []

    def counted(model, **options):
        solved.append(model)
        return search(model, **options)

    monkeypatch.setattr(module, "search", counted)
    plan = plan_task(task(ship_line(teu_day=(50, 50))))
    assert [(level.objective, level.value, level.bound) for level in plan.levels][:2] == [
        ("ships", 1, 1),
        ("sailings", 2, 2),
    ]
    assert plan.status is PlanStatus.OPTIMAL
    assert len(solved) == 1


def test_the_wait_of_cargo_between_storms_is_proven(network):
    # 1,000 TEU in ten days by ships of 191 are 6 departures; a storm of a day keeps them from one every 40 h.
    plan = plan_sailings(network, {"feeder-aktau-alat": 100}, period_days=10, closed_days=[4])
    assert [(level.objective, level.value, level.bound) for level in plan.levels] == [
        ("ships", 3, 3),
        ("sailings", 12, 12),
        ("waiting", 48, 48),
    ]


def test_closed_days_count_from_1_in_question_and_answer(tmp_path):
    plan = plan_sailings(ferry_network(tmp_path), {"ferry": 50}, period_days=4, closed_days=[4, 1])
    assert plan.task.closed_days == (0, 3)
    assert plan.to_dict()["closed_days"] == [1, 4]
    assert plan.meta["options"]["closed_days"] == [1, 4]


def test_less_demand_is_no_cure_where_ships_sail_too_rarely():
    # One round in ten days, and no TEU waits longer than two; 60 rounds leave often enough.
    few = plan_task(task(ship_line(teu_day=(1, 1)), period_days=10, max_wait_h=48))
    assert few.reason.endswith("give more spare sailings or a longer wait")
    many = plan_task(task(ship_line(teu_day=(300, 300), count=2), period_days=2, max_wait_h=16, closed_days=(1,)))
    assert many.reason.endswith("give more spare sailings or a longer wait, or less demand")
