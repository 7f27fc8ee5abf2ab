"""Writing in GMNS: a network as nodes and links of several uses, or a traffic assignment problem with its trips."""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError
from landbridge.networks.file_sets import meta_of_set, writing_set
from landbridge.networks.files import write_csv, write_text
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.networks.formats.gmns_files import LINK_COLUMNS, OWN_ID, PLACE_COLUMNS, VERSION
from landbridge.networks.geometry.sphere import Point, unwrapped
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.schema import schemas
from landbridge.networks.times.durations import link_duration
from landbridge.networks.units import DAY_H, YEAR_H

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow

_log = logging.getLogger(__name__)

_USES: Final = {
    "RAIL": ("train", "freight trains"),
    "ROAD": ("truck", "trucks"),
    "SEA": ("vessel", "sea-going container ships"),
    "FERRY": ("ferry_vessel", "ferries for trucks or wagons"),
    "IWW": ("barge", "barges"),
}
"""Use of the links of each group, which is the mode in upper case, and its description."""

_CAR: Final = "car"
_SETTINGS: Final = "settings.yml"
_SETTINGS_TEXT: Final = """\
agents:
  - {type: c, name: car, vot: 60, flow_type: 0, pce: 1, free_speed: 60, use_link_ffs: true}
demand_periods:
  - {period: AM, time_period: 0700-0800}
demand_files:
  - {file_name: demand.csv, period: AM, agent_type: c}
"""
_DIGITS: Final = 6  # of degrees: 0.1 m
_GRID_DEGREES: Final = 0.01
_HOURS: Final = {"day": DAY_H, "month": YEAR_H / 12, "year": YEAR_H}
_VEHICLES: Final = frozenset({"trains", "vehicles"})


def write_gmns(content: Network | FlowProblem, folder: str | Path) -> list[Path]:
    """Write a network or a traffic assignment problem in GMNS, the General Modeling Network Specification.

    A network has a node for each place, with a zone where cargo is handled, and a directed link for each direction of
    each link in operation on the reference date. The free speed gives the mean running time, without waits, borders and
    terminals, for which GMNS has no place; the capacity is in trains, trucks or ships per hour. Columns beside those of
    the specification (`landbridge_id`, `gauge`, `service` and so on) let `read_gmns` return the same places and links.

    A problem has the columns and files that Path4GMNS and DTALite read (`VDF_alpha1`, `VDF_beta1`, `VDF_cap1`,
    `VDF_fftt1`, `demand.csv` and `settings.yml`), in its own units; fixed costs are tolls there, at a value of time of
    one per minute. Zones that are not passed through have the `node_type` centroid, which Path4GMNS ignores.
    Positions are not known: the nodes are on a grid.

    Parameters
    ----------
    content
        The network or the problem.
    folder
        Folder of the files, created if necessary. Files that landbridge wrote there before are replaced or removed;
        where they were of another network or problem, a warning says so.

    Returns
    -------
    list[Path]
        The files.

    Raises
    ------
    QueryError
        If there are files with the same names that landbridge did not write, or that were edited since.

    Examples
    --------
    >>> from landbridge.networks import load_network, write_gmns
    >>> [file.name for file in write_gmns(load_network(), "corridors-gmns")]
    ['config.csv', 'link.csv', 'node.csv', 'use_definition.csv', 'use_group.csv', 'zone.csv']
    """
    if not isinstance(content, Network | FlowProblem):
        raise QueryError(f"content is a {type(content).__name__}; give a network or a FlowProblem")
    target = file_path(folder, "folder")
    if isinstance(content, Network):
        tables, meta = _network_files(content), meta_of(content.tables, {"format": "gmns"})
    else:
        tables, meta = _problem_files(content), {"format": "gmns", "problem": content.name}
    before = meta_of_set(target)
    with writing_set(target, command="write_gmns", meta=meta) as new:
        names = [write_csv(new / f"{name}.csv", rows, columns).name for name, (columns, rows) in tables.items()]
        if "demand" in tables:
            write_text(new / _SETTINGS, _SETTINGS_TEXT)
            names.append(_SETTINGS)
    if before and (was := _content(before)) != (now := _content(meta)):
        _log.warning("%s contained %s, whose files were replaced by those of %s", folder, was, now)
    return [target / name for name in sorted(names)]


def _content(meta: Mapping[str, Any]) -> str:
    """Return what a set of files contains, by its metadata."""
    if "problem" in meta:
        return f"the problem {meta['problem']}"
    if meta.get("options") == {"format": "gmns"}:
        return f"the network {meta['data_set']['name']}"
    return "other results"


