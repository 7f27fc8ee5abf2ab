"""Tables of a simulated network for the terminal: what can be trusted first, then waits, times and disruptions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, in_days, of_years, print_table
from landbridge.routing.simulation.network_model import ThroughputCheck
from landbridge.routing.simulation.network_simulation import NetworkSimulation, SimulationStatus
from landbridge.routing.simulation.recovery import TRAIN_TEU, Recovery
from landbridge.routing.simulation.resource_waits import WITHOUT_CAPACITY, ResourceWait
from landbridge.routing.simulation.transit_times import LEAST_OBSERVATIONS, TransitTime, of_corridors

_WAITS, _CHECKS, _CORRIDORS = 8, 3, 5
"""Rows of a first screen."""

_FEW_TEU, _LEAST_MISSING = 10.0, 0.02

_SHORT_WARM_UP = 0.1
"""Share of the measured days in which queues may settle without a remark; the rule itself scatters by some days."""


def print_simulation(found: NetworkSimulation, *, everything: bool = False) -> None:
    """Print a simulation; without `everything` as much as fits a screen."""
    out = console()
    if found.status is not SimulationStatus.COMPLETE:
        out.print(found.message)
    last = found.start + timedelta(days=found.days - 1)
    out.print(
        f"{of_years(found.meta)}{found.start} to {last} after {found.warm_up_days:.0f} days of warm-up,"
        f" {counted(found.replications_done, 'replication')}, seed {found.seed};"
        f" {_teu(found.delivered_teu_day)} of {_teu(found.demand_teu_day)} TEU a day arrive{_why_fewer(found)}"
    )
    if found.unserved_teu_day > 0:
        out.print(f"{found.unserved_teu_day:,.1f} TEU a day have no path and are not simulated.")
    if (found.warm_up_short_days or 0) > found.days * _SHORT_WARM_UP:
        days = counted(found.warm_up_short_days or 0, "measured day")
        out.print(f"The queues still settled in the first {days} (MSER-5); give a longer warm-up.")
    _print_checks(found.checks, everything=everything)
    _print_waits(found.waits, everything=everything)
    _print_times(found.times, everything=everything)
    for item in found.recoveries:
        out.print(in_words(item))
    for remark in _remarks(found):
        out.print(remark, style="dim")
    out.print(
        "Used: assigned / carried, of ships both ways. TEU waiting: mean of the run. ±: 95 % interval. +TEU/day: growth"
        " of a queue without a mean wait. Static: days by the published times of a normal month, which hold the usual"
        f" queues. No time is shown below {LEAST_OBSERVATIONS} observations, past a queue that grows, or in a run too"
        " short.",
        style="dim",
    )


def _teu(teu_day: float) -> str:
    return f"{teu_day:,.0f}" if teu_day >= _FEW_TEU or teu_day == 0 else f"{teu_day:.2g}"


def _why_fewer(found: NetworkSimulation) -> str:
    """Return where the rest is, if much less arrives than is sent."""
    if found.demand_teu_day - found.delivered_teu_day <= _LEAST_MISSING * found.demand_teu_day:
        return ""
    held = found.more_held_teu_day
    under_way = found.more_on_the_way_teu_day - held
    growing = sum(item.growth_teu_day or 0.0 for item in found.waits if not item.steady)
    reasons = ((held, "held by bans"), (under_way, "more on the way or in a queue at the end than at the start"))
    words = [f"{_teu(teu)} {what}" for teu, what in reasons if teu >= _LEAST_MISSING * found.demand_teu_day]
    if not words:
        return ""
    queues = f" (queues without a steady state grow by {_teu(growing)}, background included)" if growing > 0 else ""
    return f"; of the rest, a day: {' and '.join(words)}{queues}"


def _remarks(found: NetworkSimulation) -> Iterator[str]:
    """Yield what the data says against itself, and what was derived."""
    if found.contradictions:
        times = counted(len(found.contradictions), "published time is", "published times are")
        yield f"{times} shorter than service and usual wait together (`contradictions` of --json and --out)."
    if found.derived_ships:
        fleets = ", ".join(f"{item.fleet} {item.ships}" for item in found.derived_ships)
        yield f"Ships derived from the capacity of their fleet: {fleets}."


def _print_checks(checks: Sequence[ThroughputCheck], *, everything: bool) -> None:
    """Print assigned beside counted traffic: one line, and the rows that are too far apart."""
    out = console()
    apart = [item for item in checks if item.undecided]
    if not checks:
        out.print("Nothing is counted at these resources: no wait was checked against traffic.")
        return
    out.print(
        f"Assigned against counted: {len(checks) - len(apart)} of {len(checks)} within 15 %"
        + ("; the waits of the others are undecided:" if apart else "")
    )
    shown = sorted(checks if everything else apart, key=lambda item: -abs(item.assigned_teu_day - item.counted_teu_day))
    rows = [
        (
            _counted(item),
            item.direction,
            f"{item.assigned_teu_day:,.0f}",
            f"{item.counted_teu_day:,.0f}",
            f"{item.ratio:.2f}",
        )
        for item in shown[: None if everything else _CHECKS]
    ]
    if rows:
        title = "assigned against counted" if everything else f"apart: {len(rows)} of {len(apart)}"
        print_table(title, ("resource", "direction", "assigned TEU/day", "counted", "ratio"), rows, left=2)


def _counted(item: ThroughputCheck) -> str:
    """Return the name of a resource, or the count at a crossing with its direction and year."""
    return item.name if item.source == "capacities" else item.resource.replace("--", ", ")


def _print_waits(waits: Sequence[ResourceWait], *, everything: bool) -> None:
    if not waits:
        console().print("There is no queue in this network: none of its resources has a capacity and traffic.")
        return
    shown = waits if everything else waits[:_WAITS]
    rows = [
        (
            title,
            item.remark,
            _used(item),
            f"{item.wait_teu_h_day / DAY_H:,.0f}",
            _hours(item),
            "-" if item.wait_p90_h is None else f"{item.wait_p90_h:,.0f}",
            f"{item.queue_max_teu:,.0f}",
        )
        for item, title in zip(shown, _titles(shown), strict=True)
    ]
    columns = ("resource", "remark", "used", "TEU waiting", "hours of wait", "p90", "longest queue")
    print_table(f"waits: {len(shown)} of {len(waits)} queues, most TEU waiting first", columns, rows, left=2)


def _titles(waits: Sequence[ResourceWait]) -> list[str]:
    """Return the titles of waits, with a section only where it is needed to tell two of them apart."""
    short = [replace(item, section=None).title for item in waits]
    often = Counter(short)
    return [item.title if often[title] > 1 else title for item, title in zip(waits, short, strict=True)]


def _used(item: ResourceWait) -> str:
    """Return the assigned and the carried use; of what has no capacity of its own the second, if there is one."""
    carried = f"{item.utilisation_carried:.0%}"
    if item.kind in WITHOUT_CAPACITY or item.utilisation_assigned == 0:
        return carried if item.utilisation_carried else ""
    assigned = "over" if item.utilisation_assigned is None else f"{item.utilisation_assigned:,.0%}"
    return assigned if assigned == carried else f"{assigned} / {carried}"


def _hours(item: ResourceWait) -> str:
    """Return the mean wait with half of its interval, or by how much the queue grows."""
    if item.wait_mean_h is None:
        return item.growth.replace(" a ", "/") or "-"
    high = item.wait_ci95_high_h
    return f"{item.wait_mean_h:,.1f}" + ("" if high is None else f" ± {high - item.wait_mean_h:,.1f}")


def _print_times(times: Sequence[TransitTime], *, everything: bool) -> None:
    """Print transit times by corridor, or with everything also by pair."""
    corridors = list(of_corridors(times))
    shown = list(times) if everything else corridors[:_CORRIDORS]
    remarked = ("remark",) if any(item.remark for item in shown) else ()
    rows = [
        (
            item.corridor or "",
            *(_pair(item) if everything else ()),
            _teu(item.teu_day),
            f"{item.n:,}",
            *(
                "" if hours is None else in_days(hours)
                for hours in (item.time_mean_h, item.time_p10_h, item.time_p50_h, item.time_p90_h)
            ),
            "" if item.remark else in_days(item.static_time_mean_h),
            *((item.remark,) if remarked else ()),
        )
        for item in shown
    ]
    pairs = ("from - to",) if everything else ()
    columns = ("corridor", *pairs, "TEU/day", "n", "mean", "p10", "p50", "p90", "static", *remarked)
    more = "" if len(shown) >= len(corridors) else f", {len(shown)} of {len(corridors)}"
    print_table(f"days in transit by corridor{more}", columns, rows, left=1 + len(pairs))


def _pair(item: TransitTime) -> Iterator[str]:
    yield "all" if item.origin is None else f"{item.origin} - {item.destination}"


def in_words(item: Recovery) -> str:
    """Return the recovery after a disruption as a sentence, with what its figures do not count."""
    words = _recovery(item)
    if item.elsewhere is not None and item.elsewhere_built_up_teu is not None:
        more = f"{item.elsewhere_built_up_teu / TRAIN_TEU:,.0f} trains more than before, on {item.elsewhere_on}"
        words += f"; queues elsewhere on the way are not counted: {item.elsewhere} has up to {more}"
    if item.overlaps:
        words += f"; overlaps with {' and '.join(item.overlaps)}, so that these figures are of all together"
    return words


def _recovery(item: Recovery) -> str:
    most, low, high = (
        teu / TRAIN_TEU for teu in (item.queue_peak_teu, item.queue_peak_p10_teu, item.queue_peak_p90_teu)
    )
    peak = (
        f"{item.disruption} ({item.kind}): at most {most:,.0f} trains of {TRAIN_TEU:.0f} TEU wait"
        f" ({low:,.0f} to {high:,.0f}), on {item.queue_peak_on}"
    )
    if item.queue_before_teu is None or item.built_up_trains is None:
        return f"{peak}; the run has too few days before it to say what is normal"
    before = f"{item.queue_before_teu / TRAIN_TEU:,.0f} before"
    if item.normal_on is None or item.normal_after_days is None:
        return f"{peak}, {before}; not back to normal within the run in {1 - item.back_share:.0%} of the replications"
    soon, late = item.normal_after_p10_days, item.normal_after_p90_days
    span = "" if soon is None else f" ({soon:.0f} to {'more' if late is None else f'{late:.0f}'})"
    days = counted(round(item.normal_after_days), "day")
    return f"{peak}, {before}; normal again {days}{span} after it, on {item.normal_on}"
