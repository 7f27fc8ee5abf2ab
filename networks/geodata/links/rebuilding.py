"""Rebuild the geometry of a network: heal the rail base map, match each link, write the file and the reports."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.file_sets import writing_set
from landbridge.networks.files import write_csv
from landbridge.networks.geodata.bases.gauges import Unsettled, border_crossings, settle
from landbridge.networks.geodata.bases.hand_drawn import DrawnLine, read_drawn
from landbridge.networks.geodata.bases.line_base import LineBase, NoPathError, distances_km
from landbridge.networks.geodata.bases.railways import HIGHWAYS, rail_base
from landbridge.networks.geodata.bases.seaways import SeaBase, match_sea_link, sea_base
from landbridge.networks.geodata.bases.splitting import split_at
from landbridge.networks.geodata.links.matching import (
    GREAT_CIRCLE,
    MATCHED,
    Match,
    match_links,
    published_km,
    snapped_nodes,
    write_geometry,
    write_lengths,
    write_snaps,
)
from landbridge.networks.geodata.repair.bridging import Stretch, bridge
from landbridge.networks.geodata.repair.healing import Weld, heal, write_welds
from landbridge.networks.geometry.sphere import Point, densify, line_km
from landbridge.networks.meta import meta_of
from landbridge.networks.tables.waypoints import link_points

if TYPE_CHECKING:
    from landbridge.networks.network import Network
    from landbridge.networks.tables.rows import LinkRow, PlaceRow

RAIL_GAP_KM: Final = 9.0
"""Longest gap between facing ends that is closed in the rail base map, which lacks bridges and tunnels."""

REPORTS: Final = ("welds.geojson", "snaps.geojson", "lengths.csv", "borders.csv")
"""File names of the report."""

_JOINT_KM = 1.5  # a hand-drawn line is connected to the base map within this distance of its ends
_CROSSING_STEP_KM = 2.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class RailBuild:
    """The healed rail base map, and what was noticed while building it."""

    base: LineBase
    welds: list[Weld]
    unsettled: list[Unsettled]


def rebuild_geometry(network: "Network", path: Path, *, report: Path | None = None) -> list[Match]:
    """Match the rail, road, sea and ferry links of a network and write their geometry and the reports.

    Parameters
    ----------
    network
        The network, with waypoints of its links.
    path
        FlatGeobuf file to write; an existing one is kept if anything fails.
    report
        Folder for `welds.geojson`, `snaps.geojson`, `lengths.csv` and `borders.csv`; no report if None.

    Raises
    ------
    DataError
        If one of the packages with base maps is missing.
    """
    rail = build_rail(network.links, network.places)
    matches = [
        *match_links(_of_modes(network.links, "rail"), network.places, rail.base, drawn=read_drawn()),
        *match_road_links(_of_modes(network.links, "road"), network.places),
        *match_sea_links(_of_modes(network.links, "sea", "ferry"), network.places, sea_base()),
    ]
    if report is not None:
        with writing_set(report, command="rebuild_geometry", meta=meta_of(network.tables, {})) as new:
            write_welds(new / "welds.geojson", rail.welds)
            write_snaps(new / "snaps.geojson", matches)
            write_lengths(new / "lengths.csv", matches)
            write_borders(new / "borders.csv", rail.unsettled)
    # A doubtful match is likely another line, such as a parallel high-speed line: the link keeps its drawn line.
    write_geometry(path, [match for match in matches if not match.doubtful])
    return matches


def build_rail(
    links: Sequence["LinkRow"], places: Mapping[str, "PlaceRow"], *, base: LineBase | None = None
) -> RailBuild:
    """Return the healed rail base map, split at the stations of the links, with open hand-drawn lines and gauges.

    Parameters
    ----------
    links
        Rows of the table `links`, of which the rail links are used.
    places
        Rows of the table `places` by id.
    base
        Base map to start from; that of `scgraph_data` if None.
    """
    rail = _of_modes(links, "rail")
    stations = [point for link in rail for point in link_points(link, places)]
    drawn = [line for line in read_drawn() if line.joins_base]
    whole = join_drawn(split_at(rail_base() if base is None else base, stations), drawn)
    settled, country, gauge = settle(whole)
    crossings = crossing_points(rail, places)
    healed, welds = heal(
        settled, max_gap_km=RAIL_GAP_KM, gauge_of_node=gauge, country_of_node=country, crossings=crossings
    )
    bridged, bridges = bridge(healed, stretches(rail, places, healed), country, gauge)
    served = {row["country"] for row in places.values()}
    unsettled = [
        item for item in border_crossings(bridged, country, gauge, crossings) if served.issuperset(item.countries)
    ]
    return RailBuild(bridged, sorted([*welds, *bridges]), unsettled)


def match_road_links(
    links: Sequence["LinkRow"], places: Mapping[str, "PlaceRow"], *, base: LineBase | None = None
) -> list[Match]:
    """Return the match of each road link on the highways of `scgraph_data`, split at the places and waypoints.

    The road base map is connected with few gaps, so no healing is needed.
    """
    points = [point for link in links for point in link_points(link, places)]
    roads, _, _ = settle(split_at(rail_base(HIGHWAYS) if base is None else base, points))
    return match_links(links, places, roads)


def match_sea_links(links: Sequence["LinkRow"], places: Mapping[str, "PlaceRow"], base: SeaBase) -> list[Match]:
    """Return the match of each sea or ferry link on the sea lanes, or great circles through its waypoints."""
    return [_sea_match(link, link_points(link, places), base) for link in links]


def stretches(links: Sequence["LinkRow"], places: Mapping[str, "PlaceRow"], base: LineBase) -> list[Stretch]:
    """Return the pairs of consecutive snapped stations along the links."""
    found: list[Stretch] = []
    for link in links:
        nodes = snapped_nodes(link, places, base).tolist()
        countries = frozenset(places[link[end]]["country"] or "" for end in ("from", "to")) - {""}
        found.extend(
            Stretch(link["id"], min(pair), max(pair), countries) for pair in pairwise(nodes) if pair[0] != pair[1]
        )
    return found


def crossing_points(links: Sequence["LinkRow"], places: Mapping[str, "PlaceRow"]) -> list[Point]:
    """Return points along each link that crosses a border: the listed crossings."""
    return [
        point
        for link in links
        if places[link["from"]]["country"] != places[link["to"]]["country"]
        for point in densify(link_points(link, places), _CROSSING_STEP_KM)
    ]


def join_drawn(base: LineBase, drawn: Sequence[DrawnLine]) -> LineBase:
    """Return the base map with hand-drawn lines, connected to its nearest nodes if their ends are close."""
    for line in drawn:
        base = _with_line(base, line)
    return base


def write_borders(path: Path, unsettled: Sequence[Unsettled]) -> None:
    """Write the pieces of line that cross a border far from all listed stations as CSV."""
    columns = ("countries", "lon", "lat", "km", "gauges")
    rows = (
        (";".join(item.countries), *item.point, f"{item.km:.1f}", ";".join(map(str, item.gauges))) for item in unsettled
    )
    write_csv(path, (dict(zip(columns, row, strict=True)) for row in rows), columns)


def _of_modes(links: Sequence["LinkRow"], *modes: str) -> list["LinkRow"]:
    return [link for link in links if link["mode"] in modes]


def _sea_match(link: "LinkRow", points: list[Point], base: SeaBase) -> Match:
    try:
        line, km = match_sea_link(base, points, link["passage"])
    except NoPathError as error:
        return Match(
            link["id"], link["mode"], points, line_km(points), GREAT_CIRCLE, (), published_km(link), (str(error),)
        )
    return Match(link["id"], link["mode"], line, km, MATCHED, (), published_km(link))


def _with_line(base: LineBase, line: DrawnLine) -> LineBase:
    found, km = base.nearest([line.points[0], line.points[-1]])
    chain = range(base.node_count, base.node_count + len(line.points))
    joint = [[int(node)] if distance <= _JOINT_KM else [] for node, distance in zip(found, km, strict=True)]
    lon, lat = np.array(line.points).T
    longer = replace(base, lon=np.concatenate([base.lon, lon]), lat=np.concatenate([base.lat, lat]))
    nodes = np.array([*joint[0], *chain, *joint[1]])
    tail, head = nodes[:-1], nodes[1:]
    steps = distances_km(longer.lon[tail], longer.lat[tail], longer.lon[head], longer.lat[head])
    scale = max(line.length_km / steps.sum(), 1.0) if line.length_km else 1.0
    return longer.with_edges(tail, head, steps * scale, gauge=line.gauge)
