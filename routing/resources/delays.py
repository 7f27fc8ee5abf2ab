"""Waits as convex functions of flow, for each constraint row: queues at terminals and borders, BPR on lines.

Queues: the mean wait of an M/G/c queue by the formula of Sakasegawa (1977, An approximation formula Lq = a rho^b /
(1 - rho), Annals of the Institute of Statistical Mathematics 29) with the variability of Allen and Cunneen (1990):

    W = (ca^2 + cs^2) / 2 x s / c x rho^(sqrt(2 (c + 1)) - 1) / (1 - rho)

s / c is the time between two services when all servers are busy, 24 h / (capacity in batches per day), and the number
of servers is c = batches per day x service time / 24 h, at least 1. Above 99 % of the capacity W is continued by its
tangent, so that it and its integral are finite at any flow; utilisation above 1 is reported as such.

Lines: W = t0 x alpha x rho^beta (Bureau of Public Roads 1964), t0 the running time of the section.

rho includes the traffic that is not modelled; W is the wait added to that of this traffic alone, because the times of
the data set already include the latter.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import DataError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import DAY_H
from landbridge.networks.years import resources_of_year
from landbridge.routing.resources.capacities import SERVICE, Capacities
from landbridge.routing.resources.delay_kinds import BPR, QUEUE

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ResourceRow


@dataclass(frozen=True, eq=False)
class DelayFunctions:
    """Wait at each row as a function of its flow, each attribute of shape (rows,).

    Attributes
    ----------
    kind
        `NONE`, `BPR` or `QUEUE`.
    size_h
        Factor of the function of rho, in hours.
    exponent
        Exponent of rho.
    capacity, background
        Terms of rho = (background + flow) / capacity.
    """

    kind: NDArray[np.int8]
    size_h: Floats
    exponent: Floats
    capacity: Floats
    background: Floats

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """Arguments of the compiled sweeps: all attributes, and the wait due to background traffic."""
        kind = self.kind.astype(np.float64)
        return kind, self.size_h, self.exponent, self.capacity, self.background, self.size_h * self._at_rest

    @cached_property
    def _at_rest(self) -> Floats:
        return self._of_use(self.background)[0]

    def hours(self, flow: Floats) -> Floats:
        """Return the wait added by flows, shape (rows,)."""
        return self.size_h * (self._of_use(self.background + flow)[0] - self._at_rest)

    def slope(self, flow: Floats) -> Floats:
        """Return by how much the wait grows with a unit more of flow, hours per unit, shape (rows,)."""
        return self.size_h * self._of_use(self.background + flow)[1] / self.capacity

    def _of_use(self, teu_day: Floats) -> tuple[Floats, Floats]:
        """Return the function of rho for a use of the capacities, and its derivative with respect to rho."""
        from landbridge.routing.resources.compiled_delays import waits

        value, slope = waits(self.kind, np.ones(len(teu_day)), self.exponent, teu_day / self.capacity)
        return value, slope


def delays(network: Network, rows: Capacities, capacity_teu_day: Floats) -> DelayFunctions:
    """Return the delay functions of the rows of a network, with the parameters of its table `congestion`.

    Parameters
    ----------
    capacity_teu_day
        Capacity of each row including that used by background, shape (rows,); 0 gives no wait, since its edges are
        closed.

    Raises
    ------
    DataError
        If the table has no row for a kind of resource.
    """
    table = network.tables["congestion"].by_key()
    resources = resources_of_year(network, rows.year)
    running_h = _running_h(network, rows)
    kind, size_h, exponent = np.zeros(len(rows), dtype=np.int8), np.zeros(len(rows)), np.ones(len(rows))
    for row in np.flatnonzero(capacity_teu_day > 0).tolist():
        if rows.kind[row] == SERVICE:
            continue
        parameters: Row | None = table.get(rows.kind[row])
        if parameters is None:
            raise DataError(f"the table congestion has no row for resources of kind {rows.kind[row]}; add one")
        if parameters["model"] == "bpr":
            kind[row], size_h[row] = BPR, parameters["alpha"] * running_h[row]
            exponent[row] = parameters["beta"]
        else:
            batches = capacity_teu_day[row] / batch_teu(network, resources[rows.resource[row]], parameters)
            servers = max(1.0, batches * parameters["service_h"] / DAY_H)
            kind[row], size_h[row] = QUEUE, parameters["scv"] * DAY_H / batches
            exponent[row] = np.sqrt(2 * (servers + 1)) - 1
    positive = np.where(capacity_teu_day > 0, capacity_teu_day, 1.0)
    return DelayFunctions(kind, size_h, exponent, positive, rows.background_teu_day)


def batch_teu(network: Network, resource: "ResourceRow", parameters: Row) -> float:
    """Return the TEU of a batch: of the resource's train or vehicle, otherwise of its kind.

    Parameters
    ----------
    parameters
        Row of the table `congestion` of the kind of the resource.
    """
    unit = resource["capacity_unit"].partition("/")[0]
    if unit in {"trains", "vehicles"}:
        loads = network.tables["loads"].by_key()
        load = loads.get(resource["load"] or unit.removesuffix("s"))
        if load is not None:
            return float(load["teu"])
    return float(parameters["batch_teu"])


def _running_h(network: Network, rows: Capacities) -> Floats:
    """Return the mean running time of the hauls of each row in hours; 0 if it has none."""
    graph = network.graph
    hauls = (graph.kind == EdgeKind.HAUL).astype(np.float64)
    count = rows.uses @ hauls
    total = rows.uses @ (hauls * graph.time_mean_h)
    return np.asarray(total / np.where(count > 0, count, 1.0), dtype=np.float64)
