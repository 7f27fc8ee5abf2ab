"""Points given by coordinates, and cities that stand for their terminals. Tiny places lie on the equator."""

import pytest

from landbridge.networks import NoRouteError, PlaceError, QueryError
from landbridge.networks.geodata.bases.line_base import line_base
from landbridge.routing import Cargo, route
from landbridge.routing.query.access import access_legs, country_of, end_of, repriced, shared_terminal
from landbridge.routing.query.query import Conditions, Query
from tests.support.tiny import link, place, service, tiny_network

KM_PER_DEGREE = 111.195  # 6371.0088 km x pi / 180


def joined(network, text, **conditions):
    """Return the terminals that a point joins with the km of road, nearest first."""
    ways = Query(network, text, "de-end", conditions=Conditions(**conditions)).starts
    return {way.place: float(way.costs.distance_km) for way in ways}


def row_of_terminals(folder, *degrees, links=(), places=(), tables=None):
    """Return a network with a terminal cn-0, cn-1, ... at each longitude, each joined with de-end."""
    ends = [place("de-end", lon=60, lat=0)]
    ends += [place(f"cn-{number}", lon=lon, lat=0) for number, lon in enumerate(degrees)]
    drawn = [link(f"cn-{number} -- de-end", length_km=9000) for number in range(len(degrees))]
    return tiny_network(folder, links=[*drawn, *links], places=[*ends, *places], tables=tables)


@pytest.mark.usefixtures("roads_everywhere")
def test_a_point_joins_its_five_nearest_terminals_within_300_km(tmp_path):
    network = row_of_terminals(tmp_path, 0.5, 1, 1.5, 2, 2.4, 2.5, 3)
    found = joined(network, "0,0")
    assert list(found) == ["cn-0", "cn-1", "cn-2", "cn-3", "cn-4"]
    assert found["cn-4"] == pytest.approx(2.4 * KM_PER_DEGREE, rel=1e-4)


@pytest.mark.usefixtures("roads_everywhere")
def test_a_terminal_further_than_300_km_is_not_joined(tmp_path):
    network = row_of_terminals(tmp_path, 1, 2.6, 2.8)
    # 2.6 degrees are 289 km, 2.8 are 311.
    assert list(joined(network, "0,0")) == ["cn-0", "cn-1"]


@pytest.mark.parametrize(("bend", "within"), [(0.3, True), (0.6, False)])
def test_the_limit_holds_for_the_road_and_not_for_the_straight_line(tmp_path, monkeypatch, bend, within):
    # 289 km straight are 2 x (1.3^2 + 0.3^2)^0.5 degrees = 296.7 km by road, or with the wider bend 318.4 km.
    on_roads(monkeypatch, [(0.0, 0.0), (1.3, bend), (2.6, 0.0)])
    network = row_of_terminals(tmp_path, 2.6)
    assert joined(network, "0,0") == ({"cn-0": pytest.approx(296.7, abs=0.1)} if within else {})


def on_roads(monkeypatch, *lines):
    """Let the base map of roads have these lines."""
    road = line_base([list(line) for line in lines])
    monkeypatch.setattr("landbridge.routing.query.access.highways", lambda: road)


@pytest.mark.parametrize(("degrees", "within"), [(0.22, True), (0.23, False)])
def test_without_a_base_map_a_point_joins_what_lies_within_25_km_in_a_straight_line(tmp_path, degrees, within):
    # 0.22 degrees are 24.5 km, 29.4 by a road that is 1.2 times as long; 0.23 are 25.6.
    network = row_of_terminals(tmp_path, degrees, 1, tables={"modes": [{"mode": "road", "detour_factor": 1.2}]})
    assert joined(network, "0,0") == ({"cn-0": pytest.approx(29.36, abs=0.01)} if within else {})
    if not within:
        cure = r"nearest is 0 \(cn-0\), 26 km away, .* 25 km in a straight line .*pip install 'landbridge\[geodata\]'"
        with pytest.raises(NoRouteError, match=cure):
            route(network, "0,0", "de-end")


@pytest.mark.parametrize(("degrees", "within"), [(0.89, True), (0.9, False)])
def test_where_no_road_joins_a_point_terminals_within_100_km_are_assumed(tmp_path, monkeypatch, degrees, within):
    # The road is 2 degrees away. 0.89 degrees are 98.96 km, 110.8 at a detour of 1.12; 0.9 are 100.08 km.
    on_roads(monkeypatch, [(0.0, 2.0), (1.0, 2.0)])
    network = row_of_terminals(tmp_path, degrees, tables={"modes": [{"mode": "road", "detour_factor": 1.12}]})
    assert joined(network, "0,0") == ({"cn-0": pytest.approx(110.84, abs=0.01)} if within else {})
    if within:
        (note,) = [note for note in route(network, "de-end", "0,0")[0].notes if note.kind == "access"]
        assert note.text.startswith("the road 0 - 0.0,0.0 is assumed, 111 km")
        assert note.sources == ("A1",)


