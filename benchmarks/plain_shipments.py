"""One shipment drawn many times in plain numpy and plain Python, from what a leg says of its time and its calendar.

A leg takes its mean plus sd x (sqrt(1 - share) X + sqrt(share) Z): X its own, Z one for each shared factor, both with
mean 0 and variance 1. A leg with traffic states has the mean and sd of the state of the month, one for each group.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.networks.times.durations import Duration
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.journeys import edge_duration
from landbridge.routing.query.calendars import clock, unannounced

Intervals = tuple[Floats, Floats, Floats]
"""Start, end and factor."""


class Step(NamedTuple):
    """A leg with its calendar: days on which it is open, departures or opening hours, and slow-downs."""

    duration: Duration
    gate: Intervals | None = None
    door: Intervals | None = None
    slow: Intervals | None = None
    cut_off_h: float = 0.0


def dated_steps(trip: Itinerary) -> list[Step]:
    """Return the steps of a dated itinerary between terminals."""
    day, journey = trip.departs.date(), trip.journey(trip.departs)
    held = frozenset(row["id"] for row in unannounced(trip.network, day))
    kept, given = clock(trip.network, day, day, planned=False, held=held), journey.calendars
    steps = []
    for number, edge in enumerate(trip.edges):
        of = [_intervals(given, int(column[number])) for column in (given.gate, given.door, given.slow)]
        steps.append(Step(edge_duration(trip.network.graph, kept, edge), *of, float(given.cut_off_h[number])))
    return steps


def _intervals(given: object, calendar: int) -> Intervals | None:
    if calendar < 0:
        return None
    between = slice(given.first[calendar], given.first[calendar + 1])
    return given.start[between], given.end[between], given.factor[between]


class NumpyRuns:
    """All runs at once, leg by leg."""

    def __init__(self, runs: int, seed: int) -> None:
        self.draw, self.runs = np.random.default_rng(seed), runs
        self.shared: dict[str, Floats] = {}
        self.congested: dict[str, np.ndarray] = {}

    def undated(self, legs: Sequence[Duration]) -> Floats:
        """Return the hours of each run."""
        return sum((self.hours(leg) for leg in legs), start=np.zeros(self.runs))

    def dated(self, steps: Sequence[Step], depart_h: float) -> Floats:
        """Return the hours of each run through the calendars."""
        now = np.full(self.runs, depart_h)
        for step in steps:
            now = self.begins(step, now)
            now = self.ends(step, now, np.maximum(0.0, self.hours(step.duration)))
        return now - depart_h

    def begins(self, step: Step, now: Floats) -> Floats:
        """Return when the step begins; a gate that shuts during the wait for a door is looked at once more."""
        for _ in range(2):
            if step.gate is not None:
                now = self.opens(step.gate, now)
            if step.door is None:
                break
            now = self.opens(step.door, now + step.cut_off_h)
            step = step._replace(cut_off_h=0.0)
        return now

    def opens(self, calendar: Intervals, now: Floats) -> Floats:
        """Return the first times from given ones on at which a calendar is open."""
        return np.maximum(now, calendar[0][np.searchsorted(calendar[1], now, side="right")])

    def ends(self, step: Step, now: Floats, left: Floats) -> Floats:
        """Return when the step ends that begins at given times, with slow-downs."""
        if step.slow is None:
            return now + left
        start, end, factor = (
            np.append(column, last) for column, last in zip(step.slow, (np.inf, np.inf, 1), strict=True)
        )
        at = np.searchsorted(end, now, side="right")
        while (left > 0).any():
            ahead = np.minimum(left, np.maximum(0.0, start[at] - now))
            now, left = now + ahead, left - ahead
            done = np.minimum(left * factor[at], np.maximum(0.0, end[at] - now))
            now, left = now + done, left - done / factor[at]
            at = np.minimum(at + 1, len(end) - 1)
        return now

    def hours(self, leg: Duration) -> Floats:
        """Draw the hours of a leg."""
        share = leg.share if leg.factor else 0.0
        if leg.factor and leg.factor not in self.shared:
            self.shared[leg.factor] = self.standard(leg.time.shape)
        mean_h, sd_h, shape = leg.time
        own = self.standard(shape) if sd_h and share < 1 else 0.0
        if leg.states:
            if leg.states.group not in self.congested:
                self.congested[leg.states.group] = self.draw.random(self.runs) < leg.states.congested_share
            is_congested, normal, jam = self.congested[leg.states.group], leg.states.normal, leg.states.congested
            mean_h, sd_h = (np.where(is_congested, jam[item], normal[item]) for item in (0, 1))
            own = np.where(is_congested, self.standard(jam.shape), own)
        hours = mean_h + sd_h * math.sqrt(1 - share) * own
        return hours + sd_h * math.sqrt(share) * self.shared[leg.factor] if share else hours

    def standard(self, shape: float) -> Floats:
        """Draw a variable of mean 0 and variance 1 of a shape of `networks.times.distributions`."""
        if shape == UNIFORM:
            return self.draw.uniform(-math.sqrt(3), math.sqrt(3), self.runs)
        if shape == 0:
            return self.draw.standard_normal(self.runs)
        return (np.exp(shape * self.draw.standard_normal(self.runs)) - math.exp(shape**2 / 2)) / _lognormal_sd(shape)


class PythonRun:
    """One run, leg by leg."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.shared: dict[str, float] = {}
        self.congested: dict[str, bool] = {}

    def undated(self, legs: Sequence[Duration]) -> float:
        """Return the hours of the run."""
        return sum(self.hours(leg) for leg in legs)

    def dated(self, steps: Sequence[Step], depart_h: float) -> float:
        """Return the hours of the run through the calendars."""
        now = depart_h
        for step in steps:
            now = self.ends(step, self.begins(step, now), max(0.0, self.hours(step.duration)))
        return now - depart_h

    def begins(self, step: Step, now: float) -> float:
        """Return when the step begins."""
        cut_off_h = step.cut_off_h
        for _ in range(2):
            if step.gate is not None:
                now = self.opens(step.gate, now)
            if step.door is None:
                break
            now, cut_off_h = self.opens(step.door, now + cut_off_h), 0.0
        return now

    def opens(self, calendar: Intervals, now: float) -> float:
        """Return the first time from a given one on at which a calendar is open."""
        return max(now, calendar[0][bisect_right(calendar[1], now)])

    def ends(self, step: Step, now: float, left: float) -> float:
        """Return when the step ends that begins at a given time, with slow-downs."""
        if step.slow is None:
            return now + left
        start, end, factor = step.slow
        at = bisect_right(end, now)
        while left > 0 and at < len(end):
            ahead = min(left, max(0.0, start[at] - now))
            now, left = now + ahead, left - ahead
            done = min(left * factor[at], max(0.0, end[at] - now))
            now, left = now + done, left - done / factor[at]
            at += 1
        return now + left

    def hours(self, leg: Duration) -> float:
        """Draw the hours of a leg."""
        time, share = leg.time, leg.share if leg.factor else 0.0
        if leg.factor and leg.factor not in self.shared:
            self.shared[leg.factor] = self.standard(time)
        if leg.states:
            if leg.states.group not in self.congested:
                self.congested[leg.states.group] = self.draw.random() < leg.states.congested_share
            time = leg.states.congested if self.congested[leg.states.group] else leg.states.normal
        hours = time.mean_h
        if time.sd_h:
            hours += time.sd_h * math.sqrt(1 - share) * self.standard(time)
        return hours + time.sd_h * math.sqrt(share) * self.shared[leg.factor] if share else hours

    def standard(self, time: TimeDistribution) -> float:
        """Draw a variable of mean 0 and variance 1."""
        shape = time.shape
        if shape == UNIFORM:
            return self.draw.uniform(-math.sqrt(3), math.sqrt(3))
        if shape == 0:
            return self.draw.gauss(0.0, 1.0)
        return (math.exp(shape * self.draw.gauss(0.0, 1.0)) - math.exp(shape**2 / 2)) / _lognormal_sd(shape)


def _lognormal_sd(shape: float) -> float:
    return math.sqrt(math.exp(shape**2) * math.expm1(shape**2))
