"""Figures before and after as the columns of one record: `x_before`, `x_after` and `x_change`."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)

Figures = Mapping[str, float | None]
"""Figures by name; None where there is none."""


def changed(before: Figures, after: Figures) -> dict[str, float | None]:
    """Return each figure before and after, and its change; a change is None where either figure is.

    Examples
    --------
    >>> changed({"cost_usd": 5.0}, {"cost_usd": 7.0})
    {'cost_usd_before': 5.0, 'cost_usd_after': 7.0, 'cost_usd_change': 2.0}
    """
    found: dict[str, float | None] = {}
    for name, old in before.items():
        new = after[name]
        change = None if old is None or new is None else new - old
        found |= {f"{name}_before": old, f"{name}_after": new, f"{name}_change": change}
    return found


def keys_of_both(before: Iterable[Key], after: Iterable[Key]) -> list[Key]:
    """Return the keys of both sides, each once, in order."""
    return list(dict.fromkeys((*before, *after)))


def largest_first(records: Iterable[dict[str, Any]], column: str, *names: str) -> list[dict[str, Any]]:
    """Return records by the size of a change, the largest first whatever its sign, and then by names."""
    return sorted(records, key=lambda row: (-abs(row[column] or 0.0), *(str(row[name]) for name in names)))
