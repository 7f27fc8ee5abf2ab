"""Ferries: published times by length, and no change of ship at sea."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import route
from tests.support.osm_building import build
from tests.support.osm_drawing import Map, km

QUAYS = {"w": (0, 0), "e": (80, 0), "s": (10, -60), "n": (70, 60)}


def quays(*used):
    """Draw quays with a station and 10 km of line behind each, and the sea node x in their midst."""
    drawn = Map().node("x", km(40, 0))
    for name in used or QUAYS:
        east, north = QUAYS[name]
        drawn.node(name, km(east, north), amenity="ferry_terminal", name=f"Quay {name}")
        drawn.node(f"{name}0", km(east, north + 0.3), railway="station", name=f"Town {name}")
        drawn.node(f"{name}1", km(east + 10, north + 0.3)).way(f"{name}0 {name}1")
    return drawn


def ferry(drawn, names, duration=None, **tags):
    """Draw a ferry for trucks, with a duration if there is one."""
    return drawn.way(names, **({"duration": duration} if duration else {}), route="ferry", hgv="yes", **tags)


def ferries(drawn, tmp_path):
    """Build a network, and return it with the hours of its ferries by their ends."""
    built = build(drawn, tmp_path, modes=("rail", "ferry"), country="KZ")
    rows = [row for row in built.network.links if row["mode"] == "ferry"]
    return built, {(row["from"][-1], row["to"][-1]): row["mean_h"] for row in rows}


@pytest.mark.parametrize(("text", "hours"), [("150", 2.5), ("PT2H30M", 2.5), ("2 h 15 min", 2.25)])
def test_the_time_of_a_ferry_is_its_duration(tmp_path, text, hours):
    built, found = ferries(ferry(quays("w", "e"), "w x e", text), tmp_path)
    assert found == {("e", "w"): hours}
    assert built.report["unread_tags"] == []


def test_parts_of_a_crossing_add_up(tmp_path):
    drawn = ferry(ferry(quays("w", "e"), "w x", "01:30"), "x e", "PT80M")
    assert ferries(drawn, tmp_path)[1] == {("e", "w"): pytest.approx(1.5 + 80 / 60, abs=1e-3)}


def test_a_part_without_a_duration_takes_as_long_by_length_and_is_derived(tmp_path):
    drawn = quays("w", "e").node("y", km(60, 0))
    built, found = ferries(ferry(ferry(drawn, "w x y", "03:00"), "y e"), tmp_path)
    # 60 of 80 km take 3 hours.
    assert found == {("e", "w"): pytest.approx(4, rel=1e-3)}
    assert {row["time_confidence"] for row in built.network.links if row["mode"] == "ferry"} == {"derived"}


def test_a_time_for_less_than_half_of_a_crossing_is_not_that_of_the_crossing(tmp_path):
    drawn = quays("w", "e").node("y", km(60, 0))
    assert ferries(ferry(ferry(drawn, "w x y"), "y e", "01:00"), tmp_path)[1] == {("e", "w"): None}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("00:01", "ignored: 80.0 km in 0.02 h is not the speed of a ferry"),
        ("1:00", "ignored: 80.0 km in 1.00 h is not the speed of a ferry"),
        ("48:00", "ignored: 80.0 km in 48.00 h is not the speed of a ferry"),
        ("2-3 hours", "ignored: not minutes, hours:minutes or ISO 8601"),
    ],
)
def test_a_duration_that_is_no_time_of_a_ferry_is_reported_and_not_used(tmp_path, text, why):
    built, found = ferries(ferry(quays("w", "e"), "w x e", text), tmp_path)
    assert found == {("e", "w"): None}
    assert built.report["unread_tags"] == [{"way": 1003, "key": "duration", "value": text, "treatment": why}]


def test_the_duration_of_a_way_that_the_extract_cuts_is_not_used(tmp_path):
    drawn = ferry(quays("w", "e").node("far", km(200, 0)), "w x e far", "10:00")
    elements = [item for item in drawn.elements() if item["id"] != drawn.nodes["far"][0]]
    drawn.elements = lambda: elements
    built, found = ferries(drawn, tmp_path)
    assert found == {("e", "w"): None}
    assert [row["treatment"] for row in built.report["unread_tags"]] == ["ignored: the extract cuts the way"]


# ---- ferries that cross


def test_ferries_that_cross_keep_their_times_and_cargo_does_not_change_ship_at_sea(tmp_path):
    drawn = ferry(ferry(quays(), "w x e", "03:00"), "s x n", "05:00")
    built, found = ferries(drawn, tmp_path)
    assert found == {("e", "w"): 3, ("n", "s"): 5}
    assert route(built.network, "Town w", "Town e")[0].transshipments == 0
    with pytest.raises(NoRouteError):
        route(built.network, "Town w", "Town n")


def test_a_way_that_joins_another_at_sea_goes_on_ahead_and_shares_its_time_by_length(tmp_path):
    # From s a ferry joins the one from w to e in the middle, and goes on to e: it would turn back towards w.
    drawn = quays("w", "e", "s")
    drawn.nodes["s"] = (drawn.nodes["s"][0], *km(10, -30))
    drawn.nodes["s0"], drawn.nodes["s1"] = (
        (drawn.nodes[name][0], *km(east, -30.3)) for name, east in (("s0", 10), ("s1", 0))
    )
    built, found = ferries(ferry(ferry(drawn, "w x e", "04:00"), "s x", "02:30"), tmp_path)
    # 2.5 hours to the middle and half of the 4 hours on.
    assert found == {("e", "w"): 4, ("e", "s"): pytest.approx(4.5, abs=0.01)}
    with pytest.raises(NoRouteError):
        route(built.network, "Town w", "Town s", modes=["ferry"], avoid=["kz-town-e"])


def test_a_way_cut_at_sea_where_another_crosses_goes_straight_on(tmp_path):
    drawn = ferry(ferry(ferry(quays(), "w x", "01:00"), "x e", "02:00"), "s x n", "05:00")
    assert ferries(drawn, tmp_path)[1] == {("e", "w"): pytest.approx(3, abs=0.01), ("n", "s"): 5}


def test_ferries_from_one_quay_that_the_map_does_not_name_end_there(tmp_path):
    drawn = quays("e", "n").node("q", km(0, 20))
    drawn.node("q0", km(0, 20.3), railway="station", name="Town q").node("q1", km(-10, 20.3)).way("q0 q1")
    assert ferries(ferry(ferry(drawn, "q e", "03:00"), "q n", "02:00"), tmp_path)[1] == {
        ("e", "q"): 3,
        ("n", "q"): 2,
    }


# ---- relations


def test_a_ferry_that_is_a_relation_is_read_and_its_duration_divided_by_length(tmp_path):
    drawn = ferry(ferry(quays("w", "e"), "w x"), "x e")
    for _, _, tags in drawn.ways[2:]:
        tags.clear()
    drawn.relation([2, 3], type="route", route="ferry", duration="05:00", hgv="yes", name="East ferry")
    built, found = ferries(drawn, tmp_path)
    assert found == {("e", "w"): pytest.approx(5, abs=1e-3)}
    assert built.report["skipped"] == {}


def test_the_tags_of_a_way_come_before_those_of_its_relation(tmp_path):
    drawn = ferry(ferry(quays("w", "e"), "w x", "01:00"), "x e")
    drawn.relation([2, 3], type="route", route="ferry", duration="02:00")
    # The second part alone has the time of the relation.
    assert ferries(drawn, tmp_path)[1] == {("e", "w"): pytest.approx(3, abs=1e-3)}


def test_a_ferry_closed_to_trucks_by_its_relation_is_not_used(tmp_path):
    drawn = ferry(quays("w", "e"), "w x e")
    drawn.ways[-1][2].pop("hgv")
    drawn.relation([2], type="route", route="ferry", hgv="no")
    assert ferries(drawn, tmp_path)[1] == {}
