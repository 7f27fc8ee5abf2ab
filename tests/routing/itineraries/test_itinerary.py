import json
import pickle
import subprocess
import sys
from itertools import groupby

import pyogrio
import pytest
from shapely.geometry import shape

from landbridge.networks import QueryError, load_network
from landbridge.routing import Cargo, Weights, route, route_by_corridor
from tests.support.json_names import FIXED, FIXED_OF_LEGS
from tests.support.tiny import link, operation, place, service, tiny_network


@pytest.fixture(scope="module")
def trip(network):
    return route(network, "Xi'an", "Duisburg", corridor="middle")[0]


def test_an_id_is_the_same_in_every_run(network):
    code = (
        "from landbridge.networks import load_network\nfrom landbridge.routing import route\n"
        "print(*(found.itinerary_id for found in route(load_network(), \"Xi'an\", 'Duisburg', k=4)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    here = [found.itinerary_id for found in route(network, "Xi'an", "Duisburg", k=4)]
    assert {tuple(run.split()) for run in runs} == {tuple(here)}


def test_an_id_begins_with_the_corridor(trip):
    assert trip.itinerary_id.startswith("middle-")


def test_trips_over_different_links_have_different_ids(tmp_path):
    # The same service, once by each of two parallel links.
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", "sea", passage=("malacca",), length_km=300, mean_h=1),
            link("cn-a -- cn-b", "sea", passage=("bosporus",), length_km=100, mean_h=9),
        ],
    )
    fast, short = (route(network, "cn-a", "cn-b", objective=objective)[0] for objective in ("time", "distance"))
    assert (fast.distance_km, short.distance_km) == (300, 100)
    assert fast.itinerary_id != short.itinerary_id


def test_the_same_trip_has_the_same_id_whatever_was_asked(network):
    by_corridor = route(network, "Altynkol", "Aktau", objective="distance")[0]
    again = route(network, "kz-altynkol", "kz-aktau", objective="distance", cargo=Cargo(value_usd=5))[0]
    assert by_corridor.itinerary_id == again.itinerary_id


def test_the_bottleneck_is_the_stop_with_the_largest_mean_and_never_a_haul(tmp_path):
    weekly = service("weekly", wait_kind="headway", headway_h=100)
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", mean_h=200), link("cn-b -- kz-c", service="weekly")],
        services=[weekly],
        operations=[operation("border_entry", "kz-c", mean_h=30)],
    )
    found = route(network, "cn-a", "kz-c")[0]
    assert (found.bottleneck.kind, found.bottleneck.start) == ("operation", "kz-c")
    assert found.to_dict()["bottleneck"]["operation"] == "border_entry"
    assert found.to_dict()["bottleneck"]["time_h"]["mean"] == 30


def test_a_wait_may_be_the_bottleneck(tmp_path):
    weekly = service("weekly", wait_kind="headway", headway_h=100)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", service="weekly")], services=[weekly])
    bottleneck = route(network, "cn-a", "cn-b")[0].to_dict()["bottleneck"]
    assert (bottleneck["place"], bottleneck["operation"], bottleneck["time_h"]["mean"]) == ("cn-a", "wait", 50)


def test_borders_are_counted_on_land_and_through_ports_and_canals_are_none(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- az-c", "ferry", gauge=1435, regime="smgs"),
            link("az-c -- ge-d"),
            link("ge-d -- canal", "sea", countries=("EG",), passage=("suez",)),
            link("canal -- de-z", "sea"),
        ],
        places=[place("canal", name="Canal")],
    )
    found = route(network, "cn-a", "de-z")[0]
    # CN-KZ, KZ-AZ by the ferry, AZ-GE, GE-DE by sea; the canal is in Egypt, which no cargo enters.
    assert found.border_crossings == 4
    assert found.countries == ("CN", "KZ", "AZ", "GE", "EG", "DE")
    assert found.places == ("cn-a", "kz-b", "az-c", "ge-d", "canal", "de-z")
    assert found.transshipments == 3


def test_time_in_transit_leaves_out_the_two_ends(tmp_path):
    weekly = service("weekly", wait_kind="headway", headway_h=100)
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", service="weekly"), link("kz-b -- kz-c", service="weekly")],
        services=[weekly],
    )
    found = route(network, "cn-a", "kz-c")[0]
    # load 1, wait 50, border exit 4, haul 2, entry 5, haul 2, unload 2
    assert found.time.mean_h == 66
    assert found.transit_time.mean_h == pytest.approx(9)


