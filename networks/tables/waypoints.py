"""The points through which a link is drawn, from its columns."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landbridge.networks.geometry.sphere import Point

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, PlaceRow


def parse_waypoints(text: str) -> list[Point]:
    """Parse 'lon lat;lon lat' into points.

    Raises
    ------
    ValueError
        If a pair is not two numbers within the range of coordinates.
    """
    points = []
    for pair in text.split(";"):
        numbers = pair.split()
        if len(numbers) != 2:
            raise ValueError(f"{pair!r} is not a pair 'lon lat'")
        lon, lat = map(float, numbers)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"{pair!r} is out of range; the order is 'lon lat'")
        points.append((lon, lat))
    return points


def link_points(link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> list[Point]:
    """Return the ends of a link and the waypoints between them in order."""
    ends = [(places[link[end]]["lon"], places[link[end]]["lat"]) for end in ("from", "to")]
    return [ends[0], *(parse_waypoints(link["waypoints"]) if link["waypoints"] else []), ends[1]]
