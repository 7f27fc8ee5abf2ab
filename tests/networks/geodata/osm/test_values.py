"""Values of tags: all forms that the map's handbook knows are read, nothing is guessed."""

import pytest

from landbridge.networks.geodata.osm.values import gauges_of, hours_of, is_ferry_speed, unread_gauge
from tests.support.osm_building import assert_gauge_changes_only_in_operations, build, links
from tests.support.osm_drawing import Map, straight


@pytest.mark.parametrize(
    ("text", "gauges"),
    [
        ("1520", (1520,)),
        ("1524", (1520,)),
        ("1435;1520", (1435, 1520)),
        ("1435, 1520", (1435, 1520)),
        ("1520/1435", (1435, 1520)),
        ("1435 | 1520 mm", (1435, 1520)),
        ("1520mm", (1520,)),
        ("1520;unknown", (1520,)),
        ("broad", None),
        ("4 ft 8 1/2 in", None),
        ("1435-1520", None),
        ("", None),
    ],
)
def test_gauges_are_read_in_many_forms_and_never_guessed(text, gauges):
    assert gauges_of({"gauge": text}) == gauges


@pytest.mark.parametrize(
    ("text", "treatment"),
    [
        ("1435;1520", None),
        ("1520", None),
        ("1435/1520", "read as 1435;1520"),
        ("1520 mm", "read as 1520"),
        ("wide", "the way is left out"),
    ],
)
def test_a_gauge_of_another_form_is_reported_by_way_and_value(text, treatment):
    found = unread_gauge(7, {"gauge": text})
    assert (found and (found.way, found.key, found.value, found.treatment)) == (
        treatment and (7, "gauge", text, treatment)
    )


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("150", 2.5),
        ("2:30", 2.5),
        ("02:30", 2.5),
        ("02:30:36", 2.51),
        ("100:00", 100),
        ("PT2H30M", 2.5),
        ("P1DT6H", 30),
        ("pt45m", 0.75),
        ("2 h 30 min", 2.5),
        ("1.5 hours", 1.5),
        ("45 minutes", 0.75),
        ("2 days", 48),
        ("00:00", None),
        ("0", None),
        ("-5", None),
        ("02:75", None),
        ("1:5", None),
        ("01:00-01:30", None),
        ("P", None),
        ("", None),
    ],
)
def test_durations_are_read_in_all_forms_of_the_handbook(text, hours):
    assert hours_of(text) == (pytest.approx(hours) if hours else None)


@pytest.mark.parametrize(
    ("km", "hours", "plausible"),
    [(75, 1, True), (76, 1, False), (87, 1 / 60, False), (30, 10, True), (30, 10.1, False), (0.3, 0.3, True)],
)
def test_a_ferry_sails_at_3_to_75_km_an_hour(km, hours, plausible):
    assert is_ferry_speed(km, hours) is plausible


def two_lines(tmp_path, gauge):
    """Build 20 km of a gauge and 20 km of 1520 mm that meet at Mid."""
    drawn = Map()
    names = straight(drawn, "p", 40).split()
    for number, name in ((0, "Alfa"), (4, "Mid"), (8, "Omega")):
        drawn.nodes[f"p{number}"], drawn.tags[f"p{number}"] = (
            drawn.nodes[f"p{number}"],
            {"railway": "station", "name": name},
        )
    return build(drawn.way(" ".join(names[:5]), gauge=gauge).way(" ".join(names[4:])), tmp_path)


@pytest.mark.parametrize(
    ("gauge", "found"),
    [("1435/1520", [1435, 1520, 1520]), ("1435 mm", [1435, 1520]), ("1000|1435", [1000, 1435, 1520])],
)
def test_a_gauge_break_does_not_vanish_because_of_how_the_gauge_is_written(tmp_path, gauge, found):
    built = two_lines(tmp_path, gauge)
    assert sorted(own for *_, own in links(built)) == found
    assert [(row["way"], row["value"]) for row in built.report["unread_tags"]] == [(1001, gauge)]
    assert_gauge_changes_only_in_operations(built.network)


def test_a_track_without_a_gauge_takes_none_from_a_neighbour_that_cannot_be_read(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 40).split()
    drawn.way(" ".join(names[:5]), gauge="wide").way(" ".join(names[4:]), railway="rail")
    # That of the country, Azerbaijan.
    assert [own for *_, own in links(build(drawn, tmp_path))] == [1520]


def test_a_track_whose_gauge_cannot_be_read_is_left_out_and_takes_no_neighbours_gauge(tmp_path):
    built = two_lines(tmp_path, "wide")
    assert [own for *_, own in links(built)] == [1520]
    assert built.report["left_out_km"]["gauge unreadable"] == pytest.approx(20, rel=1e-3)
    assert built.report["unread_tags"] == [
        {"way": 1001, "key": "gauge", "value": "wide", "treatment": "the way is left out"}
    ]
