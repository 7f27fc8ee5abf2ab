"""Evidence of changed cells: the group of source, year and confidence to which each column of a table belongs."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Row

PERIOD: Final = frozenset({"valid_from", "valid_to", "season_from", "season_to"})
"""Columns that say when a row holds."""

_PARTS: Final = ("source", "year", "confidence")

# Groups stand behind their columns, but for these.
_APART: Final[dict[tuple[str, str], str | None]] = {
    **{
        ("links", name): "length_"
        for name in (
            *("from", "to", "both_ways", "mode", "service", "gauge", "regime"),
            *("length_km", "waypoints", "published_km", "countries", "passage"),
        )
    },
    **{("links", name): None for name in ("tariff", "tariff_back", "section_km", "emission_factor", "bridge")},
    **{("links", name): None for name in ("containers", "containers_of")},
    ("services", "tariff"): None,
    ("resources", "closure_days"): "capacity_",
    ("resources", "wait_in"): None,
}


def stamp(table: str, row: Row, columns: Iterable[str], evidence: tuple[tuple[str, ...], int, str]) -> dict[str, Any]:
    """Return the cells of evidence (source, year, confidence) of changed columns, but for those changed themselves.

    A year that is part of the key of a table is no evidence, and stays. A period has no evidence of its own: its
    sources are added to those of the group, which is about something else.
    """
    groups, changed = _groups(table), set(columns)
    if changed <= PERIOD:
        found = {f"{prefix}source" for prefix in {groups.get(column) for column in changed} - {None}}
        return {name: tuple(dict.fromkeys((*row[name], *evidence[0]))) for name in found}
    values = dict(zip(_PARTS, evidence, strict=True))
    return {
        f"{prefix}{part}": values[part]
        for prefix in {groups.get(column) for column in changed - PERIOD} - {None}
        for part in _PARTS
        if f"{prefix}{part}" not in changed and (table, f"{prefix}{part}") != ("capacities", "year")
    }


@cache
def _groups(table: str) -> dict[str, str | None]:
    """Return the prefix of the evidence of each column of a table."""
    names, prefixes = schemas()[table].names, schemas()[table].evidence_prefixes
    of_evidence = {f"{prefix}{part}": prefix for prefix in prefixes for part in _PARTS}
    found: dict[str, str | None] = {}
    waiting: list[str] = []
    for name in names[1:]:
        if name not in of_evidence:
            waiting.append(name)
            continue
        found |= dict.fromkeys(waiting, of_evidence[name])
        waiting.clear()
    return found | {name: prefix for (own, name), prefix in _APART.items() if own == table}
