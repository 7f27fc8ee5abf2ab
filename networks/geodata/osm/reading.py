"""Reading of OpenStreetMap: .osm and .osm.pbf files, Overpass JSON and lists of ways, into `Ways`.

A list of ways is JSON of the form `[{"id": 1, "type": "rail", "geometry": [[lat, lon], ...]}, ...]`. `type` is the
value of `railway`, or `ferry`, or a class of road (`primary`); further tags may be given under `tags`. Equal points are
the same node. Items `{"id": 2, "lat": ..., "lon": ..., "type": "station", "name": ..., "nameLocal": ...}` are
stations. Note the order: latitude first, as in Overpass.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.osm.ways import ROADS, TOWNS, Collector, Tags, Ways

MAX_JSON_BYTES: Final = 500_000_000
"""Limit for JSON, which takes far more memory to read than the same data as .osm.pbf."""

_MOST_ID = 2**62  # the ids of OpenStreetMap have 64 bits; beyond this one are those given to points without an id
_YEAR = re.compile(r"(\d{4})-\d\d-\d\dT")
_NOT_AN_ELEMENT = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

_SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".pbf", ".json")


def read_ways(path: str | Path, *, skip_faulty: bool = False) -> Ways:
    """Read the ways of a file.

    Parameters
    ----------
    path
        `.osm`, `.osm.gz`, `.osm.bz2` or `.osm.pbf` (read with osmium, the extra `pbf`); `.json` from Overpass (`out
        geom`, or `out body` with the nodes) or a list of ways.
    skip_faulty
        Skip and count faulty ways; otherwise they are an error.

    Raises
    ------
    DataError
        If the file is missing, damaged, unsafe to unpack, or contains invalid ways (listed with id or index).
    """
    file = file_path(path, "source")
    if not file.is_file():
        raise DataError(f"there is no file {file}; give an extract: {', '.join(_SUFFIXES)}")
    if file.suffix == ".json":
        return _read_json(file, skip_faulty=skip_faulty)
    if file.name.endswith(_SUFFIXES):
        from landbridge.networks.geodata.osm.extracts import read_extract

        return read_extract(file, skip_faulty=skip_faulty)
    raise DataError(f"{file.name} is not an OpenStreetMap extract; give one of {', '.join(_SUFFIXES)}")


def _read_json(path: Path, *, skip_faulty: bool) -> Ways:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise DataError(f"{path.name} is larger than {MAX_JSON_BYTES // 10**6} MB; use a .osm.pbf extract")
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is not JSON: {error}; download it again") from error
    collector = Collector(path.name)
    if isinstance(document, list):
        _collect_list(document, collector)
    elif isinstance(document, dict) and isinstance(document.get("elements"), list):
        if "remark" in document and "error" in str(document["remark"]):
            raise DataError(f"{path.name} is incomplete: {document['remark']}; request less and download it again")
        collect_overpass(document["elements"], collector)
        _collect_year(document.get("osm3s"), collector)
    else:
        raise DataError(f"{path.name} is neither an Overpass response nor a list of ways; see the documentation")
    return collector.ways(skip_faulty=skip_faulty)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _collect_year(header: Any, collector: Collector) -> None:
    moment = header.get("timestamp_osm_base") if isinstance(header, dict) else None
    if isinstance(moment, str) and (year := _YEAR.match(moment)):
        collector.add_year(int(year[1]))


def _id(value: Any) -> int:
    """Return the id of an element.

    Raises
    ------
    ValueError
        If it is no id of OpenStreetMap.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_ID:
        return value
    raise ValueError(f"the id {str(value)[:40]!r} is not a whole number of at most 62 bits")


def _problem(error: Exception) -> str:
    return f"it has no {error.args[0]}" if isinstance(error, KeyError) else str(error)


