"""Charts with matplotlib (the extra `plot`), which is loaded when one is drawn and needs no display.

Each has a title, a subtitle with its units and a footer with cargo, conditions and the version and date of the data.
Colours, dashes and symbols are those of the palette; values are also written, so that charts can be read in grey.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError, extra_cure
from landbridge.networks.files import replacing
from landbridge.networks.meta import Meta
from landbridge.routing.output.palette import Appearance

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

SUFFIXES: Final = (".png", ".svg", ".pdf")
"""File name suffixes of charts."""

MARKERS: Final[Mapping[str, str]] = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "pentagon": "p",
    "star": "*",
    "cross": "X",
    "hexagon": "h",
}
"""Markers of matplotlib by symbol of the palette."""

WIDTH_IN: Final = 10.5
MOST_BARS: Final = 20
"""Width of a chart, and the largest number of its bars."""

INK: Final = "#333333"
PAPER_GREY: Final = "#888888"

_MISSING = f"charts need matplotlib; {extra_cure('plot')}"
_TITLE, _SUBTITLE, _FOOTER, _LABEL = 13.0, 9.5, 7.0, 8.5
_LINE = 1.25 / 72
"""Height of a line of text in inches for each point of its size."""
_NAME, _NAME_LINES = 40, 2
_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "SimHei")
"""Fonts with Chinese characters, of which one is installed on most systems."""
_MARKER_PX = 5.0
_AROUND = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))


class PlotError(QueryError, ImportError):
    """A chart was requested but matplotlib is not installed."""


class Bar(NamedTuple):
    """A bar with its name, value, the text of the value, colour, and the ends of its range if it has one."""

    name: str
    value: float
    text: str
    colour: str
    low: float | None = None
    high: float | None = None


def new_figure(**options: Any) -> "Figure":
    """Return an empty figure, with the options of `matplotlib.figure.Figure`.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    _load()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(**options)
    FigureCanvasAgg(figure)
    return figure


