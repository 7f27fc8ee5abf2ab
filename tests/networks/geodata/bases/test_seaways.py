"""The sea base: its corrections, ways over it, and the lines of sea links."""

import json
from datetime import date
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest

from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.geodata.bases.line_base import NoPathError
from landbridge.networks.geodata.bases.passages import NAMED, ROUTE, Passage, closed_passages
from landbridge.networks.geodata.bases.seaways import (
    LaneChanges,
    _path,
    make_sea_base,
    match_sea_link,
    read_lanes,
    read_marnet,
    sea_base,
)
from landbridge.networks.geometry.sphere import great_circle_km, line_km

WEST, EAST = (0.0, 0.0), (4.0, 0.0)
NORTH, SOUTH, FAR = (2.0, 1.0), (2.0, -2.0), (2.0, 6.0)


def sea_path(base, start, end, *, named=(), avoid=(), on=None):
    """Return the shortest way over sea with passages opened by name, closed, or shut out of their season."""
    return _path(base, start, end, closed_passages(base.passages, named=named, avoid=avoid, on=on))


# From west to east by the canal in the north, round the cape in the south, or far about by the ice.
SQUARE = {
    frozenset(pair) for pair in ((WEST, NORTH), (NORTH, EAST), (WEST, SOUTH), (SOUTH, EAST), (WEST, FAR), (FAR, EAST))
}
CANAL = Passage("canal", "Canal", ROUTE, (((1.9, 0.5), (1.9, 1.5)),))
CAPE = Passage("cape", "Cape", ROUTE, (((1.9, -1.5), (1.9, -2.5)),))
ICE = Passage("ice", "Ice", NAMED, (((1.9, 5.5), (1.9, 6.5)),), ((7, 1), (11, 30)))
NOTHING = LaneChanges(frozenset(), ())


@pytest.fixture(scope="module")
def square():
    return make_sea_base(SQUARE, NOTHING, (CANAL, CAPE, ICE))


def geojson(tmp_path, geometry):
    file = tmp_path / "marnet.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry}]}))
    return file


def test_the_shortest_way_goes_by_the_canal_and_without_it_round_the_cape(square):
    # 2 x hypot(2, 1) = 4.47 degrees against 2 x hypot(2, 2) = 5.66, of 111.2 km each
    assert sea_path(square, WEST, EAST).km == pytest.approx(497.2, abs=0.5)
    around = sea_path(square, WEST, EAST, avoid=["canal"])
    assert around.km == pytest.approx(628.9, abs=0.5)
    assert around.passages == ("cape",)


def test_a_passage_to_be_named_stays_shut_when_all_else_is(square):
    with pytest.raises(NoPathError, match="with canal, cape, ice closed"):
        sea_path(square, WEST, EAST, avoid=["canal", "cape"])


def test_a_seasonal_passage_is_there_in_season_only(square):
    options = {"avoid": ["canal", "cape"], "named": ["ice"]}
    assert sea_path(square, WEST, EAST, **options, on=date(2026, 8, 15)).passages == ("ice",)
    assert sea_path(square, WEST, EAST, **options).passages == ("ice",)
    with pytest.raises(NoPathError):
        sea_path(square, WEST, EAST, **options, on=date(2026, 1, 15))


def test_a_way_begins_and_ends_at_the_places_and_counts_the_way_to_the_lane(square):
    start = (-0.5, 0.0)
    path = sea_path(square, start, EAST)
    assert (path.points[0], path.points[-1]) == (start, EAST)
    assert path.snap_km == pytest.approx((55.6, 0.0), abs=0.1)
    assert path.km == pytest.approx(line_km(path.points))


def test_an_unknown_passage_is_an_error(square):
    with pytest.raises(QueryError, match="seuz"):
        sea_path(square, WEST, EAST, avoid=["seuz"])


def test_lanes_are_cut_into_short_pieces_of_great_circle(square):
    assert square.lines.km.max() <= 25.0
    # Two lanes by the canal, two round the cape, two by the ice: no length is lost.
    lengths = sum(great_circle_km(*piece) for piece in SQUARE)
    assert square.lines.km.sum() == pytest.approx(lengths, rel=1e-5)


def test_a_link_goes_by_the_passage_that_it_names(square):
    line, km = match_sea_link(square, [WEST, EAST], ["cape"])
    assert SOUTH in line
    assert km == pytest.approx(628.9, abs=0.5)


