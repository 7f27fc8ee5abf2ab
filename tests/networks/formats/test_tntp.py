"""Reading of TNTP: a small network as the public files write it, and everything that such files get wrong."""

import logging

import numpy as np
import pytest

from landbridge.networks import DataError, QueryError, read_tntp, read_tntp_flows

NET = """<NUMBER OF ZONES> 2\t\t
<NUMBER OF NODES>\t\t3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<ORIGINAL HEADER>~ \tInit node\tTerm node
<END OF METADATA>


~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;
\t1\t3\t9000\t5280\t1.09\t0.15\t4\t4842\t30\t1\t;
\t3\t2\t4.5E+03\t2\t0.5\t0.15\t4\t0\t0\t1\t;

\t1\t2\t1\t3\t2.5\t0.00000000000000000000E+00\t0\t0\t0\t1\t;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 120.5
<END OF METADATA>

~ Generated in 1999

Origin \t1
    1 :     10.0;    2 :     100.5;
Origin  2
    1 :
 10.0;   2 : 0.0;
"""


def written(folder, net=NET, trips=TRIPS, name="Small"):
    """Write the two files of a network and return the path that their names begin with."""
    (folder / f"{name}_net.tntp").write_text(net, encoding="utf-8")
    (folder / f"{name}_trips.tntp").write_text(trips, encoding="utf-8")
    return folder / name


def test_arcs_and_trips_are_read(tmp_path):
    problem = read_tntp(written(tmp_path))
    assert problem.tail.tolist() == [0, 2, 0]
    assert problem.head.tolist() == [2, 1, 1]
    assert problem.capacity.tolist() == [9000, 4500, 1]
    assert problem.free_flow_time.tolist() == [1.09, 0.5, 2.5]
    assert problem.b.tolist() == [0.15, 0.15, 0]
    assert problem.power.tolist() == [4, 4, 0]
    assert problem.length.tolist() == [5280, 2, 3]
    assert problem.fixed_cost.tolist() == [0, 0, 0]
    # Trips from 1 to 1 stay within their zone, and those from 2 to 2 are none.
    assert list(zip(problem.origin, problem.destination, problem.amount, strict=True)) == [(0, 1, 100.5), (1, 0, 10.0)]
    assert (problem.nodes, problem.first_through_node, problem.name) == (3, 2, "Small")


def test_tolls_and_lengths_are_weighted(tmp_path):
    # 0.02 x 30 + 0.04 x 5280, 0.04 x 2, 0.04 x 3.
    problem = read_tntp(written(tmp_path), toll_weight=0.02, length_weight=0.04)
    assert problem.fixed_cost == pytest.approx([211.8, 0.08, 0.12])


@pytest.mark.parametrize("of", [lambda path: path.parent, lambda path: path.with_name("Small_net.tntp"), str])
def test_a_folder_a_file_and_the_beginning_of_a_name_are_taken(tmp_path, of):
    assert read_tntp(of(written(tmp_path))).arcs == 3


def test_trips_may_be_in_another_file(tmp_path):
    path = written(tmp_path)
    other = (tmp_path / "Small_trips.tntp").rename(tmp_path / "tonight.txt")
    with pytest.raises(DataError, match=r"there are no trips for .*Small_trips.tntp; give their file as trips"):
        read_tntp(path)
    assert read_tntp(path, trips=other).pairs == 2


