"""GMNS as a traffic assignment problem: delay functions, directions, zones and trips."""

import pytest

from landbridge.networks import DataError, read_gmns_problem
from tests.support.gmns import FILES, NODE, replaced, written

MILE_KM = 1.609344
LINK = (
    "link_id,from_node_id,to_node_id,directed,length,capacity,free_speed,lanes"
    ",VDF_alpha1,VDF_beta1,VDF_cap1,VDF_fftt1"
    """
1,1,2,true,10,1800,50,2,,,,
2,2,3,false,20,900,25,,0.5,2,700,30
"""
)
DEMAND = "o_zone_id,d_zone_id,volume\n1,3,12.5\n3,1,4\n1,1,9\n3,1,0\n"


def read(folder, **files):
    options = {name: files.pop(name) for name in ("b", "power") if name in files}
    return read_gmns_problem(written(folder, **{"link": LINK, "demand": DEMAND} | files), **options)


def test_links_are_arcs_with_the_coefficients_of_the_file_or_those_by_default(tmp_path):
    problem = read(tmp_path)
    assert list(zip(problem.tail, problem.head, strict=True)) == [(0, 1), (1, 2), (2, 1)]
    # 10 miles at 50 mph are 12 min; 1,800 x 2 lanes.
    assert problem.free_flow_time == pytest.approx([12, 30, 30])
    assert problem.capacity.tolist() == [3600, 700, 700]
    assert problem.b.tolist() == [0.15, 0.5, 0.5]
    assert problem.power.tolist() == [4, 2, 2]
    assert problem.length.tolist() == [10, 20, 20]


def test_a_capacity_may_be_unlimited(tmp_path):
    problem = read(tmp_path, link=LINK.replace("1800", "inf").replace("700", "inf"))
    assert problem.capacity.tolist() == [float("inf")] * 3


def test_other_coefficients_by_default_may_be_given(tmp_path):
    problem = read(tmp_path, b=1, power=2.5)
    assert problem.b.tolist() == [1, 0.5, 0.5]
    assert problem.power.tolist() == [2.5, 2, 2]


def test_trips_between_zones_are_read_and_those_within_one_left_out(tmp_path):
    problem = read(tmp_path)
    assert list(zip(problem.origin, problem.destination, problem.amount, strict=True)) == [(0, 2, 12.5), (2, 0, 4)]
    assert problem.first_through_node == 0
    assert problem.name == "Three towns"


def test_a_network_without_trips_is_no_problem(tmp_path):
    with pytest.raises(DataError, match="has no demand"):
        read(tmp_path, demand=None)
    assert read(tmp_path, demand=DEMAND.partition("\n")[0]).pairs == 0


def test_centroids_come_first_and_are_no_through_nodes(tmp_path):
    node = NODE.replace("zone_id\n", "zone_id,node_type\n").replace(",3\n", ",3,centroid\n")
    node = node.replace(",1\n", ",1,\n").replace("50.1,\n", "50.1,,\n")
    problem = read(tmp_path, node=node)
    assert (problem.node_id, problem.first_through_node) == (("3", "1", "2"), 1)
    assert problem.tail.tolist() == [1, 2, 0]


def test_a_zone_of_several_nodes_is_reached_through_a_node_of_its_own(tmp_path):
    problem = read(tmp_path, **replaced("node", "2,Bruck,9.0,50.1,", "2,Bruck,9.0,50.1,3"))
    assert problem.node_id == ("zone 3", "1", "2", "3")
    assert problem.first_through_node == 1
    # Arcs without cost between the zone and each of its two nodes.
    ends = list(zip(problem.tail, problem.head, strict=True))
    assert ends[3:] == [(0, 2), (2, 0), (0, 3), (3, 0)]
    assert problem.free_flow_time[3:].tolist() == problem.b[3:].tolist() == [0, 0, 0, 0]
    assert problem.origin.tolist() == [1, 0]


