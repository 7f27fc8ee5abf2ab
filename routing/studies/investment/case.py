"""One scenario as flow problems: the demand of each period, and the network with any of the works in service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, hstack

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.network import Network
from landbridge.networks.units import YEAR_DAYS
from landbridge.networks.years import year_given
from landbridge.routing.flows.commodities import Commodities, commodities
from landbridge.routing.flows.demand import DemandFlow, network_demand
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.capacities import Capacities, capacities
from landbridge.routing.studies.investment.copied_rules import CopiedRules
from landbridge.routing.studies.investment.effects import Effects, effects_of, through_costs
from landbridge.routing.studies.investment.works import Work

Done = frozenset[int]
"""Works in service, by their number."""


@dataclass(frozen=True, eq=False)
class _Class:
    """A traffic class with the copies of edges.

    Attributes
    ----------
    work
        Work of each arc, -1 without; shape (arcs,).
    change
        How the cost of each edge differs from that in the network, infinite if only works open it; shape (edges,).
    """

    profile: TrafficClass
    work: Ints
    change: Floats


@dataclass(frozen=True, eq=False)
class Case:
    """A scenario: its network, demand and works.

    Attributes
    ----------
    name, probability
        Name and probability of the scenario.
    rows
        Constraint rows.
    amounts
        TEU per day of each commodity in each period, shape (periods, commodities).
    added_teu_day
        TEU per day that each work adds to each row, shape (works, rows).
    """

    name: str
    probability: float
    effects: Effects
    rows: Capacities
    commodities: Commodities
    amounts: Floats
    added_teu_day: Floats

    @property
    def works(self) -> tuple[Work, ...]:
        """The works."""
        return self.effects.works

    @cached_property
    def gated(self) -> Done:
        """Works that open or improve edges."""
        return frozenset(number for number, edges in enumerate(self.effects.copied) if len(edges))

    @cached_property
    def without_effect(self) -> Done:
        """Works that change nothing in this scenario, such as those whose links are open without them."""
        adds = np.flatnonzero(self.added_teu_day.sum(axis=1) > 0).tolist()
        return frozenset(range(len(self.works))) - self.gated - set(adds)

    @cached_property
    def uses(self) -> csr_array:
        """Use of each row by each edge, the copies last, shape (rows, edges)."""
        own = self.commodities.problem.uses
        return csr_array(hstack([own, *(own[:, edges] for edges in self.effects.copied)], format="csr"))

    @cached_property
    def _classes(self) -> tuple[_Class, ...]:
        problem, queries = self.commodities.problem, self.commodities.queries
        count = problem.uses.shape[1]
        first = count + np.cumsum([0, *map(len, self.effects.copied)])
        blocked = np.zeros(count, dtype=np.bool_)
        blocked[np.flatnonzero(self.effects.blocked)] = True
        found = []
        for number, profile in enumerate(problem.profiles):
            query = queries[int(np.flatnonzero(problem.profile == number)[0])]
            changes = [np.where(blocked, np.inf, 0.0)]
            parts = [(np.arange(len(profile.edge)), profile.edge)]
            works = [np.full(len(profile.edge), -1)]
            for work, edges in enumerate(self.effects.copied):
                of_edge = np.full(count, -1)
                of_edge[edges] = np.arange(len(edges))
                arcs = np.flatnonzero((of_edge[profile.edge] >= 0) & np.isfinite(profile.cost))
                parts.append((arcs, first[work] + of_edge[profile.edge[arcs]]))
                changes.append(self.effects.cost_change(work, query))
                works.append(np.full(len(arcs), work))
            arcs, edge = (np.concatenate(column) for column in zip(*parts, strict=True))
            change = np.concatenate(changes)
            cost = profile.cost[arcs] + change[edge]
            whole = replace(profile, tail=profile.tail[arcs], head=profile.head[arcs], edge=edge, cost=cost)
            found.append(_Class(whole, np.concatenate(works), change))
        return tuple(found)

    @cached_property
    def _rules(self) -> CopiedRules | None:
        """The rules of paths, which know the edges of the network alone."""
        problem = self.commodities.problem
        if problem.rules is None:
            return None
        origin = np.concatenate([np.arange(problem.uses.shape[1]), *self.effects.copied]).astype(np.int64)
        return CopiedRules(problem.rules, origin, problem.profile, [item.change for item in self._classes])

    def closed_edges(self, done: Done) -> Bools:
        """Return the edges of the problem that are copies of works not in service, shape (edges,)."""
        own = np.zeros(self.commodities.problem.uses.shape[1], dtype=np.bool_)
        copies = [np.full(len(edges), number not in done) for number, edges in enumerate(self.effects.copied)]
        return np.concatenate([own, *copies])

    def capacity(self, done: Done) -> Floats:
        """Return the TEU per day of each row with some works in service, shape (rows,)."""
        return np.asarray(self.rows.residual_teu_day + self.added_teu_day[sorted(done)].sum(axis=0), dtype=np.float64)

    def problem(self, done: Done, period: int) -> Problem:
        """Return the flow problem of a period with some works in service."""
        return replace(
            self.commodities.problem,
            profiles=tuple(item.profile for item in self._classes),
            uses=self.uses,
            capacity=self.capacity(done),
            amount=self.amounts[period],
            closed=self.closed_edges(done),
            rules=self._rules,
        )

    @cached_property
    def through(self) -> Floats:
        """Least cost of each commodity by a path over a work, with all in service, shape (works, commodities)."""
        problem = self.commodities.problem
        found = np.full((len(self.works), problem.commodities), np.inf)
        for number, item in enumerate(self._classes):
            members = np.flatnonzero(problem.profile == number)
            found[:, members] = through_costs(
                item.profile.nodes,
                (item.profile.tail, item.profile.head),
                item.profile.cost,
                [np.flatnonzero(item.work == work) for work in range(len(self.works))],
                (problem.origin[members], problem.destination[members]),
            )
        return found


def case_of(
    network: Network,
    works: Sequence[Work],
    years: Sequence[int],
    *,
    name: str,
    probability: float,
    demand: Sequence[DemandFlow] | None,
    growth: float,
    unserved_usd_per_teu: float,
) -> Case:
    """Return the case of a network to which a scenario is applied.

    Parameters
    ----------
    years
        Year whose demand stands for each period.
    demand
        Rows of demand of the base year, to grow in all years; None: the table of the network.
    growth
        Growth of the demand per year from the last known year on.
    """
    effects = effects_of(network, works)
    year = year_given(network)
    rows = capacities(effects.network, year)
    flows, amounts = demand_by_year(network, years, demand, growth)
    found = commodities(effects.network, flows, rows, rows.residual_teu_day, unserved_usd_per_teu=unserved_usd_per_teu)
    return Case(name, probability, effects, rows, found, amounts, effects.added_teu_day(rows))


def demand_by_year(
    network: Network, years: Sequence[int], demand: Sequence[DemandFlow] | None, growth: float
) -> tuple[list[DemandFlow], Floats]:
    """Return the rows of demand, and their TEU per day in some years, shape (years, rows).

    The demand of a row is interpolated between the years in which demand is known, as it is in the first one before,
    and grows from the last one. A row that a known year lacks has no demand in it, and one whose attributes differ
    between years is a row for each. Demand without a year, or given by a user, is known in the reference year alone.
    """
    known = _known(network) if demand is None else {network.reference_date.year: list(demand)}
    points: dict[DemandFlow, dict[int, float]] = {}
    for year, flows in known.items():
        for flow in flows:
            series = points.setdefault(replace(flow, teu_per_year=0.0), dict.fromkeys(known, 0.0))
            series[year] += flow.teu_per_year
    table = np.array([[_of_year(series, year, growth) for series in points.values()] for year in years])
    return list(points), table.reshape(len(years), len(points)) / YEAR_DAYS


def _known(network: Network) -> dict[int, list[DemandFlow]]:
    """Return the demand of the network in each year in which it has rows."""
    years = sorted({row["for_year"] for row in network.tables["demand"] if row["for_year"] is not None})
    if not years:
        return {network.reference_date.year: network_demand(network)}
    return {year: network_demand(network, year=year) for year in years}


def _of_year(series: Mapping[int, float], year: int, growth: float) -> float:
    known = sorted(series)
    inside = float(np.interp(year, known, [series[item] for item in known]))
    return inside * (1.0 + growth) ** max(0, year - known[-1])
