"""The chart of a Pareto front: a point for each itinerary in a panel for each pair of criteria."""

import pytest

from landbridge.routing import pareto
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")


# Hours and km of four ways; loading and unloading take 3 h and 20 USD more, a km is 0.2 USD.
WAYS = ((10, 1000), (20, 500), (30, 450), (40, 100))


@pytest.fixture
def network(tmp_path):
    return tiny_network(
        tmp_path, links=[link("cn-a -- cn-b", mean_h=hours, length_km=km) for hours, km in WAYS], check=False
    )


def points(axes):
    return [line.get_xydata()[0] for line in axes.lines if line.get_marker() not in {"None", None, ""}]


def test_each_itinerary_is_a_point_of_days_and_dollars_with_its_p10_to_p90(network):
    found = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"])
    (axes,) = found.plot().axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("mean time (days)", "cost (USD, whole cargo)")
    wanted = [(13 / 24, 220), (23 / 24, 120), (33 / 24, 110), (43 / 24, 40)]
    assert [tuple(point) for point in points(axes)] == [pytest.approx(point) for point in wanted]
    spreads = [tuple(line.get_xdata()) for line in axes.lines if line.get_alpha()]
    assert spreads == [pytest.approx((item.time.p10_h / 24, item.time.p90_h / 24)) for item in found.itineraries]


def test_a_dashed_line_joins_the_best_for_some_value_of_time_and_all_are_numbered(network):
    (axes,) = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"]).plot().axes
    # That of 33 h lies above the line from 43 h to 23 h.
    (dashed,) = [line for line in axes.lines if line.is_dashed()]
    assert list(dashed.get_ydata()) == pytest.approx([220, 120, 40])
    assert sorted(text.get_text() for text in axes.texts) == ["1", "2", "3", "4"]


def test_further_criteria_are_further_panels(network):
    figure = pareto(network, "cn-a", "cn-b", objectives=["time", "cost", "co2e", "distance"]).plot()
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "cost (USD, whole cargo)",
        "emissions (t CO2e, whole cargo)",
        "distance (km)",
    ]
    assert {axes.get_xlabel() for axes in figure.axes} == {"mean time (days)"}


def test_the_legend_has_each_corridor_with_the_number_of_its_itineraries(network):
    (axes,) = pareto(network, "cn-a", "cn-b", objectives=["time", "cost"]).plot().axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert sum(int(name.rpartition("(")[2].rstrip(")")) for name in names) == 4


def test_the_subtitle_counts_and_names_the_criteria(network):
    figure = pareto(network, "cn-a", "cn-b", objectives=["cost", "co2e"]).plot()
    assert "by cost, CO2e" in figure.texts[1].get_text()
    assert "p10" not in figure.texts[1].get_text()


def test_one_criterion_is_drawn_over_itself(network):
    (axes,) = pareto(network, "cn-a", "cn-b", objectives=["time"]).plot().axes
    assert axes.get_xlabel() == axes.get_ylabel() == "mean time (days)"
