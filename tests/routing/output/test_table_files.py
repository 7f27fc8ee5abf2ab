"""A table as one file: by the ending of its name, whole or not at all."""

import sys

import pandas as pd
import pytest

from landbridge.networks import QueryError
from landbridge.routing.output.table_files import check_format, write_table

FRAME = pd.DataFrame({"place": ["Xi'an", "西安"], "hours": [1.5, 2.0]})
TEXT = "place,hours\nXi'an,1.5\n西安,2.0\n"


def unused():
    pytest.fail("only what the ending asks for is made")


@pytest.mark.parametrize("name", ["table.csv", "TABLE.CSV"])
def test_csv_is_the_text(tmp_path, name):
    path = write_table(tmp_path / name, lambda: TEXT, unused)
    assert path == tmp_path / name
    assert path.read_text(encoding="utf-8") == TEXT


def test_parquet_is_the_frame(tmp_path):
    pytest.importorskip("pyarrow")
    path = write_table(tmp_path / "table.parquet", unused, lambda: FRAME)
    assert pd.read_parquet(path).equals(FRAME)


@pytest.mark.parametrize("name", ["table.xlsx", "table", "csv", ".csv"])
def test_another_ending_is_refused_before_anything_is_made(tmp_path, name):
    with pytest.raises(QueryError, match=r"ends neither in \.csv nor in \.parquet"):
        write_table(tmp_path / name, unused, unused)
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow_parquet_is_refused_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(QueryError, match=r"pip install 'landbridge\[parquet\]', or write \.csv"):
        check_format(tmp_path / "table.parquet")
    check_format(tmp_path / "table.csv")


def test_a_frame_that_cannot_be_made_leaves_the_old_file(tmp_path):
    pytest.importorskip("pyarrow")
    path = write_table(tmp_path / "table.parquet", unused, lambda: FRAME)
    before = path.read_bytes()

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(path, unused, interrupted)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["table.parquet"]
