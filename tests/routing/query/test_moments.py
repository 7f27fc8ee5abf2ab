"""Moments as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.query.moments import parse_departure, parse_moment


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1)),  # noqa: DTZ001 - local time at the origin
        ("2026-03-01T14:30", datetime(2026, 3, 1, 14, 30)),  # noqa: DTZ001
        ("2026-03-01T14:30+08:00", datetime.fromisoformat("2026-03-01T14:30+08:00")),
        (date(2026, 3, 1), datetime(2026, 3, 1)),  # noqa: DTZ001
        (datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 3, 1, 5, tzinfo=UTC)),
        (np.datetime64("2026-03-01"), datetime(2026, 3, 1)),  # noqa: DTZ001
        (np.datetime64("2026-03-01T14:30", "ns"), datetime(2026, 3, 1, 14, 30)),  # noqa: DTZ001
        (None, None),
    ],
)
def test_a_departure_is_a_text_a_date_or_a_moment(given, expected):
    assert parse_departure(given) == expected


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


def test_the_end_of_a_day_of_numpy_is_that_of_the_day():
    # 24:00 of 1 March is 0:00 of 2 March; a time of day stays as it is.
    end = datetime(2026, 3, 2)  # noqa: DTZ001
    assert parse_moment(np.datetime64("2026-03-01"), "arrive_by", end_of_day=True) == end
    assert parse_moment(np.datetime64("2026-03-02T00"), "arrive_by", end_of_day=True) == end
    with pytest.raises(QueryError, match="arrive_by is None"):
        parse_moment(np.datetime64("NaT", "D"), "arrive_by")


def test_an_unknown_zone_is_refused_with_the_three_most_like_it():
    with pytest.raises(QueryError, match=r"unknown time zone 'Europe/Berln'; give an IANA name such as ") as caught:
        parse_moment("2026-03-01 08:00 Europe/Berln", "depart")
    names = str(caught.value).rpartition("such as ")[2].split(", ")
    assert names[0] == "Europe/Berlin"
    assert len(names) == 3
