"""Barriers: gaps that must stay open, since something else is known to be there than a line in use.

That is a railway that is shut, planned or of a gauge that cannot be read; a level crossing of two tracks; the sea.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

import numpy as np

from landbridge.networks.geodata.bases.land import sea_km
from landbridge.networks.geodata.bases.line_base import distances_km
from landbridge.networks.geodata.osm.ways import ShutLine, Ways
from landbridge.networks.geodata.repair.healing import TOUCH_KM, Weld
from landbridge.networks.geometry.sphere import EARTH_RADIUS_KM, Point, great_circle_km

SEA_KM: Final = 0.3
"""Length over the sea above which a gap is not closed; less is within the accuracy of the coast."""

_KM_PER_DEGREE = np.pi * EARTH_RADIUS_KM / 180
_WIDTH, _MAX_WIDTH_KM, _LEAST_KM = 1 / 8, 1.0, 0.02


class Barriers:
    """What stands in the way of closing gaps.

    Attributes
    ----------
    refused
        The gaps left open, with the reason.
    """

    def __init__(self, ways: Ways, more: Iterable[ShutLine] = ()) -> None:
        self.shut = [line for line in (*ways.shut, *more) if len(line.points) > 1]
        self.crossings = _parted(ways)
        self.refused: dict[tuple[Point, Point], Weld] = {}

    def refuse(self, start: Point, end: Point) -> bool:
        """Return whether a gap has to stay open, and record it."""
        why = self.reason(start, end)
        if why is not None:
            self.refused[min(start, end), max(start, end)] = Weld(great_circle_km(start, end), start, end, why)
        return why is not None

    def reason(self, start: Point, end: Point) -> str | None:
        """Return the reason for which a gap between two points (lon, lat) has to stay open, None if there is none."""
        if self._at_crossing(start, end):
            return "two tracks cross here without a switch"
        if (shut := self._shut_between(start, end)) is not None:
            return shut
        wet_km = sea_km(start, end) if great_circle_km(start, end) > SEA_KM else 0.0
        return f"{wet_km:.1f} km of it are sea" if wet_km > SEA_KM else None

    def _at_crossing(self, start: Point, end: Point) -> bool:
        if not self.crossings:
            return False
        lon, lat = np.array(self.crossings).T
        middle = np.array([start, end]).mean(axis=0)
        return bool(distances_km(lon, lat, middle[:1], middle[1:]).min() <= TOUCH_KM)

    @cached_property
    def _tree(self) -> Any:
        import shapely

        return shapely.STRtree([shapely.LineString(line.points) for line in self.shut])

    def _shut_between(self, start: Point, end: Point) -> str | None:
        """Return what is shut between two points: a line that leads near both, or along half of the gap."""
        import shapely

        gap_km = great_circle_km(start, end)
        if not self.shut or gap_km < _LEAST_KM:
            return None
        area = shapely.LineString([start, end]).buffer(2 * gap_km / _KM_PER_DEGREE)
        near = [self.shut[number] for number in sorted(self._tree.query(area).tolist())]
        to_plane = np.array([np.cos(np.radians(start[1])), 1.0]) * _KM_PER_DEGREE
        gap = shapely.LineString((np.array([start, end]) - start) * to_plane)
        width_km = min(_WIDTH * gap_km, _MAX_WIDTH_KM)
        wide = [shapely.LineString((np.array(line.points) - start) * to_plane).buffer(width_km) for line in near]
        ends = shapely.points(shapely.get_coordinates(gap))
        for part in shapely.get_parts(shapely.union_all(wide)):
            if shapely.intersects(part, ends).all() or part.intersection(gap).length >= gap.length / 2:
                ways = [line for line, shape in zip(near, wide, strict=True) if shape.intersects(part)]
                return ", ".join(dict.fromkeys(f"{line.reason} (way {line.way})" for line in ways))
        return None


def _parted(ways: Ways) -> list[Point]:
    """Return the level crossings at which two tracks have nodes of their own."""
    wanted = set(ways.level_crossings)
    points = zip(ways.lon.tolist(), ways.lat.tolist(), strict=True) if wanted else ()
    count = Counter(point for point in points if point in wanted)
    return [point for point, nodes in count.items() if nodes > 1]
