"""What changes between two scenarios: times, costs, flows, shares, bottlenecks, and who gains and loses."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from landbridge.networks.arguments import flag, shown, without_effect
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import Meta, meta_of
from landbridge.networks.network import Network, network_given
from landbridge.routing.flows.assign import AssignmentOptions, CapacityKind, CongestionKind, assignment_of
from landbridge.routing.flows.demand import demand_given
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.objectives import ObjectiveName, Weights, objective_given
from landbridge.routing.query.options import conditions_from
from landbridge.routing.query.query import Mode
from landbridge.routing.questions.pairs import Pairs, answered_pairs
from landbridge.routing.studies.comparison.alternatives import demand_alternatives, pair_alternatives
from landbridge.routing.studies.comparison.break_even import Row, lead_thresholds, row_thresholds
from landbridge.routing.studies.comparison.flow_changes import FlowChanges
from landbridge.routing.studies.comparison.pair_changes import pair_name, pair_records
from landbridge.routing.studies.comparison.scenario_comparison import FlowComparison, Record, ScenarioComparison
from landbridge.routing.studies.comparison.sides import Side
from landbridge.routing.studies.scenarios.part import FINGERPRINT, NAME
from landbridge.routing.studies.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from landbridge.networks.tables.records import TableLike
    from landbridge.routing.flows.demand import DemandLike

ScenarioLike: TypeAlias = "Scenario | str | Path | Iterable[Scenario | str | Path]"
"""A scenario as given by a user: what `Scenario.read` takes."""

BASE: Final = "base"
"""Name of a network without a scenario."""


def compare(
    network: Network,
    a: "ScenarioLike | None",
    b: "ScenarioLike | None",
    *,
    od: "TableLike | None" = None,
    demand: "DemandLike | None" = None,
    year: int | None = None,
    capacity: CapacityKind | None = None,
    congestion: CongestionKind | None = None,
    logit: float | None = None,
    unserved_usd_per_teu: float | None = None,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    avoid: str | Iterable[str] | None = None,
    planned: bool = False,
    break_even: bool = True,
    time_limit_s: float | None = None,
    progress: Callable[[int], object] | None = None,
) -> ScenarioComparison:
    """Return what changes from a scenario to another: for pairs of places, or for the flows of a demand.

    Parameters
    ----------
    network
        The network to which both are applied.
    a, b
        The scenarios before and after: a `Scenario`, the path of a file, the name of a bundled one, several that are
        stacked in order, or None for the network as it is.
    od
        A table of pairs as in `matrix`: the best itinerary of each pair is compared.
    demand
        Rows of demand as in `assign`, equal on both sides. Without `od` and `demand` it is the demand of the network,
        which a scenario may change.
    year, capacity, congestion, logit, unserved_usd_per_teu, time_limit_s
        As in `assign`. With `logit` the consumer surplus of shippers is the logsum
        (`routing/studies/comparison/surplus.py`).
    cargo, objective
        As in `route`, for pairs.
    modes, avoid, planned
        As in `route`, for all pairs or all demand.
    break_even
        Also find the price, time and value of time at which another corridor wins, on both sides: for pairs among the
        offers of `compare_corridors` that are open all year, if the objective is generalised cost; for demand among the
        alternatives of the logit choice, without capacities.
    progress
        Called with 1 when a step is completed: each pair on each side, or each side of a demand.

    Returns
    -------
    ScenarioComparison
        Figures before and after and their changes, which are those of the reverse comparison with the other sign.

    Raises
    ------
    DataError
        If a scenario, the pairs or the demand are invalid, listing every fault.
    QueryError
        If an option is invalid or has no effect on what is asked, or both pairs and demand are given.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import compare
    >>> pairs = [{"origin": "Altynkol", "destination": "Aktau"}]
    >>> compare(load_network(), None, None, od=pairs, modes=["rail"])
    <ScenarioComparison base -> base: 0 of 1 pair changed>
    """
    of_flows: dict[str, Any] = {
        "capacity": capacity,
        "congestion": congestion,
        "logit": logit,
        "unserved_usd_per_teu": unserved_usd_per_teu,
        "year": year,
        "time_limit_s": time_limit_s,
    }
    others, when = ({"cargo": cargo, "objective": objective}, "without od") if od is None else (of_flows, "with od")
    given = [name for name, value in others.items() if value is not None]
    if given:
        raise QueryError(without_effect(given, when))
    question = Question(
        od=_kept(od),
        demand=_kept(demand),
        assignment=AssignmentOptions(**of_flows),
        cargo=cargo_given(cargo),
        objective=objective_given(objective),
        filters={"modes": _kept(modes), "avoid": _kept(avoid), "planned": planned},
        break_even=flag(break_even, "break_even"),
    )
    base, scenarios = network_given(network), (_read(a, "a"), _read(b, "b"))
    before, after = (base if scenario is None else scenario.apply(base) for scenario in scenarios)
    found = compare_networks(
        before, before if scenarios[0] == scenarios[1] else after, question, progress or (lambda _: None)
    )
    old, new = (None if scenario is None else scenario.title for scenario in scenarios)
    return replace(found, titles=(old or found.before, new or found.after))


def _kept(given: Any) -> Any:
    """Return an argument that can be read on both sides: what can be read only once becomes a list."""
    return list(given) if isinstance(given, Iterator) else given


def _read(given: object, name: str) -> Scenario | None:
    """Return the scenario of an argument."""
    if given is None:
        return None
    if isinstance(given, Scenario | str | Path | list | tuple):
        return Scenario.read(given)
    raise QueryError(f"{name} is {shown(given)}; give a Scenario, the path of a file, a name, or None for no scenario")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What two networks are asked.

    Attributes
    ----------
    od, demand
        Pairs, or demand (None: that of each network).
    assignment
        Options of an assignment without conditions.
    filters
        Modes, avoid and planned, which each network resolves to its conditions.

    Raises
    ------
    QueryError
        If both pairs and demand are given.
    """

    od: "TableLike | None" = None
    demand: "DemandLike | None" = None
    assignment: AssignmentOptions = field(default_factory=AssignmentOptions)
    cargo: Cargo = field(default_factory=Cargo)
    objective: str | Weights = field(default_factory=Weights)
    filters: Mapping[str, Any] = field(default_factory=dict)
    break_even: bool = True

    def __post_init__(self) -> None:
        """Check that one question is asked."""
        if self.od is not None and self.demand is not None:
            raise QueryError("od cannot be combined with demand; give one of them")


