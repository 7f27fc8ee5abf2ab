"""Reading of GMNS as a network: nodes become places, links become links by train, truck or ship.

GMNS states no sources, services, gauges or operations. What it states keeps its value and is `assumed`, with one row of
sources; the rest is taken from the national services of the bundled data set or from the defaults for maps.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from landbridge.networks.arguments import file_path, whole_number
from landbridge.networks.checks.network import check_tables
from landbridge.networks.checks.places import SEPARATE_PARTS
from landbridge.networks.errors import DataError
from landbridge.networks.file_sets import folder_named, writing_set
from landbridge.networks.files import write_json, year_of_file
from landbridge.networks.formats.gmns_files import SOURCE, GmnsFolder, read_folder
from landbridge.networks.formats.gmns_links import CAPACITY_UNITS, gmns_links
from landbridge.networks.formats.gmns_places import free_name, gmns_places
from landbridge.networks.geodata.osm.defaults import (
    GAUGE_CHANGE,
    YEARS,
    bundled_tables,
    change_rows,
    check_country,
    cited_sources,
    complete,
    service_of,
    service_rows,
)
from landbridge.networks.geodata.osm.layers import check_gauge
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.reading import without_other_places
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import REFERENCE_TABLES, Draft, Table, Tables
from landbridge.networks.words import counted
from landbridge.networks.writing import write_network

_log = logging.getLogger(__name__)

NETWORK_FILE: Final = "network.gpkg"
"""File name of a network that is built."""

REPORT_FILE: Final = "report.json"
"""File name of the report of its construction."""


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
    year: int | None = None,
) -> Network:
    """Read a network in GMNS, the General Modeling Network Specification.

    Nodes become places and links become links by rail or road (also by sea, ferry or inland waterway where the file
    names a service of the bundled data set). Times are length over free speed. What GMNS does not state is assumed, and
    cites the source `GMNS`. Nodes that cannot be reached and left again, links without trains, trucks or ships, links
    that are shut (speed, capacity or lanes of 0), and the slower of two parallel links are left out, with a warning.

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
    year
        Year that the files describe; by default that in which `node.csv` was last changed.

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
    found = network_of_gmns(
        folder, country=country, gauge=gauge, length_unit=length_unit, speed_unit=speed_unit, year=year
    )
    if found.left_out:
        _log.warning(
            "%s has parts that were left out (%s)",
            folder,
            "; ".join(f"{reason}: {n}" for reason, n in found.left_out.items()),
        )
    return found.network


def network_of_gmns(
    folder: str | Path,
    *,
    country: str | None = None,
    gauge: int | None = None,
    length_unit: str | None = None,
    speed_unit: str | None = None,
    year: int | None = None,
) -> GmnsNetwork:
    """Return the network of a folder in GMNS and what was left out; see `read_gmns`."""
    check_country(country)
    check_gauge(gauge)
    files = read_folder(folder, length_unit=length_unit, speed_unit=speed_unit)
    if year is None:
        year = year_of_file(files.path / "node.csv")
    return _Reader(files, country, gauge, whole_number(year, "year", *YEARS)).run()


def build_from_gmns(
    folder: str | Path, out_dir: str | Path, **options: Any
) -> tuple[Network, dict[str, int], list[Path]]:
    """Build a network from a folder in GMNS and write it as a GeoPackage, with a report of what was left out.

    Parameters
    ----------
    folder
        Folder of the files in GMNS.
    out_dir
        Folder for `network.gpkg` and `report.json`, created if necessary.
    **options
        Options of `read_gmns`.

    Returns
    -------
    tuple[Network, dict[str, int], list[Path]]
        The network, the numbers of links and nodes left out by reason, and the files.

    Raises
    ------
    DataError, QueryError
        As `read_gmns` raises them.
    QueryError
        If there is a file with the same name that landbridge did not write.
    """
    target = file_path(out_dir, "out_dir")
    folder_named(target)
    network, left_out = network_of_gmns(folder, **options)
    meta = meta_of(network.tables, {"source": str(folder), **options})
    with writing_set(target, command="build_from_gmns", meta=meta) as new:
        write_network(network, new / NETWORK_FILE, file_format="gpkg")
        sizes = {name: len(network.tables[name]) for name in ("places", "links", "operations", "resources")}
        write_json(new / REPORT_FILE, {"source": str(folder), **sizes, "left_out": left_out})
    return network, left_out, [target / name for name in (REPORT_FILE, NETWORK_FILE)]


class _Reader:
    def __init__(self, files: GmnsFolder, country: str | None, gauge: int | None, year: int) -> None:
        self.files, self.country, self.gauge, self.year = files, country, gauge, year
        self.left_out = Counter[str]()

    def run(self) -> GmnsNetwork:
        of_nodes = gmns_places(self.files, self.country, self.year)
        every = gmns_links(self.files, of_nodes, self.gauge, self.year, self.left_out)
        places, links, parts = self._connected(of_nodes, every)
        self._set_modes(places, links)
        tables = self._tables(places, links, parts)
        faults = check_tables(tables)
        if faults:
            raise DataError(f"the network of {self.files.path} has {counted(len(faults), 'fault')}", faults)
        return GmnsNetwork(Network(tables), {reason: n for reason, n in self.left_out.items() if n})

    def _connected(self, places: Mapping[str, Draft], links: list[Draft]) -> tuple[list[Draft], list[Draft], int]:
        """Return the places that can be reached and left again in each part of the network, and their links."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for row in links:
            graph.add_edge(row["from"], row["to"])
            if row["both_ways"]:
                graph.add_edge(row["to"], row["from"])
        part_of = {node: n for n, part in enumerate(nx.weakly_connected_components(graph)) for node in part}
        largest: dict[int, set[str]] = {}
        # Of equally large ones the one with the first name.
        for core in sorted(nx.strongly_connected_components(graph), key=lambda core: (-len(core), min(core))):
            largest.setdefault(part_of[next(iter(core))], core)
        cores = [core for core in largest.values() if len(core) > 1]
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
        tables["sources"].rows = cited_sources(tables, [self._source(), *bundled["sources"]])
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
                "capacity_unit": CAPACITY_UNITS[row["mode"]],
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
        row["id"] = free_name(row["_id"] or f"{row['from']}--{row['to']}--{row['mode']}", taken)


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
