"""Base classes of all results, with output as dictionary, frame, GeoJSON, CSV, Excel, folder and notebook table.

A result defines its layers and tables; everything else is derived from them here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, overload

from landbridge.networks.arguments import file_path, shown
from landbridge.networks.errors import QueryError
from landbridge.networks.file_sets import folder_named, writing_set
from landbridge.networks.files import csv_text, file_to_write, replacing_with, write_csv, write_json
from landbridge.networks.meta import Meta, meta_of
from landbridge.networks.network import Network, network_given
from landbridge.routing.output.layers import Layer, features_of, write_layer
from landbridge.routing.output.qgis_project import write_qgis
from landbridge.routing.output.table_files import check_format, without_formulas
from landbridge.routing.output.tables import RecordTable, html_table
from landbridge.routing.output.workbook import write_workbook

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

T = TypeVar("T")
Part = TypeVar("Part", Layer, RecordTable)


@dataclass(frozen=True, eq=False)
class Result(ABC):
    """A result.

    Attributes
    ----------
    meta
        Version, data set, reference date, the query as interpreted, and the scenario.
    """

    meta: Meta = field(default_factory=dict, kw_only=True, compare=False, repr=False)

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the result with the names of the JSON output."""

    def __eq__(self, other: object) -> bool:
        """Whether the other is a result of the same kind with the same content."""
        return self.to_dict() == other.to_dict() if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the content."""
        return hash(repr(self))

    def layers(self) -> Sequence[Layer]:
        """Return the layers, the main one first; empty if there is no geometry."""
        return ()

    def tables(self) -> Sequence[RecordTable]:
        """Return the tables, the main one first."""
        return ()

    def to_frame(self, table: str | None = None) -> "pd.DataFrame":
        """Return a table as a DataFrame, the first one if none is named.

        Raises
        ------
        QueryError
            If the result has no such table.
        """
        import pandas as pd

        chosen = self._chosen(self.tables(), table, "table")
        return pd.DataFrame(list(chosen.rows()), columns=chosen.columns)

    def to_geodataframe(self, layer: str | None = None) -> "gpd.GeoDataFrame":
        """Return a layer as a GeoDataFrame in WGS 84, the first one if none is named.

        Raises
        ------
        QueryError
            If the result has no such layer.
        """
        import geopandas as gpd

        chosen = self._chosen(self.layers(), layer, "layer")
        return gpd.GeoDataFrame.from_features(features_of(chosen), crs="EPSG:4326")

    def to_geojson(self, path: str | Path, layer: str | None = None) -> Path:
        """Write a layer as GeoJSON (RFC 7946) with a QGIS style, and return the path; your own style is kept.

        Raises
        ------
        QueryError
            If the result has no such layer.
        """
        return write_layer(file_path(path, "path"), self._chosen(self.layers(), layer, "layer"))

    @overload
    def to_csv(self, path: None = None, table: str | None = None) -> str: ...
    @overload
    def to_csv(self, path: str | Path, table: str | None = None) -> Path: ...
    def to_csv(self, path: str | Path | None = None, table: str | None = None) -> str | Path:
        """Write a table as CSV and `<path>.meta.json`, and return the path; without a path, return the text.

        A text that a spreadsheet would take for a formula has an apostrophe in front.

        Raises
        ------
        QueryError
            If the result has no such table.
        """
        chosen = self._chosen(self.tables(), table, "table")
        if path is None:
            return csv_text(without_formulas(chosen.rows()), chosen.columns)
        target = file_path(path, "path")
        with self._beside_meta(target) as temporary:
            write_csv(temporary, without_formulas(chosen.rows()), chosen.columns)
        return target

    def to_parquet(self, path: str | Path, table: str | None = None) -> Path:
        """Write a table as Parquet (needs the extra `parquet`) and `<path>.meta.json`, and return the path.

        Raises
        ------
        QueryError
            If the result has no such table, the name does not end in .parquet, or pyarrow is not installed.
        """
        target = file_path(path, "path")
        if check_format(target) != ".parquet":
            raise QueryError(f"{target} is no Parquet file; use a name with .parquet, or to_csv and to_excel")
        with self._beside_meta(target) as temporary:
            self.to_frame(table).to_parquet(temporary, engine="pyarrow", index=False)
        return target

    def to_excel(self, path: str | Path) -> Path:
        """Write all tables as sheets of an Excel workbook (needs the extra `excel`), and return the path.

        Cells are typed, and texts never formulas; the sheets `columns` and `metadata` have the units of the columns and
        the origin of the result. A moment is a date in UTC, with its local time as text in the next column.

        Raises
        ------
        QueryError
            If the result has no table, the name does not end in .xlsx, XlsxWriter is not installed, or a table is
            larger than Excel takes.
        """
        self._chosen(self.tables(), None, "table")
        return write_workbook(file_path(path, "path"), self.tables(), self.meta)

    def write(self, folder: str | Path) -> list[Path]:
        """Write all layers and tables to a folder, and return these files.

        Layers are GeoJSON with QGIS styles, and together a GeoPackage with the QGIS project `landbridge.qgz` that shows
        it; tables are CSV.

        `landbridge-manifest.json` lists them with their origin. The files of an earlier result of any kind that are
        listed there are replaced or removed.

        Raises
        ------
        QueryError
            If there is a file with the same name that landbridge did not write, or a listed one was edited since.
        """
        folder_named(folder)
        folder = file_path(folder, "folder")
        names, layers = [], [layer.kept() for layer in self.layers()]
        title = repr(self).splitlines()[0].strip("<>")
        with writing_set(folder, command=f"{type(self).__name__}.write", meta=self.meta) as new:
            names += [write_layer(new / f"{layer.name}.geojson", layer).name for layer in layers]
            if layers:
                names += [path.name for path in write_qgis(new, layers, self.meta, title)]
            names += [
                write_csv(new / f"{name}.csv", without_formulas(rows()), columns).name
                for name, rows, columns in self.tables()
            ]
        return [folder / name for name in names]

    def plot(self) -> "Figure":
        """Return the chart of the result as a matplotlib figure (needs the extra `plot`).

        Raises
        ------
        QueryError
            If there is no chart for this kind of result, or matplotlib is missing.
        """
        raise QueryError(f"{type(self).__name__} has no chart yet; draw one from `to_frame()`")

    @contextmanager
    def _beside_meta(self, path: Path) -> Iterator[Path]:
        """Yield a temporary path that replaces a file, together with its side file `<path>.meta.json`."""
        path = file_to_write(path)
        side = f"{path.name}.meta.json"
        with replacing_with(path, side) as new:
            yield new / path.name
            write_json(new / side, self.meta)

    def _repr_html_(self) -> str:
        """Return the first table as HTML, for notebooks."""
        return html_table(repr(self), next(iter(self.tables()), None))

    def _chosen(self, parts: Sequence[Part], name: str | None, what: str) -> Part:
        known, own = [part.name for part in parts], type(self).__name__
        if not known:
            raise QueryError(f"{own} has no {'geometry; take `to_frame`' if what == 'layer' else 'table'}")
        if name is not None and not (isinstance(name, str) and name in known):
            raise QueryError(f"{own} has no {what} {shown(name)}; give one of {', '.join(known)}")
        return parts[0 if name is None else known.index(name)]


@dataclass(frozen=True, eq=False, repr=False)
class ResultList(Result, Sequence[T]):
    """A result that behaves as a list: with a length, indexing, slicing and comparison."""

    items: tuple[T, ...]

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        """Yield the items."""
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> T | Self:
        """Return an item, or a result with some of the items."""
        return replace(self, items=self.items[index]) if isinstance(index, slice) else self.items[index]

    def __eq__(self, other: object) -> bool:
        """Whether the other is a list, tuple or result with the same items."""
        if not isinstance(other, list | tuple | type(self)):
            return NotImplemented
        return list(self.items) == list(other)

    def __hash__(self) -> int:
        """Return a hash of the items."""
        return hash(self.items)


@dataclass(frozen=True, eq=False)
class NetworkResult(Result):
    """A result that refers to its network but is stored without it.

    Only the result is pickled; `with_network` attaches the network again if it is needed.
    """

    _kept: ClassVar[tuple[str, ...]] = ()
    """Names of the properties computed before the result is stored, since they need the network."""

    _network: Network | None = field(repr=False, compare=False)

    @property
    def network(self) -> Network:
        """The network of the result.

        Raises
        ------
        QueryError
            If the result was stored without it.
        """
        if self._network is None:
            raise QueryError(
                f"this {type(self).__name__} was stored without its network; attach it with `with_network(network)`"
            )
        return self._network

    def with_network(self, network: Network) -> Self:
        """Return a stored result with its network.

        Raises
        ------
        QueryError
            If it is not a network, or has another data set or scenario than the result.
        """
        given = meta_of(network_given(network).tables, {})
        for name, words in (("data_set", "data set"), ("scenario", "scenario")):
            if self.meta.get("data_set") is not None and self.meta.get(name) != given[name]:
                raise QueryError(
                    f"the result is for the {words} {self.meta.get(name)} but the network has {given[name]};"
                    " give the same"
                )
        return replace(self, _network=network)

    def __getstate__(self) -> dict[str, Any]:
        """Return the stored state: everything except the network, with the properties that need it computed."""
        for name in self._kept:
            getattr(self, name)
        return vars(self) | {"_network": None}

    def __copy__(self) -> Self:
        """Return the result itself, which is immutable."""
        return self

    def __deepcopy__(self, _: object) -> Self:
        """Return the result itself, which is immutable."""
        return self


def check_made_with(result: NetworkResult, network: Network, name: str) -> None:
    """Check that a result that is given beside a network is of that network.

    Raises
    ------
    QueryError
        If it is of another one, or was stored without it.
    """
    if result.network is not network_given(network):
        raise QueryError(f"the {name} belongs to another network; give the network with which it was made")
