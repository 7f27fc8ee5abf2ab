"""Lists of places in CSV: what is read, and every fault with its line and cure."""

import pandas as pd
import pytest

from landbridge.networks import DataError
from landbridge.networks.places.place_index import PlaceIndex
from landbridge.networks.places.place_lists import places_given, read_places, shown_name

ROWS = [
    {"id": "cn-a", "name": "Alpha", "country": "CN", "aliases": ("甲",), "unlocode": "CNAAA", "parent": None},
    {"id": "cn-b", "name": "Beta", "country": "CN", "aliases": (), "unlocode": None, "parent": None},
    {"id": "kz-b", "name": "Beta", "country": "KZ", "aliases": (), "unlocode": None, "parent": None},
]


@pytest.fixture
def read(tmp_path):
    index = PlaceIndex([row | {"primary": False} for row in ROWS])

    def write_and_read(text, encoding="utf-8"):
        path = tmp_path / "places.csv"
        path.write_bytes(text.encode(encoding))
        return read_places(path, index)

    return write_and_read


def faults(read, text):
    with pytest.raises(DataError) as error:
        read(text)
    return [(fault.row, fault.column, fault.problem) for fault in error.value.faults]


def test_places_are_read_as_they_are_written_whatever_else_the_file_holds(read):
    text = "note,place\nfirst,甲\n,CNAAA2\n".replace("CNAAA2", "cn-b") + '\n"x","51.5,7.0"\n'
    assert read(text) == ["甲", "cn-b", "51.5,7.0"]


def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_a_name(read):
    assert read("place\r\nCNAAA\r\ncn-b\r\n", "utf-8-sig") == ["CNAAA", "cn-b"]


def test_every_fault_is_named_with_its_line(read):
    found = faults(read, "place,note\nAlpha,\n,blank\nBeta,\nGamma,\n甲,again\n51.5,7.0,x\n")
    assert [(row, column) for row, column, _ in found] == [
        (3, "place"),
        (4, "place"),
        (5, "place"),
        (6, "place"),
        (7, ""),
    ]
    assert found[0][2] == "the cell is blank"
    assert "cn-b (CN), kz-b (KZ)" in found[1][2]
    assert "Gamma" in found[2][2]
    assert found[3][2] == "'甲' repeats the place on line 2"
    assert found[4][2] == "3 values for 2 columns"


def test_coordinates_outside_the_world_are_a_fault(read):
    ((row, column, problem),) = faults(read, 'place\n"95,7"\n')
    assert (row, column) == (2, "place")
    assert "is out of range" in problem


@pytest.mark.parametrize("text", ["", "name\nAlpha\n", "place,place\nAlpha,Alpha\n"])
def test_a_header_without_one_column_of_places_is_a_fault(read, text):
    ((row, _, problem),) = faults(read, text)
    assert row == 1
    assert problem.startswith("the header is")


def test_a_list_of_nothing_is_a_fault(read):
    assert faults(read, "place\n\n")[0][2] == "no place is listed"


def test_what_is_no_text_and_what_is_not_there_are_errors(read, tmp_path):
    with pytest.raises(DataError, match="cannot be read as CSV in UTF-8"):
        read("place\nÄlpha\n", "latin-1")
    with pytest.raises(DataError, match="there is no file"):
        read_places(tmp_path / "none.csv", PlaceIndex([]))


@pytest.fixture
def index():
    return PlaceIndex([row | {"primary": False} for row in ROWS])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Alpha", ("Alpha",)),
        ((51.5, 7.0), ("51.5,7",)),
        (["Alpha", (51.5, 7.0)], ("Alpha", "51.5,7")),
        (pd.Series(["Alpha", "cn-b"]), ("Alpha", "cn-b")),
        (pd.DataFrame({"note": [1, 2], "place": ["Alpha", (51.5, 7.0)]}), ("Alpha", "51.5,7")),
        ([{"place": "Alpha"}, {"place": "cn-b", "note": 5}], ("Alpha", "cn-b")),
        (None, ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_places_are_given_one_by_one_or_as_a_table(index, given, expected):
    assert places_given(given, "origins", index) == expected


def test_a_text_that_ends_in_csv_and_a_path_are_files(index, tmp_path):
    path = tmp_path / "list.CSV"
    path.write_text("place\nAlpha\ncn-b\n", encoding="utf-8")
    assert places_given(path, "origins", index) == places_given(str(path), "origins", index) == ("Alpha", "cn-b")
    with pytest.raises(DataError, match="there is no file"):
        places_given(tmp_path / "other", "origins", index)


def test_faults_of_a_frame_count_its_rows_from_1(index):
    with pytest.raises(DataError) as error:
        places_given(pd.DataFrame({"place": ["Alpha", None, "甲"]}), "origins", index)
    assert [(fault.file, fault.row, fault.problem) for fault in error.value.faults] == [
        ("origins", 2, "the cell is blank"),
        ("origins", 3, "'甲' repeats the place on line 1"),
    ]
    with pytest.raises(DataError, match=r"origins is not a list of places\n  origins: the header is name"):
        places_given([{"name": "Alpha"}], "origins", index)


@pytest.mark.parametrize(
    "text",
    [
        "name,lat,lon\nHan,51.5,7\n,30,-120.25\n",
        "lon;note;lat;name\n7,0;x;51,5;Han\n-120,25;;30;\n",
        "lat,lon,name\n 51.50 , 7.0 , Han \n30,-120.25,\n",
    ],
    ids=["commas", "semicolons", "spaces"],
)
def test_a_list_of_names_and_coordinates_is_read(read, text):
    found = read(text)
    assert found == ["51.5,7", "30,-120.25"]
    assert [shown_name(place) for place in found] == ["Han", "30,-120.25"]


def test_coordinates_that_are_wrong_are_faults_of_their_column(read):
    assert faults(read, "name,lat,lon\nA,95,7\nB,,8\nC,5,x\nD,1,1\nD,2,2\n") == [
        (2, "lat", "95 is out of range (-90 to 90 degrees)"),
        (3, "lat", "is blank"),
        (4, "lon", "'x' is not a number"),
        (6, "name", "'D' is also on line 5"),
    ]
