"""The changes of scenarios as a table, for the terminal and for notebooks."""

from collections.abc import Iterator, Sequence
from typing import Any

from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.studies.scenarios.part import Part

_COLUMNS = ("scenario", "do", "what", "which", "fields")
_APART = frozenset({"do", "what", "table", "ids", "where", "source", "note", "csv"})
"""Fields that have a column of their own, or would fill the table."""


def change_table(parts: Sequence[Part]) -> RecordTable:
    """Return the changes of scenarios as a table: what each does, to what, with which fields."""
    return RecordTable("changes", lambda: list(_rows(parts)), _COLUMNS)


def _rows(parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    for part in parts:
        for change in part.plain.get("changes", ()):
            where = [f"{name} = {_listed(value)}" for name, value in change.get("where", {}).items()]
            which = "; ".join([*filter(None, [_listed(change.get("ids", ()))]), *where])
            fields = flat({name: value for name, value in change.items() if name not in _APART})
            row = (
                part.name,
                change["do"],
                change.get("what", change.get("table", "")),
                which,
                ", ".join(f"{name} {value}" for name, value in fields.items()),
            )
            yield dict(zip(_COLUMNS, row, strict=True))


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
