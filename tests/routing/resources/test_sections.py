"""Ways and sections on lines drawn as numbers: which way is ahead, and what stands side by side."""

import pytest

from landbridge.routing.resources.sections import ResourceUse, directions, name_of_move, parallel_sections, split_by_way


def section(start, end, east, north=0.0):
    """Return both ways of a section."""
    ends = frozenset((start, end))
    return [
        ResourceUse((0,), east, north, section=ends, ends=(start, end)),
        ResourceUse((1,), -east, -north, True, ends, (end, start)),
    ]


@pytest.mark.parametrize(
    ("east", "north", "name"),
    [(1, 0, "east"), (-1, 2.9, "west"), (1, 3.1, "north"), (-0.1, -1, "south"), (0, 0, "east")],
)
def test_moves_are_called_by_where_they_go(east, north, name):
    assert name_of_move(east, north) == name


def test_ahead_is_east_or_north_however_a_section_is_drawn():
    for sign in (1, -1):
        ahead, names, sections = directions(section("a", "b", sign * 2.0, sign * 1.0))
        assert names == ("east", "west")
        assert ahead == [sign > 0, sign < 0]
        assert list(sections.values()) == [("a", "b") if sign > 0 else ("b", "a")]
    assert directions(section("a", "b", 0.1, 5.0))[1] == ("north", "south")


def test_a_line_that_bends_keeps_its_way():
    # a - b runs east by 5; b - c turns back west by 1 and south by 3, and is still ahead.
    _, names, sections = directions(section("a", "b", 5.0) + section("b", "c", -1.0, -3.0))
    assert names == ("east", "west")
    assert sorted(sections.values()) == [("a", "b"), ("b", "c")]


def test_branches_at_less_than_half_a_right_angle_run_into_the_place_where_they_join():
    _, _, sections = directions(section("a", "c", 3.0, 1.0) + section("b", "c", 3.0, -1.0))
    assert sorted(sections.values()) == [("a", "c"), ("b", "c")]


def test_uses_that_move_nothing_go_by_what_is_before_and_after():
    ahead, names, sections = directions([ResourceUse((0,)), ResourceUse((1,), back=True)])
    assert (ahead, names, sections) == ([True, False], ("forward", "back"), {})


def test_operations_at_a_border_go_with_the_sections_of_their_resource():
    ahead, _, _ = directions([*section("a", "b", 2.0), ResourceUse((2,), 2.0), ResourceUse((3,), -2.0)])
    assert ahead == [True, False, True, False]


def named(found):
    return sorted(sorted("".join(sorted(item)) for item in group) for group in found)


def test_sections_in_turn_are_apart_and_those_side_by_side_together():
    ends = [("a", "b"), ("b", "c"), ("x", "b")]
    # a - b and x - b join at b, and b - c follows both.
    assert named(parallel_sections({frozenset(pair): pair for pair in ends})) == [["ab", "bx"], ["bc"]]


def test_a_section_beside_a_whole_line_stands_with_each_of_its_sections():
    ends = [("a", "b"), ("b", "c"), ("x", "y")]
    assert named(parallel_sections({frozenset(pair): pair for pair in ends})) == [["ab", "xy"], ["bc", "xy"]]


def test_what_is_shared_is_one_and_else_there_is_one_for_each_way_that_is_used():
    chosen = [(ResourceUse((1, 2)), True), (ResourceUse((3,)), False)]
    assert list(split_by_way(chosen, ("east", "west"), shared=True)) == [("both", (1, 2, 3))]
    assert list(split_by_way(chosen, ("east", "west"), shared=False)) == [("east", (1, 2)), ("west", (3,))]
    assert list(split_by_way(chosen[:1], ("east", "west"), shared=False)) == [("east", (1, 2))]
