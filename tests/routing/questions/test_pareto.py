"""Fronts of itineraries, and the values of time where the best one changes."""

from itertools import pairwise, product

import numpy as np
import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Cargo, pareto, route
from landbridge.routing.questions.pareto import covering
from landbridge.routing.questions.undated import UndatedSearch
from tests.support.tiny import link, tiny_network

# Hours and km of four ways between two places; loading and unloading take 3 h and 20 USD more, a km is 0.2 USD.
WAYS = ((10, 1000), (20, 500), (30, 450), (40, 100))


def four_ways(folder):
    return tiny_network(
        folder, links=[link("cn-a -- cn-b", mean_h=hours, length_km=km) for hours, km in WAYS], check=False
    )


def test_breakpoints_are_the_slopes_of_the_lower_hull(tmp_path):
    front = pareto(four_ways(tmp_path), "cn-a", "cn-b", objectives=["time", "cost"])
    points = [pytest.approx((item.time_mean_h, item.cost_usd)) for item in front.itineraries]
    assert points == [(13, 220), (23, 120), (33, 110), (43, 40)]
    ids = [item.itinerary_id for item in front.itineraries]
    # From 43 h to 23 h: 80 USD for 20 h. From 23 h to 13 h: 100 USD for 10 h. That of 33 h lies above the first line.
    low, high = front.breakpoints
    assert (low.value_of_time_usd_per_h, low.below, low.above) == (pytest.approx(4), ids[3], ids[1])
    assert (high.value_of_time_usd_per_h, high.below, high.above) == (pytest.approx(10), ids[1], ids[0])
    # Of 100,000 USD: 4 x 24 / 100,000.
    assert (low.percent_of_value_per_day, high.percent_of_value_per_day) == pytest.approx((0.096, 0.24))
    assert list(low.to_dict()) == ["value_of_time_usd_per_h", "percent_of_value_per_day", "below", "above"]


@pytest.mark.parametrize(("usd_per_h", "best"), [(0, 3), (3.9, 3), (4.1, 1), (9.9, 1), (10.1, 0), (1000, 0)])
def test_below_and_above_a_breakpoint_the_search_finds_the_itinerary_that_it_says(tmp_path, usd_per_h, best):
    from landbridge.routing import Weights

    network, cargo = four_ways(tmp_path), Cargo(value_usd=0)
    front = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"], cargo=cargo)
    weights = Weights(value_of_time_usd_per_h=usd_per_h)
    found = route(network, "cn-a", "cn-b", objective=weights, cargo=cargo)[0]
    assert found.itinerary_id == front.itineraries[best].itinerary_id
    assert all(point.percent_of_value_per_day is None for point in front.breakpoints)


def test_without_time_and_cost_among_the_objectives_there_are_no_breakpoints(tmp_path):
    front = pareto(four_ways(tmp_path), "cn-a", "cn-b", objectives=["time", "distance"])
    assert (len(front.itineraries), front.breakpoints) == (4, ())


def test_one_objective_has_one_itinerary_the_best(tmp_path):
    front = pareto(four_ways(tmp_path), "cn-a", "cn-b", objectives="cost")
    assert [item.cost_usd for item in front.itineraries] == [pytest.approx(40)]


def test_an_epsilon_is_refused_where_the_front_is_one_point(tmp_path):
    with pytest.raises(QueryError, match="epsilon has no effect with one objective; omit it"):
        pareto(four_ways(tmp_path), "cn-a", "cn-b", objectives="time", epsilon=0.1)


@pytest.mark.parametrize("epsilon", [-0.1, float("nan"), float("inf"), 1.5])
def test_an_epsilon_that_means_nothing_is_refused(tmp_path, epsilon):
    with pytest.raises(QueryError, match="epsilon is"):
        pareto(four_ways(tmp_path), "cn-a", "cn-b", epsilon=epsilon)


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_what_an_epsilon_leaves_is_of_the_front_and_near_what_it_leaves_out(tmp_path, depart):
    network = four_ways(tmp_path)
    front = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"], depart=depart)
    found = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"], depart=depart, epsilon=1)
    assert {item.itinerary_id for item in found.itineraries} < {item.itinerary_id for item in front.itineraries}
    assert 0 < found.realised_epsilon <= 1
    assert front.realised_epsilon == 0


def test_a_covering_takes_what_covers_most_and_says_how_near_it_is():
    # The second is within 10 % of the first and third, which are 20 % apart; the last is far from all.
    values = np.array([[10.0, 12.1], [11.0, 11.0], [12.1, 10.0], [50.0, 1.0]])
    chosen, realised = covering(values, 0.1)
    assert chosen.tolist() == [1, 3]
    assert realised == pytest.approx(0.1)
    assert covering(values, 0.0)[0].tolist() == [0, 1, 2, 3]


