"""Flows as layers for QGIS: links with flow as lines, resources as points."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.geometry.geojson import feature
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import LEAST_TEU_DAY, YEAR_DAYS
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import MODES, RESOURCES
from landbridge.routing.output.styles import line_style, point_style

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow

NEARLY_FULL: Final = 0.8
"""Utilisation from which a resource has its name on the map."""

_WIDTH = 'max(0.3, min(6, 3 * "flow_teu_day" / 1000))'
FLOWS: Final = Layer(
    "flows",
    "Flows by mode (3 mm: 1,000 TEU a day)",
    "line",
    fields("link mode service from_place to_place flow_teu_day:number flow_teu_year:number"),
    # Area by flow: 1,000 TEU per day are 3 mm wide. Each direction lies to the right of its link, as traffic does.
    partial(
        line_style,
        "mode",
        MODES,
        width=_WIDTH,
        offset=f"0.3 + ({_WIDTH}) / 2",
        arrows=True,
        last='-"flow_teu_day"',
        labels="""if("flow_teu_day" >= 100, format_number("flow_teu_day", 0), '')""",
    ),
)
RESOURCE_LAYER: Final = Layer(
    "resources",
    "Resources by kind (area: flow)",
    "point",
    fields("""
        resource name kind place direction section flow_teu_day:number empties_teu_day:number
        background_teu_day:number capacity_teu_day:number residual_teu_day:number utilisation:number
        shadow_price_usd_per_teu_day:number delay_h:number label
    """),
    # Area by flow: 1,000 TEU per day have a diameter of 4 mm; the minimum size is visible.
    partial(
        point_style,
        "kind",
        RESOURCES,
        size="""if("kind" in ('line', 'service'), 1.3, max(1.3, min(8, 4 * sqrt("flow_teu_day" / 1000))))""",
        last='"flow_teu_day"',
        labels='"label"',
        weight='min(10, 10 * "utilisation")',
    ),
)


def link_flows(network: Network, edge_teu_day: Floats) -> list[dict[str, Any]]:
    """Return a record for each link and direction with flow, in the direction of travel.

    Parameters
    ----------
    edge_teu_day
        TEU per day on each edge of the state graph, shape (edges,).
    """
    return [properties for _, _, properties in _flows(network, edge_teu_day)]


def link_features(network: Network, edge_teu_day: Floats) -> list[Feature]:
    """Return the records of `link_flows` as lines."""
    return [
        feature(network.geometry(link, backward=backward), properties)
        for link, backward, properties in _flows(network, edge_teu_day)
    ]


def _flows(network: Network, edge_teu_day: Floats) -> Iterator[tuple["LinkRow", bool, dict[str, Any]]]:
    graph = network.graph
    hauls = graph.kind == EdgeKind.HAUL
    keys = 2 * graph.row[hauls].astype(np.int64) + graph.backward[hauls]
    flows = np.bincount(keys, edge_teu_day[hauls], 2 * len(network.links))
    for key in np.flatnonzero(flows > LEAST_TEU_DAY).tolist():
        link, backward = network.links[key // 2], bool(key % 2)
        ends = (link["to"], link["from"]) if backward else (link["from"], link["to"])
        properties = {
            "link": link["id"],
            "mode": link["mode"],
            "service": link["service"],
            "from_place": ends[0],
            "to_place": ends[1],
            "flow_teu_day": float(flows[key]),
            "flow_teu_year": float(flows[key]) * YEAR_DAYS,
        }
        yield link, backward, properties


def resource_features(places: Mapping[str, Row], records: Iterable[dict[str, Any]]) -> list[Feature]:
    """Return a point for each record of a resource that is at a place or on a section."""
    from shapely.geometry import Point

    drawn, named = [], set()
    for record in sorted(records, key=lambda record: -(record["utilisation"] or 0.0)):
        point = point_of(places, record)
        if point is not None:
            # The sections of a line have one name, and so have its directions.
            label = None if record["name"] in named else _label(record)
            named.add(record["name"])
            drawn.append(feature(Point(*point), record | {"label": label}))
    return drawn


def _label(record: Mapping[str, Any]) -> str | None:
    """Return the name and the use of a resource that is nearly full."""
    used = record["utilisation"]
    return f"{record['name']} {100 * used:.0f} %" if used is not None and used >= NEARLY_FULL else None


def point_of(places: Mapping[str, Row], record: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the position of a resource: its place, or the midpoint of the ends of its sections."""
    ends = [record["place"]] if record["place"] else []
    if not ends and record["section"]:
        ends = [end for section in record["section"].split(";") for end in section.split("--") if end in places]
    points = [(places[end]["lon"], places[end]["lat"]) for end in ends]
    if not points or max(lon for lon, _ in points) - min(lon for lon, _ in points) > 180:
        return None
    return sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points)
