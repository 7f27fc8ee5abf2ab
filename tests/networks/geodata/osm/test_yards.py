"""Yards: many tracks become one terminal, and the way through it keeps its length."""

import pytest

from landbridge.networks.geodata.osm.from_osm import build_from_osm
from tests.support.osm_building import SAMPLES, assert_accounted, build, links, needs_samples
from tests.support.osm_drawing import Map, km, straight


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


@needs_samples
def test_the_yards_of_cologne_become_terminals(tmp_path):
    pytest.importorskip("osmium")
    built = build_from_osm(SAMPLES / "cologne-railway.osm.pbf", tmp_path / "out", modes=("rail",))
    assert_accounted(built)
    # 5,920 ways of rail with 3,657 switches.
    assert len(built.network.places) < 700
    assert built.report["lengths"]["rail 1435"]["yards_km"] > 600
