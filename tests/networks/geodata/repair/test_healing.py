"""Healing: what is welded, what is not, and the report. 0.01 degrees along the equator are 1.11 km."""

import json

import numpy as np
import pytest

from landbridge.networks.geodata.bases.line_base import line_base
from landbridge.networks.geodata.repair.healing import heal, write_welds


def row(*lons, lat=0.0):
    """Draw a line along a parallel, lon in hundredths of a degree."""
    return [(lon / 100, lat) for lon in lons]


def whys(welds):
    return [weld.why.split(":")[0] for weld in welds]


def test_an_end_beside_a_piece_is_welded():
    base = line_base([row(0, 10, 20), row(20.3, 30, 40)])  # gap 0.33 km
    healed, welds = heal(base)
    assert whys(welds) == ["touching"]
    assert welds[0].km == pytest.approx(0.334, abs=0.001)
    assert healed.pieces.max() == 0
    assert healed.km.sum() == pytest.approx(base.km.sum() + welds[0].km)


def test_a_yard_that_is_joined_nearby_is_left_alone():
    # A siding that ends 0.2 km beside the main line that it left 4.4 km before: 9 km round.
    base = line_base([row(0, 4, 20), [(0.0, 0.0), (0.02, 0.002), (0.04, 0.002)]])
    assert heal(base)[1] == []


def test_ends_that_face_each_other_are_welded_over_a_bridge():
    base = line_base([row(0, 10, 20), row(24, 34, 44)])  # gap 4.4 km
    _, welds = heal(base, max_gap_km=9)
    assert whys(welds) == ["facing"]


def test_a_gap_that_has_to_stay_open_is_not_welded_by_any_rule():
    gaps = [(20, 20.3), (20, 21), (20, 24)]  # 0.33, 1.1 and 4.4 km
    asked = []
    for end, start in gaps:
        base = line_base([row(0, 10, end), row(start, 30, 44)])
        assert heal(base, max_gap_km=9)[1]
        healed, welds = heal(base, max_gap_km=9, refuse=lambda *gap: asked.append(sorted(gap)) is None)
        assert (healed.edge_count, welds) == (base.edge_count, [])
    # Each rule that finds a gap asks, and all ask about the same gap.
    assert {tuple(gap) for gap in asked} == {((end / 100, 0.0), (start / 100, 0.0)) for end, start in gaps}


def test_a_gap_longer_than_the_limit_or_than_the_lines_stays():
    far = line_base([row(0, 10, 20), row(30, 40, 50)])  # gap 11 km
    assert heal(far, max_gap_km=9)[1] == []
    short = line_base([row(0, 10, 20), row(24, 26)])  # gap 4.4 km, line 2.2 km
    assert heal(short, max_gap_km=9)[1] == []


def test_ends_that_do_not_face_each_other_are_left_alone():
    base = line_base([row(0, 10, 20), [(0.24, 0.0), (0.24, 0.1), (0.24, 0.2)]])
    assert heal(base, max_gap_km=9)[1] == []


def test_an_end_that_runs_at_a_line_joins_it():
    base = line_base([row(0, 10, 20), [(0.22, -0.2), (0.22, 0.0), (0.22, 0.2)]])  # gap 2.2 km
    _, welds = heal(base)
    assert whys(welds) == ["joining"]
    assert welds[0].end == (0.22, 0.0)


def test_ends_side_by_side_meet_only_over_a_long_way_round():
    apart = line_base([row(0, 10, 20), [(0.21, 0.005), (0.21, 0.1), (0.21, 0.2)]])  # 1.24 km apart
    assert whys(heal(apart)[1]) == ["meeting"]
    joined = line_base([row(0, 2, 4), [(0.0, 0.0), (0.0, 0.01), (0.04, 0.01)]])  # 1.1 km apart, 11 km round
    assert heal(joined)[1] == []


def test_pieces_that_touch_away_from_their_ends_are_welded_once():
    base = line_base(
        [row(0, 10, 20, 30), row(0, 10, 20, 30, lat=0.5), [(0.1, 0.002), (0.1, 0.2), (0.2, 0.2), (0.1, 0.002)]]
    )
    _, welds = heal(base)
    assert len(welds) == 1
    assert welds[0].km == pytest.approx(0.222, abs=0.001)


@pytest.mark.parametrize("column", ["gauge_of_node", "country_of_node"])
def test_nothing_is_welded_across_a_border_but_at_a_listed_crossing(column):
    base = line_base([row(0, 10, 20), row(20.3, 30, 40)])
    sides = {
        "gauge_of_node": np.array([1520] * 3 + [1435] * 3),
        "country_of_node": np.array(["KZ"] * 3 + ["CN"] * 3),
    }
    assert heal(base, **{column: sides[column]})[1] == []
    _, welds = heal(base, **{column: sides[column]}, crossings=[(0.2, 0.0)])
    assert whys(welds) == ["touching"]


def test_an_unknown_gauge_keeps_nothing_apart():
    base = line_base([row(0, 10, 20), row(20.3, 30, 40)])
    assert len(heal(base, gauge_of_node=np.array([1520] * 3 + [0] * 3))[1]) == 1


def test_a_base_without_gaps_is_returned_as_it_is():
    base = line_base([row(0, 10, 20)])
    assert heal(base) == (base, [])


def test_welds_are_written_as_geojson(tmp_path):
    base = line_base([row(0, 10, 20), row(20.3, 30, 40)])
    _, welds = heal(base, country_of_node=np.array(["KZ"] * 6))
    write_welds(tmp_path / "welds.geojson", welds)
    feature = json.loads((tmp_path / "welds.geojson").read_text())["features"][0]
    assert feature["properties"]["countries"] == "KZ"
    assert feature["properties"]["km"] == pytest.approx(0.334, abs=0.001)
    assert feature["properties"]["why"].startswith("touching")
    assert feature["geometry"]["type"] == "LineString"
