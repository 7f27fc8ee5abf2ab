"""The chart of a validation: what is drawn, by kind, and what is named because it is far off."""

import numpy as np
import pytest

from landbridge.routing import validate
from landbridge.routing.validation.chart import draw
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")

ROWS = [
    # The train takes 2 h: H1 agrees, H2 took half as long again, a demonstration, H4 is not compared.
    observation("H1", 2),
    observation("H2", 3),
    observation("H3", 2, kind="demonstration"),
    observation("H4", 9, comparable=False, reason="a twin"),
    # 100 km at 0.1 USD for a TEU.
    observation("H5", 20, quantity="cost_usd", container_feet=20, teu=1, usd_year=2024),
]


@pytest.fixture
def panels(tmp_path):
    tables = {"observations": ROWS, "sources": SOURCES}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=tables)
    return draw(validate(network).comparisons, "tiny").axes


def labels(axes):
    return {text.get_text() for text in axes.get_legend().get_texts()}


def test_each_kind_is_a_series_with_its_number_of_rows(panels):
    times, money = panels
    assert labels(times) == {"within 20%", "survey (2)", "demonstration (1)"}
    assert labels(money) == {"within 20%", "survey (1)"}


def test_points_are_modelled_against_observed_in_the_unit_of_the_panel(panels):
    times, money = panels
    series = {item.get_label(): item.lines[0].get_xydata() for item in times.containers}
    # Days: 2 of 24 and 3 of 24 hours observed, 2 modelled.
    assert series["survey (2)"] == pytest.approx(np.array([[2 / 24, 2 / 24], [3 / 24, 2 / 24]]))
    (points,) = (item.lines[0].get_xydata() for item in money.containers)
    assert points == pytest.approx(np.array([[20, 10]]))
    assert (times.get_xlabel(), times.get_ylabel()) == ("observed (days)", "modelled (days)")


def test_only_what_is_more_than_a_fifth_off_is_named(panels):
    times, money = panels
    # 2 h for 3 and 10 USD for 20 are; demonstrations compare with p10, which is 2 h.
    assert {text.get_text() for text in times.texts} == {"H2"}
    assert {text.get_text() for text in money.texts} == {"H5"}


def test_both_axes_are_logarithmic_and_alike(panels):
    for axes in panels:
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        assert axes.get_xlim() == axes.get_ylim()


def test_without_a_row_that_counts_a_panel_says_so():
    figure = draw([], "nothing")
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["no comparable row"] * 2
    assert figure.texts[0].get_text() == "nothing: modelled against observed"
