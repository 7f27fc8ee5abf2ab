"""Planning of sailings: the fewest ships that carry a demand, and a schedule that never asks for a berth too many.

The objectives come one after the other: fewest ships, then fewest sailings or the shortest longest wait of cargo, then
the other of the two. Each is solved by CP-SAT with what came before held, and says how it ended and how far it may be
from the best. The schedule is checked hour by hour by code that shares nothing with the model.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from heapq import heapify, heappop, heappush
from math import ceil
from typing import Any

from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.routing.sailing_task import Round, Task
from landbridge.routing.sailings_check import Waits, check_schedule, departures, waits
from landbridge.routing.sailings_model import SailingModel, build_model
from landbridge.routing.sailings_solving import Outcome, PlanStatus, search
from landbridge.routing.sailings_start import first_schedule
from landbridge.routing.ship_lines import DAY_H, Demand, ShipLine, closed_days_of, ship_lines

_LOG = logging.getLogger(__name__)

PREFERENCES = ("sailings", "waiting")
"""What may come after the number of ships: fewest sailings, or the shortest longest wait of cargo."""

_LONGEST_PERIOD_DAYS = 62


@dataclass(frozen=True, kw_only=True)
class PlanLevel:
    """One objective of a plan: its value, the bound that is proven (no plan has less), and how the search ended."""

    objective: str
    value: int | None
    bound: int | None
    status: PlanStatus

    @property
    def gap(self) -> float | None:
        """Share of the value by which it may be above the best; 0 where it is proven, None without a value."""
        if self.value is None or self.bound is None:
            return None
        return (self.value - self.bound) / self.value if self.value else 0.0


@dataclass(frozen=True, kw_only=True)
class Sailing:
    """A voyage with cargo, with the stay at the berth from which it leaves; hours count from the period's start."""

    line: str
    ship: str
    start: str
    end: str
    berths: str
    berth: int
    berth_from_h: int
    depart_h: int
    arrive_h: int
    teu: int


@dataclass(frozen=True, kw_only=True)
class BerthStay:
    """A stay of a ship at a berth, in hours of the period; it may last into the next one."""

    ship: str
    line: str
    place: str
    berths: str
    berth: int
    start_h: int
    end_h: int
    unloaded_teu: int
    loaded_teu: int


@dataclass(frozen=True)
class SailingPlan:
    """A schedule that repeats, and how good it is known to be.

    Attributes
    ----------
    status
        Of the whole: `optimal` only if each objective is.
    levels
        The objectives in their order: ships, sailings, hours of the longest wait.
    ships
        Ships of each fleet.
    sailings, stays
        The schedule of one period, ordered by time. Numbers of ships and berths are those of this period: from one to
        the next, ships may take each other's turns.
    waits_h
        Mean and longest wait of cargo by link and port of departure.
    reason
        Why there is no schedule, blank where there is one.
    """

    task: Task
    status: PlanStatus
    levels: tuple[PlanLevel, ...]
    ships: dict[str, int]
    sailings: tuple[Sailing, ...]
    stays: tuple[BerthStay, ...]
    waits_h: dict[tuple[str, str], Waits]
    seed: int
    reason: str = ""

    def __repr__(self) -> str:
        """Return status, ships and sailings."""
        return f"<SailingPlan {self.status}: {sum(self.ships.values())} ships, {len(self.sailings)} sailings>"

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the lines."""
        return tuple(dict.fromkeys(source for line in self.task.lines for source in line.sources))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON."""
        return {
            "status": str(self.status),
            "reason": self.reason,
            "ships": self.ships,
            "levels": [{**asdict(level), "status": str(level.status), "gap": level.gap} for level in self.levels],
            "period_days": self.task.period_days,
            "closed_days": list(self.task.closed_days),
            "max_wait_h": self.task.max_wait_h,
            "seed": self.seed,
            "lines": [asdict(line) for line in self.task.lines],
            "waits_h": [
                {"line": line, "from": place, "mean": found.mean_h, "longest": found.longest_h}
                for (line, place), found in self.waits_h.items()
            ],
            "sailings": [asdict(item) for item in self.sailings],
            "stays": [asdict(item) for item in self.stays],
            "sources": list(self.sources),
        }


