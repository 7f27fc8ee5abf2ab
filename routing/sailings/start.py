"""A first schedule, by letting ships run: the solver starts from it, and where time is short it is the answer.

Each line has its departures at even distances. Hour by hour ships come to berths in the order of their arrival, work
while the port is open, and sail. With ships enough the delays stop to grow and the schedule repeats from period to
period; that period is the answer. With too few, a ship is added to the fleet whose rounds lag most.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

from landbridge.routing.sailings.lines import Berths
from landbridge.routing.sailings.task import Round, Task, handling_h

_PERIODS = 6
_TRIES = 12
"""Ships that are added before the search for a first schedule is given up: then berths are short, not ships."""


@dataclass
class _Voyage:
    """A round under way: the stays so far, and what comes next."""

    line: int
    number: int
    out_teu: int
    back_teu: int
    due_h: int
    stays: list[tuple[int, int]] = field(default_factory=list)


def first_schedule(task: Task) -> tuple[Round, ...] | None:
    """Return a schedule that repeats, with few ships but not the fewest, None where none was found."""
    ships = {fleet: least_ships(task, fleet) for fleet in dict.fromkeys(line.fleet for line in task.lines)}
    for _ in range(_TRIES):
        run = _Run(task, ships)
        run.sail()
        found = run.repeated()
        if found is not None:
            return found
        ships[run.lagging_fleet()] += 1
    return None


def least_ships(task: Task, fleet: str) -> int:
    """Return the ships that a fleet needs when none ever waits: no schedule has fewer."""
    busy_h = 0.0
    for line in task.lines:
        if line.fleet == fleet:
            teu, rounds = sum(task.period_teu(line)), task.least_rounds(line)
            work_h = teu / line.home.handling_teu_h + teu / line.outer.handling_teu_h
            busy_h += work_h + rounds * (line.home.call_h + line.outer.call_h + 2 * line.voyage_h)
    return max(1, ceil(busy_h / task.period_h))


def shares(total: int, parts: int) -> list[int]:
    """Return whole shares of a total that differ by one at most, so that the first n never exceed n parts of it."""
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


class _Run:
    """Ships running hour by hour through some periods."""

    def __init__(self, task: Task, ships: dict[str, int]) -> None:
        self.task = task
        self.closed = {hour for start, end in task.storms for hour in range(start, end)}
        self.free_ships = dict(ships)
        self.free_berths = {berths.berths_id: berths.count for line in task.lines for berths in (line.home, line.outer)}
        self.waiting: dict[str, list[_Voyage]] = defaultdict(list)
        self.working: list[tuple[_Voyage, Berths, int, int]] = []
        self.at_sea: list[tuple[int, _Voyage]] = []
        self.done: dict[tuple[int, int], _Voyage] = {}
        self.due = sorted(self._departures(), key=lambda voyage: (voyage.due_h, voyage.line))

    def _departures(self) -> list[_Voyage]:
        found = []
        for index, line in enumerate(self.task.lines):
            rounds, (out, back) = self.task.least_rounds(line), self.task.period_teu(line)
            loads = list(zip(shares(out, rounds), shares(back, rounds), strict=True))
            for number in range(rounds * _PERIODS):
                due_h = ceil((number + 1) * self.task.period_h / rounds)
                found.append(_Voyage(index, number, *loads[number % rounds], due_h))
        return found

    def sail(self) -> None:
        """Let the ships run through all periods."""
        for hour in range(_PERIODS * self.task.period_h):
            is_open = hour % self.task.period_h not in self.closed
            if is_open:
                self._leave_berths(hour)
            self._arrive(hour)
            if is_open:
                self._begin_rounds(hour)
                self._come_to_berths(hour)
                self.working = [(voyage, berths, start, left - 1) for voyage, berths, start, left in self.working]

    def _leave_berths(self, hour: int) -> None:
        for item in [item for item in self.working if item[3] <= 0]:
            voyage, berths, start, _ = item
            # Cargo of a departure comes until it is due; the stay lasts until then.
            if not voyage.stays and hour < voyage.due_h:
                continue
            self.working.remove(item)
            self.free_berths[berths.berths_id] += 1
            voyage.stays.append((start, hour))
            line = self.task.lines[voyage.line]
            if len(voyage.stays) == 3:
                self.done[voyage.line, voyage.number] = voyage
                self.free_ships[line.fleet] += 1
            else:
                self.at_sea.append((hour + line.voyage_h, voyage))

    def _arrive(self, hour: int) -> None:
        for item in [item for item in self.at_sea if item[0] <= hour]:
            self.at_sea.remove(item)
            line, voyage = self.task.lines[item[1].line], item[1]
            berths = line.outer if len(voyage.stays) == 1 else line.home
            self.waiting[berths.berths_id].append(voyage)

    def _begin_rounds(self, hour: int) -> None:
        """Give ships to the rounds that are due when they have loaded, the first due first."""
        for voyage in [item for item in self.due if item.due_h - self._work_h(item)[1] <= hour]:
            line = self.task.lines[voyage.line]
            # An arrived ship comes to the berth before one that is still to be loaded.
            if self.free_ships[line.fleet] and self.free_berths[line.home.berths_id] > len(
                self.waiting[line.home.berths_id]
            ):
                self.due.remove(voyage)
                self.free_ships[line.fleet] -= 1
                self.waiting[line.home.berths_id].append(voyage)

    def _work_h(self, voyage: _Voyage) -> tuple[Berths, int]:
        """Return where a voyage works next, and for how many hours."""
        line = self.task.lines[voyage.line]
        if not voyage.stays:
            return line.home, handling_h(line.home, voyage.out_teu, call=False)
        if len(voyage.stays) == 1:
            return line.outer, handling_h(line.outer, voyage.out_teu + voyage.back_teu, call=True)
        return line.home, handling_h(line.home, voyage.back_teu, call=True)

    def _come_to_berths(self, hour: int) -> None:
        for berths_id, voyages in self.waiting.items():
            while voyages and self.free_berths[berths_id]:
                voyage = voyages.pop(0)
                berths, work_h = self._work_h(voyage)
                self.free_berths[berths_id] -= 1
                self.working.append((voyage, berths, hour, work_h))

    def repeated(self) -> tuple[Round, ...] | None:
        """Return the rounds of a period that was followed by its like, None where delays still grow."""
        for period in range(_PERIODS - 2, 0, -1):
            found = self._rounds(period)
            if found is not None and found == self._rounds(period - 1):
                return found
        return None

    def _rounds(self, period: int) -> tuple[Round, ...] | None:
        """Return the rounds of one period, moved so that each begins within the first period."""
        found = []
        for index, line in enumerate(self.task.lines):
            rounds = self.task.least_rounds(line)
            for number in range(period * rounds, (period + 1) * rounds):
                voyage = self.done.get((index, number))
                if voyage is None:
                    return None
                shift = voyage.stays[0][0] // self.task.period_h * self.task.period_h
                # Each period of departures is moved by its own number too, so that two of them compare.
                stays = [(start - shift, end - shift) for start, end in voyage.stays]
                found.append(
                    Round(
                        line=index,
                        loading_h=stays[0],
                        outer_h=stays[1],
                        unloading_h=stays[2],
                        out_teu=voyage.out_teu,
                        back_teu=voyage.back_teu,
                    )
                )
        return tuple(sorted(found, key=lambda item: (item.line, *item.loading_h)))

    def lagging_fleet(self) -> str:
        """Return the fleet whose rounds are the furthest behind."""
        missing: dict[str, int] = defaultdict(int)
        for voyage in [*self.due, *(item for queue in self.waiting.values() for item in queue)]:
            missing[self.task.lines[voyage.line].fleet] += 1
        return max(self.free_ships, key=lambda fleet: (missing[fleet], fleet))
