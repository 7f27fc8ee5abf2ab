"""Bottlenecks as layers for QGIS: points at places, lines along links, coloured by how much is used; and a table."""

import csv
import io
from pathlib import Path
from typing import Any, Final

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import feature, write_feature_collection
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing.flows.bottlenecks import FULL, Bottleneck, Bottlenecks
from landbridge.routing.output.styles import line_style, point_style

Feature = dict[str, Any]

BANDS: Final = {
    "full": "#b2182b",
    "80 % and more": "#f46d43",
    "50 % and more": "#fdae61",
    "less than 50 %": "#67a9cf",
}
"""Colour of each band of utilisation."""

_LEAST_TEU_DAY = 1e-6

# Area by what the bottleneck is worth a day: 100,000 USD are 5 mm across, and none is too small to be seen.
_POINT_SIZE = 'max(1.8, min(16, 5 * sqrt("worth_usd_per_day" / 100000)))'


def band(utilisation: float | None) -> str:
    """Return the band of a utilisation; None is a capacity of 0 that is used."""
    if utilisation is None or utilisation >= FULL:
        return "full"
    return next(
        name
        for least, name in ((0.8, "80 % and more"), (0.5, "50 % and more"), (0, "less than 50 %"))
        if utilisation >= least
    )


def point_features(found: Bottlenecks) -> list[Feature]:
    """Return a point for each bottleneck at a place; the first is drawn last, and so on top."""
    from shapely.geometry import Point

    places = found.assignment.network.places
    return [
        feature(Point(places[item.place]["lon"], places[item.place]["lat"]), _properties(found, item, rank))
        for rank, item in reversed(list(enumerate(found.items, start=1)))
        if item.place is not None
    ]


def line_features(found: Bottlenecks) -> list[Feature]:
    """Return a line for each bottleneck and each link with flow whose haul uses it."""
    network, graph = found.assignment.network, found.assignment.network.graph
    flowing = (graph.kind == EdgeKind.HAUL) & (found.assignment.edge_teu_day > _LEAST_TEU_DAY)
    uses, lines = found.assignment.rows.uses, []
    for rank, item in reversed(list(enumerate(found.items, start=1))):
        edges = uses.indices[uses.indptr[item.row] : uses.indptr[item.row + 1]]
        edges = edges[flowing[edges]]
        for link, backward in sorted(set(zip(graph.row[edges].tolist(), graph.backward[edges].tolist(), strict=True))):
            row = network.links[link]
            own = {"link": row["id"], "mode": row["mode"]}
            lines.append(feature(network.geometry(row, backward=backward), own | _properties(found, item, rank)))
    return lines


def _properties(found: Bottlenecks, item: Bottleneck, rank: int) -> dict[str, Any]:
    """Return the columns of a bottleneck; texts and numbers alone, since lists and tables break QGIS."""
    record = item.to_dict(found.closed_for_days)
    record["corridors_teu_day"] = "; ".join(f"{name} {teu:.1f}" for name, teu in item.corridors_teu_day.items())
    return {"rank": rank, "used": band(item.utilisation)} | record


def write_bottlenecks(found: Bottlenecks, folder: str | Path) -> list[Path]:
    """Write `bottlenecks.geojson` (points), `bottleneck-lines.geojson` and `bottlenecks.csv`, and return the files."""
    target = Path(folder)
    points, lines = target / "bottlenecks.geojson", target / "bottleneck-lines.geojson"
    write_feature_collection(points, point_features(found))
    write_text(points.with_suffix(".qml"), point_style("used", BANDS, size=_POINT_SIZE))
    write_feature_collection(lines, line_features(found))
    write_text(lines.with_suffix(".qml"), line_style("used", BANDS, width="1.2"))
    buffer = io.StringIO()
    records = [_properties(found, item, rank) for rank, item in enumerate(found.items, start=1)]
    if records:
        writer = csv.DictWriter(buffer, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    write_text(target / "bottlenecks.csv", buffer.getvalue())
    return [points, lines, target / "bottlenecks.csv"]