def test_where_a_road_joins_a_point_with_one_terminal_none_is_assumed(tmp_path, monkeypatch):
    on_roads(monkeypatch, [(0.0, 0.0), (0.5, 0.0)])
    network = row_of_terminals(tmp_path, 0.5, 0.8)
    assert joined(network, "0,0") == {"cn-0": pytest.approx(0.5 * KM_PER_DEGREE, rel=1e-4)}
    assert not [note for note in route(network, "0,0", "de-end")[0].notes if note.kind == "access"]


def test_a_road_that_is_not_known_crosses_no_sea_and_no_border(network, monkeypatch):
    # Halkali lies 22 km from here across the Bosporus, Pendik 23 km away on the same side.
    at_kadikoy, by_land = Query(network, "40.99,29.03", "Xi'an"), Query(network, "41.0,28.9", "Xi'an")
    monkeypatch.setattr("landbridge.routing.query.access.highways", lambda: None)
    assert {way.place for way in at_kadikoy.starts} == {"tr-pendik"}
    assert "tr-halkali" in {way.place for way in by_land.starts}
    monkeypatch.setattr("landbridge.routing.query.access.crosses_border", lambda *_: True)
    assert Query(network, "41.0,28.9", "Xi'an").starts == []


@pytest.mark.usefixtures("roads_everywhere")
def test_the_limit_of_drayage_is_that_of_the_access_leg_too(tmp_path):
    # 0.5 degrees are 56 km, 1 degree is 111 km.
    network = row_of_terminals(tmp_path, 0.5, 1, tables={"dataset": [{"key": "drayage_km", "value": 100}]})
    assert list(joined(network, "0,0")) == ["cn-0"]


def test_points_out_of_reach_are_told_so_before_it_matters_that_their_terminal_is_the_same(tmp_path):
    # 4.05 degrees are 450 km; the points are 40 km apart.
    network = row_of_terminals(tmp_path, 4.05)
    with pytest.raises(NoRouteError, match=r"0,0 has no terminal within reach: the nearest is 0 \(cn-0\), 450 km away"):
        route(network, "0,0", "0,0.36")


def test_a_truck_drives_directly_between_points_of_one_terminal_if_a_road_joins_them(tmp_path, monkeypatch):
    network = row_of_terminals(tmp_path, 0.2)
    with pytest.raises(
        QueryError, match=r"0,0 and 0,0.1 have the same terminal, cn-0; give ends with different"
    ) as one:
        route(network, "0,0", "0,0.1")
    assert "truck" not in str(one.value)
    on_roads(monkeypatch, [(0.0, 0.0), (0.1, 0.0), (0.2, 0.0)])
    with pytest.raises(QueryError, match="cn-0; a truck would drive directly, 11 km by road; give"):
        route(network, "0,0", "0,0.1")


def test_a_point_beside_a_city_has_the_terminal_of_the_city(tmp_path):
    network = city(tmp_path)
    beside = f"{network.places['cn-station']['lat']},{network.places['cn-station']['lon'] + 0.001}"
    with pytest.raises(QueryError, match="have the same terminal, cn-station"):
        route(network, beside, "cn-city")


def test_where_the_nearest_terminal_lies_abroad_that_of_the_country_is_named_too(tmp_path, monkeypatch):
    # 0.1 degrees are 11 km, 2 degrees are 222 km.
    network = row_of_terminals(
        tmp_path, 0.1, links=[link("kz-far -- de-end", length_km=9000)], places=[place("kz-far", lon=2, lat=0)]
    )
    monkeypatch.setattr("landbridge.routing.query.access.country_at", lambda _: "KZ")
    named = r"\(cn-0\), 11 km away, and access stays in KZ, where the nearest is Far \(kz-far\), 222 km away; the limit"
    with pytest.raises(NoRouteError, match=named):
        route(network, "0,0", "de-end")


@pytest.mark.parametrize(("degrees", "within"), [(0.22, True), (0.23, False)])
def test_with_one_mode_a_point_joins_what_lies_within_25_km(tmp_path, degrees, within):
    # 0.22 degrees are 24.5 km, 0.23 are 25.6.
    network = row_of_terminals(tmp_path, degrees, 2)
    assert list(joined(network, "0,0", modes=frozenset({"rail"}))) == (["cn-0"] if within else [])


