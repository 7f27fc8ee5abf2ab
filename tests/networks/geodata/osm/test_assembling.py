"""From lines to rows: tags, borders."""

import pytest

from landbridge.routing import route
from tests.support.osm_building import build
from tests.support.osm_drawing import Map, straight


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
