"""The network under load: trains, trucks and ships as entities that queue at the resources of a network."""

from collections.abc import Callable, Iterable
from datetime import date, time
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arguments import shown, whole_number
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, network_given
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.networks.years import year_given
from landbridge.routing.flows.assign import assign
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.crossings import estimated_demand
from landbridge.routing.flows.demand import DemandFlow, demand_given, network_demand
from landbridge.routing.output.result import check_made_with
from landbridge.routing.query.moments import Moment, parse_moment
from landbridge.routing.simulation.build_model import RunLength, build_model
from landbridge.routing.simulation.disruptions import disruptions_given
from landbridge.routing.simulation.network_answer import network_simulation
from landbridge.routing.simulation.replications import run_replications

if TYPE_CHECKING:
    from landbridge.routing.flows.demand import DemandLike
    from landbridge.routing.simulation.network_model import NetworkModel
    from landbridge.routing.simulation.network_simulation import NetworkSimulation

WARM_UP_DAYS: Final = 120
"""Usual days before the measured ones: the longest journeys take two months, and queues settle in some 100 days."""

MOST_DAYS: Final = 3_650
MOST_REPLICATIONS: Final = 10_000
MOST_DAYS_IN_ALL: Final = 2_000_000
"""Most days of all replications together: their series would need more memory in all but the smallest networks."""

MOST_STEPS: Final = 2e10
"""More stops of entities in all replications together would take hours."""


