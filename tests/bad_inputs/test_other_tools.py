"""Files of other tools, GMNS and TNTP, that are damaged or something else: each is refused in one message."""

import os

import numpy as np
import pytest

from landbridge.networks import DataError, FlowProblem, QueryError, read_gmns, read_gmns_problem, read_tntp, write_gmns
from landbridge.networks.formats.tntp import read_tntp_flows
from tests.support.gmns import FILES, replaced, written
from tests.support.refusals import check_refused, outcome, untouched

BUILD = ("network", "build", "--gmns", ".", "--country", "DE", "--out", "built")

# ---- GMNS


def refuse(folder, *says):
    """Check that a folder is refused and nothing is written."""
    with untouched(folder):
        seen = outcome(BUILD, folder)
    check_refused(seen, *says)


OTHER = {
    "empty": b"",
    "random bytes": np.random.default_rng(1).bytes(500),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "an archive": b"PK\x03\x04\xff" + bytes(60),
    "a virtual file": b"<OGRVRTDataSource/>",
    "JSON": b'{"type": "FeatureCollection", "features": []}',
    "headers only": b"node_id,x_coord,y_coord\n",
}


@pytest.mark.parametrize("content", OTHER.values(), ids=OTHER)
@pytest.mark.parametrize("name", ["node.csv", "link.csv"])
def test_what_is_no_gmns_is_refused(tmp_path, name, content):
    (written(tmp_path) / name).write_bytes(content)
    refuse(tmp_path, name)


@pytest.mark.parametrize("name", ["node", "link"])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_table_that_was_cut_off_is_refused(tmp_path, name, share):
    written(tmp_path, **{name: FILES[name][: int(share * len(FILES[name]))]})
    refuse(tmp_path, f"{name}.csv")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere"), lambda _: None])
@pytest.mark.parametrize("name", ["node", "link"])
def test_a_table_that_is_no_file_is_missing(tmp_path, name, make):
    written(tmp_path, **{name: None})
    make(tmp_path / f"{name}.csv")
    refuse(tmp_path, f"has no {name}.csv; GMNS needs node.csv and link.csv")


NODE, LINK = ("node", "1,Aach,9.0,50.0,1"), ("link", "12,Line,2,3,false,20,rail,,25,,")
DEEP = "GEOMETRYCOLLECTION(" * 6000  # cells of CSV are at most 131,072 characters
GMNS = {
    "latitude 95": (*NODE, "1,Aach,9.0,95,1", "node.csv:2 [x_coord]", "is not on the Earth", "crs in config.csv"),
    "longitude 1e300": (*NODE, "1,Aach,1e300,50,1", "node.csv:2 [x_coord]", "is not on the Earth"),
    "longitude nan": (*NODE, "1,Aach,nan,50,1", "node.csv:2 [x_coord]", "give the coordinate"),
    "longitude inf": (*NODE, "1,Aach,inf,50,1", "node.csv:2 [x_coord]: is 'inf'", "give a number"),
    "metres": (*NODE, "1,Aach,500000,5500000,1", "is not on the Earth", "crs in config.csv"),
    "no id": (*NODE, ",Aach,9.0,50.0,1", "node.csv:2 [node_id]: is blank"),
    "nan as an id": (*NODE, "nan,Aach,9.0,50.0,1", "node.csv:2 [node_id]: is blank"),
    "an id twice": (*NODE, "2,Aach,9.0,50.0,1", "node.csv:3 [node_id]: '2' is already on line 2"),
    "more cells": (*NODE, "1,Aach,9.0,50.0,1,7", "node.csv:2: 6 values for 5 columns"),
    "a missing node": (*LINK, "12,Line,2,9,false,20,rail,,25,,", "link.csv:4 [to_node_id]: there is no node '9'"),
    "a negative length": (*LINK, "12,Line,2,3,false,-20,rail,,25,,", "link.csv:4 [length]: is '-20'"),
    "length nan of many": (*LINK, "12,Line,2,3,false,1e999,rail,,25,,", "link.csv:4 [length]: is '1e999'"),
    "a speed in words": (*LINK, "12,Line,2,3,false,20,rail,,fast,,", "link.csv:4 [free_speed]: is 'fast'"),
    "a direction in words": (*LINK, "12,Line,2,3,maybe,20,rail,,25,,", "link.csv:4 [directed]: is 'maybe'"),
    "an unknown unit": ("config", "mile,mph", "league,mph", "the unit 'league' of long_length is unknown"),
    "an unknown system": (
        "config",
        "speed\nThree towns,mile,mph",
        "speed,crs\nx,mile,mph,EPSG:1",
        "'EPSG:1' is unknown",
    ),
    "no column": ("node", "node_id,", "number,", "node.csv:1 [node_id]: the column is missing"),
}


