"""Tables as people hold them: files, DataFrames and dictionaries become the same text."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from landbridge.networks import DataError, QueryError
from landbridge.networks.tables.records import faults_of_header, parsed_cells, records_of
from landbridge.networks.tables.schema import Column

ROWS = [
    {"place": "Xi'an", "teu": 5.0, "modes": ["rail", "sea"], "on": date(2026, 3, 1), "note": None},
    {"place": (51.43, 6.76), "teu": float("nan"), "modes": (), "on": None, "note": True},
]
TEXTS = [
    {"place": "Xi'an", "teu": "5", "modes": "rail;sea", "on": "2026-03-01", "note": ""},
    {"place": "51.43,6.76", "teu": "", "modes": "", "on": "", "note": "true"},
]
COLUMNS = (
    Column("place", "text", "", True, "", "", "a place"),
    Column("teu", "number", "TEU", False, "", "0..", "how many TEU"),
)
WAITS = tuple(Column(f"wait_{unit}", "number", "", False, "", "", "the wait") for unit in ("day", "year"))


@pytest.mark.parametrize("table", [ROWS, (row for row in ROWS), pd.DataFrame(ROWS)], ids=["list", "generator", "frame"])
def test_dictionaries_and_frames_are_text_counted_from_1(table):
    records = records_of(table, "demand")
    assert (records.name, records.header) == ("demand", ("place", "teu", "modes", "on", "note"))
    assert records.rows == [(1, TEXTS[0]), (2, TEXTS[1])]


def test_a_file_is_text_by_line_without_blank_lines_and_with_its_ragged_ones_as_faults(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('place, teu\r\n"51.43,6.76",5\r\n\r\n,,\r\n51.43,6.76,5\r\nBaku,7\r\n', encoding="utf-8-sig")
    records = records_of(path, "demand")
    assert (records.name, records.header) == ("x.csv", ("place", "teu"))
    assert records.rows == [(2, {"place": "51.43,6.76", "teu": "5"}), (6, {"place": "Baku", "teu": "7"})]
    assert [str(fault) for fault in records.faults] == [
        "x.csv:5: 3 values for 2 columns; quote values that contain a comma"
    ]


def test_missing_values_of_numpy_and_pandas_are_blank():
    cells = {"a": pd.NA, "b": pd.NaT, "c": np.float64("nan"), "d": np.int64(7), "e": np.array([1.5, 2.0])}
    blank = {"a": "", "b": "", "c": "", "d": "7", "e": "1.5,2"}
    assert records_of([cells], "x").rows == [(1, blank)]
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.to_datetime(["2026-03-01", None])})
    assert [cells for _, cells in records_of(frame, "x").rows] == [
        {"a": "1", "b": "2026-03-01 00:00:00"},
        {"a": "", "b": ""},
    ]


def test_a_row_may_lack_what_another_has():
    records = records_of([{"a": 1}, {"b": 2}], "x")
    assert records.header == ("a", "b")
    assert records.rows == [(1, {"a": "1"}), (2, {"b": "2"})]


def test_bytes_are_no_number_and_not_blank():
    records = records_of([{"place": "Baku", "teu": b"100"}, {"place": "Baku", "teu": np.bytes_(b"100")}], "x")
    faults = []
    for number, cells in records.rows:
        parsed_cells("x", number, cells, COLUMNS, faults)
    assert [str(fault) for fault in faults] == [
        f"x:{number} [teu]: \"b'100'\" is not a number; give how many TEU" for number in (1, 2)
    ]


@pytest.mark.parametrize("table", [5, [5], [{"a": 1}, None], {"a": 1}, b"x.csv"])
def test_what_is_no_table_is_refused(table):
    cure = "a DataFrame, a list of dictionaries or the path of a CSV file"
    with pytest.raises(QueryError, match=f"^demand (is|has) .*; give {cure}"):
        records_of(table, "demand")


def test_a_file_that_is_not_there_or_no_csv_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"there is no file .*none\.csv"):
        records_of(tmp_path / "none.csv", "x")
    with pytest.raises(DataError, match="cannot be read"):
        records_of(tmp_path, "x")
    (tmp_path / "x.csv").write_bytes("place\nÄlpha\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"x\.csv cannot be read as CSV in UTF-8.*save it as CSV UTF-8"):
        records_of(tmp_path / "x.csv", "x")


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"place": "Baku", "Teu ": 5}, ["x [Teu ]: unknown column; write it as teu, or give it another name"]),
        ({"Place": "Baku"}, ["x [place]: the column is missing", "x [Place]: unknown column; write it as place"]),
        ({"place": "Baku", "teu": 5, "teus": 6, "note": "mine"}, []),
        ({"place": "Baku", "year": 2026, "note": "mine", "": ""}, []),
        ({"place": "Baku", "wait": 3}, ["x [wait]: unknown column; write it as wait_day or wait_year, or give"]),
        ({"place": "Baku", "day": 3, "year": 2026}, []),
        ({"place": "Baku", "wait_day": 3, "wait_year": 5, "wait": 4}, []),
    ],
)
def test_a_column_with_nearly_the_name_of_one_that_is_not_given_is_a_fault(given, problems):
    faults = faults_of_header(records_of([given], "x"), COLUMNS + WAITS)
    assert len(faults) == len(problems)
    assert all(problem in str(fault) for fault, problem in zip(faults, problems, strict=True))


def test_missing_columns_and_cells_that_do_not_fit_are_faults():
    assert [str(fault) for fault in faults_of_header(records_of([{"teu": 1}], "x"), COLUMNS)] == [
        "x [place]: the column is missing; give a place"
    ]
    faults = []
    assert parsed_cells("x", 3, {"teu": "many"}, COLUMNS, faults) == {"place": None, "teu": None}
    assert [str(fault) for fault in faults] == [
        "x:3 [place]: is blank; give a place",
        "x:3 [teu]: 'many' is not a number; give how many TEU",
    ]
    assert parsed_cells("x", 3, {"place": " Baku ", "teu": "5"}, COLUMNS, []) == {"place": "Baku", "teu": 5.0}


def test_a_column_that_occurs_twice_is_a_fault():
    frame = pd.DataFrame([["a", 1, 2]], columns=["place", "teu", "teu"])
    (fault,) = faults_of_header(records_of(frame, "demand"), COLUMNS)
    assert str(fault) == "demand [teu]: 2 columns have this name; give one"
