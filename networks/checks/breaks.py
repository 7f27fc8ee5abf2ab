"""Checks of gauge breaks, borders and changes of mode: the operations that cargo needs to pass them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from landbridge.networks.errors import Fault
from landbridge.networks.graph.builder import unconnected_modes
from landbridge.networks.graph.links import is_border
from landbridge.networks.graph.operations import DirectedOperation, OperationRules
from landbridge.networks.tables.table import Tables

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow

_CHANGES = ("gauge_change", "note_change")


Track = tuple[int | None, str | None]
"""Gauge and consignment note of a line."""


def check_breaks(tables: Tables) -> Iterator[Fault]:
    """Check that each break of gauge or consignment note has an operation, and that cargo can leave each border."""
    book, lines = OperationRules(tables["operations"]), _lines(tables)
    yield from _check_crossings(tables, book, lines)
    table = tables["places"]
    for line, row in table.numbered():
        tracks = lines[row["id"]]
        for track in sorted(tracks, key=str):
            cut_off = tracks - _reached(book, row["id"], {track})
            if cut_off:
                way = f"from {_listed({track})} to {_listed(cut_off)}"
                problem = f"lines of {_listed(tracks)} meet at {row['id']} with no operation {way}"
                cure = "add a gauge_change or note_change at the place, for both directions"
                yield Fault(table.file, line, "id", problem, cure)
                break


def _reached(book: OperationRules, place: str, tracks: set[Track]) -> set[Track]:
    """Return the tracks that cargo can reach by changes within a place."""
    found = set(tracks)
    for _ in _CHANGES:
        found |= {op.leads_to(*track) for track in found for op in _inside(book, place) if op.takes(*track)}
    return found


def _lines(tables: Tables) -> dict[str, set[Track]]:
    """Return gauges and notes of the lines of each place, except those of border crossings."""
    places, found = tables["places"].by_key(), defaultdict[str, set[Track]](set)
    for link in tables["links"]:
        if link["mode"] == "rail" and not is_border(link, places):
            for place in (link["from"], link["to"]):
                found[place].add((link["gauge"], link["regime"]))
    return found


def _inside(book: OperationRules, place: str) -> list[DirectedOperation]:
    return [operation for kind in _CHANGES for operation, _ in book.inside(kind, place, "rail")]


def _check_crossings(tables: Tables, book: OperationRules, lines: dict[str, set[Track]]) -> Iterator[Fault]:
    table, places = tables["links"], tables["places"].by_key()
    for line, link in table.numbered():
        if link["mode"] != "rail" or not is_border(link, places):
            continue
        for start, end in directions(link):
            after = _behind_crossing(book, start, end, link)
            if lines[end] and not after & lines[end]:
                problem = f"cargo from {start} comes on {_listed(after)}, but the lines there are {_listed(lines[end])}"
                cure = f"add a gauge_change or note_change at {end} with other_place {start}"
                yield Fault(table.file, line, "gauge", problem, cure)


def _behind_crossing(book: OperationRules, start: str, end: str, link: "LinkRow") -> set[Track]:
    """Return the gauges and notes that cargo can have after a crossing and the changes within the place."""
    found: set[Track] = {(link["gauge"], link["regime"])}
    entry = book.border("border_entry", end, start, "rail", None)
    after = [book.after_entry(kind, end, start, "rail") for kind in _CHANGES]
    for choices in (entry, *after):
        passed = {op.leads_to(*track) for track in found for op, _ in choices if op.takes(*track)}
        found = passed or found
    return _reached(book, end, found)


def directions(link: "LinkRow") -> list[tuple[str, str]]:
    """Return the two ends of a link for each direction in which it runs."""
    there = (link["from"], link["to"])
    return [there, there[::-1]] if link["both_ways"] else [there]


def _listed(trains: set[Track]) -> str:
    return ", ".join(f"{gauge} mm under {regime}" for gauge, regime in sorted(trains, key=str))


def check_borders(tables: Tables) -> Iterator[Fault]:
    """Check that each land border has an exit side and an entry side, of its own or by default."""
    table, places, book = tables["links"], tables["places"].by_key(), OperationRules(tables["operations"])
    for line, link in table.numbered():
        if is_border(link, places):
            for start, end in directions(link):
                exits = book.border("border_exit", start, end, link["mode"], None)
                entries = book.border("border_entry", end, start, link["mode"], None)
                if not exits or not entries:
                    side = f"border_exit at {start}" if not exits else f"border_entry at {end}"
                    problem = f"no {side} for {link['mode']}, so nothing can cross"
                    yield Fault(table.file, line, "id", problem, "add the operation or a default")


def check_changes(tables: Tables) -> Iterator[Fault]:
    """Check that cargo can change at each place between the modes handled there whose services accept it."""
    table = tables["places"]
    lines = {row["id"]: line for line, row in table.numbered()}
    for place, before, after in unconnected_modes(tables):
        problem = f"no operation takes cargo from {before} to {after} at {place}"
        cure = "add a transship operation that fits the gauges and notes there, or give what the services accept"
        yield Fault(table.file, lines[place], "modes", problem, cure)
