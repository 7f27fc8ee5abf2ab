"""The range of a cost by the published spread of rates."""

from collections import defaultdict
from collections.abc import Iterable
from math import hypot

from landbridge.routing.itineraries.leg import Leg


def price_range(legs: Iterable[Leg]) -> tuple[float, float]:
    """Return p10 and p90 of the cost of legs in dollars.

    Rates of one market (`spread` of the table `tariffs`) rise and fall together, so that their deviations add; markets
    are independent of each other, so that theirs add as squares. A leg whose rate has no published spread, and all
    fees, add no deviation.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import route
    >>> trip = route(load_network(), "Shanghai", "Rotterdam", modes=["sea"])[0]
    >>> low, high = price_range(trip.legs)
    >>> low < trip.cost_usd < high
    True
    """
    usd, below, above = 0.0, defaultdict[str, float](float), defaultdict[str, float](float)
    for leg in legs:
        usd += leg.cost_usd
        if leg.price_spread is not None:
            market, p10_ratio, p90_ratio = leg.price_spread
            below[market] += leg.cost_usd * (1 - p10_ratio)
            above[market] += leg.cost_usd * (p90_ratio - 1)
    return usd - hypot(*below.values()), usd + hypot(*above.values())
