"""The CP-SAT model of a cyclic schedule: round trips as optional intervals, berths and fleets as cumulatives.

A round of a ship is a round trip from its home port: loading, the voyage, the call at the outer port (unloading and
loading), the voyage back, unloading. Between rounds a ship is at anchor off its home port. The number of simultaneous
rounds of a fleet is its number of ships (an interval graph needs as many colours as its maximum overlap), so ships need
no index and the model has no symmetry between them. The schedule is cyclic: at each time an interval counts together
with its copies from earlier periods.

Times are whole hours. While storms close the ports there is no handling, and no ship arrives at a berth or leaves it;
ships at sea continue and wait at anchor.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, gcd
from typing import Any, NamedTuple

from landbridge.routing.sailings.lines import Berths, ShipLine
from landbridge.routing.sailings.task import ANCHOR_H, Round, Task, handling_h, handling_pace


class Side(NamedTuple):
    """Position of a stay relative to a storm: ended before it, begun after it, or spanning it."""

    storm: tuple[int, int]
    before: Any
    after: Any
    spans: Any


class StayVariables(NamedTuple):
    """Variables of a ship's stay at a berth."""

    start: Any
    end: Any
    sides: list[Side]


class RoundVariables(NamedTuple):
    """Variables of one round of a line."""

    present: Any
    loading: StayVariables
    outer: StayVariables
    unloading: StayVariables
    out_teu: Any
    back_teu: Any

    def moments(self) -> tuple[Any, ...]:
        """Return the times at which ships of a line keep their order."""
        return (self.loading.start, self.loading.end, self.outer.start, self.outer.end, self.unloading.end)


def _lists() -> dict[str, list[Any]]:
    return defaultdict(list)


@dataclass
class SailingModel:
    """The model, with the variables used for the objectives and the result.

    `ships` is by fleet; `occupied` and `work` contain the intervals and working hours at berths, `sailing` and
    `lengths` the intervals and hours of the rounds of a fleet.
    """

    task: Task
    model: Any
    longest_wait_h: Any
    rounds: list[list[RoundVariables]] = field(default_factory=list)
    ships: dict[str, Any] = field(default_factory=dict)
    occupied: dict[str, list[Any]] = field(default_factory=_lists)
    work: dict[str, list[Any]] = field(default_factory=_lists)
    sailing: dict[str, list[Any]] = field(default_factory=_lists)
    lengths: dict[str, list[Any]] = field(default_factory=_lists)

    def sailings(self) -> Any:
        """Return the number of sailings, two per round."""
        return 2 * sum(item.present for rounds in self.rounds for item in rounds)

    def hint(self, rounds: Iterable[Round]) -> None:
        """Start the search from a schedule; missing values are completed."""
        self.model.clear_hints()
        by_line: dict[int, list[Round]] = defaultdict(list)
        for found in sorted(rounds, key=lambda item: item.loading_h):
            by_line[found.line].append(found)
        for index, variables in enumerate(self.rounds):
            own = by_line[index]
            for item in variables[len(own) :]:
                self.model.add_hint(item.present, 0)
            for item, found in zip(variables, own, strict=False):
                self._hint_round(item, found)

    def _hint_round(self, item: RoundVariables, found: Round) -> None:
        hint = self.model.add_hint
        hint(item.present, 1)
        hint(item.out_teu, found.out_teu)
        hint(item.back_teu, found.back_teu)
        hours = (found.loading_h, found.outer_h, found.unloading_h)
        for stay, (start, end) in zip((item.loading, item.outer, item.unloading), hours, strict=True):
            hint(stay.start, start)
            hint(stay.end, end)
            for side in stay.sides:
                before, after = end <= side.storm[0], start >= side.storm[1]
                hint(side.before, before)
                hint(side.after, after)
                hint(side.spans, not before and not after)

    def read(self, solver: Any) -> tuple[Round, ...]:
        """Return the rounds of a solver's solution."""
        return tuple(
            Round(
                line=index,
                loading_h=(solver.value(item.loading.start), solver.value(item.loading.end)),
                outer_h=(solver.value(item.outer.start), solver.value(item.outer.end)),
                unloading_h=(solver.value(item.unloading.start), solver.value(item.unloading.end)),
                out_teu=solver.value(item.out_teu),
                back_teu=solver.value(item.back_teu),
            )
            for index, variables in enumerate(self.rounds)
            for item in variables
            if solver.value(item.present)
        )


