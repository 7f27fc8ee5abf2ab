import json
import re

import pytest

from landbridge.networks import DataError
from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.ways import names_of
from tests.support.osm_building import SAMPLES, needs_samples
from tests.support.osm_drawing import Map, km, straight


def line():
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.node("station", km(10, 0.1), railway="station", name="Ortaq", name__en="Middle")
    return drawn.way(names, name="Test line", electrified="contact_line")


def test_overpass_json_gives_ways_nodes_stations_and_tags(tmp_path):
    ways = read_ways(line().json(tmp_path / "a.json"))
    assert (len(ways), len(ways.lon)) == (1, 5)
    assert ways.tags[0] == {"railway": "rail", "gauge": "1520", "name": "Test line", "electrified": "contact_line"}
    assert [names_of(point.tags) for point in ways.points] == [["Middle", "Ortaq"]]


def test_overpass_geometry_stands_for_missing_nodes(tmp_path):
    geometry = [{"lat": 40.0, "lon": 48.0}, None, {"lat": 40.1, "lon": 48.0}, {"lat": 40.2, "lon": 48.0}]
    way = {"type": "way", "id": 7, "nodes": [1, 2, 3, 4], "geometry": geometry, "tags": {"railway": "rail"}}
    path = tmp_path / "geom.json"
    path.write_text(json.dumps({"elements": [way]}), encoding="utf-8")
    ways = read_ways(path)
    # The node outside the box cuts the way; one point before it is no line.
    assert ways.lat[ways.nodes].tolist() == [40.1, 40.2]


def test_a_list_of_ways_has_latitude_first_and_joins_at_equal_points(tmp_path):
    items = [
        {"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]},
        {"id": 2, "type": "rail", "geometry": [[40.0, 48.1], [40.0, 48.2]], "tags": {"gauge": "1520"}},
        {"id": 3, "type": "construction", "geometry": [[40.0, 48.1], [40.1, 48.2]]},
        {"id": 4, "lat": 40.0, "lon": 48.1, "type": "station", "name": "Düyün"},
    ]
    path = tmp_path / "list.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    ways = read_ways(path)
    assert (ways.nodes.tolist(), ways.lon.tolist(), ways.lat.tolist()) == ([0, 1, 1, 2], [48.0, 48.1, 48.2], [40.0] * 3)
    assert (dict(ways.skipped), ways.points[0].node) == ({"railway=construction": 1}, 1)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1e999", "inf"),
        ("999999999999999999999999", "999999999999999999999999"),
        (str(2**62), str(2**62)),
        ("2.5", "2.5"),
        ("true", "True"),
        ('"7"', "7"),
        ("null", "None"),
    ],
)
@pytest.mark.parametrize("place", ['"type": "way", "id": 1001', '"nodes": [1', '"type": "node", "id": 2'])
def test_an_id_that_is_none_is_a_fault(tmp_path, given, shown, place):
    path = line().json(tmp_path / "a.json")
    text = path.read_text(encoding="utf-8")
    assert place in text
    path.write_text(text.replace(place, re.sub(r"\d+$", "", place) + given, 1), encoding="utf-8")
    with pytest.raises(
        DataError, match=rf"an Overpass element: the id '{shown}' is not a whole number of at most 62 bits"
    ):
        read_ways(path)


@pytest.mark.parametrize(
    ("element", "problem"),
    [
        ({"type": "node", "id": 9, "lat": 10**400, "lon": 48}, "int too large"),
        ({"type": "node", "id": 9, "lon": 48}, "it has no lat"),
        (
            {"type": "way", "id": 9, "nodes": [1, 2], "geometry": [None], "tags": {"railway": "rail"}},
            "2 nodes and 1 points",
        ),
    ],
)
def test_an_element_that_is_none_is_a_fault(tmp_path, element, problem):
    (tmp_path / "a.json").write_text(json.dumps({"elements": [*line().elements(), element]}), encoding="utf-8")
    with pytest.raises(DataError, match=rf"a\.json:8: not an Overpass element: .*{problem}"):
        read_ways(tmp_path / "a.json")


def test_a_tag_without_a_value_is_no_name(tmp_path):
    station = {"type": "node", "id": 9, "lat": 40, "lon": 48, "tags": {"railway": "station", "name": None}}
    (tmp_path / "a.json").write_text(json.dumps({"elements": [station]}), encoding="utf-8")
    assert read_ways(tmp_path / "a.json").points[0].tags == {"railway": "station"}


