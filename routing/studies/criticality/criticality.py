"""Criticality: what the closure of each part of a network costs, ranked.

Everything that carries flow is closed for some days, one by one, and the demand assigned again without it
(`routing/flows/closing.py`). First all closures get their bounds; those that are not proved are then solved, the
largest first, so that a search which ends early has answered what matters most.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from landbridge.networks.arguments import choice, instance, listed, texts, time_limit
from landbridge.networks.arrays import Bools
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.network import Network, network_given
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.flows.assign import AssignmentOptions, assignment_of
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.closing import Closing, closure_days
from landbridge.routing.flows.demand import DemandLike, demand_given
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.output.result import check_made_with
from landbridge.routing.query.options import conditions_from, with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure
from landbridge.routing.studies.criticality.criticality_result import Criticality
from landbridge.routing.studies.criticality.effects import Effects
from landbridge.routing.studies.criticality.targets import KINDS, PAIR, Target, Targets

Kind = Literal["resources", "places", "crossings", "services", "links"]

_SAME_USD = 1e-6
"""Costs that differ by less, as a share, are the same."""


@with_old_avoid
def criticality(
    network: Network,
    demand: "DemandLike | None" = None,
    *,
    days: float = 14,
    resources: str | Iterable[str] | None = None,
    pairs: Iterable[tuple[str, str]] = (),
    kinds: Kind | Iterable[Kind] | None = None,
    assignment: Assignment | None = None,
    unserved_usd_per_teu: float | None = None,
    year: int | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    planned: bool = False,
    time_limit_s: float | None = None,
    progress: Callable[[int], object] | None = None,
) -> Criticality:
    """Return what closing each part of a network would cost, the most costly first.

    Closures act in both directions, and on what a row of the table `closures` shuts: a place closes with its
    operations and all that goes through it, a city with its terminals. Each is compared with the assignment with all
    open, at hard capacities.

    Parameters
    ----------
    network
        The network.
    demand
        Rows of demand as in `assign`, or None for the table of the network.
    days
        Length of each closure; costs are proportional to it, but for cargo that waits.
    resources
        Ids of what to close: resources, places, crossings as corridors name them (`BY-PL`), services and links. None:
        all that carry flow.
    pairs
        Pairs of such ids that are closed together.
    kinds
        Kinds to close, only without ids: `resources`, `places`, `crossings`, `services`, `links`; None: all.
    assignment
        The assignment to start from, if already computed.
    unserved_usd_per_teu, year
        As in `assign`; only without a given assignment.
    modes, avoid, planned
        As in `landbridge.routing.route`, likewise.
    time_limit_s
        Seconds after which the search ends; closures not solved by then keep their bounds.
    progress
        Function called with 1 after each closure; for long runs.

    Raises
    ------
    DataError
        If the demand is invalid.
    QueryError
        If an option is invalid, an id names nothing, or the assignment is not optimal or carries nothing.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, criticality
    >>> one = DemandFlow(origin="Almaty", destination="Tashkent", teu_per_year=36_500)
    >>> found = criticality(load_network(), [one], resources=["kz-saryagash--border"])
    >>> found.items[0].affected_teu_day
    100.0
    """
    network_given(network)
    days = closure_days(days, "days")
    limit_s = time_limit(time_limit_s)
    clock = _Clock(limit_s)
    wanted = _Wanted(Targets(network), resources, pairs, kinds)
    options = AssignmentOptions(
        unserved_usd_per_teu=unserved_usd_per_teu,
        year=year,
        conditions=conditions_from(network, modes=modes, avoid=avoid, planned=planned),
        time_limit_s=limit_s,
    )
    if assignment is None:
        assignment = assignment_of(network, demand_given(network, demand, year), options)
        if assignment.status is FlowStatus.INTERRUPTED:
            raise KeyboardInterrupt
    elif demand is not None or replace(options, time_limit_s=None).given:
        raise QueryError("an assignment already has its demand and options; omit them")
    else:
        instance(assignment, Assignment, "assignment", "make it with assign(network, demand)")
        check_made_with(assignment, network, "assignment")
    given = {"days": days, **wanted.options, "time_limit_s": time_limit_s}
    closing = Closing(assignment)
    if assignment.served_teu_day.sum() <= LEAST_TEU_DAY:
        raise QueryError("the assignment carries nothing, so that no closure has an effect; give another demand")
    run = _Run(closing, Effects(closing, float(days)), clock, progress or (lambda _: None))
    return replace(run.result(wanted, float(days)), meta=with_options(assignment.meta, **given))


class _Clock:
    """The time left of a limit."""

    def __init__(self, limit_s: float | None) -> None:
        self._end = None if limit_s is None else time.perf_counter() + limit_s

    @property
    def left_s(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.perf_counter())

    @property
    def over(self) -> bool:
        return self.left_s == 0.0


class _Wanted:
    """What is to be closed."""

    def __init__(self, targets: Targets, resources: object, pairs: object, kinds: object) -> None:
        if resources is not None and kinds is not None:
            raise QueryError("kinds choose among all that carries flow; omit them, or the ids in resources")
        self._targets = targets
        self.single = None if resources is None else _found(targets, texts(resources, "resources", "ids"))
        self.pairs = [_found(targets, _pair(pair)) for pair in listed(pairs, "pairs", "pairs of ids")]
        self.kinds = (
            KINDS if kinds is None else tuple(choice(kind, "kinds", KINDS) for kind in texts(kinds, "kinds", "kinds"))
        )
        twice = next((one.id for one, other in self.pairs if one == other), None)
        if twice is not None:
            raise QueryError(f"a pair has {twice!r} twice; give two different ids, or close it alone in resources")
        names = [[target.id for target in pair] for pair in self.pairs]
        self.options = {
            "resources": None if self.single is None else [target.id for target in self.single],
            "pairs": names,
            "kinds": list(self.kinds),
        }

    def found(self, assignment: Assignment) -> Iterator[tuple[Target, Bools]]:
        """Yield what is to be closed with the edges that it shuts, singles first."""
        network = assignment.network
        if self.single is None:
            singles = dict(self._targets.carrying(assignment.edge_teu_day, self.kinds))
        else:
            singles = {target: target.edges(network) for target in self.single}
        for pair in self.pairs:
            singles |= {target: target.edges(network) for target in pair if target not in singles}
        yield from singles.items()
        for one, other in self.pairs:
            yield one.and_also(other), singles[one] | singles[other]


def _found(targets: Targets, ids: Iterable[str]) -> list[Target]:
    return [targets.find(text) for text in ids]


def _pair(given: object) -> tuple[str, ...]:
    ids = texts(given, "pairs", "two ids in each")
    if len(ids) != 2:
        raise QueryError(f"pairs has {given!r} and must have two ids in each, such as ('BY-PL', 'BY-LT')")
    return ids


@dataclass
class _Run:
    """The closures of a run."""

    closing: Closing
    effects: Effects
    clock: _Clock
    progress: Callable[[int], object]
    items: dict[Target, CriticalClosure] = field(default_factory=dict)
    signatures: dict[Target, bytes] = field(default_factory=dict)

    def result(self, wanted: _Wanted, days: float) -> Criticality:
        status, open_ones = FlowStatus.OPTIMAL, list[tuple[Target, Bools, Flow]]()
        every = list(wanted.found(self.closing.assignment))
        try:
            if not self._bound(every, open_ones) or not self._solve(open_ones):
                status = FlowStatus.TIME_LIMIT
        except KeyboardInterrupt:
            status = FlowStatus.INTERRUPTED
        items = _ranked(self._with_sums(wanted), self.signatures)
        left = len(every) - len(items)
        return Criticality(self.closing.assignment, tuple(items), days, status, left)

    def _bound(self, every: Sequence[tuple[Target, Bools]], open_ones: list[tuple[Target, Bools, Flow]]) -> bool:
        """Price the demand of each closure again; return whether there was time for all."""
        base = self.closing.assignment.flow
        for target, edges in every:
            if self.clock.over:
                return False
            flow = self.closing.repriced(edges)
            proved = flow.status is FlowStatus.OPTIMAL
            method = "unused" if flow is base else "repriced" if proved else "bounded"
            self._keep(target, edges, flow, method)
            if proved:
                self.progress(1)
            else:
                open_ones.append((target, edges, flow))
        return True

    def _solve(self, open_ones: list[tuple[Target, Bools, Flow]]) -> bool:
        """Solve the closures whose bounds differ, those first that may cost most; return whether all were solved.

        Of those that the same paths use the one that shuts least is first, since its answer often holds for the others.
        """
        most: dict[bytes, float] = {}
        for target, _, flow in open_ones:
            key = self.signatures[target]
            most[key] = max(most.get(key, 0.0), flow.bound)

        def order(item: tuple[Target, Bools, Flow]) -> tuple[float, bytes, int]:
            key = self.signatures[item[0]]
            return -most[key], key, int(item[1].sum())

        done = True
        for target, edges, flow in sorted(open_ones, key=order):
            if self.clock.over:
                return False
            found = self.closing.improved(flow, edges, time_limit_s=self.clock.left_s)
            proved = found.status is FlowStatus.OPTIMAL
            done &= proved
            self._keep(target, edges, found, "solved" if proved else "bounded")
            self.progress(1)
        return done

    def _keep(self, target: Target, edges: Bools, flow: Flow, method: str) -> None:
        self.items[target] = self.effects.of(target, edges, flow, method)
        self.signatures[target] = self.closing.signature(edges)

    def _with_sums(self, wanted: _Wanted) -> dict[Target, CriticalClosure]:
        """Return the closures, those of pairs with what they cost beyond the sum of both alone."""
        found = dict(self.items)
        for one, other in wanted.pairs:
            both = one.and_also(other)
            if all(target in found for target in (one, other, both)):
                alone = found[one].usd + found[other].usd
                found[both] = replace(found[both], beyond_sum_usd=found[both].usd - alone)
        return found


_ORDER: Final = {kind: number for number, kind in enumerate((*KINDS, PAIR))}


def _ranked(items: dict[Target, CriticalClosure], signatures: dict[Target, bytes]) -> list[CriticalClosure]:
    """Return closures by cost, then by demand not carried, each that only repeats one before with the id of that."""
    order = sorted(items, key=lambda key: (-items[key].usd_day, -items[key].unserved_teu_day, _ORDER[key.kind], key.id))
    first: dict[bytes, list[CriticalClosure]] = {}
    for target in sorted(order, key=lambda key: _ORDER[key.kind]):
        item, kin = items[target], first.setdefault(signatures[target], [])
        same = next((one for one in kin if abs(one.usd_day - item.usd_day) <= _SAME_USD * item.usd_day), None)
        if same is None or item.kind == PAIR or not item.affected_teu_day:
            kin.append(item)
        else:
            items[target] = replace(item, same_as=same.id)
    return [items[target] for target in order]
