"""What the flow of a closure means: costs by row of demand, waiting, corridors, and where the cargo goes instead."""

from collections import defaultdict
from functools import cached_property
from typing import Any

import numpy as np

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.units import DAY_H, FULL, LEAST_TEU_DAY
from landbridge.routing.flows.bottlenecks import LEAST_USD
from landbridge.routing.flows.closing import Closing
from landbridge.routing.flows.commodities import hour_usd_per_teu
from landbridge.routing.flows.solvers.flow import Flow
from landbridge.routing.query.path_corridors import PathCorridors
from landbridge.routing.resources.capacities import SERVICE
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure, Gain, SufferingFlow
from landbridge.routing.studies.criticality.targets import Target
from landbridge.routing.studies.criticality.waiting import usd_of_closure, waiting_days

_MOST_FLOWS, _MOST_GAINS = 5, 3
_LEAST_CHANGE_TEU_DAY = 0.05
_COST_DIGITS = 4
"""Digits of costs per TEU that tell paths apart: less is rounding."""


class Effects:
    """Compares flows in closures with those of the base.

    Parameters
    ----------
    closing
        The base.
    days
        Length of the closures.
    """

    def __init__(self, closing: Closing, days: float) -> None:
        self._closing, self._base, self.days = closing, closing.assignment, days
        self._paths = PathCorridors(self._base.network)
        self._known: dict[bytes, str] = {}

    @cached_property
    def _wait_usd_per_day(self) -> Floats:
        """Cost of a day of wait per TEU of each row of demand, shape (demand,)."""
        return np.array([DAY_H * hour_usd_per_teu(query) for query in self._base.queries])

    @cached_property
    def _base_usd(self) -> Floats:
        return _usd_by_row(self._base.flow)

    @cached_property
    def _base_corridors(self) -> list[dict[str, float]]:
        return self._corridors(self._base.flow)

    def of(self, target: Target, edges: Bools, flow: Flow, method: str) -> CriticalClosure:
        """Return what a closure does, of which the flow was found."""
        base = self._base.flow
        used = self._closing.using(edges) & (base.flow > 0)
        moved: Floats = np.bincount(base.pool.commodity[used], base.flow[used], len(self._base.demand)).astype(
            np.float64
        )
        lost = flow.unserved - base.unserved
        more = max(0.0, float(lost.sum()))
        usd = max(0.0, flow.cost - base.cost)
        own_usd = _usd_by_row(flow) - self._base_usd
        corridors = self._corridors(flow)
        gains, full = self._gains(flow)
        return CriticalClosure(
            kind=target.kind,
            id=target.id,
            name=target.name,
            status=flow.status.value,
            method=method,
            affected_teu_day=float(moved.sum()),
            flows_affected=int((moved > LEAST_TEU_DAY).sum()),
            rerouted_teu_day=max(0.0, float(moved.sum()) - more),
            unserved_teu_day=more,
            usd_day=usd,
            lower_usd_day=min(usd, max(0.0, flow.bound - base.cost)),
            unserved_usd_day=float(lost @ flow.problem.unserved_cost),
            usd=usd * self.days,
            unserved_teu=more * self.days,
            corridors_teu_day=_changes(self._base_corridors, corridors),
            gains=gains,
            full=full,
            **self._waiting(moved, _changed(base, flow, moved), own_usd, lost, corridors),
        )

    def _waiting(
        self, moved: Floats, changed: Floats, own_usd: Floats, lost: Floats, corridors: list[dict[str, float]]
    ) -> dict[str, Any]:
        """Return what waiting changes, and the rows of demand that suffer most.

        What the closure costs or saves rows that did not use it, since others take or leave their room, is shared in
        proportion to what those that did lose, so that the detours of all are the additional cost of the closure.
        """
        rows = np.flatnonzero(moved > 0)
        rows = rows[np.argsort(-own_usd[rows], kind="stable")]
        losing = np.maximum(own_usd[rows], 0.0)
        share = losing / losing.sum() if losing.any() else moved[rows] / (moved[rows].sum() or 1.0)
        detour, wait = max(0.0, float(own_usd.sum())) * share / moved[rows], self._wait_usd_per_day[rows]
        waits, usd = waiting_days(detour, wait, self.days), usd_of_closure(detour, wait, self.days)
        return {
            "usd_with_waiting": float(moved[rows] @ usd),
            "unserved_teu_with_waiting": float(np.maximum(lost[rows], 0.0) @ (self.days - waits)),
            "waiting_teu": float(moved[rows] @ waits),
            "flows": tuple(
                SufferingFlow(
                    id=self._base.demand[row].id,
                    origin=str(self._base.demand[row].origin),
                    destination=str(self._base.demand[row].destination),
                    teu_day=float(moved[row]),
                    unserved_teu_day=max(0.0, float(lost[row])),
                    changed_teu_day=float(changed[row]),
                    usd_per_teu=float(own_usd[row] / changed[row]),
                    usd_day=float(own_usd[row]),
                    waiting_days=float(waits[number]),
                    before=_most(self._base_corridors[row]),
                    after=_most(corridors[row]),
                )
                for number, row in enumerate(rows[:_MOST_FLOWS].tolist())
            ),
        }

    def _corridors(self, flow: Flow) -> list[dict[str, float]]:
        """Return the TEU per day of each row of demand by corridor."""
        found = [defaultdict[str, float](float) for _ in self._base.demand]
        for path in np.flatnonzero(flow.flow > LEAST_TEU_DAY).tolist():
            edges = flow.pool.path(path)
            key = edges.tobytes()
            if key not in self._known:
                self._known[key] = self._paths.of(edges.tolist())
            found[int(flow.pool.commodity[path])][self._known[key]] += float(flow.flow[path])
        return [dict(each) for each in found]

    def _gains(self, flow: Flow) -> tuple[tuple[Gain, ...], tuple[str, ...]]:
        """Return the constraints that gain most, one of each resource, and those that become full or more scarce."""
        rows, base = self._base.rows, self._base
        gained = flow.row_flow - base.row_teu_day
        capacity = base.residual_teu_day + rows.background_teu_day
        with np.errstate(divide="ignore", invalid="ignore"):
            used = np.where(flow.row_flow > 0, (flow.row_flow + rows.background_teu_day) / capacity, 0.0)
        first: dict[str, int] = {}
        # The space of a railway's trains on each link says less than what they use there.
        of_service = np.array([kind == SERVICE for kind in rows.kind])
        for row in np.lexsort((-gained, of_service)).tolist():
            if gained[row] > _LEAST_CHANGE_TEU_DAY and len(first) < _MOST_GAINS:
                first.setdefault(rows.resource[row], row)
        scarcer = (base.utilisation < FULL) | (flow.shadow_price > base.shadow_price_usd_per_teu_day + LEAST_USD)
        full = np.flatnonzero((used >= FULL) & (flow.row_flow > LEAST_TEU_DAY) & scarcer).tolist()
        gains = tuple(
            Gain(
                resource=rows.resource[row],
                name=rows.name[row],
                teu_day=float(gained[row]),
                utilisation=float(used[row]) if np.isfinite(used[row]) else None,
            )
            for row in first.values()
        )
        return gains, tuple(dict.fromkeys(rows.name[row] for row in full))


