"""The file of a table is told by the ending of its name, before the work is done."""

from pathlib import Path

import pytest

from landbridge.networks import QueryError
from landbridge.routing.output import table_files
from landbridge.routing.output.table_files import check_format


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
