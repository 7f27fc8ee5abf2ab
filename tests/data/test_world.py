"""States of the bundled world on single days: road posts that were shut, and lines and fleets that are yet to come."""

from functools import cache

import pytest

from landbridge.networks import load_network
from landbridge.networks.years import resources_of_year, year_given
from landbridge.routing import Cargo, route

LORRY = Cargo(cargo_class="road")

# What opens after the reference date, and an answer that takes it then: ends, day, and what to keep away from.
PLANNED = [
    ("kz-bakhty--kz-ayagoz--rail", "cn-urumqi", "ru-novosibirsk", "2029-03-01", ["kz-dostyk"]),
    ("af-rozanak--af-herat--rail", "af-herat", "tr-istanbul", "2028-03-01", []),
    ("lt-kaunas--lv-riga--rail--1435", "pl-warsaw", "lv-riga", "2031-03-01", []),
    ("lv-riga--ee-tallinn--rail--1435", "pl-warsaw", "ee-tallinn", "2031-03-01", []),
]


@cache
def network():
    return load_network()


def links_of(start, end, **options):
    """Return the links of the fastest way and its notes."""
    item = route(network(), start, end, objective="time", **options)[0]
    return {leg.link["id"] for leg in item.legs if leg.link}, [note.text for note in item.notes]


@pytest.mark.parametrize(
    ("start", "end", "day", "link", "words"),
    [
        (
            "by-minsk",
            "lt-vilnius",
            "2025-11-05",
            "by-kamenny-log--lt-medininkai--road",
            "from 2025-10-27 to 2025-11-19",
        ),
        ("pl-bialystok", "by-minsk", "2024-06-01", "by-berestovitsa--pl-bobrowniki--road", "to 2025-11-16"),
        ("pl-lublin", "ua-lviv", "2024-02-25", "pl-medyka--ua-lviv--road", "from 2024-02-20 to 2024-03-19"),
        ("af-kabul", "pk-peshawar", "2023-09-08", "af-torkham--pk-peshawar--road", "from 2023-09-06 to 2023-09-14"),
    ],
)
def test_lorries_go_round_a_post_that_was_shut_and_the_note_says_so(start, end, day, link, words):
    taken, notes = links_of(start, end, cargo=LORRY, depart=day)
    assert link not in taken
    assert any(words in note for note in notes)


@pytest.mark.parametrize(
    ("start", "end", "day", "link"),
    [
        ("by-minsk", "lt-vilnius", "2025-11-20", "by-kamenny-log--lt-medininkai--road"),
        ("by-minsk", "lt-vilnius", None, "by-kamenny-log--lt-medininkai--road"),
        ("pl-bialystok", "by-minsk", "2022-06-01", "by-berestovitsa--pl-bobrowniki--road"),
        ("pl-bialystok", "by-minsk", None, "by-berestovitsa--pl-bobrowniki--road"),
        ("pl-lublin", "ua-lviv", "2024-05-02", "pl-medyka--ua-lviv--road"),
    ],
)
def test_lorries_take_the_post_while_it_is_open(start, end, day, link):
    assert link in links_of(start, end, cargo=LORRY, depart=day)[0]


def test_containers_stand_before_medyka_while_three_lorries_an_hour_pass():
    """800 lorries at 72 a day are 11 days, where 6 hours are usual: 45 times as long."""
    slow, usual = (
        route(network(), "pl-lublin", "ua-lviv", cargo=LORRY, depart=day)[0] for day in ("2023-11-25", "2023-10-25")
    )
    wait = slow.time.mean_h - usual.time.mean_h
    assert wait / 24 == pytest.approx(800 / 72, rel=0.03)


@pytest.mark.parametrize(("link", "start", "end", "day", "avoid"), PLANNED)
def test_a_planned_line_is_taken_after_its_opening_and_not_before(link, start, end, day, avoid):
    assert link not in links_of(start, end, avoid=avoid)[0]
    assert link not in links_of(start, end, avoid=avoid, depart="2026-10-01")[0]
    assert link in links_of(start, end, avoid=avoid, depart=day, modes=["rail"])[0]


def test_what_is_planned_opens_after_the_reference_date():
    tables = network().tables
    for table in ("links", "operations", "resources", "services"):
        for row in tables[table]:
            if (row["note"] or "").startswith("planned"):
                assert row["valid_from"] is None or row["valid_from"].year >= 2026, row["id"]
    opening = {link["id"]: link["valid_from"] for link in network().links}
    assert all(opening[link] > network().reference_date for link, *_ in PLANNED)


def test_fleets_and_ports_of_later_years_grow_and_change_no_answer_of_today():
    ahead = {row["resource"] for row in network().tables["capacities"] if row["year"] > 2026}
    today, later = resources_of_year(network(), None), resources_of_year(network(), 2030)
    assert len(ahead) >= 7
    assert year_given(network()) == 2025
    for resource in ahead:
        assert today[resource] == network().tables["resources"].by_key()[resource]
        assert later[resource]["capacity"] > today[resource]["capacity"]
