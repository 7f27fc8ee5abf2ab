import json
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from landbridge.networks import DataError
from landbridge.networks.geodata.osm.from_osm import build_from_osm
from landbridge.networks.geodata.osm.overpass import read_overpass
from landbridge.networks.geodata.osm.ways import mode_of
from tests.support.osm_drawing import Map, km, straight

BOX = (47.9, 39.9, 48.7, 40.2)


@contextmanager
def server(elements, *, status=200):
    """Answer each question with the elements of a map: those of the kind that it asks for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
            asked.append(query)
            body = json.dumps({"version": 0.6, "elements": elements}).encode() if status == 200 else b"busy"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/api", asked
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "cache"))


def drawn_map():
    drawn = Map()
    names = straight(drawn, "p", 40)
    drawn.node("p4", km(20, 0), railway="station", name="Ortaq", name__ru="Ортаг")
    drawn.way(names, gauge="1520", electrified="contact_line", maxspeed="80", name__az="Xətt")
    return drawn.node("x", km(40, 5)).way("p8 x", gauge="1435")


def test_ways_are_read_with_the_tags_that_osmnx_drops():
    with server(drawn_map().elements()) as (url, asked):
        ways = read_overpass(bbox=BOX, modes=("rail",), url=url)
    assert any('["railway"~"^(rail|narrow_gauge)$"]' in query for query in asked)
    kept = {"gauge": "1520", "electrified": "contact_line", "maxspeed": "80", "name:az": "Xətt", "railway": "rail"}
    assert kept.items() <= ways.tags[0].items()
    assert {tags["gauge"] for tags in ways.tags} == {"1520", "1435"}
    assert {mode_of(tags) for tags in ways.tags} == {"rail"}
    # 8 steps of the line and 1 of the branch, each once.
    assert len(ways) == 9
    assert [(point.tags["name"], point.node >= 0) for point in ways.points] == [("Ortaq", True)]


def test_a_network_is_built_of_what_was_read_online(tmp_path):
    with server(drawn_map().elements()) as (url, _):
        ways = read_overpass(bbox=BOX, modes=("rail",), url=url)
    built = build_from_osm(ways, tmp_path / "out", modes=("rail",), country="AZ")
    assert sorted(link["gauge"] for link in built.network.links) == [1435, 1520, 1520]
    assert "az-ortaq" in built.network.places


def test_lines_that_are_shut_keep_gaps_open_online_too(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 20), straight(drawn, "b", 20, start=24)
    drawn.node("a0", km(0, 0), railway="station", name="A").node("b4", km(44, 0), railway="station", name="B")
    drawn.way(one).way(two).way("a4 b0", railway="construction", construction="rail")
    with server(drawn.elements()) as (url, asked):
        ways = read_overpass(bbox=BOX, modes=("rail",), url=url)
    assert any('["railway"~"^(abandoned|construction|' in query for query in asked)
    built = build_from_osm(ways, tmp_path / "out", modes=("rail",), country="AZ")
    assert [row["why"] for row in built.report["gaps_left_open"]] == ["railway=construction (way 1003)"]
    assert len(built.report["parts"]) == 2


def test_a_ferry_that_is_cut_into_steps_has_its_duration_once(tmp_path):
    drawn = Map().node("x", km(20, 1))
    for name, east in (("w", 0), ("e", 40)):
        drawn.node(name, km(east, 0), amenity="ferry_terminal", name=f"Quay {name}")
        drawn.node(f"{name}0", km(east, 0.3), railway="station", name=f"Town {name}").node(f"{name}1", km(east, 9))
        drawn.way(f"{name}0 {name}1")
    drawn.way("w x e", route="ferry", hgv="yes", duration="02:00")
    with server(drawn.elements()) as (url, _):
        ways = read_overpass(bbox=BOX, modes=("rail", "ferry"), url=url)
    built = build_from_osm(ways, tmp_path / "out", modes=("rail", "ferry"), country="KZ")
    assert [row["mean_h"] for row in built.network.links if row["mode"] == "ferry"] == [2.0]


def test_a_station_that_is_an_area_and_a_level_crossing_are_read_online():
    drawn = drawn_map().node("s", km(20, -9)).node("n", km(20, 9)).way("s p4 n")
    drawn.node("p4", km(20, 0), railway="railway_crossing")
    for name, place in {"q0": (10, 0.1), "q1": (10.4, 0.1), "q2": (10.4, 0.3)}.items():
        drawn.node(name, km(*place))
    drawn.way("q0 q1 q2 q0", railway="station", name="Sahə")
    with server(drawn.elements()) as (url, _):
        ways = read_overpass(bbox=BOX, modes=("rail",), url=url)
    assert [point.tags["name"] for point in ways.points] == ["Sahə"]
    assert ways.level_crossings == (km(20, 0),)
    at_crossing = {node for node in ways.nodes.tolist() if (ways.lon[node], ways.lat[node]) == km(20, 0)}
    assert len(at_crossing) == 2


def test_the_settings_of_osmnx_are_as_before():
    import osmnx

    before = {name: getattr(osmnx.settings, name) for name in ("useful_tags_way", "overpass_url", "cache_folder")}
    with server(drawn_map().elements()) as (url, _):
        read_overpass(bbox=BOX, modes=("rail",), url=url)
    assert {name: getattr(osmnx.settings, name) for name in before} == before


def kept_answers(tmp_path):
    return sorted((tmp_path / "cache" / "overpass").glob("*.json"))


def test_a_damaged_answer_that_was_kept_is_asked_for_again(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("landbridge.networks.caches._TOLD", set())
    with server(drawn_map().elements()) as (url, asked):
        read_overpass(bbox=BOX, modes=("rail",), url=url)
        first = len(asked)
        read_overpass(bbox=BOX, modes=("rail",), url=url)
        assert len(asked) == first
        for file in kept_answers(tmp_path):
            os.truncate(file, 30)
        assert len(read_overpass(bbox=BOX, modes=("rail",), url=url)) == 9
        assert len(asked) == 2 * first
    assert "is damaged; it is requested again" in caplog.text


def test_answers_are_not_kept_where_nothing_can_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_CACHE", os.devnull)
    monkeypatch.chdir(tmp_path)
    with server(drawn_map().elements()) as (url, asked):
        for _ in range(2):
            read_overpass(bbox=BOX, modes=("rail",), url=url)
    assert len(asked) == 2 * len(set(asked))
    assert list(tmp_path.iterdir()) == []


def test_an_answer_with_nothing_is_an_error():
    with server([]) as (url, _), pytest.raises(DataError, match="nothing was found"):
        read_overpass(bbox=BOX, modes=("rail",), url=url)


def test_a_server_that_fails_or_is_not_there_is_an_error():
    with server([], status=500) as (url, _), pytest.raises(DataError, match="did not respond"):
        read_overpass(bbox=BOX, modes=("rail",), url=url)
    with pytest.raises(DataError, match="did not respond"):
        read_overpass(bbox=BOX, modes=("rail",), url=url)


def test_an_area_is_a_place_or_a_box():
    with pytest.raises(DataError, match="either a place or a bounding box"):
        read_overpass()
    with pytest.raises(DataError, match="is invalid; give west, south, east, north"):
        read_overpass(bbox=(48.7, 39.9, 47.9, 40.2), url="http://127.0.0.1:9/api")
