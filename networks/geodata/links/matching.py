"""Matching: the geometry and length of each link, measured on a base map.

The ends and waypoints of a link are snapped to the base map; the link is the shortest path through them. Track of
another gauge, or in a country that the link does not pass, counts double, so that a link does not stray across a border
or into a yard. If the base map has no line, a hand-drawn one is used, or else great circles through the waypoints.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.files import replacing, write_csv
from landbridge.networks.geodata.bases.hand_drawn import DrawnLine
from landbridge.networks.geodata.bases.line_base import LineBase, NoPathError, way_round
from landbridge.networks.geometry.flatgeobuf import simplified
from landbridge.networks.geometry.sphere import Point, great_circle_km, line_km
from landbridge.networks.tables.waypoints import link_points

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, PlaceRow

SNAP_KM: Final = 5.0
"""Distance of a link's end from the base map above which the snap is a fault."""

WAYPOINT_KM: Final = 6.0
"""Distance from the base map above which a waypoint is ignored."""

LONG_SEGMENT_KM: Final = 60.0
"""Straight pieces longer than this are reported."""

MATCHED, HAND_DRAWN, GREAT_CIRCLE = "matched", "hand_drawn", "great_circle"

_MARGIN_DEGREES = 1.5
_ASTRAY_KM = 5.0  # border stations are some km beyond the border
_STRAIGHT_SHARE = 0.5  # with more than this of its length drawn straight, a link is not matched
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snap:
    """Snap of an end or waypoint of a link to the base map; `used` is False for a waypoint too far from any line."""

    link: str
    what: str
    point: Point
    on_line: Point
    km: float
    used: bool = True


_DRAWN_SHARES = (0.97, 1.45)  # allowed range of the length relative to the line drawn through the waypoints

DOUBTFUL_PCT: Final = 15.0
"""If the measured length differs by more from the known one, the link keeps its length and its drawn line."""


@dataclass(frozen=True)
class Match:
    """The line of a link from `from` to `to`, its length, the method, and notes."""

    link: str
    mode: str
    points: list[Point]
    length_km: float
    method: str
    snaps: tuple[Snap, ...] = ()
    published_km: float | None = None
    notes: tuple[str, ...] = ()
    drawn_km: float | None = None

    @property
    def difference_pct(self) -> float | None:
        """Difference of the measured from the published length in per cent."""
        return None if not self.published_km else 100 * (self.length_km / self.published_km - 1)

    @property
    def doubtful(self) -> bool:
        """Whether the length is so far from the known one, or the drawn line, that likely another line was matched."""
        if self.method != MATCHED:
            return False
        if self.difference_pct is not None:
            return abs(self.difference_pct) > DOUBTFUL_PCT
        least, most = _DRAWN_SHARES
        return bool(self.drawn_km) and not least <= self.length_km / (self.drawn_km or 1.0) <= most

    @property
    def longest_segment_km(self) -> float:
        """Length of the longest straight piece."""
        return max((great_circle_km(*pair) for pair in pairwise(self.points)), default=0.0)


def published_km(link: "LinkRow") -> float | None:
    """Return the length with which the measured one is compared: the published one, or that of the table."""
    km = link["published_km"] or link["length_km"]
    return None if km is None else float(km)


def match_links(
    links: Iterable["LinkRow"],
    places: Mapping[str, "PlaceRow"],
    base: LineBase,
    *,
    drawn: Sequence[DrawnLine] = (),
    margin_degrees: float = _MARGIN_DEGREES,
) -> list[Match]:
    """Return the match of each link.

    Parameters
    ----------
    links
        Rows of the table `links`.
    places
        Rows of the table `places` by id.
    base
        Healed lines.
    drawn
        Hand-drawn lines; one that names a link is the geometry of that link.
    margin_degrees
        How far a link may extend beyond the bounding box of its points.
    """
    by_link = {link: line for line in drawn for link in line.links}
    return [
        _drawn_match(link, places, by_link[link["id"]])
        if link["id"] in by_link
        else match_link(link, places, base, margin_degrees=margin_degrees)
        for link in links
    ]