def test_the_node_of_a_zone_is_another_one_than_a_node_of_its_name(tmp_path):
    node = "node_id,x_coord,y_coord,zone_id\n1,0,0,1\n2,0,1,1\n3,1,1,3\nzone 1,5,5,\n"
    problem = read(tmp_path, node=node)
    assert problem.node_id == ("zone 1-2", "1", "2", "3", "zone 1")
    ends = list(zip(problem.tail, problem.head, strict=True))
    assert ends == [(1, 2), (2, 3), (3, 2), (0, 1), (1, 0), (0, 2), (2, 0)]
    assert list(zip(problem.origin, problem.destination, strict=True)) == [(0, 3), (3, 0)]


@pytest.mark.parametrize(("cells", "cost"), [("toll\n{},3\n{},", None), ("toll,fixed_cost\n{},3,2\n{},,", [2, 0, 0])])
def test_a_toll_needs_a_cost_in_minutes(tmp_path, cells, cost):
    header, *rows = LINK.splitlines()
    link = f"{header},{cells.format(*rows)}\n"
    if cost is None:
        with pytest.raises(DataError, match=r"link.csv:2 \[toll\]: has no weight in minutes; .* as fixed_cost, or 0"):
            read(tmp_path, link=link)
    else:
        assert read(tmp_path, link=link).fixed_cost.tolist() == cost


def test_no_units_are_needed_where_each_link_has_a_time(tmp_path):
    link = LINK.replace("2,,,,\n", "2,,,,7\n")
    assert read(tmp_path, config=None, link=link).free_flow_time.tolist() == [7, 30, 30]
    with pytest.raises(DataError, match="the unit of long_length is not given"):
        read(tmp_path, config=None)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"link": LINK.replace("10,1800,50", "10,1800,0")}, r"link.csv:2 \[free_speed\]: gives no time of the link"),
        ({"link": LINK.replace("10,1800,50", ",1800,50")}, r"link.csv:2 \[free_speed\]: gives no time of the link"),
        ({"link": LINK.replace("10,1800,50", "10,,50")}, r"link.csv:2 \[capacity\]: is blank or 0"),
        ({"link": LINK.replace("0.5,2,700", "-0.5,2,700")}, r"link.csv:3 \[vdf_alpha1\]: is '-0.5'"),
        ({"link": LINK.replace("0.5,2,700", "0.5,nine,700")}, r"link.csv:3 \[vdf_beta1\]: is 'nine'"),
        ({"demand": DEMAND.replace("1,3,12.5", "1,4,12.5")}, r"demand.csv:2 \[d_zone_id\]: there is no zone '4'"),
        ({"demand": DEMAND.replace("1,3,12.5", "1,3,some")}, r"demand.csv:2 \[volume\]: is 'some'"),
        ({"demand": DEMAND.replace("1,3,12.5", "1,3,-1")}, r"demand.csv:2 \[volume\]: is '-1'; give a number from 0"),
        ({"demand": DEMAND.replace("1,3,12.5", "1,3,")}, r"demand.csv:2 \[volume\]: is blank"),
        ({"demand": DEMAND.replace("1,3,12.5", ",3,1")}, r"demand.csv:2 \[o_zone_id\]: is blank"),
        ({"demand": DEMAND.replace("volume", "trips")}, r"demand.csv:1 \[volume\]: the column is missing"),
    ],
)
def test_a_fault_is_named_with_file_line_and_cure(tmp_path, files, fault):
    with pytest.raises(DataError, match=fault):
        read(tmp_path, **files)


def test_a_link_without_delay_needs_no_capacity(tmp_path):
    assert read(tmp_path, b=0, link=LINK.replace("10,1800,50", "10,,50")).capacity[0] == 0


def test_the_small_network_has_a_problem(tmp_path):
    files = {"demand": DEMAND, **replaced("link", ",rail,,25", ",rail,300,25")}
    problem = read_gmns_problem(written(tmp_path, **files), b=0)
    assert problem.arcs == FILES["link"].count("true") + 2 * FILES["link"].count("false") + 2
