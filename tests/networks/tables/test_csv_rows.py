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


@pytest.mark.parametrize(
    "content",
    [
        b"id,km,\na,1.5,\nb,2,\n",
        b"id,,km,,\na,,1.5,,\n,,,,\nb,,2,,\n",
        b"id;km\r\na;1,5\r\nb;2\r\n",
        b"\xef\xbb\xbfsep=;\r\nid;km\r\na;1,5\r\nb;2\r\n",
        b"id\tkm\na\t1,5\nb\t2\n",
        b'"id";"km"\n"a";" 1,5 "\n"b";2\n',
    ],
    ids=["blank column", "blank columns and row", "semicolons", "a stated separator", "tabs", "quotes"],
)
def test_files_are_read_as_spreadsheets_save_them(tmp_path, content):
    header, rows, faults = csv_rows(written(tmp_path, content), {"km"})
    assert (header, faults) == (("id", "km"), [])
    assert [(row["id"], float(row["km"])) for _, row in rows] == [("a", 1.5), ("b", 2)]


def test_only_numbers_in_a_file_without_commas_have_a_decimal_comma(tmp_path):
    _, rows, _ = csv_rows(written(tmp_path, b"id;km;note\n1,5;1,5;1,5\n"), {"km"})
    assert rows == [(2, {"id": "1,5", "km": "1.5", "note": "1,5"})]
    _, rows, _ = csv_rows(written(tmp_path, b'id,km\na,"1,5"\n'), {"km"})
    assert rows == [(2, {"id": "a", "km": "1,5"})]


def test_lines_are_counted_from_a_stated_separator(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, b"sep=;\nid;km\na;1\nb;2;3\n"))
    assert [line for line, _ in rows] == [3]
    assert [(fault.row, fault.cure) for fault in faults] == [(4, "quote values that contain a semicolon")]


def test_a_value_in_a_column_without_a_name_is_a_fault(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, b"id,km,\na,1,\nb,2,3\n"))
    assert rows == [(2, {"id": "a", "km": "1"})]
    assert [(fault.row, fault.problem) for fault in faults] == [(3, "a value in a column without a name")]


def test_what_is_no_text_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"few\.csv cannot be read as CSV in UTF-8"):
        csv_rows(written(tmp_path, b"id,km\n\xff,1\n"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'id,km\na,1\nb,"2\n', "line 3: a quote that begins here is not closed"),
        (b'id,km\na,"' + b"x" * 200_000, "line 2: a cell has more than 131,072 characters"),
        (b"id,km\n" + b"x" * 1_000_001, "line 2: the line has more than 1,000,000 characters"),
        (b"id,km\na,1\n\xff,2\n", "line 3: the byte 0xff is not UTF-8"),
        (b"id\0,km\n", r"line 1: the header has the control character '\\x00'"),
    ],
)
def test_what_is_no_csv_says_the_line(tmp_path, content, says):
    with pytest.raises(DataError, match=f"few.csv cannot be read as CSV in UTF-8: {says}.*; save it as CSV UTF-8"):
        csv_rows(written(tmp_path, content))


def test_more_bytes_than_are_read_are_refused(tmp_path):
    assert csv_rows(written(tmp_path, b"id,km\na,1\n"), most_bytes=10)[1] == [(2, {"id": "a", "km": "1"})]
    with pytest.raises(DataError, match="has more than 0 MB; split it"):
        csv_rows(written(tmp_path, b"id,km\na,1\n"), most_bytes=9)


def test_a_cell_with_a_character_that_is_not_shown_is_a_fault_and_its_row_is_left_out(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, "id,km\na\u202e,\x001\nb\t,2\n".encode()))
    assert rows == [(3, {"id": "b\t", "km": "2"})]
    assert [(fault.row, fault.column) for fault in faults] == [(2, "id"), (2, "km")]


def test_what_cannot_be_made_is_a_fault_of_its_line(tmp_path):
    path = written(tmp_path, b"id,km\na,1\nb,far\nc\n")
    with pytest.raises(DataError, match="2 faulty rows") as caught:
        made_of_rows(path, lambda row: float(row["km"]), "give a number")
    assert [fault.row for fault in caught.value.faults] == [3, 4]
    assert made_of_rows(written(tmp_path, b"km\n1\n2\n"), lambda row: float(row["km"]), "") == [1.0, 2.0]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"id;km\na;1.000\nb;2\n", ["'1.000' may be 1000 or 1.0"]),
        (b"id\tkm\na\t1,000\n", ["'1,000' may be 1000 or 1,0"]),
        (b"id;km\na;2.500\nb;1,5\n", ["'2.500' may be 2500 or 2.50"]),
        (b"id;km\na;12.345\nb;1.5\nc;1,5\n", ["'12.345' may be 12345 or 12.3450"]),
        (b"id;km\na;12.345\nb;1.5\n", []),
        (b"id;km\na;12,345\nb;1,5\n", []),
        (b"id;km\na;0.125\nb;1.000\n", []),
        (b"id;lat\na;51.234\n", []),
        (b"id,km\na,1.000\n", []),
    ],
)
def test_a_mark_that_may_separate_thousands_is_a_fault(tmp_path, content, problems):
    """A spreadsheet saves what it shows: 1.000 for a thousand where commas are decimal."""
    _, _, faults = csv_rows(written(tmp_path, content), {"km", "lat"})
    assert [fault.problem for fault in faults] == problems


def test_a_row_with_a_mark_that_may_separate_thousands_is_left_out(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, b"id;km\na;1.000\nb;2\n"), {"km"})
    assert rows == [(3, {"id": "b", "km": "2"})]
    assert [fault.row for fault in faults] == [2]


def test_columns_of_numbers_may_be_named_in_any_case(tmp_path):
    _, rows, faults = csv_rows(written(tmp_path, b"ID;Km\na;1.000\nb;1,5\nc;2,25\n"), {"km"})
    assert [row["Km"] for _, row in rows] == ["1.5", "2.25"]
    assert [fault.problem for fault in faults] == ["'1.000' may be 1000 or 1.0"]
