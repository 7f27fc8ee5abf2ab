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
_CHOSEN_FIRST = """if("status" = 'chosen', 10, 3)"""
"""Weight of labels: that of a chosen work is not left out for one that is not."""

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
        weight=_CHOSEN_FIRST,
    ),
)
WORK_LINES: Final = Layer(
    "work-lines",
    "Links that works open or improve",
    "line",
    fields(f"link mode {_FIELDS}"),
    partial(
        line_style,
        "status",
        WORKS,
        width="""if("status" = 'chosen', 1.4, 0.8)""",
        labels='"label"',
        weight=_CHOSEN_FIRST,
        level=True,
    ),
)


def point_features(network: Network, works: Sequence[tuple[Row, Mapping[str, Any]]]) -> list[Feature]:
    """Return a point for each work at its place, or at that of its first resource with one; others have none.

    Parameters
    ----------
    works
        The row of the table `candidates` and the record of each work.
    """
    from shapely.geometry import Point

    found = []
    for row, record in works:
        name = _place(network, row)
        if name is not None:
            place = network.places[name]
            found.append(feature(Point(place["lon"], place["lat"]), {**record, "label": _label(record)}))
    return found


def line_features(network: Network, works: Sequence[tuple[Row, Mapping[str, Any]]]) -> list[Feature]:
    """Return a line for each link that a work opens or improves, or that uses a resource it enlarges."""
    return [item for row, record in works for item in _lines(network, row, record)]


def _lines(network: Network, row: Row, record: Mapping[str, Any]) -> Iterator[Feature]:
    wanted = {*row["links"]}
    lines = [
        (link, network.geometry(link))
        for link in network.links
        if link["id"] in wanted or (link["resource"] is not None and link["resource"] in row["resources"])
    ]
    # The longest link shows the name: it has room, where that at a border has none. A point shows its own.
    pointed = _place(network, row) is not None
    named = None if pointed else max(lines, key=lambda item: item[1].length, default=None)
    for item in lines:
        link, line = item
        label = _label(record) if item is named else None
        yield feature(line, {"link": link["id"], "mode": link["mode"], **record, "label": label})


def _place(network: Network, row: Row) -> str | None:
    """Return the id of the place of a work, or of its first resource with one."""
    resources = network.tables["resources"].by_key()
    places = [row["place"], *(resources[name]["place"] for name in row["resources"])]
    return next((name for name in places if name is not None), None)


def _label(record: Mapping[str, Any]) -> str:
    return f"{record['name']} ({record['opening']})" if record["status"] == "chosen" else str(record["name"])
