"""The staircase of Time/Cost-Distance."""

import numpy as np
import pytest

from landbridge.routing import Cargo, route, staircase
from landbridge.routing.statements.time_cost_distance import line
from tests.support.tiny import link, operation, service, tiny_network

TWENTY = Cargo(teu=1, tonnes=10, container_feet=20)


def trip(network, start, end, **options):
    return route(network, start, end, cargo=TWENTY, **options)[0]


def test_the_steps_of_a_border_are_one_with_the_haul_between_them_told_apart(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")]
    steps = staircase(trip(tiny_network(tmp_path, links=links), "cn-a", "kz-d"))
    assert [step.kind for step in steps] == ["terminal", "haul", "border", "haul", "terminal"]
    border = steps[2]
    assert (border.start, border.end, border.km, border.end_km) == ("cn-b", "kz-c", 100, 200)
    # exit 4 h, haul 2 h, entry 5 h; 10 USD on each side and 10 for the haul
    assert (border.mean_h, border.stop_h) == pytest.approx((11, 9))
    assert (border.cost_usd, border.stop_usd) == pytest.approx((30, 20))
    # load 1 h, haul 2 h before
    assert border.end_h == pytest.approx(14)


def test_the_wait_for_departure_belongs_to_the_transshipment(tmp_path):
    road = service("road", "road", wait_kind="headway", headway_h=24)
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "road")]
    steps = staircase(trip(tiny_network(tmp_path, links=links, services=[road]), "cn-a", "cn-c"))
    assert [(step.kind, step.mode) for step in steps] == [
        ("terminal", None),
        ("haul", "rail"),
        ("transfer", None),
        ("haul", "road"),
        ("terminal", None),
    ]
    # 3 h and half a headway
    assert steps[2].stop_h == pytest.approx(15)


def test_a_change_of_gauge_inside_a_country_is_a_step_of_its_own_and_one_at_a_border_is_part_of_it(tmp_path):
    change = {"from_gauge": 1435, "to_gauge": 1520, "mean_h": 10, "both_ways": True}
    inside = tiny_network(
        tmp_path / "inside",
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", gauge=1520)],
        operations=[operation("gauge_change", "cn-b", **change)],
    )
    assert "gauge" in [step.kind for step in staircase(trip(inside, "cn-a", "cn-c"))]
    border = tiny_network(
        tmp_path / "border",
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)],
        operations=[operation("gauge_change", "kz-c", **change)],
    )
    steps = staircase(trip(border, "cn-a", "kz-d"))
    assert [step.kind for step in steps] == ["terminal", "haul", "border", "haul", "terminal"]
    # exit 4 h, entry 5 h, change 10 h
    assert steps[2].stop_h == pytest.approx(19)


def test_a_transshipment_before_a_border_is_not_part_of_the_border(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c", "road"), link("kz-c -- kz-d", "road")]
    steps = staircase(trip(tiny_network(tmp_path, links=links), "cn-a", "kz-d"))
    assert [step.kind for step in steps] == ["terminal", "haul", "transfer", "border", "haul", "terminal"]
    assert steps[3].stop_h == pytest.approx(9)


def test_a_line_has_verticals_at_stops_and_slopes_at_hauls(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    # load 1 h, haul 100 km in 2 h, unload 2 h
    assert line(trip(network, "cn-a", "cn-b")).tolist() == [[0, 0], [0, 1], [100, 3], [100, 5]]
    # 10 USD, 0.1 USD x 100 km, 10 USD
    np.testing.assert_allclose(line(trip(network, "cn-a", "cn-b"), "cost")[:, 1], [0, 10, 20, 30])


@pytest.mark.parametrize("options", [{"modes": ["rail"]}, {"modes": ["road"]}, {"corridor": "middle"}])
def test_the_steps_of_a_bundled_itinerary_add_up_to_it(network, options):
    itinerary = route(network, "Xi'an", "Duisburg", **options)[0]
    steps = staircase(itinerary)
    assert steps[-1].end_km == pytest.approx(itinerary.distance_km)
    assert steps[-1].end_h == pytest.approx(itinerary.time.mean_h)
    assert steps[-1].end_usd == pytest.approx(itinerary.cost_usd)
    assert tuple(leg for step in steps for leg in step.legs) == itinerary.legs
    crossings = [step for step in steps if step.kind == "border"]
    assert len(crossings) == sum(leg.operation == "border_exit" for leg in itinerary.legs)
    points = line(itinerary)
    assert (np.diff(points, axis=0) >= 0).all()


def test_a_step_as_a_document_has_no_legs(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    document = staircase(trip(network, "cn-a", "cn-b"))[0].to_dict()
    assert "legs" not in document
    assert document["time_h"] == 1
