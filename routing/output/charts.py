"""Charts with matplotlib (the extra `plot`), which is loaded when one is drawn and needs no display."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError, extra_cure
from landbridge.networks.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES: Final = (".png", ".svg", ".pdf")
"""File name suffixes of charts."""


class PlotError(QueryError, ImportError):
    """A chart was requested but matplotlib is not installed."""


def new_figure(**options: Any) -> "Figure":
    """Return an empty figure, with the options of `matplotlib.figure.Figure`.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotError(f"charts need matplotlib; {extra_cure('plot')}") from error
    figure = Figure(**options)
    FigureCanvasAgg(figure)
    return figure


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


def save_chart(figure: "Figure", path: str | Path, *, dpi: int = 130) -> Path:
    """Write a figure atomically as PNG, SVG or PDF according to the suffix, and return the path.

    Raises
    ------
    QueryError
        If the name of the file does not have the suffix of a chart.
    """
    target = chart_named(path)
    with replacing(target) as temporary:
        figure.savefig(temporary, dpi=dpi)
    return target