def _usd_by_row(flow: Flow) -> Floats:
    """Return the cost of each row of demand with its penalty, shape (demand,)."""
    problem = flow.problem
    carried = np.bincount(flow.pool.commodity, flow.flow * flow.pool.cost, problem.commodities)
    return np.asarray(carried + flow.unserved * problem.unserved_cost, dtype=np.float64)


def _changed(before: Flow, after: Flow, moved: Floats) -> Floats:
    """Return what of each row of demand used what is closed, or no longer pays what it paid, shape (demand,).

    Others of the row may stay behind or go farther although they did not use it: their costs are those of the row too.
    """
    left = _by_cost(before)
    for key, teu_day in _by_cost(after).items():
        left[key] -= teu_day
    found = np.zeros(len(moved))
    for (row, _), teu_day in left.items():
        found[row] += max(0.0, teu_day)
    return np.maximum(found, moved)


def _by_cost(flow: Flow) -> defaultdict[tuple[int, float], float]:
    """Return the TEU per day of each row of demand by cost, so that a change of path at the same cost is none."""
    found = defaultdict[tuple[int, float], float](float)
    costs = np.round(flow.pool.cost, _COST_DIGITS)
    for row, usd, teu_day in zip(flow.pool.commodity.tolist(), costs.tolist(), flow.flow.tolist(), strict=True):
        found[row, usd] += teu_day
    return found


def _changes(before: list[dict[str, float]], after: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Return the flows of the corridors that change, the largest change first."""
    totals: dict[str, list[float]] = {}
    for place, each in enumerate((before, after)):
        for flows in each:
            for name, teu_day in flows.items():
                totals.setdefault(name, [0.0, 0.0])[place] += teu_day
    changed = {name: (one, other) for name, (one, other) in totals.items() if abs(other - one) > _LEAST_CHANGE_TEU_DAY}
    return dict(sorted(changed.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0])))


def _most(flows: dict[str, float]) -> str:
    return max(flows, key=lambda name: (flows[name], name), default="")