@pytest.mark.parametrize("name", GMNS)
def test_gmns_with_a_fault_is_refused(tmp_path, name):
    file, old, new, *says = GMNS[name]
    written(tmp_path, **replaced(file, old, new))
    refuse(tmp_path, *says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("POINT (9 50)", "link.csv:2 [geometry]: is a Point; give a LINESTRING"),
        (DEEP, "link.csv:2 [geometry]"),
        ("LINESTRING (9 50", "link.csv:2 [geometry]: 'LINESTRING (9 50' cannot be read as WKT"),
        ("LINESTRING EMPTY", "link.csv:2 [geometry]"),
        ("LINESTRING (9 50, 9 95)", "link.csv:2 [geometry]: is not on the Earth"),
        ("LINESTRING (9 50, 1e300 50)", "link.csv:2 [geometry]: is not on the Earth"),
        ("LINESTRING (9 50, nan 50)", "link.csv:2 [geometry]"),
    ],
)
def test_a_geometry_that_is_no_line_on_earth_is_refused(tmp_path, text, says):
    rows = FILES["link"].splitlines()
    link = "\n".join([f"{rows[0]},geometry", f'{rows[1]},"{text}"', *(f"{row}," for row in rows[2:])])
    written(tmp_path, link=link + "\n")
    refuse(tmp_path, says)


def test_groups_of_groups_of_groups_end(tmp_path):
    # Each of 60 groups names the next one ten times: 10^60 uses, and the last names the first.
    groups = "".join(f'g{n},"{",".join([f"g{(n + 1) % 60}"] * 10)},truck"\n' for n in range(60))
    written(tmp_path, **replaced("link", "all", "g0"), use_group="use_group,uses\n" + groups)
    assert outcome(BUILD, tmp_path).code == 0


def test_files_of_an_implausible_date_are_refused_with_the_cure(tmp_path):
    os.utime(written(tmp_path) / "node.csv", (0, 0))
    refuse(tmp_path, "node.csv does not say of which year it is, and is dated 1970; give the year", "--year")
    assert outcome([*BUILD, "--year", "2020"], tmp_path).code == 0


@pytest.mark.parametrize("options", [{"country": ["DE"]}, {"country": {}}, {"gauge": [1435]}, {"gauge": "1435"}])
def test_an_option_of_a_wrong_type_is_refused(tmp_path, options):
    with pytest.raises(DataError, match="is unknown; give"):
        read_gmns(written(tmp_path), **options)


@pytest.mark.parametrize("label", ["", " ", "nan", "NaN", " 1", "a\nb", "1"])
def test_labels_that_would_not_be_read_again_are_not_written(tmp_path, label):
    one, node = np.ones(1), np.zeros(1, int)
    with untouched(tmp_path), pytest.raises(QueryError, match="node_id has"):  # a blank one is that of no problem
        write_gmns(
            FlowProblem(2, node, node + 1, one, one, one, one, node, node + 1, one, node_id=("1", label)),
            tmp_path / "gmns",
        )


