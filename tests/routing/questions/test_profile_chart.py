"""The chart of a profile: the season fills the axis, gaps and corridors are seen."""

from datetime import time

import pytest

from landbridge.routing import profile
from tests.support.tiny import link, service, tiny_network

pytest.importorskip("matplotlib")


@pytest.fixture
def found(tmp_path):
    """Return a weekly train, on Fridays at noon: up to six days of wait, and 100 km."""
    services = [service("own", wait_kind="timetable", days=("fri",), departures=(time(12),))]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="own")], services=services)
    return profile(network, "cn-a", "cn-b", first="2026-03-02", last="2026-03-08")


def test_the_axis_of_days_is_as_high_as_the_times_and_says_that_it_does_not_start_at_zero(found):
    figure = found.plot()
    (axes,) = figure.axes
    times = [item.itinerary.time for item in found.departures]
    low, high = min(time.p10_h for time in times) / 24, max(time.p90_h for time in times) / 24
    assert axes.get_ylim() == (int(low), int(high) + 1)
    assert axes.get_ylabel() == "days"
    assert "The axis of days starts above 0." in " ".join(figure.texts[2].get_text().split())


def test_the_median_is_a_line_with_a_marker_of_the_corridor_at_each_departure(found):
    (axes,) = found.plot().axes
    median, marks, best = axes.lines
    days = [item.itinerary.time.p50_h / 24 for item in found.departures]
    assert list(median.get_ydata()) == pytest.approx(days)
    assert list(marks.get_ydata()) == pytest.approx(days)
    assert f"{best.get_xdata()[0]:%Y-%m-%d}" == f"{found.best.depart:%Y-%m-%d}"
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names[:2] == ["p50", "p10 to p90"]
    assert len(names) == 3


def test_title_period_and_cargo_are_told(found):
    title, _, foot = [text.get_text() for text in found.plot().texts]
    assert title == "cn-a to cn-b"
    assert "Conditions: first 2026-03-02" in " ".join(foot.split())
    assert "Cargo: 2 TEU" in foot