def plan_sailings(
    network: Network,
    demand: Mapping[str, Demand],
    *,
    period_days: int = 30,
    closed_days: Iterable[int] | None = None,
    storm_days: int | None = None,
    low_water_loss: float | None = None,
    prefer: str = "sailings",
    max_wait_days: float = 14,
    spare_sailings: int = 0,
    time_limit_s: float = 60,
    seed: int = 0,
) -> SailingPlan:
    """Plan the sailings of ships that carry a demand: the fewest ships, then by preference.

    Parameters
    ----------
    network
        Network with the table `berths`.
    demand
        TEU a day by link or service: a number for each way, or a pair along the link and back.
    period_days
        Days after which the schedule repeats.
    closed_days
        Days of the period, from 0, on which storms shut the ports; if not given, they are drawn.
    storm_days
        How many days are drawn; if not given, the share of the period of the fleets' `closure_days` a year.
    low_water_loss
        Share of a load that low water takes, instead of that of each kind of ship.
    prefer
        What comes after the ships: `sailings` (fewest) or `waiting` (shortest longest wait of cargo).
    max_wait_days
        Days that no cargo may wait longer for its sailing.
    spare_sailings
        Rounds of each line that may be added to those that carry the demand in full ships, so that cargo waits less.
    time_limit_s
        Seconds for all searches together; when they are over, the best found is the answer and the gap says so.
    seed
        Seed of the storm days and of the search. The answer is the same each time unless the time limit cut it.

    Raises
    ------
    QueryError
        If an option is wrong.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> plan = plan_sailings(load_network(), {"feeder-aktau-alat": 60}, period_days=7, storm_days=0)
    >>> plan.ships, plan.status.value
    ({'caspian-feeder--fleet': 2}, 'optimal')
    """
    _check_options(period_days, prefer, max_wait_days, spare_sailings, time_limit_s)
    lines = ship_lines(network, demand, low_water_loss=low_water_loss)
    if closed_days is None:
        closed = closed_days_of(network, lines, period_days=period_days, storm_days=storm_days, seed=seed)
    elif storm_days is not None:
        raise QueryError("closed_days and storm_days are both given; give one of the two")
    else:
        closed = _given_days(closed_days, period_days)
    task = Task(
        lines=lines,
        period_days=period_days,
        closed_days=closed,
        max_wait_h=int(max_wait_days * DAY_H),
        spare_sailings=spare_sailings,
    )
    return plan_task(task, prefer=prefer, time_limit_s=time_limit_s, seed=seed)


def plan_task(task: Task, *, prefer: str = "sailings", time_limit_s: float = 60, seed: int = 0) -> SailingPlan:
    """Plan the sailings of a task, as `plan_sailings` does for the lines of a network."""
    reason = _berths_short(task)
    if reason:
        return _no_plan(task, PlanStatus.INFEASIBLE, reason, seed)
    deadline = time.monotonic() + time_limit_s
    built = build_model(task)
    start = first_schedule(task)
    if start is not None:
        built.hint(start)
    second, third = PREFERENCES if prefer == "sailings" else PREFERENCES[::-1]
    levels: list[PlanLevel] = []
    rounds: tuple[Round, ...] = ()
    for name in ("ships", second, third):
        objective = _objective(built, name)
        built.model.minimize(objective)
        # Each search leaves time for those after it: half of what is left.
        left_s = deadline - time.monotonic()
        outcome = search(built.model, time_limit_s=left_s if name == third else left_s / 2, seed=seed)
        _LOG.info("%s: %s, value %s, bound %s", name, outcome.status, outcome.value, outcome.bound)
        levels.append(PlanLevel(objective=name, value=outcome.value, bound=outcome.bound, status=outcome.status))
        if not outcome.found:
            break
        rounds = built.read(outcome.solver)
        if outcome.status is PlanStatus.INTERRUPTED:
            break
        built.model.add(objective <= outcome.value)
        built.hint(rounds)
    if not rounds:
        return _without_rounds(task, levels, seed)
    return _plan(task, rounds, levels, seed)


