"""More options never worsen an optimum, relaxing never does, and closing never improves it, among the same open edges.

What the rules except is left out on purpose, since with more options another rule may hold:

- Trucks haul farther than drayage, and drayage leaves its country, only where nothing else leads there. So modes are
  given here, whose trucks go anywhere; only the limit of drayage itself is tried without.
- What can only be met by turning back may turn back (`via`). There it is the search without that step that is asked.
- With a date cargo never takes a detour to catch an opening, so that more openings may lead to a later one. Networks
  of dated questions have no opening hours; closures and seasons are then gates that only open or shut.
- With congestion a further road may worsen a user equilibrium (Braess), so that flows are bounded by capacities here.
"""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np
from hypothesis import strategies as st

from landbridge.routing import NoRouteError, Scenario, assign, pareto, route
from landbridge.routing.query.options import conditions_from, query_from_options
from landbridge.routing.questions.one_to_one import best_itineraries
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import DEPARTURES, OBJECTIVES, cargoes, networks, objectives, pairs
from tests.support.tiny import MODES

ROUNDING = 1 + 1e-7


def best(network, ends, objective, **options):
    """Return the optimum of an objective, infinite if there is no route."""
    try:
        found = route(network, *ends, objective=objective, **options)
    except NoRouteError:
        return np.inf
    return found[0].value(objective)


def best_strictly(network, ends, objective, cargo, **options):
    """Return the optimum without the steps that are taken only where nothing else leads there."""
    query = query_from_options(network, ends, conditions_from(network, **options), cargo=cargo, objective=objective)
    found = best_itineraries(query, 1, strict=True)
    return found[0].value(objective) if found else np.inf


def assert_ordered(less, more, seen, what):
    """Assert that an optimum with more options is as good, and count where it is better or the only one."""
    assert more <= less * ROUNDING, (what, less, more)
    seen[what] += bool(more < less / ROUNDING)


def test_further_modes_or_fewer_things_to_avoid_never_worsen_an_optimum():
    seen = Counter()

    @holds(networks(), st.data(), few=16, many=65)
    def never_worse(drawn, data):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        cargo, objective = data.draw(cargoes()), data.draw(objectives())
        depart = data.draw(st.sampled_from([*DEPARTURES, None]))
        asked = {"cargo": cargo, "depart": depart}
        modes = data.draw(st.lists(st.sampled_from(MODES), min_size=1, max_size=4, unique=True))
        further = [*modes, data.draw(st.sampled_from(MODES))]
        some = best(network, ends, objective, modes=modes, **asked)
        more = best(network, ends, objective, modes=further, **asked)
        item = answered(route, network, *ends, objective=objective, modes=MODES, **asked)[0]
        everything = item.value(objective)
        assert_ordered(some, more, seen, "modes")
        assert_ordered(more, everything, seen, "modes")
        # What the best itinerary uses, so that it has to go another way.
        within = [{leg.row["id"] for leg in item.hauls}, {*item.places}, {*item.countries}]
        used = sorted(set().union(*within) - {*ends, *(end[:2].upper() for end in ends)})
        avoid = data.draw(st.lists(st.sampled_from(used), min_size=1, max_size=2, unique=True))
        first = best(network, ends, objective, modes=MODES, avoid=avoid[:1], **asked)
        assert_ordered(best(network, ends, objective, modes=MODES, avoid=avoid, **asked), first, seen, "avoid")
        assert_ordered(first, everything, seen, "avoid")
        for corridor in ("narrow", "any"):
            within = best(network, ends, objective, modes=MODES, corridor=corridor, **asked)
            assert_ordered(within, everything, seen, "corridor")
        # k alternatives begin with the best.
        assert_ordered(best(network, ends, objective, modes=MODES, k=3, **asked), everything, seen, "k")
        assert_ordered(everything, best(network, ends, objective, modes=MODES, k=3, **asked), seen, "k")

    never_worse()
    assert_drawn(seen, "modes", "avoid", "corridor")
    assert not seen["k"]


def test_further_places_to_call_at_never_improve_an_optimum():
    seen = Counter()

    @holds(networks(), st.data(), few=6, many=30)
    def never_better(drawn, data):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        others = [place for place in drawn.ends if place not in ends]
        via = data.draw(st.permutations(others))[:2]
        cargo, objective, asked = data.draw(cargoes()), data.draw(objectives()), {"modes": MODES}
        found = [best_strictly(network, ends, objective, cargo, via=via[:count], **asked) for count in range(3)]
        for fewer, more in pairwise(found):
            assert_ordered(more, fewer, seen, "via")

    never_better()
    assert_drawn(seen, "via")


def test_longer_drayage_never_worsens_an_optimum():
    seen = Counter()

    @holds(networks(), st.data(), few=8, many=40)
    def never_worse(drawn, data):
        # All in one country, which drayage does not leave.
        rows = [row | {"country": "KZ"} for row in drawn.of("places")]
        drawn = drawn.with_rows("places", rows)
        ends, cargo, objective = data.draw(pairs(drawn)), data.draw(cargoes()), data.draw(objectives())
        found = []
        for km in (0, 250, 900, 5000):
            network = drawn.with_rows("dataset", [{"key": "drayage_km", "value": str(km)}]).network()
            found.append(best_strictly(network, ends, objective, cargo))
        for shorter, longer in pairwise(found):
            assert_ordered(shorter, longer, seen, "drayage")

    never_worse()
    assert_drawn(seen, "drayage")


