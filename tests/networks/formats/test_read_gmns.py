"""GMNS as a network: places and links as the files state them, and what is assumed beside them."""

import json

import pytest

from landbridge.networks import DataError, check_network, read_gmns, read_network
from landbridge.networks.formats.read_gmns import build_from_gmns, network_of_gmns
from landbridge.routing import Cargo, route
from tests.support.gmns import LINK, NODE, replaced, written

MILE_KM = 1.609344


def links_of(network):
    return {link["note"]: link for link in network.links}


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    return network_of_gmns(written(tmp_path_factory.mktemp("gmns")), country="DE")


def test_nodes_are_places_and_zones_handle_cargo(towns):
    places = towns.network.places
    assert [(row["id"], row["name"], row["kind"]) for row in places.values()] == [
        ("de-aach", "Aach", "city"),
        ("de-bruck", "Bruck", "junction"),
        ("de-calw", "Calw", "city"),
    ]
    assert [row["modes"] for row in places.values()] == [("road",), (), ("rail", "road")]


def test_lengths_and_speeds_are_converted(towns):
    links = links_of(towns.network)
    assert links["Line"]["length_km"] == pytest.approx(20 * MILE_KM)
    assert links["Line"]["speed_km_h"] == pytest.approx(25 * MILE_KM)
    assert links["B 1"]["speed_km_h"] == pytest.approx(50 * MILE_KM)


def test_opposite_links_are_one_if_they_agree(towns):
    # The two of the A 5 have 15 and 16 miles.
    assert [(link["note"], link["both_ways"]) for link in towns.network.links] == [
        ("B 1", True),
        ("Line", True),
        ("A 5", False),
        ("A 5", False),
    ]


def test_modes_are_rail_and_road_and_a_footpath_is_left_out(towns):
    assert [link["mode"] for link in towns.network.links] == ["road", "rail", "road", "road"]
    assert towns.left_out == {"links without trains, trucks or ships": 1}


def test_rail_has_the_gauge_and_the_note_of_its_country(towns):
    line = links_of(towns.network)["Line"]
    assert (line["gauge"], line["regime"], line["service"]) == (1435, "cim", "rail-de")


def test_capacities_are_vehicles_per_day_of_all_lanes(towns):
    # 1,800 vehicles per hour and lane x 2 lanes x 24 h; the line has none.
    resources = towns.network.tables["resources"].by_key()
    road = links_of(towns.network)["B 1"]
    assert resources[road["resource"]]["capacity"] == 86_400
    assert resources[road["resource"]]["capacity_unit"] == "vehicles/day"
    assert links_of(towns.network)["Line"]["resource"] is None


def test_everything_read_or_assumed_cites_one_source(towns):
    tables = towns.network.tables
    cited = {
        source
        for row in [*tables["places"], *tables["links"], *tables["resources"]]
        for column in ("source", "length_source", "time_source", "capacity_source")
        for source in row.get(column) or ()
    }
    assert cited == {"GMNS"}
    assert {row["time_confidence"] for row in tables["links"]} == {"assumed"}
    assert tables["sources"].by_key()["GMNS"]["kind"] == "assumption"
    assert tables["dataset"].by_key()["name"]["value"] == "GMNS: Three towns"


def test_a_route_takes_length_over_speed(towns):
    trip = route(towns.network, "Aach", "Calw", cargo=Cargo(cargo_class="road"), modes="road")[0]
    hauls = [leg for leg in trip.legs if leg.kind == "haul"]
    # 10 miles at 50 mph, then 15 miles at 75 mph.
    assert sum(leg.time.mean_h for leg in hauls) == pytest.approx(0.4)


def test_a_change_of_gauge_is_where_tracks_meet(tmp_path):
    link = LINK.replace("allowed_uses\n", "allowed_uses,gauge\n").replace("walk\n", "rail,1520\n")
    link = "\n".join(line if line.count(",") > 10 or '"' in line else f"{line}," for line in link.splitlines())
    link = link.replace('"car,truck"', '"car,truck",').replace("13,Path,1,3,false,20,path", "13,Path,1,3,false,20,rail")
    network = read_gmns(written(tmp_path, link=link), country="DE")
    changes = [row for row in network.operations if row["place"] is not None]
    assert [(row["place"], row["kind"], row["from_gauge"], row["to_gauge"]) for row in changes] == [
        ("de-calw", "gauge_change", 1435, 1520)
    ]
    assert changes[0]["time_source"] == ("GMNS",)


