"""The residual capacity of the scarcest resource of an itinerary."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbridge.networks.network import Network
from landbridge.routing.resources.capacities import capacities


@dataclass(frozen=True)
class CapacityLeft:
    """Residual capacity of the scarcest resource of an itinerary.

    Attributes
    ----------
    teu_day
        Capacity minus the traffic that is not modelled, in TEU of this cargo per day.
    resource
        Id of the resource or service.
    name
        Display name, with direction and section.
    """

    teu_day: float
    resource: str
    name: str


def capacity_left(network: Network, edges: Sequence[int]) -> CapacityLeft | None:
    """Return the scarcest resource along edges: that with the least residual capacity per TEU of cargo.

    A resource that they use more than once, such as a terminal on both sides of a gauge change, is charged
    for each use. Flows of other demand are not considered: this is the residual capacity before any of them.
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