def closings(drawn):
    """Return changes that close something, by their scenario."""
    ids = [f"{row['from']}--{row['to']}--{row['mode']}" for row in drawn.of("links")]
    return st.one_of(
        st.sampled_from(ids).map(lambda name: ("links", name)),
        st.sampled_from(drawn.ends).map(lambda name: ("places", name)),
        st.sampled_from(drawn.ends).map(lambda name: ("countries", name[:2].upper())),
        st.sampled_from(MODES).map(lambda name: ("modes", name)),
        st.sampled_from([*MODES, "express"]).map(lambda name: ("services", name)),
        st.sampled_from(["default--load-rail", "default--border_exit-rail"]).map(lambda name: ("operations", name)),
    )


def closed(network, *what):
    """Return a network with things closed by a scenario."""
    changes = [{"do": "close", "what": kind, "ids": [name], "rows": {"min": 0}} for kind, name in what]
    return Scenario.from_dict({"name": "shut", "title": "Shut", "changes": changes}).apply(network)


def test_closing_never_improves_an_optimum_a_front_or_flows():
    seen = Counter()

    @holds(networks(calendar=True), st.data(), few=10, many=65)
    def never_better(drawn, data):
        network, ends = drawn.network(), data.draw(pairs(drawn))
        what = data.draw(st.lists(closings(drawn), min_size=1, max_size=2, unique=True))
        shut, further = closed(network, what[0]), closed(network, *what)
        asked = {"cargo": data.draw(cargoes()), "modes": MODES}
        for objective in (*OBJECTIVES, data.draw(objectives())):
            found = [best(one, ends, objective, **asked) for one in (further, shut, network)]
            assert_ordered(found[0], found[1], seen, "routes")
            assert_ordered(found[1], found[2], seen, "routes")
        # Each point that is left is matched by one of the front with all open.
        if np.isfinite(found[1]):
            whole, left = (points(one, ends, asked) for one in (network, shut))
            assert ((whole[None] <= left[:, None] * ROUNDING + 1e-9).all(axis=2)).any(axis=1).all()
            seen["fronts"] += len(whole) > 1
        flows = [total(one) for one in (further, shut, network)]
        assert_ordered(flows[0], flows[1], seen, "flows")
        assert_ordered(flows[1], flows[2], seen, "flows")

    never_better()
    assert_drawn(seen, "routes", "fronts", "flows")


def points(network, ends, asked):
    front = pareto(network, *ends, objectives=["time", "cost"], **asked)
    return np.array([[item.time_mean_h, item.cost_usd] for item in front.itineraries])


def total(network, **options):
    """Return the total cost of the least-cost flows with all modes for all."""
    found = assign(network, modes=MODES, **options)
    assert found.status.value == "optimal"
    return found.flow.cost


def test_closing_a_link_is_leaving_it_out():
    """A scenario, an item to avoid, and a network that never had the link give one answer."""
    seen = Counter()

    @holds(networks(), st.data(), few=6, many=35)
    def same(drawn, data):
        links = drawn.of("links")
        number = data.draw(st.integers(0, len(links) - 1))
        row = links[number]
        name = f"{row['from']}--{row['to']}--{row['mode']}"
        network, ends = drawn.network(), data.draw(pairs(drawn))
        cargo, objective = data.draw(cargoes()), data.draw(st.sampled_from(OBJECTIVES))
        asked = {"cargo": cargo, "modes": MODES}
        shut = best(closed(network, ("links", name)), ends, objective, **asked)
        avoided = best(network, ends, objective, avoid=[name], **asked)
        assert shut == avoided or abs(shut - avoided) <= 1e-9 * shut
        seen[np.isfinite(shut)] += 1

    same()
    assert_drawn(seen, True)


def test_more_capacity_or_less_demand_never_raises_the_cost_of_flows():
    seen = Counter()

    @holds(networks(), st.data(), few=8, many=45)
    def never_dearer(drawn, data):
        network = drawn.network()
        base = assign(network)
        row = data.draw(st.integers(0, max(0, len(base.rows) - 1)))
        more = np.array(base.residual_teu_day)
        if len(more):
            more[row] += data.draw(st.sampled_from([1.0, 30.0]))
        assert_ordered(base.flow.cost, assign(network, residual_teu_day=more).flow.cost, seen, "capacity")
        assert_ordered(base.flow.cost, assign(network, capacity="none").flow.cost, seen, "no capacity")
        assert_ordered(base.flow.cost, assign(network, unserved_usd_per_teu=500.0).flow.cost, seen, "penalty")
        fewer = drawn.of("demand")[1:]
        if fewer:
            less = drawn.with_rows("demand", fewer).network()
            assert_ordered(base.flow.cost, assign(less).flow.cost, seen, "demand")
        # One more TEU a day saves at most its shadow price.
        if len(more):
            saved = base.flow.cost - assign(network, residual_teu_day=more).flow.cost
            room = float(more[row] - base.residual_teu_day[row])
            assert saved <= base.shadow_price_usd_per_teu_day[row] * room * ROUNDING + 1e-6 * base.flow.cost

    never_dearer()
    assert_drawn(seen, "no capacity", "penalty", "demand")


def test_a_later_deadline_or_a_lower_confidence_lets_cargo_leave_as_late_or_later():
    seen = Counter()

    @holds(networks(most_places=4), st.data(), few=4, many=15)
    def as_late(drawn, data):
        network, ends, asked = drawn.network(), data.draw(pairs(drawn)), {"modes": MODES, "objective": "time"}
        found = []
        for day in ("2026-03-20", "2026-03-22", "2026-04-05"):
            try:
                (item,) = route(network, *ends, arrive_by=day, **asked)
            except NoRouteError:
                return
            assert item.arrives <= item.arrive_by
            found.append(item.departs)
        assert all(early <= late for early, late in combinations(found, 2))
        seen["later"] += found[0] < found[-1]

    as_late()
    assert_drawn(seen, "later")