def test_all_nodes_handle_cargo_if_none_has_a_zone(tmp_path):
    network = read_gmns(written(tmp_path, node=NODE.replace(",1\n", ",\n").replace(",3\n", ",\n")), country="DE")
    assert network.places["de-bruck"]["modes"] == ("rail", "road")


def test_groups_of_uses_are_resolved(tmp_path):
    groups = 'use_group,uses\nheavy,"lorries,heavy"\nlorries,truck\nsoft,"walk,bike"\n'
    link = LINK.replace("walk", "soft").replace('"car,truck"', "heavy")
    found = network_of_gmns(written(tmp_path, link=link, use_group=groups), country="DE")
    assert found.left_out == {"links without trains, trucks or ships": 1}


def test_capacities_are_divided_by_passenger_car_equivalents(tmp_path):
    uses = "use,persons_per_vehicle,pce\ntruck,1,2.5\ncar,1.4,1\n"
    network = read_gmns(written(tmp_path, use_definition=uses), country="DE")
    # 1,800 x 2 x 24 / 2.5.
    assert network.tables["resources"].rows[0]["capacity"] == pytest.approx(34_560)


def test_a_link_that_is_out_of_range_of_speeds_has_a_time(tmp_path):
    network = read_gmns(written(tmp_path, **replaced("link", "20,rail,,25", "20,rail,,100")), country="DE")
    line = links_of(network)["Line"]
    assert line["speed_km_h"] is None
    assert line["mean_h"] == pytest.approx(0.2)


def test_a_link_without_length_and_speed_has_those_of_its_line_and_service(tmp_path):
    network = read_gmns(written(tmp_path, **replaced("link", "20,rail,,25", ",rail,,")), country="DE")
    line = links_of(network)["Line"]
    assert (line["length_km"], line["speed_km_h"], line["mean_h"]) == (None, None, None)
    # 0.2 degrees of latitude, with the detour factor of rail.
    assert 22 < network.link_lengths_km[1] < 30


def test_geometry_is_read_from_links_and_from_its_own_file(tmp_path):
    link = LINK.replace("allowed_uses\n", "allowed_uses,geometry_id,geometry\n")
    rows = link.splitlines()
    rows = [rows[0], *(f"{row},," for row in rows[1:])]
    rows[3] = rows[3][:-2] + ',,"LINESTRING (9 50.1, 9.01 50.2, 9 50.3)"'
    rows[5] = rows[5][:-2] + ",g,"
    geometry = 'geometry_id,geometry\ng,"LINESTRING (9 50.1, 9.02 50.2, 9 50.3)"\n'
    network = read_gmns(written(tmp_path, link="\n".join(rows), geometry=geometry), country="DE")
    lines = {link["id"]: list(network.geometry(link).coords)[1] for link in network.links}
    assert lines["de-bruck--de-calw--rail"] == (9.01, 50.2)
    assert lines["de-bruck--de-calw--road"] == (9.02, 50.2)


def test_coordinates_are_transformed_to_degrees(tmp_path):
    import pyproj

    to_utm = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32632", always_xy=True).transform
    lines = NODE.splitlines()
    rows = [line.split(",") for line in lines[1:]]
    rows = [[*row[:2], *(f"{value:.3f}" for value in to_utm(float(row[2]), float(row[3]))), row[4]] for row in rows]
    node = "\n".join([lines[0], *(",".join(row) for row in rows)])
    config = "dataset_name,long_length,speed,crs\nThree towns,mile,mph,EPSG:32632\n"
    network = read_gmns(written(tmp_path, node=node, config=config), country="DE")
    assert network.places["de-calw"]["lon"] == pytest.approx(9.0, abs=1e-6)
    assert network.places["de-calw"]["lat"] == pytest.approx(50.3, abs=1e-6)


def test_nodes_that_cannot_be_left_are_left_out_with_a_warning(tmp_path, caplog):
    node, link = NODE + "4,Dorf,9.1,50.0,4\n", LINK + "16,Lane,1,4,true,5,local,,30,,all\n"
    network = read_gmns(written(tmp_path, node=node, link=link), country="DE")
    assert "de-dorf" not in network.places
    assert "nodes that cannot be reached and left again: 1; links to such nodes: 1)" in caplog.text