def test_a_criterion_of_nothing_is_compared_by_difference():
    # No transshipment against one: as far apart as 1; 8 h against 10 h is 25 %.
    values = np.array([[10.0, 0.0], [8.0, 1.0]])
    assert covering(values, 0.5)[0].tolist() == [0]
    assert covering(values, 0.5)[1] == pytest.approx(0.25)
    assert covering(values, 0.2)[0].tolist() == [0, 1]


def test_a_front_without_an_answer_names_what_blocks(tmp_path):
    with pytest.raises(NoRouteError, match="the restriction to road"):
        pareto(four_ways(tmp_path), "cn-a", "cn-b", modes=["road"])


def test_the_risk_of_a_dated_front_is_that_of_its_itineraries_which_know_their_waits(tmp_path):
    from datetime import time

    from tests.support.tiny import service

    # Undated the daily train is the risk; by the clock it has none and beats the headway of two hours.
    daily = service("daily", wait_kind="timetable", departures=(time(1),))
    often = service("often", wait_kind="headway", headway_h=2)
    links = [link("cn-a -- cn-b", service="daily"), link("cn-a -- cn-b", service="often")]
    network = tiny_network(tmp_path, links=links, services=[daily, often])
    # By day it is the time that the train takes longer.
    front = pareto(network, "cn-a", "cn-b", objectives=["time", "risk"], depart="2026-03-02T02:00")
    assert [tuple(item.value(name) for name in ["time", "risk"]) for item in front.itineraries] == [
        pytest.approx((6, 4 / 12)),
        pytest.approx((27, 0)),
    ]


OBJECTIVES = ("time", "cost", "co2e")
CONDITIONS = {
    "free": {},
    "without Russia": {"avoid": ["RU"]},
    "without Russia and Belarus, dated": {"avoid": ["RU", "BY"], "depart": "2026-03-02"},
    "rail and ferry": {"modes": ["rail", "ferry"]},
    "by the Middle Corridor": {"corridor": "middle"},
    "risk": {"objectives": ("time", "risk", "transshipments")},
}


@pytest.mark.parametrize("options", CONDITIONS.values(), ids=CONDITIONS.keys())
def test_each_point_of_a_bundled_front_is_feasible_undominated_and_the_sum_of_its_legs(network, options):
    front = pareto(network, "Xi'an", "Duisburg", **{"objectives": OBJECTIVES} | options)
    names = front.objectives
    values = np.array([tuple(item.value(name) for name in names) for item in front.itineraries])
    assert len(values) > 2
    no_worse = (values[None] <= values[:, None]).all(-1)
    assert no_worse.sum() == len(values), "a point is as good as another in each criterion"
    assert (np.diff(values[:, 0]) >= 0).all()
    avoided, modes = set(options.get("avoid", ())), options.get("modes")
    for item, row in zip(front.itineraries, values, strict=True):
        sums = {
            "time": sum(leg.time.mean_h for leg in item.legs),
            "cost": sum(leg.cost_usd for leg in item.legs),
            "co2e": sum(leg.co2e_kg for leg in item.legs),
            "risk": sum(leg.time.sd_h**2 for leg in item.legs),
            "transshipments": sum(leg.operation == "transship" for leg in item.legs),
        }
        assert row.tolist() == pytest.approx([sums[name] for name in names], rel=1e-9)
        touched = {network.places[place]["country"] for place in item.places} | set(item.countries)
        assert not touched & avoided
        assert item.corridor == options.get("corridor", item.corridor)
        for leg in item.hauls:
            ends = {network.places[place]["parent"] or place for place in (leg.start, leg.end)}
            assert modes is None or leg.mode in modes or len(ends) == 1
            day = leg.departs.date() if leg.departs else network.reference_date
            assert leg.row["valid_from"] is None or leg.row["valid_from"] <= day
            assert leg.row["valid_to"] is None or day <= leg.row["valid_to"]
        if "depart" in options:
            assert all(before.arrives == after.departs for before, after in pairwise(item.legs))


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_the_ends_of_a_bundled_front_are_the_best_of_each_objective(network, depart):
    front = pareto(network, "Xi'an", "Duisburg", objectives=OBJECTIVES, depart=depart)
    for objective, column in zip(OBJECTIVES, range(3), strict=True):
        best = route(network, "Xi'an", "Duisburg", objective=objective, depart=depart)[0]
        least = min(tuple(item.value(name) for name in OBJECTIVES)[column] for item in front.itineraries)
        assert tuple(best.value(name) for name in OBJECTIVES)[column] == pytest.approx(least, rel=1e-9)