def _load() -> None:
    """Load matplotlib, which reads its settings when it is first imported and fails where they are wrong."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise PlotError(_MISSING) from error
    except ValueError as error:
        raise PlotError(f"matplotlib does not load: {error}; correct MPLBACKEND and its file matplotlibrc") from error


def framed(figure: "Figure", title: str, meta: Meta, *, subtitle: str = "", note: str = "") -> tuple[float, float]:
    """Add title, subtitle and footer to a figure that is complete, and make its texts literal.

    Parameters
    ----------
    meta
        Metadata of the result, from which the footer states version, data set, date, cargo and conditions.
    subtitle, note
        What is shown in which units, and a remark that precedes the source.

    Returns
    -------
    top : float
        Height of title and subtitle in inches.
    bottom : float
        Height of the footer in inches.
    """
    width, height = figure.get_size_inches()
    edge, y = 0.1, 0.1
    for text, size, style in ((title, _TITLE, "bold"), (subtitle, _SUBTITLE, "normal")):
        if text:
            lines = _filled(text, width, size)
            figure.text(edge / width, 1 - y / height, lines, fontsize=size, fontweight=style, va="top", color=INK)
            y += (lines.count("\n") + 1) * size * _LINE + 0.03
    foot = _filled(" ".join(part for part in (note, footer(meta)) if part), width, _FOOTER)
    figure.text(edge / width, 0.07 / height, foot, fontsize=_FOOTER, color="#555555", va="bottom")
    top, bottom = y + 0.05, (foot.count("\n") + 1) * _FOOTER * _LINE + 0.15
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0, bottom / height, 1, 1 - (top + bottom) / height))  # type: ignore[call-arg]
    literal(figure)
    return top, bottom


def _filled(text: str, width_in: float, size: float) -> str:
    """Return a text in lines that fit the width: a character of the font is on average half as wide as its size."""
    return fill(" ".join(text.split()), width=max(20, int((width_in - 0.2) * 72 / (0.57 * size))))


def footer(meta: Meta) -> str:
    """Return the line with source, data set, date, scenario, cargo and conditions.

    Examples
    --------
    >>> footer({"version": "1", "data_set": {"name": "x", "version": "2"}, "reference_date": "2026-10-01",
    ...         "options": {"cargo": {"teu": 2.0, "tonnes": 24.0, "cargo_class": "block"}, "avoid_countries": ["RU"]}})
    'Cargo: 2 TEU, 24 t, class block. Conditions: avoid RU. Source: landbridge 1, data set x 2 (reference date 2026-10-01), model output.'
    """  # noqa: E501 - an output is one line
    options, data = meta.get("options") or {}, meta.get("data_set") or {}
    conditions = list(_conditions(options))
    parts = [_cargo(options["cargo"])] if options.get("cargo") else []
    parts += [f"Conditions: {', '.join(conditions)}."] if conditions else []
    parts += [f"Scenario: {meta['scenario']}."] if meta.get("scenario") else []
    named = " ".join(str(data[key]) for key in ("name", "version") if data.get(key)) or "without a name"
    dated = f" (reference date {meta['reference_date']})" if meta.get("reference_date") else ""
    return " ".join([*parts, f"Source: landbridge {meta.get('version', '')}, data set {named}{dated}, model output."])


def _cargo(cargo: Mapping[str, Any]) -> str:
    sizes = [f"{cargo[name]:,g} {unit}" for name, unit in (("teu", "TEU"), ("tonnes", "t")) if cargo.get(name)]
    value = [f"value {cargo['value_usd']:,.0f} USD"] if cargo.get("value_usd") else []
    return f"Cargo: {', '.join([*sizes, *value, 'class ' + str(cargo.get('cargo_class', 'block'))])}."


def _conditions(options: Mapping[str, Any]) -> Iterator[str]:
    avoided = [
        str(item) for part in ("countries", "places", "crossings") for item in options.get(f"avoid_{part}") or ()
    ]
    for word, items in (("by way of", options.get("via")), ("avoid", avoided), ("modes", options.get("modes"))):
        if items:
            yield f"{word} {', '.join(map(str, items))}"
    # A profile has its first and last departure; `depart` is then only the first one searched.
    dated = ("first", "last") if options.get("first") else ("depart",)
    for name in ("corridor", *dated, "arrive_by", "year", "capacity", "congestion", "logit"):
        if options.get(name) is not None:
            yield f"{name.replace('_', ' ')} {options[name]}"
    for name in ("close", "limit", "ban"):
        if options.get(name):
            yield f"{name} {', '.join(map(str, options[name]))}"
    if options.get("planned"):
        yield "with planned links"


def literal(figure: "Figure") -> None:
    """Show the texts of a figure as they are: names may hold `$`, which starts a formula, or Chinese characters."""
    from matplotlib.font_manager import fontManager
    from matplotlib.text import Text

    installed = {font.name for font in fontManager.ttflist}
    fonts = ["DejaVu Sans", *(name for name in _FONTS if name in installed)]
    for text in figure.findobj(Text):
        text.set_parse_math(False)
        text.set_usetex(False)
        text.set_fontfamily(fonts)


def name_lines(name: str, width: int = _NAME) -> str:
    """Return a name in at most two lines, shortened if it is longer.

    Examples
    --------
    >>> print(name_lines("International North-South Transport Corridor"))
    International North-South Transport
    Corridor
    """
    return fill(shorten(name, _NAME_LINES * width - 6, placeholder=" ..."), width)


def bar_height(count: int) -> float:
    """Return the height in inches of a figure with a number of bars in one panel."""
    return 1.9 + 0.4 * max(count, 3)


def draw_bars(axes: "Axes", bars: Sequence[Bar], unit: str, *, names: bool = True, rows: int = 0) -> None:
    """Draw horizontal bars, the first on top, each with its value, its range and, with `names`, its name.

    Parameters
    ----------
    unit
        Label of the axis of values.
    rows
        Least number of rows for which there is room, so that bars of panels side by side are equally thick.
    """
    places = list(range(len(bars)))
    axes.barh(places, [bar.value for bar in bars], height=0.62, color=[bar.colour for bar in bars],
              edgecolor=INK, linewidth=0.6)  # fmt: skip
    for place, bar in zip(places, bars, strict=True):
        end = bar.value
        # A range without width says that the spread is not known, and not that the value is certain.
        if bar.low is not None and bar.high is not None and bar.low < bar.high:
            end = max(end, bar.high)
            axes.plot([bar.low, bar.high], [place, place], color="white", linewidth=3.4, solid_capstyle="butt")
            axes.plot([bar.low, bar.high], [place, place], color="black", linewidth=1.3, marker="|", markersize=7)
        axes.annotate(bar.text, (end, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=_LABEL)
    longest = max((len(bar.text) for bar in bars), default=0)
    most = max((max(bar.value, bar.high or 0.0) for bar in bars), default=0.0)
    axes.set_xlim(0, (most or 1.0) * (1.1 + 0.026 * longest))
    axes.set_ylim(max(len(bars), rows, 1) - 0.45, -0.55)
    if names:
        axes.set_yticks(places, [name_lines(bar.name) for bar in bars], fontsize=_LABEL)
    else:
        # Labels belong to an axis, which panels side by side may share: here they are hidden, and not emptied.
        axes.set_yticks(places)
        axes.tick_params(axis="y", labelleft=False)
    axes.set_xlabel(unit)
    if most >= 1000:
        axes.xaxis.set_major_formatter("{x:,.0f}")
    tidy(axes, grid="x")
    if not bars:
        nothing(axes, "nothing to show")


def bar_chart(
    bars: Sequence[Bar],
    unit: str,
    title: str,
    meta: Meta,
    *,
    subtitle: str = "",
    note: str = "",
    looks: Sequence[Appearance] = (),
) -> "Figure":
    """Return a chart of horizontal bars in one panel, of many the first ones.

    Parameters
    ----------
    unit
        Label of the axis of values.
    looks
        What the colours stand for, for a legend.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = bars[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN, bar_height(len(shown))), layout="constrained")
    axes = figure.add_subplot()
    draw_bars(axes, shown, unit)
    if looks:
        legend_of(axes, looks)
    more = f"; the first {len(shown)} of {len(bars)}" if len(shown) < len(bars) else ""
    framed(figure, title, meta, subtitle=f"{subtitle}{more}", note=note)
    return figure


