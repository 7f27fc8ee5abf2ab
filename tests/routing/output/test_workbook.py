"""Workbooks: typed cells, texts that are never formulas, units, the whole file or none."""

import sys
from datetime import datetime

import pytest

from landbridge.networks import QueryError
from landbridge.routing.output import workbook
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.output.workbook import LONGEST, unit_of, write_workbook

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

META = {
    "version": "9",
    "reference_date": "2026-10-01",
    "options": {"avoid": ["RU", "BY"], "teu": 2.0},
    "scenario": None,
}


def written(path, rows, columns=None):
    return openpyxl.load_workbook(write_workbook(path / "a.xlsx", [RecordTable("rows", lambda: rows, columns)], META))


def test_cells_keep_their_types(tmp_path):
    row = {"name": "Baku", "count": 3, "cost_usd": 2.5, "open": True, "none": None, "nan": float("nan")}
    sheet = written(tmp_path, [row])["rows"]
    assert [cell.value for cell in sheet[1]] == list(row)
    assert [cell.value for cell in sheet[2]] == ["Baku", 3, 2.5, True, None, None]
    assert [cell.data_type for cell in sheet[2]][:4] == ["s", "n", "n", "b"]
    assert sheet["C2"].number_format == "#,##0.00"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example")'])
def test_a_text_is_never_a_formula(text, tmp_path):
    sheet = written(tmp_path, [{"name": text}])["rows"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.endswith(text.strip())
    # With the quote prefix it stays a text when the cell is edited.
    assert sheet["A2"].quotePrefix


def test_addresses_and_numbers_as_text_stay_texts(tmp_path):
    sheet = written(tmp_path, [{"a": "http://a.example", "hs": "0101"}])["rows"]
    assert [cell.value for cell in sheet[2]] == ["http://a.example", "0101"]
    assert sheet["A2"].hyperlink is None


def test_a_moment_is_a_date_in_utc_with_the_local_time_beside(tmp_path):
    book = written(tmp_path, [{"depart": "2026-11-01T00:00+08:00", "km": 1.0}, {"depart": None, "km": 2.0}])
    sheet = book["rows"]
    assert [cell.value for cell in sheet[1]] == ["depart", "depart_local", "km"]
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 10, 31, 16), "2026-11-01T00:00+08:00", 1.0]  # noqa: DTZ001 - Excel has no zones
    assert [cell.value for cell in sheet[3]] == [None, None, 2.0]
    rows = list(book["columns"].iter_rows(min_row=2, values_only=True))
    assert rows == [
        ("rows", "depart", "UTC", "moment"),
        ("rows", "depart_local", "", "text"),
        ("rows", "km", "km", "number"),
    ]


def test_the_header_is_frozen_and_there_without_a_row(tmp_path):
    sheet = written(tmp_path, [], ("a", "b"))["rows"]
    assert [cell.value for cell in sheet[1]] == ["a", "b"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_the_metadata_are_a_sheet(tmp_path):
    rows = list(written(tmp_path, [{"a": 1}])["metadata"].iter_rows(min_row=2, values_only=True))
    assert rows == [
        ("version", "9"),
        ("reference_date", "2026-10-01"),
        ("options.avoid", "RU; BY"),
        ("options.teu", 2),
        ("scenario", None),
    ]


def test_the_same_answer_gives_the_same_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, [{"a": 1, "b": "x"}])
    assert (tmp_path / "one" / "a.xlsx").read_bytes() == (tmp_path / "two" / "a.xlsx").read_bytes()


def test_what_excel_does_not_take_is_refused_and_the_old_file_stays(tmp_path, monkeypatch):
    written(tmp_path, [{"a": 1}])
    before = (tmp_path / "a.xlsx").read_bytes()
    with pytest.raises(QueryError, match=r"a of row 1 of rows has 32,768 characters.*write \.csv"):
        written(tmp_path, [{"a": "x" * (LONGEST + 1)}])
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(QueryError, match=r"rows has more than 1 rows, .*write \.csv"):
        written(tmp_path, [{"a": 1}, {"a": 2}])
    assert (tmp_path / "a.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_another_name_is_refused(tmp_path):
    with pytest.raises(QueryError, match=r"use a name with \.xlsx"):
        write_workbook(tmp_path / "a.csv", [], META)


def test_without_the_library_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises((QueryError, ImportError)):
        written(tmp_path, [{"a": 1}])


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("cost_usd", "USD"),
        ("cost_usd_per_teu", "USD per TEU"),
        ("time_mean_h", "h"),
        ("flow_teu_day", "TEU a day"),
        ("shadow_price_usd_per_teu_day", "USD per TEU a day"),
        ("distance_km", "km"),
        ("swd_km_h", "km/h"),
        ("gauge_mm", "mm"),
        ("teu", "TEU"),
        ("corridor", ""),
        ("month", ""),
    ],
)
def test_units_are_those_in_the_names(column, unit):
    assert unit_of(column) == unit
