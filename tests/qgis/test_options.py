"""Values of options become arguments of the program."""

import csv
import doctest

import pytest

from tests.support.qgis_plugin import plugin_module

options = plugin_module("options")
Option, OptionError = options.Option, options.OptionError

FROM = Option("FROM", "From", "place", needed=True)
TEU = Option("TEU", "Size", "number", "--teu", 2.0)
WAYS = Option("WAYS", "Ways", "integer", "-k", 1)
DEPART = Option("DEPART", "Day of departure", "date", "--depart")
TIME = Option("TIME", "Time of departure", "time")


def test_the_example_runs():
    assert doctest.testmod(options).failed == 0


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        (TEU, 2.0, []),
        (TEU, 0.5, ["--teu=0.5"]),
        (TEU, 1_234_567.0, ["--teu=1234567"]),
        (TEU, 0.1 + 0.2, ["--teu=0.3"]),
        (WAYS, 1, []),
        (WAYS, 3, ["-k", "3"]),
        (Option("A", "Avoid", "text", "--avoid"), " -x ", ["--avoid=-x"]),
        (Option("A", "Avoid", "text", "--avoid"), "  ", []),
        (Option("P", "Planned", "flag", "--planned"), True, ["--planned"]),
        (Option("P", "Planned", "flag", "--planned"), False, []),
        (Option("M", "Modes", "choices", "--modes"), ["rail", "sea"], ["--modes=rail,sea"]),
        (Option("M", "Modes", "choices", "--modes"), [], []),
        (FROM, "-33.9,151.2", ["--", "-33.9,151.2"]),
    ],
)
def test_an_argument_is_as_the_program_reads_it(option, value, expected):
    assert options.arguments([option], {option.name: value}) == expected


def test_arguments_without_a_name_come_last():
    given = {"FROM": "Xi'an", "TEU": 4.0}
    assert options.arguments([FROM, TEU], given) == ["--teu=4", "--", "Xi'an"]


def test_a_time_of_day_is_part_of_its_date():
    given = {"DEPART": "2026-08-15", "TIME": "08:00 Asia/Shanghai"}
    assert options.arguments([DEPART, TIME], given) == ["--depart=2026-08-15T08:00 Asia/Shanghai"]


def test_a_time_of_day_without_its_date_is_an_error():
    with pytest.raises(OptionError, match=r"Time of departure: give the date \(Day of departure\) too"):
        options.arguments([TEU, DEPART, TIME], {"TEU": 4.0, "TIME": "08:00"})


def test_what_is_needed_is_given_also_where_it_is_as_proposed():
    budgets = Option("WITHIN", "Budgets", "text", "--within", "5d", needed=True)
    assert options.arguments([budgets], {"WITHIN": "5d"}) == ["--within=5d"]


def test_what_is_needed_has_to_be_given():
    with pytest.raises(OptionError, match="From: give a value"):
        options.arguments([FROM], {"FROM": ""})


def test_a_point_on_the_map_is_latitude_and_longitude():
    assert options.place("From", "", (34.34, 108.94)) == "34.340000,108.940000"


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [("Xi'an", (34.3, 108.9), "not both"), (" ", None, "or a point on the map")],
)
def test_a_place_is_given_in_one_way(text, point, message):
    with pytest.raises(OptionError, match=message):
        options.place("From", text, point)


def test_one_of_several_is_given():
    choices = [Option("A", "A file", "file"), Option("B", "A layer", "points")]
    options.check_one_of(choices, {"A": "x.csv"})
    options.check_one_of([], {})
    for given in ({}, {"A": "x.csv", "B": "y"}):
        with pytest.raises(OptionError, match="Give one of these: A file; A layer"):
            options.check_one_of(choices, given)


def test_points_become_a_table_of_places(tmp_path):
    path = options.write_points(tmp_path / "places.csv", [(34.34, 108.94, 'Xi\'an, "old"'), (51.4, -6.8, "西安")])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["lat", "lon", "name"],
        ["34.340000", "108.940000", 'Xi\'an, "old"'],
        ["51.400000", "-6.800000", "西安"],
    ]
