"""Charts of a simulated network: waits by resource, queues over time, and recovery after a disruption."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.output.charts import (
    INK,
    MOST_BARS,
    WIDTH_IN,
    Bar,
    bar_height,
    draw_bars,
    framed,
    legend,
    legend_of,
    name_lines,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import WAITS
from landbridge.routing.simulation.daily_series import Band
from landbridge.routing.simulation.recovery import TRAIN_TEU, Recovery
from landbridge.routing.simulation.resource_waits import ResourceWait, wait_band

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CLOSED: Final = "#e4d6c8"
_QUEUE, _WAIT = ("#cc3311", "#f0c4b8"), ("#2255aa", "#c3d2ea")
_BEFORE_DAYS, _AFTER_DAYS = 21, 14


class Shade(NamedTuple):
    """Days to shade, both within the span, with what they are."""

    label: str
    first: date
    last: date


def draw_waits(waits: Sequence[ResourceWait], title: str, meta: Meta) -> "Figure":
    """Return the chart of where cargo waits: TEU-days of wait a day, and the mean wait with its 95 % interval.

    Parameters
    ----------
    waits
        The resources, most TEU-hours of wait first.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = waits[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN + 2, bar_height(len(shown))), layout="constrained")
    left, right = figure.subplots(1, 2)
    looks = [WAITS[wait_band(item)] for item in shown]
    weight = [_waiting(item, look.colour) for item, look in zip(shown, looks, strict=True)]
    draw_bars(left, weight, "TEU waiting on average (share)")
    draw_bars(right, [_hours(item, look.colour) for item, look in zip(shown, looks, strict=True)],
              "hours of wait, mean and 95 % interval", names=False)  # fmt: skip
    legend_of(right, [look for look in WAITS.values() if look in looks])
    more = f"; the first {len(shown)} of {len(waits)}" if len(shown) < len(waits) else ""
    subtitle = f"Resources by the TEU that wait there, and how long a TEU waits{more}"
    framed(figure, title, meta, subtitle=subtitle)
    return figure


def _waiting(item: ResourceWait, colour: str) -> Bar:
    """Return the mean queue; without a steady state it is none of the resource but of the length of the run."""
    teu = item.wait_teu_h_day / DAY_H
    if item.wait_share is None:
        return Bar(item.title, 0.0, f"{teu:,.0f}{', and more with each day' if item.growth else ''}", colour)
    return Bar(item.title, teu, f"{teu:,.0f} ({100 * item.wait_share:.0f} %)", colour)


def _hours(item: ResourceWait, colour: str) -> Bar:
    if not item.steady:
        grows = f"grows by {item.growth[1:]}" if item.growth else "the queues before it keep it short"
        return Bar("", 0.0, f"no steady state: {grows}", colour)
    if item.wait_mean_h is None:
        return Bar("", 0.0, "no waits seen", colour)
    return Bar("", item.wait_mean_h, f"{item.wait_mean_h:,.1f} h", colour, item.wait_ci95_low_h, item.wait_ci95_high_h)


def draw_queue(
    queue_teu: Band, wait_h: Band, start: date, shades: Sequence[Shade] = (), *, title: str, meta: Meta
) -> "Figure":
    """Return the chart of a queue over time, and of the wait of what arrives on each day.

    Parameters
    ----------
    start
        Day of the first values.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(WIDTH_IN, 6.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    _band(upper, queue_teu, start, _QUEUE)
    upper.set_ylabel("TEU in the queue")
    _band(lower, wait_h, start, _WAIT, DAY_H)
    lower.set_ylabel("days of wait of the\narrivals of a day")
    for axes in (upper, lower):
        _shaded(axes, shades)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter("{x:,.0f}" if axes.get_ylim()[1] >= 5 else "{x:,.1f}")
    _dates(lower, start, len(queue_teu.mean))
    _key(lower, shaded=bool(shades))
    framed(figure, title, meta, subtitle=f"Mean of each day over the replications, with p10 to p90{_named(shades)}")
    return figure


def draw_recovery(recoveries: Sequence[tuple[Recovery, Band]], start: date, title: str, meta: Meta) -> "Figure":
    """Return the recovery curve of each disruption: its queue from three weeks before it until it is normal again.

    Parameters
    ----------
    recoveries
        Each with the queue in TEU of its resources together, by days from `start`.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(WIDTH_IN, 1.4 + 3.4 * max(1, len(recoveries))), layout="constrained")
    panels = figure.subplots(max(1, len(recoveries)), 1, squeeze=False)[:, 0]
    for axes, (item, queue) in zip(panels, recoveries, strict=False):
        _draw_recovery(axes, item, queue, start)
    if recoveries:
        _key(panels[-1], shaded=True, normal=True)
    else:
        nothing(panels[0], "no disruption")
    subtitle = f"Queue in trains of {TRAIN_TEU:.0f} TEU: mean over the replications, with p10 to p90"
    framed(figure, title, meta, subtitle=subtitle)
    return figure


