"""Tables as pandas and geopandas frames."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


def table_frame(table: Table[Any], geometry: Sequence[Any] | None = None) -> "pd.DataFrame":
    """Return a table with scalar columns (lists joined by ';', days MM-DD) and, if given, its geometry in WGS 84."""
    import pandas as pd

    columns = table.schema.columns
    frame = pd.DataFrame(
        {
            column.name: pd.Series(
                [_scalar(column, row[column.name]) for row in table], dtype=_DTYPES.get(column.type, "object")
            )
            for column in columns
        }
    )
    if geometry is None:
        return frame
    import geopandas as gpd

    spatial: pd.DataFrame = gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
    return spatial


_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "bool"}
_AS_TEXT = frozenset({"list", "clocks", "monthday", "clock"})


def _scalar(column: Column, value: Any) -> Any:
    return column.format(value) or None if column.type in _AS_TEXT else value
