"""Places side by side of itineraries that share a part of their way, so that a map hides none of them."""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final

import numpy as np

_CELL_DEGREES: Final = 1.0
_MEETING_CELLS: Final = 3
"""Ways with at most so many cells in common only meet or cross."""


def lanes(ways: Sequence[Sequence[Any]]) -> list[int]:
    """Return the lane of each way: 0 on its line, 1 and 2 to the right of it, -1 and -2 to the left.

    A way lies in the innermost lane that no earlier way has with which it shares a stretch.

    Parameters
    ----------
    ways
        Lines of each way in WGS 84, the most important way first.

    Examples
    --------
    >>> from shapely import LineString
    >>> east, far = LineString([(0, 0), (9, 0)]), LineString([(0, 50), (9, 50)])
    >>> lanes([[east], [east], [far], [east]])
    [0, 1, 0, -1]
    """
    cells = [_cells(lines) for lines in ways]
    found: list[int] = []
    for number, own in enumerate(cells):
        taken = {lane for lane, other in zip(found, cells[:number], strict=True) if len(own & other) > _MEETING_CELLS}
        found.append(next(lane for step in count() for lane in (step, -step) if lane not in taken))
    return found


def _cells(lines: Sequence[Any]) -> set[tuple[int, ...]]:
    """Return the cells of the grid that lines pass."""
    import shapely

    dense = shapely.get_coordinates(shapely.segmentize(list(lines), _CELL_DEGREES / 2))
    return set(map(tuple, np.floor(dense / _CELL_DEGREES).astype(int).tolist()))