def simulate_network(
    network: Network,
    demand_or_assignment: "DemandLike | Assignment | None" = None,
    *,
    year: int | None = None,
    days: int = 365,
    warm_up: int | None = None,
    replications: int = 20,
    seed: int = 0,
    start: Moment | None = None,
    close: str | Iterable[str] = (),
    limit: str | Iterable[str] = (),
    ban: str | Iterable[str] = (),
    workers: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> "NetworkSimulation":
    """Simulate the flows of a demand over some days, with queues at resources, ships that sail when full, and storms.

    Trains, trucks and lots (`routing/simulation/entities.py`) follow the paths of an assignment without capacities.
    Each constraint row with a queue is a station with servers, working hours and priorities (timetabled, then block,
    then loose and bulk cargo), whose usual wait is taken out of the published times (`servers.py`, `route_steps.py`).
    Ships of lines that sail when full stand for the capacity of their fleet, the wait for departure and the berths
    (`ships.py`). Traffic that is not modelled is a source at its resource.

    A run is an ordinary year: the closures of the table `closures` are not applied unless given here, and congested
    months are what queues, storms and the given disruptions make of them.

    Parameters
    ----------
    network
        The network.
    demand_or_assignment
        Rows of demand as for `assign`, or an assignment that was made with `capacity="none"`; the empties of an
        assignment use its resources but have no transit times. None: the demand of the network, split over the
        crossings by its counts if it has any (`estimated_demand`).
    year
        Year of the demand and of the capacities; None: the latest complete year that has demand, or that of the
        assignment.
    days
        Measured days.
    warm_up
        Days before them that are not measured; None: 120.
    replications
        Independent runs, at least 1.
    seed
        Seed of the random numbers. The same seed gives the same answer for any number of workers.
    start
        First measured day; None: 1 January of the year, or of the year of the reference date if there is none.
    close
        Closures TARGET:FROM..TO, such as `BY-PL:rail:2025-09-12..2025-09-24`, of a resource, place, crossing or link.
        What arrives waits. Days are local days, the last included; so for limits and bans.
    limit
        Limits RESOURCE:CAPACITY:FROM..TO, such as `kz-altynkol--terminal:10trains/day:2025-10-01..2025-11-15`, in a
        unit of the column `capacity_unit` of `resources`. Of several in the same days the lowest holds.
    ban
        Bans TARGET:FROM..TO, such as `caspian-railferry--fleet:2025-04-22..2025-06-30`. Cargo whose path uses the
        target waits where it starts.
    workers
        Threads; None: one for each processor.
    progress
        Called with the number of replications done since the last call.

    Returns
    -------
    NetworkSimulation
        Waits and queues at each resource, transit times, and the recovery after each disruption.

    Raises
    ------
    QueryError
        If an option is invalid, an assignment was bounded by capacities or stored without its network, nothing is
        carried, or a disruption has another form, is outside the run or meets nothing.
    DataError
        If the demand is invalid.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, simulate_network
    >>> demand = [DemandFlow(origin="Xi'an", destination="Almaty", teu_per_year=36_500)]
    >>> found = simulate_network(load_network(), demand, days=60, warm_up=30, replications=2)
    >>> found.days, found.replications
    (60, 2)
    """
    # Everything that takes no time is checked before the flows are assigned.
    of_year = demand_or_assignment.year if isinstance(demand_or_assignment, Assignment) else year_given(network, year)
    length = RunLength(
        start=_start(network, of_year, start),
        days=whole_number(days, "days", 1, MOST_DAYS),
        warm_up_days=WARM_UP_DAYS if warm_up is None else whole_number(warm_up, "warm_up", 0, MOST_DAYS),
        replications=whole_number(replications, "replications", 1, MOST_REPLICATIONS),
        seed=whole_number(seed, "seed", 0, 2**63 - 1),
    )
    workers = None if workers is None else whole_number(workers, "workers", 1, 1_024)
    _check_days(length)
    disruptions = disruptions_given(network, close, limit, ban, start=length.start, days=length.days)
    assignment = flows_given(network, demand_or_assignment, year)
    model = build_model(assignment, length, disruptions)
    _check_size(model)
    runs = run_replications(model.queueing, workers=workers, progress=progress)
    options = {
        "year": assignment.year,
        "days": length.days,
        "warm_up": length.warm_up_days,
        "replications": length.replications,
        "seed": length.seed,
        "start": length.start.isoformat(),
        **{kind: [item.text for item in disruptions if item.kind == kind] for kind in ("close", "limit", "ban")},
        "demand_set": assignment.demand_set,
    }
    return network_simulation(network, model, runs, assignment=assignment, meta=meta_of(network.tables, options))


def flows_given(network: Network, given: "DemandLike | Assignment | None", year: int | None) -> Assignment:
    """Return the flows of an assignment or a demand; those of the network for None.

    Raises
    ------
    QueryError
        If an assignment was bounded by capacities, or is of another network or year.
    """
    network_given(network)
    if isinstance(given, Assignment):
        return _checked(network, given, year)
    demand = own_demand(network, year) if given is None else demand_given(network, given, year)
    if sum(item.teu_per_year for item in demand) <= 0:
        raise QueryError("the demand is 0, so that there is nothing to simulate; give rows with TEU")
    return assign(network, demand, capacity="none", year=year)


def own_demand(network: Network, year: int | None) -> list[DemandFlow]:
    """Return the demand of a network in a year, fitted to its counts if it has those of a cordon.

    Raises
    ------
    DataError
        If the network has no demand, or a count cannot be met.
    QueryError
        If the network has neither demand nor capacities of the year.
    """
    counted = any(row["cordon"] for row in network.tables.get("counts", ()))
    return estimated_demand(network, year=year) if counted else network_demand(network, year=year)


def _checked(network: Network, assignment: Assignment, year: int | None) -> Assignment:
    if np.isfinite(assignment.commodities.problem.capacity).any():
        raise QueryError(
            "the assignment was bounded by capacities, and a queue at a full resource has no mean wait; "
            'give the demand, or an assignment with capacity="none"'
        )
    check_made_with(assignment, network, "assignment")
    if year is not None and year_given(network, year) != assignment.year:
        raise QueryError(f"the assignment is of {assignment.year} and not of {year}; omit the year")
    if assignment.served_teu_day.sum() <= LEAST_TEU_DAY:
        raise QueryError("the assignment carries nothing, so that there is nothing to simulate; give another demand")
    return assignment


def _start(network: Network, year: int | None, given: Moment | None) -> date:
    if given is not None:
        start = parse_moment(given, "start")
        if start.tzinfo is not None or start.time() != time():
            raise QueryError(f"start is {shown(given)} and must be a day, without a time of day or a time zone")
        return start.date()
    return date(year or network.reference_date.year, 1, 1)


def _check_days(length: RunLength) -> None:
    """Refuse runs of more days in all replications than could be kept."""
    if length.replications * length.days > MOST_DAYS_IN_ALL:
        most = MOST_DAYS_IN_ALL // length.days
        raise QueryError(
            f"{length.replications:,} replications of {length.days:,} days are more than {MOST_DAYS_IN_ALL:,} days in "
            f"all; give at most {most:,} replications, or fewer days"
        )


def _check_size(model: "NetworkModel") -> None:
    """Refuse runs of more entities than can be simulated in a day."""
    queueing = model.queueing
    steps = 1 + np.diff(queueing.routes.step_first)[queueing.sources.route]
    total = float(queueing.sources.rate_per_h @ steps) * queueing.run.end_h * queueing.run.replications
    if total > MOST_STEPS:
        raise QueryError(
            f"{total:,.0f} stops of trains, trucks and ships are more than {MOST_STEPS:,.0f}; "
            "give a smaller demand, or fewer days or replications"
        )
