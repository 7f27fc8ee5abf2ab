"""Departures over a period."""

import csv
import io
from datetime import time
from math import isnan

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import profile, route
from tests.support.tiny import link, service, tiny_network


def weekly(folder, **cells):
    own = service("own", wait_kind="timetable", days=("fri",), departures=(time(12),), **cells)
    return tiny_network(folder, links=[link("cn-a -- cn-b", service="own")], services=[own])


def test_the_time_of_each_departure_falls_by_a_day_until_the_train_has_left(tmp_path):
    found = profile(weekly(tmp_path), "cn-a", "cn-b", first="2026-03-02", last="2026-03-08")
    # Mondays at 0:00 the train of Friday noon is 108 h away, and 4 h from there.
    assert [item.itinerary.time_mean_h for item in found.departures] == [112, 88, 64, 40, 16, 160, 136]
    assert [item.depart.isoformat() for item in found.departures[:2]] == [
        "2026-03-02T00:00:00+08:00",
        "2026-03-03T00:00:00+08:00",
    ]
    assert found.best is found.departures[4]


def test_each_departure_is_the_answer_of_route_also_over_the_end_of_the_year(network):
    ends = ("Altynkol", "Baku")
    found = profile(network, *ends, first="2026-12-20T06:00", last="2027-01-20T06:00", step_days=10)
    assert len(found.departures) == 4
    for item in found.departures:
        alone = route(network, *ends, depart=item.depart)[0]
        assert item.itinerary.itinerary_id == alone.itinerary_id
        assert item.itinerary.arrives == alone.arrives


def test_days_are_local_days_over_a_change_of_the_clocks(tmp_path):
    network = tiny_network(tmp_path, links=[link("de-a -- de-b")])
    found = profile(network, "de-a", "de-b", first="2026-03-28T09:00", last="2026-03-30T09:00")
    assert [item.depart.isoformat() for item in found.departures] == [
        "2026-03-28T09:00:00+01:00",
        "2026-03-29T09:00:00+02:00",
        "2026-03-30T09:00:00+02:00",
    ]


