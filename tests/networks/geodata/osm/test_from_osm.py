import json
import os
from datetime import UTC, datetime

import pytest

from landbridge.networks import DataError, QueryError, check_network, read_network
from landbridge.networks.geodata.osm import from_osm as importing
from landbridge.networks.geodata.osm.from_osm import build_from_osm
from landbridge.routing import route
from tests.support.osm_building import (
    SAMPLES,
    assert_accounted,
    assert_gauge_changes_only_in_operations,
    build,
    links,
    needs_samples,
)
from tests.support.osm_drawing import Map, km, straight


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


# ---- the year of the data


@pytest.mark.parametrize(
    ("stated", "changed", "given", "year"),
    [
        (2021, 1980, None, 2021),
        (None, 2015, None, 2015),
        (None, 1980, 2012, 2012),
        (2021, 2015, 2012, 2012),
    ],
)
def test_the_year_is_given_or_stated_or_that_of_the_file(tmp_path, stated, changed, given, year):
    drawn = Map()
    path = drawn.way(straight(drawn, "p", 20)).json(tmp_path / "a.json")
    header = {"osm3s": {"timestamp_osm_base": f"{stated}-05-06T00:00:00Z"}} if stated else {}
    path.write_text(json.dumps({**header, "elements": drawn.elements()}), encoding="utf-8")
    os.utime(path, (datetime(changed, 6, 1, tzinfo=UTC).timestamp(),) * 2)
    built = build_from_osm(path, tmp_path / "out", modes=["rail"], country="AZ", year=given)
    assert {link["length_year"] for link in built.network.links} == {year}
    assert check_network(tmp_path / "out/network.gpkg") == []


def test_an_implausible_date_of_a_file_is_refused_with_the_cure(tmp_path):
    drawn = Map()
    path = drawn.way(straight(drawn, "p", 20)).json(tmp_path / "a.json")
    os.utime(path, (0, 0))
    with pytest.raises(DataError, match=r"a\.json does not say of which year it is, and is dated 1970; give .*--year"):
        build_from_osm(path, tmp_path / "out", modes=["rail"], country="AZ")


@pytest.mark.parametrize("year", [0, 1980, 3000, "2020", True])
def test_a_year_out_of_range_is_refused(tmp_path, year):
    drawn = Map()
    drawn.way(straight(drawn, "p", 20))
    with pytest.raises(QueryError, match=r"year is .* and must be a whole number from 1,990 to 2,100"):
        build(drawn, tmp_path, year=year)


def test_tracks_of_an_unreadable_gauge_alone_are_no_network(tmp_path):
    drawn = Map()
    drawn.way(straight(drawn, "p", 20), gauge="²³")
    with pytest.raises(DataError, match=r"gives no network: .* \(left out: gauge unreadable 20 km\)"):
        build(drawn, tmp_path)


@pytest.mark.parametrize("options", [{"country": ["AZ"]}, {"country": "ZZ"}, {"gauge": [1520]}, {"gauge": 5}])
def test_an_unknown_country_or_gauge_is_refused_whatever_its_type(tmp_path, options):
    drawn = Map()
    drawn.way(straight(drawn, "p", 20))
    with pytest.raises(DataError, match="is unknown; give"):
        build(drawn, tmp_path, **options)


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
    with pytest.raises(QueryError, match="out is a file; give a folder"):
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
