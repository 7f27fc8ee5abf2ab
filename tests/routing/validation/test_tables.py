"""The tables of a validation and a calibration as people read them."""

import pytest

from landbridge.routing import calibrate, validate
from landbridge.routing.validation.tables import calibration_tables, markdown, validation_tables
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, tiny_network

DAY = 24

ROWS = [
    observation("H1", 2 * DAY, length_km=2000, published_from="A", published_to="B"),
    observation("H2", 1 * DAY, 3 * DAY, half="test", kind="demonstration"),
    observation("H3", 5, comparable=False, reason="a twin of an input", shared_event="A1"),
    observation("H4", 30, modes="sea"),
    observation("H5", 250, quantity="cost_usd", container_feet=20, teu=1, usd_year=2024),
    observation("H6", 3, comparable=False, reason="no unit", quantity="none", **{"from": None, "to": None}),
]


@pytest.fixture
def drawn(tmp_path):
    # 2400 km at 50 km/h are 48 h, and 240 USD for a 20-foot container.
    links = [link("cn-a -- cn-b", length_km=2400, published_km=2000, published_source="A1")]
    return tiny_network(tmp_path, links=links, tables={"observations": ROWS, "sources": SOURCES})


@pytest.fixture
def tables(drawn):
    return {table.title: table for table in validation_tables(validate(drawn))}


def row(table, row_id):
    return dict(zip(table.headers, next(cells for cells in table.rows if cells[0] == row_id), strict=True))


def test_every_row_stands_in_one_table(tables):
    parts = ["Comparable rows: days", "Comparable rows: USD", "Comparable rows: kg CO2e", "Rows that do not count"]
    assert sorted(cells[0] for title in parts for cells in tables[title].rows) == ["H1", "H2", "H3", "H4", "H5", "H6"]


def test_twins_of_inputs_are_counted_apart(tables):
    # Of H3 and H6 only H3 names an input with its event.
    assert tables["Rows that do not count"].remark.startswith("1 of these 2 rows")


def test_times_are_in_days_with_their_ratio(tables):
    found = row(tables["Comparable rows: days"], "H1")
    assert found["observed"] == "2.0"
    assert found["modelled"] == "2.0 - 2.0 - 2.0"
    assert (found["ratio"], found["inside"]) == ("1.00", "yes")


def test_a_demonstration_is_marked_and_not_judged_by_the_interval(tables):
    found = row(tables["Comparable rows: days"], "H2")
    assert found["observed"] == "1.0-3.0"
    assert found["modelled"].endswith("(p10)")
    assert found["inside"] == "-"


def test_money_has_a_value_and_no_interval(tables):
    found = row(tables["Comparable rows: USD"], "H5")
    assert (found["observed"], found["modelled"], found["ratio"]) == ("250", "240", "0.96")


def test_a_row_without_an_answer_says_why(tables):
    assert "H4: no route" in tables["Comparable rows: days"].remark
    headline = tables["Regular and surveyed times"]
    assert [cells[headline.headers.index("no answer")] for cells in headline.rows] == ["1", "1", "0", "1"]


def test_what_does_not_count_gives_its_reason(tables):
    table = tables["Rows that do not count"]
    assert row(table, "H3")["why it does not count"] == "a twin of an input"
    assert row(table, "H6")["observed"] == "3 h"


def test_lengths_of_journeys_and_links(tables):
    assert row(tables["Lengths of observed journeys"], "H1")["modelled / published"] == "1.20"
    table = tables["Lengths of links"]
    assert table.rows == [("cn-a--cn-b--rail", "2,400", "2,000", "1.20")]
    assert "median difference 20.0%" in table.remark


def test_a_calibration_shows_both_halves_before_and_after(drawn):
    factors, halves = calibration_tables(calibrate(drawn))
    assert [cells[0] for cells in factors.rows] == ["rail running", "sea running", "borders", "stops and waits"]
    assert "H1" in factors.remark
    assert [cells[0] for cells in halves.rows] == [
        "before, training",
        "after, training",
        "before, test",
        "after, test",
        "before, both halves",
        "after, both halves",
    ]


def test_markdown_has_a_line_for_each_row(tables):
    table = tables["Rows that do not count"]
    lines = markdown([table]).splitlines()
    assert lines[0] == "### Rows that do not count"
    assert lines[2].startswith("| id | kind |")
    assert len([line for line in lines if line.startswith("| H")]) == 2
    assert {line.count("|") for line in lines if line.startswith("|")} == {len(table.headers) + 1}
