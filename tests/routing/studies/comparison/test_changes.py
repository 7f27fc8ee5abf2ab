"""Figures before and after as columns of one record."""

from landbridge.routing.studies.comparison.changes import changed, keys_of_both, largest_first


def test_a_figure_that_a_side_lacks_has_no_change():
    assert changed({"x": None, "y": 2.0}, {"x": 5.0, "y": 0.5}) == {
        "x_before": None,
        "x_after": 5.0,
        "x_change": None,
        "y_before": 2.0,
        "y_after": 0.5,
        "y_change": -1.5,
    }


def test_keys_of_both_sides_are_there_once_in_order():
    assert keys_of_both(["b", "a"], ["c", "a"]) == ["b", "a", "c"]


def test_the_largest_change_is_first_whatever_its_sign_and_then_the_name():
    rows = [{"id": "b", "x": None}, {"id": "c", "x": 2.0}, {"id": "a", "x": 0.0}, {"id": "d", "x": -3.0}]
    assert [row["id"] for row in largest_first(rows, "x", "id")] == ["d", "c", "a", "b"]
