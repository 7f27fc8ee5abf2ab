"""Links of a network in GMNS: modes by facility and use, tracks, and which links are one."""

from collections import Counter

import pytest

from landbridge.networks import DataError
from landbridge.networks.formats.gmns_files import read_folder
from landbridge.networks.formats.gmns_links import gmns_links
from landbridge.networks.formats.gmns_places import gmns_places
from landbridge.networks.geodata.osm.defaults import bundled_tables
from tests.support.gmns import LINK, replaced, written


def links(folder, *, country="DE", gauge=None, left_out=None, **files):
    read = read_folder(written(folder, **files))
    return gmns_links(read, gmns_places(read, country, 2024), gauge, 2024, Counter() if left_out is None else left_out)


@pytest.mark.parametrize(
    ("facility", "uses", "modes"),
    [
        ("rail", "", ["rail"]),
        ("Heavy rail", "all", ["rail"]),
        ("", "train", ["rail"]),
        ("arterial", "rail,truck", ["rail", "road"]),
        ("", "", ["road"]),
        ("motorway", "sov;hov2", ["road"]),
        ("tram", "truck", ["road"]),
        ("", "walk", []),
        ("", "tram,bus", []),
        ("ferry", "", ["ferry"]),
    ],
)
def test_modes_are_those_of_the_facility_or_of_the_uses(tmp_path, facility, uses, modes):
    # Without the road parallel to it, which is faster.
    link = LINK.replace("20,rail,,25,,", f'20,{facility},,25,,"{uses}"').partition("14,")[0]
    assert [row["mode"] for row in links(tmp_path, link=link) if row["note"] == "Line"] == modes


def test_ships_need_a_service_that_is_known(tmp_path):
    left_out = Counter()
    assert not [
        row
        for row in links(tmp_path, left_out=left_out, **replaced("link", "20,rail", "20,sea"))
        if row["mode"] == "sea"
    ]
    assert left_out["sea links without a service of the bundled data set"] == 1


def test_the_gauge_is_that_of_the_column_the_option_or_the_country(tmp_path):
    gauges = zip(LINK.splitlines(), ("gauge", "", "", "1676", "", "", ""), strict=True)
    with_gauge = "\n".join(",".join(row) for row in gauges)
    for number, (options, gauge) in enumerate(
        [({"link": with_gauge, "gauge": 1000}, 1676), ({"gauge": 1000}, 1000), ({}, 1435), ({"country": "KZ"}, 1520)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert [row["gauge"] for row in links(folder, **options) if row["mode"] == "rail"] == [gauge]


def test_opposite_links_across_a_border_are_one(tmp_path):
    node = "node_id,x_coord,y_coord,country\n1,9,50,DE\n2,9,50.1,PL\n3,9,50.3,PL\n"
    first = links(tmp_path, country=None, node=node)[0]
    assert (first["both_ways"], first["service"]) == (True, "road-de")


@pytest.mark.parametrize("new", ["11,B 1,2,1,1,11,arterial,1800,50", "11,B 2,2,1,1,10,arterial,1800,50"])
def test_opposite_links_that_differ_stay_two(tmp_path, new):
    link = replaced("link", "11,B 1,2,1,1,10,arterial,1800,50", new)
    assert [row["both_ways"] for row in links(tmp_path, **link)][:2] == [False, False]


def test_a_link_that_ends_where_it_starts_is_left_out(tmp_path):
    left_out = Counter()
    links(tmp_path, link=LINK + "16,Ring,1,1,true,3,local,,30,,\n", left_out=left_out)
    assert left_out["links that end where they start"] == 1


def test_a_line_drawn_against_the_link_is_reversed(tmp_path):
    drawn = ',"LINESTRING (9 50.3, 9.1 50.2, 9 50.1)",-1'
    cells = (",geometry,dir_flag", ",,", ",,", drawn, ",,", ",,", ",,")
    link = "\n".join(row + more for row, more in zip(LINK.splitlines(), cells, strict=True))
    line = next(row for row in links(tmp_path, link=link) if row["mode"] == "rail")
    assert list(line["geometry"].coords) == [(9, 50.1), (9.1, 50.2), (9, 50.3)]


def test_a_group_within_itself_ends(tmp_path):
    groups = 'use_group,uses\nodd,"odd,truck"\n'
    assert len(links(tmp_path, link=LINK.replace("walk", "odd"), use_group=groups)) == 5


def test_no_gauge_is_a_fault(tmp_path):
    with pytest.raises(DataError, match=r"link.csv:4 \[gauge\]: no gauge is known in OM; give the column gauge"):
        links(tmp_path, country="OM")


PARALLEL = "link_id,name,from_node_id,to_node_id,directed,length,free_speed,facility_type\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("100,140", "100,30"),
        ("60,", "150,20"),
        ("60,", "60,20"),
        ("100,0.5", "100,0.4"),
        (",80", ",60"),
        (",80", "56,60"),
        # 56 km apart: the one without a length takes more than 11 h.
        ("56,80", ",5"),
    ],
)
def test_the_faster_of_parallel_links_stays(tmp_path, first, second):
    """Whether the time is that of the file, or follows from the position of its ends or the speed of its service."""
    rows = [f"1,fast,1,2,false,{first},\n", f"2,slow,1,2,false,{second},\n"]
    node, config = "node_id,x_coord,y_coord\n1,9,50\n2,9,50.5\n3,9,51\n", "long_length,speed\nkm,km/h\n"
    for number, link in enumerate((rows, rows[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = links(folder, node=node, config=config, link=PARALLEL + "".join(link))
        assert [row["note"] for row in found] == ["fast"]


def test_a_length_that_follows_from_the_ends_has_the_detour_of_its_mode_at_any_speed(tmp_path):
    node, config = "node_id,x_coord,y_coord\n1,9,50\n2,9,50.5\n3,9,51\n", "long_length,speed\nkm,km/h\n"
    (row,) = links(tmp_path, node=node, config=config, link=PARALLEL + "1,fast,1,2,false,,140,\n")
    detour = bundled_tables()["modes"].by_key()["road"]["detour_factor"]
    # Half a degree of a great circle of 6,371.0088 km.
    assert row["mean_h"] == pytest.approx(55.5975 * detour / 140, rel=1e-5)


@pytest.mark.parametrize("cells", ["15,freeway,0,75,2", "15,freeway,2000,0,2", "15,freeway,2000,75,0"])
def test_a_link_with_a_speed_capacity_or_lanes_of_0_is_shut(tmp_path, cells):
    left_out = Counter()
    found = links(tmp_path, left_out=left_out, **replaced("link", "15,freeway,2000,75,2", cells))
    assert [row["length_km"] for row in found if row["note"] == "A 5"] == [pytest.approx(16 * 1.609344)]
    assert left_out["links that are shut: speed, capacity or lanes of 0"] == 1


def test_a_railway_has_no_lanes(tmp_path):
    found = links(tmp_path, **replaced("link", "20,rail,,25,", "20,rail,3,25,0"))
    assert [row["_per_day"] for row in found if row["mode"] == "rail"] == [72]


def test_uses_that_count_for_no_cars_give_no_capacity(tmp_path):
    uses = "use,persons_per_vehicle,pce\ntruck,1,0\nwalk,1,0\n"
    with pytest.raises(DataError, match=r"link.csv:2 \[allowed_uses\]: its uses have a pce of 0"):
        links(tmp_path, use_definition=uses)
