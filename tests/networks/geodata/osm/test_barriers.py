"""Gaps that stay open: something else than a line in use is known to be there."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import route
from tests.support.osm_building import build, links
from tests.support.osm_drawing import Map, km, straight


def gap(length_km=7, **between):
    """Draw 40 km of line from Alfa, a gap with what the tags say, and 40 km of line to Omega."""
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, start=40 + length_km)
    drawn.node("a0", km(0, 0), railway="station", name="Alfa")
    drawn.node("b8", km(80 + length_km, 0), railway="station", name="Omega")
    drawn.way(one).way(two)
    return drawn.way("a8 b0", **between) if between else drawn


def assert_open(built, why):
    """Check that no link crosses the gap, and that the report says why."""
    assert sum(links(built).values()) == pytest.approx(80, rel=1e-3)
    assert [why in row["why"] for row in built.report["gaps_left_open"]] == [True]
    assert built.report["welds"] == 0
    with pytest.raises(NoRouteError):
        route(built.network, "Alfa", "Omega")


def test_a_gap_of_which_nothing_is_known_is_closed(tmp_path):
    built = build(gap(), tmp_path)
    assert sum(links(built).values()) == pytest.approx(87, rel=1e-3)
    assert (built.report["gaps_left_open"], built.report["welds"]) == ([], 1)
    assert route(built.network, "Alfa", "Omega", modes=["rail"])


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"railway": "construction", "construction": "rail"}, "railway=construction (way 1003)"),
        ({"railway": "proposed"}, "railway=proposed (way 1003)"),
        ({"railway": "razed"}, "railway=razed (way 1003)"),
        ({"disused__railway": "rail", "highway": "cycleway"}, "disused:railway=rail (way 1003)"),
        ({"railway": "rail", "gauge": "unknown"}, "gauge unreadable (way 1003)"),
        ({"railway": "narrow_gauge", "gauge": "750"}, "gauge 750 (way 1003)"),
    ],
)
def test_no_gap_is_closed_over_what_the_map_says_is_shut(tmp_path, tags, why):
    assert_open(build(gap(**tags), tmp_path), why)


def test_a_shut_line_fills_a_gap_though_it_bends_and_is_in_two_parts(tmp_path):
    drawn = gap().node("c", km(43, 4)).node("d", km(46, 3))
    drawn.way("a8 c d", railway="abandoned").way("d b0", railway="abandoned")
    assert_open(build(drawn, tmp_path), "railway=abandoned (way 1003), railway=abandoned (way 1004)")


def test_a_shut_line_fills_a_gap_though_it_begins_200_m_from_the_ends(tmp_path):
    drawn = gap().node("c", km(40.2, 0)).node("d", km(46.8, 0)).way("c d", railway="construction")
    assert_open(build(drawn, tmp_path), "railway=construction (way 1003)")


def test_a_shut_line_fills_a_gap_though_only_its_middle_is_drawn(tmp_path):
    # 1.5 km of the gap before it and after it are not in the map.
    drawn = gap().node("c", km(41.5, 0)).node("d", km(45.5, 0)).way("c d", railway="construction")
    assert_open(build(drawn, tmp_path), "railway=construction (way 1003)")


@pytest.mark.parametrize(
    ("ends", "tags"),
    [
        # Across the gap at a right angle; a metro beside it; behind one end.
        ([(43, -5), (43, 5)], {"railway": "abandoned"}),
        ([(40, 0), (47, 0)], {"railway": "construction", "construction": "subway"}),
        ([(40, 0), (38, 5)], {"railway": "proposed"}),
    ],
)
def test_a_shut_line_elsewhere_keeps_no_gap_open(tmp_path, ends, tags):
    drawn = gap().node("c", km(*ends[0])).node("d", km(*ends[1])).way("c d", **tags)
    assert build(drawn, tmp_path).report["welds"] == 1


def test_two_track_ends_100_m_apart_are_not_one_place_over_a_bridge_under_construction(tmp_path):
    built = build(gap(0.1, railway="construction"), tmp_path)
    assert_open(built, "railway=construction (way 1003)")


@pytest.mark.parametrize(
    ("country", "shores"),
    [
        # Two straits of Turkey of 4 and 6 km, and that of Messina, 8 km.
        ("TR", [(28.60, 41.05), (28.976, 41.013), (29.018, 40.997), (29.30, 40.90)]),
        ("TR", [(26.10, 40.50), (26.38, 40.20), (26.42, 40.15), (26.70, 39.80)]),
        ("IT", [(15.30, 38.32), (15.56, 38.25), (15.65, 38.22), (15.95, 38.13)]),
    ],
)
def test_no_gap_is_closed_over_the_sea(tmp_path, country, shores):
    drawn = Map()
    for name, shore in zip(("Alfa", "West", "East", "Omega"), shores, strict=True):
        drawn.node(name, shore, railway="station", name=name)
    drawn.way("Alfa West", gauge="1435").way("East Omega", gauge="1435")
    built = build(drawn, tmp_path, country=country)
    assert {frozenset(ends[:2]) for ends in links(built)} == {
        frozenset({f"{country.lower()}-alfa", f"{country.lower()}-west"}),
        frozenset({f"{country.lower()}-east", f"{country.lower()}-omega"}),
    }
    assert ["of it are sea" in row["why"] for row in built.report["gaps_left_open"]] == [True]
    with pytest.raises(NoRouteError):
        route(built.network, "Alfa", "Omega")


def test_a_terminal_is_joined_to_no_road_across_a_strait(tmp_path):
    drawn = Map()
    drawn.node("a", (29.30, 40.90), railway="station", name="Omega").node("b", (29.018, 40.997))
    drawn.node("c", (28.976, 41.013)).node("d", (28.60, 41.05))
    drawn.way("a b", gauge="1435").way("c d", highway="trunk")
    built = build(drawn, tmp_path, country="TR", modes=("rail", "road"))
    assert sorted(row["mode"] for row in built.network.links) == ["rail", "road"]
    assert built.report["welds"] == 0


def crossing(tmp_path, *, tagged, divided=False):
    """Build two lines of 40 km that share a node at the middle of both."""
    drawn = Map()
    for name, place in {"w": (0, 0), "e": (40, 0), "s": (20, -20), "n": (20, 20)}.items():
        drawn.node(name, km(*place), railway="station", name=name.upper())
    drawn.node("x", km(20, 0), **({"railway": "railway_crossing"} if tagged else {}))
    for line in ("w x", "x e", "n x", "x s") if divided else ("w x e", "s x n"):
        drawn.way(line)
    return build(drawn, tmp_path)


@pytest.mark.parametrize("divided", [False, True])
def test_tracks_that_cross_on_the_level_without_a_switch_do_not_connect(tmp_path, divided):
    built = crossing(tmp_path, tagged=True, divided=divided)
    assert {key[:2] for key in links(built)} == {("az-e", "az-w"), ("az-n", "az-s")}
    assert route(built.network, "W", "E", modes=["rail"])[0].distance_km == pytest.approx(40, rel=1e-2)
    with pytest.raises(NoRouteError):
        route(built.network, "W", "N")
    assert built.report["welds"] == 0


def test_tracks_that_share_a_node_connect_otherwise(tmp_path):
    built = crossing(tmp_path, tagged=False)
    assert route(built.network, "W", "N", modes=["rail"])[0].distance_km == pytest.approx(40, rel=1e-2)
