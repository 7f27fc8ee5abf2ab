"""Plain tables on the terminal."""

import pytest
from rich.table import Table

from landbridge.routing.cli.tables import console
from landbridge.routing.cli.tables.console import fitted, print_cities, print_table
from tests.support.printed import rows_of


def test_a_table_has_title_cells_and_remarks(capsys):
    print_table("title [x]", ("name", "km"), [("a [b]", "1,000")], remarks="what it means")
    out = capsys.readouterr().out
    assert out.startswith("title [x]")
    # Square brackets are part of names and no markup.
    assert "a [b]" in out
    assert "1,000" in out
    assert out.rstrip().endswith("what it means")


def test_lines_are_not_folded_into_80_columns_where_the_output_is_a_file(capsys):
    print_table("t", [f"column {number}" for number in range(12)], [["x" * 10] * 12])
    assert "x" * 10 in capsys.readouterr().out


ROWS = [["from Xi'an to the port", "a long name of a stop", "1,234,567", "14.4-19.1", "12"]]
COLUMNS = ["way", "longest stop", "USD", "p10-p90", "borders"]


# Each column has 3 characters beside its cells, and the table 1: of 22 + 21 + 9 + 9 + 7 these are 84.
@pytest.mark.parametrize(
    ("width", "kept", "left_out"),
    [
        (84, ["way", "longest stop", "USD", "p10-p90", "borders"], ""),
        (60, ["way", "longest stop", "USD", "p10-p90", "borders"], ""),
        # The longest words take 5 + 7 + 9 + 9 + 7, 53 with what is beside them.
        (53, ["way", "longest stop", "USD", "p10-p90", "borders"], ""),
        (52, ["way", "USD", "p10-p90", "borders"], "longest stop"),
        # 5 + 9 + 9 + 7 and 13.
        (42, ["way", "USD", "p10-p90"], "longest stop, borders"),
        (25, ["way", "USD"], "longest stop, borders, p10-p90"),
    ],
)
def test_what_does_not_fit_is_left_out_by_need_and_named(monkeypatch, capsys, width, kept, left_out):
    monkeypatch.setattr(console, "_PIPE_COLUMNS", width)
    print_table("t", COLUMNS, ROWS, left=2)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    cells = [" ".join(part).split() for part in zip(*rows_of(text), strict=True)]
    assert cells == [ROWS[0][COLUMNS.index(name)].split() for name in kept]
    assert (f"Left out for lack of room: {left_out}." in " ".join(text.split())) == bool(left_out)
    assert ("Left out" in text) == bool(left_out)


def test_wide_letters_count_twice():
    table = Table()
    table.add_column("name")
    table.add_column("km", justify="right")
    table.add_row("西安西安西安", "1")
    # 12 + 2 and 7 beside them.
    assert fitted(table, 21)[0] is table
    assert fitted(table, 20)[1] == ["km"]


def test_cities_that_ends_were_found_to_name_are_told(capsys):
    zurich = {"name": "Zürich", "country": "CH", "lat": 47.3667, "lon": 8.55, "population": 415367}
    print_cities({"options": {"resolved": {"from": zurich}}})
    assert "Zürich, CH (47.3667,8.55) has no terminal" in capsys.readouterr().out
    print_cities({"options": {"resolved": {}}})
    print_cities({"options": {}})
    assert capsys.readouterr().out == ""
