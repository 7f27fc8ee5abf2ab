"""What a page shows: lines, stops and steps in the order of travel, and the totals of the itineraries."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely

from landbridge.routing import route
from landbridge.routing.output.palette import CORRIDORS
from landbridge.routing.reports.page_data import PER_DEGREE, Shown, land, packed, page_document


def unpacked(numbers):
    return np.array(numbers).reshape(-1, 2).cumsum(axis=0) / PER_DEGREE


def document(*itineraries):
    return page_document([Shown(item, None, True, True) for item in itineraries], (), {"title": "A to B"})


def test_points_are_kept_to_half_a_kilometre():
    points = np.array([(76.9, 43.2), (179.99, 40.0), (-179.99, 40.0), (49.854, 40.446)])
    assert unpacked(packed(points)) == pytest.approx(points, abs=0.5 / PER_DEGREE + 1e-9)


def test_the_totals_are_those_of_the_itinerary(network):
    item = route(network, "Altynkol", "Aktau", modes=["rail"])[0]
    shown = document(item)["itineraries"][0]
    assert shown["days_p50"] == pytest.approx(item.time.p50_h / 24, abs=0.005)
    assert (shown["usd"], shown["kg"], shown["km"]) == (
        round(item.cost_usd),
        round(item.co2e_kg),
        round(item.distance_km),
    )
    for name, total in (("km", item.distance_km), ("days", item.time_mean_h / 24), ("usd", item.cost_usd)):
        stairs = shown["stairs"][name]
        assert stairs[0] == 0
        assert stairs == sorted(stairs)
        assert stairs[-1] == pytest.approx(total, abs=0.005)
        assert len(stairs) == len(item.legs) + 1
    for name, total in (("km", item.distance_km), ("hours", item.time_mean_h), ("usd", item.cost_usd)):
        steps = shown["steps"]
        assert sum(step[name] for step in steps) == pytest.approx(total, abs=0.5 * len(steps))


def test_a_link_that_is_used_both_ways_has_one_line(network):
    there, back = (route(network, *ends, modes=["rail"])[0] for ends in (("Altynkol", "Aktau"), ("Aktau", "Altynkol")))
    found = document(there, back)
    first, second = (item["hauls"] for item in found["itineraries"])
    assert [number for number, _ in first] == [number for number, _ in reversed(second)]
    assert [backward for _, backward in first] == [1 - backward for _, backward in reversed(second)]
    assert len(found["lines"]) == len(there.hauls)


def test_the_line_of_an_itinerary_runs_from_its_origin_to_its_destination(network):
    item = route(network, "Xi'an", (51.43, 6.76))[0]
    found = document(item)
    shown = found["itineraries"][0]
    lines = [unpacked(found["lines"][number])[:: -1 if backward else 1] for number, backward in shown["hauls"]]
    for side, end in ((0, 0), (-1, 1)):
        assert lines[side][side] == pytest.approx(np.array(shown["ends"][end]["at"]) / PER_DEGREE, abs=0.02)
    for before, after in pairwise(lines):
        assert np.hypot(*(after[0] - before[-1])) < 0.5


def test_a_stop_has_the_kind_of_its_longest_operation_and_all_its_hours(hostile):
    shown = document(*route(hostile, "cn-a", "ru-d", corridor="by-b"))["itineraries"][0]
    stops = {stop["label"][:1]: (stop["kind"], stop["hours"]) for stop in shown["stops"]}
    # At B: border entry 5, gauge change 10, border exit 4 h; the gauge change counts first.
    assert stops["B"] == ("gauge_change", 19.0)


def test_corridors_that_the_palette_does_not_know_differ(hostile):
    found = document(*route(hostile, "cn-a", "ru-d", corridor="by-b"), *route(hostile, "cn-a", "ru-d", corridor="by-c"))
    looks = found["corridors"]
    assert looks["by-c"]["label"] == "by C"
    assert looks["by-b"]["colour"] != looks["by-c"]["colour"]
    assert CORRIDORS["other"].colour not in {look["colour"] for look in looks.values()}


def test_every_source_that_a_figure_names_is_listed(network):
    found = document(route(network, "Xi'an", "Duisburg")[0])
    shown = found["itineraries"][0]
    count = len(found["sources"])
    for step in shown["steps"]:
        numbers = [number for ids in step["sources"].values() for number in ids]
        assert numbers
        assert max(numbers) < count
    assert {number for ids in shown["sources"].values() for number in ids} == set(range(count))
    assert {row["id"] for row in found["sources"]} >= set(route(network, "Xi'an", "Duisburg")[0].sources)


def test_the_land_turns_as_d3_wants_it_and_is_that_of_the_maps():
    outlines = [unpacked(rings[0]) for rings in land()]
    assert len(outlines) > 300
    assert not any(shapely.is_ccw(shapely.linearrings(points)) for points in outlines if len(points) > 20)
    # Tashkent lies on land; in the middle of the Black Sea there is none.
    land_shape = shapely.union_all(
        [shapely.make_valid(shapely.Polygon(*[unpacked(r) for r in rings[:1]])) for rings in land()]
    )
    assert land_shape.contains(shapely.Point(69.2, 41.3))
    assert not land_shape.contains(shapely.Point(34.0, 43.0))


def test_the_document_is_json(network):
    text = json.dumps(document(route(network, "Altynkol", "Aktau", modes=["rail"])[0]), allow_nan=False)
    assert "NaN" not in text


def test_colours_and_dashes_are_those_of_the_maps(real_report):
    looks = real_report.document["corridors"]
    assert {"northern", "middle", "suez", "road"} <= looks.keys()
    for name, look in looks.items():
        expected = CORRIDORS[name]
        assert (look["label"], look["colour"], tuple(look["dash"])) == (expected.label, expected.colour, expected.dash)
