"""The chart of itineraries side by side: a row for each, in three panels."""

import pickle

import pytest

from landbridge.routing import compare_corridors, route
from landbridge.routing.itineraries.side_by_side import corridor_look, draw
from landbridge.routing.output.palette import CORRIDORS
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")


@pytest.fixture
def trip(tmp_path):
    return route(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]), "cn-a", "cn-b")[0]


def bars(axes):
    return [patch.get_width() for patch in axes.patches]


def test_time_cost_and_emissions_are_three_panels_with_their_units(trip):
    days, usd, co2e = draw([trip], trip.meta).axes
    assert [axes.get_xlabel() for axes in (days, usd, co2e)] == ["days", "USD", "t CO2e"]
    assert bars(days) == pytest.approx([trip.time.p50_h / 24])
    assert bars(usd) == pytest.approx([trip.cost_usd])
    assert bars(co2e) == pytest.approx([trip.co2e_kg / 1000])
    # The times of this network have no spread, and its rates none that is known: no ranges.
    assert (trip.time.p10_h, trip.cost_p10_usd) == pytest.approx((trip.time.p90_h, trip.cost_p90_usd))
    assert [len(axes.lines) for axes in (days, usd, co2e)] == [0, 0, 0]
    figure_year = f"USD of {trip.network.setting('usd_year')}"
    assert figure_year in draw([trip], trip.meta).texts[1].get_text()
    # Names stand once, on the left.
    assert len([label for label in days.get_yticklabels() if label.get_text()]) == 1
    assert [label for axes in (usd, co2e) for label in axes.get_yticklabels() if label.get_text()] == []


def test_corridors_have_their_colours_and_names_and_the_first_is_on_top(network):
    found = compare_corridors(network, "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    figure = found.plot()
    days, usd, co2e = figure.axes
    assert figure.texts[0].get_text() == "Xi'an to Duisburg"
    best = found.itineraries[0]
    assert list(days.lines[0].get_xdata()) == pytest.approx([best.time.p10_h / 24, best.time.p90_h / 24])
    assert list(usd.lines[0].get_xdata()) == pytest.approx([best.cost_p10_usd, best.cost_p90_usd])
    assert best.cost_p10_usd < best.cost_p90_usd
    assert len(co2e.lines) == 0
    assert bars(days) == pytest.approx([item.time.p50_h / 24 for item in found.itineraries])
    assert days.get_ylim()[0] > days.get_ylim()[1]
    colours = [CORRIDORS[item.corridor].colour for item in found.itineraries]
    from matplotlib.colors import to_hex

    assert [to_hex(patch.get_facecolor()) for patch in days.patches] == colours
    names = [" ".join(label.get_text().split()) for label in days.get_yticklabels()]
    assert names == [item.corridor_name for item in found.itineraries]


def test_itineraries_of_one_corridor_are_numbered_with_their_way(trip):
    labels = [label.get_text() for label in draw([trip, trip], trip.meta).axes[0].get_yticklabels()]
    assert [label.split()[0] for label in labels] == ["1", "2"]


def test_a_stored_itinerary_keeps_the_name_of_its_corridor_and_is_drawn_without_its_network(tmp_path):
    corridor = {"id": "any", "name": "Any_$way$", "priority": 1, "require": "*"}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"corridors": [corridor]})
    found = route(network, "cn-a", "cn-b")[0]
    assert corridor_look(found).label == "Any_$way$"
    stored = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    assert corridor_look(stored) == corridor_look(found)
    assert draw([stored], stored.meta).texts[0].get_text() == "A to B"


def test_without_an_itinerary_the_panels_are_empty():
    figure = draw([], {})
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["nothing to show"] * 3
