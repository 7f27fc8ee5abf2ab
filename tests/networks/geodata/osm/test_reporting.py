"""Reports: every km is accounted for, and each file is written."""

import csv

from landbridge.networks.file_sets import MANIFEST
from landbridge.networks.geodata.osm.from_osm import FILES
from landbridge.networks.writing import check_own
from tests.support.osm_building import assert_accounted, build, links
from tests.support.osm_drawing import Map, km, straight


def test_every_km_is_accounted_for(tmp_path):
    drawn = Map()
    names = straight(drawn, "p", 60, step_km=1)
    drawn.way(names)
    for track in range(1, 9):
        drawn.node(f"s{track}", km(30.5, 0.01 * track)).way(f"p30 s{track} p31", service="yard")
    branch = straight(drawn, "b", 20, start=31, north=3, step_km=1)
    drawn.way(f"p31 {branch}")
    assert_accounted(build(drawn, tmp_path))


def test_all_files_are_written_and_the_lengths_are_those_of_the_links(tmp_path):
    drawn = Map()
    built = build(drawn.way(straight(drawn, "p", 20)), tmp_path)
    assert [path.name for path in built.files] == list(FILES)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*FILES, MANIFEST}
    with (tmp_path / "out/lengths.csv").open(encoding="utf-8", newline="") as file:
        assert [float(row["length_km"]) for row in csv.DictReader(file)] == list(links(built).values())
    check_own(tmp_path / "out/network.gpkg")  # the layer of tags is no edit