def _check_options(
    period_days: int, prefer: str, max_wait_days: float, spare_sailings: int, time_limit_s: float
) -> None:
    if not 1 <= period_days <= _LONGEST_PERIOD_DAYS:
        raise QueryError(f"period_days is {period_days}; give 1 to {_LONGEST_PERIOD_DAYS} days")
    if prefer not in PREFERENCES:
        raise QueryError(f"prefer is {prefer!r}; give {' or '.join(PREFERENCES)}")
    if not 0 < max_wait_days <= _LONGEST_PERIOD_DAYS:
        raise QueryError(f"max_wait_days is {max_wait_days:g}; give more than 0 and at most {_LONGEST_PERIOD_DAYS}")
    if not 0 <= spare_sailings <= 50:
        raise QueryError(f"spare_sailings is {spare_sailings}; give 0 to 50")
    if not 0 < time_limit_s < float("inf"):
        raise QueryError(f"time_limit_s is {time_limit_s:g}; give seconds above 0")


def _given_days(closed_days: Iterable[int], period_days: int) -> tuple[int, ...]:
    days = tuple(sorted(set(closed_days)))
    if any(not 0 <= day < period_days for day in days) or len(days) == period_days:
        raise QueryError(f"closed_days are {days}; give days from 0 to {period_days - 1}, not all of them")
    return days