def test_a_link_goes_by_the_passage_that_it_is_drawn_through(square):
    line, _ = match_sea_link(square, [WEST, (1.0, -1.1), (3.0, -2.4), EAST])
    assert SOUTH in line
    assert (3.0, -2.4) not in line  # no detour by a waypoint beside the lane


def test_a_link_that_names_no_passage_takes_no_route(square):
    with pytest.raises(NoPathError, match="canal, cape, ice closed"):
        match_sea_link(square, [WEST, EAST])


def test_a_link_may_name_inland_waterways_that_the_sea_does_not_know(square):
    assert NORTH in match_sea_link(square, [WEST, EAST], ["canal", "danube"])[0]


def test_a_passage_to_avoid_is_closed_even_to_a_link_that_names_it(square):
    with pytest.raises(NoPathError):
        match_sea_link(square, [WEST, EAST], ["canal"], avoid=["canal"])


def test_dropped_lanes_are_gone_and_added_ones_join():
    added = ((0.0, 0.0), (2.0, 0.2), (4.0, 0.0))
    changes = LaneChanges(frozenset({frozenset((WEST, NORTH))}), (added,))
    base = make_sea_base(SQUARE, changes, (CANAL,))
    assert (2.0, 0.2) in sea_path(base, WEST, EAST).points
    assert NORTH not in sea_path(base, WEST, EAST, avoid=["canal"]).points


def test_pieces_that_are_cut_off_are_left_out_and_an_added_lake_stays():
    pond, lake = ((50.0, 0.0), (50.5, 0.0)), ((60.0, 0.0), (60.5, 0.0))
    base = make_sea_base({*SQUARE, frozenset(pond)}, LaneChanges(frozenset(), (lake,)), ())
    assert base.lines.lon.max() == 60.5
    assert 50.5 not in base.lines.lon


def test_a_correction_that_meets_no_lane_is_told(caplog):
    changes = LaneChanges(frozenset({frozenset(((7.0, 7.0), (8.0, 8.0)))}), ())
    make_sea_base(SQUARE, changes, ())
    assert "1 lanes to drop are not in the network" in caplog.text


def test_lanes_from_either_side_meet_at_180_degrees(tmp_path):
    lines = [[[179.0, 60.0], [180.0, 60.0]], [[-180.0, 60.0], [-179.0, 60.0]], [[181.0, 60.0], [182.0, 60.0]]]
    pieces = read_marnet(geojson(tmp_path, {"type": "MultiLineString", "coordinates": lines}))
    base = make_sea_base(pieces, NOTHING, ())
    assert (base.lines.lon.min(), base.lines.lon.max() < 180) == (-180.0, True)
    path = sea_path(base, (179.0, 60.0), (-178.0, 60.0))
    assert path.km == pytest.approx(great_circle_km((0.0, 60.0), (3.0, 60.0)), rel=1e-3)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1.0, 2.0]},
        {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 95.0]]},
        {"type": "LineString", "coordinates": [[1.0, 2.0], [500000.0, 4000000.0]]},
    ],
)
def test_a_file_that_is_no_marine_network_is_an_error(tmp_path, geometry):
    with pytest.raises(DataError, match=r"marnet\.geojson is not a marine network"):
        read_marnet(geojson(tmp_path, geometry))


def test_all_faulty_corrections_are_told(tmp_path):
    file = tmp_path / "sea_lanes.csv"
    file.write_text("action,points,note\nadd,1 1;2 2,\nmove,1 1;2 2,\nadd,1 1,\ndrop,1 1;2 95,\n")
    with pytest.raises(DataError) as caught:
        read_lanes(file)
    assert [fault.row for fault in caught.value.faults] == [3, 4, 5]


SHANGHAI, ROTTERDAM = (121.82, 30.885), (4.06, 51.948)
NINGBO, FELIXSTOWE = (121.85, 29.93), (1.31, 51.956)
AKTAU, ALAT, POTI, CONSTANTA = (51.222, 43.6), (49.425, 39.985), (41.658, 42.155), (28.648, 44.101)

needs_searoute = pytest.mark.skipif(find_spec("searoute") is None, reason="searoute is not installed")


@pytest.fixture(scope="module")
def sea():
    return sea_base()


