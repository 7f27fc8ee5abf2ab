"""The chart of a plan of sailings: a row for each ship, over one period."""

import pytest

from landbridge.routing.sailings.plan_chart import draw
from landbridge.routing.sailings.schedule import BerthStay, Sailing

pytest.importorskip("matplotlib")


def sailing(ship, depart_h, arrive_h):
    return Sailing(line="l", ship=ship, start="a", end="b", berths="q", berth=1, berth_from_h=0, depart_h=depart_h,
                   arrive_h=arrive_h, teu=1)  # fmt: skip


def stay(ship, start_h, end_h):
    return BerthStay(ship=ship, line="l", place="a", berths="q", berth=1, start_h=start_h, end_h=end_h,
                     unloaded_teu=1, loaded_teu=1)  # fmt: skip


def plan(sailings, stays, closed=()):
    return draw(sailings, stays, period_days=7, closed_days=closed, title="Plan", meta={})


def spans(axes):
    return sorted(
        (round(patch.get_x() * 24), round(patch.get_width() * 24)) for patch in axes.patches if patch.get_height() < 1
    )


def test_sailings_and_stays_are_bars_in_the_row_of_their_ship():
    (axes,) = plan([sailing("two", 24, 48)], [stay("one", 0, 12)]).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]
    assert spans(axes) == [(0, 12), (24, 24)]
    assert axes.get_xlim() == (0, 7)


def test_what_extends_into_the_next_period_is_seen_at_the_start_too():
    # From hour 160 of 168 to hour 4 of the next period.
    (axes,) = plan([sailing("one", 160, 172)], []).axes
    assert spans(axes) == [(-8, 12), (160, 12)]


def test_closed_days_are_bands_named_in_the_legend():
    (axes,) = plan([sailing("one", 0, 1)], [], closed=(3,)).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()][-1] == "ports closed by storm"
    assert any(round(patch.get_x()) == 3 and patch.get_width() == 1 for patch in axes.patches)


def test_without_a_schedule_the_chart_says_so():
    (axes,) = plan([], []).axes
    assert [text.get_text() for text in axes.texts] == ["no schedule"]