def test_the_slower_of_two_parallel_links_is_left_out(tmp_path):
    found = network_of_gmns(written(tmp_path, link=LINK + "16,Old,1,2,false,12,local,,30,,all\n"), country="DE")
    assert found.left_out["links parallel to another one"] == 1
    assert "Old" not in links_of(found.network)


def test_a_link_with_a_faster_one_beside_it_in_one_direction_is_kept_in_the_other(tmp_path):
    line = '"LINESTRING (9 50, 9.2 50.2, 9 50.3)"'
    link = LINK.replace("\n", ",\n").replace("uses,\n", "uses,geometry\n")
    link += f"16,Fast,1,3,true,22,local,,60,,all,\n17,Long,1,3,false,30,local,,30,,all,{line}\n"
    found = network_of_gmns(written(tmp_path, link=link), country="DE")
    assert "links parallel to another one" not in found.left_out
    fast, slow = (row for row in found.network.links if {row["from"], row["to"]} == {"de-aach", "de-calw"})
    assert (fast["from"], fast["both_ways"]) == ("de-aach", False)
    assert (slow["from"], slow["both_ways"]) == ("de-calw", False)
    assert found.network.geometry(slow).coords[0] == pytest.approx((9, 50.3))


def test_two_parts_are_kept_and_counted(tmp_path):
    node = NODE + "4,Dorf,9.1,51.0,4\n5,Eich,9.1,51.1,5\n"
    network = read_gmns(written(tmp_path, node=node, link=LINK + "16,Far,4,5,false,8,local,,30,,\n"), country="DE")
    assert network.tables["dataset"].by_key()["separate_parts"]["value"] == "2"
    assert len(network.places) == 5


def test_names_that_are_not_unique_get_the_id_of_their_node(tmp_path):
    network = read_gmns(written(tmp_path, **replaced("node", "Calw", "Aach")), country="DE")
    assert list(network.places) == ["de-aach-1", "de-bruck", "de-aach-3"]


def test_columns_of_other_programs_are_not_taken_for_ours(tmp_path):
    node = NODE.replace("zone_id\n", "zone_id,modes,neutral\n")
    rows = node.splitlines()
    node = "\n".join([rows[0], *(f"{row},car+bike,maybe" for row in rows[1:])])
    assert len(read_gmns(written(tmp_path, node=node), country="DE").places) == 3


