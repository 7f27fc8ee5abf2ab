"""The sea base: the marine network of the package `searoute`, put right where freight between Asia and Europe goes.

The network as it ships crosses land at 650 places, has no Kiel Canal, few lanes in the Caspian, and takes the
Northern Sea Route for a part of the Northwest Passage. `data/sea_lanes.csv` drops such lanes and adds others: round
the land, through canals and straits, across the enclosed seas, and the approaches of the ports. They were drawn round
the land polygons of OpenStreetMap; river and canal mouths, canals and the
North Pacific lane to the Bering Strait by hand.
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
from landbridge.networks.geodata.bases.passages import STRAIT, Passage, closed_passages, passages_of, read_passages
from landbridge.networks.geometry.sphere import Point, densify
from landbridge.networks.tables.csv_rows import made_of_rows
from landbridge.networks.tables.waypoints import parse_waypoints

LANES_FILE: Final = "sea_lanes.csv"
"""Table of the corrections, in the folder of the bundled data."""

STEP_KM: Final = 25.0
"""Longest piece of a lane: a place at sea then meets a lane within half of it."""

_PACKAGE: Final = "searoute"
_DECIMALS = 6  # of a degree: what the network's coordinates have, without the noise of their last bits
_LOG = logging.getLogger(__name__)

Piece = frozenset[Point]
"""A lane between two neighbouring points, without direction."""


@dataclass(frozen=True)
class LaneChanges:
    """Corrections of the network: pieces to drop, and lanes to add."""

    dropped: frozenset[Piece]
    added: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, eq=False)
class SeaBase:
    """Sea lanes, and the passage that each of their edges goes through.

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
        return f"<SeaBase: {self.lines.edge_count} edges, {self.lines.km.sum():.0f} km, {len(self.passages)} passages>"

    def open_lines(self, closed: frozenset[str]) -> LineBase:
        """Return the lanes outside the passages that are closed; nodes keep their numbers."""
        return _open_lines(self, closed)


@dataclass(frozen=True)
class SeaPath:
    """A way over sea: its points from place to place, its length, the passages on it, and how far the ends lie off."""

    points: list[Point]
    km: float
    passages: tuple[str, ...]
    snap_km: tuple[float, float]


@lru_cache(maxsize=1)
def sea_base() -> SeaBase:
    """Return the sea base: the network of the package `searoute` with the bundled corrections.

    Raises
    ------
    DataError
        If the package is missing, or one of the files is not what is expected.
    """
    return make_sea_base(read_marnet(marnet_file()), read_lanes(), read_passages())


def match_sea_link(
    base: SeaBase, points: Sequence[Point], passages: Iterable[str] = (), avoid: Iterable[str] = ()
) -> tuple[list[Point], float]:
    """Return the line of a sea or ferry link, from place to place, and its length in km.

    Parameters
    ----------
    base
        Sea lanes.
    points
        The ends of the link, and between them its waypoints. The line takes no detour by a waypoint: they tell which
        canals and waters the link goes through.
    passages
        Passages that the link names. Those known here count, others (inland waterways) are left alone.
    avoid
        Passages to close.

    Raises
    ------
    NoPathError
        If the passages that the link names, and the straits, do not join its ends.

    Notes
    -----
    Straits are free to all. Canals, the Cape and seasonal waters are free to a link that names them or is drawn
    through them, and shut to others: a lane to Suez does not turn round the Cape because the base has it shorter.
    """
    known = {passage.id for passage in base.passages}
    drawn = passages_of(densify(list(points), STEP_KM), base.passages) if len(points) > 2 else ()
    named = (set(passages) & known) | set(drawn)
    others = {passage.id for passage in base.passages if passage.use != STRAIT} - named
    path = _path(base, points[0], points[-1], closed_passages(base.passages, named=named, avoid={*others, *avoid}))
    if missing := (set(passages) & known) - set(path.passages):
        _LOG.warning("the link from %s to %s misses %s", points[0], points[-1], ", ".join(sorted(missing)))
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
        If the file is not a collection of lines within the world.
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
    """Put a marine network right, and say which passage each of its edges goes through.

    Pieces that the corrections cut off from the sea are left out; an added lane on a lake of its own stays.
    """
    if unknown := changes.dropped - pieces:
        _LOG.warning("%d lanes to drop are not in the network: is it another version of %s?", len(unknown), _PACKAGE)
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
            f"no way over sea from {_latlon(start)} to {_latlon(end)} with {', '.join(sorted(closed))} shut;"
            " open a passage, or add a lane to the sea base"
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
        raise ValueError("a lane has two points at least")
    return points


def _point(lon: float, lat: float) -> Point:
    """Return a point of the network: 180 degrees are one meridian, on which lanes from either side meet."""
    if not (-360 <= lon <= 360 and -90 <= lat <= 90):
        raise ValueError(f"{lon} {lat} lies outside the world")
    return round((lon + 180) % 360 - 180, _DECIMALS), round(lat, _DECIMALS)


def _without_stray(base: LineBase, first_added: int) -> LineBase:
    """Keep the largest component, and those made of added lanes alone; edges from `first_added` on are added."""
    component = base.pieces[base.tail]
    main = np.bincount(component).argmax()
    mixed = np.unique(component[:first_added])
    keep = (component == main) | ~np.isin(component, mixed)
    part = base.keep(keep)
    nodes, ends = np.unique(np.concatenate([part.tail, part.head]), return_inverse=True)
    tail, head = np.split(ends.astype(np.int64), 2)
    return LineBase(base.lon[nodes], base.lat[nodes], tail, head, part.km)


def _subdivided(base: LineBase) -> LineBase:
    """Cut edges into pieces of great circle of `STEP_KM` at most."""
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
