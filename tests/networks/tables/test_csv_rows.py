"""Rows of CSV files with their lines; what is wrong with rows is told all at once."""

import pytest

from landbridge.networks.errors import DataError
from landbridge.networks.tables.csv_rows import csv_rows, made_of_rows


def written(folder, content):
    path = folder / "few.csv"
    path.write_bytes(content)
    return path


def test_rows_have_their_lines_and_blank_ones_are_passed_over(tmp_path):
    # A cell with a line break ends on line 3; line 4 and 5 are blank.
    path = written(tmp_path, b'\xef\xbb\xbfid, km\na,"1\n2"\n\n ,\nb,3\n')
    header, rows, faults = csv_rows(path)
    assert header == ("id", "km")
    assert rows == [(3, {"id": "a", "km": "1\n2"}), (6, {"id": "b", "km": "3"})]
    assert not faults


def test_rows_of_another_length_are_faults(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, b"id,km\na,1,2\nb,3\nc\n"))
    assert rows == [(3, {"id": "b", "km": "3"})]
    assert [(fault.row, fault.problem) for fault in faults] == [
        (2, "3 values for 2 columns"),
        (4, "1 values for 2 columns"),
    ]


def test_what_is_no_text_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"few\.csv cannot be read as CSV in UTF-8"):
        csv_rows(written(tmp_path, b"id,km\n\xff,1\n"))


def test_what_cannot_be_made_is_a_fault_of_its_line(tmp_path):
    path = written(tmp_path, b"id,km\na,1\nb,far\nc\n")
    with pytest.raises(DataError, match="2 faulty rows") as caught:
        made_of_rows(path, lambda row: float(row["km"]), "give a number")
    assert [fault.row for fault in caught.value.faults] == [3, 4]
    assert made_of_rows(written(tmp_path, b"km\n1\n2\n"), lambda row: float(row["km"]), "") == [1.0, 2.0]
