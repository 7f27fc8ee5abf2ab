"""Itineraries as journeys: what is drawn is what the search and the convolution state."""

from datetime import datetime, time, timedelta

import numpy as np
import pytest

from landbridge.networks.times.distributions import TimeDistribution, constant
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates
from landbridge.routing import Cargo, route, route_by_corridor
from landbridge.routing.draws.journey_draws import draw_journey
from landbridge.routing.draws.standard_tables import UNIFORM_TABLE, shape_table
from landbridge.routing.itineraries.journeys import chance_by, edge_duration, has_chance, share_by, undated_journey
from landbridge.routing.query.calendars import clock
from tests.support.tiny import link, operation, service, tiny_network


def two_point(group, share, normal_h, congested_h):
    """Return a leg that takes one time for certain in normal months and another in congested ones."""
    states = TrafficStates(group, share, constant(normal_h), constant(congested_h), constant(normal_h), ())
    return Duration(states.mixture, states=states)


def test_legs_of_two_groups_are_congested_on_their_own():
    legs = [two_point("a", 0.2, 10, 60), two_point("b", 0.4, 20, 120)]
    # 30 h: 0.8 x 0.6 = 0.48; 80 h: 0.2 x 0.6 = 0.12; 130 h: 0.8 x 0.4 = 0.32; 180 h: 0.08.
    hours = draw_journey(undated_journey(legs), 200_000, 0).hours
    found = [share_by(hours, limit_h) for limit_h in (29, 30, 80, 130, 180)]
    assert found == pytest.approx([0, 0.48, 0.6, 0.92, 1], abs=0.004)


def test_a_factor_has_the_mean_shape_of_its_legs_by_spread():
    # Spreads by the factor of 10 x 0.5 and 30 x 0.5 h: (5 x 0.4 + 15 x 0.8) / 20 = 0.7; a uniform leg counts as 0.
    legs = [
        Duration(TimeDistribution(50, 10, 0.4), "storm", 0.25),
        Duration(TimeDistribution(90, 30, 0.8), "storm", 0.25),
        Duration(TimeDistribution(9, 2, -1.0)),
    ]
    journey = undated_journey(legs)
    assert journey.factors == ("storm",)
    assert [journey.tables[number] for number in journey.times.factor_table[0]] == [shape_table(0.7)]
    assert journey.times.factor.tolist() == [0, 0, -1]
    assert journey.times.shared_sd_h.tolist() == [[5, 15, 0]]
    assert journey.times.own_table[0, 2] == UNIFORM_TABLE


def planned_h(trip):
    """Return the hours of a trip if each leg takes its mean time, and its hours by the search."""
    journey = trip.journey(trip.departs)
    return journey.calendars.planned_h[-1] - journey.depart_h, (trip.arrives - trip.departs) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("ends", "cargo_class", "depart"),
    [
        # A ro-ro ship by timetable; borders by opening hours; slow-downs; a closure announced after the departure.
        (("ge-batumi", "bg-sofia"), "road", "2026-03-04"),
        (("uz-tashkent", "ge-poti"), "road", "2025-09-11T13:00"),
        (("cn-xian", "de-duisburg"), "loose", "2025-09-11T13:00"),
        (("kz-almaty", "de-hamburg"), "block", "2025-12-20"),
        ((((34.3, 108.9)), (51.43, 6.76)), "block", "2026-10-17"),
    ],
)
def test_without_spread_a_journey_is_the_dated_itinerary_within_a_second(network, ends, cargo_class, depart):
    trips = route_by_corridor(network, *ends, depart=depart, cargo=Cargo(cargo_class=cargo_class), detours=True)
    for trip in trips:
        drawn_h, searched_h = planned_h(trip)
        assert drawn_h == pytest.approx(searched_h, abs=1 / 3600), trip
    assert len(trips) > 1


def test_the_opening_hours_of_the_very_first_edge_count_too(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", open_from=time(8), open_to=time(12))])
    trip = route(network, "cn-a", "cn-b", depart="2026-03-02T14:00")[0]
    drawn_h, searched_h = planned_h(trip)
    assert drawn_h == pytest.approx(searched_h, abs=1 / 3600)


@pytest.mark.parametrize("depart", ["2026-03-02T04:00", "2026-03-02T16:00", "2026-03-06T09:00"])
def test_timetables_with_cut_offs_and_opening_hours_are_those_of_the_search(tmp_path, depart):
    ship = service(
        "ship", "sea", wait_kind="timetable", days=("tue", "fri"), departures=(time(9), time(21)), cut_off_h=7
    )
    hours = {"open_from": time(8), "open_to": time(17), "open_days": ("mon", "tue", "thu")}
    links = [link("cn-a -- kz-b"), link("kz-b -- de-c", "sea", service="ship")]
    border = operation("border_entry", "kz-b", id="own", other_place="cn-a", mean_h=11, **hours)
    network = tiny_network(tmp_path, links=links, services=[ship], operations=[border])
    trip = route(network, "cn-a", "de-c", depart=depart)[0]
    drawn_h, searched_h = planned_h(trip)
    assert drawn_h == pytest.approx(searched_h, abs=1 / 3600)
    journey = trip.journey(trip.departs)
    # Nothing spreads, so that each run is the plan.
    assert set(np.round(draw_journey(journey, 10, 0).hours, 6)) == {round(searched_h, 6)}
    assert journey.calendars.is_timed.sum() == 1


def test_the_wait_for_an_opening_is_no_part_of_the_time_of_a_haul(tmp_path):
    row = {"p10_h": 10, "p50_h": 20, "p90_h": 30, "open_from": time(0), "open_to": time(12)}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", **row)])
    graph, day = network.graph, datetime(2026, 3, 2).date()  # noqa: DTZ001
    kept = clock(network, day, day, planned=False)
    found = [edge_duration(graph, kept, edge).time for edge in np.flatnonzero(graph.opening_mean_h).tolist()]
    assert found
    for item in found:
        # A normal of 20 h with p90 10 h above it; shut half of each day, it would wait 3 h on average.
        assert (item.mean_h, item.sd_h) == pytest.approx((20, 10 / 1.2815515655446004))


def test_planned_links_are_open_to_who_asked_for_them(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", valid_from="2030-01-01")])
    trip = route(network, "cn-a", "cn-b", depart="2026-03-02", planned=True)[0]
    assert trip.chance_in_time == 1


def test_whether_a_chance_is_reached_is_what_all_runs_say(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", p10_h=90, p50_h=100, p90_h=110)])
    trip = route(network, "cn-a", "cn-b", depart="2026-03-02")[0]
    journey = trip.journey(trip.departs)
    for hours in (-12, -1, 0, 3, 12):
        moment = trip.arrives + timedelta(hours=hours)
        chance = chance_by(journey, moment)
        # Far from the chance few runs tell, near to it all are drawn.
        for least in (0.0001, 0.3, chance - 1e-4, chance, chance + 1e-4, 0.7, 0.9999):
            assert has_chance(journey, moment, least) is (chance >= least), (hours, least)
