"""The Network: its tables, the state graph derived from them, and views of both for users."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from landbridge.data import DATA_DIR
from landbridge.networks.arguments import file_path, instance
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.file_sets import check_set
from landbridge.networks.geometry.sphere import reversed_line, to_geometry
from landbridge.networks.graph.builder import build_state_graph
from landbridge.networks.graph.links import is_local
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.memo import Memo
from landbridge.networks.places.place_index import PlaceIndex
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.table import GEOMETRY, GEOMETRY_FILE, Tables
from landbridge.networks.tables.waypoints import link_points
from landbridge.networks.times.durations import link_length_km
from landbridge.networks.words import counted

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from landbridge.networks.tables.rows import LinkRow, OperationRow, PlaceRow, ServiceRow, SourceRow


class Network(Memo):
    """A multimodal freight network: checked tables and the graph derived from them.

    The tables are authoritative. The state graph is built from them once, on first use.

    Parameters
    ----------
    tables
        Every table of the schema by its name, as `landbridge.networks.read_network` makes them.
    geometry_file
        FlatGeobuf file with the lines of links, read on first use.
    unchanged
        The network that these tables were changed from.
    """

    def __init__(
        self, tables: Tables, geometry_file: Path | None = None, *, unchanged: "Network | None" = None
    ) -> None:
        self.tables = tables
        self._geometry_file = geometry_file
        self._unchanged = unchanged

    def __repr__(self) -> str:
        """Return the name and the sizes of the main tables."""
        sizes = ", ".join(
            counted(len(self.tables[f"{name}s"]), name) for name in ("place", "link", "operation", "service")
        )
        return f"<Network {self.setting('name')}: {sizes}>"

    def setting(self, key: str) -> str:
        """Return a value of the table `dataset`, such as `usd_year`.

        Raises
        ------
        QueryError
            If the table has no such key.
        """
        row = self.keyed("dataset").get(key)
        if row is None:
            raise QueryError(f"the table dataset has no key {key!r}; add a row")
        return str(row["value"])

    def keyed(self, table: str) -> dict[str, Any]:
        """Return the rows of a table by their key; as `Table.by_key`, but made once."""
        return self.cached(_keyed, table)

    @property
    def unchanged(self) -> "Network":
        """The network before any scenario; itself without one, or if it was written to a file since."""
        return self._unchanged or self

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes without the cache, and the unchanged network without what it derives from its tables.

        Rows that both networks have are pickled once.
        """
        old = self._unchanged
        bare = None if old is None else Network(old.tables, self._geometry_file)
        return super().__getstate__() | {"_unchanged": bare}

    @property
    def reference_date(self) -> date:
        """Day on which records have to be valid for queries without a date."""
        return self.cached(_reference_date)

    @cached_property
    def places(self) -> dict[str, "PlaceRow"]:
        """Places by id."""
        return self.tables["places"].by_key()

    @cached_property
    def services(self) -> dict[str, "ServiceRow"]:
        """Services by id."""
        return self.tables["services"].by_key()

    @cached_property
    def sources(self) -> dict[str, "SourceRow"]:
        """Sources by id."""
        return self.tables["sources"].by_key()

    @property
    def links(self) -> list["LinkRow"]:
        """Links in the order of their table."""
        return self.tables["links"].rows

    @property
    def operations(self) -> list["OperationRow"]:
        """Operations in the order of their table."""
        return self.tables["operations"].rows

    @cached_property
    def place_index(self) -> PlaceIndex:
        """Index of the places by name."""
        return PlaceIndex(self.tables["places"].rows)

    @cached_property
    def terminals(self) -> dict[str, tuple[str, ...]]:
        """Places where cargo for a place is handled: the place itself, or the terminals of a city."""
        children: dict[str, list[str]] = {place: [] for place in self.places}
        for row in self.tables["places"]:
            if row["parent"]:
                children[row["parent"]].append(row["id"])
        return {
            place: tuple([place] if row["modes"] else []) + tuple(children[place]) for place, row in self.places.items()
        }

    def zone(self, place: str) -> ZoneInfo:
        """Return the time zone of a place: its own, that of its country, or UTC at sea.

        Raises
        ------
        QueryError
            If there is no place with that id.

        Examples
        --------
        >>> from landbridge.networks import load_network
        >>> load_network().zone("ru-novosibirsk")
        zoneinfo.ZoneInfo(key='Asia/Novosibirsk')
        """
        row = self.places.get(place)
        if row is None:
            raise QueryError(f"there is no place with the id {place!r}; `place_index.resolve` finds the id of a name")
        return ZoneInfo(row["timezone"] or (self._country_zones[row["country"]] if row["country"] else "UTC"))

    @cached_property
    def _country_zones(self) -> dict[str, str]:
        return {row["code"]: row["timezone"] for row in self.tables["countries"]}

    @cached_property
    def local_links(self) -> frozenset[str]:
        """Ids of the links that are transfers between terminals of one city."""
        return frozenset(link["id"] for link in self.links if is_local(link, self.places))

    @cached_property
    def haul_modes(self) -> tuple[str | None, ...]:
        """Mode of the line-haul of each link, None where it is a transfer between terminals of one city."""
        return tuple(None if is_local(link, self.places) else link["mode"] for link in self.links)

    @cached_property
    def graph(self) -> StateGraph:
        """The state graph in flat arrays."""
        return build_state_graph(self.tables)

    @cached_property
    def link_lengths_km(self) -> list[float]:
        """Length of each link in km."""
        modes = self.tables["modes"].by_key()
        return [link_length_km(link, self.places, modes) for link in self.links]

    def geometry(self, link: "LinkRow", *, backward: bool = False) -> Any:
        """Return the line of a link as a shapely geometry split at 180 degrees, reversed if `backward`."""
        line = link[GEOMETRY] if GEOMETRY in link else self.lines.get(link["id"])
        if line is None:
            line = to_geometry(link_points(link, self.places))
        return reversed_line(line) if backward else line

    @cached_property
    def lines(self) -> dict[str, Any]:
        """Lines of the geometry file by link id, as shapely geometries."""
        if self._geometry_file is None or not self._geometry_file.is_file():
            return {}
        from landbridge.networks.geometry.flatgeobuf import read_geometry

        return read_geometry(self._geometry_file)

    def with_tables(self, tables: Tables, shared: Iterable[str]) -> "Network":
        """Return a network of changed tables, with some values derived from the tables of this one.

        Parameters
        ----------
        shared
            Names of cached properties, such as `place_index`, on which the differences have no influence; those that
            are not computed yet are computed when they are needed.
        """
        found = Network(tables, self._geometry_file, unchanged=self.unchanged)
        vars(found).update({name: vars(self)[name] for name in ("lines", *shared) if name in vars(self)})
        return found

    def frame(self, table: str) -> "pd.DataFrame":
        """Return a table as a DataFrame, places and links as a GeoDataFrame in WGS 84.

        Raises
        ------
        QueryError
            If there is no such table.
        """
        if table not in self.tables:
            raise QueryError(f"there is no table {table!r}; give one of {', '.join(sorted(self.tables))}")
        from landbridge.networks.tables.frames import table_frame

        geometry: list[Any] | None = None
        if table == "places":
            from shapely.geometry import Point

            geometry = [Point(row["lon"], row["lat"]) for row in self.tables[table]]
        elif table == "links":
            geometry = [self.geometry(link) for link in self.links]
        return table_frame(self.tables[table], geometry)

    def to_networkx(self) -> "nx.MultiDiGraph":
        """Return the state graph as a networkx MultiDiGraph.

        Nodes are the `State` tuples; edges carry `kind`, `row` (index of the link, operation or service), `backward`,
        `classes`, `length_km`, `time_mean_h`, `time_sd_h`, `countries` and their periods of validity.
        """
        import networkx as nx

        graph, view = self.graph, nx.MultiDiGraph()
        view.add_nodes_from((state, {"place": state.place}) for state in graph.states)
        columns = {
            name: getattr(graph, name).tolist()
            for name in (
                "kind",
                "row",
                "backward",
                "classes",
                "length_km",
                "time_mean_h",
                "time_sd_h",
                "valid_from",
                "valid_to",
                "season_from",
                "season_to",
            )
        }
        for edge, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
            view.add_edge(
                graph.states[tail],
                graph.states[head],
                key=edge,
                countries=frozenset(graph.country_codes[column] for column in graph.countries[edge].nonzero()[0]),
                **{name: values[edge] for name, values in columns.items()},
            )
        return view