def test_a_day_is_local_at_the_origin_whatever_the_zone_of_the_other(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    # Midnight in Berlin is 7:00 in China, so that one day fits.
    found = profile(network, "cn-a", "cn-b", first="2026-03-28", last="2026-03-29T00:00 Europe/Berlin")
    assert [item.depart.isoformat() for item in found.departures] == [
        "2026-03-28T00:00:00+08:00",
        "2026-03-29T00:00:00+08:00",
    ]
    found = profile(network, "cn-a", "cn-b", first="2026-03-28T00:00 Europe/Berlin", last="2026-03-29")
    assert [item.depart.isoformat() for item in found.departures] == ["2026-03-28T07:00:00+08:00"]


def test_a_day_on_which_the_clocks_skip_the_hour_leaves_later_unless_it_is_the_first(tmp_path):
    network = tiny_network(tmp_path, links=[link("de-a -- de-b")])
    found = profile(network, "de-a", "de-b", first="2026-03-28T02:30", last="2026-03-30T02:30")
    assert [item.depart.isoformat() for item in found.departures] == [
        "2026-03-28T02:30:00+01:00",
        "2026-03-29T03:30:00+02:00",
        "2026-03-30T02:30:00+02:00",
    ]
    with pytest.raises(QueryError, match="first is 2026-03-29 02:30, which the clocks of Europe/Berlin skip"):
        profile(network, "de-a", "de-b", first="2026-03-29T02:30", last="2026-03-30")


def test_a_departure_without_an_answer_is_there_with_its_offset(tmp_path):
    network = weekly(tmp_path, season_from="03-01", season_to="03-06")
    found = profile(network, "cn-a", "cn-b", first="2026-03-06", last="2026-03-07")
    assert [item.itinerary is None for item in found.departures] == [False, True]
    assert found.to_dict()["departures"][1] == {
        "depart": "2026-03-07T00:00+08:00",
        "arrive": None,
        "corridor": None,
    }
    written = found.to_csv(tmp_path / "profile.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["time_mean_h"] for row in rows] == ["16.0", ""]
    assert repr(found) == "<Profile cn-a to cn-b: 2 departures from 2026-03-06 to 2026-03-07, 0.7 to 0.7 days>"


@pytest.mark.parametrize(
    ("first", "last", "step", "message"),
    [
        ("2026-03-02", "2026-03-01", 1, "before"),
        ("2026-01-01", "2030-01-01", 1, "1462 departures and there must be from 1 to 1100"),
        ("2000-01-01", "2100-12-31", 1, "must be from 1 to 1100"),
        ("2026-01-01", "2426-01-01", 1, "last is 2426-01-01 and must be from 2000 to 2100"),
        ("1900-01-01", "2026-01-01", 1, "first is 1900-01-01"),
        ("2026-01-01", "2026-02-01", 0, "step_days is 0"),
        ("2026-01-01", "2026-02-01", -7, "step_days is -7"),
        ("soon", "2026-02-01", 1, "first is 'soon'"),
        (
            "2026-02-01T10:00",
            "2026-02-01",
            1,
            "last is 2026-02-01 and must not be before first, 2026-02-01 10:00",
        ),
    ],
)
def test_a_period_that_means_nothing_or_too_much_is_refused(tmp_path, first, last, step, message):
    with pytest.raises(QueryError, match=message):
        profile(weekly(tmp_path), "cn-a", "cn-b", first=first, last=last, step_days=step)


def test_a_period_of_a_hundred_years_by_long_steps_is_answered(tmp_path):
    found = profile(weekly(tmp_path), "cn-a", "cn-b", first="2000-01-01", last="2099-12-31", step_days=3650)
    assert len(found.departures) == 11
    assert all(item.itinerary for item in found.departures)


def test_a_profile_has_no_depart(tmp_path):
    with pytest.raises(TypeError, match="depart"):
        profile(weekly(tmp_path), "cn-a", "cn-b", first="2026-03-02", last="2026-03-03", depart="2026-03-02")


def test_a_period_without_an_answer_names_what_blocks(tmp_path):
    network = weekly(tmp_path, season_from="07-01", season_to="08-31")
    with pytest.raises(NoRouteError, match="the season of own"):
        profile(network, "cn-a", "cn-b", first="2026-03-02", last="2026-03-04")


def test_the_chart_is_a_picture(tmp_path):
    pytest.importorskip("matplotlib")
    found = profile(weekly(tmp_path), "cn-a", "cn-b", first="2026-03-02", last="2026-03-08")
    assert found.chart(tmp_path / "year.png").read_bytes().startswith(b"\x89PNG")


def test_a_departure_without_an_answer_is_a_gap_of_the_chart(tmp_path):
    pytest.importorskip("matplotlib")
    network = weekly(tmp_path, season_from="03-01", season_to="03-06")
    figure = profile(network, "cn-a", "cn-b", first="2026-03-05", last="2026-03-07").plot()
    days = figure.axes[0].lines[0].get_ydata()
    assert [round(24 * day) for day in days[:2]] == [40, 16]
    assert isnan(days[2])


def test_where_trucks_alone_lead_there_each_departure_goes_by_truck_and_says_so(tmp_path):
    """As in `route`."""
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", "road", length_km=900)])
    found = profile(network, "cn-a", "cn-b", first="2026-03-02", last="2026-03-03")
    text = "trucks take this block cargo over 900 km, because no train or ship leads there all the way"
    assert [[note["text"] for note in row["notes"]] for row in found.to_dict()["departures"]] == [[text], [text]]
    assert found.to_frame()["notes"].tolist() == [text, text]
    best = route(network, "cn-a", "cn-b", depart="2026-03-02")[0]
    assert found.departures[0].itinerary.time_mean_h == best.time_mean_h
