"""What every answer can do: leave as a dictionary, a frame, GeoJSON, CSV, a folder of files, a notebook's table.

An answer names its layers and tables; all else follows from them here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, overload

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import QueryError
from landbridge.networks.file_sets import folder_named, writing_set
from landbridge.networks.files import csv_text, replacing, write_csv, write_json
from landbridge.networks.meta import Meta
from landbridge.networks.network import Network
from landbridge.routing.output.layers import Layer, write_layer
from landbridge.routing.output.table_files import check_format
from landbridge.routing.output.tables import RecordTable, html_table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

T = TypeVar("T")
Part = TypeVar("Part", Layer, RecordTable)


@dataclass(frozen=True, eq=False)
class Result(ABC):
    """An answer.

    Attributes
    ----------
    meta
        Version, data set, reference date, the question as it was understood, and the scenario.
    """

    meta: Meta = field(default_factory=dict, kw_only=True, compare=False, repr=False)

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the answer with the names of the JSON output."""

    def layers(self) -> Sequence[Layer]:
        """Return the layers, the one that stands for the answer first; none where it has no geometry."""
        return ()

    def tables(self) -> Sequence[RecordTable]:
        """Return the tables, the one that stands for the answer first."""
        return ()

    def to_frame(self, table: str | None = None) -> "pd.DataFrame":
        """Return a table as a DataFrame, the first one if none is named.

        Raises
        ------
        QueryError
            If the answer has no such table.
        """
        import pandas as pd

        chosen = self._chosen(self.tables(), table, "table")
        return pd.DataFrame(list(chosen.rows()), columns=chosen.columns)

    def to_geodataframe(self, layer: str | None = None) -> "gpd.GeoDataFrame":
        """Return a layer as a GeoDataFrame in WGS 84, the first one if none is named.

        Raises
        ------
        QueryError
            If the answer has no such layer.
        """
        import geopandas as gpd

        chosen = self._chosen(self.layers(), layer, "layer")
        return gpd.GeoDataFrame.from_features(chosen.features(), crs="EPSG:4326")

    def to_geojson(self, path: str | Path, layer: str | None = None) -> Path:
        """Write a layer as GeoJSON (RFC 7946) with a QGIS style beside it, and return the path.

        Raises
        ------
        QueryError
            If the answer has no such layer.
        """
        return write_layer(file_path(path, "path"), self._chosen(self.layers(), layer, "layer"))

    @overload
    def to_csv(self, path: None = None, table: str | None = None) -> str: ...
    @overload
    def to_csv(self, path: str | Path, table: str | None = None) -> Path: ...
    def to_csv(self, path: str | Path | None = None, table: str | None = None) -> str | Path:
        """Write a table as CSV with `<path>.meta.json` beside it and return the path; without a path, return the text.

        Raises
        ------
        QueryError
            If the answer has no such table.
        """
        chosen = self._chosen(self.tables(), table, "table")
        if path is None:
            return csv_text(chosen.rows(), chosen.columns)
        target = write_csv(file_path(path, "path"), chosen.rows(), chosen.columns)
        write_json(target.with_name(f"{target.name}.meta.json"), self.meta)
        return target

    def to_parquet(self, path: str | Path, table: str | None = None) -> Path:
        """Write a table as Parquet (needs the extra `parquet`) with `<path>.meta.json` beside it, and return the path.

        Raises
        ------
        QueryError
            If the answer has no such table, the name does not end in .parquet, or pyarrow is not installed.
        """
        target = file_path(path, "path")
        check_format(target)
        with replacing(target) as temporary:
            self.to_frame(table).to_parquet(temporary, engine="pyarrow", index=False)
        write_json(target.with_name(f"{target.name}.meta.json"), self.meta)
        return target

    def write(self, folder: str | Path) -> list[Path]:
        """Write all layers (GeoJSON with QGIS styles) and tables (CSV) into a folder, and return these files.

        `landbridge-manifest.json` lists them with what made them. What an earlier answer wrote there is replaced.

        Raises
        ------
        QueryError
            If a file of that name is there that landbridge did not write.
        """
        folder_named(folder)
        names = []
        with writing_set(folder, command=f"{type(self).__name__}.write", meta=self.meta) as new:
            names += [write_layer(new / f"{layer.name}.geojson", layer).name for layer in self.layers()]
            names += [write_csv(new / f"{name}.csv", rows(), columns).name for name, rows, columns in self.tables()]
        return [Path(folder) / name for name in names]

    def plot(self) -> "Figure":
        """Return the chart of the answer as a matplotlib figure (needs the extra `plot`).

        Raises
        ------
        QueryError
            If there is no chart of such an answer, or matplotlib is missing.
        """
        raise QueryError(f"{type(self).__name__} has no chart yet; draw one from `to_frame()`")

    def _repr_html_(self) -> str:
        """Return the first table as HTML, for notebooks."""
        return html_table(repr(self), next(iter(self.tables()), None))

    def _chosen(self, parts: Sequence[Part], name: str | None, what: str) -> Part:
        known, own = [part.name for part in parts], type(self).__name__
        if not known:
            raise QueryError(f"{own} has no {'geometry; take `to_frame`' if what == 'layer' else 'table'}")
        if name is not None and name not in known:
            raise QueryError(f"{own} has no {what} {name!r}; take one of {', '.join(known)}")
        return parts[0 if name is None else known.index(name)]


@dataclass(frozen=True, eq=False, repr=False)
class ResultList(Result, Sequence[T]):
    """An answer that is a list: it has a length, is indexed, sliced and compared as one."""

    items: tuple[T, ...]

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        """Yield the items."""
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> T | Self:
        """Return an item, or the answer with some of its items."""
        return replace(self, items=self.items[index]) if isinstance(index, slice) else self.items[index]

    def __eq__(self, other: object) -> bool:
        """Whether the other is a list, tuple or answer with the same items."""
        if not isinstance(other, list | tuple | type(self)):
            return NotImplemented
        return list(self.items) == list(other)

    def __hash__(self) -> int:
        """Return a hash of the items."""
        return hash(self.items)


@dataclass(frozen=True, eq=False)
class NetworkResult(Result):
    """An answer that looks things up in its network, and is stored without it.

    What is pickled is the answer alone; `with_network` gives it the network back where it has to look further.
    """

    _kept: ClassVar[tuple[str, ...]] = ()
    """What is worked out before the answer is stored, for it needs the network."""

    _network: Network | None = field(repr=False, compare=False)

    @property
    def network(self) -> Network:
        """The network that it was found in.

        Raises
        ------
        QueryError
            If the answer was stored without it.
        """
        if self._network is None:
            raise QueryError(
                f"this {type(self).__name__} was stored without its network; give it back by `with_network(network)`"
            )
        return self._network

    def with_network(self, network: Network) -> Self:
        """Return the answer with its network, after it was stored.

        Raises
        ------
        QueryError
            If the network is of another data set than the answer.
        """
        own = self.meta.get("data_set")
        given = {name: network.setting(name) for name in ("name", "version")}
        if own is not None and own != given:
            raise QueryError(f"the answer is of the data set {own} and the network of {given}; give the same")
        return replace(self, _network=network)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is stored: all but the network, with what needs it worked out."""
        for name in self._kept:
            getattr(self, name)
        return vars(self) | {"_network": None}

    def __copy__(self) -> Self:
        """Return the answer itself, which never changes."""
        return self

    def __deepcopy__(self, _: object) -> Self:
        """Return the answer itself, which never changes."""
        return self