def legend_of(axes: "Axes", looks: Sequence[Appearance]) -> None:
    """Add a legend of filled colours to the right of a panel, where it covers nothing."""
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=look.colour, edgecolor=INK, linewidth=0.6) for look in looks]
    legend(axes, handles, [look.label for look in looks], loc="upper left", bbox_to_anchor=(1.0, 1.0))


def tidy(axes: "Axes", *, grid: str = "both") -> None:
    """Remove the frame above and to the right, and draw a pale grid behind."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis=grid, color="#dddddd", linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def nothing(axes: "Axes", text: str) -> None:
    """Write in an empty panel why it is empty."""
    axes.text(0.5, 0.5, text, ha="center", transform=axes.transAxes)


def line_options(look: Appearance, *, width: float = 2.0) -> dict[str, Any]:
    """Return the options of a line of an appearance: its colour, and its dashes in line widths."""
    style = (0, look.dash) if look.dash else "solid"
    return {"color": look.colour, "linewidth": width, "linestyle": style}


def look_of(looks: Mapping[str, Appearance], name: str, label: str | None = None) -> Appearance:
    """Return an appearance of the palette, a grey one for what it does not list; with another label if given."""
    look = looks.get(name, Appearance(name, PAPER_GREY))
    return look._replace(label=label or look.label)


def legend(axes: "Axes | Figure", handles: Sequence["Artist"], names: Iterable[str], **options: Any) -> "Legend":
    """Add a legend with names as they are; matplotlib leaves out those that start with `_` if it is given them."""
    drawn = axes.legend(handles, ["x"] * len(handles), **{"fontsize": _LABEL, "frameon": False, **options})
    for text, name in zip(drawn.get_texts(), names, strict=True):
        text.set_text(name)
    return drawn


def label_points(axes: "Axes", points: Sequence[tuple[float, float]], texts: Sequence[str]) -> int:
    """Write a text beside each point if it then covers neither another one nor a point; return the number left out.

    The first points are served first. The figure has to be complete: places are found on its final layout.
    """
    with _drawing():
        return _labelled(axes, points, texts)


def _labelled(axes: "Axes", points: Sequence[tuple[float, float]], texts: Sequence[str]) -> int:
    figure: Any = axes.figure
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    frame = axes.get_window_extent(renderer)
    pixels: Any = axes.transData.transform(points) if points else []
    drawn = axes.get_legend()
    taken: list[Any] = [] if drawn is None else [drawn.get_window_extent(renderer)]
    left_out = 0
    for (x, y), words in zip(points, texts, strict=True):
        for right, up in _AROUND:
            text = axes.annotate(words, (x, y), xytext=(6 * right, 6 * up), textcoords="offset points",
                                 ha=("right", "center", "left")[right + 1], va=("top", "center", "bottom")[up + 1],
                                 fontsize=_LABEL, color=INK, parse_math=False)  # fmt: skip
            box = text.get_window_extent(renderer)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not box.padded(_MARKER_PX).count_contains(pixels) and not box.count_overlaps(taken):
                taken.append(box)
                break
            text.remove()
        else:
            left_out += 1
    return left_out


def chart_named(path: str | Path) -> Path:
    """Return the path of a chart.

    Raises
    ------
    QueryError
        If its name does not have the suffix of a chart.
    """
    target = file_path(path, "path")
    if target.suffix.lower() not in SUFFIXES:
        raise QueryError(f"{target.name} is not a chart; use a name with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    return target


def check_chart(path: str | Path) -> None:
    """Check that a chart can be written to a file of this name, before the work is done.

    Raises
    ------
    QueryError
        If its name does not have the suffix of a chart, or (`PlotError`) matplotlib is not installed or does not load.
    """
    chart_named(path)
    _load()


def save_chart(figure: "Figure", path: str | Path, *, dpi: int = 130) -> Path:
    """Write a figure atomically as PNG, SVG or PDF according to the suffix, and return the path.

    The same figure gives the same file: neither the day nor random ids are in it.

    Raises
    ------
    QueryError
        If the name of the file does not have the suffix of a chart.
    """
    target = chart_named(path)
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(target.suffix.lower())
    with replacing(target) as temporary, _drawing():
        # First in memory: on a full disk the writer of PDF fails with an error of its own.
        image = BytesIO()
        figure.savefig(image, format=target.suffix.lower()[1:], dpi=dpi, metadata=undated)
        temporary.write_bytes(image.getvalue())
    return target


@contextmanager
def _drawing() -> Iterator[None]:
    """Draw without LaTeX and random ids, and without a warning for each character that no font of the machine has."""
    from matplotlib import rc_context

    with warnings.catch_warnings(), rc_context({"svg.hashsalt": "landbridge", "text.usetex": False}):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