def _berths_short(task: Task) -> str:
    """Return why the berths cannot do the work of any schedule, blank where their hours are enough."""
    needed_h: dict[str, float] = {}
    berths = {item.berths_id: item for line in task.lines for item in (line.home, line.outer)}
    for line in task.lines:
        teu, rounds = sum(task.period_teu(line)), task.least_rounds(line)
        for item in (line.home, line.outer):
            hours = teu / item.handling_teu_h + rounds * ceil(item.call_h)
            needed_h[item.berths_id] = needed_h.get(item.berths_id, 0.0) + hours
    short = [
        f"{berths_id} has {berths[berths_id].count} berths, {berths[berths_id].count * task.open_h:,} h a period, and "
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
    """Return the answer where no schedule was found, and why."""
    status = levels[-1].status
    reasons = {
        PlanStatus.INFEASIBLE: f"no schedule carries the demand with every TEU leaving within {task.max_wait_h} h; "
        "give more spare sailings, a longer wait, or less demand",
        PlanStatus.UNKNOWN: "no schedule was found within the time limit, and none was ruled out; give more time",
        PlanStatus.INTERRUPTED: "interrupted before a schedule was found",
    }
    return _no_plan(task, status, reasons.get(status, ""), seed, levels)


def _plan(task: Task, rounds: tuple[Round, ...], levels: list[PlanLevel], seed: int) -> SailingPlan:
    rounds = tuple(sorted(rounds, key=lambda item: (item.loading_h, item.line)))
    ships, names = _ships(task, rounds)
    check_schedule(task, rounds, ships)
    # The first level may count a ship that the schedule does not use, never the other way round.
    if sum(ships.values()) > (levels[0].value or 0):
        raise QueryError(f"the schedule takes {sum(ships.values())} ships and the solver said {levels[0].value}")
    stays = _stays(task, rounds, names)
    waits_h = {}
    for index, line in enumerate(task.lines):
        for place, leaving in zip((line.home.place, line.outer.place), departures(task, rounds, index), strict=True):
            waits_h[line.link_id, place] = waits(leaving, task.period_h)
    sailings = _sailings(task, rounds, names, stays)
    ordered = tuple(sorted((stay for three in stays for stay in three), key=lambda stay: (stay.start_h, stay.ship)))
    return SailingPlan(task, _status(levels), tuple(levels), ships, sailings, ordered, waits_h, seed)


def _status(levels: list[PlanLevel]) -> PlanStatus:
    found = [level.status for level in levels]
    if PlanStatus.INTERRUPTED in found:
        return PlanStatus.INTERRUPTED
    return PlanStatus.OPTIMAL if set(found) == {PlanStatus.OPTIMAL} and len(found) == 3 else PlanStatus.FEASIBLE


def _ships(task: Task, rounds: tuple[Round, ...]) -> tuple[dict[str, int], list[str]]:
    """Return the ships of each fleet and the name of the ship of each round."""
    ships: dict[str, int] = {}
    names = [""] * len(rounds)
    for fleet in dict.fromkeys(line.fleet for line in task.lines):
        own = [index for index, item in enumerate(rounds) if task.lines[item.line].fleet == fleet]
        numbers, ships[fleet] = numbered([rounds[index].ship_h for index in own], task.period_h)
        for index, number in zip(own, numbers, strict=True):
            names[index] = f"{fleet} {number}"
    return ships, names


def numbered(intervals: list[tuple[int, int]], period_h: int) -> tuple[list[int], int]:
    """Give numbers to intervals that repeat so that no two with one number overlap, with as few as overlap at a time.

    Returns the numbers of a settled period, from 1, and how many there are. A number is given to the earliest free one
    in the order of time; intervals of earlier periods that last into this one hold theirs.

    Examples
    --------
    >>> numbered([(0, 30), (20, 40)], 48)
    ([1, 2], 2)
    """
    longest = max((end - start for start, end in intervals), default=0)
    last = longest // period_h + 2
    starts = sorted(
        (start + period * period_h, end + period * period_h, index, period)
        for period in range(last + 1)
        for index, (start, end) in enumerate(intervals)
    )
    found, busy, free, count = [0] * len(intervals), list[tuple[int, int]](), list[int](), 0
    for start, end, index, period in starts:
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        if not free:
            count += 1
            free.append(count)
            heapify(free)
        number = heappop(free)
        heappush(busy, (end, number))
        if period == last:
            found[index] = number
    return found, count


def _stays(task: Task, rounds: tuple[Round, ...], names: list[str]) -> list[list[BerthStay]]:
    """Return the three stays of each round at their berths."""
    hours: dict[str, list[tuple[int, int]]] = {}
    where: dict[tuple[int, int], tuple[str, int]] = {}
    for index, item in enumerate(rounds):
        for stay, (berths, times, _) in enumerate(item.stays(task.lines[item.line])):
            own = hours.setdefault(berths.berths_id, [])
            where[index, stay] = (berths.berths_id, len(own))
            own.append(times)
    numbers = {berths_id: numbered(own, task.period_h)[0] for berths_id, own in hours.items()}
    found = []
    for index, item in enumerate(rounds):
        line = task.lines[item.line]
        moved = ((0, item.out_teu), (item.out_teu, item.back_teu), (item.back_teu, 0))
        found.append(
            [
                BerthStay(
                    ship=names[index],
                    line=line.link_id,
                    place=berths.place,
                    berths=berths.berths_id,
                    berth=numbers[berths.berths_id][where[index, stay][1]],
                    start_h=start,
                    end_h=end,
                    unloaded_teu=moved[stay][0],
                    loaded_teu=moved[stay][1],
                )
                for stay, (berths, (start, end), _) in enumerate(item.stays(line))
            ]
        )
    return found


def _sailings(
    task: Task, rounds: tuple[Round, ...], names: list[str], stays: list[list[BerthStay]]
) -> tuple[Sailing, ...]:
    found = [
        _sailing(task.lines[item.line], names[index], leaves, reaches.place, teu)
        for index, item in enumerate(rounds)
        for leaves, reaches, teu in (
            (stays[index][0], stays[index][1], item.out_teu),
            (stays[index][1], stays[index][2], item.back_teu),
        )
    ]
    return tuple(sorted(found, key=lambda sailing: (sailing.depart_h, sailing.line, sailing.ship)))


def _sailing(line: ShipLine, ship: str, leaves: BerthStay, end: str, teu: int) -> Sailing:
    return Sailing(
        line=line.link_id,
        ship=ship,
        start=leaves.place,
        end=end,
        berths=leaves.berths,
        berth=leaves.berth,
        berth_from_h=leaves.start_h,
        depart_h=leaves.end_h,
        arrive_h=leaves.end_h + line.voyage_h,
        teu=teu,
    )
