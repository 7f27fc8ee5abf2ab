"""Estimate of the split of demand over crossings from containers counted there.

Each row of demand chooses among the crossings of each cordon, of which a journey uses one. By each combination of them,
with the links of the others closed, it has a path of least generalised cost, and its shares follow a logit model,

    share of crossings c = exp(-(cost by c + constants of c) / scale) / sum over all combinations

Constants, in USD per TEU for each crossing and direction, are fitted to counts of the first year: a constant rises by
scale x ln(modelled / counted), in rounds (iterative proportional fitting). The total of a row stays as published.
Capacities are not considered, for the counts were within them. Fitted to the training half, the other half has the
constant 0 and shows, like every later year, how far the estimate holds. Fitted to all counts of the first year, later
years show it; if each crossing of the cordon was counted, counts of a direction are then scaled to its demand, which
differs from their sum.

A scenario leaves the constants as they are: they are fitted to the tables before it, which the counts describe. With
them its own demand is split over the crossings that its network leaves open, so that a crossing that it closes passes
its demand to the others, and demand that it changes is changed in the split.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arguments import flag
from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import DataError
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, network_given
from landbridge.networks.units import YEAR_DAYS
from landbridge.networks.years import demand_year
from landbridge.routing.flows.charts import draw_counts
from landbridge.routing.flows.commodities import commodities
from landbridge.routing.flows.demand import ESTIMATED, DemandFlow, demand_records, network_demand
from landbridge.routing.flows.solvers.problem import PathPool, Problem
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.calendars import closed_edges
from landbridge.routing.resources.capacities import capacities

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landbridge.networks.tables.rows import CountRow

SCALE: Final = "crossing_scale_usd_per_teu"
"""Key of the table `dataset` with the logit scale of the choice among crossings."""

UNEXPLAINED_USD: Final = 200.0
"""A larger constant, USD per TEU, is not explained by what the model leaves out: a cost or an end is wrong."""

_TOLERANCE, _MAX_ROUNDS, _LEAST_SHARE = 1e-5, 500, 1e-3

Links = tuple[str, ...]
"""The links of a crossing in one direction, which identify its constant."""


@dataclass(frozen=True, kw_only=True)
class CrossingCount:
    """A count and what the model gives for it, TEU per day.

    Attributes
    ----------
    id, crossing, half
        As in the table `counts`.
    fitted
        Whether its constant was fitted to this very count; only other counts say how far the estimate agrees.
    counted_teu_day
        What was counted.
    unfitted_teu_day, estimated_teu_day
        What the model gives without constants, and with them.
    constant_usd_per_teu
        Constant of its crossing and direction, None if that is not fitted.
    unexplained
        Whether the constant is larger than `UNEXPLAINED_USD` either way.
    """

    id: str
    crossing: str
    half: str
    fitted: bool
    counted_teu_day: float
    unfitted_teu_day: float
    estimated_teu_day: float
    constant_usd_per_teu: float | None
    unexplained: bool


@dataclass(frozen=True, eq=False, repr=False)
class CrossingEstimate(Result):
    """The counts of a year beside the model, and the demand of that year by crossing.

    Attributes
    ----------
    year
        Year of the demand and the counts.
    scale_usd_per_teu
        Scale of the logit model.
    rounds
        Rounds of the fit.
    counts
        The counts of the year.
    demand
        Rows of demand, each bound to a crossing; their sums by id are the published rows.
    """

    year: int | None
    scale_usd_per_teu: float
    rounds: int
    counts: tuple[CrossingCount, ...]
    demand: tuple[DemandFlow, ...]

    def __repr__(self) -> str:
        """Return the year and the number of counts."""
        return f"<CrossingEstimate of {self.year}: {len(self.counts)} counts, {len(self.demand)} rows of demand>"

    def to_dict(self) -> dict[str, Any]:
        """Return the counts with the names of the JSON output."""
        return {
            "year": self.year,
            "scale_usd_per_teu": self.scale_usd_per_teu,
            "rounds": self.rounds,
            "counts": [asdict(count) for count in self.counts],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the counts with the constants of their crossings, and the demand, which `read_demand` reads back."""
        return (
            RecordTable("counts", lambda: [asdict(count) for count in self.counts]),
            RecordTable(ESTIMATED, self._demand_records),
        )

    def _demand_records(self) -> list[dict[str, Any]]:
        derived = {"for_year": self.year, "confidence": "derived"}
        return [record | derived for record in demand_records(self.demand)]

    def plot(self) -> "Figure":
        """Return the chart of the counts beside the model.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw_counts(
            [asdict(count) for count in self.counts], f"Containers counted at crossings in {self.year}", self.meta
        )


def estimate_crossings(network: Network, *, year: int | None = None, all_counts: bool = False) -> CrossingEstimate:
    """Estimate the split of the demand of a network over the crossings of its table `counts`.

    Parameters
    ----------
    network
        A network with demand, counts and the setting `crossing_scale_usd_per_teu`.
    year
        Year of the demand; None: the latest complete year that has demand.
    all_counts
        Fit to all counts of the first year, so that only those of later years are left to compare with.

    Raises
    ------
    DataError
        If the network has no counts of a cordon or no demand, or a count cannot be met.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import estimate_crossings
    >>> found = estimate_crossings(load_network(), year=2024)
    >>> [count.id for count in found.counts if count.fitted and not count.unexplained]
    ['cn-khorgos--out--2024', 'cn-khorgos--in--2024']
    """
    all_counts = flag(all_counts, "all_counts")
    fitted_on, year = network_given(network).unchanged, demand_year(network, year)
    rows = [row for row in fitted_on.tables["counts"] if row["cordon"]]
    if not rows:
        raise DataError("the table counts has no rows of a cordon; give crossings of which a journey uses one")
    first = min(row["year"] for row in rows)
    wanted = [row for row in _counted(fitted_on) if row["cordon"] and row["year"] == first]
    wanted = [row for row in wanted if all_counts or row["half"] == "training"]
    choices = _Choices(fitted_on, network_demand(fitted_on, year=first))
    constants, rounds = _fitted(choices, {row["links"]: _teu_day(row) for row in wanted}, scaled=all_counts)
    if year != first or network is not fitted_on:
        choices = _Choices(network, network_demand(network, year=year))
    without, found = choices.flows({}), choices.flows(constants)
    counts = tuple(
        CrossingCount(
            id=row["id"],
            crossing=row["crossing"],
            half=row["half"],
            fitted=row in wanted,
            counted_teu_day=_teu_day(row),
            unfitted_teu_day=float(without[choices.uses(row["links"])].sum()),
            estimated_teu_day=float(found[choices.uses(row["links"])].sum()),
            constant_usd_per_teu=constants.get(row["links"]),
            unexplained=abs(constants.get(row["links"], 0.0)) > UNEXPLAINED_USD,
        )
        for row in _counted(network)
        if row["year"] == year
    )
    meta = meta_of(network.tables, {"year": year, "all_counts": all_counts})
    return CrossingEstimate(year, choices.scale, rounds, counts, tuple(choices.split(found)), meta=meta)


def estimated_demand(network: Network, *, year: int | None = None) -> list[DemandFlow]:
    """Return the demand of a network in a year, split over the crossings by all counts of the first year (`derived`).

    Raises
    ------
    DataError
        As `estimate_crossings`.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import estimated_demand, network_demand
    >>> network = load_network()
    >>> split, published = estimated_demand(network, year=2024), network_demand(network, year=2024)
    >>> round(sum(row.teu_per_year for row in split)) == round(sum(row.teu_per_year for row in published))
    True
    """
    return list(estimate_crossings(network, year=year, all_counts=True).demand)


def _counted(network: Network) -> "list[CountRow]":
    return [row for row in network.tables["counts"] if row["teu_per_year"] is not None]


def _teu_day(row: "CountRow") -> float:
    return (row["teu_per_year"] or 0.0) / YEAR_DAYS


def _fitted(
    choices: "_Choices", counted_teu_day: Mapping[Links, float], *, scaled: bool
) -> tuple[dict[Links, float], int]:
    """Return the constants with which the flows are those counted, and the number of rounds.

    If the counts are `scaled` to the flows over all of them, only their proportions are met.
    """
    for links, teu_day in counted_teu_day.items():
        if not teu_day or not (choices.uses(links) & choices.kept).any():
            problem = "no demand uses it with the other crossings closed" if teu_day else "nothing was counted there"
            applied = meta_of(choices.network.tables, {})["scenario"]
            cure = "apply the scenario to the network that was read" if applied else "correct the row of counts"
            raise DataError(f"{', '.join(links)} cannot be fitted, since {problem}; {cure}")
    constants = dict.fromkeys(counted_teu_day, 0.0)
    for rounds in range(_MAX_ROUNDS):
        flows = choices.flows(constants)
        wanted = choices.within_demand(counted_teu_day, flows) if scaled else counted_teu_day
        ratio = {links: float(flows[choices.uses(links)].sum()) / teu for links, teu in wanted.items()}
        if all(abs(value - 1) <= _TOLERANCE for value in ratio.values()):
            return constants, rounds
        for links, value in ratio.items():
            constants[links] += choices.scale * float(np.log(value))
    raise DataError(f"the counts cannot be met in {_MAX_ROUNDS} rounds; check that they are within the demand")


class _Choices:
    """The best path of each row of demand by each combination of crossings, one or none of each cordon."""

    def __init__(self, network: Network, demand: Sequence[DemandFlow]) -> None:
        self.network, self.demand, self.scale = network, demand, float(network.setting(SCALE))
        rows = [row for row in network.tables["counts"] if row["cordon"]]
        self.cordon_of = {row["links"]: row["cordon"] for row in rows}
        self.open = {row["cordon"] for row in rows if row["teu_per_year"] is None}
        cordons = {row["cordon"]: dict[str | None, set[str]]() for row in rows}
        for row in rows:
            cordons[row["cordon"]].setdefault(row["crossing"], set()).update(row["links"])
        gates = list(product(*([*crossings.values(), set[str]()] for crossings in cordons.values())))
        every = [set[str]().union(*crossings.values()) for crossings in cordons.values()]
        self.avoided = [tuple(sorted(set[str]().union(*every).difference(*gate))) for gate in gates]
        self._limits = capacities(network)
        self.pool, self._known = self._paths(), dict[Links, Bools]()
        self.gate, self.row = np.divmod(self.pool.commodity, len(demand))
        # A path that avoids all crossings of a cordon is found once for each of them, and counts as one alternative.
        fits = [
            np.logical_and.reduce(
                [
                    self.uses(tuple(own)) if own else ~self.uses(tuple(of_cordon))
                    for own, of_cordon in zip(gate, every, strict=True)
                ]
            )
            for gate in gates
        ]
        self.kept = np.select([self.gate == number for number in range(len(gates))], fits, default=False)
        self.amount = np.array([item.teu_per_year for item in demand]) / YEAR_DAYS

    def _paths(self) -> PathPool:
        """Return the best path of each row by each combination of crossings; only the graphs of one are kept."""
        free, batches = np.zeros(len(self._limits)), []
        problem = self._problem(())
        for number, avoided in enumerate(self.avoided):
            _, best = PathPool(self._without(problem, avoided)).priced(free)
            batches.append(replace(best, commodity=best.commodity + number * len(self.demand)))
        pool = PathPool(replace(problem, profiles=()))
        wanted = np.array([item.teu_per_year > 0 for item in self.demand] * len(self.avoided))
        for batch in batches:
            pool.add(batch, wanted)
        return pool

    def _problem(self, avoided: Links) -> Problem:
        items, limits = [replace(item, avoid_links=avoided) for item in self.demand], self._limits
        free = np.full(len(limits), np.inf)
        return commodities(self.network, items, limits, free, unserved_usd_per_teu=0.0).problem

    def _without(self, problem: Problem, avoided: Links) -> Problem:
        """Return a problem without some links: by closing them, unless they are roads, around which drayage may go."""
        modes = {link["mode"] for link in self.network.links if link["id"] in avoided}
        if "road" in modes:
            return self._problem(avoided)
        row: Any = {"target": "links", "ids": avoided}
        closed = closed_edges(self.network, row)
        return replace(problem, closed=np.append(closed, [False]))

    def uses(self, links: Links) -> Bools:
        """Return which paths use any of some links."""
        if links not in self._known:
            graph = self.network.graph
            numbers = [number for number, link in enumerate(self.network.links) if link["id"] in links]
            edges = (graph.kind == EdgeKind.HAUL) & np.isin(graph.row, numbers)
            weight = np.append(edges, np.zeros(1)).astype(np.float64)  # the last is that of access legs
            self._known[links] = np.asarray(self.pool.edges @ weight > 0, dtype=np.bool_)
        return self._known[links]

    def flows(self, constants: Mapping[Links, float]) -> Floats:
        """Return the TEU per day on each path."""
        cost = self.pool.cost + sum((value * self.uses(links) for links, value in constants.items()), start=0.0)
        cost = np.where(self.kept, cost, np.inf)
        least = np.full(len(self.demand), np.inf)
        np.minimum.at(least, self.row, cost)
        weight = np.exp(-(cost - least[self.row]) / self.scale)
        total = np.bincount(self.row, weight, len(self.demand))
        return np.asarray(self.amount[self.row] * weight / total[self.row], dtype=np.float64)

    def within_demand(self, counted_teu_day: Mapping[Links, float], flows: Floats) -> dict[Links, float]:
        """Return counts scaled to the flows over all crossings of their cordon that the same rows of demand use.

        Those of a cordon with a crossing that was not counted stay as they are.
        """
        rows = {links: set(self.row[self.uses(links) & self.kept].tolist()) for links in counted_teu_day}
        found = dict(counted_teu_day)
        for links, own in rows.items():
            cordon = self.cordon_of[links]
            if cordon in self.open:
                continue
            group = [other for other in rows if own & rows[other] and self.cordon_of[other] == cordon]
            modelled = sum(float(flows[self.uses(other)].sum()) for other in group)
            found[links] = counted_teu_day[links] * modelled / sum(counted_teu_day[other] for other in group)
        return found

    def split(self, flows: Floats) -> list[DemandFlow]:
        """Return the rows of demand by crossing; shares under a thousandth go to the others.

        A row without any path, which a scenario may leave, stays whole: it is not served.
        """
        share = flows / np.where(self.amount > 0, self.amount, 1.0)[self.row]
        share[share < _LEAST_SHARE] = 0.0
        share /= np.bincount(self.row, share, len(self.demand))[self.row]
        order: Ints = np.lexsort((self.gate, self.row))
        stranded = set(np.flatnonzero(self.amount > 0).tolist()).difference(self.row.tolist())
        return [
            *(self._part(int(path), float(share[path])) for path in order if share[path] > 0),
            *(replace(self.demand[row], demand_set=ESTIMATED) for row in sorted(stranded)),
        ]

    def _part(self, path: int, share: float) -> DemandFlow:
        item = self.demand[int(self.row[path])]
        amount = item.teu_per_year * share
        return replace(item, teu_per_year=amount, avoid_links=self.avoided[int(self.gate[path])], demand_set=ESTIMATED)
