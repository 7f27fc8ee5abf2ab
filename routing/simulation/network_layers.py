"""Queues and waits as a layer for QGIS: a point for each resource and direction."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import WAITS
from landbridge.routing.output.styles import point_style
from landbridge.routing.simulation.resource_waits import ResourceWait, wait_band

LONG_H: Final = 12.0
"""Wait from which a resource has its name on the map."""

_FIELDS = """
resource name kind place direction section servers:integer assigned_teu_day:number delivered_teu_day:number
utilisation_assigned:number utilisation_carried:number steady:boolean growth_teu_day:number wait_mean_h:number
wait_ci95_low_h:number wait_ci95_high_h:number wait_p50_h:number wait_p90_h:number wait_last_day_h:number
queue_mean_teu:number queue_max_teu:number queue_end_teu:number counted_teu_day:number counted_ratio:number
undecided:boolean disrupted:boolean marked:boolean wait_teu_h_day:number wait_share:number static_wait_h:number
wait_band label
"""
QUEUES: Final = Layer(
    "queues",
    "Queues by wait (area: TEU in the queue)",
    "point",
    fields(_FIELDS),
    # Area by the queue: 1,000 TEU have a diameter of 5 mm; the minimum size is visible.
    partial(
        point_style,
        "wait_band",
        WAITS,
        size='max(1.6, min(9, 5 * sqrt("queue_mean_teu" / 1000)))',
        last='"queue_mean_teu"',
        labels='"label"',
        weight='min(10, "wait_teu_h_day" / 2400)',
    ),
)


def queue_features(waits: Sequence[ResourceWait]) -> list[Feature]:
    """Return a point for each wait at a place or on a section, in the order given; the first of a name has its label.

    Without a place, such as for vessel space on a section at sea, there is none.
    """
    from shapely.geometry import Point

    drawn, named = [], set()
    for item in waits:
        if item.lon is None or item.lat is None:
            continue
        properties = item.to_dict()
        del properties["lon"], properties["lat"]
        label = None if item.name in named else _label(item)
        named.add(item.name)
        drawn.append(feature(Point(item.lon, item.lat), properties | {"wait_band": wait_band(item), "label": label}))
    return drawn


def _label(item: ResourceWait) -> str | None:
    """Return the name of a resource with its wait, if that is long, or with the growth of its queue."""
    if not item.steady:
        return f"{item.name} {item.growth}".rstrip()
    if item.undecided or (item.wait_mean_h or 0.0) < LONG_H:
        return None
    return f"{item.name} {item.wait_mean_h:,.0f} h"
