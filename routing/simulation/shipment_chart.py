"""Charts of a simulated shipment: when it arrives and why that is uncertain; of several, the chance by each day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.meta import Meta
from landbridge.networks.times.distributions import Time
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.output.charts import (
    INK,
    MOST_BARS,
    PAPER_GREY,
    WIDTH_IN,
    Bar,
    draw_bars,
    framed,
    legend,
    legend_of,
    line_options,
    name_lines,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import Appearance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS: Final = {
    "traffic": Appearance("congested months", "#cc3311"),
    "factor": Appearance("common to several legs", "#ee9900"),
    "calendar": Appearance("timetables and headways", "#2255aa"),
    "leg": Appearance("one leg alone", "#999999"),
}
"""Appearance of the kinds of groups of the variance."""

ON_TIME: Final = Appearance("on time", "#44bb99")
LATE: Final = Appearance("late", "#ee7766")
WITHOUT_DAY: Final = Appearance("shipments", "#99bbdd")

MOST_GROUPS: Final = 10
LEAST_SHARE: Final = 0.005
"""Largest number of groups that are shown, and the least share of one."""

_BIN_H = (1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 168.0)
_BINS = 60
"""Widths of bins in hours, and the largest number of bins if one of these widths allows it."""

_LEAST_WIDE_H = 4 * DAY_H
"""Least width of an axis in hours, so that a certain arrival is a bar in its days."""

_SHOWN = (0.0005, 0.995)
"""Quantiles between which a distribution is shown: the last arrivals would squeeze all others."""


class Arrivals(NamedTuple):
    """The simulated times of a shipment.

    Attributes
    ----------
    hours
        Time of each run, infinite for what does not arrive.
    time, p95_h
        Their mean, standard deviation and quantiles, and the 95 % quantile, in hours.
    start
        The departure, in the local time of the destination; None without a date.
    promised_h, on_time
        The promised time, in hours after the departure, and the share of the runs until then; None without one.
    """

    hours: Floats
    time: Time
    p95_h: float
    start: datetime | None = None
    promised_h: float | None = None
    on_time: float | None = None


class Share(NamedTuple):
    """A group of causes with its kind and its share of the variance, from 0 to 1."""

    name: str
    kind: str
    share: float


class Bins(NamedTuple):
    """A histogram: the first edge and the width of its bins in hours, and the share of the runs in each."""

    first_h: float
    width_h: float
    shares: Floats


class Curve(NamedTuple):
    """The arrivals of one of several itineraries, with how it looks."""

    arrivals: Arrivals
    look: Appearance


def binned(arrivals: Arrivals) -> Bins:
    """Return the histogram of a distribution without its last arrivals, with whole hours or days as bins.

    Dated bins begin at local midnight, so that those of a day are the arrivals of a calendar day.
    """
    arrived = arrivals.hours[np.isfinite(arrivals.hours)]
    low, high = np.quantile(arrived, _SHOWN)
    width = next((width for width in _BIN_H if high - low <= _BINS * width), _BIN_H[-1])
    origin = _midnight_h(arrivals.start)
    first = origin + width * np.floor((low - origin) / width)
    count = int((high - first) // width) + 1
    counts, _ = np.histogram(arrived, bins=count, range=(first, first + count * width))
    return Bins(float(first), width, counts / len(arrivals.hours))


def _midnight_h(start: datetime | None) -> float:
    """Return when the day of the departure began, in hours after the departure."""
    return 0.0 if start is None else -(start.hour + start.minute / 60)


def draw(arrivals: Arrivals, shares: Sequence[Share], title: str, meta: Meta) -> "Figure":
    """Return the chart of one shipment: the distribution of its arrival, and what the variance is due to.

    Parameters
    ----------
    shares
        First-order shares of the variance.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = sorted((item for item in shares if item.share >= LEAST_SHARE), key=lambda item: -item.share)[:MOST_GROUPS]
    rows = max(len(shown), 3)
    figure = new_figure(figsize=(WIDTH_IN, 5.2 + 0.36 * rows), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=(3.2, 0.5 + 0.36 * rows))
    _draw_distribution(upper, arrivals)
    _draw_shares(lower, shown)
    of = f"{len(arrivals.hours):,} simulated shipments"
    subtitle = f"{'Day of arrival' if arrivals.start else 'Days from delivery to pick-up'} of {of}"
    framed(figure, title, meta, subtitle=subtitle, note=_note(arrivals, shown, len(shares)))
    return figure


def percent(share: float) -> str:
    """Return a share as per cent, without a certainty that it does not have.

    Examples
    --------
    >>> percent(0.874), percent(0.9999), percent(0.0), percent(0.0004)
    ('87 %', 'over 99 %', '0 %', 'under 1 %')
    """
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")


