"""Works as layers for QGIS: points at their places, and lines along the links that they open or improve."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from landbridge.networks.geometry.geojson import feature
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import WORKS
from landbridge.routing.output.styles import line_style, point_style

_ACCOUNTS = " ".join(
    f"{side}_{name}:number"
    for side in ("alone", "plan")
    for name in (
        *("benefit_musd", "cost_musd", "npv_musd", "bcr", "eirr", "unserved_musd", "unserved_share"),
        *("npv_p10_musd", "npv_p50_musd", "npv_p90_musd", "positive_share"),
    )
)
_FIELDS = f"""
id name kind place status opening:integer cost_musd:number shadow_musd:number price_usd_per_teu:number
relieves {_ACCOUNTS} label
"""
WORK_POINTS: Final = Layer(
    "works",
    "Works by what the plan says",
    "point",
    fields(_FIELDS),
    # Area by cost: 500 MUSD have a diameter of 4 mm; the minimum size is visible.
    partial(
        point_style,
        "status",
        WORKS,
        size='max(2.2, min(10, 4 * sqrt("cost_musd" / 500)))',
        last='"cost_musd"',
        labels='"label"',
    ),
)
WORK_LINES: Final = Layer(
    "work-lines",
    "Links that works open or improve",
    "line",
    fields(f"link mode {_FIELDS}"),
    partial(line_style, "status", WORKS, width="""if("status" = 'chosen', 1.4, 0.8)""", labels='"label"'),
)


def point_features(network: Network, works: Sequence[tuple[Row, Mapping[str, Any]]]) -> list[Feature]:
    """Return a point for each work at its place, or at that of its first resource with one; others have none.

    Parameters
    ----------
    works
        The row of the table `candidates` and the record of each work.
    """
    from shapely.geometry import Point

    resources, found = network.tables["resources"].by_key(), []
    for row, record in works:
        places = [row["place"], *(resources[name]["place"] for name in row["resources"])]
        place = next((network.places[name] for name in places if name is not None), None)
        if place is not None:
            found.append(feature(Point(place["lon"], place["lat"]), {**record, "label": _label(record)}))
    return found


def line_features(network: Network, works: Sequence[tuple[Row, Mapping[str, Any]]]) -> list[Feature]:
    """Return a line for each link that a work opens or improves, or that uses a resource it enlarges."""
    return [item for row, record in works for item in _lines(network, row, record)]


def _lines(network: Network, row: Row, record: Mapping[str, Any]) -> Iterator[Feature]:
    # One link shows the name.
    label: str | None = _label(record)
    wanted = {*row["links"]}
    for link in network.links:
        if link["id"] in wanted or (link["resource"] is not None and link["resource"] in row["resources"]):
            own = {"link": link["id"], "mode": link["mode"], **record, "label": label}
            yield feature(network.geometry(link), own)
            label = None


def _label(record: Mapping[str, Any]) -> str:
    return f"{record['name']} ({record['opening']})" if record["status"] == "chosen" else str(record["name"])
