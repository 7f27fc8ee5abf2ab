"""The chart of a sweep: how each numeric output is distributed over the rows."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.meta import Meta
from landbridge.routing.output.charts import WIDTH_IN, framed, new_figure, nothing, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST: Final = 9
_ACROSS: Final = 3
_HEIGHT_IN: Final = 2.3
_BINS: Final = 20
_COLOUR, _MIDDLE = "#99bbdd", "#cc3311"


def sweep_chart(numbers: Mapping[str, Sequence[float]], title: str, meta: Meta) -> "Figure":
    """Return a histogram of each output with its median, of many the first ones.

    Parameters
    ----------
    numbers
        The finite numbers of each output by name.
    """
    shown = dict(list(numbers.items())[:_MOST])
    down = max(1, math.ceil(len(shown) / _ACROSS))
    across = max(1, min(_ACROSS, len(shown)))
    figure = new_figure(figsize=(WIDTH_IN, 1.2 + _HEIGHT_IN * down), layout="constrained")
    panels = figure.subplots(down, across, squeeze=False).ravel().tolist()
    for axes, (name, values) in zip(panels, shown.items(), strict=False):
        _histogram(axes, name, np.array(values))
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    if not shown:
        nothing(panels[0], "no output is a number")
    more = f"; the first {len(shown)} of {len(numbers)} outputs" if len(shown) < len(numbers) else ""
    framed(figure, title, meta, subtitle=f"Number of rows by output; the line is the median{more}")
    return figure


def _histogram(axes: "Axes", name: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    axes.hist(values, bins=_BINS, color=_COLOUR)
    middle = float(np.median(values))
    axes.axvline(middle, color=_MIDDLE, linewidth=1.2)
    axes.set_title(f"{name}: {middle:,.4g}", fontsize=8.5)
    tidy(axes, grid="y")