def match_link(
    link: "LinkRow", places: Mapping[str, "PlaceRow"], base: LineBase, *, margin_degrees: float = _MARGIN_DEGREES
) -> Match:
    """Return the shortest path of a link on the base map through its waypoints, great circles if there is none."""
    points = link_points(link, dict(places))
    snaps, nodes = _snap(link, base, points)
    far = [snap for snap in (snaps[0], snaps[-1]) if snap.km > SNAP_KM]
    notes = [f"{snap.what} is {snap.km:.1f} km from the base map" for snap in far]
    if far and any(snap.km > _hopeless_km(points) for snap in far):
        return _great_circles(link, points, snaps, (*notes, "there is no line of the base map nearby"))
    part, kept = base.crop(_box(base, nodes, points, margin_degrees))
    penalty = _penalty(part, link, places)
    path, km, straight = _through(part, np.searchsorted(kept, nodes), penalty)
    astray = replace(part, km=penalty).path_km(path) - straight
    if astray > _ASTRAY_KM:
        notes.append(f"{astray:.0f} km on track of another gauge, or of a country that the link does not name")
    if straight:
        notes.append(f"{straight:.0f} km drawn straight between stations that no line of the base map connects")
    skipped = sum(not snap.used for snap in snaps)
    if skipped:
        notes.append(f"{skipped} waypoints are more than {WAYPOINT_KM:g} km from the base map")
    length = km + snaps[0].km + snaps[-1].km
    if straight > _STRAIGHT_SHARE * length:
        return _great_circles(link, points, snaps, tuple(notes))
    line = [points[0], *part.points(path), points[-1]]
    longest = max((great_circle_km(*pair) for pair in pairwise(line)), default=0.0)
    if longest > LONG_SEGMENT_KM:
        notes.append(f"the base map draws {longest:.0f} km straight, but with the true length")
    return Match(
        link["id"],
        link["mode"],
        line,
        length,
        MATCHED,
        tuple(snaps),
        published_km(link),
        tuple(notes),
        line_km(points),
    )


def snapped_nodes(link: "LinkRow", places: Mapping[str, "PlaceRow"], base: LineBase) -> Ints:
    """Return the nodes of the ends and waypoints of a link that are on the base map, in order."""
    snaps, nodes = _snap(link, base, link_points(link, dict(places)))
    near = np.array([snap.km <= SNAP_KM for snap in snaps if snap.used])
    return np.asarray(nodes[near], dtype=np.int64)


def _hopeless_km(points: list[Point]) -> float:
    """Return the distance of an end from the base map at which a match would be meaningless."""
    return max(SNAP_KM, 0.15 * line_km(points))


def _snap(link: "LinkRow", base: LineBase, points: list[Point]) -> tuple[list[Snap], Ints]:
    names = [link["from"], *(f"waypoint {number}" for number in range(1, len(points) - 1)), link["to"]]
    found, km = _nearest_on_one_piece(base, points)
    last = len(points) - 1
    snaps = [
        Snap(link["id"], name, point, on_line, float(distance), bool(index in {0, last} or distance <= WAYPOINT_KM))
        for index, (name, point, on_line, distance) in enumerate(
            zip(names, points, base.points(found), km, strict=True)
        )
    ]
    return snaps, found[[snap.used for snap in snaps]]


def _nearest_on_one_piece(base: LineBase, points: list[Point]) -> tuple[Ints, Floats]:
    """Return the nearest nodes of points, all in the connected component nearest to both ends.

    An isolated siding may be nearer to a place than the line.
    """
    start, end = (_pieces_near(base, point) for point in (points[0], points[-1]))
    common = start.keys() & end.keys()
    if not common:
        return base.nearest(points)
    piece = min(common, key=lambda number: start[number] + end[number])
    west, south, east, north = (float(edge) for edge in _bounds(points))
    around = (base.lon > west - 0.5) & (base.lon < east + 0.5) & (base.lat > south - 0.5) & (base.lat < north + 0.5)
    return base.nearest(points, np.flatnonzero(around & (base.pieces == piece)))


def _pieces_near(base: LineBase, point: Point) -> dict[int, float]:
    """Return the connected components within `SNAP_KM` of a point and their distances."""
    nodes, km = base.near(point, SNAP_KM)
    nearest: dict[int, float] = {}
    for piece, distance in zip(base.pieces[nodes].tolist(), km.tolist(), strict=True):
        nearest.setdefault(piece, distance)
    return nearest


def _bounds(points: list[Point]) -> tuple[float, float, float, float]:
    lon, lat = zip(*points, strict=True)
    return min(lon), min(lat), max(lon), max(lat)


def _box(base: LineBase, nodes: Ints, points: list[Point], margin: float) -> tuple[float, float, float, float]:
    lon = [*base.lon[nodes].tolist(), *(point[0] for point in points)]
    lat = [*base.lat[nodes].tolist(), *(point[1] for point in points)]
    return min(lon) - margin, min(lat) - margin, max(lon) + margin, max(lat) + margin


