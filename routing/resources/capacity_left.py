"""The capacity that the scarcest resource of a way has left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.networks.network import Network
from landbridge.routing.resources.capacities import capacities


@dataclass(frozen=True)
class CapacityLeft:
    """What the scarcest resource of an itinerary can still take.

    Attributes
    ----------
    teu_day
        Capacity less the traffic that is not modelled, in TEU a day of this cargo.
    resource
        Id of the resource or service.
    name
        What a reader sees: name, direction and section.
    """

    teu_day: float
    resource: str
    name: str


def capacity_left(network: Network, edges: Sequence[int]) -> CapacityLeft | None:
    """Return the scarcest resource along edges: least residual capacity by what a TEU of cargo takes of it.

    A resource that they use more than once, such as a terminal on both sides of a gauge change, has to take
    each TEU as often. Which flows use the rest is another question: this is what is left before any of them.
    """
    rows = network.cached(capacities)
    used_edges, times = np.unique(np.array(edges, dtype=np.int64), return_counts=True)
    taken = np.asarray(rows.by_edge[used_edges].T @ times, dtype=np.float64)
    used = np.flatnonzero(taken > 0)
    if not len(used):
        return None
    left = rows.residual_teu_day[used] / taken[used]
    scarcest = int(used[np.argmin(left)])
    return CapacityLeft(float(left.min()), rows.resource[scarcest], rows.label(scarcest))
