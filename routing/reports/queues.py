"""The queues on the way of itineraries, from a simulation of the network under load."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from landbridge.networks.network import Network
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.resources.capacities import capacities
from landbridge.routing.simulation.network_simulation import NetworkSimulation
from landbridge.routing.simulation.resource_waits import ResourceWait, wait_band

_WEEK_DAYS: Final = 7


def queues_on_the_way(network: Network, item: Itinerary, waits: Iterable[ResourceWait]) -> list[int]:
    """Return the numbers of the waits at the resources that an itinerary uses, in their order.

    The wait for ships is at the port of departure, so of a fleet those at the places of the itinerary count.
    """
    rows = network.cached(capacities)
    used = np.unique(rows.by_edge[np.array(item.edges, dtype=np.int64)].indices).tolist()
    keys = {(rows.resource[row], rows.direction[row], rows.section[row] or None) for row in used}
    fleets = {(resource, direction) for resource, direction, _ in keys}
    return [
        number
        for number, wait in enumerate(waits)
        if (wait.resource, wait.direction, wait.section) in keys
        or (wait.kind == "fleet" and (wait.resource, wait.direction) in fleets and wait.place in item.stops)
    ]


def queues_document(simulation: NetworkSimulation, used: Iterable[int]) -> dict[str, Any]:
    """Return what a page shows of a simulation: its run, and the queues with these numbers.

    `weeks` are the mean queues of each week in TEU.
    """
    daily = simulation.daily
    keys = {tuple(row): number for number, row in enumerate(daily.rows)}
    queues = {}
    for number in used:
        wait = simulation.waits[number]
        row = keys.get((wait.resource, wait.direction, wait.section))
        queues[number] = {
            "name": wait.title,
            "band": wait_band(wait),
            "remark": wait.remark,
            "used": _rounded(wait.utilisation_assigned, 3),
            "mean_h": _rounded(wait.wait_mean_h, 1),
            "p90_h": _rounded(wait.wait_p90_h, 1),
            "growth_teu_day": _rounded(wait.growth_teu_day, 1),
            "queue_teu": round(wait.queue_mean_teu),
            "weeks": [] if row is None else _weeks(daily.queue(row).mean),
        }
    return {
        "year": simulation.year,
        "start": simulation.start.isoformat(),
        "days": simulation.days,
        "replications": simulation.replications_done,
        "disruptions": [item.disruption for item in simulation.recoveries],
        "queues": queues,
    }


def _weeks(queue_teu: Any) -> list[int]:
    starts = np.arange(0, len(queue_teu), _WEEK_DAYS)
    sizes = np.diff([*starts, len(queue_teu)])
    return [round(float(value)) for value in np.add.reduceat(queue_teu, starts) / sizes]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
