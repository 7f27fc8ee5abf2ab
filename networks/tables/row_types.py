"""The types of rows for type checkers, generated from the schema: `python -m landbridge.networks.tables.row_types`.

At run time a row is a dict. `rows.pyi` declares its columns, so that type checkers report unknown ones.
"""

import sys
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

from landbridge.networks.files import write_text
from landbridge.networks.programs import ended
from landbridge.networks.tables.schema import Column, Schema, schemas
from landbridge.networks.tables.table import GEOMETRY

_HEAD = """# Rows of the tables as type checkers see them. `make rows` writes this file from the schema.

from datetime import date, time
from typing import Any, Literal, NotRequired, TypedDict, overload

from landbridge.networks.tables.table import Table

"""

_TYPES = {
    "boolean": "bool",
    "clock": "time",
    "clocks": "tuple[time, ...]",
    "date": "date",
    "integer": "int",
    "list": "tuple[str, ...]",
    "monthday": "int",
    "number": "float",
}
"""Python type of each column type; all others are text."""


_LINE_LENGTH = 120


def row_type(table: str) -> str:
    """Return the name of the row type of a table, such as `PlaceRow` for `places`."""
    singular = f"{table.removesuffix('ies')}y" if table.endswith("ies") else table.removesuffix("s")
    return f"{''.join(part.capitalize() for part in singular.split('_'))}Row"


def row_types() -> str:
    """Return the text of `rows.pyi`."""
    return _HEAD + "\n".join(map(_typed_dict, schemas().values())) + "\n" + "\n".join(_tables())


def _typed_dict(schema: Schema) -> str:
    cells = {column.name: _cell_type(column) for column in schema.columns}
    if schema.table == "links":
        cells[GEOMETRY] = "NotRequired[Any]"
    name = row_type(schema.table)
    if not any(map(iskeyword, cells)):
        return "\n".join([f"class {name}(TypedDict):", *(_line(f"    {cell}: {cells[cell]}") for cell in cells), ""])
    # A column called `from` is not a Python identifier.
    lines = [_line(f'        "{cell}": {cells[cell]},') for cell in cells]
    return "\n".join([f"{name} = TypedDict(", f'    "{name}",', "    {", *lines, "    },", ")", ""])


def _cell_type(column: Column) -> str:
    found = _TYPES.get(column.type, "str")
    if "|" in column.allowed and column.type == "text":
        values = ", ".join(f'"{value}"' for value in column.allowed.split("|"))
        found = f"Literal[{values}]"
    never_blank = column.required or column.default or column.blank is not None
    return found if never_blank else f"{found} | None"


def _line(text: str) -> str:
    """Return a line in the layout of the formatter: if too long, with one value per line."""
    if len(text) <= _LINE_LENGTH:
        return text
    indent = " " * (len(text) - len(text.lstrip()))
    head, _, rest = text.partition("[")
    values, _, tail = rest.rpartition("]")
    if tail.startswith(" |"):  # the formatter puts alternatives to the values into brackets
        name, _, kind = head.rpartition(" ")
        inner = "\n".join([f"{indent}    {kind}[", *_each(values, indent + " " * 8), f"{indent}    ]"])
        return f"{name} (\n{inner}\n{indent}    {tail.strip(' ,')}\n{indent})"
    return "\n".join([f"{head}[", *_each(values, indent + " " * 4), f"{indent}]{tail}"])


def _each(values: str, indent: str) -> Iterator[str]:
    return (f"{indent}{value}," for value in values.split(", "))


def _tables() -> Iterator[str]:
    yield "class Tables(dict[str, Table[Any]]):"
    for table in schemas():
        yield "    @overload"
        yield f'    def __getitem__(self, name: Literal["{table}"], /) -> Table[{row_type(table)}]: ...'
    yield "    @overload"
    yield "    def __getitem__(self, name: str, /) -> Table[Any]: ..."
    yield "    def copy(self) -> Tables: ...\n"


if __name__ == "__main__":
    sys.exit(ended("row types", lambda: write_text(Path(__file__).with_name("rows.pyi"), row_types())))
