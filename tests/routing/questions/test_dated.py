"""Search by the clock: objectives, alternatives, requirements. `tests/features/test_dates.py` has the rest."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import NormalDist

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Weights, route
from landbridge.routing.query.options import conditions_from, query_from_options
from landbridge.routing.query.query import Conditions, Query
from landbridge.routing.questions.dated import DatedSearch, latest_departure, local_zone
from landbridge.routing.search.memory import met_again
from tests.support.tiny import link, service, tiny_network

# Loaded at 1:00 on a Monday, the slow service goes at once, the fast on Wednesday at noon.
WEDNESDAY = service("fast", wait_kind="timetable", days=("wed",), departures=(time(12),), tariff="dear")


SAMPLED = 0.005
"""Three standard errors of a probability by 100,000 runs."""


def fast_and_slow(folder):
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-b", service="fast", length_km=1000, speed_km_h=100),
            link("cn-a -- cn-b", length_km=3000),
        ],
        services=[WEDNESDAY],
        tables={"tariffs": [{"id": "dear", "usd_per_teu_km": 0.5, "usd_year": 2024}]},
    )


def line_of(itinerary):
    return itinerary.hauls[0].name


@pytest.mark.parametrize(
    ("depart", "objective", "best"),
    [
        # Monday 0:00: fast 59 + 10 h and 1,000 USD, slow 60 h and 600 USD, each with 1 h before and 2 h behind.
        ("2026-03-02", "time", "rail"),
        ("2026-03-02T12:00", "time", "fast"),
        ("2026-03-02T12:00", "cost", "rail"),
        ("2026-03-02", "distance", "fast"),
        # From Wednesday 11:00 the fast one saves 50 h for 400 USD: 8 USD an hour, inventory 2.85 of them.
        ("2026-03-04T11:00", Weights(value_of_time_usd_per_h=5.1), "rail"),
        ("2026-03-04T11:00", Weights(value_of_time_usd_per_h=5.2), "fast"),
    ],
)
def test_each_objective_is_weighed_by_the_clock(tmp_path, depart, objective, best):
    assert line_of(route(fast_and_slow(tmp_path), "cn-a", "cn-b", depart=depart, objective=objective)[0]) == best


def test_an_hour_that_the_clock_leaves_out_is_none_of_the_time(tmp_path):
    zone = {"code": "DE", "name": "Germany", "timezone": "Europe/Berlin"}
    network = tiny_network(tmp_path, links=[link("de-a -- de-b", length_km=600)], tables={"countries": [zone]})
    # Loaded for 1 h from 20:00, 600 km at 50 km/h: from 21:00 it takes 12 h, and at 2:00 the clock says 3:00.
    item = route(network, "de-a", "de-b", depart="2026-03-28T20:00")[0]
    (haul,) = item.hauls
    assert haul.time.mean_h == 12
    assert haul.departs.isoformat() == "2026-03-28T21:00:00+01:00"
    assert haul.arrives.isoformat() == "2026-03-29T10:00:00+02:00"


@pytest.mark.parametrize(
    ("later_h", "points"),
    # On Monday at 0:00 the slow train is earlier and cheaper, twelve hours later it is 3 h later.
    [(0, [(63, 620)]), (12, [(60, 1020), (63, 620)])],
)
def test_the_front_of_a_departure_has_the_moment_of_arrival_first(tmp_path, later_h, points):
    query = Query(fast_and_slow(tmp_path), "cn-a", "cn-b", conditions=Conditions(depart=datetime(2026, 3, 2)))  # noqa: DTZ001
    search = DatedSearch(query, ["cost"])
    moment_h = search.departure_h + later_h
    found = [search.itinerary(path, moment_h) for path in search.front(moment_h)]
    assert [pytest.approx((item.time_mean_h, item.cost_usd)) for item in found] == points


def test_one_search_serves_departures_of_many_days(tmp_path):
    query = Query(fast_and_slow(tmp_path), "cn-a", "cn-b", conditions=Conditions(depart=datetime(2026, 3, 2)))  # noqa: DTZ001
    search = DatedSearch(query.by("time"), last=date(2026, 3, 8))
    for day in range(7):
        moment_h = search.departure_h + 24 * day
        alone = route(query.network, "cn-a", "cn-b", depart=f"2026-03-0{2 + day}", objective="time")[0]
        assert search.itinerary(search.best(moment_h), moment_h).arrives == alone.arrives


def test_alternatives_are_timed_sorted_and_differ(tmp_path):
    found = route(fast_and_slow(tmp_path), "cn-a", "cn-b", depart="2026-03-02T12:00", objective="time", k=5)
    assert [(line_of(item), item.time_mean_h) for item in found] == [("fast", 60), ("rail", 63)]


def dead_end(folder, **rows):
    """Return a network in which the passage that a corridor needs is on a spur."""
    return tiny_network(
        folder,
        links=[
            link("cn-0 -- cn-a"),
            link("cn-a -- cn-x", passage=("suez",)),
            link("cn-a -- cn-x"),
            link("cn-a -- cn-b"),
        ],
        tables={"corridors": [{"id": "spur", "name": "spur", "priority": 1, "require": "suez"}]},
        **rows,
    )


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_a_corridor_is_not_met_by_a_way_there_and_back(tmp_path, depart):
    with pytest.raises(NoRouteError, match="the corridor spur"):
        route(dead_end(tmp_path), "cn-0", "cn-b", corridor="spur", depart=depart)


def test_a_place_to_visit_may_lie_on_a_spur(tmp_path):
    found = route(dead_end(tmp_path), "cn-0", "cn-b", via=["cn-x"], depart="2026-03-02")[0]
    assert found.places == ("cn-0", "cn-a", "cn-x", "cn-a", "cn-b")
    assert found.time_mean_h == 11


@pytest.mark.parametrize("options", [{"depart": "2026-03-02"}, {"arrive_by": "2026-03-02"}, {}], ids=str)
def test_a_point_far_from_any_terminal_has_no_route_with_a_date_as_without(tmp_path, options):
    with pytest.raises(NoRouteError, match="no terminal within reach"):
        route(dead_end(tmp_path), "-60,-120", "cn-b", **options)


def test_the_zone_of_an_end_without_a_terminal_is_utc(tmp_path):
    query = Query(dead_end(tmp_path), "cn-a", "cn-b")
    assert local_zone(query, []).key == "UTC"
    assert local_zone(query, query.starts).key == "Asia/Shanghai"


def test_a_deadline_that_no_departure_meets_has_no_answer_within_its_reach(tmp_path):
    query, asked = Query(dead_end(tmp_path), "cn-a", "cn-b"), []
    assert latest_departure(query, datetime(2026, 3, 2, tzinfo=UTC), asked.append) is None
    assert len(asked) == 150
    assert len({one.day for one in asked}) == 150


def test_arrive_by_does_not_go_with_a_departure(tmp_path):
    with pytest.raises(QueryError, match="arrive_by finds the latest departure"):
        route(dead_end(tmp_path), "cn-a", "cn-b", arrive_by="2026-03-02", depart="2026-03-01")


@pytest.mark.parametrize("objective", [None, "cost"])
def test_arrive_by_goes_with_each_objective(tmp_path, objective):
    found = route(dead_end(tmp_path), "cn-a", "cn-b", arrive_by="2026-03-02T12:00", objective=objective)[0]
    # Ten hours of haul, loading and unloading take the rest; nothing has a timetable.
    assert found.arrives.isoformat() == "2026-03-02T12:00:00+08:00"


def spread_network(folder):
    """Return a network of one haul of 100 h on average that takes 110 h or less nine times in ten (normal)."""
    return tiny_network(folder, links=[link("cn-a -- cn-b", p10_h=90, p50_h=100, p90_h=110)])


def test_arrive_by_with_a_confidence_leaves_early_enough(tmp_path):
    network = spread_network(tmp_path)
    usual = route(network, "cn-a", "cn-b", arrive_by="2026-03-10T00:00")[0]
    assert usual.chance_in_time == pytest.approx(0.5, abs=SAMPLED)
    sure = route(network, "cn-a", "cn-b", arrive_by="2026-03-10T00:00", confidence=0.9)[0]
    assert sure.chance_in_time == pytest.approx(0.9, abs=1e-3)
    # p90 lies 10 h after the mean.
    assert usual.departs - sure.departs == pytest.approx(timedelta(hours=10), abs=timedelta(minutes=2))


def test_a_departure_by_timetable_has_to_be_reached(tmp_path):
    ship = service("ship", "sea", wait_kind="timetable", days=("mon",), departures=(time(12),))
    links = [link("cn-a -- cn-b", p10_h=90, p50_h=100, p90_h=110), link("cn-b -- de-c", "sea", service="ship")]
    network = tiny_network(tmp_path, links=links, services=[ship])
    found = route(network, "cn-a", "de-c", depart="2026-03-04T00:00")[0]
    wait = next(leg for leg in found.legs if leg.is_timed_departure)
    # The ship is reached with some hours to spare, and takes a fixed time: late are those who miss it.
    spare_sd = wait.time.mean_h / (10 / 1.2815515655446004)
    assert found.chance_in_time == pytest.approx(NormalDist().cdf(spare_sd), abs=SAMPLED)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"confidence": 0.9}, "belongs to arrive_by"), ({"arrive_by": "2026-03-10", "confidence": 1}, "between 0 and 1")],
)
def test_a_confidence_that_means_nothing_is_refused(tmp_path, options, message):
    with pytest.raises(QueryError, match=message):
        route(dead_end(tmp_path), "cn-a", "cn-b", **options)


def test_arrive_by_names_what_blocks_where_nothing_leads_there(tmp_path):
    with pytest.raises(NoRouteError, match="the restriction to road"):
        route(dead_end(tmp_path), "cn-a", "cn-b", arrive_by="2026-03-02", modes=["road"])


def test_a_bundled_itinerary_by_the_clock_joins_in_time_and_adds_up(network):
    for k in (1, 4):
        found = route(network, "Xi'an", "Duisburg", depart="2026-03-02T08:00", k=k)
        for item in found:
            assert item.departs.isoformat() == "2026-03-02T08:00:00+08:00"
            for before, after in pairwise(item.legs):
                assert before.arrives == after.departs
            for leg in item.legs:
                # Clock times are to the second.
                assert abs((leg.arrives - leg.departs) / timedelta(hours=1) - leg.time.mean_h) < 1e-3
            assert item.time_mean_h == pytest.approx((item.arrives - item.departs) / timedelta(hours=1), abs=1e-3)
        values = [item.generalised_cost_usd for item in found]
        assert values == sorted(values)


def turning(folder):
    """Return a network in which the way to a crossing and back passes five countries twice, and a ship goes round."""
    chain = ("cn-a", "kz-b", "ru-c", "by-d", "pl-e", "de-f")
    return tiny_network(
        folder,
        links=[
            *(link(" -- ".join(pair)) for pair in pairwise(chain)),
            link("de-f -- nl-g"),
            link("nl-g -- pl-e"),
            link("cn-a -- kr-h"),
            link("nl-g -- kr-h", "sea", length_km=20_000),
        ],
        tables={"corridors": [{"id": "west", "name": "west", "priority": 1, "require": "DE-PL"}]},
    )


@pytest.mark.parametrize("objective", ["generalised", "time", "cost", "distance"])
def test_a_way_that_turns_is_replaced_by_the_one_that_passes_each_country_once(tmp_path, objective):
    found = route(turning(tmp_path), "cn-a", "kr-h", corridor="west", depart="2026-03-02", objective=objective)[0]
    assert found.places == ("cn-a", "kz-b", "ru-c", "by-d", "pl-e", "de-f", "nl-g", "kr-h")


def test_where_every_way_turns_there_is_none(tmp_path):
    network = turning(tmp_path)
    with pytest.raises(NoRouteError, match="the corridor west"):
        route(network, "cn-a", "kr-h", corridor="west", depart="2026-03-02", modes=["rail"])


def dated_query(network, ends, depart, **options):
    return query_from_options(network, ends, conditions_from(network, depart=depart, **options))


@pytest.mark.parametrize("corridor", ["baltic", "development-road", "ukraine"])
def test_a_bundled_corridor_whose_best_way_turns_needs_few_labels(network, corridor):
    """Labels that remember all that was met again needed over 4 million; now 16 MB hold them."""
    search = DatedSearch(dated_query(network, ("Moscow", "Hamburg"), "2026-07-15", corridor=corridor), max_memory_mb=16)
    path = search.best(search.departure_h)
    assert (path is None) == (corridor == "ukraine")
    assert path is None or not met_again(network.graph, path)


@pytest.mark.parametrize("ends", [("Xi'an", "Duisburg"), ("Moscow", "Tehran"), ("Chongqing", "Tashkent")])
def test_the_best_is_the_least_of_the_front(network, ends):
    query = dated_query(network, ends, "2026-07-15")
    fronted, alone = DatedSearch(query, ["cost"]), DatedSearch(query)
    moment_h = alone.departure_h
    points = [fronted.itinerary(path, moment_h) for path in fronted.front(moment_h)]
    best = alone.itinerary(alone.best(moment_h), moment_h)
    assert best.generalised_cost_usd == pytest.approx(min(item.generalised_cost_usd for item in points), abs=1e-6)
