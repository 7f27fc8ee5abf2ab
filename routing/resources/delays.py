"""Waits as convex functions of flow, for each constraint row: queues at terminals and borders, BPR on lines.

Queues: the mean wait of an M/G/c queue by the formula of Sakasegawa (1977, An approximation formula Lq = a rho^b /
(1 - rho), Annals of the Institute of Statistical Mathematics 29) with the variability of Allen and Cunneen (1990):

    W = (ca^2 + cs^2) / 2 x s / c x rho^(sqrt(2 (c + 1)) - 1) / (1 - rho)

s / c is the time between two services when all servers are busy, 24 h / (capacity in batches per day), and the number
of servers is c = batches per day x service time / 24 h, at least 1. Above 99 % of the capacity W is continued by its
tangent, so that it and its integral are finite at any flow; utilisation above 1 is reported as such.

Lines: W = t0 x alpha x rho^beta (Bureau of Public Roads 1964), t0 the running time of the section.

Roads of others may also have conical functions (Spiess 1990), those of Akcelik (1991), or polynomials of rho.

rho includes the traffic that is not modelled; W is the wait added to that of this traffic alone, because the times of
the data set already include the latter.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arguments import number_array, real_number
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import DAY_H
from landbridge.networks.years import resources_of_year
from landbridge.routing.resources.capacities import SERVICE, Capacities
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE, TANGENT_FROM

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ResourceRow

_KINDS: Final = (NONE, BPR, QUEUE, CONICAL, AKCELIK, POLYNOMIAL)
_MOST_AKCELIK: Final = 4.0
_QUADRATURE: Final = 48


@dataclass(frozen=True, eq=False)
class DelayFunctions:
    """Wait at each row as a function of its flow, each attribute of shape (rows,).

    Attributes
    ----------
    kind
        `NONE`, `BPR`, `QUEUE`, `CONICAL`, `AKCELIK` or `POLYNOMIAL`.
    size_h
        Factor of the function of rho, in hours (in a `FlowProblem`: in its unit of time).
    exponent
        Exponent of rho; alpha of a conical function; 8 J / (Q T) of Akcelik's.
    capacity, background
        Terms of rho = (background + flow) / capacity.
    terms
        Coefficients of polynomials in ascending order from that of rho, shape (rows, degree).

    Raises
    ------
    QueryError
        If the arrays do not fit together, or a function would fall somewhere.

    Examples
    --------
    Ten hours more at capacity, by the function of the Bureau of Public Roads and by coefficients:

    >>> import numpy as np
    >>> capacity, flow = np.array([50.0]), np.array([25.0])
    >>> bpr = DelayFunctions.bpr(np.array([10.0]), np.array([4.0]), capacity)
    >>> own = DelayFunctions.polynomial(np.array([[4.0, 0.0, 6.0]]), capacity)
    >>> bpr.hours(flow).tolist(), own.hours(flow).tolist()
    ([0.625], [2.75])
    """

    kind: NDArray[np.int8]
    size_h: Floats
    exponent: Floats
    capacity: Floats
    background: Floats
    terms: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        """Copy the arrays, and check shapes and coefficients."""
        kinds = number_array(self.kind, "kind of the delays", whole=True)
        if not np.isin(kinds, _KINDS).all():
            raise QueryError(f"kind of the delays must be one of {', '.join(map(str, _KINDS))}, as BPR is {BPR}")
        count = len(kinds)
        # Compiled code takes whole numbers of 8 bits.
        object.__setattr__(self, "kind", kinds.astype(np.int8))
        self.kind.flags.writeable = False
        for name in ("size_h", "exponent", "capacity", "background"):
            values = number_array(getattr(self, name), f"{name} of the delays", count=count)
            object.__setattr__(self, name, values)
        object.__setattr__(self, "terms", number_array(self.terms, "terms of the delays", dimensions=2))
        own = self.kind == POLYNOMIAL
        if own.any() and (len(self.terms) != count or not self.terms.size):
            raise QueryError(f"terms of the delays has the shape {self.terms.shape}; give ({count}, degree)")
        used = self.kind != NONE
        for name in ("size_h", "capacity", "background", "exponent"):
            values = getattr(self, name)[used]
            if not np.all(np.isfinite(values) & ((values > 0) if name == "capacity" else (values >= 0))):
                raise QueryError(f"{name} of the delays contains a value that is too small or not finite")
        if np.any((self.kind == CONICAL) & ~(self.exponent > 1)):
            raise QueryError("alpha of a conical delay is at most 1; give more than 1")
        if np.any((self.kind == AKCELIK) & ~(self.exponent <= _MOST_AKCELIK)):
            raise QueryError("8 J / (Q T) of a delay of Akcelik is more than 4, where it is not convex; give less")
        if own.any() and not np.all(np.isfinite(self.terms[own]) & (self.terms[own] >= 0)):
            raise QueryError("terms of the delays contains a negative value or no number; give finite values from 0")

    @classmethod
    def bpr(cls, size_h: Floats, exponent: Floats, capacity: Floats) -> "DelayFunctions":
        """Return W = size x rho^exponent (Bureau of Public Roads 1964); `size_h` is free-flow time x alpha."""
        return cls._without_background(BPR, *_arrays_of(size_h=size_h, exponent=exponent, capacity=capacity))

    @classmethod
    def conical(cls, free_flow_h: Floats, alpha: Floats, capacity: Floats) -> "DelayFunctions":
        """Return W = t0 (1 + sqrt(a^2 (1 - rho)^2 + b^2) - a (1 - rho) - b), b = (2 a - 1) / (2 a - 2) (Spiess 1990).

        The time is twice the free-flow time at capacity, and `alpha`, more than 1, is the steepness there.
        """
        return cls._without_background(CONICAL, *_arrays_of(free_flow_h=free_flow_h, alpha=alpha, capacity=capacity))

    @classmethod
    def akcelik(
        cls, period_h: Floats, parameter: Floats, capacity: Floats, *, capacity_period: float = 1.0
    ) -> "DelayFunctions":
        """Return W = T / 4 (rho - 1 + sqrt((rho - 1)^2 + 8 J rho / (Q T))) (Akcelik 1991).

        Q T is a number of vehicles: if times are in minutes and capacities per hour, `capacity_period` is 60.

        Parameters
        ----------
        period_h
            Duration T of the flow, in the unit of time of the waits; shape (rows,).
        parameter
            Delay parameter J, 0.1 for freeways to 1.6 for urban streets with signals; shape (rows,).
        capacity
            Capacity Q, in the unit of the flows; shape (rows,).
        capacity_period
            Time to which capacities and flows refer, in the unit of time of the waits.

        Raises
        ------
        QueryError
            If an argument is invalid, or 8 J / (Q T) is more than 4.

        Examples
        --------
        A freeway at its capacity of 1,800 vehicles an hour for an hour, in hours and in minutes:

        >>> import numpy as np
        >>> one, jam, capacity = np.ones(1), np.full(1, 0.1), np.full(1, 1800.0)
        >>> hours = DelayFunctions.akcelik(one, jam, capacity)
        >>> minutes = DelayFunctions.akcelik(60 * one, jam, capacity, capacity_period=60)
        >>> [round(float(waits.hours(capacity)[0]), 4) for waits in (hours, minutes)]
        [0.0053, 0.3162]
        """
        scale = real_number(capacity_period, "capacity_period")
        if not 0 < scale < np.inf:
            raise QueryError(f"capacity_period is {scale:g}; give a finite number above 0")
        period, jam, full = _arrays_of(period_h=period_h, parameter=parameter, capacity=capacity)
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls._without_background(AKCELIK, period / 4, 8 * jam / (full / scale * period), full)

    @classmethod
    def polynomial(cls, terms: Floats, capacity: Floats) -> "DelayFunctions":
        """Return W = sum of `terms[:, i]` x rho^(i + 1), in hours; coefficients of 0 or more, shape (rows, degree)."""
        (full,) = _arrays_of(capacity=capacity)
        one = np.ones(len(full))
        return cls._without_background(POLYNOMIAL, one, one, full, number_array(terms, "terms", dimensions=2))

    @classmethod
    def _without_background(
        cls, kind: int, size_h: Floats, exponent: Floats, capacity: Floats, terms: Floats | None = None
    ) -> "DelayFunctions":
        own = np.empty((0, 0)) if terms is None else terms
        count = len(capacity)
        return cls(np.full(count, kind, np.int8), size_h, exponent, capacity, np.zeros(count), own)

    @cached_property
    def at_rest_h(self) -> Floats:
        """The wait due to background traffic alone, shape (rows,)."""
        return np.asarray(self._of_flow(np.zeros(len(self.kind)))[0])

    def hours(self, flow: Floats) -> Floats:
        """Return the wait added by flows, shape (rows,)."""
        return np.asarray(self._of_flow(flow)[0] - self.at_rest_h)

    def slope(self, flow: Floats) -> Floats:
        """Return by how much the wait grows with a unit more of flow, hours per unit, shape (rows,)."""
        return np.asarray(self._of_flow(flow)[1] / self.capacity)

    def integral(self, flow: Floats) -> Floats:
        """Return the integral of the wait of each row from no flow to this flow, shape (rows,).

        Gauss's formula on both sides of where the function bends, and the exact one of powers.
        """
        bend = np.where(self.kind == QUEUE, TANGENT_FROM, 1.0) * self.capacity - self.background
        middle = np.clip(bend, 0.0, flow)
        found = np.zeros(len(flow))
        nodes, weights = np.polynomial.legendre.leggauss(_QUADRATURE)
        for low, high in ((np.zeros(len(flow)), middle), (middle, flow)):
            half = (high - low) / 2
            found += half * sum(w * self.hours(low + half * (1 + x)) for x, w in zip(nodes, weights, strict=True))
        ends = ((self.background + more) / self.capacity for more in (flow, 0.0))
        after, before = (self.capacity * rho ** (self.exponent + 1) / (self.exponent + 1) for rho in ends)
        return np.where(self.kind == BPR, self.size_h * (after - before) - self.at_rest_h * flow, found)

    def _of_flow(self, flow: Floats) -> Floats:
        """Return the waits for flows beside the background, and their derivatives with respect to rho."""
        from landbridge.routing.resources.compiled_delays import waits

        rho = (self.background + flow) / self.capacity
        return np.asarray(waits(self.kind, self.size_h, self.exponent, self.terms, rho), dtype=np.float64)


def _arrays_of(**given: object) -> list[Floats]:
    """Return arrays by name, which must have equal shapes."""
    found = [number_array(values, name) for name, values in given.items()]
    if len({values.shape for values in found}) > 1:
        raise QueryError(
            f"{', '.join(given)} have {', '.join(str(len(values)) for values in found)} values; give as many"
        )
    return found


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