@pytest.mark.parametrize(
    ("stated", "year"),
    [
        ("2021-05-06T07:08:09Z", 2021),
        ("1970-01-01T00:00:00Z", None),
        ("2999-01-01T00:00:00Z", None),
        ("unknown", None),
        (5, None),
    ],
)
def test_the_year_is_that_of_the_response_if_plausible(tmp_path, stated, year):
    document = {"osm3s": {"timestamp_osm_base": stated}, "elements": line().elements()}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    assert read_ways(tmp_path / "a.json").year == year


# ---- stations that are areas


def area(**tags):
    drawn = line()
    for name, place in {"n0": (5, 0.1), "n1": (5.4, 0.1), "n2": (5.4, 0.3), "n3": (5, 0.3)}.items():
        drawn.node(name, km(*place))
    return drawn.way("n0 n1 n2 n3 n0", **tags)


def test_a_station_that_is_an_area_is_a_point_in_its_middle(tmp_path):
    ways = read_ways(area(railway="station", name="Sahə").json(tmp_path / "a.json"))
    found = {names_of(point.tags)[0]: (point.lon, point.lat) for point in ways.points}
    assert found["Sahə"] == pytest.approx(km(5.2, 0.2), abs=1e-6)
    assert (len(ways), dict(ways.skipped)) == (1, {})


def test_a_station_that_is_a_relation_of_areas_is_a_point_in_its_middle(tmp_path):
    drawn = area(railway="platform").relation([1], type="multipolygon", railway="station", name="Sahə")
    ways = read_ways(drawn.json(tmp_path / "a.json"))
    found = {names_of(point.tags)[0]: (point.lon, point.lat) for point in ways.points}
    assert found["Sahə"] == pytest.approx(km(5.2, 0.2), abs=1e-6)


def test_a_station_drawn_as_a_point_and_as_an_area_is_one(tmp_path):
    drawn = area(railway="station", name="Sahə").node("p", km(5.3, 0.1), railway="station", name="Sahə")
    points = read_ways(drawn.json(tmp_path / "a.json")).points
    assert sorted(names_of(point.tags)[0] for point in points) == ["Middle", "Sahə"]


# ---- bad files: a clear error with file and place


def write_list(path, geometry, way=5):
    good = {"id": 1, "type": "rail", "geometry": [[40.0, 48.0], [40.0, 48.1]]}
    path.write_text(json.dumps([good, {"id": way, "type": "rail", "geometry": geometry}]), encoding="utf-8")
    return path


def test_a_way_of_one_node_is_named(tmp_path):
    path = write_list(tmp_path / "one.json", [[40.0, 48.0]])
    with pytest.raises(DataError, match=r"one\.json:2 \[way 5\]: a way with 1 node is not a line"):
        read_ways(path)
    assert read_ways(path, skip_faulty=True).skipped == {"faulty element": 1}


def test_coordinates_out_of_range_are_named(tmp_path):
    with pytest.raises(DataError, match=r"far\.json:2 \[way 5\]: lat 95, lon 48 is out of range"):
        read_ways(write_list(tmp_path / "far.json", [[95.0, 48.0], [40.0, 48.0]]))


def test_projected_coordinates_are_told_apart(tmp_path):
    with pytest.raises(DataError, match=r"not degrees: the file seems to be projected.*EPSG:4326"):
        read_ways(write_list(tmp_path / "utm.json", [[4431000.0, 412000.0], [4432000.0, 412500.0]]))


def test_all_faults_are_collected(tmp_path):
    items = [{"id": 1, "type": "rail", "geometry": [[40.0, 48.0]]}, {"type": "rail"}, "text", {"id": 2, "type": "rail"}]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_ways(path)
    assert [fault.row for fault in caught.value.faults] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON"),
        ("[1, NaN]", "NaN is not a JSON number"),
        ("{}", "neither an Overpass response nor a list of ways"),
        ("[" * 100_000, "is not JSON"),
        ('{"elements": [], "remark": "runtime error: Query timed out"}', "is incomplete: runtime error"),
    ],
)
def test_json_that_is_none_is_refused(tmp_path, text, problem):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        read_ways(path)


def test_a_file_of_another_kind_and_a_missing_one_are_refused(tmp_path):
    (tmp_path / "x.shp").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="not an OpenStreetMap extract"):
        read_ways(tmp_path / "x.shp")
    with pytest.raises(DataError, match="there is no file"):
        read_ways(tmp_path / "y.osm")


# ---- real extracts


@needs_samples
def test_the_ways_of_azerbaijan_are_read():
    ways = read_ways(SAMPLES / "rail_azerbaijan.json")
    assert len(ways) == 4738 + 3
    assert ways.skipped == {"railway=construction": 149, "railway=monorail": 2}