_Files = dict[str, tuple[tuple[str, ...], Iterable[Mapping[str, Any]]]]
"""Columns and rows of each file."""


def _config(name: str, **units: str) -> dict[str, Any]:
    return {
        "dataset_name": name,
        "short_length": "m",
        **units,
        "crs": "EPSG:4326",
        "geometry_field_format": "WKT",
        "currency": "USD",
        "version_number": VERSION,
        "id_type": "integer",
    }


# ---- networks


def _network_files(network: Network) -> _Files:
    links = _open_links(network)
    ends = {link[end] for link, _ in links for end in ("from", "to")}
    kept = ends | {network.places[place]["parent"] for place in ends}
    numbers = {place: number for number, place in enumerate(filter(kept.__contains__, network.places), start=1)}
    nodes = list(_nodes(network, numbers))
    config = _config(network.setting("name"), long_length="km", speed="km/h")
    zones = [{"zone_id": node["zone_id"], "name": node["name"]} for node in nodes if node["zone_id"]]
    modes = {link["mode"].upper() for link, _ in links}
    uses = [
        {"use": use, "persons_per_vehicle": 1, "pce": 1, "description": f"{text}; capacities are in these"}
        for mode, (use, text) in _USES.items()
        if mode in modes
    ]
    groups = [{"use_group": mode, "uses": use} for mode, (use, _) in _USES.items() if mode in modes]
    return {
        "config": (tuple(config), [config]),
        "node": (_NODE_COLUMNS, nodes),
        "link": (_LINK_COLUMNS, _links(network, links, numbers)),
        "zone": (("zone_id", "name"), zones),
        "use_definition": (("use", "persons_per_vehicle", "pce", "description"), uses),
        "use_group": (("use_group", "uses"), groups),
    }


_NODE_COLUMNS: Final = (
    *("node_id", "name", "x_coord", "y_coord", "node_type", "zone_id", "parent_node_id"),
    *(OWN_ID, *PLACE_COLUMNS),
)
_LINK_COLUMNS: Final = (
    *("link_id", "name", "from_node_id", "to_node_id", "directed", "geometry", "dir_flag", "length", "facility_type"),
    *("capacity", "free_speed", "lanes", "allowed_uses", OWN_ID, *LINK_COLUMNS),
)