def _penalty(base: LineBase, link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> Floats:
    """Return the penalty that doubles track of another gauge, or in a country that the link does not pass."""
    wrong = np.zeros(base.edge_count, dtype=bool)
    if base.gauge is not None and link["gauge"]:
        wrong |= (base.gauge > 0) & (base.gauge != link["gauge"])
    if base.country is not None:
        allowed = set(link["countries"] or (places[link["from"]]["country"], places[link["to"]]["country"]))
        index = [number for number, code in enumerate(base.countries) if code in allowed or not code]
        wrong |= (base.country >= 0) & ~np.isin(base.country, index)
    return np.where(wrong, base.km, 0.0)


def _through(base: LineBase, nodes: Ints, penalty: Floats) -> tuple[Ints, float, float]:
    """Return the path through nodes in order, its length, and how much of it is drawn straight for lack of a line.

    The path does not go out and back to a waypoint beside the line.
    """
    stops = [node for place, node in enumerate(nodes.tolist()) if place == 0 or node != nodes[place - 1]]
    whole: list[int] = stops[:1]
    straight = 0.0
    weighted = replace(base, km=base.km + penalty)  # its matrix serves all stretches
    for start, end in pairwise(stops):
        try:
            path = weighted.shortest_path(start, end, limit_km=2 * way_round(base, start, end))[0].tolist()
        except NoPathError:
            path = [start, end]
            straight += great_circle_km(*base.points(path))
        for node in path[1:]:
            if len(whole) > 1 and whole[-2] == node:
                whole.pop()
            else:
                whole.append(node)
    return np.array(whole, dtype=np.int64), base.path_km(whole), straight


def _great_circles(link: "LinkRow", points: list[Point], snaps: list[Snap], notes: tuple[str, ...]) -> Match:
    length = line_km(points)
    return Match(link["id"], link["mode"], points, length, GREAT_CIRCLE, tuple(snaps), published_km(link), notes)


def _drawn_match(link: "LinkRow", places: Mapping[str, "PlaceRow"], line: DrawnLine) -> Match:
    """Return the hand-drawn line of a link, from place to place."""
    own = link_points(link, dict(places))
    start, end = own[0], own[-1]
    drawn = list(line.points)
    if drawn and great_circle_km(start, drawn[0]) > great_circle_km(start, drawn[-1]):
        drawn.reverse()
    points = [start, *(point for point in drawn if point not in (start, end)), end] if drawn else own
    note = f"{line.name}, {line.status}" + (f": {line.note}" if line.note else "")
    return Match(
        link["id"], link["mode"], points, line.length_km or line_km(points), HAND_DRAWN, (), published_km(link), (note,)
    )


def write_geometry(path: Path, matches: Sequence[Match]) -> None:
    """Write the lines as FlatGeobuf with `link`, `length_km` and `method`, atomically."""
    import geopandas as gpd

    frame = gpd.GeoDataFrame(
        {
            "link": [match.link for match in matches],
            "length_km": [round(match.length_km, 2) for match in matches],
            "method": [match.method for match in matches],
        },
        geometry=[simplified(match.points) for match in matches],
        crs="EPSG:4326",
    )
    with replacing(path) as temporary:
        frame.to_file(temporary, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def write_snaps(path: Path, matches: Sequence[Match]) -> None:
    """Write each snap as a GeoJSON line from the place or waypoint to the base map, with its distance."""
    from shapely.geometry import LineString

    from landbridge.networks.geometry.geojson import feature, write_feature_collection

    write_feature_collection(
        path,
        [
            feature(
                LineString([snap.point, snap.on_line]),
                {
                    "link": snap.link,
                    "what": snap.what,
                    "km": round(snap.km, 3),
                    "used": snap.used,
                    "fault": not snap.what.startswith("waypoint") and snap.km > SNAP_KM,
                },
            )
            for match in matches
            for snap in match.snaps
        ],
    )


LENGTH_COLUMNS: Final = (
    "link", "mode", "method", "length_km", "published_km", "difference_pct", "longest_segment_km", "snap_from_km",
    "snap_to_km", "notes",
)  # fmt: skip
"""Columns of the length report."""


def write_lengths(path: Path, matches: Sequence[Match]) -> None:
    """Write measured and published lengths as CSV."""
    rows = (dict(zip(LENGTH_COLUMNS, _length_row(match), strict=True)) for match in matches)
    write_csv(path, rows, LENGTH_COLUMNS)


def _length_row(match: Match) -> list[str]:
    ends = (match.snaps[0].km, match.snaps[-1].km) if match.snaps else (None, None)
    numbers = (match.length_km, match.published_km, match.difference_pct, match.longest_segment_km, *ends)
    texts = ["" if number is None else f"{number:.1f}" for number in numbers]
    return [match.link, match.mode, match.method, *texts, "; ".join(match.notes)]
