"""A leg: its time, whether it changes the gauge, and its names in JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from landbridge.networks.times.distributions import constant
from landbridge.networks.times.durations import Duration
from landbridge.networks.times.traffic import TrafficStates
from landbridge.routing import route
from landbridge.routing.itineraries.leg import Leg, iso_text
from tests.support.json_names import FIXED_OF_LEGS
from tests.support.tiny import link, operation, tiny_network


def leg(**changes):
    values = {
        "kind": "operation",
        "mode": "rail",
        "operation": "gauge_change",
        "name": "Change at B",
        "start": "kz-b",
        "end": "kz-b",
        "distance_km": 0.0,
        "duration": Duration(constant(6.0)),
        "cost_usd": 20.0,
        "inventory_usd": 1.5,
        "co2e_kg": 0.0,
        "sources": ("A1", "P2"),
        "countries": ("KZ",),
        "gauges": (1435, 1520),
    }
    return Leg(**(values | changes))


@pytest.mark.parametrize(
    ("gauges", "changes"),
    [((1435, 1520), True), ((1520, 1435), True), ((1435, 1435), False), ((None, 1520), False), ((1520, None), False)],
)
def test_a_leg_changes_gauge_only_between_two_tracks(gauges, changes):
    # A container lifted on or off a train, truck or ship is on no gauge before or after.
    assert leg(gauges=gauges).changes_gauge is changes


def test_the_time_is_that_of_its_duration():
    assert (leg().time.mean_h, leg().time.quantile(0.9)) == (6, 6)


def test_the_quantiles_of_a_leg_with_traffic_states_are_those_of_the_mixture():
    # 6 h in 8 of 10 months, 60 h in the others: mean 16.8 h, variance 0.16 x 54^2.
    states = TrafficStates("g", 0.2, constant(6.0), constant(60.0), constant(6.0), ())
    hours = leg(duration=Duration(states.mixture, states=states)).to_dict()["time_h"]
    assert hours == pytest.approx({"mean": 16.8, "sd": 21.6, "p10": 6, "p50": 6, "p90": 60}, abs=1e-5)


def test_a_dictionary_has_the_fixed_names_and_is_plain_json():
    document = leg().to_dict()
    assert document.keys() >= FIXED_OF_LEGS
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["from"], document["to"], document["sources"]) == ("kz-b", "kz-b", ["A1", "P2"])
    # The gauge that the cargo is on afterwards.
    assert (document["gauge_mm"], document["gauge_change"]) == (1520, True)
    assert (document["depart"], document["arrive"], document["access"]) == (None, None, False)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, None),
        (datetime(2026, 3, 1, 8, 30, 59, tzinfo=UTC), "2026-03-01T08:30+00:00"),
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2026-03-01T08:00+05:30"),
    ],
)
def test_a_moment_is_written_to_the_minute_with_its_offset(moment, text):
    assert iso_text(moment) == text


def test_legs_of_a_route_say_where_the_gauge_changes(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)],
        operations=[operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=48)],
        check=False,
    )
    (found,) = route(network, "cn-a", "kz-d")
    assert [(item.start, item.gauges) for item in found.legs if item.changes_gauge] == [("kz-c", (1435, 1520))]


def test_a_leg_at_a_time_is_the_leg_with_these_fields_replaced():
    plain = leg()
    changed = {
        "duration": Duration(constant(7.0)),
        "inventory_usd": 3.0,
        "departs": datetime(2026, 3, 1, 8, tzinfo=UTC),
        "arrives": datetime(2026, 3, 1, 15, tzinfo=UTC),
    }
    assert vars(plain.timed(**changed)) == vars(replace(plain, **changed))
    assert plain.departs is None
