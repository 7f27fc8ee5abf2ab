"""Plain tables on the terminal."""

from landbridge.routing.cli.tables.console import print_cities, print_table


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


def test_cities_that_ends_were_found_to_name_are_told(capsys):
    zurich = {"name": "Zürich", "country": "CH", "lat": 47.3667, "lon": 8.55, "population": 415367}
    print_cities({"options": {"resolved": {"from": zurich}}})
    assert "Zürich, CH (47.3667,8.55) has no terminal" in capsys.readouterr().out
    print_cities({"options": {"resolved": {}}})
    print_cities({"options": {}})
    assert capsys.readouterr().out == ""
