"""Quantiles are in order wherever an answer gives them, and the chance to be on time grows with the promised day."""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from landbridge.routing import (
    assign,
    bottlenecks,
    compare_corridors,
    criticality,
    drivers,
    emissions_statement,
    itinerary_indicators,
    matrix,
    pareto,
    profile,
    reach,
    route,
    route_by_corridor,
    simulate,
    simulate_network,
)
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import DEPARTURES, cargoes, networks, objectives, pairs

NOTHING = "nothing is carried|carries nothing|nothing to simulate|each of .* runs waits"
"""Messages where cargo waits for over two weeks in each run, or all demand has no way."""

_QUANTILE = re.compile(r"(?P<before>.*?)p(?P<level>\d\d)(?P<after>|_.*)$")


def ordered_quantiles(said, path="answer"):
    """Assert that quantiles of one thing never fall with their level, and return how many things were looked at."""
    if isinstance(said, list | tuple):
        return sum(ordered_quantiles(item, f"{path}[{number}]") for number, item in enumerate(said))
    if not isinstance(said, dict):
        assert not isinstance(said, float) or np.isfinite(said), path
        return 0
    groups = defaultdict(list)
    for name, value in said.items():
        found = _QUANTILE.match(name)
        if found and isinstance(value, int | float):
            groups[found["before"], found["after"]].append((int(found["level"]), value))
    for name, values in groups.items():
        hours = [value for _, value in sorted(values)]
        assert all(low <= high * (1 + 1e-12) + 1e-12 for low, high in pairwise(hours)), (path, name)
        assert hours[0] >= 0, (path, name)
    return len(groups) + sum(ordered_quantiles(item, f"{path}.{name}") for name, item in said.items())


ANSWERS = {
    "route": lambda network, ends, asked: route(network, *ends, k=3, **asked),
    "corridors": lambda network, ends, asked: route_by_corridor(network, *ends, detours=True, **asked),
    "comparison": lambda network, ends, asked: compare_corridors(network, *ends, **asked),
    "pareto": lambda network, ends, asked: pareto(network, *ends, cargo=asked["cargo"], depart=asked["depart"]),
    "drivers": lambda network, ends, asked: drivers(network, *ends, cargo=asked["cargo"], searches=2),
    "indicators": lambda network, ends, asked: itinerary_indicators(route(network, *ends, **asked)[0]),
    "emissions": lambda network, ends, asked: emissions_statement(route(network, *ends, **asked)[0]),
    "simulation": lambda network, ends, asked: simulate(route(network, *ends, **asked)[0], runs=2000),
    "profile": lambda network, ends, asked: profile(
        network, *ends, first="2026-03-01", last="2026-03-09", step_days=4, cargo=asked["cargo"]
    ),
    "matrix": lambda network, ends, asked: matrix(network, ends, cargo=asked["cargo"]),
    "reach": lambda network, ends, asked: reach(network, ends[0], ["2d", "20d"], cargo=asked["cargo"]),
    "assignment": lambda network, *_: assign(network),
    "bottlenecks": lambda network, *_: bottlenecks(network, closures=1, check=1),
    "criticality": lambda network, *_: criticality(network, days=3),
    "network": lambda network, *_: simulate_network(network, days=40, warm_up=10, replications=2),
}
WITHOUT_QUANTILES = {"indicators", "emissions", "matrix", "assignment", "bottlenecks", "criticality"}


@pytest.mark.parametrize("name", ANSWERS)
def test_quantiles_are_in_order_in_every_answer(name):
    """The walk is over all that an answer says; with it goes that no number is infinite or none."""
    seen = Counter()

    @holds(networks(calendar=True), st.data(), few=3, many=15)
    def ordered(drawn, data):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        asked = {"cargo": data.draw(cargoes()), "objective": data.draw(objectives())}
        asked["depart"] = data.draw(st.sampled_from(DEPARTURES))
        found = answered(ANSWERS[name], network, ends, asked, refused=NOTHING)
        seen["answers"] += 1
        seen["quantiles"] += ordered_quantiles(found.to_dict())
        for table in found.tables():
            seen["quantiles"] += sum(ordered_quantiles(row, table.name) for row in table.rows())

    ordered()
    assert_drawn(seen, "answers")
    assert bool(seen["quantiles"]) == (name not in WITHOUT_QUANTILES)


def test_the_answers_of_the_bundled_network_have_quantiles_in_order(network):
    places = sorted(place for place, row in network.places.items() if row["modes"])

    @holds(
        st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True),
        cargoes(),
        st.sampled_from([None, "2025-11-03", "2026-06-15"]),
        few=8,
        many=40,
    )
    def ordered(ends, cargo, depart):
        found = answered(route, network, *ends, cargo=cargo, depart=depart, refused="same terminal|same place")
        assert ordered_quantiles(found.to_dict()) > 5
        assert ordered_quantiles(simulate(found[0], runs=2000).to_dict()) > 0

    ordered()


def test_the_chance_to_be_on_time_grows_with_the_promised_day():
    seen = Counter()

    @holds(networks(calendar=True, most_places=4), st.data(), st.integers(0, 2**31), few=8, many=45)
    def grows(drawn, data, seed):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        depart = data.draw(st.sampled_from(DEPARTURES[1:]))
        item = answered(route, network, *ends, depart=depart)[0]
        days = [item.departs + timedelta(days=number) for number in (1, 3, 7, 15, 40, 200)]
        asked = {"runs": 1000, "seed": seed, "refused": NOTHING}
        found = [answered(simulate, item, promised=day, **asked) for day in days]
        chances = [one.on_time for one in found]
        assert chances == sorted(chances)
        assert all(0 <= chance <= 1 for chance in chances)
        for one, day in zip(found, days, strict=True):
            limit_h = (day - item.departs).total_seconds() / 3600
            assert one.on_time == pytest.approx((one.hours <= limit_h + 1 / 3600).mean(), abs=1e-9)
            assert 0 <= one.stranded <= 1
        # What is stranded is never on time; all else is after 200 days.
        assert chances[-1] == pytest.approx(1 - found[-1].stranded, abs=0.01)
        seen["between"] += any(0 < chance < 1 for chance in chances)

    grows()
    assert_drawn(seen, "between")


@holds(networks(most_places=4), st.data(), st.integers(0, 2**31), few=6, many=40)
def test_the_mean_of_runs_without_a_date_is_that_of_the_itinerary(drawn, data, seed):
    item = answered(route, drawn.network(), *data.draw(pairs(drawn)), objective="time")[0]
    found, runs = simulate(item, runs=20_000, seed=seed), 20_000
    # Six standard errors; the tail of a mixture may have a larger deviation than what was drawn.
    assert found.time.mean_h == pytest.approx(item.time.mean_h, abs=6 * item.time.sd_h / runs**0.5 + 1e-6)
    assert np.array_equal(found.hours, simulate(item, runs=20_000, seed=seed).hours)
