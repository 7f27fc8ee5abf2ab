"""Closing and opening of what a scenario names: for good by validity, for a period by rows of `closures`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from landbridge.networks.graph.links import is_local, link_countries
from landbridge.networks.tables.table import CLOSED, Row
from landbridge.routing.query.corridors import Corridor
from landbridge.routing.studies.scenarios.changing import Change, ChangingTables
from landbridge.routing.studies.scenarios.selection import links_of_crossings, selected, selected_crossings

USING: Final = ("links", "operations", "services")
"""Tables whose rows have a validity that edges follow."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Chosen:
    """What a change selects.

    Attributes
    ----------
    rows
        Indices of the links, operations and services that it means, by table.
    targets
        The same as targets and ids of the table `closures`.
    """

    rows: dict[str, set[int]] = field(default_factory=dict)
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)


def chosen(work: ChangingTables, change: Change) -> Chosen:
    """Return what a change selects by `what`, `ids` and `where`.

    Raises
    ------
    ChangeError
        If it selects nothing, or not as many rows as it says.
    """
    what = change.asked.what
    if what == "crossings":
        crossings, links = selected_crossings(work, change)
        by_links = {"links": _ids(work, "links", links)}
        return Chosen({"links": set(links)}, by_links if change.asked.where else {"crossings": tuple(crossings)})
    found = selected(work, change, what)
    if what in USING:
        return Chosen({what: set(found)}, {what: _ids(work, what, found)})
    of_those = _CHOOSERS[what](work, change, found)
    work.seen += sum(map(len, of_those.rows.values()))
    return of_those


def _of_places(work: ChangingTables, _: Change, found: list[int]) -> Chosen:
    """Return what is at places and, of a city, at its terminals."""
    named = {work.rows("places")[index]["id"] for index in found}
    ids = {row["id"] for row in work.rows("places") if row["id"] in named or row["parent"] in named}
    return Chosen(_at(work, ids), {"places": tuple(sorted(ids))})


def _of_resources(work: ChangingTables, _: Change, found: list[int]) -> Chosen:
    ids = {work.rows("resources")[index]["id"] for index in found}
    return Chosen(using(work, ids), {"resources": tuple(sorted(ids))})


def _of_countries(work: ChangingTables, _: Change, found: list[int]) -> Chosen:
    """Return all that passes countries, and ships that call at their ports."""
    codes = {work.rows("countries")[index]["code"] for index in found}
    places = work.table("places").by_key()
    rows = _at(work, {row["id"] for row in work.rows("places") if row["country"] in codes})
    rows["links"] |= {
        n for n, link in enumerate(work.rows("links")) if not codes.isdisjoint(link_countries(link, places))
    }
    return Chosen(rows, {name: _ids(work, name, indices) for name, indices in rows.items() if indices})


def _of_modes(work: ChangingTables, _: Change, found: list[int]) -> Chosen:
    """Return the links of modes, but for transfers between the terminals of a city."""
    modes, places = {work.rows("modes")[index]["mode"] for index in found}, work.table("places").by_key()
    links = {n for n, link in enumerate(work.rows("links")) if link["mode"] in modes and not is_local(link, places)}
    return Chosen({"links": links}, {"links": _ids(work, "links", links)})


def _of_corridors(work: ChangingTables, change: Change, found: list[int]) -> Chosen:
    """Return the crossings that corridors require: every alternative of every group."""
    links_of, crossings = links_of_crossings(work), set[str]()
    for index in found:
        corridor = Corridor.from_row(work.rows("corridors")[index])
        required = frozenset[str]().union(*corridor.require)
        if not required:
            problem = f"the corridor {corridor.id} requires no crossing"
            raise change.error(("ids",), problem, "name modes, places or links instead")
        crossings |= required
    links = {link for crossing in crossings for link in links_of.get(crossing, ())}
    return Chosen({"links": links}, {"crossings": tuple(sorted(crossings & links_of.keys()))})


_CHOOSERS: Final = {
    "places": _of_places,
    "resources": _of_resources,
    "countries": _of_countries,
    "modes": _of_modes,
    "corridors": _of_corridors,
}


def using(work: ChangingTables, resources: Iterable[str]) -> dict[str, set[int]]:
    """Return the indices of the links, operations and services that use resources."""
    ids = set(resources)
    return {name: {n for n, row in enumerate(work.rows(name)) if row["resource"] in ids} for name in USING}


def _at(work: ChangingTables, places: set[str]) -> dict[str, set[int]]:
    """Return the indices of the links that start or end at places, and of the operations there."""
    return {
        "links": {n for n, row in enumerate(work.rows("links")) if row["from"] in places or row["to"] in places},
        "operations": {n for n, row in enumerate(work.rows("operations")) if row["place"] in places},
    }


def _ids(work: ChangingTables, name: str, indices: Iterable[int]) -> tuple[str, ...]:
    rows = work.rows(name)
    return tuple(dict.fromkeys(rows[index]["id"] for index in sorted(indices)))


def close(work: ChangingTables, change: Change) -> None:
    """Close what a change selects: for good, or from a day to another."""
    asked, found = change.asked, chosen(work, change)
    always = asked.first is None and asked.last is None
    days = (asked.first or date.min, asked.last or date.max)
    _claim(work, change, found.rows, days, is_open=False)
    if always:
        for name, indices in found.rows.items():
            for index in indices:
                work.write(name, index, {"valid_to": CLOSED}, change)
        return
    _shut(work, change, found.targets, days)


