"""A checker of JSON values against the part of JSON Schema that our schema uses."""

import re
from collections.abc import Iterator
from typing import Any

TYPES = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}
KNOWN = {
    *("$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "discriminator"),
    *("enum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength"),
    *("minimum", "oneOf", "pattern", "properties", "required", "title", "type"),
}


def schema_faults(value: Any, node: dict[str, Any], schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield where a value does not fit a node of a schema; a keyword that is not known here is an error."""
    unknown = node.keys() - KNOWN
    if unknown:
        raise NotImplementedError(unknown)
    if "$ref" in node:
        yield from schema_faults(value, schema["$defs"][node["$ref"].rpartition("/")[2]], schema, path)
        return
    for name, wanted in (("anyOf", None), ("oneOf", 1)):
        if name in node:
            fitting = sum(not [*schema_faults(value, option, schema, path)] for option in node[name])
            if not fitting or (wanted and fitting != wanted):
                yield f"{path}: {value!r} fits {fitting} of {name}"
            return
    types = node.get("type", [*TYPES])
    if not any(_is(value, kind) for kind in ([types] if isinstance(types, str) else types)):
        yield f"{path}: {value!r} is not of type {types}"
        return
    yield from (f"{path}: {value!r} breaks {rule}" for rule in _broken(value, node))
    if isinstance(value, list) and "items" in node:
        for index, item in enumerate(value):
            yield from schema_faults(item, node["items"], schema, f"{path}[{index}]")
    if isinstance(value, dict):
        yield from _object_faults(value, node, schema, path)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _broken(value: Any, node: dict[str, Any]) -> Iterator[str]:
    rules = {
        "const": lambda wanted: value == wanted,
        "enum": lambda wanted: value in wanted,
        "pattern": lambda wanted: re.search(wanted, value),
        "minLength": lambda wanted: len(value) >= wanted,
        "maxLength": lambda wanted: len(value) <= wanted,
        "minItems": lambda wanted: len(value) >= wanted,
        "maxItems": lambda wanted: len(value) <= wanted,
        "minimum": lambda wanted: value >= wanted,
        "maximum": lambda wanted: value <= wanted,
        "exclusiveMinimum": lambda wanted: value > wanted,
    }
    yield from (name for name, holds in rules.items() if name in node and not holds(node[name]))


def _object_faults(value: dict[str, Any], node: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path}: {name} is missing" for name in node.get("required", ()) if name not in value)
    for name, item in value.items():
        inner = node.get("properties", {}).get(name, node.get("additionalProperties", True))
        if inner is False:
            yield f"{path}: {name} is not known"
        elif inner is not True:
            yield from schema_faults(item, inner, schema, f"{path}.{name}")