def test_legs_in_transit_leave_out_what_lies_before_the_first_and_behind_the_last_haul(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b"), link("kz-b -- kz-c")])
    found = route(network, "cn-a", "kz-c")[0]
    # load, border exit, haul, border entry, haul, unload: the exit is done before the train leaves.
    assert [leg.operation or leg.kind for leg in found.transit_legs] == ["haul", "border_entry", "haul"]
    assert found.transit_time.mean_h == sum(leg.time.mean_h for leg in found.transit_legs) == 9


def test_a_time_is_the_same_type_everywhere(trip):
    names = ("mean_h", "sd_h", "p10_h", "p50_h", "p90_h")
    for time in (trip.time, trip.transit_time, trip.legs[0].time, trip.bottleneck.time):
        assert [getattr(time, name) for name in names] == list(time.to_dict().values())


def test_the_dictionaries_of_times_are_deprecated(trip):
    with pytest.warns(DeprecationWarning, match=r"use Itinerary\.time"):
        assert trip.time_h == trip.time.to_dict()
    with pytest.warns(DeprecationWarning, match=r"use Itinerary\.transit_time"):
        assert trip.transit_h == trip.transit_time.to_dict()


def stored(found):
    return pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now


def test_a_stored_itinerary_is_small_and_all_that_it_was_but_for_the_network(network, tmp_path):
    trips = route_by_corridor(network, "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    assert max(len(trip.legs) for trip in trips) >= 80
    for trip in trips:
        assert len(pickle.dumps(trip)) < 50_000
        again = stored(stored(trip))
        assert again == trip
        assert {again: 1}[trip] == 1
        assert (repr(again), again.to_dict(), again.summary()) == (repr(trip), trip.to_dict(), trip.summary())
        assert (again.value("time"), again.countries, again.seasonal) == (
            trip.value("time"),
            trip.countries,
            trip.seasonal,
        )
        assert again.label(trip.legs[0].start) == trip.label(trip.legs[0].start) == "Xi'an"
        one, other = (item.to_geojson(tmp_path / f"{item is trip}.geojson").read_text() for item in (trip, again))
        assert json.loads(one) == json.loads(other)
        assert again.write(tmp_path / trip.corridor)


def test_an_itinerary_that_was_just_found_is_stored_without_having_been_looked_at(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b", season_from="03-01", season_to="06-01")])
    found = route(network, "cn-a", "kz-b", depart="2026-04-01")[0]
    again = stored(found)
    assert b"tiny" in pickle.dumps(network.tables["dataset"])
    assert (again.seasonal, again.border_crossings, again.corridor) == (True, 1, "other")
    assert again.departs == found.departs


def test_lines_that_are_too_long_stay_in_the_network(tmp_path, monkeypatch):
    monkeypatch.setattr("landbridge.routing.itineraries.itinerary.MAX_STORED", 100)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    found = route(network, "cn-a", "cn-b")[0]
    again = stored(found)
    assert again == found
    assert again.stop_features() == found.stop_features()
    with pytest.raises(QueryError, match="with_network"):
        again.to_geojson(tmp_path / "a.geojson")
    assert again.with_network(network).haul_features() == found.haul_features()


def test_itineraries_are_equal_by_what_they_are_and_not_by_where_they_were_found(network):
    one, other = (route(found, "Altynkol", "Aktau", modes=["rail"])[0] for found in (network, load_network()))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    assert one != route(network, "Altynkol", "Aktau", modes=["rail"], cargo=Cargo(teu=4, tonnes=40))[0]
    weights = Weights(value_of_time_usd_per_h=1)
    assert one != route(network, "Altynkol", "Aktau", modes=["rail"], objective=weights)[0]
    assert one != "text"


def test_the_line_that_came_with_a_link_is_not_stored_twice(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    network.links[0]["geometry"] = shape({"type": "LineString", "coordinates": [[0, 0], [0.005, 0.2], [0.01, 0]]})
    found = route(network, "cn-a", "cn-b")[0]
    again = stored(found)
    assert "geometry" not in again.hauls[0].row
    assert "geometry" in found.hauls[0].row
    assert again.haul_features() == found.haul_features()


def test_quantiles_rise_and_the_mean_of_a_skewed_time_lies_above_the_median(trip):
    time = trip.time
    assert 0 < time.p10_h < time.p50_h < time.mean_h < time.p90_h
    assert time.p90_h > 1.15 * time.p50_h


def test_by_rail_the_middle_corridor_crosses_the_caspian_and_changes_gauge_twice(network):
    found = route(network, "Xi'an", "Duisburg", corridor="middle", modes=["rail", "sea", "ferry"])[0]
    assert {"CN", "KZ", "AZ"} <= set(found.countries)
    assert (found.countries[0], found.countries[-1]) == ("CN", "DE")
    # 1435 mm in China, 1520 mm from Kazakhstan to Georgia, 1435 mm in Europe; at sea a container is on no gauge.
    gauges = [leg.row["gauge"] for leg in found.hauls if leg.mode == "rail"]
    assert [gauge for gauge, _ in groupby(gauges)] == [1435, 1520, 1435]
    assert found.gauge_changes >= 1
    assert found.transshipments >= 2
    assert any(leg.mode in {"sea", "ferry"} for leg in found.hauls)


TIME = ["mean", "sd", "p10", "p50", "p90"]


def test_a_dictionary_has_the_names_that_are_fixed_and_is_plain_json(trip):
    document = trip.to_dict()
    assert document.keys() >= FIXED
    assert list(document["time_h"]) == list(document["bottleneck"]["time_h"]) == TIME
    assert document["bottleneck"].keys() == {"place", "operation", "time_h"}
    for leg in document["legs"]:
        assert leg.keys() >= FIXED_OF_LEGS
        assert leg["kind"] in {"haul", "operation", "wait"}
        assert list(leg["time_h"]) == TIME
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_costs_by_kind_add_up_exactly_and_are_also_per_teu_and_per_container(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", service="train"), link("kz-b -- kz-c", service="train")],
        services=[service("train", boarding_usd_per_teu=7, boarding_usd_per_feu=7, boarding_usd_year=2024)],
    )
    found = route(network, "cn-a", "kz-c", cargo=Cargo(teu=4, tonnes=40))[0]
    # 2 containers: 2 x 100 km at 0.20 USD and 7 for boarding; load and unload at 10 USD; 2 sides of the border.
    document, row = found.to_dict(), found.summary()
    paid = {kind: usd for kind, usd in document["cost_by_kind"].items() if usd}
    assert paid == {"freight": 94, "handling": 40, "border": 40}
    assert sum(document["cost_by_kind"].values()) == document["cost_usd"] == found.cost_usd == 174
    assert document["cost_by_kind_per_teu"]["border"] == row["border_usd_per_teu"] == 10
    assert document["cost_by_kind_per_container"]["border"] == row["border_usd_per_container"] == 20
    assert row["border_usd"] == 40
    assert document["cost_usd_per_container"] == row["cost_usd_per_container"] == 87


def test_costs_by_kind_of_a_real_itinerary_add_up_to_the_last_digit(trip):
    assert sum(trip.cost_by_kind.values()) == trip.cost_usd
    assert trip.cost_usd == pytest.approx(sum(leg.cost_usd for leg in trip.legs), rel=1e-14)


def test_a_summary_is_scalars_alone(trip):
    assert all(isinstance(value, str | int | float | None) for value in trip.summary().values())
    assert trip.summary()["cost_usd"] == trip.cost_usd
    assert trip.summary()["cost_usd_per_teu"] == pytest.approx(trip.cost_usd / 2)


def test_the_generalised_cost_counts_the_users_weights(network):
    weights = Weights(value_of_time_usd_per_h=10, reliability_usd_per_h=2, carbon_usd_per_t=50)
    found = route(network, "Altynkol", "Aktau", objective=weights)[0]
    expected = found.cost_usd + found.inventory_usd + 10 * found.time.mean_h + 50 * found.co2e_kg / 1000
    assert found.reliability_usd == pytest.approx(2 * found.time.sd_h)
    assert found.generalised_cost_usd == pytest.approx(expected)
    plain = route(network, "Altynkol", "Aktau")[0]
    assert plain.generalised_cost_usd == pytest.approx(plain.cost_usd + plain.inventory_usd)


def test_a_repr_tells_ends_days_and_money(trip):
    text = repr(trip)
    for part in (trip.itinerary_id, "cn-xian to de-duisburg", f"{trip.time.p50_h / 24:.1f} days", "USD"):
        assert part in text


def test_a_geodataframe_has_a_line_for_each_haul_in_the_direction_of_travel(trip):
    frame = trip.to_geodataframe()
    assert frame.crs == "EPSG:4326"
    assert len(frame) == len(trip.hauls)
    assert list(frame["from_place"]) == [leg.start for leg in trip.hauls]
    for line, leg in zip(frame.geometry, trip.hauls, strict=True):
        ends = [trip.network.places[place_id] for place_id in (leg.start, leg.end)]
        assert line.coords[0] == pytest.approx((ends[0]["lon"], ends[0]["lat"]), abs=1e-5)
        assert line.coords[-1] == pytest.approx((ends[1]["lon"], ends[1]["lat"]), abs=1e-5)


def test_geojson_is_written_with_a_style_beside_it_and_read_by_others(trip, tmp_path):
    path = trip.to_geojson(tmp_path / "trip.geojson")
    assert path == tmp_path / "trip.geojson"
    assert (tmp_path / "trip.qml").is_file()
    frame = pyogrio.read_dataframe(path)
    assert len(frame) == len(trip.hauls)
    first = json.loads(path.read_text(encoding="utf-8"))["features"][0]
    assert shape(first["geometry"]).length > 0


def test_a_marked_itinerary_keeps_what_it_has_computed(trip):
    time = trip.time
    marked = trip.marked(tags=("fastest",), value_of_time_usd_per_h=2.0)
    assert (marked.tags, trip.tags, marked.time is time) == (("fastest",), (), True)
    assert marked.generalised_cost_usd == pytest.approx(trip.generalised_cost_usd + 2 * trip.time_mean_h)
