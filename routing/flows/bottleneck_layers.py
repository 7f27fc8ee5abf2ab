"""Bottlenecks as layers for QGIS: points at places and lines along links, coloured by utilisation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from landbridge.networks.arrays import Floats
from landbridge.networks.geometry.geojson import feature
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import FULL, LEAST_TEU_DAY
from landbridge.routing.flows.layers import FLOWS, NEARLY_FULL
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import BANDS, PRICES
from landbridge.routing.output.styles import line_style, pale_line_style, point_style
from landbridge.routing.resources.capacities import Capacities

_FIELDS = """
rank:integer used resource name kind place direction section corridor corridors_teu_day flow_teu_day:number
background_teu_day:number capacity_teu_day:number residual_teu_day:number utilisation:number
shadow_price_usd_per_teu_day:number checked_usd_per_teu_day:number joint_with worth_usd_per_day:number
delay_teu_h_day:number delay_share:number delay_h_per_teu:number criticality_usd_per_day:number
criticality_unserved_usd_per_day:number criticality_status closure_usd:number closure_rerouted_teu_days:number
closure_unserved_teu_days:number price_band label
"""
PALE_FLOWS: Final = Layer("network", "Links with flow", "line", FLOWS.fields, pale_line_style)
BOTTLENECKS: Final = Layer(
    "bottlenecks",
    "Bottlenecks by price of one more TEU a day",
    "point",
    fields(_FIELDS),
    # Area by the value of the bottleneck per day: 100,000 USD have a diameter of 4 mm; the minimum size is visible.
    partial(
        point_style,
        "price_band",
        PRICES,
        size='max(1.8, min(12, 4 * sqrt("worth_usd_per_day" / 100000)))',
        last='"worth_usd_per_day"',
        labels='"label"',
        weight='max(0, 10 - "rank")',
    ),
)
BOTTLENECK_LINES: Final = Layer(
    "bottleneck-lines",
    "Links of bottlenecks by use",
    "line",
    fields(f"link mode {_FIELDS}"),
    partial(
        line_style,
        "used",
        BANDS,
        width="""if("used" = 'less than 50 %', 0.7, 1.6)""",
        last='"rank"',
        labels='"label"',
    ),
)


def band(utilisation: float | None) -> str:
    """Return the band of a utilisation; None is a used capacity of 0."""
    if utilisation is None or utilisation >= FULL:
        return "full"
    return next(
        name
        for least, name in ((0.8, "80 % and more"), (0.5, "50 % and more"), (0, "less than 50 %"))
        if utilisation >= least
    )


def price_band(usd: float | None) -> str:
    """Return the band of the price of one more TEU a day; None is a price that was not asked for."""
    bands = ((1000, "1,000 USD and more"), (100, "100 USD and more"), (1, "1 USD and more"))
    return next((name for least, name in bands if (usd or 0.0) >= least), "none")


def _drawn(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield records with the band of their price, and the first of each name that is short with its name as label."""
    named = set()
    for record in records:
        price, used, name = (record[key] for key in ("shadow_price_usd_per_teu_day", "utilisation", "name"))
        short = (price or 0.0) >= 1 or used is None or used >= NEARLY_FULL
        yield record | {"price_band": price_band(price), "label": name if short and name not in named else None}
        named.add(name)


def point_features(places: Mapping[str, Row], records: Iterable[dict[str, Any]]) -> list[Feature]:
    """Return a point for each bottleneck at a place; the first is drawn last, on top."""
    from shapely.geometry import Point

    located = [(places[record["place"]], record) for record in _drawn(records) if record["place"] is not None]
    return [feature(Point(place["lon"], place["lat"]), record) for place, record in reversed(located)]


def line_features(
    network: Network, rows: Capacities, edge_teu_day: Floats, records: Sequence[tuple[int, dict[str, Any]]]
) -> list[Feature]:
    """Return a line for each bottleneck and each link with flow whose haul uses it.

    Parameters
    ----------
    edge_teu_day
        TEU per day on each edge of the state graph, shape (edges,).
    records
        The bottlenecks in order, each with the index of its constraint in `rows`.
    """
    graph, uses, lines = network.graph, rows.uses, []
    flowing = (graph.kind == EdgeKind.HAUL) & (edge_teu_day > LEAST_TEU_DAY)
    constraints, found = [constraint for constraint, _ in records], _drawn(record for _, record in records)
    for constraint, record in reversed(list(zip(constraints, found, strict=True))):
        edges = uses.indices[uses.indptr[constraint] : uses.indptr[constraint + 1]]
        edges = edges[flowing[edges]]
        # One link shows the name, and none if there is a point that does.
        label = record.pop("label") if record["place"] is None else None
        for link, backward in sorted(set(zip(graph.row[edges].tolist(), graph.backward[edges].tolist(), strict=True))):
            row = network.links[link]
            own = {"link": row["id"], "mode": row["mode"], **record, "label": label}
            lines.append(feature(network.geometry(row, backward=backward), own))
            label = None
    return lines
