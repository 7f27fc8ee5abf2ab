"""What a comparison says of pairs of places: a record for each pair, before and after."""

from typing import Any

from landbridge.routing.questions.pairs import Pair, Pairs
from landbridge.routing.studies.comparison.changes import Figures, changed

_FIGURES = (
    "time_mean_h",
    "time_p50_h",
    "time_p90_h",
    "cost_usd",
    "generalised_cost_usd",
    "co2e_kg",
    "distance_km",
)


def pair_name(pair: Pair) -> str:
    """Return the id of a pair, or its ends."""
    return pair.id or f"{pair.origin or '?'} to {pair.destination or '?'}"


def pair_records(before: Pairs, after: Pairs) -> list[dict[str, Any]]:
    """Return a record for each pair, in order; a side without a result has no figures and says why.

    `outcome` is `same`, `changed`, `lost` (no result any more), `gained` (a result only now) or `none` on either side.
    """
    return [_record(old, new) for old, new in zip(before.rows, after.rows, strict=True)]


def _record(old: Pair, new: Pair) -> dict[str, Any]:
    figures = changed(_figures(old), _figures(new))
    return {
        "id": new.id,
        "origin": new.origin,
        "destination": new.destination,
        "teu": new.teu,
        "tonnes": new.tonnes,
        "outcome": _outcome(old, new, figures),
        "corridor_before": old.corridor,
        "corridor_after": new.corridor,
        "route_line_before": old.route_line,
        "route_line_after": new.route_line,
        **figures,
        "error_before": old.error,
        "error_after": new.error,
    }


def _figures(pair: Pair) -> Figures:
    """Return the figures of a pair; reliability is how many hours after the median p90 is."""
    late = None if pair.time_p90_h is None or pair.time_p50_h is None else pair.time_p90_h - pair.time_p50_h
    return {name: getattr(pair, name) for name in _FIGURES} | {"p90_after_p50_h": late}


def _outcome(old: Pair, new: Pair, figures: Figures) -> str:
    if old.error is not None or new.error is not None:
        return {(True, True): "none", (False, True): "lost", (True, False): "gained"}[
            old.error is not None, new.error is not None
        ]
    ways = {(pair.corridor, pair.route_line) for pair in (old, new)}
    moved = len(ways) > 1 or any(value for name, value in figures.items() if name.endswith("_change"))
    return "changed" if moved else "same"
