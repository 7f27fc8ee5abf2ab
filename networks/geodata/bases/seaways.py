"""The sea base map: the marine network of the package `searoute`, corrected for freight between Asia and Europe.

The network as distributed crosses land at 650 places, lacks the Kiel Canal, has few lanes in the Caspian, and labels
the Northern Sea Route as part of the Northwest Passage. `data/sea_lanes.csv` drops such lanes and adds others: around
land, through canals and straits, across the enclosed seas, and the approaches of ports. They were drawn around the land
polygons of OpenStreetMap; river and canal mouths, canals and the North Pacific lane to the Bering Strait by hand.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.arrays import Indices
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.bases.line_base import LineBase, NoPathError, line_base, packaged_file
from landbridge.networks.geodata.bases.passages import (
    Passage,
    closed_passages,
    passages_not_named,
    passages_of,
    read_passages,
)
from landbridge.networks.geometry.sphere import Point, densify
from landbridge.networks.tables.csv_rows import made_of_rows
from landbridge.networks.tables.waypoints import parse_waypoints
from landbridge.networks.words import counted

LANES_FILE: Final = "sea_lanes.csv"
"""Table of the corrections, in the folder of the bundled data."""

STEP_KM: Final = 25.0
"""Longest piece of a lane: a point on a lane is at most half of this from a node."""

_PACKAGE: Final = "searoute"
_DECIMALS = 6  # of a degree: the precision of the network's coordinates, without rounding noise
_LOG = logging.getLogger(__name__)

Piece = frozenset[Point]
"""An undirected lane between two adjacent points."""


@dataclass(frozen=True)
class LaneChanges:
    """Corrections of the network: pieces to drop and lanes to add."""

    dropped: frozenset[Piece]
    added: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, eq=False)
class SeaBase:
    """Sea lanes, and the passage of each of their edges.

    Attributes
    ----------
    lines
        The lanes.
    passages
        Straits, canals and seasonal waters.
    passage
        Index in `passages` for each edge of `lines`, -1 for open sea.
    """

    lines: LineBase
    passages: tuple[Passage, ...]
    passage: Indices

    def __repr__(self) -> str:
        """Return the sizes."""
        edges, passages = counted(self.lines.edge_count, "edge"), counted(len(self.passages), "passage")
        return f"<SeaBase: {edges}, {self.lines.km.sum():.0f} km, {passages}>"

    def open_lines(self, closed: frozenset[str]) -> LineBase:
        """Return the lanes outside the closed passages; nodes keep their indices."""
        return _open_lines(self, closed)


@dataclass(frozen=True)
class SeaPath:
    """A sea route: its points from place to place, length, passages, and the distances of its ends from a lane."""

    points: list[Point]
    km: float
    passages: tuple[str, ...]
    snap_km: tuple[float, float]


@lru_cache(maxsize=1)
def sea_base() -> SeaBase:
    """Return the sea base map: the network of the package `searoute` with the bundled corrections.

    Raises
    ------
    DataError
        If the package is missing, or one of the files is invalid.
    """
    return make_sea_base(read_marnet(marnet_file()), read_lanes(), read_passages())


def match_sea_link(
    base: SeaBase, points: Sequence[Point], passages: Iterable[str] = (), avoid: Iterable[str] = ()
) -> tuple[list[Point], float]:
    """Return the line of a sea or ferry link from place to place, and its length in km.

    Parameters
    ----------
    base
        Sea lanes.
    points
        The ends of the link, with its waypoints between them. The line does not pass through waypoints: they only tell
        which canals and waters the link uses.
    passages
        Passages that the link names. Unknown ones (inland waterways) are ignored.
    avoid
        Passages to close.

    Raises
    ------
    NoPathError
        If its ends are not connected through the straits and the passages that the link names.

    Notes
    -----
    Straits are always open. Canals, the Cape and seasonal waters are open only to links that name them or are drawn
    through them.
    """
    known = {passage.id for passage in base.passages}
    drawn = passages_of(densify(list(points), STEP_KM), base.passages) if len(points) > 2 else ()
    named = (set(passages) & known) | set(drawn)
    shut = passages_not_named(base.passages, named) | set(avoid)
    path = _path(base, points[0], points[-1], closed_passages(base.passages, named=named, avoid=shut))
    if missing := (set(passages) & known) - set(path.passages):
        _LOG.warning("the link from %s to %s does not use %s", points[0], points[-1], ", ".join(sorted(missing)))
    return path.points, path.km


@lru_cache(maxsize=16)
def _open_lines(base: SeaBase, closed: frozenset[str]) -> LineBase:
    numbers = [number for number, passage in enumerate(base.passages) if passage.id in closed]
    return base.lines.keep(~np.isin(base.passage, numbers))


def marnet_file() -> Path:
    """Return the file of the marine network of `searoute` without importing the package.

    Raises
    ------
    DataError
        If the package is not installed, or has no such file.
    """
    return packaged_file(_PACKAGE, "data/marnet_searoute.geojson", "the marine network")


def read_marnet(path: Path) -> set[Piece]:
    """Read a marine network in GeoJSON: the pieces of its lines, longitudes within -180 to 180.

    Raises
    ------
    DataError
        If the file is not a collection of lines with valid coordinates.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {piece for feature in features for piece in _pieces_of(feature["geometry"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not a marine network in GeoJSON ({error!r}); install {_PACKAGE} again") from error


def read_lanes(path: Path | None = None) -> LaneChanges:
    """Read the corrections, the bundled ones by default.

    Raises
    ------
    DataError
        If rows are wrong; all faults are listed.
    """
    lanes: dict[str, list[tuple[Point, ...]]] = {"drop": [], "add": []}
    made_of_rows(
        path or DATA_DIR / LANES_FILE,
        lambda row: lanes[row["action"]].append(_lane(row["points"])),
        "give drop or add, and 'lon lat;lon lat'",
    )
    dropped = frozenset(piece for lane in lanes["drop"] for piece in _pieces(lane))
    return LaneChanges(dropped, tuple(lanes["add"]))


def make_sea_base(pieces: set[Piece], changes: LaneChanges, passages: tuple[Passage, ...]) -> SeaBase:
    """Correct a marine network, and determine the passage of each of its edges.

    Pieces that the corrections disconnect from the sea are removed; a component made only of added lanes is kept.
    """
    if unknown := changes.dropped - pieces:
        _LOG.warning("%d lanes to drop are not in the network; it may be another version of %s", len(unknown), _PACKAGE)
    kept = sorted(tuple(sorted(piece)) for piece in pieces - changes.dropped)
    whole = line_base([*kept, *changes.added])
    lines = _subdivided(_without_stray(whole, len(kept)))
    return SeaBase(lines, passages, _tagged(lines, passages))


def _path(base: SeaBase, start: Point, end: Point, closed: frozenset[str]) -> SeaPath:
    (first, last), (off_start, off_end) = (array.tolist() for array in base.lines.nearest([start, end]))
    try:
        nodes, km = base.open_lines(closed).shortest_path(first, last)
    except NoPathError as error:
        raise NoPathError(
            f"no sea route from {_latlon(start)} to {_latlon(end)} with {', '.join(sorted(closed))} closed;"
            " open a passage, or add a lane to the sea base map"
        ) from error
    line = base.lines.points(nodes)
    points = [start, *(point for point in line if point not in {start, end}), end]
    return SeaPath(points, km + off_start + off_end, passages_of(line, base.passages), (off_start, off_end))


def _latlon(point: Point) -> str:
    return f"{point[1]:.3f},{point[0]:.3f}"


def _pieces_of(geometry: dict[str, Any]) -> Iterator[Piece]:
    lines = geometry["coordinates"]
    for line in lines if geometry["type"] == "MultiLineString" else [lines]:
        yield from _pieces([_point(*position[:2]) for position in line])


def _pieces(line: Sequence[Point]) -> Iterator[Piece]:
    return (frozenset(pair) for pair in pairwise(line) if pair[0] != pair[1])


def _lane(text: str) -> tuple[Point, ...]:
    points = tuple(_point(*point) for point in parse_waypoints(text))
    if len(points) < 2:
        raise ValueError("a lane has at least two points")
    return points


def _point(lon: float, lat: float) -> Point:
    """Return a point of the network, with -180 as 180 degrees, so that lanes from either side meet."""
    if not (-360 <= lon <= 360 and -90 <= lat <= 90):
        raise ValueError(f"{lon} {lat} is out of range")
    return round((lon + 180) % 360 - 180, _DECIMALS), round(lat, _DECIMALS)


def _without_stray(base: LineBase, first_added: int) -> LineBase:
    """Keep the largest component and those with added lanes only; edges from `first_added` on are added lanes."""
    component = base.pieces[base.tail]
    main = np.bincount(component).argmax()
    mixed = np.unique(component[:first_added])
    keep = (component == main) | ~np.isin(component, mixed)
    part = base.keep(keep)
    nodes, ends = np.unique(np.concatenate([part.tail, part.head]), return_inverse=True)
    tail, head = np.split(ends.astype(np.int64), 2)
    return LineBase(base.lon[nodes], base.lat[nodes], tail, head, part.km)


def _subdivided(base: LineBase) -> LineBase:
    """Cut edges into great-circle pieces of at most `STEP_KM`."""
    points = base.points(np.arange(base.node_count))
    ends = zip(base.tail.tolist(), base.head.tolist(), strict=True)
    return line_base([[_point(*point) for point in densify([points[a], points[b]], STEP_KM)] for a, b in ends])


def _tagged(lines: LineBase, passages: tuple[Passage, ...]) -> Indices:
    start = np.column_stack([lines.lon[lines.tail], lines.lat[lines.tail]])
    end = np.column_stack([lines.lon[lines.head], lines.lat[lines.head]])
    tags = np.full(lines.edge_count, -1, dtype=np.int32)
    for number, passage in enumerate(passages):
        tags[passage.crossed_by(start, end)] = number
    return tags
