"""Reading of GMNS as a network: nodes become places, links become links by train, truck or ship.

GMNS states no sources, services, gauges or operations. What it states keeps its value and is `assumed`, with one row of
sources; the rest is taken from the national services of the bundled data set or from the defaults for maps.
"""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.checks.network import check_tables
from landbridge.networks.checks.places import SEPARATE_PARTS
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.formats.gmns_files import GmnsFolder, Record, read_folder, shapes, words
from landbridge.networks.geodata.bases.gauges import GaugeRule, countries_at, gauges_at, read_gauges
from landbridge.networks.geodata.osm.defaults import (
    GAUGE_CHANGE,
    bundled_tables,
    change_rows,
    complete,
    regime_of,
    service_of,
    service_rows,
)
from landbridge.networks.geodata.osm.layers import GAUGES
from landbridge.networks.geometry.sphere import geometry_km, great_circle_km, split_at_antimeridian, unwrapped
from landbridge.networks.network import Network
from landbridge.networks.places.place_index import normalise
from landbridge.networks.tables.reading import without_other_places
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import GEOMETRY, REFERENCE_TABLES, Draft, Table, Tables
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted

_log = logging.getLogger(__name__)

SOURCE: Final = "GMNS"
"""Source id of what a GMNS network states and of what is assumed beside it."""

OWN_ID: Final = "landbridge_id"
"""Column with the id that a place or link has in landbridge."""

PLACE_COLUMNS: Final = ("country", "modes", "unlocode", "neutral")
"""Columns of places beside those of the specification, which landbridge writes."""

LINK_COLUMNS: Final = ("gauge", "regime", "service", "countries", "passage", "bridge", "season_from", "season_to")
"""Columns of links beside those of the specification, which landbridge writes."""

_FROM_ANYBODY: Final = frozenset({"country", "gauge", "regime"})
"""Those of them that are read from any file; in one without the column `landbridge_id` the others may mean anything."""

_MODES: Final = {
    **dict.fromkeys(("rail", "railway", "train", "trains", "freight_rail", "heavy_rail"), "rail"),
    **dict.fromkeys(("road", "truck", "trucks", "hgv", "all", "auto", "car", "vehicle", "motor_vehicle"), "road"),
    **dict.fromkeys(("sea", "ship", "vessel"), "sea"),
    **dict.fromkeys(("iww", "barge", "inland_waterway"), "iww"),
    "ferry": "ferry",
}
"""Mode of each use or type of facility; other uses, such as sov and hov2, are of roads."""

_NO_FREIGHT: Final = frozenset(
    {"walk", "walking", "ped", "pedestrian", "foot", "bike", "bicycle", "cycle", "cycling"}
    | {"transit", "bus", "tram", "metro", "subway", "light_rail"}
)
_KINDS: Final = frozenset({"city", "terminal", "port", "border", "junction", "passage"})
_WGS84: Final = frozenset({"", "4326", "EPSG:4326", "WGS84", "WGS 84", "OGC:CRS84"})
_CAPACITY_UNITS: Final = {"rail": "trains/day", "road": "vehicles/day"}
_Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]
_ALIKE: Final = (
    *("mode", "service", "gauge", "regime", "length_km", "speed_km_h", "mean_h", "passage", "season_from"),
    *("_id", "_per_day", "note", "both_ways"),
)
_SLOWEST_KM_H, _FASTEST_KM_H = 1.0, 130.0


class GmnsNetwork(NamedTuple):
    """A network from GMNS, and what was left out: numbers of links and nodes by reason."""

    network: Network
    left_out: dict[str, int]


