"""A planning task and a round of a schedule, shared by solver, initial schedule and check."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil

from landbridge.networks.units import DAY_HOURS
from landbridge.routing.sailings.lines import Berths, ShipLine

ANCHOR_H = 48
"""Hours by which a round may exceed the time for full loads, voyages and the storms of a period."""

_ROUNDING = 1e-9


@cache
def handling_h(berths: Berths, teu: int, *, call: bool) -> int:
    """Return the whole hours, rounded up, for handling a number of TEU, including the call if it counts.

    A stay at the home port has two parts: unloading, which includes the hours of the call, and loading, so that a ship
    may be at anchor between them.
    """
    return ceil(teu / handling_pace(berths)) + (ceil(berths.call_h) if call else 0)


def handling_pace(berths: Berths) -> Fraction:
    """Return the TEU per hour as an exact fraction, so that solver and check round in the same way."""
    return Fraction(berths.handling_teu_h).limit_denominator(1000)


@dataclass(frozen=True, kw_only=True)
class Task:
    """The task of a plan.

    Attributes
    ----------
    lines
        Lines with their demand.
    period_days, closed_days
        Length of the cyclic period, and its days, from 0, on which storms close the ports.
    max_wait_h
        Maximum wait of cargo for its sailing in hours.
    spare_sailings
        Rounds of each line beyond those that carry its demand in full ships.
    """

    lines: tuple[ShipLine, ...]
    period_days: int
    closed_days: tuple[int, ...]
    max_wait_h: int
    spare_sailings: int

    @property
    def period_h(self) -> int:
        """Length of the period in hours."""
        return self.period_days * DAY_HOURS

    def storms(self, last_h: int) -> list[tuple[int, int]]:
        """Return start and end hour of each run of closed days of all periods that touches the hours 0 to `last_h`."""
        runs: list[tuple[int, int]] = []
        for period_h in range(-self.period_h, last_h + self.period_h + 1, self.period_h):
            for day in self.closed_days:
                start = period_h + day * DAY_HOURS
                first = runs.pop()[0] if runs and runs[-1][1] == start else start
                runs.append((first, start + DAY_HOURS))
        return [run for run in runs if run[1] > 0 and run[0] <= last_h]

    @property
    def closed_h(self) -> int:
        """Hours of the period in which the ports are closed."""
        return len(self.closed_days) * DAY_HOURS

    @property
    def open_h(self) -> int:
        """Hours of the period in which the ports are open."""
        return self.period_h - self.closed_h

    def period_teu(self, line: ShipLine) -> tuple[int, int]:
        """Return the TEU of a period from the home port and back, rounded up to whole TEU."""
        per_day = (line.out_teu_day, line.back_teu_day)
        out, back = (ceil(teu * self.period_days - _ROUNDING) for teu in per_day)
        return out, back

    def least_rounds(self, line: ShipLine) -> int:
        """Return the number of rounds that carry the demand of a period in full ships."""
        return ceil(max(self.period_teu(line)) / line.load_teu)


@dataclass(frozen=True, kw_only=True)
class Round:
    """A round of a ship, in hours of a cyclic period; its loading starts within the period.

    Attributes
    ----------
    line
        Index of its line.
    loading_h, outer_h, unloading_h
        Start and end of the stays for loading at the home port, at the outer port, and for unloading at the home port.
    out_teu, back_teu
        TEU carried out and back.
    """

    line: int
    loading_h: tuple[int, int]
    outer_h: tuple[int, int]
    unloading_h: tuple[int, int]
    out_teu: int
    back_teu: int

    def stays(self, line: ShipLine) -> tuple[tuple[Berths, tuple[int, int], int], ...]:
        """Return the berths, the start and end, and the working hours of the three stays."""
        return (
            (line.home, self.loading_h, handling_h(line.home, self.out_teu, call=False)),
            (line.outer, self.outer_h, handling_h(line.outer, self.out_teu + self.back_teu, call=True)),
            (line.home, self.unloading_h, handling_h(line.home, self.back_teu, call=True)),
        )

    @property
    def ship_h(self) -> tuple[int, int]:
        """Start and end of the time during which the round uses a ship."""
        return self.loading_h[0], self.unloading_h[1]
