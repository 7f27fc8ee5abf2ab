"""Transit times under load, by corridor and by pair of places.

A transit time exists only where all cargo of a group meets a steady state: where a queue on the way of a part of it
grows for as long as the load lasts, what arrives says how long the run is. In a run that is short beside the journey
only the fast arrive: a journey of T hours is seen only in the part of the measured days that is later than T. A group
that loses over a tenth of its slow journeys so has no time either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.units import DAY_H
from landbridge.routing.simulation.network_model import ModelRoute
from landbridge.routing.simulation.resource_waits import histogram_quantile, mean_interval

LEAST_OBSERVATIONS: Final = 30
"""With fewer trains, trucks or lots that finished, a group has no figures."""

_MOST_LOST: Final = 0.1
_SLOW: Final = 1.25
"""A slow journey takes a quarter longer than by the published times, or as long as the p90 of what arrived."""


@dataclass(frozen=True, kw_only=True)
class TransitTime:
    """The transit time of a group of routes under load.

    Attributes
    ----------
    corridor
        Its corridor; None for all together.
    origin, destination
        Places as given in the demand; None for all pairs together.
    n
        Trains, trucks and lots that finished within the measured days of all replications.
    teu_day
        Their TEU a day.
    time_mean_h, time_ci95_low_h, time_ci95_high_h, time_p10_h, time_p50_h, time_p90_h
        Hours from the first terminal to the last, of a TEU; None below 30 observations, without a steady state, and in
        a run that is too short.
    static_time_mean_h
        Hours by the published times of a normal month, which hold the usual queues.
    steady
        Whether all resources on the way of all of it have a steady state.
    grows_at
        The resource on the way whose queue grows most without one; None if all have one.
    too_short
        Whether the run is too short beside the journey, so that mainly the fast arrive in it.
    remark
        Why there is no time; blank if there is one.
    """

    corridor: str | None
    origin: str | None
    destination: str | None
    n: int
    teu_day: float
    time_mean_h: float | None
    time_ci95_low_h: float | None
    time_ci95_high_h: float | None
    time_p10_h: float | None
    time_p50_h: float | None
    time_p90_h: float | None
    static_time_mean_h: float
    steady: bool = True
    grows_at: str | None = None
    too_short: bool = False
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the record with the names of the JSON output."""
        return asdict(self)


class Finished(NamedTuple):
    """The entities that finished their routes within the measured days.

    Attributes
    ----------
    number, sum_h
        Their number and the sum of their transit times in each replication, shape (replications, routes).
    histogram, edges_h
        Number of all replications by transit time, shape (routes, bins), and the ends of the bins.
    days, warm_up_days
        Measured days of a replication, and those before them.
    growing
        Queues without a steady state on the way of each route, as (TEU a day, resource), shape (routes,).
    """

    number: Floats
    sum_h: Floats
    histogram: Floats
    edges_h: Floats
    days: float
    warm_up_days: float
    growing: Sequence[Sequence[tuple[float, str]]]


def transit_times(routes: Sequence[ModelRoute], finished: Finished) -> tuple[TransitTime, ...]:
    """Return the transit times by corridor, then by pair of places and corridor, each with the most TEU first.

    Background traffic is left out.
    """
    own = [number for number, route in enumerate(routes) if not route.is_background]
    by_corridor = _groups(routes, own, lambda route: (route.corridor, None, None))
    by_pair = _groups(routes, own, lambda route: (route.corridor, route.origin, route.destination))
    return tuple(
        item
        for groups in (by_corridor, by_pair)
        for item in sorted(
            (_of_group(key, [routes[number] for number in group], _of_routes(finished, group))
             for key, group in groups.items()),
            key=lambda item: (-item.teu_day, item.corridor or "", item.origin or "", item.destination or ""),
        )
    )  # fmt: skip


_Key = tuple[str | None, str | None, str | None]


def _groups(routes: Sequence[ModelRoute], numbers: Sequence[int], key: Any) -> dict[_Key, list[int]]:
    found: dict[_Key, list[int]] = {}
    for number in numbers:
        found.setdefault(key(routes[number]), []).append(number)
    return found


def _of_routes(finished: Finished, numbers: list[int]) -> Finished:
    return finished._replace(
        number=finished.number[:, numbers],
        sum_h=finished.sum_h[:, numbers],
        histogram=finished.histogram[numbers],
        growing=[finished.growing[number] for number in numbers],
    )


def _of_group(key: _Key, routes: Sequence[ModelRoute], finished: Finished) -> TransitTime:
    """Return the time of a group; a train counts with its TEU."""
    teu = np.array([route.entity_teu for route in routes])
    flow = np.array([route.teu_day for route in routes])
    n, weight = int(finished.number.sum()), finished.number @ teu
    counts = teu @ finished.histogram
    static = np.array([route.static_h for route in routes])
    static_h = float((static * flow).sum() / flow.sum()) if flow.sum() else float(static.mean())
    grows_at = max((queue for queues in finished.growing for queue in queues), default=(0.0, None))[1]
    slow_h = max(_SLOW * static_h, histogram_quantile(counts, finished.edges_h, 0.9) or 0.0)
    too_short = slow_h / DAY_H - finished.warm_up_days > _MOST_LOST * finished.days
    remark = f"no steady state at {grows_at}" if grows_at else "run too short" if too_short else ""
    seen = n >= LEAST_OBSERVATIONS and not remark
    with np.errstate(invalid="ignore"):
        mean, low, high = (mean_interval((finished.sum_h @ teu) / weight) if seen else None) or (None, None, None)
    p10, p50, p90 = (histogram_quantile(counts, finished.edges_h, share) if seen else None for share in (0.1, 0.5, 0.9))
    return TransitTime(
        corridor=key[0],
        origin=key[1],
        destination=key[2],
        n=n,
        teu_day=float(weight.mean() / finished.days),
        time_mean_h=mean,
        time_ci95_low_h=known(low),
        time_ci95_high_h=known(high),
        time_p10_h=p10,
        time_p50_h=p50,
        time_p90_h=p90,
        static_time_mean_h=static_h,
        steady=grows_at is None,
        grows_at=grows_at,
        too_short=too_short,
        remark=remark,
    )


def known(value: float | None) -> float | None:
    """Return a number, None if it is NaN."""
    return None if value is None or np.isnan(value) else float(value)


def of_corridors(times: Sequence[TransitTime]) -> Iterator[TransitTime]:
    """Yield the times of whole corridors."""
    return (item for item in times if item.origin is None)