def read_gmns(
    folder: str | Path,
    *,
    country: str | None = None,
    gauge: int | None = None,
    length_unit: str | None = None,
    speed_unit: str | None = None,
) -> Network:
    """Read a network in GMNS, the General Modeling Network Specification.

    Nodes become places and links become links by rail or road (also by sea, ferry or inland waterway where the file
    names a service of the bundled data set). Times are length over free speed. What GMNS does not state is assumed, and
    cites the source `GMNS`. Nodes that cannot be reached and left again, links without trains, trucks or ships, and the
    longer of two parallel links are left out, with a warning.

    Parameters
    ----------
    folder
        Folder with `node.csv` and `link.csv`, and `config.csv`, `geometry.csv`, `use_group.csv` and
        `use_definition.csv` where there are any.
    country
        Country of the whole network (ISO 3166 alpha-2); by default that of the column `country` of the nodes, or
        determined for each node, which needs the extra `geodata`.
    gauge
        Gauge in mm of rail links whose column `gauge` is blank; by default that of the country.
    length_unit, speed_unit
        Units of length and speed, such as `mile` and `mph`, where `config.csv` does not give them.

    Raises
    ------
    DataError
        If a file is missing or invalid, or does not give a network; the error lists every fault with file and line.
    QueryError
        If an argument has an invalid type or value.

    Examples
    --------
    >>> from landbridge.networks import load_network, read_gmns, write_gmns
    >>> files = write_gmns(load_network(), "corridors-gmns")
    >>> read_gmns("corridors-gmns").places["kz-almaty"]["name"]
    'Almaty'
    """
    found = network_of_gmns(folder, country=country, gauge=gauge, length_unit=length_unit, speed_unit=speed_unit)
    if found.left_out:
        _log.warning("%s: left out %s", folder, ", ".join(f"{n} {reason}" for reason, n in found.left_out.items()))
    return found.network


def network_of_gmns(
    folder: str | Path,
    *,
    country: str | None = None,
    gauge: int | None = None,
    length_unit: str | None = None,
    speed_unit: str | None = None,
) -> GmnsNetwork:
    """Return the network of a folder in GMNS and what was left out; see `read_gmns`."""
    bundled = bundled_tables()
    if country is not None and country not in bundled["countries"].by_key():
        raise DataError(f"country {country!r} is unknown; give an ISO 3166 alpha-2 code")
    if gauge is not None and gauge not in GAUGES:
        raise DataError(f"gauge {gauge} is unknown; give one of {', '.join(map(str, GAUGES))}")
    return _Reader(read_folder(folder, length_unit=length_unit, speed_unit=speed_unit), country, gauge).run()


