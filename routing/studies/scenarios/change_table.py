"""The changes of scenarios as a table, for the terminal and for notebooks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landbridge.networks.words import counted
from landbridge.routing.output.tables import RecordTable
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
            row = (
                part.name,
                change["do"],
                change.get("what", change.get("table", "")),
                which,
                "; ".join(_field(name, value) for name, value in change.items() if name not in _APART),
            )
            yield dict(zip(_COLUMNS, row, strict=True))


def _field(name: str, value: Any) -> str:
    """Return a field of a change in few words."""
    if name == "rows":
        return counted(len(value), "row") if isinstance(value, list) else f"rows {_range(value)}"
    if isinstance(value, Mapping):
        return f"{name} {', '.join(f'{key} = {_listed(item)}' for key, item in value.items())}"
    return f"{name} {_listed(value)}"


def _range(count: Mapping[str, int]) -> str:
    least, most = count.get("min", 1), count.get("max")
    if most is None:
        return f"at least {least}"
    return str(least) if least == most else f"{least} to {most}"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