def compare_networks(
    before: Network, after: Network, question: Question, progress: Callable[[int], object]
) -> ScenarioComparison:
    """Return what changes from a network to another; what is one object is asked once.

    Raises
    ------
    DataError
        If the pairs or the demand are invalid.
    QueryError
        If an option is invalid.
    """
    found = (_compared_pairs if question.od is not None else _compared_flows)(before, after, question, progress)
    return replace(found, _networks=(before, after))


def _compared_pairs(
    before: Network, after: Network, question: Question, progress: Callable[[int], object]
) -> ScenarioComparison:
    old = _answered(before, question, progress)
    new = old if after is before else _answered(after, question, progress)
    thresholds: list[Record] = []
    if question.break_even and isinstance(question.objective, Weights):
        sides = {"before": (before, old)} | ({} if after is before else {"after": (after, new)})
        of_side = {name: _pair_thresholds(*side, question, progress) for name, side in sides.items()}
        thresholds = [row for name in ("before", "after") for row in _named(name, of_side.get(name, of_side["before"]))]
    return ScenarioComparison(
        *_names(before, after),
        tuple(pair_records(old, new)),
        break_even=tuple(thresholds),
        meta=_meta(before, after, new.meta["options"]),
    )


def _answered(network: Network, question: Question, progress: Callable[[int], object]) -> Pairs:
    conditions = conditions_from(network, **question.filters)
    table: Any = question.od
    return answered_pairs(
        network, table, conditions, cargo=question.cargo, objective=question.objective, progress=progress
    )


