"""Tables of a network while a scenario changes them: copied on the first write, with what was changed by what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final, TypeAlias, cast

from landbridge.networks.errors import Fault
from landbridge.networks.network import Network
from landbridge.networks.tables.reading import cell_text
from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Row, Table, Tables
from landbridge.networks.words import shortened
from landbridge.routing.studies.scenarios.evidence import PERIOD, stamp
from landbridge.routing.studies.scenarios.part import Part

Key: TypeAlias = tuple[str | int, ...]
"""Key path within a change, such as `("ids", 0)`."""

_OF_CROSSINGS: Final = frozenset({"links", "places"})
_NEAR: Final = 3
_LEAST_LETTERS: Final = 4
"""Shorter texts are within too many names to be offered."""

_BORDER: Final = re.compile(r"^([A-Za-z?]{2})-([A-Za-z?]{2})(:.*)?$")
_MOST_TITLE: Final = 200


class ChangeError(Exception):
    """A change cannot be made; `faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(*map(str, self.faults))


@dataclass(frozen=True)
class Change:
    """A change of a part with its number, from 0."""

    part: Part
    number: int
    asked: Any

    def __str__(self) -> str:
        """Return its key path in the file."""
        return f"changes[{self.number}]"

    def fault(self, key: Key, problem: str, cure: str) -> Fault:
        """Return a fault at a key of the change such as `("ids", 0)`; empty: at the change."""
        return self.part.fault(("changes", self.number, *key), problem, cure)

    def error(self, key: Key, problem: str, cure: str) -> ChangeError:
        """Return the error of one fault."""
        return ChangeError([self.fault(key, problem, cure)])

    @property
    def year(self) -> int | None:
        """Year of its values, None to take that of the network."""
        part = self.part
        return self.asked.year or part.year or (part.date.year if part.date else None)


@dataclass
class ChangingTables:
    """The tables of a network under change; those of the network stay as they are.

    Attributes
    ----------
    cells
        The columns changed in each row, by table and index of the row.
    grown
        Tables with rows added or removed.
    rebuilt
        Whether the state graph has to be built anew, and everything checked.
    by
        The change that last touched each row, by table and line of the row.
    crossings
        The indices of the links of each crossing, None until they are needed.
    seen
        Number of rows that changes have looked at or changed, a measure of their work.
    claims
        What changes say of being open or closed from a day to another, by part, table and id.
    """

    network: Network
    tables: Tables = field(init=False)
    cells: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    grown: set[str] = field(default_factory=set)
    rebuilt: bool = False
    by: dict[tuple[str, int], Change] = field(default_factory=dict)
    seen: int = 0
    claims: dict[tuple[str, str, str], list[tuple[Change, bool, date, date]]] = field(default_factory=dict)
    _evidence: dict[int, tuple[Change, tuple[tuple[str, ...], int, str]]] = field(default_factory=dict)
    crossings: dict[str, list[int]] | None = None
    _last_line: dict[str, int] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)
    _keys: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _origins: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start from the tables of the network."""
        self.tables = self.network.tables.copy()

    def table(self, name: str) -> Table[Any]:
        """Return a table as it is now, to read."""
        return cast("Table[Any]", cast("Any", self.tables)[name])

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a table as they are now, to read."""
        return self.table(name).rows

    def indices(self, name: str) -> dict[str, list[int]]:
        """Return the indices of the rows of each key of a table."""
        if name not in self._keys:
            found: dict[str, list[int]] = {}
            key = self.table(name).schema.key
            for index, row in enumerate(self.rows(name)):
                found.setdefault(row[key], []).append(index)
            self._keys[name] = found
        return self._keys[name]

    def write(self, name: str, index: int, values: Mapping[str, Any], change: Change) -> None:
        """Change cells of a row, and name the change as the origin of their evidence; equal values change nothing."""
        row = self.rows(name)[index]
        values = {column: value for column, value in values.items() if row[column] != value}
        if not values:
            return
        given = values.keys()
        values = values | stamp(name, row, values, self.evidence(change))
        self._table_to_write(name).rows[index] = row | values
        self.cells.setdefault(name, {}).setdefault(index, set()).update(values)
        self.by[name, self.table(name).lines[index]] = change
        if self.table(name).schema.key in values:
            self._keys.pop(name, None)
        if name in _OF_CROSSINGS and not given <= PERIOD:
            self.crossings = None

    def append(self, name: str, cells: Mapping[str, Any], change: Change, key: Key = ()) -> None:
        """Add a row of cells as they stand in a file or a scenario; the others are blank.

        Raises
        ------
        ChangeError
            If a cell does not conform to its column.
        """
        self.append_row(name, self.parsed_row(name, cells, change, key), change)

    def append_row(self, name: str, row: Row, change: Change) -> None:
        """Add a row of typed values."""
        table = self._table_to_write(name)
        line = self._last_line.get(name) or max(table.lines, default=1)
        self._last_line[name] = line = line + 1
        self.indices(name).setdefault(row[table.schema.key], []).append(len(table))
        table.append(row, line)
        self.grown.add(name)
        self.by[name, line] = change
        if name in _OF_CROSSINGS:
            self.crossings = None

    def keep(self, name: str, kept: Iterable[int]) -> None:
        """Remove all rows of a table but those of some indices."""
        table = self._table_to_write(name)
        chosen = list(kept)
        table.rows[:], table.lines[:] = [table.rows[i] for i in chosen], [table.lines[i] for i in chosen]
        self._keys.pop(name, None)
        self.cells.pop(name, None)
        self.grown.add(name)

    def parsed_row(self, name: str, cells: Mapping[str, Any], change: Change, key: Key) -> dict[str, Any]:
        """Return a row of typed values; see `append`."""
        schema, faults = self.table(name).schema, list[Fault]()
        for wrong in sorted(set(cells) - set(schema.names)):
            faults.append(self.unknown(change, (*key, wrong), wrong, schema.names, f"column of {name}"))
        row: dict[str, Any] = {}
        for column in schema.columns:
            try:
                row[column.name] = self.parsed(column, cells.get(column.name), change, (*key, column.name))
            except ChangeError as error:
                faults += error.faults
        if faults:
            raise ChangeError(faults)
        return row

    def parsed(self, column: Column, value: Any, change: Change, key: Key) -> Any:
        """Return the value of a cell through its column.

        Raises
        ------
        ChangeError
            If it does not conform to the column.
        """
        try:
            found = column.parse(_text(value))
        except ValueError as error:
            raise change.error(key, str(error), f"give {column.meaning}") from None
        if column.required and found == column.blank:
            raise change.error(key, "is blank", f"give {column.meaning}")
        return found

    def touched(self) -> dict[str, Table[Any]]:
        """Return the changed and new rows of each table that has any."""
        lines: dict[str, set[int]] = {}
        for name, line in self.by:
            lines.setdefault(name, set()).add(line)
        found = {}
        for name, chosen in lines.items():
            table = self.table(name)
            rows = [(line, row) for line, row in table.numbered() if line in chosen]
            found[name] = replace(table, rows=[row for _, row in rows], lines=[line for line, _ in rows])
        return found

    def set_dataset(self, key: str, value: str) -> None:
        """Set a value of the table `dataset`."""
        table = self._table_to_write("dataset")
        row = {"key": key, "value": value, "source": ()}
        known = next((index for index, old in enumerate(table.rows) if old["key"] == key), None)
        if known is None:
            table.append(row, max(table.lines, default=1) + 1)
        else:
            table.rows[known] = row

    def free_id(self, name: str, change: Change) -> str:
        """Return an id of a new row: the name of the scenario with the first free number."""
        known = self.indices(name)
        return next(text for n in range(1, len(known) + 2) if (text := f"{change.part.name}-{n}") not in known)

    def unknown(self, change: Change, key: Key, name: str, known: Iterable[str], what: str) -> Fault:
        """Return the fault of a name that is not known, with near ones."""
        near = near_names(name, known)
        cure = f"did you mean {' or '.join(near)}?" if near else f"give a {what}"
        return change.fault(key, f"{shortened(repr(name))} is no {what}", cure)

    def evidence(self, change: Change) -> tuple[tuple[str, ...], int, str]:
        """Return source ids, year and confidence of what a change writes."""
        if change.number not in self._evidence or self._evidence[change.number][0] is not change:
            found = (self._sources(change), self._year(change), change.asked.confidence or "assumed")
            self._evidence[change.number] = (change, found)
        return self._evidence[change.number][1]

    def _year(self, change: Change) -> int:
        return change.year or self.network.reference_date.year

    def _sources(self, change: Change) -> tuple[str, ...]:
        """Return the sources of a change: its own, else the row of the scenario and those of the scenario."""
        part, own = change.part, tuple(change.asked.source or ())
        if (part.name, own) not in self._origins:
            if own:
                found = tuple(self._source_id(change, text, number) for number, text in enumerate(own, start=1))
            else:
                named = "; ".join(part.sources)[:_MOST_TITLE]
                title = part.title or part.name
                row = self._add_source(change, scenario_source(part.name), "assumption", title, note=named)
                found = (row, *(text for text in part.sources if text in self.indices("sources")))
            self._origins[part.name, own] = found
        return self._origins[part.name, own]

    def _source_id(self, change: Change, text: str, number: int) -> str:
        """Return the id of a source, of a new row for a title or an address."""
        if text in self.indices("sources"):
            return text
        if " " not in text and "://" not in text:
            raise ChangeError([self.unknown(change, ("source", number - 1), text, self.indices("sources"), "source")])
        name = f"{scenario_source(change.part.name)}-{change.number + 1}-{number}"
        return self._add_source(change, name, "publication", text, url=text if "://" in text else None)

    def _add_source(self, change: Change, name: str, kind: str, title: str, **cells: Any) -> str:
        if name not in self.indices("sources"):
            row = {"id": name, "kind": kind, "title": title, "year": self._year(change), **cells}
            self.append("sources", row, change)
        return name

    def _table_to_write(self, name: str) -> Table[Any]:
        if name not in self._own:
            old = self.table(name)
            cast("Any", self.tables)[name] = replace(old, rows=[*old.rows], lines=[*old.lines])
            self._own.add(name)
        return self.table(name)


def turned(name: str) -> str:
    """Return the name of a border with its countries in the other order; any other name as it is.

    >>> turned("KZ-CN:rail"), turned("suez")
    ('CN-KZ:rail', 'suez')
    """
    return _BORDER.sub(r"\2-\1\3", name)


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names like one, best first: of any case and, of borders, either order; else those that have it.

    >>> near_names("kz-cn:Rail", ["CN-MN:rail", "CN-KZ:rail", "suez"])[0]
    'CN-KZ:rail'
    """
    by_text = {text.casefold(): text for text in known}
    ratios = dict[str, float]()
    for text in dict.fromkeys((name.casefold(), turned(name).casefold())):
        for found in get_close_matches(text, by_text, n=_NEAR, cutoff=0.5):
            ratios[found] = max(ratios.get(found, 0.0), SequenceMatcher(None, found, text).ratio())
    near = sorted(ratios, key=ratios.__getitem__, reverse=True)
    near = near or [text for text in by_text if len(name) >= _LEAST_LETTERS and name.casefold() in text]
    return [by_text[text] for text in near[:_NEAR]]


def scenario_source(name: str) -> str:
    """Return the id of the source that stands for a scenario."""
    return f"SCENARIO-{name.upper()}"


def _text(value: Any) -> str:
    """Return a value of a scenario as the text of a cell."""
    return ";".join(map(cell_text, value)) if isinstance(value, list | tuple) else cell_text(value)