@needs_searoute
class TestTheRealSea:
    def test_shanghai_rotterdam_by_suez_is_as_published(self, sea):
        path = sea_path(sea, SHANGHAI, ROTTERDAM)
        assert path.km == pytest.approx(19_631, rel=0.025)
        assert {"suez", "bab-el-mandeb", "malacca", "gibraltar"} <= set(path.passages)

    def test_closing_suez_alone_sends_ships_round_the_cape(self, sea):
        path = sea_path(sea, SHANGHAI, ROTTERDAM, avoid=["suez"])
        assert path.km == pytest.approx(25_558, rel=0.025)
        assert "cape" in path.passages

    @pytest.mark.parametrize("start", [SHANGHAI, NINGBO, (128.83, 35.08), (117.7, 38.99), (114.27, 22.575)])
    @pytest.mark.parametrize("end", [ROTTERDAM, (9.93, 53.518), (23.58, 37.962), (33.055, 68.98)])
    def test_no_closure_opens_the_arctic(self, sea, start, end):
        for avoid in (["suez"], ["suez", "cape"], ["malacca", "suez"], ["bab-el-mandeb"]):
            assert not {"northwest", "nsr"} & set(sea_path(sea, start, end, avoid=avoid).passages)

    def test_ningbo_felixstowe_by_the_northern_sea_route_exists_in_season_only(self, sea):
        summer = sea_path(sea, NINGBO, FELIXSTOWE, named=["nsr"], on=date(2026, 8, 15))
        winter = sea_path(sea, NINGBO, FELIXSTOWE, named=["nsr"], on=date(2026, 2, 15))
        assert "nsr" in summer.passages
        assert "nsr" not in winter.passages
        assert summer.km < winter.km

    def test_the_caspian_meets_the_black_sea_by_the_volga_don_alone(self, sea):
        with pytest.raises(NoPathError):
            sea_path(sea, ALAT, POTI)
        assert "volga-don" in sea_path(sea, ALAT, POTI, named=["volga-don"]).passages
        with pytest.raises(NoPathError):
            sea_path(sea, ALAT, POTI, named=["volga-don"], on=date(2026, 1, 15))

    @pytest.mark.parametrize(
        ("start", "end", "passages"),
        [
            (AKTAU, ALAT, set()),
            (POTI, CONSTANTA, set()),
            ((39.68, 47.208), (28.69, 40.968), {"bosporus", "kerch"}),  # Rostov to Istanbul
            ((72.945, 18.948), (56.075, 27.125), {"hormuz"}),  # Mumbai to Bandar Abbas
            ((23.58, 37.962), CONSTANTA, {"bosporus", "dardanelles"}),  # Piraeus to Constanta
        ],
    )
    def test_the_enclosed_seas_have_direct_lanes(self, sea, start, end, passages):
        path = sea_path(sea, start, end)
        assert set(path.passages) == passages
        assert max(path.snap_km) < 1.0
        # 1.6: the Bosporus and the Peloponnese stand between; Aktau to Alat has Absheron, 1.1.
        assert path.km < 1.6 * great_circle_km(start, end)

    def test_ships_pass_the_skaw_unless_they_name_the_kiel_canal(self, sea):
        hamburg, gdansk = (9.93, 53.518), (18.701, 54.377)
        about = sea_path(sea, hamburg, gdansk)
        assert not {"kiel", "oresund"} & set(about.passages)
        assert about.km > 1.5 * sea_path(sea, hamburg, gdansk, named=["kiel"]).km

    def test_all_sea_is_one_but_for_lakes(self, sea):
        sizes = np.bincount(sea.lines.pieces)
        assert sizes.max() > 0.999 * sizes.sum()

    def test_no_lane_jumps_over_180_degrees_or_runs_far_between_points(self, sea):
        path = sea_path(sea, NINGBO, FELIXSTOWE, named=["nsr"])
        assert max(great_circle_km(*pair) for pair in pairwise(path.points)) <= 25.5
        assert max(abs(point[0]) for point in path.points) <= 180
        assert sea.lines.km.max() <= 25.0
        assert sea.lines.km.sum() == pytest.approx(2_860_000, rel=0.1)

    def test_every_passage_has_a_lane(self, sea):
        assert set(sea.passage.tolist()) == {-1, *range(len(sea.passages))}
