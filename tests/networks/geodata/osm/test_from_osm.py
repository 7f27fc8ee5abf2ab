import csv
import json
import os
from pathlib import Path

import pytest

from landbridge.networks import DataError, read_network
from landbridge.networks.file_sets import MANIFEST
from landbridge.networks.geodata.osm import from_osm as importing
from landbridge.networks.geodata.osm.from_osm import FILES, build_from_osm
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import route
from tests.support.osm_drawing import Map, km, straight

SAMPLES = Path(os.environ.get("LANDBRIDGE_GEODATA_SAMPLES", Path(__file__).parents[4] / "shared" / "geodata"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="LANDBRIDGE_GEODATA_SAMPLES names no folder of samples")


def build(drawn, tmp_path, **options):
    options = {"modes": ("rail",), "country": "AZ"} | options
    return build_from_osm(drawn.json(tmp_path / "map.json"), tmp_path / "out", **options)


def links(built):
    return {(row["from"], row["to"], row["mode"], row["gauge"]): row["length_km"] for row in built.network.links}


def test_a_line_with_a_station_becomes_two_links_that_are_routed(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 40)
    drawn.node("p4", km(20, 0), railway="station", name="Ortaq", name__ru="Ортаг").way(names)
    built = build(drawn, tmp_path)
    # p0 to p4 and p4 to p8, 20 km each along the parallel of 40 N.
    assert list(links(built).values()) == pytest.approx([20, 20], rel=1e-3)
    network = read_network(tmp_path / "out/network.gpkg")
    assert network.places["az-ortaq"]["aliases"] == ("Ортаг",)
    found = route(network, "40.0,48.01", "40.0,48.46", modes=["rail"])[0]
    assert found.distance_km == pytest.approx(40 + 0.95 + 1.1, abs=0.3)
    assert route(network, "Ортаг", "40.0,48.46", modes=["rail"])


def double_track(drawn):
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, north=0.05)
    drawn.way(one).way(two).way("a4 b4", service="crossover")
    return one, two


def test_a_double_track_is_one_link_with_the_second_track_beside_it(tmp_path):
    drawn = Map()
    double_track(drawn)
    drawn.node("west", km(-5, 0)).node("east", km(45, 0)).way("west a0").way("west b0").way("east a8").way("east b8")
    drawn.node("x", km(-10, 0)).node("y", km(50, 0)).way("x west").way("east y")
    built = build(drawn, tmp_path)
    assert list(links(built).values()) == pytest.approx([60], rel=1e-3)
    assert built.report["lengths"]["rail 1520"]["beside_km"] == pytest.approx(50, rel=1e-2)


def test_a_double_track_that_an_extract_cuts_off_ends_in_one_place(tmp_path):
    drawn = Map()
    double_track(drawn)
    built = build(drawn, tmp_path)
    assert sum(links(built).values()) == pytest.approx(40, rel=1e-2)
    assert len(built.network.places) <= 3


def test_a_yard_is_one_terminal_with_its_tracks_summed_and_the_way_through_kept(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 40, step_km=1)
    drawn.way(names)
    for track in range(1, 5):
        # Side tracks of some 1 km beside the line between km 20 and km 21.
        drawn.node(f"s{track}", km(20.5, 0.01 * track)).way(f"p20 s{track} p21", service="yard")
    built = build(drawn, tmp_path)
    assert sum(links(built).values()) == pytest.approx(40, rel=1e-3)
    yard = next(row for row in built.network.places.values() if row["lon"] not in {km(0, 0)[0], km(40, 0)[0]})
    assert (yard["kind"], yard["modes"]) == ("terminal", ("rail",))
    assert built.report["lengths"]["rail 1520"]["yards_km"] == pytest.approx(4, rel=1e-2)


def test_tracks_of_two_gauges_are_never_one_link(tmp_path):
    drawn = Map()
    wide, narrow = straight(drawn, "w", 20), straight(drawn, "n", 20, start=20)
    drawn.way(f"{wide}", gauge="1520").way(f"w4 {narrow}", gauge="1435")
    built = build(drawn, tmp_path)
    assert sorted(gauge for *_, gauge in links(built)) == [1435, 1520]
    changes = [row for row in built.network.operations if row["kind"] == "gauge_change"]
    assert [(row["from_gauge"], row["to_gauge"], row["both_ways"]) for row in changes] == [(1435, 1520, True)]
    assert_gauge_changes_only_in_operations(built.network)


