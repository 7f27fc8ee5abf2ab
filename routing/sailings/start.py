"""An initial schedule by simulation: the solver starts from it, and it is the result if time is short.

Each line has evenly spaced departures. Hour by hour, ships go to berths in the order of their arrival, work while the
port is open, and sail. With enough ships the delays stop growing and the schedule becomes periodic; that period is the
result. With too few, a ship is added to the fleet with the largest delays.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

from landbridge.routing.sailings.lines import Berths
from landbridge.routing.sailings.task import Round, Task, handling_h

_PERIODS = 6
_TRIES = 12
"""Number of ships added before the search for an initial schedule is abandoned: then berths are scarce, not ships."""


@dataclass
class _Voyage:
    """A round in progress: the stays so far and the next step."""

    line: int
    number: int
    out_teu: int
    back_teu: int
    due_h: int
    stays: list[tuple[int, int]] = field(default_factory=list)


def first_schedule(task: Task) -> tuple[Round, ...] | None:
    """Return a cyclic schedule with few but not necessarily the fewest ships, None if none was found."""
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
    """Return the number of ships that a fleet needs if none ever waits, a lower bound for any schedule."""
    busy_h = 0.0
    for line in task.lines:
        if line.fleet == fleet:
            teu, rounds = sum(task.period_teu(line)), task.least_rounds(line)
            work_h = teu / line.home.handling_teu_h + teu / line.outer.handling_teu_h
            busy_h += work_h + rounds * (line.home.call_h + line.outer.call_h + 2 * line.voyage_h)
    return max(1, ceil(busy_h / task.period_h))


def shares(total: int, parts: int) -> list[int]:
    """Return integer shares of a total that differ by at most one, the first n never exceeding n equal parts of it."""
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


class _Run:
    """Hourly simulation of ships over several periods."""

    def __init__(self, task: Task, ships: dict[str, int]) -> None:
        self.task = task
        self.closed = {hour for start, end in task.storms(task.period_h - 1) for hour in range(start, end)}
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
        """Simulate all periods."""
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
            # Cargo arrives until the departure is due; the stay lasts until then.
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
        """Assign ships to due rounds, the earliest due first."""
        for voyage in [item for item in self.due if item.due_h - self._work_h(item)[1] <= hour]:
            line = self.task.lines[voyage.line]
            # A ship that has arrived uses the berth before one that is still to be loaded.
            if self.free_ships[line.fleet] and self.free_berths[line.home.berths_id] > len(
                self.waiting[line.home.berths_id]
            ):
                self.due.remove(voyage)
                self.free_ships[line.fleet] -= 1
                self.waiting[line.home.berths_id].append(voyage)

    def _work_h(self, voyage: _Voyage) -> tuple[Berths, int]:
        """Return the berths of the next work of a voyage, and its hours."""
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
        """Return the rounds of a period that was followed by an identical one, None if delays still grow."""
        for period in range(_PERIODS - 2, 0, -1):
            found = self._rounds(period)
            if found is not None and found == self._rounds(period - 1):
                return found
        return None

    def _rounds(self, period: int) -> tuple[Round, ...] | None:
        """Return the rounds of one period, shifted so that each begins within the first period."""
        found = []
        for index, line in enumerate(self.task.lines):
            rounds = self.task.least_rounds(line)
            for number in range(period * rounds, (period + 1) * rounds):
                voyage = self.done.get((index, number))
                if voyage is None:
                    return None
                shift = voyage.stays[0][0] // self.task.period_h * self.task.period_h
                # Each period of departures is also shifted by its index, so that two of them can be compared.
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
        """Return the fleet with the largest delays."""
        missing: dict[str, int] = defaultdict(int)
        for voyage in [*self.due, *(item for queue in self.waiting.values() for item in queue)]:
            missing[self.task.lines[voyage.line].fleet] += 1
        return max(self.free_ships, key=lambda fleet: (missing[fleet], fleet))
