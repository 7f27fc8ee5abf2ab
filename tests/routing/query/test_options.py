"""From the words of a user to a query."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from landbridge.networks import PlaceError, QueryError
from landbridge.routing import Cargo
from landbridge.routing.query.moments import parse_moment
from landbridge.routing.query.options import conditions_from, query_from_options
from tests.support.tiny import link, place, tiny_network


@pytest.fixture
def drawn(tmp_path):
    return tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b-east"), link("kz-b-east -- kz-b-west"), link("kz-b-west -- de-z", passage=("suez",))],
        places=[
            place("cn-a", aliases=("甲",)),
            place("kz-b", kind="city"),
            place("kz-b-east", parent="kz-b"),
            place("kz-b-west", parent="kz-b"),
        ],
    )


def asked(drawn, ends, *, cargo=None, objective="time", **options):
    """Return the query of the options of a question."""
    return query_from_options(drawn, ends, conditions_from(drawn, **options), cargo=cargo, objective=objective)


def test_names_become_ids_and_a_city_that_is_avoided_its_terminals(drawn):
    query = asked(drawn, ("甲", "de-z"), via="B East", avoid=["B", "ru", "By"], modes="rail")
    conditions = query.conditions
    assert conditions.via == ("kz-b-east",)
    assert conditions.avoid_places == {"kz-b", "kz-b-east", "kz-b-west"}
    assert conditions.avoid_countries == {"RU", "BY"}
    assert conditions.modes == {"rail"}
    assert query.starts[0].place == "cn-a"


def test_parties_are_those_of_the_ends_unless_the_cargo_says_otherwise(drawn):
    assert (
        asked(drawn, ("cn-a", "de-z")).cargo.shipper_country,
        asked(drawn, ("cn-a", "de-z")).cargo.consignee_country,
    ) == (
        "CN",
        "DE",
    )
    own = asked(drawn, ("cn-a", "de-z"), cargo=Cargo(consignee_country="CH")).cargo
    assert (own.shipper_country, own.consignee_country) == ("CN", "CH")


@pytest.mark.parametrize(
    ("ends", "options", "error", "message"),
    [
        (("cn-a", "甲"), {}, QueryError, "are the same place"),
        (("cn-a", "0,0"), {}, QueryError, "a truck goes there directly"),
        (("cn-a", "nowhere"), {}, PlaceError, "nowhere"),
        (("cn-a", "de-z"), {"via": ["0,0"]}, QueryError, "via takes places"),
        (("cn-a", "de-z"), {"avoid": ["CN-DE"]}, QueryError, "no link makes the crossing CN-DE"),
        (("cn-a", "de-z"), {"avoid": ["XX"]}, QueryError, "XX"),
        (("cn-a", "de-z"), {"modes": []}, QueryError, "none is not among them"),
        (("cn-a", "de-z"), {"modes": ["air"]}, QueryError, "air is not among them"),
        (("cn-a", "de-z"), {"objective": "speed"}, QueryError, "objective is 'speed'"),
        (("cn-a", "de-z"), {"corridor": "silk"}, QueryError, "silk"),
        (("cn-a", "de-z"), {"depart": "tomorrow"}, QueryError, "depart is 'tomorrow'"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_searched(drawn, ends, options, error, message):
    with pytest.raises(error, match=message):
        asked(drawn, ends, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1)),  # noqa: DTZ001 - local
        ("2026-03-01T08:00", datetime(2026, 3, 1, 8)),  # noqa: DTZ001 - local
        ("2026-03-01 08:00", datetime(2026, 3, 1, 8)),  # noqa: DTZ001 - local
        ("2026-03-01T08:00 Asia/Almaty", datetime(2026, 3, 1, 8, tzinfo=ZoneInfo("Asia/Almaty"))),
        ("2026-03-01 08:00 Asia/Almaty", datetime(2026, 3, 1, 8, tzinfo=ZoneInfo("Asia/Almaty"))),
        (" 2026-03-01 Asia/Almaty ", datetime(2026, 3, 1, tzinfo=ZoneInfo("Asia/Almaty"))),
    ],
)
def test_a_moment_is_read_with_its_zone_or_left_local(text, expected):
    found = parse_moment(text, "depart")
    assert (found, found.tzinfo) == (expected, expected.tzinfo)


@pytest.mark.parametrize(
    "text", ["", " ", "2026", "2026-13-01", "2026-03-01T25:00", "2026-03-01 08:00 Mars/Base", "2026-03-01T08:00Z UTC"]
)
def test_a_moment_that_means_nothing_is_refused_by_name(text):
    with pytest.raises(QueryError, match="arrive_by"):
        parse_moment(text, "arrive_by")