def _draw_recovery(axes: "Axes", item: Recovery, queue_teu: Band, start: date) -> None:
    """Draw one disruption, with its peak and the day from which on it is normal."""
    first = max(0, (item.first - start).days - _BEFORE_DAYS)
    until = item.normal_on or item.queue_peak_on
    known = (max(until, item.last) - start).days
    # Room to the right for the text at the day of return; a queue that does not return is shown to the end.
    last = known + 1 + max(_AFTER_DAYS, (known - first) // 3) if item.normal_on else len(queue_teu.mean)
    last = min(last, len(queue_teu.mean))
    shown, begin = Band(*(values[first:last] for values in queue_teu)), start + timedelta(days=first)
    _band(axes, shown, begin, _QUEUE, TRAIN_TEU)
    _shaded(axes, [Shade(item.disruption, item.first, item.last)])
    if item.queue_normal_teu is not None:
        axes.axhline(item.queue_normal_teu / TRAIN_TEU, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
    peak = item.queue_peak_teu / TRAIN_TEU
    _mark(axes, item.queue_peak_on, peak, f"{peak:,.0f} trains on {_day(item.queue_peak_on)}", up=True)
    if item.normal_on is not None:
        at = (item.queue_normal_teu or 0.0) / TRAIN_TEU
        _mark(axes, item.normal_on, at, f"normal from {_day(item.normal_on)}:\n{_after(item)}", up=False)
    axes.set_ylim(0, 1.18 * axes.get_ylim()[1])
    axes.set_ylabel("trains in the queue")
    axes.set_title(_what(item), loc="left", fontsize=9.5, color=INK)
    _dates(axes, begin, last - first)


def _what(item: Recovery) -> str:
    words = {"close": "closed", "limit": "limited", "ban": "banned"}
    place = item.disruption.partition(":")[0]
    return f"{place} {words.get(item.kind, item.kind)} from {_day(item.first)} to {_day(item.last)}"


def _after(item: Recovery) -> str:
    low, high = item.normal_after_p10_days, item.normal_after_p90_days
    span = "" if low is None else f" ({low:.0f} to {'over the run' if high is None else f'{high:.0f}'})"
    return f"{counted(round(item.normal_after_days or 0.0), 'day')} after the end{span}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _mark(axes: "Axes", day: date, value: float, text: str, *, up: bool) -> None:
    """Mark a day on the curve, with a text to the left above it, or higher to the right."""
    at: Any = _noon(day)
    axes.plot([at], [value], marker="o", markersize=6, color="white", markeredgecolor=INK, markeredgewidth=1.2)
    offset = (-6, 6) if up else (10, 34)
    arrow = None if up else {"arrowstyle": "-", "color": INK, "linewidth": 0.8}
    axes.annotate(text, (at, value), xytext=offset, textcoords="offset points", fontsize=8.5, color=INK,
                  arrowprops=arrow, va="bottom", ha="right" if up else "left")  # fmt: skip


def _band(axes: "Axes", values: Band, start: date, colours: tuple[str, str], unit: float = 1.0) -> None:
    """Draw the line of a mean and the band around it in their colours."""
    colour, pale = colours
    days: Any = [_noon(start + timedelta(days=day)) for day in range(len(values.mean))]
    axes.fill_between(days, values.p10 / unit, values.p90 / unit, color=pale, alpha=0.8, linewidth=0)
    axes.plot(days, values.mean / unit, color=colour, linewidth=1.6)
    tidy(axes)


def _noon(day: date) -> datetime:
    """Return the middle of a day, where its mean is drawn."""
    return datetime.combine(day, time(12))


def _shaded(axes: "Axes", shades: Sequence[Shade]) -> None:
    for shade in shades:
        span: Any = (shade.first, shade.last + timedelta(days=1))
        axes.axvspan(*span, color=_CLOSED, linewidth=0, zorder=0)


def _dates(axes: "Axes", start: date, days: int) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    span: Any = (start, start + timedelta(days=max(days, 1)))
    axes.set_xlim(*span)


def _key(axes: "Axes", *, shaded: bool, normal: bool = False) -> None:
    """Add below a panel a legend of the line, its band, the shade and the level that is normal."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Line2D([], [], color=INK, linewidth=1.6), Patch(facecolor="#d0d0d0")]
    names = ["mean", "p10 to p90"]
    if shaded:
        handles, names = [*handles, Patch(facecolor=_CLOSED)], [*names, "disruption"]
    if normal:
        handles += [Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 3)))]
        names += ["longest that is normal"]
    legend(axes, handles, names, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=len(names))


def _named(shades: Sequence[Shade]) -> str:
    return f"; shaded: {', '.join(name_lines(shade.label) for shade in shades)}" if shades else ""