def test_a_track_of_two_gauges_carries_both_and_changes_none(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.node("x", km(25, 0)).node("y", km(25, 5)).way(names, gauge="1435;1520")
    drawn.way("p4 x", gauge="1520").way("p4 y", gauge="1435")
    built = build(drawn, tmp_path)
    by_gauge = {
        gauge: sum(length for (*_, own), length in links(built).items() if own == gauge) for gauge in (1435, 1520)
    }
    assert by_gauge == pytest.approx({1520: 25, 1435: 20 + 50**0.5}, rel=1e-2)
    assert_gauge_changes_only_in_operations(built.network)


def assert_gauge_changes_only_in_operations(network):
    graph = network.graph
    kinds = {"gauge_change"}
    for edge, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        before, after = graph.states[tail].gauge, graph.states[head].gauge
        if before is not None and after is not None and before != after:
            assert graph.kind[edge] == EdgeKind.OPERATION
            row = network.operations[graph.row[edge]]
            assert row["kind"] in kinds or row["kind"] == "transship"


def test_a_gap_is_healed_and_reported(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 40, start=43)
    built = build(drawn.way(one).way(two), tmp_path)
    assert sum(links(built).values()) == pytest.approx(83, rel=1e-3)
    welds = json.loads((tmp_path / "out/welds.geojson").read_text(encoding="utf-8"))["features"]
    assert [weld["properties"]["km"] for weld in welds] == pytest.approx([3], rel=1e-2)
    assert welds[0]["properties"]["why"]


def test_what_hangs_on_nothing_is_left_out_and_reported(tmp_path):
    drawn = Map()
    one, two = straight(drawn, "a", 40), straight(drawn, "b", 20, north=60)
    built = build(drawn.way(one).way(two), tmp_path)
    assert len(built.network.links) == 1
    assert built.report["left_out_km"]["not connected"] == pytest.approx(20, rel=2e-2)
    left_out = json.loads((tmp_path / "out/left_out.geojson").read_text(encoding="utf-8"))["features"]
    assert [item["properties"]["gauge"] for item in left_out] == [1520]


def test_a_ferry_and_a_road_join_rail(tmp_path):
    drawn = Map()
    west, east = straight(drawn, "w", 30), straight(drawn, "e", 30, start=200)
    drawn.node("w0", km(0, 0), railway="station", name="Qarb").node("e6", km(230, 0), railway="station", name="Sharq")
    drawn.node("pier", km(31, 0)).node("quay", km(199, 0)).node("mid", km(120, 5))
    road = straight(drawn, "r", 30, north=1)
    drawn.way(west).way(east).way(road, highway="trunk")
    drawn.way("pier mid quay", route="ferry", ferry="train", duration="12:30", name="Feribot")
    built = build(drawn, tmp_path, modes=("rail", "ferry", "road"))
    ferry = next(row for row in built.network.links if row["mode"] == "ferry")
    assert (ferry["mean_h"], ferry["gauge"], ferry["service"]) == (12.5, 1520, "osm-train-ferry")
    found = route(built.network, "Qarb", "Sharq", modes=["rail", "ferry"])[0]
    assert [leg.mode for leg in found.legs if leg.kind == "haul" and leg.access is None] == ["rail", "ferry", "rail"]
    assert {row["mode"] for row in built.network.links} == {"rail", "ferry", "road"}


def test_a_border_is_crossed_by_the_default_operations(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.way(names)
    # Without a country the points decide: this line runs from Azerbaijan to Georgia near Boyuk Kesik.
    for number, (lon, lat) in enumerate([(45.35, 41.30), (45.19, 41.377), (45.05, 41.44), (44.95, 41.55)]):
        drawn.node(f"g{number}", (lon, lat), railway="station", name=f"S{number}")
    drawn.ways.clear()
    built = build(drawn.way("g0 g1 g2 g3"), tmp_path, country=None)
    assert {row["country"] for row in built.network.places.values()} == {"AZ", "GE"}
    found = route(built.network, "S0", "S3", modes=["rail"])[0]
    assert {"border_exit", "border_entry"} <= {leg.kind for leg in found.legs} | {
        leg.operation for leg in found.legs if hasattr(leg, "operation")
    }


def test_every_km_is_accounted_for(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 60, step_km=1)
    drawn.way(names)
    for track in range(1, 9):
        drawn.node(f"s{track}", km(30.5, 0.01 * track)).way(f"p30 s{track} p31", service="yard")
    branch = straight(drawn, "b", 20, start=31, north=3, step_km=1)
    drawn.way(f"p31 {branch}")
    assert_accounted(build(drawn, tmp_path))


def assert_accounted(built):
    for lengths in built.report["lengths"].values():
        parts = lengths["lines_km"] + lengths["beside_km"] + lengths["yards_km"]
        assert parts - lengths["shared_km"] == pytest.approx(lengths["read_km"], rel=1e-6, abs=0.01)
    links_km = sum(sum(own.values()) for own in built.report["links_km"].values())
    lines_km = sum(lengths["lines_km"] for lengths in built.report["lengths"].values())
    others = built.report["left_out_km"]["not connected"] + built.report["within_places_km"]
    assert links_km <= lines_km * 1.001
    assert links_km + others >= lines_km * 0.999


def test_tags_are_kept_for_each_link(tmp_path):
    import pyogrio

    drawn = Map()
    names = straight(drawn, "p", 20).split()
    drawn.way(
        " ".join(names[:3]), electrified="contact_line", maxspeed="80", operator="ADY", name="Xətt", name__en="Line"
    )
    drawn.way(" ".join(names[2:]), electrified="no", bridge="yes", usage="main")
    build(drawn, tmp_path)
    frame = pyogrio.read_dataframe(tmp_path / "out/network.gpkg", layer="osm_tags")
    row = frame.iloc[0]
    assert (row["gauge"], row["maxspeed"], row["operator"], row["usage"]) == (1520, "80", "ADY", "main")
    assert set(row["electrified"].split(";")) == {"contact_line", "no"}
    assert set(row["names"].split(";")) == {"Line", "Xətt"}
    assert row["bridge_km"] == pytest.approx(10, rel=1e-3)
    assert row["way_ids"] == "1001;1002"


def test_all_files_are_written_and_the_lengths_are_those_of_the_links(tmp_path):
    drawn = Map()
    built = build(drawn.way(straight(drawn, "p", 20)), tmp_path)
    assert [path.name for path in built.files] == list(FILES)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*FILES, MANIFEST}
    with (tmp_path / "out/lengths.csv").open(encoding="utf-8", newline="") as file:
        assert [float(row["length_km"]) for row in csv.DictReader(file)] == list(links(built).values())


def test_speeds_of_the_user_go_before_all(tmp_path):
    drawn = Map()
    built = build(drawn.way(straight(drawn, "p", 20)), tmp_path, speeds_km_h={"rail": 55})
    service = built.network.services["rail-az"]
    assert (service["speed_km_h"], service["speed_source"]) == (55, ("OSM-USER",))
    assert "OSM-USER" in built.network.sources


# ---- what cannot be built leaves what is there as it is


def test_a_failure_leaves_earlier_output_untouched(tmp_path, monkeypatch):
    drawn = Map()
    build(drawn.way(straight(drawn, "p", 20)), tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "bad.json").write_text('[{"id": 1, "type": "rail", "geometry": [[40, 48]]}]', encoding="utf-8")
    with pytest.raises(DataError):
        build_from_osm(tmp_path / "bad.json", tmp_path / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, "write_reports", full)
    with pytest.raises(OSError, match="No space left"):
        build(drawn, tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_file_with_no_rail_is_refused_with_what_it_has(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 20)
    drawn.way(names, highway="trunk").way(names, railway="abandoned")
    path = drawn.json(tmp_path / "map.json")
    with pytest.raises(DataError, match=r"no railway=rail \(road 1; left out: railway=abandoned 1\)"):
        build_from_osm(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert build_from_osm(path, tmp_path / "out", modes=("road",), country="AZ").network.links


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"modes": ("rail", "air")}, "modes air cannot be built"),
        ({"modes": ()}, "cannot be built"),
        ({"country": "ZZ"}, "country 'ZZ' is unknown"),
        ({"gauge": 1234}, "gauge 1234 is unknown"),
    ],
)
def test_options_that_are_wrong_are_named(tmp_path, options, problem):
    drawn = Map()
    drawn.way(straight(drawn, "p", 20))
    with pytest.raises(DataError, match=problem):
        build(drawn, tmp_path, **options)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    drawn = Map()
    drawn.way(straight(drawn, "p", 20))
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written to"):
        build(drawn, tmp_path)


