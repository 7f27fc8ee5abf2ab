"""The line on demand that is not carried."""

from landbridge.routing.cli.tables.not_carried import not_carried_line


def test_flows_are_added_up_by_their_modes_the_largest_first():
    rows = [("small", "", 1.0), ("big", "rail;ferry", 4.0), ("big", "rail;ferry", 5.0), ("none", "rail", 0.0)]
    line = not_carried_line(rows, 30_000.0)
    assert line.startswith(
        "Not carried, 30,000 USD per TEU: big 9.0 TEU a day (only rail;ferry), small 1.0 TEU a day (any mode). "
    )
    assert "set `modes` of the table demand, as northern-closed does" in line
    assert line.endswith("Another penalty: --unserved.")


def test_modes_are_no_cure_where_any_is_admitted():
    assert "modes" not in not_carried_line([("big", "", 9.0)], None)


def test_more_flows_than_are_named_are_counted():
    line = not_carried_line([(f"f{number}", "", 10.0 - number) for number in range(5)], 1.0)
    assert "f2 8.0 TEU a day (any mode), and 2 more." in line


def test_nothing_is_said_where_all_is_carried():
    assert not_carried_line([("big", "rail", 0.0)], 1.0) == ""


def test_where_the_search_was_stopped_modes_and_penalty_are_no_cure():
    assert not_carried_line([("big", "rail", 9.0)], 1.0, stopped=True) == (
        "Not carried, 1 USD per TEU: big 9.0 TEU a day (only rail). The search was stopped early: with more time or"
        " memory more may be carried."
    )
