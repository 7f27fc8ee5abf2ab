"""Lists of places, pairs, works, ships' lines: what is no table, or a damaged one, is refused, or said of its row."""

import csv
import io

import pytest

from tests.support.hostile_tables import damaged, unreadable
from tests.support.refusals import check_refused, outcome
from tests.support.ship_plans import ferry_network
from tests.support.tiny import link, write_tiny
from tests.support.works import three_ways, work

READERS = {
    "places": ({"place": "cn-a", "note": "x"}, "place", ["matrix", "in.csv"]),
    "points": ({"lat": "0.0", "lon": "0.01", "name": "A"}, "lat", ["matrix", "in.csv"]),
    "destinations": ({"place": "cn-a", "note": "x"}, "place", ["matrix", "good.csv", "--to", "in.csv"]),
    "lines": ({"line": "kz-a--az-b--ferry", "teu_day": "10"}, "line", ["ferries", "in.csv"]),
    "works": ({}, "id", ["invest", "in.csv", "--budget", "1e6"]),
}
"""Columns of a good row, the one that is needed, and the command that reads the table."""


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    tiny = write_tiny(folder / "tiny", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c")])
    ferry_network(folder / "ferries")
    three_ways(folder / "works", candidates=[work("w", 1, resources=("r0",), capacity_add=10)])
    return {"lines": folder / "ferries", "works": folder / "works"} | dict.fromkeys(
        ("places", "points", "destinations", "pairs"), tiny
    )


def columns_of(reader, networks):
    if reader != "works":
        return READERS[reader][0]
    with (networks["works"] / "candidates.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def read(reader, folder, networks, content):
    (folder / "in.csv").write_bytes(content)
    (folder / "good.csv").write_text("place\ncn-a\nkz-c\n", encoding="utf-8")
    return outcome([*READERS[reader][2], "--network", str(networks[reader])], folder)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["UTF-16", "Latin-1", "a quote not closed", "a line of 10 MB"])
def test_what_is_no_table_is_refused(tmp_path, networks, reader, name):
    content, words = unreadable(columns_of(reader, networks))[name]
    check_refused(read(reader, tmp_path, networks, content), "in.csv", *words)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["no needed column", "a column twice", "a value too many", "NUL"])
def test_a_damaged_table_is_refused(tmp_path, networks, reader, name):
    content, words = damaged(columns_of(reader, networks), READERS[reader][1])[name]
    check_refused(read(reader, tmp_path, networks, content), "in.csv", *words)


@pytest.mark.parametrize("reader", READERS)
def test_an_empty_file_is_refused(tmp_path, networks, reader):
    check_refused(read(reader, tmp_path, networks, b""), "in.csv:1")


@pytest.mark.parametrize(
    ("reader", "content", "words"),
    [
        ("places", "place\ncn-a\ncn-a\n", "in.csv:3 [place]: 'cn-a' repeats the place on line 2; remove one"),
        ("places", "place\nZzyzyx\n", "in.csv:2 [place]: no place is called 'Zzyzyx'"),
        (
            "points",
            "lat,lon\n95,0\n",
            "in.csv:2 [lat]: 95 is out of range (-90 to 90 degrees); give the latitude in degrees",
        ),
        ("points", "lat,lon\nnan,0\n", "in.csv:2 [lat]: nan is out of range"),
        ("lines", "line,teu_day\nferry,1e308\n", "in.csv:2 [teu_day]: 1e308 is out of range (0 to 1e9)"),
        ("lines", "line,teu_day\nferry,²³\n", "in.csv:2 [teu_day]: '²³' is not a number"),
        ("lines", "line,teu_day\nferry,1\nferry,2\n", "in.csv:3 [line]: ferry is repeated; give it once"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused(tmp_path, networks, reader, content, words):
    check_refused(read(reader, tmp_path, networks, content.encode()), words)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"cost_musd": "inf"}, "[cost_musd]: inf is out of range (0 to 1e9 MUSD)"),
        ({"cost_usd_year": "2031"}, "[cost_usd_year]: there is no deflator for 2031; give a year of deflators ("),
        ({"capacity_add": "1e-300"}, "[capacity_add]: 1e-300 is neither 0 nor 1e-12 or more"),
        ({"requires": "w"}, "[requires]: w requires w; break the cycle"),
        ({"resources": "r9"}, "[resources]: 'r9' is not in resources.csv; correct it or add the row"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_work_that_does_not_fit_is_refused(tmp_path, networks, cells, words):
    row, text = columns_of("works", networks) | cells, io.StringIO()
    writer = csv.DictWriter(text, row)
    writer.writeheader()
    writer.writerow(row)
    check_refused(read("works", tmp_path, networks, text.getvalue().encode()), f"in.csv:2 {words}")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("cn-a,kz-c,9,9", "4 values for 3 columns; quote values that contain a comma"),
        ("cn-a,kz-c\0,1", "destination has the control character '\\x00'; leave it out"),
        ("cn-a,kz-c,1e308", "teu is 1e+308 and must be from 0.01 to 1e+06"),
        ("cn-a,kz-c,nan", "teu nan is out of range"),
        ("cn-a,,1", "destination is blank"),
        ("Zzyzyx,kz-c,1", "no place is called 'Zzyzyx'"),
    ],
)
def test_a_pair_that_does_not_fit_says_so_in_its_row(tmp_path, networks, row, words):
    (tmp_path / "in.csv").write_text(f"origin,destination,teu\n{row}\ncn-a,cn-b,1\n", encoding="utf-8")
    seen = outcome(["matrix", "--pairs", "in.csv", "--tonnes", "1", "--network", str(networks["pairs"])], tmp_path)
    assert (seen.code, seen.err) == (0, "1 error in 2 pairs; see the column error\n")
    first, second = csv.DictReader(io.StringIO(seen.out))
    assert words in first["error"], first
    assert second["error"] == ""
    assert float(second["time_mean_h"]) > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "in.csv:1 [origin]: the column is missing"),
        (b"origin,destination\n", "in.csv:1: no pair is listed; give a pair in each row below the header"),
        (b"origin,origin,destination\na,b,c\n", "in.csv:1 [origin]: 2 columns have this name; give one"),
        ("origin,destination\na,ü\n".encode("latin-1"), "line 2: the byte 0xfc is not UTF-8; save it as CSV UTF-8"),
    ],
    ids=["an empty file", "only a header", "a column twice", "Latin-1"],
)
def test_what_is_no_table_of_pairs_is_refused(tmp_path, networks, content, words):
    (tmp_path / "in.csv").write_bytes(content)
    check_refused(outcome(["matrix", "--pairs", "in.csv", "--network", str(networks["pairs"])], tmp_path), words)
