"""No point of a front beats another, each single best is on it, and alternatives are distinct and in order."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from landbridge.routing import Weights, pareto, route
from landbridge.routing.query.objectives import CRITERIA, REGISTRY
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import OBJECTIVES, cargoes, networks, pairs
from tests.support.tiny import MODES

DAYS = st.sampled_from([None, None, "2026-03-02T09:00"])


def values(front):
    return np.array([[item.value(name) for name in front.objectives] for item in front.itineraries])


def test_no_point_of_a_front_beats_another_and_the_best_by_each_objective_is_on_it():
    seen = Counter()

    @holds(networks(), st.data(), few=16, many=85)
    def undominated(drawn, data):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        names = data.draw(st.lists(st.sampled_from(CRITERIA), min_size=2, max_size=4, unique=True))
        asked = {"cargo": data.draw(cargoes()), "modes": data.draw(st.sampled_from([None, MODES, MODES]))}
        asked["depart"] = data.draw(DAYS)
        front = answered(pareto, network, *ends, objectives=names, **asked)
        points = values(front)
        for one, other in combinations(points, 2):
            assert not (one <= other * (1 - 1e-9)).all()
            assert not (other <= one * (1 - 1e-9)).all()
            assert tuple(one) != tuple(other)
        assert [tuple(point) for point in points] == sorted(map(tuple, points))
        for column, name in zip(points.T, names, strict=True):
            if REGISTRY[name].single:
                best = route(network, *ends, objective=name, **asked)[0].value(name)
                assert column.min() == pytest.approx(best, rel=1e-9), name
        seen["points"] += len(points) > 1
        seen["dated"] += asked["depart"] is not None

    undominated()
    assert_drawn(seen)


def test_the_best_at_any_value_of_time_is_on_the_front_and_changes_at_its_breakpoints():
    seen = Counter()

    @holds(networks(), st.data(), st.sampled_from([0.0, 1.0, 7.0, 60.0]), few=30, many=45)
    def on_the_hull(drawn, data, usd_per_h):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        cargo = data.draw(cargoes())
        asked = {"cargo": cargo, "modes": MODES}
        front = answered(pareto, network, *ends, objectives=["time", "cost"], **asked)
        best = route(network, *ends, objective=Weights(value_of_time_usd_per_h=usd_per_h), **asked)[0]
        per_h = usd_per_h + cargo.value_usd * 0.25 / 8760
        hours, usd = values(front).T
        assert best.generalised_cost_usd == pytest.approx((usd + per_h * hours).min(), rel=1e-9)
        by_id = {item.itinerary_id: item for item in front.itineraries}
        assert [item.value_of_time_usd_per_h for item in front.breakpoints] == sorted(
            item.value_of_time_usd_per_h for item in front.breakpoints
        )
        for item in front.breakpoints:
            sums = usd + item.value_of_time_usd_per_h * hours
            for name in (item.below, item.above):
                own = by_id[name].cost_usd + item.value_of_time_usd_per_h * by_id[name].time_mean_h
                assert own == pytest.approx(sums.min(), rel=1e-9)
            seen["breakpoints"] += 1

    on_the_hull()
    assert_drawn(seen, "breakpoints", least=2)


def test_each_point_that_a_shorter_front_leaves_out_is_within_epsilon_of_a_shown_one():
    seen = Counter()

    @holds(networks(), st.data(), st.sampled_from([0.02, 0.2, 0.8]), few=10, many=50)
    def covered(drawn, data, epsilon):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        asked = {"objectives": ("time", "cost", "co2e"), "cargo": data.draw(cargoes()), "modes": MODES}
        whole = answered(pareto, network, *ends, **asked)
        short = pareto(network, *ends, epsilon=epsilon, **asked)
        points, shown = values(whole), values(short)
        assert {*map(tuple, shown)} <= {*map(tuple, points)}
        # A criterion that is 0, as the emissions of cargo without weight, is compared by difference.
        base = np.where(points > 0, points, 1.0)
        excess = (shown[None] - points[:, None]) / base[:, None]
        nearest = excess.max(axis=2).min(axis=1)
        assert (nearest <= epsilon + 1e-9).all()
        assert short.realised_epsilon == pytest.approx(max(0.0, nearest.max()), abs=1e-9)
        assert short.realised_epsilon <= epsilon + 1e-9
        seen["fewer"] += len(shown) < len(points)

    covered()
    assert_drawn(seen, "fewer")


def shared_km(item, other):
    """Return the km of hauls of an itinerary that another one has too."""
    own = {leg.row["id"]: leg.distance_km for leg in item.hauls}
    return sum(own[name] for name in own.keys() & {leg.row["id"] for leg in other.hauls})


def test_alternatives_are_in_order_distinct_and_begin_with_the_best():
    seen = Counter()

    @holds(networks(), st.data(), st.sampled_from(OBJECTIVES), st.sampled_from([0.3, 0.8, 1.0]), few=12, many=60)
    def ordered(drawn, data, objective, share):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        asked = {"cargo": data.draw(cargoes()), "modes": MODES, "objective": objective, "max_shared": share}
        found = answered(route, network, *ends, k=6, **asked)
        best = route(network, *ends, k=1, **asked)
        numbers = [item.value(objective) for item in found]
        assert numbers == sorted(numbers)
        assert numbers[0] == pytest.approx(best[0].value(objective), rel=1e-9)
        assert len({item.itinerary_id for item in found}) == len(found)
        assert len({tuple(leg.row["id"] for leg in item.legs) for item in found}) == len(found)
        for better, item in combinations(found, 2):
            assert share == 1 or shared_km(item, better) <= share * item.distance_km + 1e-6
        fewer = route(network, *ends, k=3, **asked)
        assert [item.value(objective) for item in fewer] == pytest.approx(numbers[:3], rel=1e-9)
        seen["several"] += len(found) > 2
        for item in found:
            # None visits a state twice, or comes back to a country: a ship that calls at its port does not enter it.
            assert all(before != after for before, after in pairwise(item.edges))
            by_land = [
                {network.places[end]["country"] for end in (leg.start, leg.end)}
                for leg in item.hauls
                if leg.mode not in {"sea", "ferry"}
            ]
            entered = [country for before, after in pairwise([set(), *by_land]) for country in after - before]
            home = {network.places[end]["country"] for end in ends}
            abroad = [country for country in entered if {country} != home]
            assert len(set(abroad)) == len(abroad)

    ordered()
    assert_drawn(seen, "several", least=2)
