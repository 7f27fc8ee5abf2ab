"""Slower times of what a scenario names: of the rows themselves, or for a period by rows of `slowdowns`."""

from typing import Any, Final

from landbridge.routing.studies.scenarios.changing import Change, ChangingTables
from landbridge.routing.studies.scenarios.closing import chosen
from landbridge.routing.studies.scenarios.selection import selected
from landbridge.routing.studies.scenarios.values import Factor, multiply_hours

_COLUMNS: Final = {"links": "links", "operations": "operations", "services": "waits"}
"""Columns of `slowdowns` with the ids of rows of which the time is slower; of services it is the wait."""


def slow(work: ChangingTables, change: Change) -> None:
    """Multiply the times of what a change selects, always or from a day to another.

    Raises
    ------
    ChangeError
        If it selects nothing that takes time although it has to select some, or a time is then out of its range.
    """
    asked, rows = change.asked, _slowed(work, change)
    if not any(rows.values()):
        if not asked.rows.min:
            return
        raise change.error(("what",), "selects nothing that takes time", "name links, operations or waits")
    if asked.first is None and asked.last is None:
        for table, indices in rows.items():
            multiply_hours(work, table, sorted(indices), Factor(change, ("factor",), asked.factor))
        return
    ids = {table: tuple(work.rows(table)[index]["id"] for index in sorted(rows[table])) for table in rows}
    source, year, confidence = work.evidence(change)
    cells: dict[str, Any] = {
        "id": work.free_id("slowdowns", change),
        **{_COLUMNS[table]: found for table, found in ids.items()},
        "first": asked.first,
        "last": asked.last,
        "time_factor": asked.factor,
        "replaces_traffic": False,
        "source": source,
        "year": year,
        "confidence": confidence,
        "note": asked.note,
    }
    work.append("slowdowns", cells, change)


def _slowed(work: ChangingTables, change: Change) -> dict[str, set[int]]:
    """Return the indices of the links, operations and services (by their waits) of which the time is slower.

    Of a place these are its operations, of a crossing its links and the operations of both sides, of a service its
    links, and of a country or mode the links, as in `slowdowns`.
    """
    what = change.asked.what
    if what == "waits":
        return {"services": set(selected(work, change, "services"))}
    rows = {name: set(indices) for name, indices in chosen(work, change).rows.items()}
    services = {work.rows("services")[index]["id"] for index in rows.pop("services", ())}
    links, operations = rows.get("links", set[int]()), rows.get("operations", set[int]())
    links |= {n for n, row in enumerate(work.rows("links")) if row["service"] in services}
    if what == "places":
        links = set()
    elif what == "countries":
        operations = set()
    elif what in {"crossings", "corridors"}:
        operations = _across(work, links)
    return {"links": links, "operations": operations}


def _across(work: ChangingTables, links: set[int]) -> set[int]:
    """Return the indices of the operations of both sides of border links."""
    rows = [work.rows("links")[index] for index in links]
    sides = {(frozenset((row["from"], row["to"])), row["mode"]) for row in rows}
    return {
        index
        for index, row in enumerate(work.rows("operations"))
        if row["place"] and row["other_place"]
        if any(
            (frozenset((row["place"], row["other_place"])), mode) in sides
            for mode in ([row["from_mode"]] if row["from_mode"] else ["rail", "road"])
        )
    }