def test_a_terminal_that_handles_none_of_the_modes_is_not_joined(tmp_path):
    network = row_of_terminals(
        tmp_path,
        0.2,
        links=[link("cn-quay -- de-end", "sea", length_km=9000)],
        places=[place("cn-quay", lon=0.1, lat=0)],
    )
    assert list(joined(network, "0,0")) == ["cn-quay", "cn-0"]
    assert list(joined(network, "0,0", modes=frozenset({"rail", "road"}))) == ["cn-0"]
    assert list(joined(network, "0,0", modes=frozenset({"sea"}))) == ["cn-quay"]


@pytest.mark.usefixtures("roads_everywhere")
def test_access_stays_in_the_country_of_the_nearest_terminal(tmp_path):
    network = row_of_terminals(
        tmp_path,
        0.5,
        1.5,
        links=[link("kz-near -- de-end", length_km=9000)],
        places=[place("kz-near", lon=0.6, lat=0)],
    )
    assert list(joined(network, "0,0")) == ["cn-0", "cn-1"]
    assert list(joined(network, "0,0.7")) == ["kz-near"]


@pytest.mark.usefixtures("roads_everywhere")
def test_a_point_in_a_country_that_is_avoided_does_not_start_from_the_next_country(tmp_path):
    network = row_of_terminals(
        tmp_path,
        0.5,
        links=[link("kz-near -- de-end", length_km=9000)],
        places=[place("kz-near", lon=0.6, lat=0)],
    )
    assert route(network, "0,0", "de-end", avoid=["KZ"])[0].legs[0].end == "cn-0"
    with pytest.raises(NoRouteError, match="0,0 is in CN, which is avoided"):
        route(network, "0,0", "de-end", avoid=["CN"])


def test_a_point_in_a_country_that_is_avoided_is_told_so(network):
    # Near Moscow: what blocks is the country, not the distance to a terminal.
    with pytest.raises(NoRouteError, match="is in RU"):
        route(network, "55.75,38.1", "Duisburg", avoid=["RU"])


@pytest.mark.usefixtures("roads_everywhere")
def test_the_access_leg_is_a_haul_by_road_that_adds_to_the_totals(tmp_path):
    network = row_of_terminals(tmp_path, 0.5)
    # 87,600 USD x 0.25 / 8,760 h = 2.50 USD an hour
    cargo = Cargo(container_feet=20, teu=1, tonnes=20, value_usd=87_600)
    whole = route(network, "0,0", "de-end", cargo=cargo)[0]
    leg, km = whole.legs[0], 0.5 * KM_PER_DEGREE
    assert (leg.kind, leg.mode, leg.start, leg.end) == ("haul", "road", "0.0,0.0", "cn-0")
    assert leg.to_dict()["access"] is True
    assert whole.legs[1].to_dict()["access"] is False
    # 50 km/h, 0.10 USD a TEU-km, 10 g a tonne-km
    assert leg.distance_km == pytest.approx(km, rel=1e-4)
    assert leg.time.mean_h == pytest.approx(km / 50, rel=1e-4)
    assert leg.cost_usd == pytest.approx(0.1 * km, rel=1e-4)
    assert leg.co2e_kg == pytest.approx(0.01 * 20 * km, rel=1e-4)
    assert leg.inventory_usd == pytest.approx(2.5 * km / 50, rel=1e-4)
    assert whole.distance_km == pytest.approx(km + 9000, rel=1e-6)


@pytest.mark.usefixtures("roads_everywhere")
def test_a_point_may_be_the_destination(tmp_path):
    whole = route(row_of_terminals(tmp_path, 0.5), "de-end", "0,0")[0]
    assert (whole.legs[-1].start, whole.legs[-1].end) == ("cn-0", "0.0,0.0")
    assert [leg.kind for leg in whole.legs][-2:] == ["operation", "haul"]


@pytest.mark.usefixtures("roads_everywhere")
def test_the_terminal_is_chosen_for_the_whole_way_and_not_for_the_access_alone(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-near -- de-end", length_km=19_000), link("cn-far -- de-end", length_km=9000)],
        places=[place("cn-near", lon=0.1, lat=0), place("cn-far", lon=1, lat=0), place("de-end", lon=60, lat=0)],
    )
    # 11 km of road and 19,000 of rail against 111 and 9,000
    assert route(network, "0,0", "de-end")[0].legs[0].end == "cn-far"


def test_a_mode_that_is_not_allowed_on_the_line_still_brings_the_cargo_to_the_terminal(tmp_path):
    whole = route(row_of_terminals(tmp_path, 0.2), "0,0", "de-end", modes=["rail"])[0]
    assert [leg.mode for leg in whole.hauls] == ["road", "rail"]


