"""The parts of a scenario: their faults and fingerprints."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.routing.studies.scenarios.part import joined, parts_of
from landbridge.routing.studies.scenarios.scenario import Scenario

CLOSE = {"do": "close", "what": "links", "ids": ["x"]}
ONE = {"name": "one", "title": "One", "changes": [CLOSE]}
TWO = {"name": "two", "title": "Two", "date": "2030-01-01"}


def test_a_fault_of_a_part_has_its_line(tmp_path):
    path = Scenario.from_dict(ONE).write(tmp_path / "one.toml")
    (part,) = Scenario.read(path).parts
    # name, title, a blank line, [[changes]], ids
    assert str(part.fault(("changes", 0, "ids", 0), "nothing is called x", "name a link")) == (
        f"{path}:5 [changes[0].ids[0]]: nothing is called x; name a link"
    )


def test_a_fault_of_a_part_of_several_has_the_line_in_their_document(tmp_path):
    path = Scenario.from_dict({"parts": [ONE, TWO]}).write(tmp_path / "both.toml")
    fault = Scenario.read(path).parts[1].fault(("date",), "is late", "give another")
    line = path.read_text(encoding="utf-8").splitlines().index("date = 2030-01-01") + 1
    assert (fault.row, fault.column) == (line, "parts[1].date")


def test_what_is_by_default_is_no_part_of_the_content():
    (part,) = Scenario.from_dict({**TWO, "changes": [], "sources": []}).parts
    assert part.plain == {"name": "two", "title": "Two", "date": "2030-01-01"}
    assert part.fingerprint == Scenario.from_dict(TWO).parts[0].fingerprint


def test_fingerprints_join_the_same_at_once_and_in_turn():
    first, second, third = (part.fingerprint for part in Scenario.from_dict({"parts": [ONE, TWO, ONE]}).parts)
    assert joined([joined([first, second]), third]) == joined([first, second, third])
    assert joined([first, second]) != joined([second, first])
    assert joined([first]) == first


def test_a_document_of_several_has_their_parts():
    parts = parts_of({"parts": [ONE, TWO]}, Scenario.from_dict(ONE).parts[0].source)
    assert [part.name for part in parts] == ["one", "two"]


def test_a_file_with_control_characters_is_a_fault_where_it_is_named(tmp_path):
    (tmp_path / "rows.csv").write_text("id,note\nx,\x1b[31m\n")
    add = {"do": "add", "table": "places", "file": "rows.csv"}
    with pytest.raises(ScenarioError, match=r"\[changes\[0\].file\]: has the control character"):
        Scenario.from_dict({**ONE, "changes": [add]}, folder=tmp_path)
