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


def test_each_departure_is_a_row_and_the_best_stands_below(week, capsys):
    print_profile(week, every=1)
    text = capsys.readouterr().out
    rows = rows_of(text)
    assert len(rows) == 7
    # The train of Friday noon; 2 h of haul and 2 h to unload: 16 h from Friday 0:00, 112 h from Monday 0:00.
    assert rows[0] == ["Mon 2026-03-02 00:00", "Fri 2026-03-06 16:00", "4.7", "4.7", "4.7-4.7", "other"]
    assert rows[4] == ["Fri 2026-03-06 00:00", "Fri 2026-03-06 16:00", "0.7", "0.7", "0.7-0.7", "other"]
    assert "best: departs Fri 2026-03-06 00:00 | Fri 2026-03-06 16:00" in text


def test_of_many_departures_some_are_shown(week, capsys):
    print_profile(week, every=3)
    assert [row[0][:3] for row in rows_of(capsys.readouterr().out)] == ["Mon", "Thu", "Sun"]


def test_a_departure_with_nothing_open_says_so(tmp_path, capsys):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", season_from="03-01", season_to="03-06")])
    print_profile(profile(network, "cn-a", "cn-b", first="2026-03-06", last="2026-03-07"), every=1)
    assert rows_of(capsys.readouterr().out)[1] == ["Sat 2026-03-07 00:00", "no route is open", "", "", "", ""]
