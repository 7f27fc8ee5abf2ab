"""The chart of swings."""

import pytest

from landbridge.routing.studies.sweeps.tornado import Swing, draw_tornado

META = {"version": "1", "data_set": {"name": "x", "version": "2"}, "options": {}}


def test_the_largest_swing_is_on_top_and_its_ends_are_written():
    pytest.importorskip("matplotlib")
    swings = [Swing("small", 9, 11, "1", "2"), Swing("large", 15, 5, "0.5 to 1", "4 to 5", "S 0.90, total 0.95")]
    axes = draw_tornado(swings, "time_p50_h", 10.0, META).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["large\nS 0.90, total 0.95", "small"]
    assert [text.get_text() for text in axes.texts] == ["0.5 to 1", "4 to 5", "1", "2"]
    # Bars from the mean: of the parameter that is low first.
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches][:2] == [(10, 5), (10, -5)]


def test_without_swings_the_chart_says_so():
    pytest.importorskip("matplotlib")
    (text,) = draw_tornado([], "", 0.0, META).axes[0].texts
    assert text.get_text() == "nothing to show"
