"""The page on scenarios names every kind of change and every field."""

import json
from pathlib import Path

from landbridge.routing.studies.scenarios.json_schema import SCHEMA_FILE

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "scenarios.md"
FOR_PROGRAMS = {"csv"}
"""A field that is written for people as `file`."""


def test_every_field_is_in_the_tables_of_the_page():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    kinds = [node["properties"]["do"]["const"] for node in schema["$defs"].values()]
    fields = {name for node in (schema, *schema["$defs"].values()) for name in node["properties"]} - {"do", "changes"}
    assert len(kinds) == 8
    assert [kind for kind in kinds if f"| `{kind}` |" not in text] == []
    assert [name for name in sorted(fields - FOR_PROGRAMS) if f"`{name}" not in text] == []