def test_countries_are_those_of_the_column_or_the_position(tmp_path):
    node = "\n".join(f"{row},{c}" for row, c in zip(NODE.splitlines(), ("country", "PL", "", ""), strict=True))
    network = read_gmns(written(tmp_path, node=node))
    assert [row["country"] for row in network.places.values()] == ["PL", "DE", "DE"]


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"node": None}, "has no node.csv; GMNS needs node.csv and link.csv"),
        ({"link": None}, "has no link.csv"),
        ({"node": "node_id,x_coord,y_coord\n"}, "node.csv has no rows"),
        (replaced("node", "y_coord", "lat"), r"node.csv:1 \[y_coord\]: the column is missing"),
        (replaced("link", "to_node_id", "to"), r"link.csv:1 \[to_node_id\]: the column is missing"),
        (replaced("node", "2,Bruck", "1,Bruck"), r"node.csv:3 \[node_id\]: '1' is already on line 2"),
        (replaced("node", "2,Bruck", ",Bruck"), r"node.csv:3 \[node_id\]: is blank"),
        (replaced("link", "11,B 1", "10,B 1"), r"link.csv:3 \[link_id\]: '10' is already on line 2"),
        (replaced("link", "12,Line,2,3", "12,Line,2,9"), r"link.csv:4 \[to_node_id\]: there is no node '9'"),
        (replaced("link", "12,Line,2,3", "12,Line,2,NaN"), r"link.csv:4 \[to_node_id\]: is blank"),
        (replaced("node", "50.1", "NaN"), r"node.csv:3 \[y_coord\]: is blank; give the coordinate"),
        (replaced("node", "50.1", "inf"), r"node.csv:3 \[y_coord\]: is 'inf'"),
        (replaced("node", "50.1", "5551000.0"), r"node.csv:3 \[x_coord\]: \(9, 5.551e\+06\) is not on the Earth"),
        (replaced("link", "false,20,rail", "false,-20,rail"), r"link.csv:4 \[length\]: is '-20'; give a number from 0"),
        (replaced("link", "false,20,rail", "false,1e999,rail"), r"link.csv:4 \[length\]: is '1e999'"),
        (replaced("link", "false,20,rail", "both,20,rail"), r"link.csv:4 \[directed\]: is 'both'; give true or false"),
        (replaced("link", "20,rail,,25", "20,rail,,fast"), r"link.csv:4 \[free_speed\]: is 'fast'"),
        (replaced("link", "1800,50,2,", "many,50,2,"), r"link.csv:2 \[capacity\]: is 'many'"),
        (replaced("link", "false,20,rail", "false,2,rail"), r"link.csv:4 \[length_km\]: 3.2\d+ km is shorter"),
        (replaced("link", "12,Line,2,3", "12,Line,2,3,4"), r"link.csv:4: 12 values for 11 columns"),
        ({"config": None}, r"config.csv \[long_length\]: the unit of long_length is not given; give length_unit"),
        (replaced("config", "mph", "knots"), r"config.csv:2 \[speed\]: the unit 'knots' of speed is unknown"),
        ({"config": "long_length,speed,crs\nmile,mph,EPSG:0\n"}, r"config.csv:2 \[crs\]: 'EPSG:0' is unknown"),
        (
            {"node": NODE.replace("zone_id", "parent_node_id").replace(",3\n", ",7\n")},
            r"node.csv:4 \[parent_node_id\]: there is no node '7'",
        ),
    ],
)
def test_a_fault_is_named_with_file_line_and_cure(tmp_path, files, fault):
    with pytest.raises(DataError, match=fault):
        read_gmns(written(tmp_path, **files), country="DE")


def test_all_faults_are_reported_together(tmp_path):
    link = LINK.replace("false,20,rail", "both,-20,rail").replace("1800,50,2,", "many,50,2,")
    with pytest.raises(DataError) as error:
        read_gmns(written(tmp_path, link=link), country="DE")
    assert len(error.value.faults) == 4


def test_units_may_be_given_where_the_files_have_none(tmp_path):
    network = read_gmns(written(tmp_path, config=None), country="DE", length_unit="mile", speed_unit="mph")
    assert links_of(network)["Line"]["length_km"] == pytest.approx(20 * MILE_KM)


def test_a_byte_order_mark_and_semicolons_are_read(tmp_path):
    node = "\ufeff" + NODE.replace(",", ";").replace("50.1", "50,1")
    assert read_gmns(written(tmp_path, node=node), country="DE").places["de-bruck"]["lat"] == 50.1


@pytest.mark.parametrize(
    ("wkt", "problem"),
    [("LINESTRING (9", "cannot be read as WKT"), ("POINT (9 50)", "is a Point"), ("LINESTRING EMPTY", "is a LineS")],
)
def test_a_geometry_that_is_no_line_is_a_fault(tmp_path, wkt, problem):
    link = LINK.replace("allowed_uses\n", "allowed_uses,geometry\n")
    rows = [row if number == 0 else f'{row},"{wkt}"' for number, row in enumerate(link.splitlines())]
    with pytest.raises(DataError, match=rf"link.csv:2 \[geometry\]: .*{problem}"):
        read_gmns(written(tmp_path, link="\n".join(rows)), country="DE")


def test_links_in_one_direction_only_give_no_network(tmp_path):
    link = "link_id,from_node_id,to_node_id\n1,1,2\n2,2,3\n"
    with pytest.raises(DataError, match="no two nodes are connected there and back"):
        read_gmns(written(tmp_path, link=link), country="DE")


def test_a_network_is_built_with_a_report(tmp_path):
    network, left_out, files = build_from_gmns(written(tmp_path), tmp_path / "out", country="DE")
    assert [file.name for file in files] == ["report.json", "network.gpkg"]
    assert check_network(files[1]) == []
    assert len(read_network(files[1]).links) == len(network.links) == 4
    report = json.loads(files[0].read_text(encoding="utf-8"))
    assert report["left_out"] == left_out == {"links without trains, trucks or ships": 1}
    assert report["links"] == 4
