"""Time/Cost-Distance charts: the staircase of each itinerary in its own panel, on common scales.

matplotlib (the extra `plot`) is loaded when a chart is drawn, and no display is needed. Colours are those of Okabe and
Ito, distinguishable by colour-blind readers; borders are also the thickest lines and the only labels in bold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from landbridge.networks.arguments import choice
from landbridge.networks.errors import QueryError
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary, itineraries_given
from landbridge.routing.output.charts import chart_named, new_figure, save_chart
from landbridge.routing.statements.time_cost_distance import Step, line, staircase

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Quantity = Literal["time", "cost"]
"""Quantity shown in a chart."""

QUANTITIES: Final[tuple[str, ...]] = get_args(Quantity)
"""What rises in a chart: mean days or dollars for the whole cargo."""

MAX_PANELS: Final = 12
"""Maximum number of itineraries in one chart."""

_MODE_COLOURS = {"rail": "#0072B2", "road": "#E69F00", "sea": "#56B4E9", "ferry": "#009E73", "iww": "#F0E442"}
_STOP_COLOURS = {
    "border": "#D55E00",
    "transfer": "#CC79A7",
    "gauge": "#000000",
    "terminal": "#7F7F7F",
    "other": "#7F7F7F",
}
_STOP_NAMES = {
    "border": "border crossing",
    "transfer": "change of vehicle and wait",
    "gauge": "gauge change",
    "terminal": "loading and wait, unloading",
    "other": "other stop",
}
_WORDS = {"transfer": "transshipment", "gauge": "gauge change", "terminal": "terminal", "other": "stop"}
_LEAST_SHARE = 0.01
"""Stops of less than this share of the total are drawn without a label."""

_WIDTH_IN, _PANEL_IN, _FONT = 11.5, 5.6, 8.5


@dataclass(frozen=True)
class _Scale:
    """The quantity shown, in the units of the axis."""

    quantity: str

    def rise(self, step: Step) -> float:
        return step.mean_h / DAY_H if self.quantity == "time" else step.cost_usd

    def stop(self, step: Step) -> float:
        return step.stop_h / DAY_H if self.quantity == "time" else step.stop_usd

    def end(self, step: Step) -> float:
        return step.end_h / DAY_H if self.quantity == "time" else step.end_usd

    def text(self, value: float) -> str:
        return f"{value:.1f} d" if self.quantity == "time" else f"{value:,.0f} USD"

    @property
    def axis(self) -> str:
        return "cumulative mean time (days)" if self.quantity == "time" else "cumulative cost (USD, whole cargo)"


def write_tcd_chart(
    itineraries: Itinerary | Iterable[Itinerary], path: str | Path, *, quantity: Quantity = "time"
) -> Path:
    """Draw the staircases of itineraries in panels as PNG, SVG or PDF according to the suffix; return the path.

    Parameters
    ----------
    itineraries
        One, or a list of up to twelve; more would be unreadable.
    quantity
        `time` (mean days) or `cost` (dollars for the whole cargo).

    Raises
    ------
    QueryError
        If there are none or too many itineraries, the quantity or the suffix is unknown, or matplotlib is missing.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import route, write_tcd_chart
    >>> trip = route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0]
    >>> write_tcd_chart(trip, "staircase.svg").name
    'staircase.svg'
    """
    target = chart_named(path)
    return save_chart(draw(itineraries_given(itineraries), quantity=quantity), target)


def draw(itineraries: Sequence[Itinerary], *, quantity: Quantity = "time") -> "Figure":
    """Return the chart of `write_tcd_chart` as a matplotlib figure."""
    choice(quantity, "quantity", QUANTITIES)
    if not 1 <= len(itineraries) <= MAX_PANELS:
        raise QueryError(
            f"a chart shows 1 to {MAX_PANELS} itineraries and not {len(itineraries)}; choose with --corridor"
        )
    figure, axes = _panels(len(itineraries))
    scale, stairs = _Scale(quantity), [staircase(item) for item in itineraries]
    top = 1.08 * max(_highest(item, steps, scale) for item, steps in zip(itineraries, stairs, strict=True))
    right = 1.04 * max(steps[-1].end_km for steps in stairs)
    for axis, item, steps in zip(axes, itineraries, stairs, strict=True):
        axis.set_xlim(-0.01 * right, right)
        _draw_steps(axis, item, steps, scale)
        _draw_spread(axis, item, steps, scale)
        _title(axis, item, scale)
    _legend(axes[0], stairs)
    _label_all(figure, axes, list(zip(itineraries, stairs, strict=True)), scale, top)
    axes[-1].set_xlabel("distance from the origin (km)")
    source = fill(_source(itineraries, quantity), width=205)
    figure.text(0.01, 0.08 / figure.get_figheight(), source, fontsize=7, color="#555555", va="bottom")
    return figure


def _panels(count: int) -> tuple["Figure", list["Axes"]]:
    figure = new_figure(figsize=(_WIDTH_IN, _PANEL_IN * count + 0.4))
    axes = figure.subplots(count, 1, squeeze=False)[:, 0]
    bottom = 0.95 / (_PANEL_IN * count + 0.4)
    figure.subplots_adjust(left=0.075, right=0.985, top=1 - bottom * 0.45, bottom=bottom, hspace=0.22)
    return figure, list(axes)


def _highest(itinerary: Itinerary, steps: list[Step], scale: _Scale) -> float:
    p90 = itinerary.time.p90_h / DAY_H if scale.quantity == "time" else 0.0
    return max(scale.end(steps[-1]), p90)


def _draw_steps(axis: "Axes", itinerary: Itinerary, steps: list[Step], scale: _Scale) -> None:
    """Draw each leg in the colour of its mode or stop, stops over hauls."""
    points = line(itinerary, scale.quantity)
    if scale.quantity == "time":
        points[:, 1] /= DAY_H
    kinds = [(step.kind, leg) for step in steps for leg in step.legs]
    for number, (kind, leg) in enumerate(kinds):
        haul = leg.kind == "haul"
        axis.plot(
            *points[number : number + 2].T,
            color=_MODE_COLOURS.get(str(leg.mode), "#333333") if haul else _STOP_COLOURS[kind],
            linewidth=2.2 if haul else 4.5 if kind == "border" else 3.2,
            solid_capstyle="round" if haul else "butt",
            zorder=2 if haul else 3,
        )
    axis.grid(color="#dddddd", linewidth=0.5)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_ylabel(scale.axis)


def _draw_spread(axis: "Axes", itinerary: Itinerary, steps: list[Step], scale: _Scale) -> None:
    """Mark p10 to p90 of the total time at the end of the line."""
    if scale.quantity != "time":
        return
    x = steps[-1].end_km + 0.012 * axis.get_xlim()[1]
    time = itinerary.time
    low, middle, high = (hours / DAY_H for hours in (time.p10_h, time.p50_h, time.p90_h))
    axis.plot([x, x], [low, high], color="#333333", linewidth=1.2, marker="_", markersize=7, zorder=3)
    axis.plot([x], [middle], color="#333333", marker="o", markersize=4, zorder=3)


def _title(axis: "Axes", itinerary: Itinerary, scale: _Scale) -> None:
    network = itinerary.network
    names = {row["id"]: row["name"] for row in network.tables["corridors"]}
    ends = " to ".join(itinerary.label(place) for place in (itinerary.legs[0].start, itinerary.legs[-1].end))
    total = (
        f"mean {itinerary.time.mean_h / DAY_H:.1f} days, p10 to p90 {itinerary.time.p10_h / DAY_H:.1f} to "
        f"{itinerary.time.p90_h / DAY_H:.1f}"
        if scale.quantity == "time"
        else f"{itinerary.cost_usd:,.0f} USD of {network.setting('usd_year')}"
    )
    corridor = names.get(itinerary.corridor, itinerary.corridor)
    axis.set_title(f"{corridor}: {ends}, {itinerary.distance_km:,.0f} km, {total}", loc="left", fontsize=10)


def _legend(axis: "Axes", stairs: Sequence[list[Step]]) -> None:
    """Add a legend of the colours used, in the lower right, which is free of lines."""
    from matplotlib.lines import Line2D

    steps = [step for panel in stairs for step in panel]
    modes = [mode for mode in _MODE_COLOURS if any(step.mode == mode for step in steps)]
    stops = [kind for kind in _STOP_COLOURS if any(step.kind == kind for step in steps)]
    handles = [Line2D([], [], color=_MODE_COLOURS[mode], linewidth=2.2, label=mode) for mode in modes]
    handles += [
        Line2D([], [], color=_STOP_COLOURS[kind], linewidth=4.5 if kind == "border" else 3.2, label=_STOP_NAMES[kind])
        for kind in stops
    ]
    axis.legend(handles=handles, loc="lower right", fontsize=_FONT, frameon=False)


def _label_all(
    figure: "Figure", axes: Sequence["Axes"], panels: Sequence[tuple[Itinerary, list[Step]]], scale: _Scale, top: float
) -> None:
    """Label the stops of all panels on one scale, which grows until no label is cut off."""
    for _ in range(6):
        for axis in axes:
            axis.set_ylim(0, top)
        texts = [_label(figure, axis, *panel, scale) for axis, panel in zip(axes, panels, strict=True)]
        highest = max(height for _, height in texts)
        if highest <= top:
            return
        for drawn, _ in texts:
            for item in drawn:
                item.remove()
        top = max(highest, top * 1.04)
    for axis, panel in zip(axes, panels, strict=True):
        axis.set_ylim(0, top)
        _label(figure, axis, *panel, scale)


def _label(
    figure: "Figure", axis: "Axes", itinerary: Itinerary, steps: list[Step], scale: _Scale
) -> tuple[list[Any], float]:
    """Label the stops of a panel without overlaps; return the texts and the height they need.

    The staircase only rises, so the space to the left of a step and above its foot is free: labels are placed there, as
    low as the step and the label below allow. Near the left edge they are placed to the right, below the line.
    """
    shown = [step for step in steps if step.kind != "haul" and scale.stop(step) >= _LEAST_SHARE * scale.end(steps[-1])]
    gap = 0.008 * axis.get_xlim()[1]
    drawn: list[Any] = []
    free = {"left": 0.0, "right": 0.0}
    for step in shown:
        text, width, height = _text(figure, axis, _words(itinerary, step, scale), bold=step.kind == "border")
        end, foot = scale.end(step), scale.end(step) - scale.rise(step)
        side = "left" if step.km - 2 * gap - width > 0 else "right"
        if side == "left":
            y = max(foot + scale.rise(step) / 2, foot + height * 0.6, free[side] + height / 2)
            x = step.km - gap * 1.5
            text.set_horizontalalignment("right")
        else:
            y = max(height * 0.65, free[side] + height / 2, min(foot + scale.rise(step) / 2, end - height * 0.65))
            x = max(step.end_km, _clear_of_line(itinerary, scale, y + 0.65 * height)) + 2 * gap
        free[side] = y + height * 0.62
        text.set_position((x, y))
        text.set_color(_STOP_COLOURS["border"] if step.kind == "border" else "#222222")
        near = x + 0.3 * gap if side == "left" else x - 0.3 * gap
        drawn += [text, *axis.plot([near, step.km], [y, min(max(y, foot), end)], color="#999999", linewidth=0.6)]
    return drawn, free["left"]


def _text(figure: "Figure", axis: "Axes", words: str, *, bold: bool) -> tuple[Any, float, float]:
    """Return a text yet to be placed, with its width and height in the units of the axes."""
    text = axis.text(0, 0, words, fontsize=_FONT, fontweight="bold" if bold else "normal", va="center", zorder=4)
    extent = text.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    corners = axis.transData.inverted().transform([(extent.x0, extent.y0), (extent.x1, extent.y1)])
    width, height = corners[1] - corners[0]
    return text, float(width), float(height)


def _clear_of_line(itinerary: Itinerary, scale: _Scale, height: float) -> float:
    """Return the km from which the staircase is above a height."""
    points = line(itinerary, scale.quantity)
    rise = points[:, 1] / DAY_H if scale.quantity == "time" else points[:, 1]
    above = int((rise <= height).sum())
    if above >= len(points):
        return float(points[-1, 0])
    share = (height - rise[above - 1]) / (rise[above] - rise[above - 1])
    return float(points[above - 1, 0] + share * (points[above, 0] - points[above - 1, 0]))


def _words(itinerary: Itinerary, step: Step, scale: _Scale) -> str:
    size = scale.text(scale.stop(step))
    if step.kind == "border":
        places = dict.fromkeys(itinerary.label(place) for place in (step.start, step.end))
        return f"{' / '.join(places)}  {size}"
    words = _WORDS[step.kind]
    if step.kind == "terminal":
        words = "loading and wait" if step.km == 0 else "unloading"
    return f"{itinerary.label(step.start)}, {words}  {size}"


def _source(itineraries: Sequence[Itinerary], quantity: str) -> str:
    first = itineraries[0]
    network, cargo = first.network, first.cargo
    bar = "Bar at the end: p10, p50 (dot) and p90 of the total. " if quantity == "time" else ""
    ids = ", ".join(item.itinerary_id for item in itineraries)
    return (
        f"Source: landbridge {version('landbridge')}, data set {network.setting('name')} {network.setting('version')} "
        f"(reference date {network.setting('reference_date')}), model output; {cargo.teu:g} TEU, {cargo.tonnes:g} t, "
        f"class {cargo.cargo_class}; {ids}. "
        f"Lines: means. {bar}Stops of less than {_LEAST_SHARE:.0%} of the total are not labelled. "
        "Method: UNESCAP Time/Cost-Distance."
    )