def network_given(given: object) -> Network:
    """Return an argument after checking that it is a network.

    Raises
    ------
    QueryError
        If it is not; the message says how to get one.
    """
    return instance(given, Network, "network", "read one with load_network() or read_network(path)")


def read_network(path: str | Path) -> Network:
    """Read a network from a folder of CSV or GeoJSON files or from a GeoPackage, and check it.

    Parameters
    ----------
    path
        A folder with `places`, `links`, `services` and optionally the other tables, each as `.csv` or `.geojson`; or
        a GeoPackage with a layer for each table.

    Raises
    ------
    DataError
        If the data is invalid; the error lists every fault found. Or if a file is missing that the manifest of a folder
        lists, see `write_network`.

    Examples
    --------
    >>> from landbridge.networks import load_network, read_network, write_network
    >>> files = write_network(load_network(), "corridors")
    >>> read_network("corridors").places["kz-almaty"]["name"]
    'Almaty'
    """
    # The bundled network is not checked, and loads faster without the checks.
    from landbridge.networks.checks.network import check_geometry, check_tables

    source = file_path(path, "path")
    check_set(source)
    tables, faults = read_tables(source)
    faults = faults or check_tables(tables) or check_geometry(tables, source / GEOMETRY_FILE)
    if faults:
        raise DataError(f"{path} has {counted(len(faults), 'fault')}", faults)
    return Network(tables, source / GEOMETRY_FILE)


def load_network() -> Network:
    """Return the network of the bundled corridors; it needs no internet connection and is checked by the tests.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> load_network().places["kz-almaty"]["name"]
    'Almaty'
    """
    tables, faults = read_tables(DATA_DIR)
    if faults:
        raise DataError("the bundled data set is damaged; install landbridge again", faults)
    return Network(tables, DATA_DIR / GEOMETRY_FILE)


def _keyed(network: Network, table: str) -> dict[str, Any]:
    return network.tables[table].by_key()


def _reference_date(network: Network) -> date:
    return date.fromisoformat(network.setting("reference_date"))
