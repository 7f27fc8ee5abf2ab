"""Answers that a forwarder would sign: 200 pairs of places of all countries, with the options that nobody gives."""

import random
from functools import cache
from itertools import groupby

import pytest

from landbridge.networks import NoRouteError, load_network
from landbridge.networks.graph.links import is_local, link_countries
from landbridge.routing import route, route_by_corridor
from landbridge.routing.query.drayage import drayage_limit_km
from tests.support.drayage import Haul, keeps_drayage

PAIRS, COMPARED = 200, 40
TAGS = ("best value", "fastest", "cheapest", "least CO2e")
KINDS = {"city", "terminal", "port"}


@cache
def network():
    return load_network()


@cache
def pairs():
    """Return pairs of places with cargo, each country as likely as another."""
    draw, by_country = random.Random(11), {}  # noqa: S311 - a sample and no secret
    for place, row in sorted(network().places.items()):
        if row["kind"] in KINDS and row["country"] and (row["modes"] or network().terminals[place] != (place,)):
            by_country.setdefault(row["country"], []).append(place)
    found = []
    while len(found) < PAIRS:
        pair = tuple(draw.choice(by_country[draw.choice(sorted(by_country))]) for _ in range(2))
        if pair not in found and not same_place(*pair):
            found.append(pair)
    return found


def same_place(one, other):
    places = network().places
    return (places[one]["parent"] or one) == (places[other]["parent"] or other)


@cache
def answer(pair):
    """Return the itineraries of a pair, None if there is no way."""
    try:
        return route(network(), *pair)
    except NoRouteError:
        return None


@cache
def compared():
    """Return the rows of corridors of a sample of the pairs, those that are left out among them."""
    sample = random.Random(7).sample([pair for pair in pairs() if answer(pair)], COMPARED)  # noqa: S311 - likewise
    return {pair: route_by_corridor(network(), *pair, detours=True) for pair in sample}


def answered():
    return [(pair, item) for pair in pairs() for item in answer(pair) or ()]


def every_itinerary():
    return [*answered(), *((pair, item) for pair, rows in compared().items() for item in rows)]


def has_note(item, words):
    return any(words in note.text for note in item.notes)


def goes_by_truck(item):
    """Whether trucks haul elsewhere than on drayage, bridges and local transfers."""
    hauls = [leg for leg in item.hauls if leg.link is None or not is_local(leg.link, network().places)]
    listed = [Haul(leg.mode, leg.distance_km, leg.link is not None and leg.link["bridge"]) for leg in hauls]
    return not keeps_drayage(listed, drayage_limit_km(network()))


def countries_entered_again(item):
    """Return the countries that are left and entered again, but for what the rule exempts, from the legs alone."""
    places, passed = network().places, []
    for leg in item.hauls:
        ends = [places[place] for place in (leg.start, leg.end) if place in places]
        if any(row["neutral"] for row in ends):
            continue
        own = link_countries(leg.link, places) if leg.link is not None else {row["country"] for row in ends}
        if leg.mode not in {"sea", "ferry"}:
            own |= {row["country"] for row in ends}
        passed.append(frozenset(own - {None}))
    both_ends = {places[item.places[0]]["country"]} & {places[item.places[-1]]["country"]}
    entries = {
        country: sum(inside for inside, _ in groupby(country in own for own in passed if own))
        for country in frozenset().union(*passed)
    }
    return {country for country, times in entries.items() if times > 1} - both_ends


def test_nearly_all_pairs_have_an_answer():
    assert sum(answer(pair) is not None for pair in pairs()) >= 0.9 * PAIRS


def test_no_container_of_a_block_train_goes_by_truck_in_its_journey_without_a_note():
    silent = [pair for pair, item in answered() if goes_by_truck(item) and not has_note(item, "no train or ship")]
    assert silent == []
    assert len({pair for pair, item in answered() if goes_by_truck(item)}) < 0.1 * PAIRS


def test_none_enters_a_country_again():
    found = [(pair, item.corridor, countries_entered_again(item)) for pair, item in every_itinerary()]
    again = [(pair, corridor, countries) for pair, corridor, countries in found if countries]
    assert again == []


def test_none_passes_a_stretch_twice():
    twice = []
    for pair, item in every_itinerary():
        links = [leg.link["id"] for leg in item.hauls if leg.link is not None]
        twice += [(pair, item.corridor)] if len(links) > len(set(links)) else []
    assert twice == []


def test_each_row_of_a_quotation_has_tags_and_all_four_are_given_once():
    for pair in pairs():
        if answer(pair):
            assert all(item.tags for item in answer(pair)), pair
            given = [tag.partition(" (")[0] for item in answer(pair) for tag in item.tags]
            assert sorted(given) == sorted(TAGS), pair
            assert answer(pair)[0].tags[0] == TAGS[0], pair


def test_each_has_a_line_of_the_points_that_tell_it_apart():
    items = [item for _, item in answered()]
    if not hasattr(items[0], "route_line"):
        pytest.skip("itineraries have no route line yet")
    assert all(item.route_line for item in items)
