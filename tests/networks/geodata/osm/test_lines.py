"""Lines between junctions: none of their km is lost when they become one."""

import pytest

from landbridge.networks.geodata.osm.lines import Line, Lines, chains, connected, neighbours
from tests.support.osm_building import build, links
from tests.support.osm_drawing import Map, km, straight


def double_track(drawn):
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, north=0.05)
    drawn.way(one).way(two).way("a4 b4", service="crossover")
    return one, two


def test_a_double_track_is_one_link_with_the_second_track_beside_it(tmp_path):
    drawn = Map()
    double_track(drawn)
    drawn.node("west", km(-5, 0)).node("east", km(45, 0)).way("west a0").way("west b0").way("east a8").way("east b8")
    drawn.node("x", km(-10, 0)).node("y", km(50, 0)).way("x west").way("east y")
    built = build(drawn, tmp_path)
    assert list(links(built).values()) == pytest.approx([60], rel=1e-3)
    assert built.report["lengths"]["rail 1520"]["beside_km"] == pytest.approx(50, rel=1e-2)


def test_a_double_track_that_an_extract_cuts_off_ends_in_one_place(tmp_path):
    drawn = Map()
    double_track(drawn)
    built = build(drawn, tmp_path)
    assert sum(links(built).values()) == pytest.approx(40, rel=1e-2)
    assert len(built.network.places) <= 3


def line(*nodes, km=10.0, service=False, way=1):
    return Line(list(nodes), km, {way: km}, service=service)


def test_steps_become_lines_between_ends_junctions_and_kept_nodes():
    # 0 - 1 - 2 - 3 with a branch 2 - 4, and node 1 kept; the step to 4 is a siding.
    steps = [(0, 1, 1.0, 7), (1, 2, 2.0, 7), (2, 3, 4.0, 8), (2, 4, 0.5, 9)]
    found = {tuple(item.nodes): (item.km, item.service) for item in chains(steps, {1}, lambda way: way == 9)}
    assert found == {(0, 1): (1, False), (1, 2): (2, False), (2, 3): (4, False), (2, 4): (0.5, True)}


def test_a_line_runs_through_where_nothing_ends_and_keeps_what_it_is_made_of():
    (found,) = chains([(0, 1, 1.0, 7), (1, 2, 2.0, 7), (2, 3, 4.0, 8)], set(), lambda _: False)
    assert (found.nodes, found.km, found.ways) == ([0, 1, 2, 3], 7, {7: 3, 8: 4})


def test_a_circle_without_a_junction_is_a_line_too():
    (found,) = chains([(0, 1, 1.0, 7), (1, 2, 1.0, 7), (2, 0, 1.0, 7)], set(), lambda _: False)
    assert (found.ends, found.km) == ((0, 0), 3)


def test_lines_that_meet_two_by_two_are_one_but_at_kept_nodes():
    lines = Lines([line(0, 1), line(1, 2, km=5.0, way=2), line(2, 3)])
    lines.simplify({2})
    assert sorted((item.nodes, item.km) for item in lines) == [([0, 1, 2], 15), ([2, 3], 10)]
    assert lines.total_km == 25


def test_parallel_lines_are_one_with_the_others_beside_it():
    lines = Lines([line(0, 1, km=10.0), line(0, 5, 1, km=11.0)])
    lines.simplify({0, 1})
    (found,) = lines
    assert (found.km, found.side_km, found.tracks, lines.total_km) == (10, 11, 2, 21)


def test_a_long_way_round_is_a_way_of_its_own():
    # 40 km is more than 1.5 times 10 km and 2: it is cut at its middle node, which stays.
    lines, keep = Lines([line(0, 1, km=10.0), line(0, 5, 6, 7, 1, km=40.0)]), {0, 1}
    lines.simplify(keep)
    assert sorted((item.nodes, item.km) for item in lines) == [([0, 1], 10), ([0, 5, 6], 20), ([6, 7, 1], 20)]
    assert keep == {0, 1, 6}


@pytest.mark.parametrize(("km", "lines_left", "yard_km"), [(4.0, 0, 4.0), (6.0, 2, 0.0)])
def test_a_loop_is_a_track_of_its_place_or_two_lines_if_it_is_long(km, lines_left, yard_km):
    lines = Lines([line(0, 1, 2, 0, km=km)])
    assert (len(list(lines)), lines.yard_km[0], lines.total_km) == (lines_left, yard_km, km)


def test_lines_are_grouped_by_what_hangs_together():
    one, two, apart = line(0, 1), line(1, 2), line(8, 9)
    assert sorted(map(len, connected([one, two, apart]))) == [1, 2]
    near = neighbours([one, two])
    assert sorted(node for node, _ in near[1]) == [0, 2]
