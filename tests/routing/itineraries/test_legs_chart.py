"""The chart of one itinerary: a row for each stop and for the hauls between, with days and USD."""

import itertools

import pytest

from landbridge.routing import route
from landbridge.routing.itineraries.legs_chart import look
from landbridge.routing.output.palette import MODES, STOPS
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")


@pytest.fixture
def trip(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-c -- kz-d")]
    return route(tiny_network(tmp_path, links=links), "cn-a", "kz-d")[0]


def test_each_part_begins_where_the_one_before_ends_and_hauls_between_stops_are_one(trip):
    days, usd = trip.plot().axes
    spans = [(patch.get_x(), patch.get_width()) for patch in days.patches if patch.get_height() < 1]
    names = [label.get_text() for label in days.get_yticklabels()]
    assert len(names) == len(spans) == len(usd.patches)
    for (start, width), (following, _) in itertools.pairwise(spans):
        assert following == pytest.approx(start + width)
    assert sum(width for _, width in spans) == pytest.approx(trip.time_mean_h / 24)
    assert sum(patch.get_width() for patch in usd.patches) == pytest.approx(trip.cost_usd)
    # a to c in two hauls without a stop, then the border.
    assert "A to C: rail" in names
    assert not any("A to B" in name for name in names)


def test_the_title_has_ends_and_corridor_and_the_subtitle_the_totals(trip):
    title, subtitle, foot = [text.get_text() for text in trip.plot().texts]
    assert title.startswith("A to D: ")
    assert f"median {trip.time.p50_h / 24:.1f} days" in subtitle
    assert subtitle.endswith(f"{trip.cost_usd:,.0f} USD of {trip.network.setting('usd_year')}")
    assert foot.startswith("Grey band: p10 to p90 of the arrival. Cargo: 2 TEU")


def test_legs_look_like_their_mode_or_their_operation(trip):
    looks = {(leg.kind, leg.mode if leg.kind == "haul" else leg.operation): look(leg) for leg in trip.legs}
    assert looks["haul", "rail"] == MODES["rail"]
    assert looks["operation", "load"] == STOPS["load"]
    assert looks["operation", "border_exit"] == STOPS["border_exit"]