def test_a_problem_without_trips_says_which_file_is_missing_or_empty(tmp_path):
    written(tmp_path, demand="o_zone_id,d_zone_id,volume\n1,9,5\n1,3,-5\n")
    with pytest.raises(
        DataError, match=r"demand\.csv:2 \[d_zone_id\]: there is no zone '9'(.|\n)*demand\.csv:3 \[volume\]"
    ):
        read_gmns_problem(tmp_path)


# ---- TNTP

NET = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n"
ARC = "1 2 10 5 6.0 0.15 4 0 0 1 ;\n"
TRIPS = "<END OF METADATA>\nOrigin 1\n 2 : 12.5;\n"


def tntp(folder, net=NET + ARC, trips=TRIPS):
    for name, content in {"a_net.tntp": net, "a_trips.tntp": trips}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "a"


@pytest.mark.parametrize("content", [value for name, value in OTHER.items() if name != "headers only"])
@pytest.mark.parametrize("which", ["net", "trips"])
def test_what_is_no_tntp_is_refused(tmp_path, which, content):
    with pytest.raises(DataError, match=rf"a_{which}\.tntp (cannot be read as text|is not a TNTP file)"):
        read_tntp(tntp(tmp_path, **{which: content}))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "NODES> 2",
            "NODES> 1000000000",
            "<NUMBER OF NODES> is '1000000000'; give a whole number of at most 5,000,000",
        ),
        ("NODES> 2", "NODES> " + "9" * 5000, "NUMBER OF NODES"),
        ("NODES> 2", "NODES> -2", "<NUMBER OF NODES> is '-2'"),
        ("NODES> 2", "NODES> 2.5", "<NUMBER OF NODES> is '2.5'"),
        ("NODES> 2", "NODES> ٢", "<NUMBER OF NODES> is '٢'"),
        ("ZONES> 2", "ZONES> 1e9", "<NUMBER OF ZONES> is '1e9'"),
        ("NODE> 1", "NODE> 9", "<FIRST THRU NODE> is 9"),
        ("LINKS> 1", "LINKS> 2", "<NUMBER OF LINKS> is 2 and there are 1 links"),
        ("1 2 10", "1 3 10", "a_net.tntp:6 [term_node]: is 3; give a node from 1 to 2"),
        ("1 2 10", "1.5 2 10", "a_net.tntp:6 [init_node]: is 1.5"),
        ("1 2 10", "1 nan 10", "a_net.tntp:6 [term_node]: is nan"),
        ("6.0", "nan", "a_net.tntp:6 [free_flow_time]: is nan"),
        ("6.0", "1e999", "a_net.tntp:6 [free_flow_time]: is inf"),
        ("6.0", "-1", "a_net.tntp:6 [free_flow_time]: is -1"),
        ("2 10 5", "2 0 5", "a_net.tntp:6 [capacity]: is 0"),
        ("0.15 4 0 0 1", "", "a_net.tntp:6: 5 values"),
    ],
)
def test_tntp_with_a_fault_is_refused(tmp_path, old, new, says):
    net = NET + ARC
    assert old in net
    with pytest.raises(DataError) as raised:
        read_tntp(tntp(tmp_path, net=net.replace(old, new, 1)))
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "trips", ["2 : 12.5;", "Origin 1\n 2 : nan;", "Origin 1\n 2 : -5;", "Origin 9\n 2 : 5;", "Origin 1\n 2"]
)
def test_trips_with_a_fault_are_refused(tmp_path, trips):
    with pytest.raises(DataError, match=r"a_trips\.tntp"):
        read_tntp(tntp(tmp_path, trips=f"<END OF METADATA>\n{trips}\n"))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere"), lambda _: None])
def test_flows_that_are_no_file_are_refused(tmp_path, make):
    problem = read_tntp(tntp(tmp_path))
    make(tmp_path / "a_flow.tntp")
    with pytest.raises(DataError, match=r"there is no file .*a_flow\.tntp"):
        read_tntp_flows(tmp_path / "a_flow.tntp", problem)
