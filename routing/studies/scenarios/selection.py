"""Rows that a change selects: by ids, with patterns, and by properties; each selection says how many it must meet."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fnmatch import translate
from typing import Any, Final

from landbridge.networks.errors import Fault
from landbridge.networks.graph.links import crossing_tags, link_countries
from landbridge.networks.tables.table import Row
from landbridge.networks.words import counted
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables, turned

_AT_PLACE: Final = ("operations", "resources", "berths")
_ENDS: Final = {"origin_country": "origin", "destination_country": "destination"}


def selected(work: ChangingTables, change: Change, table: str) -> list[int]:
    """Return the indices of the rows of a table that a change selects by `ids` and `where`; both must hold.

    Raises
    ------
    ChangeError
        If an id or a property meets no row, or their number is not that of `rows`.
    """
    known = work.indices(table)
    found = _with_ids(work, change, known, table)
    work.seen += len(found)
    rows, tests = work.rows(table), _tests(work, change, table)
    met = [index for index in found if all(test(rows[index]) for test in tests)]
    keys = {rows[index][work.table(table).schema.key] for index in met}
    _check_number(change, len(keys) if table == "tariffs" else len(met), table)
    return met


def selected_crossings(work: ChangingTables, change: Change) -> tuple[list[str], list[int]]:
    """Return the crossings that a change selects, named as corridors name them, and the indices of their links.

    Raises
    ------
    ChangeError
        As for `selected`; what is counted is crossings.
    """
    links_of = links_of_crossings(work)
    if change.asked.ids:
        chosen = _with_ids(work, change, {tag: [tag] for tag in links_of}, "crossings")
    else:
        ids = work.indices("links")
        chosen = [tag for tag in links_of if tag not in ids]
    work.seen += sum(len(links_of[tag]) for tag in chosen)
    rows, tests = work.rows("links"), _tests(work, change, "links")
    met = {tag: [n for n in links_of[tag] if all(test(rows[n]) for test in tests)] for tag in chosen}
    found = [tag for tag in chosen if met[tag]]
    _check_number(change, len(found), "crossings")
    return found, sorted({index for tag in found for index in met[tag]})


def links_of_crossings(work: ChangingTables) -> dict[str, list[int]]:
    """Return the indices of the links of each crossing: pairs of countries, passages and links."""
    if work.crossings is None:
        places = work.table("places").by_key()
        work.crossings = {}
        for index, link in enumerate(work.rows("links")):
            for tag in crossing_tags(link, places):
                work.crossings.setdefault(tag, []).append(index)
    return work.crossings


def _with_ids(work: ChangingTables, change: Change, known: Mapping[str, Sequence[Any]], what: str) -> list[Any]:
    """Return what the ids of a change name, in the order of the table; without ids all of it."""
    ids = change.asked.ids
    if not ids:
        if not change.asked.where:
            raise change.error((), f"selects no {what}: it has neither ids nor where", "give ids or where")
        return [item for items in known.values() for item in items]
    faults, names = [], set[str]()
    for number, text in enumerate(ids):
        # A border has no first country, as where it is to be avoided.
        met = named(text, known) or (named(turned(text), known) if what == "crossings" else set())
        if not met and change.asked.rows.min:
            faults.append(work.unknown(change, ("ids", number), text, known, f"id of {what}"))
        names |= met
    if faults:
        raise ChangeError(faults)
    return [item for name, items in known.items() if name in names for item in items]


def named(text: str, known: Mapping[str, Any]) -> set[str]:
    """Return the known ids that an id or pattern names."""
    if not {"*", "?"} & set(text):
        return {text} & known.keys()
    # Not by a plain .* for each star, of which each multiplies the steps of the search.
    pattern = re.compile(translate(text.replace("[", "[[]")))
    return set(filter(pattern.match, known))


def _tests(work: ChangingTables, change: Change, table: str) -> list[Callable[[Row], bool]]:
    """Return a test of rows for each property of `where`.

    Raises
    ------
    ChangeError
        If there is no such property, or a value cannot be one of it.
    """
    faults, found = list[Fault](), list[Callable[[Row], bool]]()
    for name, given in (change.asked.where or {}).items():
        try:
            found.append(_test(work, change, table, name, given))
        except ChangeError as error:
            faults += error.faults
    if faults:
        raise ChangeError(faults)
    return found


def _test(work: ChangingTables, change: Change, table: str, name: str, given: Any) -> Callable[[Row], bool]:
    key, derived = ("where", name), _derived(work, table)
    columns = {column.name: column for column in work.table(table).schema.columns}
    values = given if isinstance(given, list | tuple) else (given,)
    if name in columns:
        column = columns[name]
        wanted = {_item(work.parsed(_optional(column), value, change, key)) for value in values}
        return lambda row: _holds(row[name], wanted, column.blank)
    if name not in derived:
        raise ChangeError([work.unknown(change, key, name, (*columns, *derived), f"property of {table}")])
    of_row, countries = derived[name], work.indices("countries")
    faults = [work.unknown(change, key, str(value), countries, "country") for value in values if value not in countries]
    if faults:
        raise ChangeError(faults)
    return lambda row: not of_row(row).isdisjoint(values)


def _optional(column: Any) -> Any:
    """Return a column of which a cell may be blank, to select such cells."""
    return replace(column, required=False, default="")


def _item(value: Any) -> Any:
    """Return the value of a list of one, as `where` compares lists by what they contain."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _holds(cell: Any, wanted: set[Any], blank: Any) -> bool:
    if isinstance(cell, tuple) and cell:
        return not wanted.isdisjoint(cell) or cell in wanted
    return cell in wanted or (cell == blank and blank in wanted)


def _derived(work: ChangingTables, table: str) -> dict[str, Callable[[Row], frozenset[str]]]:
    """Return properties that are no columns: countries of places that a row names, and that a link passes."""
    places = work.table("places").by_key()

    def of_place(column: str) -> Callable[[Row], frozenset[str]]:
        return lambda row: frozenset({places[row[column]]["country"]} if row[column] else ()) - {None}

    if table == "links":
        return {"country": lambda row: link_countries(row, places)}
    if table == "demand":
        return {name: of_place(column) for name, column in _ENDS.items()}
    return {"country": of_place("place")} if table in _AT_PLACE else {}


def _check_number(change: Change, met: int, what: str) -> None:
    """Check the number of rows met against that of `rows`.

    Raises
    ------
    ChangeError
        If it is another.
    """
    least, most = change.asked.rows.min, change.asked.rows.max
    if met >= least and (most is None or met <= most):
        return
    wanted = f"{least}" if most == least else f"{least} or more" if most is None else f"{least} to {most}"
    key = "rows" if "rows" in change.asked.model_fields_set else "ids" if change.asked.ids else "where"
    problem = f"meets {counted(met, f'row of {what}', f'rows of {what}')}, and must meet {wanted}"
    raise change.error((key,), problem, "correct what selects them, or rows")