def collect_overpass(elements: list[Any], collector: Collector) -> None:
    """Collect the elements of an Overpass response, relations first."""
    numbered = list(enumerate(elements, start=1))
    for row, element in sorted(numbered, key=lambda item: not _is_relation(item[1])):
        try:
            kind, osm_id, tags = element["type"], _id(element["id"]), _texts(element.get("tags"))
            if kind == "node":
                _collect_overpass_node(element, osm_id, tags, collector, row=row)
            elif kind == "way":
                _collect_overpass_way(element, osm_id, tags, collector, row=row)
            elif kind == "relation":
                members = element.get("members") or ()
                collector.add_relation(osm_id, [(item["type"], _id(item["ref"])) for item in members], tags)
        except _NOT_AN_ELEMENT as error:
            collector.fault(f"not an Overpass element: {_problem(error)}", "download the file again", row=row)


def _is_relation(element: Any) -> bool:
    return isinstance(element, dict) and element.get("type") == "relation"


def _collect_overpass_node(element: Any, osm_id: int, tags: Tags, collector: Collector, *, row: int) -> None:
    lon, lat = float(element["lon"]), float(element["lat"])
    if collector.add_node(osm_id, lon, lat, row=row):
        collector.add_tagged_node(osm_id, osm_id, (lon, lat), tags)


def _collect_overpass_way(element: Any, osm_id: int, tags: Tags, collector: Collector, *, row: int) -> None:
    used = collector.wanted(osm_id, tags)
    if used is None:
        return
    points = element.get("geometry") or []
    nodes = [_id(node) for node in element.get("nodes") or ()]
    if points and nodes and len(points) != len(nodes):
        raise ValueError(f"way {osm_id} has {len(nodes)} nodes and {len(points)} points")
    nodes = nodes or [collector.node_at(float(point["lon"]), float(point["lat"])) if point else 0 for point in points]
    for node, point in zip(nodes, points, strict=False):
        if point and not collector.add_node(
            node, float(point["lon"]), float(point["lat"]), row=row, element=f"way {osm_id}"
        ):
            return
    collector.add_way(osm_id, nodes, used, row=row)


def _collect_list(items: list[Any], collector: Collector) -> None:
    for row, item in enumerate(items, start=1):
        try:
            tags = _texts(item.get("tags")) | _tags_of_type(item)
            if "geometry" in item:
                _collect_listed_way(item, tags, collector, row=row)
            else:
                lon, lat = float(item["lon"]), float(item["lat"])
                node = collector.node_at(lon, lat)
                if collector.add_node(node, lon, lat, row=row):
                    collector.add_tagged_node(_id(item["id"]), node, (lon, lat), tags)
        except _NOT_AN_ELEMENT as error:
            cure = "write {id, type, geometry: [[lat, lon], ...]} or {id, type, lat, lon, name}"
            collector.fault(f"neither a way nor a station: {_problem(error)}", cure, row=row)


def _tags_of_type(item: Mapping[str, Any]) -> Tags:
    kind = str(item["type"])
    names = {"name": item.get("name"), "name:local": item.get("nameLocal")}
    tags = {key: str(value) for key, value in names.items() if value}
    if kind == "ferry":
        return tags | {"route": "ferry"}
    return tags | {"highway" if kind in ROADS else "place" if kind in TOWNS else "railway": kind}


def _collect_listed_way(item: Mapping[str, Any], tags: Tags, collector: Collector, *, row: int) -> None:
    way = _id(item["id"])
    if collector.wanted(way, tags) is None:
        return
    points = [(float(lon), float(lat)) for lat, lon in item["geometry"]]
    nodes = [collector.node_at(*point) for point in points]
    for node, (lon, lat) in zip(nodes, points, strict=True):
        if not collector.add_node(node, lon, lat, row=row, element=f"way {way}"):
            return
    collector.add_way(way, nodes, tags, row=row)


def _texts(tags: Any) -> Tags:
    return {str(key): str(value) for key, value in (tags or {}).items() if value is not None}