# ---- real extracts


@pytest.fixture(scope="module")
def azerbaijan(tmp_path_factory):
    sources = [SAMPLES / "rail_azerbaijan.json", SAMPLES / "st_azerbaijan.json"]
    return build_from_osm(sources, tmp_path_factory.mktemp("az"), modes=("rail",))


@needs_samples
def test_the_ways_of_azerbaijan_make_a_network(azerbaijan):
    assert_accounted(azerbaijan)
    assert_gauge_changes_only_in_operations(azerbaijan.network)
    network = read_network(azerbaijan.files[-1])
    # Published: Baku - Boyuk Kesik 504 km; Keshla lies some 7 km before Baku's passenger station.
    found = route(network, "az-kesle-stansiyasi", "az-boyuk-kesik-stansiyasi", modes=["rail"], objective="distance")
    assert found[0].distance_km == pytest.approx(504 - 7, rel=0.02)
    assert route(network, "40.378,49.86", "41.33,45.02", modes=["rail"])


@needs_samples
def test_the_yards_of_cologne_become_terminals(tmp_path):
    pytest.importorskip("osmium")
    built = build_from_osm(SAMPLES / "cologne-railway.osm.pbf", tmp_path / "out", modes=("rail",))
    assert_accounted(built)
    # 5,920 ways of rail with 3,657 switches.
    assert len(built.network.places) < 700
    assert built.report["lengths"]["rail 1435"]["yards_km"] > 600
