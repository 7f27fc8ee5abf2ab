"""Plan sailings: the fewest ships that carry a demand, and a schedule within the number of berths.

The objectives are lexicographic: fewest ships, then fewest sailings or the shortest maximum wait of cargo, then the
other of the two. Each is solved by CP-SAT with the previous ones fixed, and has a status and a gap. The schedule is
checked hour by hour by code independent of the model.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from typing import Any, Literal, get_args

from landbridge.networks.arguments import choice, listed, real_number, time_limit, whole_number, without_effect
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, network_given
from landbridge.networks.units import DAY_HOURS
from landbridge.networks.years import year_given
from landbridge.routing.sailings.check import ScheduleError, check_schedule, departures, waits
from landbridge.routing.sailings.lines import LinesLike, closed_days_of, lines_given, ship_lines
from landbridge.routing.sailings.model import SailingModel, build_model
from landbridge.routing.sailings.plan import PlanLevel, SailingPlan
from landbridge.routing.sailings.schedule import sailings_of, ships_of, stays_of
from landbridge.routing.sailings.solve import Outcome, PlanStatus, search
from landbridge.routing.sailings.start import first_schedule, least_ships
from landbridge.routing.sailings.task import Round, Task

_LOG = logging.getLogger(__name__)

Preference = Literal["sailings", "waiting"]
"""What may come after the number of ships."""

PREFERENCES: tuple[str, ...] = get_args(Preference)
"""Second objective after the number of ships: fewest sailings, or the shortest maximum wait of cargo."""

_LONGEST_PERIOD_DAYS = 62
_LARGEST = 2**31 - 1


def plan_sailings(
    network: Network,
    demand: "LinesLike",
    *,
    period_days: int = 30,
    closed_days: Iterable[int] | None = None,
    storm_days: int | None = None,
    low_water_loss: float | None = None,
    prefer: Preference = "sailings",
    max_wait_days: float = 14,
    spare_sailings: int = 0,
    time_limit_s: float = 60,
    seed: int = 0,
    year: int | None = None,
) -> SailingPlan:
    """Plan the sailings of ships that carry a demand: the fewest ships, then by preference.

    Parameters
    ----------
    network
        Network with the table `berths`.
    demand
        TEU per day by link or service: a number for each direction, or a pair along the link and back; or a table: a
        DataFrame, a list of dictionaries or the path of a CSV file, with the columns `line`, `teu_day` and, if it
        differs, `back_teu_day`.
    period_days
        Days after which the schedule repeats.
    closed_days
        Days of the period, from 1, on which storms close the ports; if not given, they are drawn.
    storm_days
        Number of days drawn; if not given, in proportion to the annual `closure_days` of the fleets.
    low_water_loss
        Share of a load lost to low water, instead of that of each kind of ship.
    prefer
        Second objective: `sailings` (fewest) or `waiting` (shortest maximum wait of cargo).
    max_wait_days
        Maximum wait of cargo for its sailing in days.
    spare_sailings
        Additional rounds of each line beyond those that carry the demand in full ships, to reduce waits.
    time_limit_s
        Seconds for all searches together, after which the best schedule found is returned with its gap.
    seed
        Seed of the storm days and of the search. Results are reproducible unless the time limit is reached.
    year
        Year of the closure days of the fleets, without `closed_days` and `storm_days`; None: the latest complete year
        that has demand, if the network has demand by year.

    Raises
    ------
    QueryError
        If an option is invalid.
    DataError
        If the table of demand is wrong, with every fault.

    Notes
    -----
    Proofs hold for schedules in whole hours, rounded up, in which the ships of a line keep their order, a round lasts
    at most 48 hours longer than full loads, voyages and the storms of a period require, and each line makes the rounds
    for full ships and the spare ones. Storms close all ports at the same time, and cargo arrives at a constant rate.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import plan_sailings
    >>> plan = plan_sailings(load_network(), {"feeder-aktau-alat": 60}, period_days=7, storm_days=0)
    >>> plan.ships, plan.status.value
    ({'caspian-feeder--fleet': 2}, 'optimal')
    """
    network_given(network)
    of_year, year = year, year_given(network, year)
    period_days = whole_number(period_days, "period_days", 1, _LONGEST_PERIOD_DAYS)
    choice(prefer, "prefer", PREFERENCES)
    max_wait_days = real_number(max_wait_days, "max_wait_days")
    if not 0 < max_wait_days <= _LONGEST_PERIOD_DAYS:
        raise QueryError(f"max_wait_days is {max_wait_days:g}; give more than 0 and at most {_LONGEST_PERIOD_DAYS}")
    spare_sailings = whole_number(spare_sailings, "spare_sailings", 0, 50)
    limit_s = time_limit(time_limit_s)
    if not limit_s:
        raise QueryError(f"time_limit_s is {limit_s}; give seconds above 0")
    seed = whole_number(seed, "seed", 0, _LARGEST)
    storm_days = None if storm_days is None else whole_number(storm_days, "storm_days", 0, _LARGEST)
    if closed_days is not None and storm_days is not None:
        raise QueryError("both closed_days and storm_days are given; give one of them")
    if of_year is not None and (closed_days is not None or storm_days is not None):
        raise QueryError(without_effect(["year"], "with closed_days or storm_days"))
    closed = None if closed_days is None else _given_days(closed_days, period_days)
    teu_day = lines_given(demand)
    lines = ship_lines(network, teu_day, low_water_loss=low_water_loss)
    if closed is None:
        closed = closed_days_of(network, lines, period_days=period_days, storm_days=storm_days, seed=seed, year=year)
    task = Task(
        lines=lines,
        period_days=period_days,
        closed_days=closed,
        max_wait_h=int(max_wait_days * DAY_HOURS),
        spare_sailings=spare_sailings,
    )
    plan = plan_task(task, prefer=prefer, time_limit_s=limit_s, seed=seed)
    options = {"demand": teu_day, "period_days": period_days, "closed_days": plan.closed_days}
    options |= {"low_water_loss": low_water_loss, "prefer": prefer, "max_wait_days": max_wait_days}
    options |= {"spare_sailings": spare_sailings, "time_limit_s": limit_s, "seed": seed, "year": year}
    return replace(plan, year=year, meta=meta_of(network.tables, options))


def plan_task(task: Task, *, prefer: Preference = "sailings", time_limit_s: float = 60, seed: int = 0) -> SailingPlan:
    """Plan the sailings of a task, as `plan_sailings` does for the lines of a network."""
    reason = _berths_short(task)
    if reason:
        return _no_plan(task, PlanStatus.INFEASIBLE, reason, seed)
    deadline = time.monotonic() + time_limit_s
    built = build_model(task)
    rounds = _usable(task, first_schedule(task))
    levels: list[PlanLevel] = []
    for name in ("ships", *(PREFERENCES if prefer == "sailings" else PREFERENCES[::-1])):
        if rounds:
            built.hint(rounds)
        objective = _objective(built, name)
        if rounds and _value(task, rounds, name) <= _least(task, name):
            # What is known cannot be improved.
            outcome = Outcome(PlanStatus.OPTIMAL, _value(task, rounds, name), _least(task, name), None)
        else:
            built.model.minimize(objective)
            # Each search uses half of the remaining time, to leave time for the next.
            left_s = (deadline - time.monotonic()) / (2 if len(levels) < 2 else 1)
            outcome = search(built.model, time_limit_s=left_s, seed=seed)
            rounds = built.read(outcome.solver) if outcome.found else rounds
        _LOG.info("%s: %s, value %s, bound %s", name, outcome.status, outcome.value, outcome.bound)
        levels.append(_level(task, rounds, name, outcome))
        if not rounds or outcome.status is PlanStatus.INTERRUPTED:
            break
        built.model.add(objective <= levels[-1].value)
    if not rounds:
        return _without_rounds(task, levels, seed)
    return _plan(task, rounds, levels, seed)


def _usable(task: Task, rounds: tuple[Round, ...] | None) -> tuple[Round, ...]:
    """Return a first schedule if it meets all conditions, including the maximum wait."""
    if rounds is None:
        return ()
    try:
        check_schedule(task, rounds, ships_of(task, rounds)[0])
    except ScheduleError as error:
        _LOG.info("the first schedule is not used: %s", error)
        return ()
    return rounds


def _level(task: Task, rounds: tuple[Round, ...], name: str, outcome: Outcome) -> PlanLevel:
    """Return the result of an objective; if the search found nothing, that of the initial schedule."""
    value, status, bound = outcome.value, outcome.status, outcome.bound
    if value is None and rounds:
        value = _value(task, rounds, name)
        status = PlanStatus.FEASIBLE if status is PlanStatus.UNKNOWN else status
    if bound is not None:
        bound = max(bound, _least(task, name))
        # Both bounds are valid, and together they may prove more than either alone.
        status = PlanStatus.OPTIMAL if status is PlanStatus.FEASIBLE and bound == value else status
    return PlanLevel(objective=name, value=value, bound=bound, status=status)


def _least(task: Task, name: str) -> int:
    """Return a lower bound for any schedule: ships that never wait, full ships; there is none for waits."""
    if name == "ships":
        return sum(least_ships(task, fleet) for fleet in {line.fleet for line in task.lines})
    return 2 * sum(task.least_rounds(line) for line in task.lines) if name == "sailings" else 0


def _value(task: Task, rounds: tuple[Round, ...], name: str) -> int:
    """Return the value of an objective for a schedule."""
    if name == "ships":
        return sum(ships_of(task, rounds)[0].values())
    if name == "sailings":
        return 2 * len(rounds)
    found = (
        waits(leaving, task.period_h).longest_h
        for index in range(len(task.lines))
        for leaving in departures(rounds, index)
    )
    return ceil(max(found) - 1e-6)


def _given_days(closed_days: Iterable[int], period_days: int) -> tuple[int, ...]:
    """Return the closed days of a task, from 0, of days from 1."""
    listed_days = listed(closed_days, "closed_days", "days from 1")
    days = sorted({whole_number(day, "closed_days", 1, period_days) - 1 for day in listed_days})
    if len(days) == period_days:
        raise QueryError(f"closed_days are all {period_days} days of the period; leave at least one open")
    return tuple(days)


def _berths_short(task: Task) -> str:
    """Return why the berths cannot handle any schedule, blank if their hours suffice."""
    needed_h: dict[str, float] = {}
    berths = {item.berths_id: item for line in task.lines for item in (line.home, line.outer)}
    for line in task.lines:
        teu, rounds = sum(task.period_teu(line)), task.least_rounds(line)
        for item in (line.home, line.outer):
            hours = teu / item.handling_teu_h + rounds * ceil(item.call_h)
            needed_h[item.berths_id] = needed_h.get(item.berths_id, 0.0) + hours
    short = [
        f"{berths_id} has {berths[berths_id].count} berths, {berths[berths_id].count * task.open_h:,} h a period, but "
        f"handling takes {hours:,.0f} h, {ceil(hours / task.open_h)} berths"
        for berths_id, hours in needed_h.items()
        if hours > berths[berths_id].count * task.open_h
    ]
    return "; ".join(short)


def _objective(built: SailingModel, name: str) -> Any:
    if name == "ships":
        return sum(built.ships.values())
    return built.sailings() if name == "sailings" else built.longest_wait_h


def _no_plan(task: Task, status: PlanStatus, reason: str, seed: int, levels: Iterable[PlanLevel] = ()) -> SailingPlan:
    return SailingPlan(task, status, tuple(levels), {}, (), (), {}, seed, reason)


def _without_rounds(task: Task, levels: list[PlanLevel], seed: int) -> SailingPlan:
    """Return the result if no schedule was found, with the reason."""
    status = levels[-1].status
    # Less demand fills fewer ships, and its cargo waits longer still.
    rare = any((task.least_rounds(line) + task.spare_sailings) * task.max_wait_h < task.period_h for line in task.lines)
    reasons = {
        PlanStatus.INFEASIBLE: f"no schedule carries the demand with every TEU leaving within {task.max_wait_h} h; "
        f"give more spare sailings or a longer wait{'' if rare else ', or less demand'}",
        PlanStatus.UNKNOWN: "no schedule was found within the time limit, nor excluded; give more time",
        PlanStatus.INTERRUPTED: "interrupted before a schedule was found",
    }
    return _no_plan(task, status, reasons.get(status, ""), seed, levels)


def _plan(task: Task, rounds: tuple[Round, ...], levels: list[PlanLevel], seed: int) -> SailingPlan:
    rounds = tuple(sorted(rounds, key=lambda item: (item.loading_h, item.line)))
    ships, names = ships_of(task, rounds)
    check_schedule(task, rounds, ships)
    # The solver may count a ship that the schedule does not use, but never the reverse.
    if sum(ships.values()) > (levels[0].value or 0):
        raise ScheduleError(
            f"the schedule needs {sum(ships.values())} ships, but the solver reported {levels[0].value}"
        )
    stays = stays_of(task, rounds, names)
    waits_h = {}
    for index, line in enumerate(task.lines):
        for place, leaving in zip((line.home.place, line.outer.place), departures(rounds, index), strict=True):
            waits_h[line.link_id, place] = waits(leaving, task.period_h)
    sailings = sailings_of(task, rounds, names, stays)
    ordered = tuple(sorted((stay for three in stays for stay in three), key=lambda stay: (stay.start_h, stay.ship)))
    return SailingPlan(task, _status(levels), tuple(levels), ships, sailings, ordered, waits_h, seed)


def _status(levels: list[PlanLevel]) -> PlanStatus:
    found = [level.status for level in levels]
    if PlanStatus.INTERRUPTED in found:
        return PlanStatus.INTERRUPTED
    return PlanStatus.OPTIMAL if set(found) == {PlanStatus.OPTIMAL} and len(found) == 3 else PlanStatus.FEASIBLE