def test_a_bundled_front_with_an_epsilon_is_shorter_and_within_it(network):
    exact, near = (pareto(network, "Xi'an", "Duisburg", epsilon=epsilon) for epsilon in (0, 0.1))
    names = exact.objectives
    assert len(near.itineraries) < len(exact.itineraries)
    for item in exact.itineraries:
        limit = np.array(tuple(item.value(name) for name in names)) * 1.1 + 1e-6
        assert any((np.array(tuple(other.value(name) for name in names)) <= limit).all() for other in near.itineraries)


def test_breakpoints_rise_and_lead_from_the_cheapest_to_the_fastest(network):
    front = pareto(network, "Xi'an", "Duisburg", objectives=["time", "cost"])
    points, by_id = front.breakpoints, {item.itinerary_id: item for item in front.itineraries}
    assert [point.value_of_time_usd_per_h for point in points] == sorted(p.value_of_time_usd_per_h for p in points)
    assert by_id[points[0].below].cost_usd == min(item.cost_usd for item in front.itineraries)
    assert by_id[points[-1].above].time_mean_h == min(item.time_mean_h for item in front.itineraries)
    assert all(before.above == after.below for before, after in pairwise(points))
    # At a breakpoint both cost the same, and nothing costs less.
    for point, item in product(points, front.itineraries):
        both = [
            by_id[name].cost_usd + point.value_of_time_usd_per_h * by_id[name].time_mean_h
            for name in (point.below, point.above)
        ]
        assert both[0] == pytest.approx(both[1])
        assert item.cost_usd + point.value_of_time_usd_per_h * item.time_mean_h >= both[0] - 1e-6


def test_where_trucks_alone_lead_there_the_front_is_by_truck_and_says_so(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", "road", length_km=900)])
    (item,) = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"]).itineraries
    assert [note.text for note in item.notes] == [
        "trucks take this block cargo over 900 km, because no train or ship leads there all the way"
    ]
    assert item.itinerary_id == route(network, "cn-a", "cn-b")[0].itinerary_id


def many_ways(folder):
    """Return a network whose ways between two places are the sums of one of two links at each of six steps."""
    places = [f"cn-{letter}" for letter in "abcdefg"]
    links = [
        link(f"{tail} -- {head}", mean_h=hours, length_km=km)
        for step, (tail, head) in enumerate(pairwise(places))
        for hours, km in ((1, 1 + 2**step), (1 + 2**step, 1))
    ]
    return tiny_network(folder, links=links, check=False)


@pytest.mark.parametrize("objectives", [["time", "distance", "risk", "co2e"], ["distance", "time", "risk", "co2e"]])
def test_where_memory_ends_the_itineraries_are_those_of_the_front_up_to_a_value(tmp_path, objectives):
    network = many_ways(tmp_path)
    whole = pareto(network, "cn-a", "cn-g", objectives=objectives)
    part = pareto(network, "cn-a", "cn-g", objectives=objectives, max_memory_mb=0.01)
    assert (whole.complete, whole.complete_up_to) == (True, None)
    assert whole.to_dict()["complete_up_to"] is None
    reached = part.complete_up_to
    assert (part.complete, reached.objective) == (False, objectives[0])
    assert part.to_dict()["complete_up_to"] == {"objective": objectives[0], "value": reached.value}
    expected = [item.itinerary_id for item in whole.itineraries if item.value(objectives[0]) <= reached.value]
    assert [item.itinerary_id for item in part.itineraries] == expected
    assert 0 < len(expected) < len(whole.itineraries)
    assert part.breakpoints == ()


def test_memory_that_ends_before_the_first_itinerary_is_refused(tmp_path):
    network = many_ways(tmp_path)
    with pytest.raises(QueryError, match=r"max_memory_mb is 0\.001 and ends before the first itinerary"):
        pareto(network, "cn-a", "cn-g", objectives=["time", "distance", "risk", "co2e"], max_memory_mb=0.001)


def test_where_memory_ends_before_the_first_itinerary_no_other_conditions_are_tried(tmp_path, monkeypatch):
    class Short(UndatedSearch):
        def front(self, names):
            if self.query.conditions.returns:
                return super().front(names)
            self.reached = 1e9
            return []

    monkeypatch.setattr("landbridge.routing.questions.pareto.UndatedSearch", Short)
    # Turning back on the way to d there is an itinerary, but whether there is none without is not known.
    with pytest.raises(QueryError, match="ends before the first itinerary"):
        pareto(many_ways(tmp_path), "cn-a", "cn-g", via="cn-d")


@pytest.mark.parametrize("memory", [0, -1, float("nan"), "much"])
def test_a_memory_that_means_nothing_is_refused(tmp_path, memory):
    with pytest.raises(QueryError, match="max_memory_mb is"):
        pareto(four_ways(tmp_path), "cn-a", "cn-b", max_memory_mb=memory)


def test_without_a_limit_of_memory_a_front_is_whole(tmp_path):
    assert pareto(four_ways(tmp_path), "cn-a", "cn-b", max_memory_mb=None).complete
