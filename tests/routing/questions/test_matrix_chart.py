"""The chart of a matrix: a number and a shade for each pair."""

import numpy as np
import pytest

from landbridge.routing.questions.matrix_chart import MOST, draw

pytest.importorskip("matplotlib")


def test_days_stand_in_the_cells_of_pairs_with_a_path():
    hours = np.array([[24.0, np.nan], [48.0, 240.0]])
    figure = draw(["a", "b"], ["c", "$d$"], hours, {})
    (axes,) = figure.axes
    assert [(text.get_text(), text.get_position()) for text in axes.texts] == [
        ("1.0", (0, 0)),
        ("2.0", (0, 1)),
        ("10.0", (1, 1)),
    ]
    # On the dark cell the number is white.
    assert [text.get_color() for text in axes.texts] == ["black", "black", "white"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["c", "$d$"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert figure.texts[0].get_text() == "Times between 2 and 2 places"


def test_a_large_matrix_is_cut_and_says_so():
    places = [str(number) for number in range(MOST + 5)]
    figure = draw(places, places, np.full((MOST + 5, MOST + 5), 24.0), {})
    assert len(figure.axes[0].texts) == MOST**2
    assert f"the first {MOST} of {MOST + 5} origins" in " ".join(figure.texts[1].get_text().split())


def test_a_matrix_without_a_path_is_blank():
    (axes,) = draw(["a"], ["b"], np.array([[np.nan]]), {}).axes
    assert axes.texts[:] == []