def moment_text(arrivals: Arrivals, hours: float) -> str:
    """Return a time after the departure as a local day, or undated as days."""
    if arrivals.start is None:
        return f"{hours / DAY_H:.1f} days"
    # The end of a day is still that day.
    at = arrivals.start + timedelta(hours=hours) - timedelta(seconds=1)
    return f"{at:%a} {at.day} {at:%b %Y}"


def _note(arrivals: Arrivals, shown: Sequence[Share], count: int) -> str:
    cut = ""
    if arrivals.time.sd_h > 0:
        cut = f"Not shown: the last {1 - _SHOWN[1]:.1%} of the arrivals.".replace("%", " %")
    stranded = float(np.isinf(arrivals.hours).mean())
    if stranded:
        cut += f" Stranded, and counted as late: {percent(stranded)} of the shipments."
    if not shown:
        return cut
    rest = 1 - sum(item.share for item in shown)
    small = f"{counted(count - len(shown), 'smaller group')} and to " if count > len(shown) else ""
    left = f" The rest, {percent(rest)}, is due to {small}causes together." if rest >= LEAST_SHARE else ""
    return f"{cut} Share of the variance: by how much it would fall on average if the cause were known.{left}"


def _draw_distribution(axes: "Axes", arrivals: Arrivals) -> None:
    """Draw the histogram with the quantiles above it and the promised time within."""
    bins = binned(arrivals)
    edges = bins.first_h + bins.width_h * np.arange(len(bins.shares) + 1, dtype=np.float64)
    _set_axes(axes, arrivals, bins)
    for look, left, right, shares in _parts(arrivals, bins, edges):
        axes.bar(_at(arrivals, left), 100 * shares, width=(right - left) / DAY_H, align="edge", color=look.colour,
                 edgecolor="white", linewidth=0.4)  # fmt: skip
    _draw_quantiles(axes, arrivals)
    if arrivals.promised_h is not None:
        _draw_promised(axes, arrivals, arrivals.promised_h)
        legend_of(axes, [ON_TIME, LATE])


def _parts(arrivals: Arrivals, bins: Bins, edges: Floats) -> list[tuple[Appearance, Floats, Floats, Floats]]:
    """Return the bars of each colour: left, right and height; the bin of the promised time is divided there."""
    left, right, promised_h = edges[:-1], edges[1:], arrivals.promised_h
    if promised_h is None:
        return [(WITHOUT_DAY, left, right, bins.shares)]
    early, late = left < promised_h, right > promised_h
    return [
        (ON_TIME, left[early], np.minimum(right[early], promised_h), bins.shares[early]),
        (LATE, np.maximum(left[late], promised_h), right[late], bins.shares[late]),
    ]


def _at(arrivals: Arrivals, hours: Any) -> Any:
    """Return hours after the departure on the axis: days, or dated the days of matplotlib."""
    days = np.asarray(hours, dtype=np.float64) / DAY_H
    if arrivals.start is None:
        return days
    from matplotlib.dates import date2num

    return days + float(date2num(arrivals.start.replace(tzinfo=None)))  # type: ignore[no-untyped-call]


def _set_axes(axes: "Axes", arrivals: Arrivals, bins: Bins) -> None:
    """Set the limits, which hold the promised time unless that would squeeze the distribution."""
    low, high = bins.first_h, bins.first_h + bins.width_h * len(bins.shares)
    lacking = max(0.0, _LEAST_WIDE_H - (high - low)) / 2
    low, high = low - lacking, high + lacking
    wide = high - low
    if arrivals.promised_h is not None:
        low = min(low, max(arrivals.promised_h - 0.05 * wide, low - wide))
        high = max(high, min(arrivals.promised_h + 0.05 * wide, high + wide))
    margin = max(0.02 * (high - low), 0.5 * bins.width_h)
    axes.set_xlim(float(_at(arrivals, low - margin)), float(_at(arrivals, high + margin)))
    axes.set_ylim(0, 115 * float(bins.shares.max(initial=0.0)) or 1.0)
    unit = {1.0: "hour", DAY_H: "day"}.get(bins.width_h)
    unit = unit or (f"{bins.width_h:.0f} hours" if bins.width_h < DAY_H else f"{bins.width_h / DAY_H:.0f} days")
    axes.set_ylabel(f"% of shipments per {unit}")
    _name_days(axes, arrivals)
    tidy(axes, grid="y")


def _name_days(axes: "Axes", arrivals: Arrivals) -> None:
    """Label the axis of time: days since the departure, or dated the days at the destination with their years."""
    if arrivals.start is None:
        axes.set_xlabel("days from delivery to pick-up")
        return
    from matplotlib.dates import AutoDateLocator, DateFormatter, num2date

    axes.xaxis.set_major_locator(AutoDateLocator(minticks=4, maxticks=9, interval_multiples=False))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%d %b"))  # type: ignore[no-untyped-call]
    years = dict.fromkeys(str(num2date(day).year) for day in axes.get_xlim())  # type: ignore[no-untyped-call]
    axes.set_xlabel(f"day of arrival, local time ({'/'.join(years)})")


