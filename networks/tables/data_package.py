"""The bundled data set as a Frictionless data package: `python -m landbridge.networks.tables.data_package [ZIP]`.

`datapackage.json` describes the tables for R, pandas and QGIS. It is made from the schema, in the terms of
https://specs.frictionlessdata.io: types, units, allowed values, keys, references and licences.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from landbridge.data import DATA_DIR, SCHEMA_DIR
from landbridge.networks.arguments import file_path
from landbridge.networks.files import replacing, write_text
from landbridge.networks.programs import ended
from landbridge.networks.tables.schema import Column, Schema, read_schema, schemas
from landbridge.networks.tables.table import GEOMETRY_FILE

DESCRIPTOR: Final = "datapackage.json"

_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "capacities": ("resource", "year"),
    "cities": (),
    "demand": ("id", "for_year"),
    "hand_drawn": (),
    "rail_gauges": ("country", "box"),
    "sea_lanes": (),
    "tariffs": ("id", "equipment", "band_from_km"),
}
"""Columns that together identify a row, of tables whose first column alone does not; none: rows may be repeated."""

_CITIES: Final = "cities.csv.gz"
_LICENCE_FILES: Final = ("LICENSE-DATA", "LICENSE-CITIES")

_ODBL: Final = {
    "name": "ODbL-1.0",
    "path": "https://opendatacommons.org/licenses/odbl/1-0/",
    "title": "Open Database License 1.0",
}
_CC_BY: Final = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}

_TYPES: Final[dict[str, dict[str, Any]]] = {
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "clock": {"type": "time", "format": "%H:%M"},
    "date": {"type": "date"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
}
"""Field types by column type; all others are text."""

_PATTERNS: Final = {
    "clocks": r"\d{2}:\d{2}(;\d{2}:\d{2})*",
    "country": "[A-Z]{2}",
    "id": r"[^\s;|,]+",
    "monthday": r"\d{2}-\d{2}",
    "ref": r"[^\s;|,]+",
}
"""Patterns of the column types that are text in the package."""

_NUMBERS: Final = {"integer": int, "number": float}


def descriptor() -> str:
    """Return the text of `datapackage.json`."""
    document = {
        "profile": "data-package",
        "name": "landbridge-corridors",
        "title": "Freight corridors between Asia and Europe",
        "description": "Places, links, services, operations and prices of freight corridors between Asia and Europe, "
        "each value with its source, year and confidence. A blank cell has the default of its column.",
        "version": _version(),
        "keywords": ["freight", "corridor", "intermodal", "rail", "border", "Middle Corridor"],
        "licenses": [_ODBL, _CC_BY],
        "contributors": [{"title": "The landbridge developers", "role": "author"}],
        "resources": [*map(_table, table_schemas()), _cities(), _lines()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _version() -> str:
    with (DATA_DIR / "dataset.csv").open(encoding="utf-8", newline="") as file:
        return next(row["value"] for row in csv.DictReader(file) if row["key"] == "version")


def write_package(path: Path) -> None:
    """Write the tables, the lines of links, licences and `datapackage.json` to a zip, the same bytes each time."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as file:
        for name in package_files():
            # The date of the entries is fixed, so that the same tables give the same bytes.
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, (DATA_DIR / name).read_bytes())


def package_files() -> list[str]:
    """Return the names of the files of the package, within the folder of the data."""
    resources = json.loads(descriptor())["resources"]
    return [DESCRIPTOR, *_LICENCE_FILES, *(resource["path"] for resource in resources)]


def table_schemas() -> Iterator[Schema]:
    """Yield the schemas of all tables of the package that are CSV, those of the network first."""
    yield from schemas().values()
    for path in sorted((SCHEMA_DIR / "geodata").glob("*.csv")):
        if (DATA_DIR / path.name).is_file():
            yield read_schema(path)


def key_of(schema: Schema) -> tuple[str, ...]:
    """Return the columns that together identify a row of a table; empty if none do."""
    return _KEYS.get(schema.table, (schema.key,))


def _table(schema: Schema) -> dict[str, Any]:
    return {
        "name": schema.table.replace("_", "-"),
        "path": f"{schema.table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "licenses": [_ODBL],
        "schema": {
            "fields": list(map(_field, schema.columns)),
            "missingValues": [""],
            **({"primaryKey": list(key_of(schema))} if key_of(schema) else {}),
            **_references(schema.columns),
        },
    }


def _cities() -> dict[str, Any]:
    table = _table(read_schema(SCHEMA_DIR / "geodata/cities.csv"))
    return {**table, "path": _CITIES, "compression": "gz", "licenses": [_CC_BY]}


def _lines() -> dict[str, Any]:
    return {
        "name": "geometry",
        "path": GEOMETRY_FILE,
        "description": "The lines of links by their id (FlatGeobuf, WGS 84); a link without one is drawn through its "
        "waypoints.",
        "format": "fgb",
        "licenses": [_ODBL],
    }


def _field(column: Column) -> dict[str, Any]:
    field = {"name": column.name, **_TYPES.get(column.type, {"type": "string"}), "description": column.meaning}
    details = {"unit": column.unit, "default": column.default}
    constraints = dict(_constraints(column))
    return {
        **field,
        **{name: text for name, text in details.items() if text},
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(column: Column) -> Iterator[tuple[str, Any]]:
    if column.required:
        yield "required", True
    choices = column.allowed.split("|") if "|" in column.allowed else []
    if column.type == "list":
        # A list is text in the package: values with ; between them.
        value = f"({'|'.join(map(re.escape, choices))})" if choices else "[^;]+"
        yield "pattern", f"{value}(; *{value})*"
    elif choices:
        yield "enum", [_NUMBERS.get(column.type, str)(choice) for choice in choices]
    elif column.type in _PATTERNS:
        yield "pattern", _PATTERNS[column.type]
    elif column.type in _NUMBERS and ".." in column.allowed:
        for name, limit in zip(("minimum", "maximum"), column.allowed.split(".."), strict=True):
            if limit:
                yield name, _NUMBERS[column.type](limit)


def _references(columns: Iterable[Column]) -> dict[str, Any]:
    # References of lists cannot be said in a package.
    keys = [
        {
            "fields": [column.name],
            "reference": {"resource": column.refers_to.replace("_", "-"), "fields": [column.allowed.partition(".")[2]]},
        }
        for column in columns
        if column.refers_to and column.type in {"ref", "country"}
    ]
    return {"foreignKeys": keys} if keys else {}


def main(arguments: Sequence[str]) -> None:
    """Write the package to a zip, or without one the description of the tables to the folder of the data."""
    if arguments:
        write_package(file_path(arguments[0], "the zip"))
    else:
        write_text(DATA_DIR / DESCRIPTOR, descriptor())


if __name__ == "__main__":
    sys.exit(ended("data package", lambda: main(sys.argv[1:])))