def _pair_thresholds(
    network: Network, pairs: Pairs, question: Question, progress: Callable[[int], object]
) -> list[Record]:
    conditions = conditions_from(network, **question.filters)
    weights = question.objective if isinstance(question.objective, Weights) else Weights()
    rows = pair_alternatives(network, pairs, conditions, cargo=question.cargo, objective=weights, progress=progress)
    named = (row._replace(name=pair_name(pairs.rows[number])) for number, row in rows)
    return [record for row in named for record in row_thresholds(row)]


def _compared_flows(
    before: Network, after: Network, question: Question, progress: Callable[[int], object]
) -> ScenarioComparison:
    old = _side(before, question, progress)
    new = old if after is before else _side(after, question, progress)
    changes = FlowChanges(old, new)
    flows = FlowComparison(
        status_before=old.assignment.status.value,
        status_after=new.assignment.status.value,
        message_before=old.assignment.message,
        message_after=new.assignment.message,
        year_before=old.assignment.year,
        year_after=new.assignment.year,
        totals=changes.totals(),
        corridors=tuple(changes.corridors()),
        shippers=tuple(changes.shippers()),
        demand=tuple(changes.rows()),
        operators=tuple(changes.operators()),
        resources=tuple(changes.resources()),
        links=tuple(changes.links()),
    )
    thresholds: list[Record] = []
    leads: list[Record] = []
    if question.break_even:
        rows = demand_alternatives(old)
        for name, side_rows in (("before", rows), ("after", rows if new is old else demand_alternatives(new))):
            thresholds += _named(name, [record for row in side_rows for record in row_thresholds(row)])
            leads += _named(name, _leads(old if name == "before" else new, side_rows))
    return ScenarioComparison(
        *_names(before, after),
        flows=flows,
        break_even=tuple(thresholds),
        leads=tuple(leads),
        meta=_meta(before, after, new.assignment.meta["options"]),
    )


def _leads(side: Side, rows: Sequence[Row]) -> list[Record]:
    """Return the thresholds of a lead in each market, largest first: all demand that has a choice, and each flow."""
    markets: dict[str, list[Row]] = {"all": []}
    for item, row in zip(side.assignment.demand, rows, strict=True):
        if len(row.alternatives) > 1:
            markets["all"].append(row)
            markets.setdefault(f"flow {item.flow}", []).append(row)
    order = sorted(markets, key=lambda name: (-sum(row.teu_day for row in markets[name]), name))
    return [{"market": name, **found} for name in order for found in lead_thresholds(markets[name], side.logit)]


def _side(network: Network, question: Question, progress: Callable[[int], object]) -> Side:
    options = replace(question.assignment, conditions=conditions_from(network, **question.filters))
    demand = demand_given(network, question.demand, options.year)
    found = assignment_of(network, demand, options)
    if found.status is FlowStatus.INTERRUPTED:
        raise KeyboardInterrupt
    progress(1)
    return Side(found, options.logit)


def _named(side: str, records: Iterable[Record]) -> list[Record]:
    return [{"side": side, **record} for record in records]


def _setting(network: Network, key: str) -> str | None:
    row = network.tables["dataset"].by_key().get(key)
    return None if row is None else str(row["value"])


def _names(before: Network, after: Network) -> tuple[str, str]:
    old, new = (_setting(network, NAME) or BASE for network in (before, after))
    return old, new


def _meta(before: Network, after: Network, options: dict[str, Any]) -> Meta:
    """Return the metadata: those of the network after, and both scenarios with their fingerprints."""
    old, new = _names(before, after)
    own = {
        "before": old,
        "after": new,
        "before_fingerprint": _setting(before, FINGERPRINT),
        "after_fingerprint": _setting(after, FINGERPRINT),
        "before_date": before.reference_date.isoformat(),
        "after_date": after.reference_date.isoformat(),
    }
    return meta_of(after.tables, own | options) | {"scenario": None if {old, new} == {BASE} else f"{old} -> {new}"}
