"""The table of departures over a period."""

import pytest

from landbridge.networks import read_network
from landbridge.routing import profile
from landbridge.routing.cli.tables.profile import print_profile
from tests.support.printed import rows_of
from tests.support.tiny import link, tiny_network


@pytest.fixture
def week(ways):
    return profile(read_network(ways), "cn-b", "cn-c", first="2026-03-02", last="2026-03-08")


def test_each_departure_is_a_row_and_the_best_and_worst_stand_below(week, capsys):
    print_profile(week, every_departure=True)
    text = capsys.readouterr().out
    rows = rows_of(text)
    assert len(rows) == 7 + 6
    assert "cn-b to cn-c: 7 departures" in text
    # The train of Friday noon; 2 h of haul and 2 h to unload: 16 h from Friday 0:00, 112 h from Monday 0:00.
    assert rows[0] == ["Mon 2026-03-02 00:00", "Fri 2026-03-06 16:00", "4.7", "4.7", "4.7-4.7", "other"]
    assert rows[4] == ["Fri 2026-03-06 00:00", "Fri 2026-03-06 16:00", "0.7", "0.7", "0.7-0.7", "other"]
    # Later by a day is shorter by one: Friday, Thursday, Wednesday; after Friday it is a week less the days since.
    assert [row[:2] for row in rows[7:]] == [
        ["best", "Fri 2026-03-06 00:00"],
        ["", "Thu 2026-03-05 00:00"],
        ["", "Wed 2026-03-04 00:00"],
        ["worst", "Sat 2026-03-07 00:00"],
        ["", "Sun 2026-03-08 00:00"],
        ["", "Mon 2026-03-02 00:00"],
    ]


def test_months_are_rows_with_their_mean_best_and_worst(ways, capsys):
    found = profile(read_network(ways), "cn-b", "cn-c", first="2026-02-27", last="2026-03-02")
    print_profile(found, every_departure=False)
    rows = rows_of(capsys.readouterr().out)
    # Friday, Saturday: 16 and 160 h, 3.7 days on average; Sunday and Monday: 136 and 112 h.
    assert rows[:2] == [
        ["2026-02", "2", "", "3.7", "0.7", "6.7", "other"],
        ["2026-03", "2", "", "5.2", "4.7", "5.7", "other"],
    ]
    assert [row[:2] for row in rows[2:]] == [
        ["best", "Fri 2026-02-27 00:00"],
        ["", "Mon 2026-03-02 00:00"],
        ["", "Sun 2026-03-01 00:00"],
        ["worst", "Sat 2026-02-28 00:00"],
    ]


def test_a_month_without_a_route_has_no_times(tmp_path, capsys):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", season_from="03-01", season_to="03-06")])
    print_profile(profile(network, "cn-a", "cn-b", first="2026-03-06", last="2026-04-06"), every_departure=False)
    rows = rows_of(capsys.readouterr().out)
    # Of 26 departures of March and 6 of April only the first has a route: 1 h, 2 and 2 are 0.2 days.
    assert rows[0][:4] == ["2026-03", "26", "25", "0.2"]
    assert rows[1] == ["2026-04", "6", "6", "", "", "", ""]


def test_a_departure_with_nothing_open_says_so(tmp_path, capsys):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", season_from="03-01", season_to="03-06")])
    print_profile(profile(network, "cn-a", "cn-b", first="2026-03-06", last="2026-03-07"), every_departure=True)
    assert rows_of(capsys.readouterr().out)[1] == ["Sat 2026-03-07 00:00", "no route is open", "", "", "", ""]