def _nodes(network: Network, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    schema = {column.name: column for column in schemas()["places"].columns}
    for place, number in numbers.items():
        row = network.places[place]
        yield {
            "node_id": number,
            "name": row["name"],
            "x_coord": row["lon"],
            "y_coord": row["lat"],
            "node_type": row["kind"],
            "zone_id": number if row["modes"] else "",
            "parent_node_id": numbers.get(row["parent"] or "", ""),
            OWN_ID: place,
            **{name: schema[name].format(row[name]) for name in PLACE_COLUMNS},
        }


def _open_links(network: Network) -> list[tuple["LinkRow", float]]:
    """Return the links in operation on the reference date, with their lengths in km."""
    today = network.reference_date
    return [
        (link, length_km)
        for link, length_km in zip(network.links, network.link_lengths_km, strict=True)
        if (link["valid_from"] or today) <= today <= (link["valid_to"] or today)
    ]


def _links(
    network: Network, links: Iterable[tuple["LinkRow", float]], numbers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    schema = {column.name: column for column in schemas()["links"].columns}
    spreads = network.tables["spreads"].by_key()
    number = 0
    for link, length_km in links:
        hours = link_duration(link, network.services[link["service"]], length_km, spreads).time.mean_h
        points = _points(network.geometry(link))
        common = {
            "name": network.services[link["service"]]["name"],
            "directed": "true",
            "dir_flag": 1,
            "length": length_km,
            "facility_type": link["mode"],
            "capacity": _per_hour(network, link),
            "free_speed": length_km / hours if length_km and hours else "",
            "lanes": 1,
            "allowed_uses": link["mode"].upper(),
            OWN_ID: link["id"],
            **{name: schema[name].format(link[name]) for name in LINK_COLUMNS},
        }
        for start, end, line in (
            (link["from"], link["to"], points),
            *([(link["to"], link["from"], points[::-1])] if link["both_ways"] else []),
        ):
            number += 1
            ends = {"link_id": number, "from_node_id": numbers[start], "to_node_id": numbers[end]}
            yield ends | {"geometry": _wkt(line)} | common


def _points(line: Any) -> list[Point]:
    """Return the points of a line, with longitudes that continue past 180 degrees: many tools read only one part."""
    return unwrapped([point for part in getattr(line, "geoms", [line]) for point in part.coords])


def _wkt(points: Iterable[Point]) -> str:
    pairs = (f"{round(lon, _DIGITS):.10g} {round(lat, _DIGITS):.10g}" for lon, lat in points)
    return f"LINESTRING ({', '.join(pairs)})"


def _per_hour(network: Network, link: "LinkRow") -> float | str:
    """Return the capacity of a link in trains, trucks or ships per hour, blank where it has none of its own."""
    service = network.services[link["service"]]
    loads = network.tables["loads"].by_key()
    teu = service["vehicle_teu"] or (loads[service["vehicle"]]["teu"] if service["vehicle"] else None)
    found = [service["capacity_teu_day"] / teu / DAY_H] if service["capacity_teu_day"] and teu else []
    resource = network.tables["resources"].by_key().get(link["resource"] or "")
    if resource is not None:
        unit, _, per = resource["capacity_unit"].partition("/")
        if unit in _VEHICLES:
            found.append(resource["capacity"] / _HOURS[per])
        elif unit == "teu" and teu:
            found.append(resource["capacity"] / _HOURS[per] / teu)
    return min(found, default="")


# ---- problems


def _problem_files(problem: FlowProblem) -> _Files:
    _check_labels(problem)
    config = _config(problem.name, long_length="km", speed="km/h")
    ends = {*problem.origin.tolist(), *problem.destination.tolist()}
    nodes = [
        {
            "node_id": label,
            **dict(zip(("x_coord", "y_coord"), _on_grid(problem, node), strict=True)),
            "node_type": "centroid" if node < problem.first_through_node else "",
            "zone_id": label if node in ends or node < problem.first_through_node else "",
        }
        for node, label in enumerate(problem.node_id)
    ]
    trips = zip(problem.origin.tolist(), problem.destination.tolist(), problem.amount.tolist(), strict=True)
    demand = (
        {"o_zone_id": problem.node_id[start], "d_zone_id": problem.node_id[end], "volume": amount}
        for start, end, amount in trips
    )
    zones = [{"zone_id": node["zone_id"]} for node in nodes if node["zone_id"]]
    use = {"use": _CAR, "persons_per_vehicle": 1, "pce": 1}
    return {
        "config": (tuple(config), [config]),
        "node": (("node_id", "x_coord", "y_coord", "node_type", "zone_id"), nodes),
        "zone": (("zone_id",), zones),
        "use_definition": (tuple(use), [use]),
        "link": (_ARC_COLUMNS, _arcs(problem)),
        "demand": (("o_zone_id", "d_zone_id", "volume"), demand),
    }


def _check_labels(problem: FlowProblem) -> None:
    """Check that the labels of nodes are read again as they are written."""
    seen: set[str] = set()
    for label in map(str, problem.node_id):
        if not label.strip() or label.strip() != label or label.lower() == "nan" or not label.isprintable():
            raise QueryError(f"node_id has {label!r}, which GMNS reads as another label or none; give a plain text")
        if label in seen:
            raise QueryError(f"node_id has {label!r} twice; give each node a label of its own")
        seen.add(label)


_ARC_COLUMNS: Final = (
    *("link_id", "from_node_id", "to_node_id", "directed", "geometry", "length", "capacity", "free_speed", "lanes"),
    *("allowed_uses", "toll", "VDF_alpha1", "VDF_beta1", "VDF_cap1", "VDF_fftt1", "fixed_cost"),
)


def _on_grid(problem: FlowProblem, node: int) -> Point:
    """Return a point of a square grid, in degrees: AequilibraE takes no two nodes in the same place."""
    row, column = divmod(node, math.isqrt(problem.nodes - 1) + 1)
    return round(_GRID_DEGREES * column, _DIGITS), round(_GRID_DEGREES * row, _DIGITS)


def _arcs(problem: FlowProblem) -> Iterator[dict[str, Any]]:
    names = ("tail", "head", "length", "capacity", "free_flow_time", "b", "power", "fixed_cost")
    columns = (getattr(problem, name).tolist() for name in names)
    for number, (tail, head, length, capacity, time, b, power, fixed) in enumerate(zip(*columns, strict=True), start=1):
        speed = 60 * length / time if time else 0.0
        yield {
            "link_id": number,
            "from_node_id": problem.node_id[tail],
            "to_node_id": problem.node_id[head],
            "directed": "true",
            "geometry": _wkt([_on_grid(problem, tail), _on_grid(problem, head)]),
            "length": length,
            "capacity": capacity,
            "free_speed": speed if 0 < speed <= 200 else "",
            "lanes": 1,
            "allowed_uses": _CAR,
            "toll": fixed,
            "VDF_alpha1": b,
            "VDF_beta1": power,
            "VDF_cap1": capacity,
            "VDF_fftt1": time,
            "fixed_cost": fixed,
        }
