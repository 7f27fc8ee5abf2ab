"""The chart of drivers: two bars for each value, larger and smaller."""

import pytest

from landbridge.routing.output.charts import MOST_BARS
from landbridge.routing.questions.drivers_chart import Effect, draw

pytest.importorskip("matplotlib")


def test_each_value_has_a_bar_for_larger_and_one_for_smaller_with_its_confidence():
    effects = [Effect("tariffs rail_$x$", "assumed", 12.0, -10.0), Effect("services fixed", None, None, -3.0)]
    figure = draw(effects, 10.0, "cost (USD)", "What drives A to B", {})
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches] == [12.0, -10.0, -3.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["tariffs rail_$x$ (assumed)", "services fixed"]
    assert [text.get_text() for text in axes.texts] == ["+12", "-10", "-3"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["10 % larger", "10 % smaller"]
    low, high = axes.get_xlim()
    assert -low == high > 12.0
    assert "cost (USD)" in axes.get_xlabel()


def test_the_first_of_many_are_shown():
    (axes,) = draw([Effect("x", None, 1.0, 1.0)] * 30, 10.0, "time (h)", "Title", {}).axes
    assert len(axes.patches) == 2 * MOST_BARS


def test_without_a_value_the_chart_says_so():
    (axes,) = draw([], 10.0, "time (h)", "Title", {}).axes
    assert [text.get_text() for text in axes.texts] == ["nothing to show"]
