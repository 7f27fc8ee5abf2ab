"""Checks of places: modes, connectivity, coordinates that seem to be swapped."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from landbridge.networks.errors import Fault
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.tables.table import Row, Tables

SEPARATE_PARTS: Final = "separate_parts"
"""Key of the table `dataset` that says that a network is made of parts without connection, as a map may be."""

_SWAPPED_KM = 1500.0


def check_places(tables: Tables) -> Iterator[Fault]:
    """Check the country, modes and coordinates of each place."""
    table, places = tables["places"], tables["places"].by_key()
    modes, neighbours = _surroundings(tables)
    for line, row in table.numbered():
        if row["country"] is None and row["kind"] != "passage":
            yield Fault(table.file, line, "country", "is blank", "give the country; only a passage at sea has none")
        for mode in row["modes"]:
            if mode not in modes[row["id"]]:
                yield Fault(table.file, line, "modes", f"no {mode} link serves {row['id']}", "add one or drop the mode")
        if _seems_swapped(row, [places[other] for other in neighbours[row["id"]]]):
            yield Fault(table.file, line, "lat", "lat and lon seem to be swapped", "lon is east, lat is north")


def check_reach(tables: Tables) -> Iterator[Fault]:
    """Check that each place can be reached from the others (of its part, if there are several) and left again."""
    table, (modes, _) = tables["places"], _surroundings(tables)
    parents = {row["parent"] for row in table if row["parent"]}
    reached = _reached(tables)
    for line, row in table.numbered():
        place = row["id"]
        if place not in parents and not modes[place]:
            yield Fault(table.file, line, "id", f"{place} has no link and cannot be reached", "add a link to it")
        elif place not in reached and modes[place]:
            problem = f"{place} cannot be reached from most places, or cannot be left"
            yield Fault(table.file, line, "id", problem, "add the missing link or direction")


def _surroundings(tables: Tables) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the modes of the links of each place, and its neighbours over land."""
    modes, neighbours = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for link in tables["links"]:
        for place, other in ((link["from"], link["to"]), (link["to"], link["from"])):
            modes[place].add(link["mode"])
            if link["mode"] in {"rail", "road"}:
                neighbours[place].add(other)
    return modes, neighbours


def _seems_swapped(row: Row, neighbours: list[Row]) -> bool:
    def nearest_km(point: Point) -> float:
        return min(great_circle_km(point, (other["lon"], other["lat"])) for other in neighbours)

    if not neighbours or not -90 <= row["lon"] <= 90:
        return False
    here = nearest_km((row["lon"], row["lat"]))
    return here > _SWAPPED_KM and nearest_km((row["lat"], row["lon"])) < here / 2


def _reached(tables: Tables) -> set[str]:
    """Return the largest strongly connected component, or that of each part if the parts are separate on purpose."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for link in tables["links"]:
        graph.add_edge(link["from"], link["to"])
        if link["both_ways"]:
            graph.add_edge(link["to"], link["from"])
    separate = SEPARATE_PARTS in tables["dataset"].by_key()
    parts = [graph.subgraph(part) for part in nx.weakly_connected_components(graph)] if separate else [graph]
    return {
        place for part in parts for place in max(nx.strongly_connected_components(part), key=len, default=set[str]())
    }
