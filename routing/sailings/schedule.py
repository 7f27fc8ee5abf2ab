"""A readable schedule: sailings and stays with numbered ships and berths, from rounds without numbers."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from landbridge.routing.sailings.lines import ShipLine
from landbridge.routing.sailings.task import Round, Task


@dataclass(frozen=True, kw_only=True)
class Sailing:
    """A voyage with cargo, and the stay at the berth from which it departs; hours from the start of the period."""

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
    """A stay of a ship at a berth, in hours of the period; it may extend into the next one."""

    ship: str
    line: str
    place: str
    berths: str
    berth: int
    start_h: int
    end_h: int
    unloaded_teu: int
    loaded_teu: int


def ships_of(task: Task, rounds: tuple[Round, ...]) -> tuple[dict[str, int], list[str]]:
    """Return the number of ships of each fleet, and the name of the ship of each round."""
    ships: dict[str, int] = {}
    names = [""] * len(rounds)
    for fleet in dict.fromkeys(line.fleet for line in task.lines):
        own = [index for index, item in enumerate(rounds) if task.lines[item.line].fleet == fleet]
        numbers, ships[fleet] = numbered([rounds[index].ship_h for index in own], task.period_h)
        for index, number in zip(own, numbers, strict=True):
            names[index] = f"{fleet} {number}"
    return ships, names


def numbered(intervals: list[tuple[int, int]], period_h: int) -> tuple[list[int], int]:
    """Assign numbers to cyclic intervals so that none with one number overlap, as few as the maximum overlap.

    Returns the numbers of a steady-state period, from 1, and their count. Each interval in order of time gets the
    lowest free number; intervals of earlier periods that extend into this one keep theirs.

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


def stays_of(task: Task, rounds: tuple[Round, ...], names: list[str]) -> list[list[BerthStay]]:
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


def sailings_of(
    task: Task, rounds: tuple[Round, ...], names: list[str], stays: list[list[BerthStay]]
) -> tuple[Sailing, ...]:
    """Return the two voyages of each round, ordered by time."""
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