def build_model(task: Task) -> SailingModel:
    """Return the model of a task, without an objective."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    built = SailingModel(task, model, model.new_int_var(0, task.max_wait_h, "longest_wait"))
    for index, line in enumerate(task.lines):
        _Line(built, line, f"l{index}").add()
    for berths in {item.berths_id: item for line in task.lines for item in (line.home, line.outer)}.values():
        intervals = built.occupied[berths.berths_id]
        model.add_cumulative(intervals, [1] * len(intervals), berths.count)
        # Redundant, but it strengthens the linear relaxation: the open hours of the berths contain all work.
        model.add(sum(built.work[berths.berths_id]) <= berths.count * task.open_h)
    for fleet, intervals in built.sailing.items():
        # A round longer than the period overlaps itself.
        ships = built.ships[fleet] = model.new_int_var(1, len(intervals), f"ships_{fleet}")
        model.add_cumulative(intervals, [1] * len(intervals), ships)
        # Also redundant: this bound proves most plans.
        model.add(sum(built.lengths[fleet]) <= task.period_h * ships)
    return built


class _Line:
    """Adds the rounds of a line to a model."""

    def __init__(self, built: SailingModel, line: ShipLine, name: str) -> None:
        self.built, self.model, self.task = built, built.model, built.task
        self.line, self.name, self.period_h = line, name, built.task.period_h
        self.least = built.task.least_rounds(line)
        most_h = handling_h(line.outer, 2 * line.load_teu, call=True)
        most_h += handling_h(line.home, line.load_teu, call=False) + handling_h(line.home, line.load_teu, call=True)
        self.longest_h = most_h + 2 * line.voyage_h + ANCHOR_H + built.task.closed_h
        self.last_h = self.period_h + self.longest_h
        self.storms = self.task.storms(self.last_h)
        self.open_hours = self._open_hours()

    def _open_hours(self) -> Any:
        """Return the hours at which a ship may arrive at a berth or leave it."""
        from ortools.sat.python import cp_model

        ends = [0, *(end for _, end in self.storms)]
        starts = [*(start for start, _ in self.storms), self.last_h]
        return cp_model.Domain.from_intervals(
            [list(pair) for pair in zip(ends, starts, strict=True) if pair[0] <= pair[1]]
        )

    def add(self) -> None:
        rounds = [self._round(number) for number in range(self.least + self.task.spare_sailings)]
        self.built.rounds.append(rounds)
        first = rounds[0].moments()
        for before, after in pairwise(rounds):
            self.model.add_implication(after.present, before.present)
            for one, other, of_first in zip(before.moments(), after.moments(), first, strict=True):
                self.model.add(one <= other).only_enforce_if(after.present)
                # The first round of the next period follows the last of this one.
                self.model.add(other <= of_first + self.period_h).only_enforce_if(after.present)
        out, back = self.task.period_teu(self.line)
        self._carry(rounds, out, [(item.loading.end, item.out_teu) for item in rounds], "out")
        self._carry(rounds, back, [(item.outer.end, item.back_teu) for item in rounds], "back")

    def _round(self, number: int) -> RoundVariables:
        name, model, line = f"{self.name}_{number}", self.model, self.line
        present = model.new_bool_var(f"{name}_present")
        if number < self.least:
            model.add(present == 1)
        out_teu, back_teu = (model.new_int_var(0, line.load_teu, f"{name}_{way}") for way in ("out", "back"))
        model.add(out_teu + back_teu == 0).only_enforce_if(~present)
        item = RoundVariables(
            present=present,
            loading=self._stay(f"{name}_loading", line.home, out_teu, present, 0),
            outer=self._stay(f"{name}_outer", line.outer, out_teu + back_teu, present, ceil(line.outer.call_h)),
            unloading=self._stay(f"{name}_unloading", line.home, back_teu, present, ceil(line.home.call_h)),
            out_teu=out_teu,
            back_teu=back_teu,
        )
        model.add(item.loading.start < self.period_h)
        model.add(item.outer.start >= item.loading.end + line.voyage_h).only_enforce_if(present)
        model.add(item.unloading.start >= item.outer.end + line.voyage_h).only_enforce_if(present)
        self._take_ship(item, name)
        return item

    def _take_ship(self, item: RoundVariables, name: str) -> None:
        """Assign a ship of the fleet to a round from the start of loading to the end of unloading."""
        model, fleet = self.model, self.line.fleet
        start, end = item.loading.start, item.unloading.end
        length = model.new_int_var(0, self.longest_h, f"{name}_length")
        model.add(length == end - start).only_enforce_if(item.present)
        model.add(length == 0).only_enforce_if(~item.present)
        self.built.lengths[fleet].append(length)
        self.built.sailing[fleet] += self._copies(start, length, end, item.present, name)

    def _copies(self, start: Any, size: Any, end: Any, present: Any, name: str) -> list[Any]:
        """Return an interval and its copies from earlier periods that extend into this one."""
        return [
            self.model.new_optional_interval_var(start - shift, size, end - shift, present, f"{name}_{shift}")
            for shift in range(0, self.last_h, self.period_h)
        ]

    def _stay(self, name: str, berths: Berths, teu: Any, present: Any, call_h: int) -> StayVariables:
        """Add a stay at a berth: its work and the closed hours within it."""
        model, most_h = self.model, call_h + handling_h(berths, 2 * self.line.load_teu, call=False)
        start = model.new_int_var_from_domain(self.open_hours, f"{name}_start")
        end = model.new_int_var_from_domain(self.open_hours, f"{name}_end")
        work = model.new_int_var(0, most_h, f"{name}_work")
        pace = handling_pace(berths)
        model.add(pace.numerator * (work - call_h * present) >= pace.denominator * teu)
        self.built.work[berths.berths_id].append(work)
        sides = [self._side(start, end, storm, f"{name}_{number}") for number, storm in enumerate(self.storms)]
        closed_h = sum(side.spans * (side.storm[1] - side.storm[0]) for side in sides)
        size = model.new_int_var(0, most_h + ANCHOR_H + self.task.closed_h, f"{name}_size")
        model.add(size >= work + closed_h).only_enforce_if(present)
        self.built.occupied[berths.berths_id] += self._copies(start, size, end, present, name)
        return StayVariables(start, end, sides)

    def _side(self, start: Any, end: Any, storm: tuple[int, int], name: str) -> Side:
        before, after, spans = (self.model.new_bool_var(f"{name}_{side}") for side in ("before", "after", "spans"))
        self.model.add_exactly_one(before, after, spans)
        self.model.add(end <= storm[0]).only_enforce_if(before)
        self.model.add(start >= storm[1]).only_enforce_if(after)
        self.model.add(start <= storm[0]).only_enforce_if(spans)
        self.model.add(end >= storm[1]).only_enforce_if(spans)
        return Side(storm, before, after, spans)

    def _carry(
        self, rounds: Sequence[RoundVariables], total_teu: int, departures: list[tuple[Any, Any]], way: str
    ) -> None:
        """Carry the demand of a direction: never more than has arrived, and none later than allowed.

        Cargo arrives at a constant rate, `total_teu` per period. With b TEU present at the first departure e_1 and c_i
        TEU taken by the i-th, b + total (e_i - e_1) / period - (c_1 + ... + c_(i-1)) TEU wait before departure i: at
        least c_i, and, first come first served, the oldest for as many hours as that number takes to arrive.
        """
        model, period_h = self.model, self.period_h
        model.add(sum(teu for _, teu in departures) == total_teu)
        if total_teu == 0:
            return
        # TEU times `per_teu`, of which `per_h` arrive in an hour: whole numbers, and as small as they can be.
        common = gcd(total_teu, period_h)
        per_h, per_teu = total_teu // common, period_h // common
        waiting = model.new_int_var(0, per_h * self.task.max_wait_h, f"{self.name}_{way}_waiting")
        first, taken = departures[0][0], 0
        for item, (leaves, teu) in zip(rounds, departures, strict=True):
            before = waiting + per_h * (leaves - first) - per_teu * taken
            model.add(per_teu * teu <= before).only_enforce_if(item.present)
            model.add(before <= per_h * self.built.longest_wait_h).only_enforce_if(item.present)
            taken = taken + teu
