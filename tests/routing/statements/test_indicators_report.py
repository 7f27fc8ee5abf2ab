"""Indicators as CSV and Markdown."""

import csv
import io

import pytest

from landbridge.routing import itinerary_indicators, route
from landbridge.routing.statements.indicators_report import COLUMNS, indicators_csv, indicators_markdown
from tests.support.tiny import link, tiny_network


@pytest.fixture
def found(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])
    return [itinerary_indicators(route(network, "cn-a", "kz-d")[0])]


def test_the_csv_has_a_row_for_the_transit_and_each_country(found):
    rows = list(csv.DictReader(io.StringIO(indicators_csv(found))))
    assert [row["scope"] for row in rows] == ["transit", "CN", "KZ"]
    assert float(rows[0]["tfi1_h"]) == pytest.approx(4.5)
    # 300 km over 15 h
    assert float(rows[0]["swd_km_h"]) == pytest.approx(20)


def test_the_markdown_has_as_many_cells_in_each_line(found):
    text = indicators_markdown(found)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {len(COLUMNS) + 2}
    assert any(line.startswith("| CN |") for line in tables)
    assert "CAREC CPMM" in text


def test_what_has_no_meaning_is_blank(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    text = indicators_csv([itinerary_indicators(route(network, "cn-a", "cn-b")[0])])
    (transit, _) = csv.DictReader(io.StringIO(text))
    assert transit["tfi1_h"] == ""
    assert transit["border_points"] == "0"
