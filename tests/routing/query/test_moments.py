"""Moments as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing.query.moments import localised, parse_departure, parse_moment


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
    "text",
    [
        "",
        " ",
        "2026",
        "2026-11",
        "2026-W45",
        "2026W451",
        "2026-W45-1T08:00",
        "2026-306",
        "2026-13-01",
        "2026-03-01T25:00",
        "2026-03-01 08:00 Mars/Base",
        "2026-03-01T08:00Z UTC",
    ],
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


@pytest.mark.parametrize("text", ["2026", "2026-11"])
def test_a_year_or_month_of_numpy_is_no_day(text):
    with pytest.raises(QueryError, match=f"^depart is '{text}' and must be a day or time; give one of its days$"):
        parse_moment(np.datetime64(text), "depart")
    with pytest.raises(QueryError, match="must be a day or time"):
        parse_moment(np.datetime64("2026-11-02", "W"), "depart")


@pytest.mark.parametrize(
    "given",
    [
        "2026-03-29T02:30 Europe/Berlin",
        datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(given):
    cure = "give 03:30 or another time"
    with pytest.raises(
        QueryError, match=f"^depart is 2026-03-29 02:30, which the clocks of Europe/Berlin skip; {cure}$"
    ):
        parse_moment(given, "depart")
    with pytest.raises(QueryError, match="depart is 2026-03-29 02:30, which the clocks"):
        localised(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin"), "depart")  # noqa: DTZ001 - local


def test_a_day_whose_midnight_the_clocks_skip_and_a_repeated_hour_are_taken():
    cairo, berlin = ZoneInfo("Africa/Cairo"), ZoneInfo("Europe/Berlin")
    assert parse_moment("2026-04-24 Africa/Cairo", "depart") == datetime(2026, 4, 24, tzinfo=cairo)
    assert localised(datetime(2026, 4, 24), cairo, "depart") == datetime(2026, 4, 24, tzinfo=cairo)  # noqa: DTZ001
    for hour, minute in ((1, 59), (2, 30), (3, 0)):
        text = f"2026-10-25T{hour:02}:{minute:02} Europe/Berlin"
        assert parse_moment(text, "depart") == datetime(2026, 10, 25, hour, minute, tzinfo=berlin)


def test_an_unknown_zone_is_refused_with_the_three_most_like_it():
    with pytest.raises(QueryError, match=r"unknown time zone 'Europe/Berln'; give an IANA name such as ") as caught:
        parse_moment("2026-03-01 08:00 Europe/Berln", "depart")
    names = str(caught.value).rpartition("such as ")[2].split(", ")
    assert names[0] == "Europe/Berlin"
    assert len(names) == 3
