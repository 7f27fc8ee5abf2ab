"""Flows as layers for QGIS: links that carry something as lines, resources as points, and tables in CSV."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import feature, write_feature_collection
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.output.styles import MODE_COLOURS, STOP_COLOURS, line_style, point_style

Feature = dict[str, Any]

_LEAST_TEU_DAY = 1e-6

# Area by the flow: 1,000 TEU a day are 6 mm across, and none is too small to be seen.
_POINT_SIZE = 'max(1.5, min(14, 6 * sqrt("flow_teu_day" / 1000)))'

_KIND_COLOURS = {
    "terminal": STOP_COLOURS["transship"],
    "port": "#2166ac",
    "berth": "#1b9e9e",
    "border": STOP_COLOURS["border_entry"],
    "line": MODE_COLOURS["rail"],
    "fleet": "#762a83",
}


def link_features(assignment: Assignment) -> list[Feature]:
    """Return a line for each link and direction that carries something, in the direction of travel."""
    network, graph = assignment.network, assignment.network.graph
    hauls = graph.kind == EdgeKind.HAUL
    keys = 2 * graph.row[hauls].astype(np.int64) + graph.backward[hauls]
    flows = np.bincount(keys, assignment.edge_teu_day[hauls], 2 * len(network.links))
    found = []
    for key in np.flatnonzero(flows > _LEAST_TEU_DAY).tolist():
        link, backward = network.links[key // 2], bool(key % 2)
        ends = (link["to"], link["from"]) if backward else (link["from"], link["to"])
        properties = {
            "link": link["id"],
            "mode": link["mode"],
            "service": link["service"],
            "from_place": ends[0],
            "to_place": ends[1],
            "flow_teu_day": float(flows[key]),
            "flow_teu_year": float(flows[key]) * 365,
        }
        found.append(feature(network.geometry(link, backward=backward), properties))
    return found


def resource_features(assignment: Assignment) -> list[Feature]:
    """Return a point for each constraint row that carries something and lies at a place or on a section."""
    from shapely.geometry import Point

    found = []
    for record in assignment.resources():
        point = _point(assignment, record)
        if point is not None:
            found.append(feature(Point(*point), record))
    return found


def _point(assignment: Assignment, record: dict[str, Any]) -> tuple[float, float] | None:
    """Return where a resource is drawn: at its place, or in the middle of the ends of its sections."""
    places = assignment.network.places
    ends = [record["place"]] if record["place"] else []
    if not ends and record["section"]:
        ends = [end for section in record["section"].split(";") for end in section.split("--") if end in places]
    points = [(places[end]["lon"], places[end]["lat"]) for end in ends]
    if not points or max(lon for lon, _ in points) - min(lon for lon, _ in points) > 180:
        return None
    return sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points)


def write_links(assignment: Assignment, path: Path) -> Path:
    """Write the links that carry something with a QGIS style by mode, and return the path."""
    write_feature_collection(path, link_features(assignment))
    write_text(path.with_suffix(".qml"), line_style("mode", MODE_COLOURS))
    return path


def write_assignment(assignment: Assignment, folder: str | Path) -> list[Path]:
    """Write an assignment for QGIS and spreadsheets, and return the files.

    `flows.geojson` has a line for each link and direction that carries something, `resources.geojson` a point for each
    resource, `resources.csv` and `demand.csv` the tables.
    """
    target = Path(folder)
    points = target / "resources.geojson"
    write_feature_collection(points, resource_features(assignment))
    write_text(points.with_suffix(".qml"), point_style("kind", _KIND_COLOURS, size=_POINT_SIZE))
    document = assignment.to_dict()
    demand = [{**record, "paths": len(record["paths"])} for record in document["demand"]]
    return [
        write_links(assignment, target / "flows.geojson"),
        points,
        _write_table(target / "resources.csv", document["resources"]),
        _write_table(target / "demand.csv", demand),
    ]


def _write_table(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    buffer = io.StringIO()
    if records:
        writer = csv.DictWriter(buffer, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    write_text(path, buffer.getvalue())
    return path
