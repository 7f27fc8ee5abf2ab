"""Differences of flows as layers for QGIS: links as lines, resources as points, gains and losses in two hues."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from landbridge.networks.geometry.geojson import feature
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.routing.flows.layers import point_of
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import CHANGES
from landbridge.routing.output.styles import line_style, point_style
from landbridge.routing.studies.comparison.flow_changes import RESOURCE_FIGURES

_CHANGED = "flow_teu_day_before:number flow_teu_day_after:number flow_teu_day_change:number"
_WIDTH = 'max(0.3, min(6, 3 * abs("flow_teu_day_change") / 1000))'
_SIGNED = """if("flow_teu_day_change" > 0, '+', '') || format_number("flow_teu_day_change", 0)"""

LINK_CHANGES: Final = Layer(
    "link-changes",
    "Change of flow (3 mm: 1,000 TEU a day more or fewer)",
    "line",
    fields(
        f"link mode service from_place to_place {_CHANGED} flow_teu_year_before:number flow_teu_year_after:number"
        " flow_teu_year_change:number change_band"
    ),
    partial(
        line_style,
        "change_band",
        CHANGES,
        width=_WIDTH,
        offset=f"0.3 + ({_WIDTH}) / 2",
        arrows=True,
        last='-abs("flow_teu_day_change")',
        labels=f"""if(abs("flow_teu_day_change") >= 100, {_SIGNED}, '')""",
    ),
)
RESOURCE_CHANGES: Final = Layer(
    "resource-changes",
    "Change at resources (area: TEU a day more or fewer)",
    "point",
    fields(
        "resource name kind place direction section"
        + "".join(f" {name}_{side}:number" for name in RESOURCE_FIGURES for side in ("before", "after", "change"))
        + " change_band label"
    ),
    partial(
        point_style,
        "change_band",
        CHANGES,
        size="""max(1.3, min(8, 4 * sqrt(abs(coalesce("flow_teu_day_change", 0)) / 1000)))""",
        last='abs(coalesce("flow_teu_day_change", 0))',
        labels='"label"',
        weight="""min(10, abs(coalesce("flow_teu_day_change", 0)) / 100)""",
    ),
)

_LARGE, _SMALL = 100.0, 1.0


def change_band(teu_day: float | None) -> str:
    """Return the band of the change of a flow.

    Examples
    --------
    >>> change_band(-250.0), change_band(0.2)
    ('loses 100 and more', 'no change')
    """
    size = abs(teu_day or 0.0)
    if size < _SMALL:
        return "no change"
    return f"{'gains' if (teu_day or 0.0) > 0 else 'loses'} {100 if size >= _LARGE else 1} and more"


def link_change_features(before: Network, after: Network, records: Iterable[Mapping[str, Any]]) -> list[Feature]:
    """Return a line for each link and direction whose flow changes, from the network that has it."""
    sides = [(network, network.tables["links"].by_key()) for network in (after, before)]
    drawn = []
    for record in records:
        band = change_band(record["flow_teu_day_change"])
        if band != "no change":
            network, links = next((network, links) for network, links in sides if record["link"] in links)
            link = links[record["link"]]
            line = network.geometry(link, backward=record["from_place"] != link["from"])
            drawn.append(feature(line, {**record, "change_band": band}))
    return drawn


def resource_change_features(places: Mapping[str, Row], records: Iterable[Mapping[str, Any]]) -> list[Feature]:
    """Return a point for each resource at a place or on a section whose flow changes."""
    from shapely.geometry import Point

    drawn, named = [], set()
    for record in records:
        band, point = change_band(record["flow_teu_day_change"]), point_of(places, dict(record))
        if band != "no change" and point is not None:
            label = None if record["name"] in named or "100" not in band else _label(record)
            named.add(record["name"])
            drawn.append(feature(Point(*point), {**record, "change_band": band, "label": label}))
    return drawn


def _label(record: Mapping[str, Any]) -> str:
    return f"{record['name']} {record['flow_teu_day_change']:+,.0f}"
