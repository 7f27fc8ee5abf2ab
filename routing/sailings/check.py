"""Check of a schedule of ships, hour by hour in plain Python and independent of the solver's model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from landbridge.networks.errors import LandbridgeError
from landbridge.networks.units import DAY_HOURS
from landbridge.routing.sailings.task import Round, Task


class ScheduleError(LandbridgeError, RuntimeError):
    """A schedule violates its own conditions: a bug, reported instead of a result."""


class Waits(NamedTuple):
    """Waits of cargo for its sailing in hours, first come first served."""

    mean_h: float
    longest_h: float


def check_schedule(task: Task, rounds: Sequence[Round], ships: Mapping[str, int]) -> None:
    """Check that a schedule fulfils its task with the given number of ships of each fleet.

    Raises
    ------
    ScheduleError
        If it does not; the message lists the violations.
    """
    faults = [*_round_faults(task, rounds), *_berth_faults(task, rounds), *_ship_faults(task, rounds, ships)]
    faults += _cargo_faults(task, rounds)
    if faults:
        raise ScheduleError(f"the schedule is invalid, please report it: {'; '.join(faults[:5])}")


def departures(rounds: Iterable[Round], line: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the hour and TEU of each departure of a line from the home port and from the outer port, in order."""
    own = [item for item in rounds if item.line == line]
    return (
        sorted((item.loading_h[1], item.out_teu) for item in own),
        sorted((item.outer_h[1], item.back_teu) for item in own),
    )


def waits(leaving: Sequence[tuple[int, int]], period_h: int) -> Waits:
    """Return the waits of cargo that arrives at a constant rate and is carried completely by cyclic departures.

    With r TEU arriving per hour, the smallest backlog b at the first departure e_1 for which no departure i takes more
    than has arrived is the maximum of c_1 + ... + c_i - r (e_i - e_1). The oldest TEU before departure i has waited as
    long as the backlog took to arrive; the mean wait is the mean backlog divided by r (Little's law).

    Examples
    --------
    >>> waits([(0, 24), (24, 24)], 48)  # one TEU per hour, carried every day
    Waits(mean_h=12.0, longest_h=24.0)
    """
    total = sum(teu for _, teu in leaving)
    if total == 0:
        return Waits(0.0, 0.0)
    rate, first = total / period_h, leaving[0][0]
    taken = backlog = 0.0
    for hour, teu in leaving:
        taken += teu
        backlog = max(backlog, taken - rate * (hour - first))
    longest = area = 0.0
    for (hour, teu), (following, _) in zip(leaving, [*leaving[1:], (first + period_h, 0)], strict=True):
        longest = max(longest, backlog)
        left = backlog - teu
        backlog = left + rate * (following - hour)
        area += (left + backlog) / 2 * (following - hour)
    return Waits(area / total, longest / rate)


def _round_faults(task: Task, rounds: Iterable[Round]) -> Iterator[str]:
    closed = {hour for day in task.closed_days for hour in range(day * DAY_HOURS, (day + 1) * DAY_HOURS)}
    for item in rounds:
        line = task.lines[item.line]
        name = f"round of {line.link_id} at {item.loading_h[0]} h"
        if not 0 <= item.loading_h[0] < task.period_h:
            yield f"{name} starts outside the period"
        if max(item.out_teu, item.back_teu) > line.load_teu or min(item.out_teu, item.back_teu) < 0:
            yield f"{name} carries {item.out_teu} and {item.back_teu} TEU, but a ship only {line.load_teu}"
        for berths, (start, end), work_h in item.stays(line):
            open_h = sum(hour % task.period_h not in closed for hour in range(start, end))
            if open_h < work_h:
                yield f"{name} has {open_h} open hours at {berths.place} but needs {work_h}"
            # At the start and end of a storm the port is open on one side.
            if work_h and any({at % task.period_h, (at - 1) % task.period_h} <= closed for at in (start, end)):
                yield f"{name} arrives at {berths.place} or leaves it in a storm"
        if item.outer_h[0] - item.loading_h[1] < line.voyage_h or item.unloading_h[0] - item.outer_h[1] < line.voyage_h:
            yield f"{name} sails in less than {line.voyage_h} h"


def _busy(intervals: Iterable[tuple[int, int]], period_h: int) -> Counter[int]:
    """Return the number of intervals that cover each hour of a cyclic period."""
    return Counter(hour % period_h for start, end in intervals for hour in range(start, end))


def _berth_faults(task: Task, rounds: Sequence[Round]) -> Iterator[str]:
    berths = {item.berths_id: item for line in task.lines for item in (line.home, line.outer)}
    for berths_id, item in berths.items():
        stays = [
            hours
            for found in rounds
            for at, hours, _ in found.stays(task.lines[found.line])
            if at.berths_id == berths_id
        ]
        hour, busy = max(_busy(stays, task.period_h).items(), key=lambda pair: pair[1], default=(0, 0))
        if busy > item.count:
            yield f"{busy} ships at the {item.count} berths {berths_id} in hour {hour}"


def _ship_faults(task: Task, rounds: Sequence[Round], ships: Mapping[str, int]) -> Iterator[str]:
    for fleet in {line.fleet for line in task.lines}:
        own = [item.ship_h for item in rounds if task.lines[item.line].fleet == fleet]
        busy = max(_busy(own, task.period_h).values(), default=0)
        if busy > ships.get(fleet, 0):
            yield f"{busy} ships of {fleet} at a time, but it has {ships.get(fleet, 0)}"


def _cargo_faults(task: Task, rounds: Sequence[Round]) -> Iterator[str]:
    for index, line in enumerate(task.lines):
        for leaving, teu, way in zip(departures(rounds, index), task.period_teu(line), ("from", "to"), strict=True):
            carried = sum(load for _, load in leaving)
            if carried != teu:
                yield f"{line.link_id} carries {carried} TEU {way} {line.home.place}, but the demand is {teu}"
            elif waits(leaving, task.period_h).longest_h > task.max_wait_h + 1e-6:
                yield f"cargo {way} {line.home.place} waits longer than {task.max_wait_h} h"