def _draw_quantiles(axes: "Axes", arrivals: Arrivals) -> None:
    """Draw p10, p50 and p90 with their texts on two heights above the panel, so that close ones can be read."""
    time = arrivals.time
    if time.p10_h == time.p90_h:
        named = [("always", time.p50_h, "center", 4)]
    else:
        named = [("p10", time.p10_h, "right", 4), ("p50", time.p50_h, "center", 16), ("p90", time.p90_h, "left", 4)]
    for name, hours, side, up in named:
        if not np.isfinite(hours):  # not reached, since too many are stranded
            continue
        x = float(_at(arrivals, hours))
        axes.axvline(x, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
        axes.annotate(f"{name} {_said(arrivals, hours)}", (x, 1), xycoords=("data", "axes fraction"), fontsize=8.5,
                      xytext=(0, up), textcoords="offset points", ha=side, color=INK)  # fmt: skip


def _said(arrivals: Arrivals, hours: float) -> str:
    days = f"{hours / DAY_H:.1f} d"
    if arrivals.start is None:
        return days
    at = arrivals.start + timedelta(hours=hours)
    return f"{at.day} {at:%b} ({days})"


def _draw_promised(axes: "Axes", arrivals: Arrivals, promised_h: float) -> None:
    """Draw the promised time with the share that is there by then, on the side with more room."""
    low, high = axes.get_xlim()
    x = float(_at(arrivals, promised_h))
    inside = min(max(x, low), high)
    if inside == x:
        axes.axvline(x, color=INK, linewidth=2.2)
    on_left = inside - low > high - inside
    arrow = "" if inside == x else (" (earlier than shown)" if x < low else " (later than shown)")
    text = f"promised by {moment_text(arrivals, promised_h)}{arrow}:\n{percent(arrivals.on_time or 0.0)} on time"
    axes.annotate(text, (inside, 0.97), xycoords=("data", "axes fraction"), xytext=(-6 if on_left else 6, 0),
                  textcoords="offset points", ha="right" if on_left else "left", va="top", fontsize=9,
                  fontweight="bold", color=INK,
                  bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5})  # fmt: skip


def _draw_shares(axes: "Axes", shown: Sequence[Share]) -> None:
    bars = [
        Bar(item.name, 100 * item.share, percent(item.share), KINDS.get(item.kind, KINDS["leg"]).colour)
        for item in shown
    ]
    draw_bars(axes, bars, "share of the variance of the time (%)", rows=3)
    used = dict.fromkeys(item.kind if item.kind in KINDS else "leg" for item in shown)
    if used:
        legend_of(axes, [KINDS[kind] for kind in used])
    else:
        axes.texts[-1].remove()
        nothing(axes, "the time does not vary")


def draw_curves(curves: Sequence[Curve], title: str, meta: Meta) -> "Figure":
    """Return the chart of several itineraries: the chance that each has arrived, over the days.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = curves[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN, 5.4), layout="constrained")
    axes = figure.add_subplot()
    lines = []
    for arrivals, look in shown:
        arrived = arrivals.hours[np.isfinite(arrivals.hours)]
        shares = np.linspace(0, _SHOWN[1], 400)
        days = _at(arrivals, np.quantile(arrived, shares))
        lines += axes.plot(days, 100 * shares * len(arrived) / len(arrivals.hours), **line_options(look))
    first = shown[0].arrivals
    if first.promised_h is not None:
        x = float(_at(first, first.promised_h))
        axes.axvline(x, color=INK, linewidth=2.2)
        axes.annotate(f"promised by {moment_text(first, first.promised_h)}", (x, 0.02), rotation=90, ha="right",
                      va="bottom", xycoords=("data", "axes fraction"), fontsize=8.5, xytext=(-3, 0),
                      textcoords="offset points",
                      bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 10, 25, 50, 75, 90, 100])
    axes.set_ylabel("% of shipments that have arrived")
    _name_days(axes, first)
    axes.axhline(90, color=PAPER_GREY, linewidth=1.0, linestyle=(0, (1, 2)))
    tidy(axes)
    names = [name_lines(f"{look.label}{_share(arrivals)}") for arrivals, look in shown]
    legend(axes, lines, names, loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=3.5)
    more = f"; the first {len(shown)} of {len(curves)} itineraries" if len(shown) < len(curves) else ""
    subtitle = f"Chance that the shipment has arrived; {len(first.hours):,} simulated shipments each{more}"
    framed(figure, title, meta, subtitle=subtitle, note="Dotted line: nine of ten shipments.")
    return figure


def _share(arrivals: Arrivals) -> str:
    return "" if arrivals.on_time is None else f": {percent(arrivals.on_time)} on time"
