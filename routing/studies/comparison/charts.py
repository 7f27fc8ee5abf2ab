"""Charts of a comparison: before and after side by side, and the largest gains and losses."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import (
    INK,
    PAPER_GREY,
    WIDTH_IN,
    Bar,
    bar_height,
    draw_bars,
    framed,
    legend_of,
    look_of,
    name_lines,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import CHANGES, CORRIDORS, Appearance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BEFORE: Final = Appearance("before", "#cccccc")
_AFTER: Final = Appearance("after", PAPER_GREY)
_LOST_COLOUR: Final = CHANGES["loses 100 and more"].colour
_LEAST_SHOWN_TEU_DAY: Final = 0.5
_MOST_PAIRS, _MOST_CORRIDORS, _MOST_CHANGES = 10, 9, 14

Record = Mapping[str, Any]


def draw_pairs(pairs: Sequence[Record], title: str, meta: Meta) -> "Figure":
    """Return the chart of pairs: median days and USD before and after, after in the colour of the corridor.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = pairs[:_MOST_PAIRS]
    figure = new_figure(figsize=(WIDTH_IN + 1.5, _height(2 * len(shown))), layout="constrained")
    panels = figure.subplots(1, 2)
    figures: tuple[tuple[str, Callable[[float], float], str, str], ...] = (
        ("time_p50_h", lambda hours: hours / DAY_H, ".1f", "days"),
        ("cost_usd", lambda usd: usd, ",.0f", "USD"),
    )
    for axes, (column, scaled, form, unit) in zip(panels, figures, strict=True):
        bars = [bar for pair in shown for bar in _pair_bars(pair, column, scaled, form)]
        draw_bars(axes, bars, unit, names=axes is panels[0])
    legend_of(panels[1], [_BEFORE, _AFTER._replace(label="after, in the colour of the corridor")])
    more = f"; the first {len(shown)} of {len(pairs)} pairs" if len(shown) < len(pairs) else ""
    framed(figure, title, meta, subtitle=f"Median time and cost of the best itinerary before and after{more}")
    return figure


def _pair_bars(pair: Record, column: str, scaled: Callable[[float], float], form: str) -> list[Bar]:
    name = pair["id"] or f"{pair['origin']} to {pair['destination']}"
    bars = []
    for side in ("before", "after"):
        value, look = pair[f"{column}_{side}"], look_of(CORRIDORS, pair[f"corridor_{side}"] or "")
        colour = _BEFORE.colour if side == "before" else look.colour
        label = name if side == "before" else ""
        if value is None:
            bars.append(Bar(label, 0.0, "no result", colour))
        else:
            bars.append(Bar(label, scaled(value), f"{format(scaled(value), form)}, {look.label}", colour))
    return bars


def draw_flows(
    corridors: Sequence[Record],
    changes: Sequence[Record],
    title: str,
    meta: Meta,
    names: Mapping[str, str],
    *,
    totals: Record,
) -> "Figure":
    """Return the chart of flows: TEU a day by corridor and not carried, and where most is gained and lost.

    Parameters
    ----------
    corridors
        Corridor with carried_teu_day before and after, the largest change first.
    changes
        Name and teu_day_change of crossings and ports, the largest change first.
    names
        Names of the corridors.
    totals
        unserved_teu_day and demand_teu_day before and after.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown, moved = corridors[:_MOST_CORRIDORS], [row for row in changes if row["teu_day_change"]][:_MOST_CHANGES]
    bars = [bar for row in shown for bar in _corridor_bars(row, names.get(row["corridor"]))] + _lost_bars(totals)
    figure = new_figure(figsize=(WIDTH_IN + 2, _height(max(len(bars), len(moved)))), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_bars(left, bars, "TEU a day by corridor, grey: before")
    _draw_changes(right, moved)
    more = f"; the {len(shown)} of {len(corridors)} corridors that change most" if len(shown) < len(corridors) else ""
    framed(figure, title, meta, subtitle=f"Flows by corridor, and the largest changes at borders and ports{more}")
    return figure


def _height(bars: int) -> float:
    return 0.6 * bar_height(bars) + 1.2


def _corridor_bars(row: Record, label: str | None) -> tuple[Bar, Bar]:
    look = look_of(CORRIDORS, row["corridor"], label)
    old, new = (
        (row[f"carried_teu_day_{side}"], f"{row[f'carried_teu_day_{side}']:,.0f} ({row[f'share_{side}'] or 0.0:.0%})")
        for side in ("before", "after")
    )
    return Bar(look.label, *old, _BEFORE.colour), Bar("", *new, look.colour)


def _lost_bars(totals: Record) -> list[Bar]:
    """Return the bars of what is not carried, with its share of what is sent; none if all is carried on both sides."""
    lost = [totals[f"unserved_teu_day_{side}"] for side in ("before", "after")]
    if not any(teu >= _LEAST_SHOWN_TEU_DAY for teu in lost):
        return []
    sent = [totals[f"demand_teu_day_{side}"] for side in ("before", "after")]
    texts = [
        f"{teu:,.0f} ({teu / all_teu if all_teu else 0.0:.0%} of all)" for teu, all_teu in zip(lost, sent, strict=True)
    ]
    return [Bar("not carried", lost[0], texts[0], _BEFORE.colour), Bar("", lost[1], texts[1], _LOST_COLOUR)]


def _draw_changes(axes: "Axes", rows: Sequence[Record]) -> None:
    """Draw gains to the right and losses to the left."""
    places, values = list(range(len(rows))), [row["teu_day_change"] for row in rows]
    colours = [CHANGES[f"{'gains' if value > 0 else 'loses'} 100 and more"].colour for value in values]
    axes.barh(places, values, height=0.62, color=colours, edgecolor=INK, linewidth=0.6)
    for place, value in zip(places, values, strict=True):
        side = 1 if value > 0 else -1
        axes.annotate(f"{value:+,.0f}", (value, place), xytext=(4 * side, 0), textcoords="offset points", va="center",
                      ha="left" if value > 0 else "right", fontsize=8.5)  # fmt: skip
    most = max(map(abs, values), default=1.0)
    axes.set_xlim(-1.3 * most, 1.3 * most)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylim(max(len(rows), 1) - 0.45, -0.55)
    axes.set_yticks(places, [name_lines(str(row["name"]), 34) for row in rows], fontsize=8.5)
    axes.set_xlabel("TEU a day more or fewer")
    tidy(axes, grid="x")
    if not rows:
        nothing(axes, "nothing changes")