class _Reader:
    def __init__(self, files: GmnsFolder, country: str | None, gauge: int | None) -> None:
        self.files, self.country, self.gauge = files, country, gauge
        self.to_wgs84 = _transformer(files)
        self.left_out = Counter[str]()
        self.year = datetime.fromtimestamp((files.path / "node.csv").stat().st_mtime, tz=UTC).year
        self.evidence = {"year": self.year, "confidence": "assumed"}

    @cached_property
    def gauge_rules(self) -> list[GaugeRule]:
        return read_gauges()

    def run(self) -> GmnsNetwork:
        of_nodes = self._places()
        every = self._links(of_nodes)
        self.files.raise_faults()
        places, links, parts = self._connected(of_nodes, self._without_parallel(_paired(every)))
        self._set_modes(places, links)
        tables = self._tables(places, links, parts)
        faults = check_tables(tables)
        if faults:
            raise DataError(f"the network of {self.files.path} has {counted(len(faults), 'fault')}", faults)
        return GmnsNetwork(Network(tables), {reason: n for reason, n in self.left_out.items() if n})

    # ---- places

    def _places(self) -> dict[str, Draft]:
        """Return a place for each node, by the id of the node."""
        nodes = self.files.nodes
        lon, lat = self._positions()
        zoned = any(node.text("zone_id") for node in nodes.values())
        found: dict[str, Draft] = {}
        for (key, node), x, y in zip(nodes.items(), lon.tolist(), lat.tolist(), strict=True):
            cargo = bool(node.text("zone_id")) if zoned else True
            kind = node.text("node_type").lower()
            found[key] = {
                "name": node.text("name") or f"Node {key}",
                "kind": kind if kind in _KINDS else "city" if cargo else "junction",
                "lon": x,
                "lat": y,
                "source": (SOURCE,),
                "_line": node.line,
                "_cargo": cargo,
                **self.evidence,
                **_own(node, "places", PLACE_COLUMNS),
            }
        self._set_countries(found)
        self._set_ids(found)
        for key, node in nodes.items():
            parent = node.text("parent_node_id")
            if parent and parent not in found:
                node.fault("parent_node_id", f"there is no node {parent!r}", "add it to node.csv or correct the id")
            elif parent:
                found[key]["parent"] = found[parent]["id"]
        return found

    def _positions(self) -> tuple[Floats, Floats]:
        nodes = self.files.nodes.values()
        given = [[node.number(axis, least=-np.inf) for axis in ("x_coord", "y_coord")] for node in nodes]
        for node, point in zip(nodes, given, strict=True):
            for axis, value in zip(("x_coord", "y_coord"), point, strict=True):
                if value is None and not node.text(axis):
                    node.fault(axis, "is blank", "give the coordinate")
        self.files.raise_faults()
        lon, lat = self.to_wgs84(*np.array(given, dtype=float).reshape(-1, 2).T)
        for node, x, y in zip(nodes, lon.tolist(), lat.tolist(), strict=True):
            if not (-180 <= x <= 180 and -90 <= y <= 90):
                cure = "give degrees of longitude and latitude, or the coordinate system as crs in config.csv"
                node.fault("x_coord", f"({x:g}, {y:g}) is not on the Earth", cure)
        self.files.raise_faults()
        return lon, lat

    def _set_countries(self, places: Mapping[str, Draft]) -> None:
        missing = [row for row in places.values() if row.get("country") is None and row["kind"] != "passage"]
        if missing and self.country is None:
            lon, lat = (np.array([row[axis] for row in missing]) for axis in ("lon", "lat"))
            codes = countries_at(lon, lat).tolist()
        else:
            codes = [self.country] * len(missing)
        known = bundled_tables()["countries"].by_key()
        for row, code in zip(missing, codes, strict=True):
            row["country"] = code
            if code not in known:
                problem = f"the country of the node is {code!r}" if code else "the node lies in no country"
                cure = "give the column country, or the country of the whole network"
                self.files.faults.append(Fault("node.csv", row["_line"], "country", problem, cure))

    def _set_ids(self, places: Mapping[str, Draft]) -> None:
        """Set the id of each place: its own, or country and name, with the id of the node where that is not unique."""
        wanted = {
            key: self.files.nodes[key].text(OWN_ID)
            or f"{(row.get('country') or 'xx').lower()}-{_slug(self.files.nodes[key].text('name') or key)}"
            for key, row in places.items()
        }
        uses = Counter(wanted.values())
        taken = {name for name, count in uses.items() if count == 1}
        for key, row in places.items():
            name = wanted[key] if uses[wanted[key]] == 1 else f"{wanted[key]}-{_slug(key)}"
            row["id"] = _free(name, taken) if uses[wanted[key]] > 1 else name

    # ---- links

    def _links(self, places: Mapping[str, Draft]) -> list[Draft]:
        found = []
        for link, shape in zip(self.files.links, shapes(self.files), strict=True):
            start, end = (places.get(link.text(column)) for column in ("from_node_id", "to_node_id"))
            if start is None or end is None:
                continue
            modes = self._modes(link)
            if start is end:
                self.left_out["links that end where they start"] += 1
            elif not modes:
                self.left_out["links without trains, trucks or ships"] += 1
            else:
                line = None if shape is None else self._drawn(link, shape)
                found += [row for mode in modes if (row := self._link(link, start, end, mode, line))]
        return found

    def _modes(self, link: Record) -> list[str]:
        """Return the modes of a link: by its type of facility if that is a mode, otherwise by its uses."""
        facility = link.text("facility_type", "link_type_name").lower().replace(" ", "_")
        if _MODES.get(facility, "road") != "road":
            return [_MODES[facility]]
        uses = list(self._uses(words(link.text("allowed_uses")), frozenset())) or ["road"]
        return sorted({_MODES.get(use, "road") for use in uses if use not in _NO_FREIGHT})

    def _uses(self, given: Iterable[str], within: frozenset[str]) -> Iterator[str]:
        """Iterate over uses, with groups replaced by their uses; a group within itself is passed over."""
        for use in given:
            if use in self.files.groups and use not in within:
                yield from self._uses(self.files.groups[use], within | {use})
            else:
                yield use

    def _drawn(self, link: Record, shape: Any) -> Any:
        """Return the line of a link in degrees of WGS 84, split at 180 degrees."""
        import shapely
        from shapely.geometry import LineString, MultiLineString

        x, y = self.to_wgs84(*shapely.get_coordinates(shape).T)
        if not np.all(np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90) & (np.abs(x) <= 540)):
            link.fault("geometry", "is not on the Earth", "give degrees, or the coordinate system as crs in config.csv")
            return None
        points = list(zip(x.tolist(), y.tolist(), strict=True))
        if len(set(points)) < 2:
            return None
        parts = split_at_antimeridian(unwrapped(points))
        return LineString(parts[0]) if len(parts) == 1 else MultiLineString(parts)

    def _link(self, link: Record, start: Draft, end: Draft, mode: str, line: Any) -> Draft | None:
        own = _own(link, "links", LINK_COLUMNS)
        if mode != "rail" and "gauge" not in own:
            own.pop("regime", None)
        service = own.get("service")
        known = bundled_tables()["services"].by_key()
        if service not in known or known[service]["mode"] != mode:
            if mode in {"sea", "iww"}:
                self.left_out[f"{mode} links without a service of the bundled data set"] += 1
                return None
            service = service_of(mode, start["country"] or end["country"] or "xx")
        length = link.number("length")
        row: Draft = {
            "from": start["id"],
            "to": end["id"],
            "both_ways": not link.boolean("directed", default=True),
            "mode": mode,
            "length_km": None if length is None else self.files.km(length),
            "length_source": (SOURCE,),
            "length_year": self.year,
            "length_confidence": "assumed",
            "note": link.text("name") or None,
            "_line": link.line,
            "_id": link.text(OWN_ID),
            "_per_day": self._vehicles_per_day(link, mode),
            **own,
            "service": service,
        }
        if line is not None:
            row[GEOMETRY] = line
        self._set_track(row, start)
        self._set_time(row, link, start, end)
        return row

    def _set_track(self, row: Draft, start: Draft) -> None:
        if row["mode"] != "rail":
            return
        if row.get("gauge") is None:
            row["gauge"] = self.gauge or int(
                gauges_at(
                    np.array([start["lon"]]), np.array([start["lat"]]), np.array([start["country"]]), self.gauge_rules
                )[0]
            )
        if row["gauge"] not in GAUGES:
            cure = "give the column gauge, or the gauge of the whole network"
            problem = f"no gauge is known in {start['country']}"
            self.files.faults.append(Fault("link.csv", row["_line"], "gauge", problem, cure))
        row["regime"] = row.get("regime") or regime_of(start["country"] or "", row["gauge"])

    def _set_time(self, row: Draft, link: Record, start: Draft, end: Draft) -> None:
        """Set the speed of a link, or its time where the speed is out of the range of the column."""
        given = link.number("free_speed")
        if not given:
            return
        speed = self.files.km_h(given)
        row |= {"time_source": (SOURCE,), "time_year": self.year, "time_confidence": "assumed"}
        if _SLOWEST_KM_H <= speed <= _FASTEST_KM_H:
            row["speed_km_h"] = speed
            return
        if row["length_km"] is None:
            ends = [(place["lon"], place["lat"]) for place in (start, end)]
            row["length_km"] = geometry_km(row[GEOMETRY]) if GEOMETRY in row else great_circle_km(*ends)
        row["mean_h"] = row["length_km"] / speed

    def _vehicles_per_day(self, link: Record, mode: str) -> float | None:
        """Return the capacity in trains or vehicles per day: GMNS has passenger car units per hour and lane."""
        capacity, lanes = link.number("capacity"), link.number("lanes")
        if not capacity or lanes == 0 or mode not in _CAPACITY_UNITS:
            return None
        uses = self._uses(words(link.text("allowed_uses")), frozenset())
        units = [self.files.pce[use] for use in uses if use in self.files.pce and _MODES.get(use, "road") == mode]
        return capacity * (lanes or 1.0) * DAY_H / max(units, default=1.0)

    # ---- the network

    def _without_parallel(self, links: list[Draft]) -> list[Draft]:
        """Return links without those that are parallel to a faster one of the same service and gauge."""
        found: dict[tuple[Any, ...], Draft] = {}
        for row in sorted(links, key=lambda row: (row["length_km"] or 0.0) / (row.get("speed_km_h") or 1.0)):
            ends = [(row["from"], row["to"]), *([(row["to"], row["from"])] if row["both_ways"] else [])]
            rest = (row["service"], row.get("gauge"), row.get("season_from"), row.get("passage"))
            keys = [(*pair, *rest) for pair in ends]
            if any(key in found for key in keys):
                self.left_out["links parallel to another one"] += 1
                continue
            found |= dict.fromkeys(keys, row)
        kept = {id(row) for row in found.values()}
        return [row for row in links if id(row) in kept]

    def _connected(self, places: Mapping[str, Draft], links: list[Draft]) -> tuple[list[Draft], list[Draft], int]:
        """Return the places that can be reached and left again in each part of the network, and their links."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for row in links:
            graph.add_edge(row["from"], row["to"])
            if row["both_ways"]:
                graph.add_edge(row["to"], row["from"])
        cores = [
            max(nx.strongly_connected_components(graph.subgraph(part)), key=lambda core: (len(core), sorted(core)))
            for part in nx.weakly_connected_components(graph)
        ]
        cores = [core for core in cores if len(core) > 1]
        kept = set().union(*cores)
        if not kept:
            cure = "give links in both directions, or directed as false"
            raise DataError(f"{self.files.path} gives no network: no two nodes are connected there and back; {cure}")
        parents = {row["parent"] for row in places.values() if row.get("parent") and row["id"] in kept}
        own = [row for row in places.values() if row["id"] in kept | parents]
        within = [row for row in links if row["from"] in kept and row["to"] in kept]
        self.left_out["nodes that cannot be reached and left again"] += len(places) - len(own)
        self.left_out["links to such nodes"] += len(links) - len(within)
        return own, within, len(cores)

    def _set_modes(self, places: Iterable[Draft], links: Iterable[Draft]) -> None:
        touching: dict[str, set[str]] = defaultdict(set)
        for row in links:
            touching[row["from"]].add(row["mode"])
            touching[row["to"]].add(row["mode"])
        for place in places:
            here = touching[place["id"]] if place["_cargo"] and place["kind"] not in {"junction", "passage"} else set()
            given = place.get("modes")
            place["modes"] = tuple(sorted(here if given is None else {*given} & touching[place["id"]]))

    def _tables(self, places: list[Draft], links: list[Draft], parts: int) -> Tables:
        bundled = bundled_tables()
        tables: dict[str, Table[Any]] = {name: Table(name, f"{name}.csv") for name in schemas()}
        _set_link_ids(links)
        _fill(tables["places"], places, "node.csv")
        for name in REFERENCE_TABLES:
            tables[name].rows = [dict(row) for row in without_other_places(bundled[name], tables["places"])]
        for row in tables["dataset"]:
            if row["key"] == "name":
                row["value"] = f"GMNS: {self.files.config.text('dataset_name') or self.files.path.resolve().name}"
        if parts > 1:
            tables["dataset"].rows.append(complete("dataset", {"key": SEPARATE_PARTS, "value": str(parts)}))
        _fill(tables["resources"], list(self._resources(links)), "link.csv")
        _fill(tables["links"], links, "link.csv")
        changes = [_cited_here(row) for row in _changes(links)]
        default = [row for row in bundled["operations"] if row["place"] is None]
        tables["operations"].rows = [*(complete("operations", row) for row in changes), *default]
        # Road access needs a truck in each country, even if the network has no roads.
        trucks = {service_of("road", row["country"]) for row in places if row.get("country")}
        used = {row["service"] for row in links} | trucks
        rows = service_rows(used, bundled, ferry_takes_trains=False, speeds={})
        tables["services"].rows = [_cited_here(row) for row in rows]
        tables["sources"].rows = [self._source(), *bundled["sources"]]
        for table in tables.values():
            table.lines = table.lines or list(range(1, len(table.rows) + 1))
        return cast("Tables", tables)

    def _resources(self, links: Iterable[Draft]) -> Iterator[Draft]:
        """Iterate over a resource for each link with a capacity, and let the link use it."""
        for row in links:
            if row["_per_day"] is None:
                continue
            row["resource"] = f"{row['id']}--line"
            yield {
                "id": row["resource"],
                "name": f"Line {row['id']}",
                "kind": "line",
                "capacity": row["_per_day"],
                "capacity_unit": _CAPACITY_UNITS[row["mode"]],
                "capacity_source": (SOURCE,),
                "capacity_year": self.year,
                "capacity_confidence": "assumed",
                "_line": row["_line"],
            }

    def _source(self) -> Draft:
        title = (
            "Read from a network in GMNS, which states no sources; waits, fees, notes and gauges beside it are assumed"
        )
        name = self.files.config.text("dataset_name") or self.files.path.resolve().name
        return complete(
            "sources", {"id": SOURCE, "kind": "assumption", "title": title, "publisher": name, "year": self.year}
        )


def _transformer(files: GmnsFolder) -> _Transform:
    """Return the function from the coordinates of the files to degrees of WGS 84."""
    crs = files.config.text("crs")
    if crs.upper() in _WGS84:
        return lambda x, y: (x, y)
    import pyproj

    try:
        transform = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform
    except pyproj.exceptions.ProjError as error:
        fault = Fault("config.csv", files.config.line, "crs", f"{crs!r} is unknown: {error}", "give it as EPSG:4326")
        raise DataError(f"{files.path} has coordinates of an unknown system", [fault]) from error
    return cast("_Transform", transform)


def _own(record: Record, table: str, columns: Iterable[str]) -> Draft:
    """Return the values of columns that landbridge writes beside those of the specification."""
    found: Draft = {}
    schema = {column.name: column for column in schemas()[table].columns}
    for name in columns:
        if name not in record.cells or (name not in _FROM_ANYBODY and OWN_ID not in record.cells):
            continue
        try:
            value = schema[name].parse(record.text(name))
        except ValueError as error:
            record.fault(name, str(error), f"give {schema[name].meaning}")
        else:
            if value != schema[name].blank or name == "modes":
                found[name] = value
    return found


def _paired(links: list[Draft]) -> list[Draft]:
    """Return links with each pair of opposite ones that agree in everything as one in both directions."""
    found: list[Draft] = []
    waiting: dict[tuple[Any, ...], list[Draft]] = defaultdict(list)
    for row in links:
        rest = tuple(row.get(name) for name in _ALIKE)
        opposite = waiting[(row["to"], row["from"], *rest)]
        if opposite and not row["both_ways"]:
            opposite.pop(0)["both_ways"] = True
        else:
            found.append(row)
            waiting[(row["from"], row["to"], *rest)].append(row)
    return found


def _changes(links: Iterable[Draft]) -> Iterator[Draft]:
    """Iterate over the changes of gauge and note where tracks meet, also those between a train and a rail ferry."""
    tracks: dict[str, dict[str, set[tuple[int, str]]]] = defaultdict(lambda: defaultdict(set))
    for link in links:
        for end in ("from", "to") if link.get("gauge") is not None else ():
            tracks[link[end]][link["mode"]].add((link["gauge"], link["regime"]))
    for place, own in tracks.items():
        yield from change_rows(place, own["rail"])
        other = product(sorted(own["ferry"] - own["rail"]), sorted(own["rail"]))
        for number, (ferry, rail) in enumerate(other, start=1):
            for start, end, before, after in (("ferry", "rail", ferry, rail), ("rail", "ferry", rail, ferry)):
                yield GAUGE_CHANGE | {
                    "id": f"{place}--{start}-{end}-{number}",
                    "kind": "transship",
                    "place": place,
                    "both_ways": False,
                    "from_mode": start,
                    "from_gauge": before[0],
                    "from_regime": before[1],
                    "to_mode": end,
                    "to_gauge": after[0],
                    "to_regime": after[1],
                }


def _set_link_ids(links: Iterable[Draft]) -> None:
    taken: set[str] = set()
    for row in links:
        row["id"] = _free(row["_id"] or f"{row['from']}--{row['to']}--{row['mode']}", taken)


def _free(name: str, taken: set[str]) -> str:
    """Return a name, with a number if it is taken already, and take it."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def _slug(text: str) -> str:
    # Letters outside of ASCII without a decomposition leave a hyphen.
    return re.sub(r"[^a-z0-9]+", "-", normalise(text)).strip("-") or "node"


def _cited_here(row: Draft) -> Draft:
    """Return a row with the source of this network in place of the assumptions for maps."""
    return row | {
        name: (SOURCE,)
        for name, value in row.items()
        if isinstance(value, tuple) and value and all(str(item).startswith("OSM") for item in value)
    }


def _fill(table: Table[Any], rows: list[Draft], file: str) -> None:
    table.file = file
    table.lines = [row["_line"] for row in rows]
    table.rows = [
        complete(table.name, {name: value for name, value in row.items() if not name.startswith("_")}) for row in rows
    ]
