"""Emission statements as Markdown and JSON."""

import json
import re
from datetime import date, timedelta

import pytest

from landbridge.routing import Cargo, emissions_statement, route
from landbridge.routing.statements.emissions_report import statement_document, statement_markdown, write_statements
from tests.support.tiny import link, tiny_network

DAY = date(2026, 3, 1)


@pytest.fixture
def statement(tmp_path):
    network = tiny_network(tmp_path / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])
    return emissions_statement(route(network, "cn-a", "kz-d")[0])


def rows(markdown, heading):
    """Return the cells of the table below a heading, without its head."""
    table = markdown.split(f"## {heading}\n\n")[1].split("\n\n")[0].splitlines()
    assert len({line.count("|") for line in table}) == 1
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_the_markdown_has_totals_elements_factors_method_and_sources(statement):
    text = statement_markdown(statement, issued=DAY)
    assert text.startswith("# Statement of greenhouse gas emissions: A to D\n")
    assert "issued 2026-03-01" in text
    # 24 t x 300 km x 10 g = 72 kg
    assert rows(text, "Totals")[0] == ["Total, well to wheel", "72.0", "kg CO2e"]
    (element,) = rows(text, "Transport chain elements")
    assert element[:7] == ["rail", "rail", "cn-a", "kz-d", "300", "SFD", "7,200"]
    assert rows(text, "Emission factors")[0][:4] == ["rail", "10", "g/tkm", "1"]
    assert "ISO 14083" in text
    assert "- A1: made up for a test" in text


def test_what_is_unknown_says_so_and_is_never_nothing(statement):
    text = statement_markdown(statement)
    assert ["of that, tank to wheel", "unknown", "kg CO2e"] in rows(text, "Totals")
    assert "count as 0: cn-b (border exit), kz-c (border entry)." in text
    assert "issued" not in text


def test_files_are_written_for_each_statement(statement, tmp_path):
    written = write_statements([statement], tmp_path / "out", issued=DAY)
    (name,) = {path.stem for path in written}
    assert re.fullmatch(rf"emissions-{statement.itinerary.itinerary_id}-[0-9a-f]{{8}}", name)
    assert [path.suffix for path in written] == [".json", ".md"]
    assert json.loads(written[0].read_text(encoding="utf-8")) == json.loads(
        json.dumps(statement_document(statement, issued=DAY))
    )
    assert written[1].read_text(encoding="utf-8") == statement_markdown(statement, issued=DAY)


def test_statements_of_one_itinerary_with_other_cargo_are_other_files(tmp_path):
    network = tiny_network(tmp_path / "net", links=[link("cn-a -- kz-c")])
    one, more = (emissions_statement(route(network, "cn-a", "kz-c", cargo=Cargo(teu=teu))[0]) for teu in (2, 4))
    assert one.itinerary.itinerary_id == more.itinerary.itinerary_id
    written = [write_statements(item, tmp_path / "out", issued=DAY) for item in (one, more)]
    assert write_statements(one, tmp_path / "out", issued=DAY + timedelta(days=1)) == written[0]
    assert [json.loads(files[0].read_text(encoding="utf-8"))["cargo"]["teu"] for files in written] == [2, 4]


def test_the_id_of_a_corridor_leads_to_no_other_folder(tmp_path):
    corridor = {"id": f"../../{'x' * 300}", "name": "out", "priority": 1, "require": "CN-KZ"}
    links = [link("cn-a -- kz-c")]
    network = tiny_network(tmp_path / "net", links=links, tables={"corridors": [corridor]})
    trip = route(network, "cn-a", "kz-c")[0]
    assert trip.corridor == corridor["id"]
    (document, text) = write_statements(emissions_statement(trip), tmp_path / "out")
    assert {document.parent, text.parent} == {tmp_path / "out"}
    assert trip.itinerary_id in document.read_text(encoding="utf-8")
