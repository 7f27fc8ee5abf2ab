"""The file of a table is told by the ending of its name, before the work is done."""

from pathlib import Path

import pytest

from landbridge.networks import QueryError
from landbridge.routing.output import table_files
from landbridge.routing.output.table_files import check_format, is_formula, without_formulas


@pytest.mark.parametrize("name", ["table.csv", "TABLE.CSV", "some.folder/table.csv"])
def test_csv_is_always_written(name, monkeypatch):
    monkeypatch.setattr(table_files, "find_spec", lambda _: None)
    check_format(Path(name))


@pytest.mark.parametrize("name", ["table.xls", "table", "csv", ".csv", "table.csv.gz"])
def test_another_ending_is_refused_with_those_that_there_are(name):
    with pytest.raises(QueryError, match=r"ends neither in \.csv, \.xlsx nor in \.parquet"):
        check_format(Path(name))


def test_excel_needs_xlsxwriter_and_without_it_the_cure_is_named(monkeypatch):
    monkeypatch.setattr(table_files, "find_spec", lambda name: name == "xlsxwriter" or None)
    assert check_format(Path("table.XLSX")) == ".xlsx"
    monkeypatch.setattr(table_files, "find_spec", lambda _: None)
    with pytest.raises(QueryError, match=r"pip install 'landbridge\[excel\]', or write \.csv"):
        check_format(Path("table.xlsx"))


def test_parquet_needs_pyarrow_and_without_it_the_cure_is_named(monkeypatch):
    monkeypatch.setattr(table_files, "find_spec", lambda name: name == "pyarrow" or None)
    check_format(Path("table.parquet"))
    monkeypatch.setattr(table_files, "find_spec", lambda _: None)
    with pytest.raises(QueryError, match=r"pip install 'landbridge\[parquet\]', or write \.csv"):
        check_format(Path("table.parquet"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1+cmd|' /C calc'!A0", "\uff1d1"]
)
def test_a_text_like_a_formula_gets_an_apostrophe_in_front(text):
    assert is_formula(text)
    assert list(without_formulas([{"name": text, "km": -1.5}])) == [{"name": f"'{text}", "km": -1.5}]


@pytest.mark.parametrize(
    "text", ["", "-", "+", "-1", "-1,234.5", "+1e-05", "Baku", "'=1", "A=1", "2026-01-01T00:00+05:00"]
)
def test_numbers_with_a_sign_and_other_texts_stay(text):
    assert list(without_formulas([{"name": text}])) == [{"name": text}]
