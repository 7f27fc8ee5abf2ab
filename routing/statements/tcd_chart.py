"""Time/Cost-Distance charts: up to three staircases in panels on common scales, more of them in one panel.

In panels, stops are labelled; borders are the thickest lines and the only labels in bold. In one panel, staircases have
the colours of their corridors and numbers at their ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from landbridge.networks.arguments import choice
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary, itineraries_given
from landbridge.routing.itineraries.side_by_side import corridor_look, ends
from landbridge.routing.output.charts import (
    INK,
    MARKERS,
    chart_named,
    framed,
    label_points,
    legend,
    line_options,
    literal,
    look_of,
    name_lines,
    new_figure,
    save_chart,
    tidy,
)
from landbridge.routing.output.palette import MODES, STOPS, Appearance
from landbridge.routing.statements.time_cost_distance import Step, line, staircase

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Quantity = Literal["time", "cost"]
"""Quantity shown in a chart."""

QUANTITIES: Final[tuple[str, ...]] = get_args(Quantity)
"""What rises in a chart: mean days or dollars for the whole cargo."""

MAX_PANELS: Final = 3
"""Maximum number of itineraries in panels with labels; more share one panel."""

MAX_ITINERARIES: Final = 12
"""Maximum number of itineraries in one chart."""

_STOPS = {
    "border": STOPS["border_exit"],
    "transfer": STOPS["transship"],
    "gauge": STOPS["gauge_change"],
    "terminal": STOPS["unload"],
    "other": STOPS["note_change"],
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

_WIDTH_IN, _FONT = 11.5, 8.5
_PANEL_IN = {1: 5.6, 2: 5.6, 3: 4.7}
"""Height of a panel by their number, so that all fit a page."""
_DASHES = ((), (5.0, 2.5), (1.0, 2.0), (6.0, 2.0, 1.0, 2.0))
"""Dashes that tell itineraries of one corridor apart."""


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

    def total(self, itinerary: Itinerary) -> str:
        return self.text(itinerary.time.mean_h / DAY_H if self.quantity == "time" else itinerary.cost_usd)

    def points(self, itinerary: Itinerary) -> Floats:
        points = line(itinerary, self.quantity)
        if self.quantity == "time":
            points[:, 1] /= DAY_H
        return points

    @property
    def subtitle(self) -> str:
        steep = "longer the stop" if self.quantity == "time" else "higher its fees"
        return f"Hauls are slopes and stops are vertical: the longer a vertical, the {steep}"

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
        One, or a list of up to twelve. Up to three are drawn in panels with labels, more in one panel.
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
    if not 1 <= len(itineraries) <= MAX_ITINERARIES:
        raise QueryError(
            f"a chart shows 1 to {MAX_ITINERARIES} itineraries and not {len(itineraries)}; choose with --corridor"
        )
    return (_draw_panels if len(itineraries) <= MAX_PANELS else _draw_together)(itineraries, _Scale(quantity))


def _draw_panels(itineraries: Sequence[Itinerary], scale: _Scale) -> "Figure":
    """Return a chart with a panel for each itinerary, stops labelled, on common scales."""
    stairs = [staircase(item) for item in itineraries]
    figure = new_figure(figsize=(_WIDTH_IN, _PANEL_IN[len(stairs)] * len(stairs) + 1.0))
    axes = list(figure.subplots(len(stairs), 1, squeeze=False)[:, 0])
    _frame(figure, itineraries, scale, axes)
    top = 1.08 * max(_highest(item, scale) for item in itineraries)
    right = 1.04 * max(steps[-1].end_km for steps in stairs)
    for axis, item, steps in zip(axes, itineraries, stairs, strict=True):
        axis.set_xlim(-0.01 * right, right)
        _draw_steps(axis, item, steps, scale)
        _draw_spread(axis, item, steps[-1].end_km + 0.012 * right, scale)
        _title(axis, item, scale)
    _legend(axes[0], stairs)
    _label_all(figure, axes, list(zip(itineraries, stairs, strict=True)), scale, top)
    axes[-1].set_xlabel("distance from the origin (km)")
    literal(figure)
    return figure


def _frame(figure: "Figure", itineraries: Sequence[Itinerary], scale: _Scale, axes: Sequence["Axes"]) -> None:
    """Add title and footer, and give the panels the rest: labels are placed on their final size."""
    what = "Time-Distance" if scale.quantity == "time" else "Cost-Distance"
    note = _note(itineraries, scale, labelled=len(axes) == len(itineraries))
    top, bottom = framed(
        figure, f"{what}: {ends(itineraries)}", itineraries[0].meta, subtitle=scale.subtitle, note=note
    )
    height = figure.get_figheight()
    figure.subplots_adjust(
        left=0.075, right=0.985, top=1 - (top + 0.28) / height, bottom=(bottom + 0.45) / height, hspace=0.22
    )


def _draw_together(itineraries: Sequence[Itinerary], scale: _Scale) -> "Figure":
    """Return a chart with all staircases in one panel, numbered at their ends."""
    from matplotlib.lines import Line2D

    figure = new_figure(figsize=(_WIDTH_IN, 7.2))
    axes = figure.add_subplot()
    _frame(figure, itineraries, scale, [axes])
    figure.subplots_adjust(right=0.72)
    looks = _looks(itineraries)
    right = 1.1 * max(item.distance_km for item in itineraries)
    drawn, tops = set(), list[tuple[float, float]]()
    for item, look in zip(itineraries, looks, strict=True):
        x, y = scale.points(item).T
        axes.plot(x, y, **line_options(look, width=1.8), zorder=2)
        for step in staircase(item):
            if step.kind in {"border", "gauge", "transfer"}:
                drawn.add(step.kind)
                axes.plot([step.end_km], [scale.end(step)], **_marker(step.kind), markersize=4.5, zorder=3)
        _draw_spread(axes, item, x[-1] + 0.01 * right, scale)
        tops.append((float(x[-1]) + 0.01 * right, _highest(item, scale)))
    axes.set_xlim(0, right)
    axes.set_ylim(0, 1.06 * max(top for _, top in tops))
    axes.set_xlabel("distance from the origin (km)")
    axes.set_ylabel(scale.axis)
    tidy(axes)
    names = [name_lines(f"{number}  {look.label}: {scale.total(item)}") for number, (item, look) in
             enumerate(zip(itineraries, looks, strict=True), start=1)]  # fmt: skip
    handles = [Line2D([], [], **line_options(look)) for look in looks]
    kinds = [kind for kind in _STOPS if kind in drawn]
    handles += [Line2D([], [], linestyle="none", **_marker(kind)) for kind in kinds]
    legend(axes, handles, [*names, *(_STOP_NAMES[kind] for kind in kinds)], loc="upper left",
           bbox_to_anchor=(1.0, 1.0), handlelength=3)  # fmt: skip
    literal(figure)
    label_points(axes, tops, [str(number) for number in range(1, len(tops) + 1)])
    return figure


def _marker(kind: str) -> dict[str, Any]:
    """Return the options of the marker of a stop."""
    look = _STOPS[kind]
    return {"marker": MARKERS[look.symbol], "color": look.colour, "markeredgecolor": INK, "markeredgewidth": 0.5}


def _looks(itineraries: Sequence[Itinerary]) -> list[Appearance]:
    """Return the look of each itinerary: that of its corridor, with another dash for each further one of the same."""
    found, seen = [], dict[str, int]()
    for item in itineraries:
        look, before = corridor_look(item), seen.get(item.corridor, 0)
        seen[item.corridor] = before + 1
        found.append(look._replace(dash=_DASHES[before % len(_DASHES)]) if before else look)
    return found


def _highest(itinerary: Itinerary, scale: _Scale) -> float:
    """Return the highest value drawn of an itinerary: p90 of its time, or its cost."""
    return max(float(scale.points(itinerary)[-1, 1]), itinerary.time.p90_h / DAY_H if scale.quantity == "time" else 0.0)


def _draw_steps(axis: "Axes", itinerary: Itinerary, steps: list[Step], scale: _Scale) -> None:
    """Draw each leg in the colour of its mode or stop, stops over hauls."""
    points = scale.points(itinerary)
    kinds = [(step.kind, leg) for step in steps for leg in step.legs]
    for number, (kind, leg) in enumerate(kinds):
        haul = leg.kind == "haul"
        axis.plot(
            *points[number : number + 2].T,
            **_line(kind, str(leg.mode)),
            solid_capstyle="round" if haul else "butt",
            zorder=2 if haul else 3,
        )
    axis.grid(color="#dddddd", linewidth=0.5)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_ylabel(scale.axis)


def _line(kind: str, mode: str) -> dict[str, Any]:
    """Return the options of the line of a haul or a stop."""
    if kind == "haul":
        return line_options(look_of(MODES, mode), width=2.2)
    return line_options(_STOPS[kind], width=4.5 if kind == "border" else 3.2)


def _draw_spread(axis: "Axes", itinerary: Itinerary, x: float, scale: _Scale) -> None:
    """Mark p10 to p90 of the total time beside the end of the line."""
    if scale.quantity != "time":
        return
    time = itinerary.time
    low, middle, high = (hours / DAY_H for hours in (time.p10_h, time.p50_h, time.p90_h))
    axis.plot([x, x], [low, high], color="#333333", linewidth=1.2, marker="_", markersize=7, zorder=3)
    axis.plot([x], [middle], color="#333333", marker="o", markersize=4, zorder=3)


def _title(axis: "Axes", itinerary: Itinerary, scale: _Scale) -> None:
    total = (
        f"mean {itinerary.time.mean_h / DAY_H:.1f} days, p10 to p90 {itinerary.time.p10_h / DAY_H:.1f} to "
        f"{itinerary.time.p90_h / DAY_H:.1f}"
        if scale.quantity == "time"
        else f"{itinerary.cost_usd:,.0f} {itinerary.dollars}"
    )
    title = f"{corridor_look(itinerary).label}: {itinerary.distance_km:,.0f} km, {total}"
    axis.set_title(title, loc="left", fontsize=10)


def _legend(axis: "Axes", stairs: Sequence[list[Step]]) -> None:
    """Add a legend of the colours used, in the lower right, which is free of lines."""
    from matplotlib.lines import Line2D

    steps = [step for panel in stairs for step in panel]
    modes = [mode for mode in MODES if any(step.mode == mode for step in steps)]
    stops = [kind for kind in _STOPS if any(step.kind == kind for step in steps)]
    handles = [Line2D([], [], **_line("haul", mode)) for mode in modes]
    handles += [Line2D([], [], **_line(kind, "")) for kind in stops]
    names = [*(MODES[mode].label for mode in modes), *(_STOP_NAMES[kind] for kind in stops)]
    legend(axis, handles, names, loc="lower right", handlelength=3)


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
        text.set_color("#222222")
        near = x + 0.3 * gap if side == "left" else x - 0.3 * gap
        drawn += [text, *axis.plot([near, step.km], [y, min(max(y, foot), end)], color="#999999", linewidth=0.6)]
    return drawn, free["left"]


def _text(figure: "Figure", axis: "Axes", words: str, *, bold: bool) -> tuple[Any, float, float]:
    """Return a text yet to be placed, with its width and height in the units of the axes."""
    text = axis.text(0, 0, words, fontsize=_FONT, fontweight="bold" if bold else "normal", va="center", zorder=4,
                     parse_math=False)  # fmt: skip
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


def _note(itineraries: Sequence[Itinerary], scale: _Scale, *, labelled: bool) -> str:
    bar = "Bar at the end: p10, p50 (dot) and p90 of the total. " if scale.quantity == "time" else ""
    least = f"Stops of less than {_LEAST_SHARE:.0%} of the total are not labelled. " if labelled else ""
    ids = ", ".join(item.itinerary_id for item in itineraries)
    return f"{ids}. Lines: means. {bar}{least}Method: UNESCAP Time/Cost-Distance."
