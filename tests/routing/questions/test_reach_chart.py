"""The chart of a reach: places within reach, cumulated, with the budgets asked for."""

import pytest

from landbridge.routing import reach
from landbridge.routing.questions.reach_chart import draw
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")


def test_the_curve_rises_by_one_at_each_place_and_budgets_say_how_many_they_reach():
    figure = draw([12.0, 30.0, 60.0], [(24.0, "1 d", "#000080"), (72.0, "3 d", "#80c0ff")], "time", "Reach of A", {})
    (axes,) = figure.axes
    curve, *budgets = axes.lines
    assert list(curve.get_xdata()) == pytest.approx([0.0, 0.5, 1.25, 2.5, 3.0])
    assert list(curve.get_ydata()) == [0, 1, 2, 3, 3]
    assert [line.get_xdata()[0] for line in budgets] == [1.0, 3.0]
    assert [text.get_text() for text in axes.texts] == ["1 d: 1", "3 d: 3"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("mean time (days)", "places reached")
    assert figure.texts[0].get_text() == "Reach of A"


def test_budgets_of_money_are_drawn_in_dollars_and_nothing_reached_is_a_flat_line():
    (axes,) = draw([], [(500.0, "500 USD", "#000080")], "cost", "Reach of A", {}).axes
    assert axes.get_xlabel() == "cost (USD, whole cargo)"
    assert [text.get_text() for text in axes.texts] == ["500 USD: 0"]
    assert set(axes.lines[0].get_ydata()) == {0}


@pytest.mark.parametrize("by", ["time", "cost", "co2e"])
def test_an_answer_is_drawn_by_its_own_quantity(by, tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    budget = "30d" if by == "time" else 1e5
    found = reach(network, "cn-a", budget, by=by)
    (axes,) = found.plot().axes
    assert axes.lines[0].get_ydata()[-1] == len(found.places) > 0
