"""Metadata of results: version, data set, reference date, and the query as interpreted."""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from numbers import Integral, Real
from typing import Any

from landbridge.networks.tables.table import Table

Meta = dict[str, Any]
"""`version`, `data_set` (`name` and `version`), `reference_date`, `options` and `scenario`, ready for JSON."""


def meta_of(tables: Mapping[str, Table[Any]], options: Mapping[str, Any]) -> Meta:
    """Return the metadata of the result of a query.

    Parameters
    ----------
    tables
        The tables of the network; a missing name, version, reference date or scenario is None.
    options
        The query as interpreted.
    """
    rows = tables["dataset"].by_key() if "dataset" in tables else {}
    keys = ("name", "version", "reference_date", "scenario")
    name, version, reference_date, scenario = (rows.get(key, {}).get("value") for key in keys)
    return {
        "version": landbridge_version(),
        "data_set": {"name": name, "version": version},
        "reference_date": reference_date,
        "options": plain(options),
        "scenario": scenario,
    }


def landbridge_version() -> str:
    """Return the installed version of landbridge."""
    from landbridge._version import __version__  # read only when somebody asks: it takes as long as many an import

    return __version__


def plain(value: Any) -> Any:
    """Return a value in JSON types: sets sorted, dates as ISO 8601, records by name, others as text."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Real):
        value = int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, set | frozenset | list | tuple):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, set | frozenset) else items
    if is_dataclass(value):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else str(value)


def with_options(meta: Meta, *without: str, **options: Any) -> Meta:
    """Return metadata with options of the query added or removed."""
    kept = {name: value for name, value in meta["options"].items() if name not in without}
    return meta | {"options": kept | plain(options)}
