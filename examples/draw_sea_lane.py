"""Draw a lane round the land for data/sea_lanes.csv: python draw_sea_lane.py LON,LAT LON,LAT NOTE.

Needs the package `roaring-landmask`, which holds the land polygons of OpenStreetMap (ODbL). Prints a row `add,...`
whose ends are the points given; let one of them be a point of a lane that is there, so that the lanes join.
"""

import csv
import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from roaring_landmask import LandmaskProvider, RoaringLandmask
from scipy.ndimage import distance_transform_edt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.geometry import Point, densify

CELL_DEGREES = 0.01
MARGIN_DEGREES = 0.5
KEEP_OFF_KM = 3.0
"""Distance from land that a ship keeps where it can."""

HARBOUR_KM = 12.0
"""Around its ends a lane may come nearer to land."""

KM_A_DEGREE = 111.2
NEAR_LAND = 4.0  # a kilometre within KEEP_OFF_KM of land counts as this many


class Water:
    """A grid of cells, each with its distance from land in km."""

    def __init__(self, start: Point, end: Point) -> None:
        self.west, self.south = (min(pair) - MARGIN_DEGREES for pair in zip(start, end, strict=True))
        east, north = (max(pair) + MARGIN_DEGREES for pair in zip(start, end, strict=True))
        self.shrink = np.cos(np.radians((self.south + north) / 2))
        lon = np.arange(self.west, east, CELL_DEGREES / self.shrink)
        lat = np.arange(self.south, north, CELL_DEGREES)
        self.lon, self.lat = (grid.ravel() for grid in np.meshgrid(lon, lat))
        self.shape = len(lat), len(lon)
        self.land = RoaringLandmask.new_with_provider(LandmaskProvider.Osm)
        water = ~self.land.contains_many(self.lon, self.lat).reshape(self.shape)
        self.off_km = distance_transform_edt(water) * CELL_DEGREES * KM_A_DEGREE

    def cells(self, points: ArrayLike) -> tuple[Any, Any]:
        """Return rows and columns of points (lon, lat)."""
        lon, lat = np.asarray(points).T
        row = np.rint((lat - self.south) / CELL_DEGREES).astype(int)
        column = np.rint((lon - self.west) * self.shrink / CELL_DEGREES).astype(int)
        return row.clip(0, self.shape[0] - 1), column.clip(0, self.shape[1] - 1)

    def path(self, start: Point, end: Point) -> list[Point]:
        """Return the cells of the shortest way over water, from the water nearest to each end, as (lon, lat)."""
        water = np.flatnonzero(self.off_km.ravel() > 0)
        first, last = (water[self.distances_km(point, water).argmin()] for point in (start, end))
        lengths, before = dijkstra(self.steps(), indices=first, return_predecessors=True)
        if not np.isfinite(lengths[last]):
            sys.exit("no way over water within the window")
        cells = [last]
        while cells[-1] != first:
            cells.append(before[cells[-1]])
        return list(zip(self.lon[cells[::-1]].tolist(), self.lat[cells[::-1]].tolist(), strict=True))

    def distances_km(self, point: Point, cells: Any) -> Any:
        """Return the distances of cells from a point."""
        east = (self.lon[cells] - point[0]) * self.shrink
        return np.hypot(east, self.lat[cells] - point[1]) * KM_A_DEGREE

    def steps(self) -> Any:
        """Return the steps between neighbouring cells of water as a matrix of lengths."""
        rows, columns = self.shape
        index = np.arange(rows * columns).reshape(self.shape)
        weight = np.where(self.off_km < KEEP_OFF_KM, NEAR_LAND, 1.0).ravel()
        pairs = [
            (index[:, :-1], index[:, 1:], 1.0),
            (index[:-1], index[1:], 1.0),
            (index[:-1, :-1], index[1:, 1:], np.sqrt(2)),
            (index[:-1, 1:], index[1:, :-1], np.sqrt(2)),
        ]
        tail, head, length = [], [], []
        for one, other, cells in pairs:
            over = (self.off_km.ravel()[one] > 0) & (self.off_km.ravel()[other] > 0)
            tail.append(one[over])
            head.append(other[over])
            length.append(cells * CELL_DEGREES * KM_A_DEGREE * (weight[one[over]] + weight[other[over]]) / 2)
        tail, head, length = map(np.concatenate, (tail, head, length))
        size = rows * columns
        both = np.concatenate([tail, head]), np.concatenate([head, tail])
        return csr_array((np.concatenate([length, length]), both), shape=(size, size))

    def sees(self, one: Point, other: Point, ends: tuple[Point, Point]) -> bool:
        """Tell whether the great circle between two points keeps off land, and near the lane's ends is over water."""
        line = np.array(densify([one, other], 0.3))
        near = np.zeros(len(line), dtype=bool)
        for end in ends:
            near |= np.hypot((line[:, 0] - end[0]) * self.shrink, line[:, 1] - end[1]) * KM_A_DEGREE < HARBOUR_KM
        off_km = self.off_km[self.cells(line)]
        if not np.all(np.where(near, off_km > 0, off_km >= KEEP_OFF_KM)):
            return False
        return bool(near.all()) or not self.land.contains_many(*(line[~near].T.copy())).any()


def taut(water: Water, line: list[Point]) -> list[Point]:
    """Leave out the points that the line can do without."""
    kept, place = [line[0]], 0
    while place < len(line) - 1:
        place = next(
            (far for far in range(len(line) - 1, place, -1) if water.sees(line[place], line[far], (line[0], line[-1]))),
            place + 1,
        )
        kept.append(line[place])
    return kept


def main() -> None:
    """Print the row of a lane."""
    start, end = (tuple(map(float, text.split(","))) for text in sys.argv[1:3])
    water = Water(start, end)
    line = taut(water, [start, *water.path(start, end), end])
    points = ";".join(f"{round(lon, 4):g} {round(lat, 4):g}" for lon, lat in line)
    csv.writer(sys.stdout, lineterminator="\n").writerow(("add", points, sys.argv[3]))


if __name__ == "__main__":
    main()
