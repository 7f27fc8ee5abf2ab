"""Time/Cost-Distance (UNESCAP): the staircase of an itinerary, cumulative time or cost over distance.

Hauls are slopes and stops are vertical: the longer a vertical, the larger the delay. A step is a sequence of hauls or a
stop; the two sides of a border and the haul between them are one step.
Source: UNESCAP, Time/Cost-Distance Methodology, https://www.unescap.org/resources/timecost-distance-methodology.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.itineraries.itinerary import Itinerary, itinerary_given
from landbridge.routing.itineraries.leg import Leg

_OF_OPERATION = {
    "border_exit": "border",
    "border_entry": "border",
    "transship": "transfer",
    "gauge_change": "gauge",
    "load": "terminal",
    "unload": "terminal",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """A sequence of hauls (`kind` is `haul`) or a stop of the staircase.

    A stop is a `border`, a `transfer` (change of vehicle), a change of `gauge`, at a `terminal` (loading or unloading),
    or `other`: a change of note, a wait.

    Attributes
    ----------
    mode
        Mode of the hauls; None for a stop.
    start, end
        Places at which it starts and ends.
    km, end_km
        Distance travelled at its start and end.
    mean_h, cost_usd
        Its mean time, and its cost for the whole cargo.
    stop_h, stop_usd
        The same for a stop without the haul between the two sides of a border; 0 for hauls.
    end_h, end_usd
        Cumulative mean time and cost at its end.
    legs
        The legs of the step.
    """

    kind: str
    mode: str | None
    start: str
    end: str
    km: float
    end_km: float
    mean_h: float
    cost_usd: float
    stop_h: float
    stop_usd: float
    end_h: float
    end_usd: float
    legs: tuple[Leg, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the step with the names of the JSON output."""
        named = {"mean_h": "time_h"}
        return {named.get(name, name): value for name, value in vars(self).items() if name != "legs"}


def staircase(itinerary: Itinerary) -> list[Step]:
    """Return the steps of an itinerary in the order of travel; their times and costs add to its totals.

    Raises
    ------
    QueryError
        If it is not an itinerary.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import route, staircase
    >>> trip = route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0]
    >>> [(step.kind, step.start, step.end) for step in staircase(trip)][:2]
    [('terminal', 'kz-altynkol', 'kz-altynkol'), ('haul', 'kz-altynkol', 'kz-aktau')]
    """
    itinerary_given(itinerary)
    steps: list[Step] = []
    km = hours = usd = 0.0
    for kind, legs in _crossings_joined(_runs(itinerary.legs)):
        start_km = km
        mean_h, cost_usd = sum(leg.time.mean_h for leg in legs), sum(leg.cost_usd for leg in legs)
        km, hours, usd = km + sum(leg.distance_km for leg in legs), hours + mean_h, usd + cost_usd
        steps.append(
            Step(
                kind=kind,
                mode=legs[0].mode if kind == "haul" else None,
                start=legs[0].start,
                end=legs[-1].end,
                km=start_km,
                end_km=km,
                mean_h=mean_h,
                cost_usd=cost_usd,
                stop_h=sum(leg.time.mean_h for leg in legs if leg.kind != "haul"),
                stop_usd=sum(leg.cost_usd for leg in legs if leg.kind != "haul"),
                end_h=hours,
                end_usd=usd,
                legs=tuple(legs),
            )
        )
    return steps


def line(itinerary: Itinerary, quantity: str = "time") -> Floats:
    """Return the staircase as points (km, cumulative mean hours or dollars), shape (legs + 1, 2), from (0, 0).

    Parameters
    ----------
    quantity
        `time` in hours or `cost` in dollars for the whole cargo.
    """
    rise = [leg.time.mean_h if quantity == "time" else leg.cost_usd for leg in itinerary.legs]
    run = [leg.distance_km for leg in itinerary.legs]
    return np.column_stack([np.concatenate([[0.0], np.cumsum(run)]), np.concatenate([[0.0], np.cumsum(rise)])])


Run = tuple[str, list[Leg]]
"""The kind of a step, with its legs."""


def _runs(legs: Iterable[Leg]) -> list[Run]:
    """Return sequences of hauls of one mode, and stops with the legs that belong to them, with the kind of each."""
    runs: list[Run] = []
    for leg in legs:
        kind = "haul" if leg.kind == "haul" else _OF_OPERATION.get(str(leg.operation), "other")
        if runs and _goes_on(runs[-1], leg, kind):
            runs[-1][1].append(leg)
        else:
            runs.append((kind, [leg]))
    return runs


def _goes_on(run: Run, leg: Leg, kind: str) -> bool:
    """Whether a leg belongs to the previous step.

    The wait for departure belongs to the previous loading or transshipment, a change of gauge or note to its border.
    """
    before, legs = run
    if "haul" in {before, kind}:
        return before == kind and leg.mode == legs[0].mode
    return kind in {before, "other"} or (before == "border" and kind == "gauge")


def _crossings_joined(runs: list[Run]) -> list[Run]:
    """Join the exit side, the haul across the border and the entry side of each crossing into one step."""
    joined: list[Run] = []
    for kind, group in runs:
        enters = kind == "border" and any(leg.operation == "border_entry" for leg in group)
        before = joined[-2:]
        if enters and len(before) == 2 and _leaves(before[0]) and before[1][0] == "haul":
            joined[-2:] = [("border", [*before[0][1], *before[1][1], *group])]
        else:
            joined.append((kind, group))
    return joined


def _leaves(run: Run) -> bool:
    """Whether the exit side of a border has been passed but not yet the entry side."""
    sides = [leg.operation for leg in run[1] if leg.operation in {"border_exit", "border_entry"}]
    return bool(sides) and sides[-1] == "border_exit"
