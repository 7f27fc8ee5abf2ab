"""Reports of a network from OpenStreetMap: use of every km, welds, snapped stations, lengths, omitted lines."""

import math
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from landbridge.networks.files import write_csv, write_json
from landbridge.networks.geodata.osm.assembling import Assembled
from landbridge.networks.geodata.osm.layers import Layered, NotSnapped
from landbridge.networks.geodata.osm.place_candidates import Part
from landbridge.networks.geodata.osm.ways import Ways, names_of
from landbridge.networks.geodata.repair.healing import Weld, write_welds
from landbridge.networks.geopackages import seal

REPORTS: Final = ("welds.geojson", "snaps.geojson", "left_out.geojson", "lengths.csv", "report.json")
"""File names of the reports."""

_NAMES = 5

TAGS_LAYER: Final = "osm_tags"
"""Layer of the GeoPackage with the map's tags of each link."""


def account(ways: Ways, layered: Layered, assembled: Assembled) -> dict[str, Any]:
    """Account for every km of the ways: links, parallel tracks, tracks of places, and omitted lines.

    Gaps left open, values of tags that could not be used and stations off the lines are listed too.
    """
    lines = [line for layer in layered.layers for line in layer.lines]
    by_mode: dict[str, dict[str, float]] = {}
    for layer in layered.layers:
        name = f"{layer.mode} {layer.gauge}" if layer.gauge else layer.mode
        by_mode[name] = {
            "read_km": round(layer.input_km, 3),
            "lines_km": round(sum(line.km for line in layer.lines), 3),
            "beside_km": round(sum(line.side_km for line in layer.lines), 3),
            "yards_km": round(sum(layer.lines.yard_km.values()), 3),
            "shared_km": round(layer.lines.shared_km, 3),
        }
    return {
        "source": ways.source,
        "ways": len(ways),
        "skipped": dict(sorted(ways.skipped.items())),
        "lengths": by_mode,
        "repeated_km": round(layered.repeated_km, 3),
        "left_out_km": {
            **{reason: round(km, 3) for reason, km in sorted(layered.left_out_km.items())},
            "not connected": round(sum(km for _, _, km, _ in assembled.left_out), 3),
        },
        "parts": [_part_row(part) for part in assembled.parts if part.is_kept],
        "left_out_parts": [_part_row(part) for part in assembled.parts if not part.is_kept],
        "within_places_km": round(assembled.within_km, 3),
        "welds": len(assembled.welds),
        "welded_km": round(sum(weld.km for weld in assembled.welds), 3),
        "gaps_left_open": [_gap_row(gap) for gap in assembled.refused],
        "unread_tags": [unread.as_row() for unread in assembled.unread],
        "not_snapped": [_not_snapped_row(missed) for missed in assembled.not_snapped],
        "lines": len(lines),
        "places": len(assembled.places),
        "links": len(assembled.links),
        "links_km": _links_km(assembled),
    }


def _part_row(part: Part) -> dict[str, Any]:
    return {"km": round(part.km, 3), "terminals": part.terminals, "names": list(part.names[:_NAMES])}


def _gap_row(gap: Weld) -> dict[str, Any]:
    return {"km": round(gap.km, 3), "start": list(gap.start), "end": list(gap.end), "why": gap.why}


def _not_snapped_row(missed: NotSnapped) -> dict[str, Any]:
    point = missed.point
    km = round(missed.km, 3) if math.isfinite(missed.km) else None
    name = next(iter(names_of(point.tags)), None)
    return {"osm_id": point.osm_id, "name": name, "lon": point.lon, "lat": point.lat, "mode": missed.mode, "km": km}


def _links_km(assembled: Assembled) -> dict[str, dict[str, float]]:
    """Return the length of the links by mode and the country where they start."""
    countries = {row["id"]: row["country"] for row in assembled.places}
    total: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in assembled.links:
        total[row["mode"]][countries[row["from"]]] += row["length_km"]
    return {mode: {code: round(km, 3) for code, km in sorted(own.items())} for mode, own in total.items()}


def write_reports(assembled: Assembled, report: dict[str, Any], folder: Path, geopackage: Path) -> None:
    """Write the reports to a folder, and the map's tags of each link to the GeoPackage of the network.

    Parameters
    ----------
    assembled
        The data from which the network was made.
    report
        The account of lengths.
    folder
        Folder of the reports.
    geopackage
        The network as written.
    """
    write_welds(folder / "welds.geojson", assembled.welds)
    _write_snaps(assembled, folder / "snaps.geojson")
    _write_left_out(assembled, folder / "left_out.geojson")
    _write_lengths(assembled, folder / "lengths.csv")
    write_json(folder / "report.json", report)
    _write_tags(assembled, geopackage)


def _write_snaps(assembled: Assembled, path: Path) -> None:
    from shapely.geometry import LineString

    from landbridge.networks.geometry.geojson import feature, write_feature_collection

    write_feature_collection(
        path,
        [
            feature(
                LineString([snap["point"], snap["to"]]),
                {key: snap[key] for key in ("name", "osm_id", "km", "mode", "place")},
            )
            for snap in assembled.snaps
        ],
    )


def _write_left_out(assembled: Assembled, path: Path) -> None:
    from shapely.geometry import LineString

    from landbridge.networks.geometry.geojson import feature, write_feature_collection

    write_feature_collection(
        path,
        [
            feature(LineString(points), {"mode": mode, "gauge": gauge, "km": round(km, 3)})
            for mode, gauge, km, points in assembled.left_out
        ],
    )


def _write_lengths(assembled: Assembled, path: Path) -> None:
    beside = ("side_km", "tracks", "weld_km", "bridge_km", "tunnel_km")
    tags = {row["id"]: row for row in assembled.tags}
    rows = (
        {name: row.get(name) for name in ("id", "mode", "gauge", "length_km")}
        | {name: round(tags.get(row["id"], {}).get(name, 0), 4) for name in beside}
        for row in assembled.links
    )
    write_csv(path, rows, ("id", "mode", "gauge", "length_km", *beside))


def _write_tags(assembled: Assembled, path: Path) -> None:
    """Add a layer with the map's tags of each link, which readers of networks ignore."""
    import pandas as pd
    import pyogrio

    frame = pd.DataFrame(assembled.tags)
    frame["gauge"] = frame["gauge"].astype("Int64")
    pyogrio.write_dataframe(frame, path, layer=TAGS_LAYER, driver="GPKG")
    seal(path)
