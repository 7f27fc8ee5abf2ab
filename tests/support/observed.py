"""Observations of tiny networks: a row with what most tests have in common."""

from typing import Any


def observation(row_id: str = "H1", low: float = 2, high: float | None = None, **cells: Any) -> dict[str, Any]:
    """Return a comparable row of `observations`: a surveyed transit time from cn-a to cn-b in hours."""
    high = low if high is None else high
    return {
        "id": row_id,
        "what": "a train",
        "lineage_group": row_id,
        "half": "training",
        "kind": "survey",
        "comparable": True,
        "quantity": "time_h",
        "basis": "transit",
        "from": "cn-a",
        "to": "cn-b",
        "cargo_class": "block",
        "published_low": low,
        "published_high": high,
        "published_unit": "h",
        "value_low": low,
        "value_high": high,
        "source": "P1",
        **cells,
    }


SOURCES = [{"id": "P1", "kind": "press", "title": "a page with observations"}]
"""The source that the rows cite."""
