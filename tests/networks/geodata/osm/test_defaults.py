"""What a network from a map assumes where the map says nothing."""

from tests.support.osm_building import build
from tests.support.osm_drawing import Map, straight


def test_speeds_of_the_user_go_before_all(tmp_path):
    drawn = Map()
    built = build(drawn.way(straight(drawn, "p", 20)), tmp_path, speeds_km_h={"rail": 55})
    service = built.network.services["rail-az"]
    assert (service["speed_km_h"], service["speed_source"]) == (55, ("OSM-USER",))
    assert "OSM-USER" in built.network.sources