def city(folder):
    """Return a network of a city with two terminals, the station nearer to the other end."""
    return tiny_network(
        folder,
        links=[
            link("cn-station -- cn-end", length_km=100),
            link("cn-yard -- cn-end", length_km=300),
            link("cn-station -- cn-yard", "road", length_km=20),
        ],
        places=[
            place("cn-city", kind="city"),
            place("cn-station", parent="cn-city"),
            place("cn-yard", parent="cn-city"),
            place("cn-end"),
        ],
    )


def test_a_city_stands_for_any_of_its_terminals(tmp_path):
    found = route(city(tmp_path), "cn-city", "cn-end")[0]
    assert found.legs[0].start == "cn-station"
    assert route(city(tmp_path), "cn-end", "cn-city")[0].legs[-1].end == "cn-station"


def test_a_terminal_stands_for_itself_and_a_transfer_within_the_city_is_no_line_haul(tmp_path):
    found = route(city(tmp_path), "cn-yard", "cn-end", modes=["rail"], objective="distance")[0]
    assert found.places == ("cn-yard", "cn-station", "cn-end")


@pytest.mark.parametrize("text", ["91,0", "0,181", "-91,0"])
def test_a_point_outside_the_world_is_refused(network, text):
    with pytest.raises(PlaceError, match="is out of range"):
        route(network, text, "Duisburg")


def test_a_point_in_the_ocean_has_no_terminal_within_reach(network):
    with pytest.raises(NoRouteError, match="0,-30 has no terminal within reach"):
        route(network, "0,-30", "Duisburg")


def test_a_point_at_sea_near_a_port_is_told_that_the_sea_lies_between(network):
    with pytest.raises(NoRouteError, match=r"Shanghai \(cn-shanghai\), 166 km away, and the sea lies between"):
        route(network, "30.5,123.5", "Duisburg")


def test_a_city_in_a_country_without_terminals_is_told_so(network):
    for city, country in (("Mombasa", "KE"), ("Tokyo", "JP")):
        with pytest.raises(NoRouteError, match=f"access stays in {country}, of which the network has none; the limit"):
            route(network, "Shanghai", city)


def test_a_point_near_duisburg_joins_terminals_of_germany(network):
    found = Query(network, "51.5,6.9", "Xi'an").starts
    assert 1 <= len(found) <= 5
    assert {network.places[way.place]["country"] for way in found} == {"DE"}
    for point in ("51.5,6.9", "51.43,6.76"):
        assert route(network, "Xi'an", point)[0].legs[-1].to_dict()["access"] is True


def test_a_point_on_top_of_a_terminal_is_that_terminal(network):
    duisburg = network.places["de-duisburg"]
    at_terminal = route(network, "Xi'an", f"{duisburg['lat']},{duisburg['lon']}")[0]
    assert at_terminal.places[-1] == "de-duisburg"
    assert at_terminal.legs[-1].operation == "unload"


def test_ways_of_the_same_lengths_have_the_times_and_costs_of_another_network(tmp_path):
    drawn = {"places": [place("cn-a", lon=0, lat=0)], "links": [link("cn-a -- cn-b")]}
    now = tiny_network(tmp_path / "now", **drawn)
    slower = tiny_network(tmp_path / "slower", services=[service("road", "road", speed_km_h=25)], **drawn)
    ways = Query(now, "0.1,0", "cn-b").starts
    expected = Query(slower, "0.1,0", "cn-b").starts
    found = repriced(slower, Cargo(), ways)
    assert [way.place for way in found] == [way.place for way in ways]
    for way, before, after in zip(found, ways, expected, strict=True):
        # At 25 in place of 50 km/h.
        assert way.costs.time_h == pytest.approx(2 * before.costs.time_h)
        assert (way.costs, way.duration, way.sources) == (after.costs, after.duration, after.sources)
    at_places = Query(now, "cn-a", "cn-b").starts
    assert repriced(slower, Cargo(), at_places) == at_places


def test_the_country_of_an_end_is_that_of_its_place_or_city(network):
    assert country_of(network, "de-duisburg") == "DE"
    city = end_of(network, "Timbuktu")
    assert isinstance(city, tuple)
    assert country_of(network, city) == "ML"
    assert country_of(network, (6.76, 51.43)) is None


def test_ends_have_no_terminal_in_common_where_one_has_none_within_reach(tmp_path):
    # 4.05 degrees are 450 km.
    network = row_of_terminals(tmp_path, 0.1, 4.05)
    ends = ((0.0, 0.0), (0.0, 8.0))
    ways = [access_legs(network, Cargo(), None, end) for end in ends]
    assert [len(legs) for legs in ways] == [1, 0]
    assert shared_terminal(network, ends, ways) is None