def _shut(
    work: ChangingTables, change: Change, targets: Mapping[str, tuple[str, ...]], days: tuple[date, date]
) -> None:
    """Add rows of `closures` from a day to another."""
    source, year, confidence = work.evidence(change)
    evidence = {"source": source, "year": year, "confidence": confidence}
    period = {"first": days[0], "last": days[1], "announced": getattr(change.asked, "announced", None)}
    for target, ids in targets.items():
        if not ids:  # as of a mode without links
            continue
        row = {"id": work.free_id("closures", change), "target": target, "ids": ids}
        work.append_row("closures", row | period | evidence | {"note": change.asked.note}, change)


def open_up(work: ChangingTables, change: Change) -> None:
    """Open what a change selects, with the services and resources of its links, always or from a day on.

    What is open from that day on anyway stays as it is, and closures are lifted from then on. What had ended before
    stays open until its end, and is closed in between.
    """
    selection, first = chosen(work, change), change.asked.first
    found = {name: set(indices) for name, indices in selection.rows.items()}
    links, services = [work.rows("links")[index] for index in found.get("links", ())], work.indices("services")
    found.setdefault("services", set()).update(n for link in links for n in services[link["service"]])
    _claim(work, change, found, (first or date.min, date.max), is_open=True)
    opened = {name: set(_ids(work, name, indices)) for name, indices in found.items()}
    opened |= {name: set(ids) for name, ids in selection.targets.items() if name in {"places", "resources"}}
    used = {work.rows(name)[index]["resource"] for name, indices in found.items() for index in indices} - {None}
    used |= opened.get("resources", set())
    found["resources"] = {n for resource in used for n in work.indices("resources")[resource]}
    ended = dict[tuple[str, date], list[int]]()
    for name, indices in found.items():
        for index in sorted(indices):
            before = work.rows(name)[index]
            if first is not None and _had_ended(before, first):
                ended.setdefault((name, before["valid_to"]), []).append(index)
            work.write(name, index, _opened(before, first), change)
    _lift(work, change, opened, first or date.min)
    for (name, last), again in ended.items():
        if first is not None and name in USING:
            _shut(work, change, {name: _ids(work, name, again)}, (last + _DAY, first - _DAY))


def _had_ended(row: Row, first: date) -> bool:
    """Whether a row held once, and no more on the day before another one."""
    return row["valid_to"] is not None and CLOSED < row["valid_to"] < first - _DAY


def _opened(row: Row, first: date | None) -> dict[str, Any]:
    """Return the validity of a row that holds from a day on, without shortening it."""
    if first is None:
        return {"valid_from": None, "valid_to": None}
    starts, ends = row["valid_from"], row["valid_to"]
    holds = (starts is None or starts <= first) and (ends is None or ends >= first - _DAY or _had_ended(row, first))
    return {"valid_from": starts if holds else first, "valid_to": None}


def _lift(work: ChangingTables, change: Change, opened: Mapping[str, set[str]], first: date) -> None:
    """Take what is opened out of the closures that last when it is, but for those of the same file."""
    kept, changed = list[int](), list[Row]()
    for index, row in enumerate(work.rows("closures")):
        target, ids = _closed_items(work, row)
        freed = tuple(item for item in ids if item in opened.get(target, ()))
        by = work.by.get(("closures", work.table("closures").lines[index]))
        is_own = by is not None and by.part is change.part and by.asked.do == "close"
        if row["last"] < first or not freed or is_own:
            kept.append(index)
            continue
        still = tuple(item for item in ids if item not in freed)
        changed += [row | {"target": target, "ids": still}] if still else []
        if row["first"] < first:
            before = row | {"target": target, "ids": freed, "last": first - _DAY}
            changed.append(before | {"id": f"{row['id']}-until-{first - _DAY}"} if still else before)
    if len(kept) < len(work.rows("closures")):
        work.keep("closures", kept)
        for row in changed:
            work.append_row("closures", row, change)


def _closed_items(work: ChangingTables, closure: Row) -> tuple[str, tuple[str, ...]]:
    """Return the target and ids of a closure; of crossings, their links."""
    if closure["target"] != "crossings":
        return closure["target"], closure["ids"]
    links_of = links_of_crossings(work)
    return "links", _ids(work, "links", {n for tag in closure["ids"] for n in links_of.get(tag, ())})


def _claim(
    work: ChangingTables, change: Change, rows: Mapping[str, Iterable[int]], days: tuple[date, date], *, is_open: bool
) -> None:
    """Check that of one file no change opens some rows that another closes for good, or from then on without an end.

    Raises
    ------
    ChangeError
        If it does.
    """
    for name, indices in rows.items():
        for index in indices:
            row_id = work.rows(name)[index]["id"]
            claims = work.claims.setdefault((change.part.name, name, row_id), [])
            for other, was_open, first, last in claims:
                opening, closing = (days, (first, last)) if is_open else ((first, last), days)
                if was_open != is_open and closing[1] == date.max and closing[0] <= opening[0]:
                    problem = f"{row_id} is open and closed at once (see {other})"
                    raise change.error((), problem, "leave out one of the two, or give the closure a period")
            claims.append((change, is_open, *days))
