"""Closures as layers for QGIS: points at places and borders, and lines along links, by what closing them costs."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.geometry.geojson import feature
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import COSTS
from landbridge.routing.output.styles import line_style, point_style
from landbridge.routing.studies.criticality.targets import PAIR, Targets

_FIELDS: Final = """
rank:integer rank_with_waiting:integer kind id name status method same_as
affected_teu_day:number flows_affected:integer rerouted_teu_day:number
unserved_teu_day:number usd_day:number lower_usd_day:number unserved_usd_day:number usd:number unserved_teu:number
usd_with_waiting:number unserved_teu_with_waiting:number waiting_teu:number corridors_teu_day gains full flows
cost_band
"""
_LABELLED: Final = 30
CLOSURES: Final = Layer(
    "criticality",
    "Closures by additional cost (area)",
    "point",
    fields(f"{_FIELDS} label"),
    # Area by cost: a million USD a day has a diameter of 5 mm; the minimum size is visible.
    partial(
        point_style,
        "cost_band",
        COSTS,
        size='max(1.6, min(12, 5 * sqrt("usd_day" / 1000000)))',
        last='"usd_day"',
        labels='"label"',
        weight='max(0, 10 - "rank" / 10)',
    ),
)
CLOSED_LINKS: Final = Layer(
    "criticality-links",
    "Links by the cost of closing them",
    "line",
    fields(f"link mode {_FIELDS}"),
    partial(line_style, "cost_band", COSTS, width='max(0.5, min(4, 2 * sqrt("usd_day" / 1000000)))', last='"rank"'),
)


def cost_band(usd_day: float) -> str:
    """Return the band of an additional cost, USD per day.

    Examples
    --------
    >>> cost_band(12_000)
    '10,000 USD a day and more'
    """
    least = (1_000_000, 100_000, 10_000)
    return next((name for limit, name in zip(least, COSTS, strict=False) if usd_day >= limit), [*COSTS][-1])


def point_features(network: Network, records: Iterable[dict[str, Any]]) -> list[Feature]:
    """Return a point for each effect of a closure at a place or border; the first is drawn last.

    Of closures with the same effect the first that has a place is drawn.
    """
    from shapely.geometry import Point

    spots, found = _Spots(network), dict[str, Feature]()
    for record in records:
        effect, point = record["same_as"] or record["id"], spots.of(record)
        if point is not None and effect not in found:
            label = record["name"] if len(found) < _LABELLED else None
            found[effect] = feature(Point(*point), _drawn(record) | {"label": label})
    return [*found.values()][::-1]


def line_features(network: Network, edge_teu_day: Floats, records: Iterable[dict[str, Any]]) -> list[Feature]:
    """Return a line for each link with flow that a closure shuts: with its own, else with the most costly one.

    Parameters
    ----------
    edge_teu_day
        TEU per day on each edge of the state graph, shape (edges,).
    """
    graph, targets, own = network.graph, Targets(network), dict[int, dict[str, Any]]()
    flowing = (graph.kind == EdgeKind.HAUL) & (edge_teu_day > LEAST_TEU_DAY)
    singles = [record for record in records if record["kind"] not in {PAIR, "places"}]
    for record in sorted(singles, key=lambda record: record["kind"] != "links"):
        edges = targets.find(f"{record['kind']}:{record['id']}").edges(network) & flowing
        for link in np.unique(graph.row[edges]).tolist():
            own.setdefault(link, record)
    lines = []
    for link, record in sorted(own.items(), key=lambda item: -item[1]["rank"]):
        row = network.links[link]
        lines.append(feature(network.geometry(row), {"link": row["id"], "mode": row["mode"]} | _drawn(record)))
    return lines


def _drawn(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a closure, without those of pairs, which are not drawn."""
    return {name: value for name, value in record.items() if name != "beyond_sum_usd"} | {
        "cost_band": cost_band(record["usd_day"])
    }


class _Spots:
    """Where a closure is drawn: at its place, or midway on the links over a border."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._resources = network.tables["resources"].by_key()

    def of(self, record: Mapping[str, Any]) -> tuple[float, float] | None:
        """Return the longitude and latitude, None for what has no place, such as a line."""
        places, kind = self._network.places, record["kind"]
        if kind == "places":
            ends = [record["id"]]
        elif kind == "resources":
            place = self._resources[record["id"]]["place"]
            ends = [place] if place else []
        elif kind == "crossings":
            graph = self._network.graph
            edges = graph.tags[record["id"]]
            numbers = {*graph.edge_from[edges].tolist(), *graph.edge_to[edges].tolist()}
            ends = [graph.places[number] for number in numbers]
        else:
            return None
        points = [(places[end]["lon"], places[end]["lat"]) for end in ends]
        if not points or max(lon for lon, _ in points) - min(lon for lon, _ in points) > 180:
            return None
        return sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points)
