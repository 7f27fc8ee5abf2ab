"""The chart of a sweep: one panel for each numeric output."""

import pytest

from landbridge.routing import Sweep
from landbridge.routing.studies.sweeps.work import Outcome

pytest.importorskip("matplotlib")


def chart_of(*outputs):
    return Sweep(tuple({"x": n} for n in range(len(outputs))), tuple(Outcome("ok", given) for given in outputs)).plot()


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.axison]


def test_each_numeric_output_has_its_histogram_and_median():
    figure = chart_of({"a": 1, "b": "text", "c": 0.5}, {"a": 3, "c": None}, {"a": 8, "c": float("inf")})
    assert titles(figure) == ["a: 3", "c: 0.5"]
    assert sum(patch.get_height() for patch in figure.axes[0].patches) == 3


def test_of_many_outputs_the_first_are_shown():
    assert len(titles(chart_of({f"y{n}": n for n in range(12)}))) == 9


def test_without_a_number_the_chart_says_so():
    figure = chart_of({"a": "text"})
    assert [text.get_text() for text in figure.axes[0].texts] == ["no output is a number"]