@pytest.mark.parametrize(
    ("zones", "fault"),
    [
        ("<NUMBER OF ZONES> 3\n", "<NUMBER OF ZONES> is 3, and 2 in Small_net.tntp; give the trips of this network"),
        ("", "there are trips of zone 3, and 2 zones in Small_net.tntp; give its own trips"),
    ],
)
def test_trips_of_another_network_are_refused(tmp_path, zones, fault):
    other = tmp_path / "Other_trips.tntp"
    other.write_text(f"{zones}<END OF METADATA>\nOrigin 1\n 3 : 5.0;\n", encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        read_tntp(written(tmp_path), trips=other)


def test_several_networks_in_a_folder_are_named(tmp_path):
    written(tmp_path, name="Large")
    written(tmp_path)
    with pytest.raises(DataError, match=r"several networks: Large_net.tntp, Small_net.tntp; give the path of one"):
        read_tntp(tmp_path)
    with pytest.raises(DataError, match=r"no TNTP network at .* \(there are Large_net.tntp, Small_net.tntp\)"):
        read_tntp(tmp_path / "Medium")


def test_all_nodes_are_through_nodes_if_the_file_says_nothing(tmp_path):
    assert read_tntp(written(tmp_path, NET.replace("<FIRST THRU NODE> 3\n", ""))).first_through_node == 0


@pytest.mark.parametrize("trips", ["<END OF METADATA>\n", "<END OF METADATA>\n~ none yet\n\n"])
def test_a_file_without_origins_has_no_trips(tmp_path, trips):
    assert read_tntp(written(tmp_path, trips=trips)).pairs == 0


def test_a_byte_order_mark_windows_lines_and_rows_without_toll_are_read(tmp_path):
    net = "\ufeff" + NET.replace("\t4842\t30\t1\t;", ";").replace("\n", "\r\n")
    assert read_tntp(written(tmp_path, net), toll_weight=1.0).fixed_cost.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<NUMBER OF NODES>\t\t3", "", r"Small_net.tntp \[NUMBER OF NODES\]: <NUMBER OF NODES> is missing"),
        ("<NUMBER OF NODES>\t\t3", "<NUMBER OF NODES> 3.5", "<NUMBER OF NODES> is '3.5'"),
        ("<NUMBER OF LINKS> 3", "<NUMBER OF LINKS> 4", "<NUMBER OF LINKS> is 4 and there are 3 links"),
        ("<END OF METADATA>", "", "there is no line <END OF METADATA>"),
        ("\t1\t3\t9000", "\t1\t4\t9000", r"Small_net.tntp:10 \[term_node\]: is 4; give a node from 1 to 3"),
        ("\t1\t3\t9000", "\t1\t2.5\t9000", r"Small_net.tntp:10 \[term_node\]: is 2.5"),
        ("\t1\t3\t9000", "\t1\t3\tmany", r"Small_net.tntp:10 \[capacity\]: is no number"),
        ("\t1\t3\t9000", "\t1\t3\tnan", r"Small_net.tntp:10 \[capacity\]: is nan"),
        ("\t1\t3\t9000", "\t1\t3\t0", r"Small_net.tntp:10 \[capacity\]: is 0; give more than 0, or b = 0"),
        ("\t1.09\t", "\tinf\t", r"Small_net.tntp:10 \[free_flow_time\]: is inf; give 0 or more, and a finite number"),
        ("<FIRST THRU NODE> 3", "<FIRST THRU NODE> 5", "<FIRST THRU NODE> is 5; give a node from 1 to 4"),
        ("\t1.09\t", "\t-1.09\t", r"Small_net.tntp:10 \[free_flow_time\]: is -1.09; give 0 or more"),
        ("\t3\t2\t4.5E+03\t2\t0.5\t0.15\t4\t0\t0\t1\t;", "\t3\t2\t4.5", r"Small_net.tntp:11: 3 values"),
        ("\t1\t3\t9000", "\tA\t3\t9000", r"Small_net.tntp:10 \[init_node\]: is no number"),
        (
            "<NUMBER OF LINKS> 3",
            "<NUMBER OF LINKS> 3\n<NUMBER OF NODES> 4",
            "Small_net.tntp:5 .* is repeated; keep one",
        ),
        ("FIRST THRU NODE", "FIRST THROUGH NODE", "Small_net.tntp:3 .* is unknown; write it as <FIRST THRU NODE>"),
    ],
)
def test_a_fault_of_the_network_is_named_with_its_line(tmp_path, old, new, fault):
    net = NET.replace(old, new)
    with pytest.raises(DataError, match=fault):
        read_tntp(written(tmp_path, net))


HEADERS = (
    "~ \tTail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (min)\tB\tPower\tSpeed (ft/min) \tToll \tType\t;",
    "~\ttail node\thead node\tcapacity (veh/h)\tlength (miles)\tfftt(min)\tB\tPower",
    "~ Init node Term node Capacity Length Free Flow Time B Power Speed limit Toll  Type",
    "init_node term_node capacity length free_flow_time b power",
    "~ From To Cap. Length Time B Power",
    "~ capacity and length from 1 to 2 are guessed",
    "",
)
HEADER = next(line for line in NET.splitlines() if line.startswith("~"))


@pytest.mark.parametrize("header", HEADERS)
def test_headers_of_public_files_are_in_the_order_that_is_read(tmp_path, header):
    assert read_tntp(written(tmp_path, NET.replace(HEADER, header))).capacity.tolist() == [9000, 4500, 1]


@pytest.mark.parametrize(
    "header",
    [
        "~ init_node term_node length capacity free_flow_time b power",
        "init_node term_node length capacity free_flow_time b power",
        "~ init_node term_node length free_flow_time b power speed",
        "~ Term node Init node Capacity Length Fftt",
        "~ From To Length (km) Cap. Capacity (veh/h)",
    ],
)
def test_columns_in_another_order_are_refused(tmp_path, header):
    with pytest.raises(
        DataError, match=r"Small_net.tntp:9: the columns are .*; order the columns, .* as init_node, term"
    ):
        read_tntp(written(tmp_path, NET.replace(HEADER, header)))


