"""The JSON Schema of scenario files: current, complete, and met by every scenario."""

import json

import pytest
from hypothesis import given, settings

from landbridge.networks.errors import ScenarioError
from landbridge.routing.studies.scenarios import json_schema
from landbridge.routing.studies.scenarios.scenario import Scenario
from tests.support.json_schema import schema_faults
from tests.support.scenarios import scenarios

SCHEMA = json.loads(json_schema.SCHEMA_FILE.read_text(encoding="utf-8"))


def test_the_bundled_schema_is_current():
    assert json.loads(json_schema.schema_text()) == SCHEMA, "run `make rows`"


def test_the_schema_is_written_for_editors(tmp_path):
    json_schema.write_schema(tmp_path / "s.json")
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == SCHEMA


@pytest.mark.parametrize("name", Scenario.bundled())
def test_a_bundled_scenario_fits_the_schema(name):
    assert list(schema_faults(Scenario.read(name).to_dict(), SCHEMA, SCHEMA)) == []


@settings(max_examples=100)
@given(found=scenarios())
def test_every_scenario_that_is_read_fits_the_schema(found):
    assert list(schema_faults(Scenario.from_dict(found).to_dict(), SCHEMA, SCHEMA)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"do": "shut", "what": "links", "ids": ["x"]},
        {"do": "close", "what": "link", "ids": ["x"]},
        {"do": "close", "what": "links", "ids": "x"},
        {"do": "close", "what": "links", "ids": ["x"], "hourz": 1},
        {"do": "close", "what": "links", "ids": ["x"], "rows": {"least": 1}},
        {"do": "slow", "what": "links", "ids": ["x"]},
        {"do": "slow", "what": "links", "ids": ["x"], "factor": 0},
        {"do": "set", "table": "dataset", "ids": ["x"], "set": {"a": 1}},
        {"do": "set", "table": "links", "ids": ["x"], "set": {"a": {"b": 1}}},
        {"do": "sanction", "countries": ["ru"]},
        {"ids": ["x"]},
    ],
)
def test_what_the_schema_refuses_is_refused_by_the_reader(change):
    document = {"name": "a", "title": "A", "changes": [change]}
    assert list(schema_faults(document, SCHEMA, SCHEMA)) != []
    with pytest.raises(ScenarioError):
        Scenario.from_dict(document)


def test_every_field_is_described():
    tables = {"": SCHEMA, **SCHEMA["$defs"]}
    fields = [(name, key, field) for name, node in tables.items() for key, field in node["properties"].items()]
    assert len(fields) > 50
    assert [(name, key) for name, key, field in fields if not field.get("description")] == []
