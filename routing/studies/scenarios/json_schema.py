"""The JSON Schema of scenario files, for editors: `python -m landbridge.routing.studies.scenarios.json_schema`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from landbridge.networks.files import write_text
from landbridge.networks.programs import ended
from landbridge.routing.studies.scenarios.scenario import SCENARIOS_DIR

SCHEMA_FILE: Final = SCENARIOS_DIR / "scenario.schema.json"


def schema_text() -> str:
    """Return the JSON Schema of a scenario file, from its models.

    Examples
    --------
    >>> '"changes"' in schema_text()
    True
    """
    from landbridge.routing.studies.scenarios.models import ScenarioFile

    schema = {"$schema": "http://json-schema.org/draft-07/schema#", **_plain(ScenarioFile.model_json_schema())}
    return json.dumps(schema | {"title": "Scenario of landbridge"}, ensure_ascii=False, indent=1) + "\n"


def write_schema(path: Path = SCHEMA_FILE) -> None:
    """Write the JSON Schema of scenario files."""
    write_text(path, schema_text())


def _plain(node: Any) -> Any:
    """Return a node without the titles that pydantic makes of names, and without null: TOML has none."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in kept and len(options) == 1:
        del kept["anyOf"]
        kept = options[0] | kept
    if kept.get("default", ...) is None:
        del kept["default"]
    if "const" in kept:  # older versions of pydantic say it twice
        kept.pop("enum", None)
    return {key: _plain(value) for key, value in kept.items()}


if __name__ == "__main__":
    sys.exit(ended("scenario schema", write_schema))