def test_other_keys_may_be_there_and_repeated(tmp_path):
    net = NET.replace("<END OF", "<NUMBER OF TURNS> 3\n<NOTE> a\n<NOTE> b\n<END OF")
    assert read_tntp(written(tmp_path, net)).first_through_node == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<TOTAL OD FLOW>", "<TOTAL OD FLOWS>", "is unknown; write it as <TOTAL OD FLOW>"),
        ("100.5;", "many;", r"Small_trips.tntp:8: '1 :     10.0;    2 :     many;' is neither an origin nor trips"),
        ("100.5;", "-1;", "Small_trips.tntp:8"),
        ("100.5;", "nan;", "Small_trips.tntp:8"),
        ("100.5;", "inf;", "Small_trips.tntp:8"),
        ("    2 :     100.5;", "    4 :     100.5;", "Small_trips.tntp:8"),
        ("    2 :     100.5;", "    2 :  ", "Small_trips.tntp:8"),
        ("Origin  2", "Origin  9", "Small_trips.tntp:9"),
        ("Origin  2", "Origin two", "Small_trips.tntp:9"),
        ("Origin \t1", "", "Small_trips.tntp:8"),
    ],
)
def test_a_fault_of_the_trips_is_named_with_its_line(tmp_path, old, new, fault):
    with pytest.raises(DataError, match=fault):
        read_tntp(written(tmp_path, trips=TRIPS.replace(old, new)))


def test_trips_that_do_not_add_up_are_a_warning(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        read_tntp(written(tmp_path))
        assert not caplog.records
        read_tntp(written(tmp_path, trips=TRIPS.replace("120.5", "200")))
    assert "Small_trips.tntp states 200 trips, and its trips add up to 120.5" in caplog.text


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = written(tmp_path)
    (tmp_path / "Small_net.tntp").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read as text in UTF-8"):
        read_tntp(path)


@pytest.mark.parametrize("weight", [-1, np.nan, np.inf, "0.02", None])
def test_weights_are_finite_numbers(tmp_path, weight):
    with pytest.raises(QueryError, match="toll_weight"):
        read_tntp(written(tmp_path), toll_weight=weight)


def test_known_flows_are_read_in_the_order_of_the_arcs(tmp_path):
    problem = read_tntp(written(tmp_path))
    file = tmp_path / "Small_flow.tntp"
    file.write_text("From \tTo \tVolume \tCost\n1 \t2 \t20.5 \t2.5\n1 \t3 \t80 \t1.1 \n")
    assert read_tntp_flows(file, problem).tolist() == [80, 0, 20.5]


def test_parallel_arcs_take_their_flows_in_order(tmp_path):
    problem = read_tntp(written(tmp_path, NET.replace("\t3\t2\t4.5E+03", "\t1\t3\t4.5E+03")))
    file = tmp_path / "Small_flow.tntp"
    file.write_text("1 3 80 1.1\n1 3 40 1.2\n")
    assert read_tntp_flows(file, problem).tolist() == [80, 40, 0]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("From To Capacity Volume", "1 3 900 80"),
        ("~ Tail Head : Volume Cost ;", "1 3 : 80 1.1 ;"),
        ("To From Cost Flow", "3 1 1.1 80"),
        ("", "1 3 80"),
    ],
)
def test_the_header_of_flows_states_their_order(tmp_path, header, line):
    problem = read_tntp(written(tmp_path))
    file = tmp_path / "Small_flow.tntp"
    file.write_text(f"{header}\n{line}\n")
    assert read_tntp_flows(file, problem).tolist() == [80, 0, 0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Small_flow.tntp: there are no flows; give lines of: from to volume cost"),
        ("From To Volume Cost\n", "there are no flows"),
        ("l 3 80 1.1\n1 2 5 1\n", "Small_flow.tntp:1: 'l 3 80 1.1' is not the flow of an arc"),
        ("From To Capacity Cost\n1 3 80 1.1\n", "Small_flow.tntp:1: the header names .*; name: From To Volume Cost"),
        ("From To Travel Time Volume\n1 3 80 1.1\n", "Small_flow.tntp:1: the header names .*; name: From To"),
    ],
)
def test_what_is_no_flow_is_refused(tmp_path, text, fault):
    problem = read_tntp(written(tmp_path))
    file = tmp_path / "Small_flow.tntp"
    file.write_text(text)
    with pytest.raises(DataError, match=fault):
        read_tntp_flows(file, problem)


@pytest.mark.parametrize("line", ["2 1 5 1.0", "1 3", "1 3 many 1.0", "A B", "1 3 nan 6", "1 3 -5 6", "1 3 inf 6"])
def test_a_flow_of_no_arc_is_named_with_its_line(tmp_path, line):
    problem = read_tntp(written(tmp_path))
    file = tmp_path / "Small_flow.tntp"
    file.write_text(f"From To Volume Cost\n1 3 80 1.1\n{line}\n")
    with pytest.raises(DataError, match=f"Small_flow.tntp:3: '{line}' is not the flow of an arc"):
        read_tntp_flows(file, problem)
