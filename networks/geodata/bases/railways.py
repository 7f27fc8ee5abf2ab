"""The rail base map: the world's railways from OpenStreetMap as distributed in the package `scgraph_data`.

The package contains them as a Python literal of 17 MB that needs scgraph < 3 to be imported. Here the literal is parsed
as text, no code is executed, and the arrays are stored in the user's cache folder, from which they load quickly.
"""

import json
import logging
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.caches import digest, kept_arrays, source_of
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.bases.line_base import LineBase, packaged_file

RAILWAYS: Final = "world_railways"
"""Name of the module with the world's railways."""

HIGHWAYS: Final = "world_highways"
"""Name of the module with the world's main roads."""

_ARRAYS: Final = ("lon", "lat", "tail", "head", "km")
_PACKAGE: Final = "scgraph_data"
_LOG = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def rail_base(module: str = RAILWAYS, *, cache: Path | None = None) -> LineBase:
    """Return a base map of the package `scgraph_data` as distributed, each edge once and without self-loops.

    Parameters
    ----------
    module
        `world_railways` or `world_highways`.
    cache
        Folder for the parsed arrays; by default that of `cache_folder`.

    Raises
    ------
    NotInstalledError
        If the package is missing.
    DataError
        If its file has an unexpected layout.
    """
    source = package_file(module)
    key = digest(source.read_bytes(), source_of(__name__, LineBase.__module__))
    arrays = kept_arrays(module, key, lambda: _parsed(source), folder=cache)
    lon, lat, tail, head, km = (arrays[name] for name in _ARRAYS)
    return LineBase(lon, lat, tail, head, km)


def package_file(module: str = RAILWAYS) -> Path:
    """Return the file of a module of `scgraph_data` without importing it.

    Raises
    ------
    NotInstalledError
        If the package is not installed, or has no such module.
    """
    return packaged_file(_PACKAGE, f"{module}.py", module)


def parse_literal(text: str, name: str) -> LineBase:
    """Parse the literals `graph=[{node: km, ...}, ...]` and `nodes=[[lat, lon], ...]` in the text of a module.

    Raises
    ------
    DataError
        If the literals are missing or inconsistent.
    """
    try:
        tail, head, km = _arcs(_literal(text, "graph=[{", "}]"))
        lat, lon = np.array(json.loads(f"[[{_literal(text, 'nodes=[[', ']]')}]]"), dtype=np.float64).T
    except ValueError as error:
        raise DataError(
            f"{name} does not have the layout of scgraph_data 2.0.0 ({error}); install that version"
        ) from error
    if len(lat) <= max(tail.max(initial=-1), head.max(initial=-1)) or km.min(initial=0) < 0:
        raise DataError(f"{name} has arcs to missing nodes or of negative length; install it again")
    if np.abs(lat).max(initial=0) > 90 or np.abs(lon).max(initial=0) > 180:
        raise DataError(f"{name} has nodes with coordinates out of range; install it again")
    return _undirected(LineBase(lon, lat, tail, head, km))


def _parsed(source: Path) -> dict[str, Any]:
    """Return the arrays of a base map."""
    _LOG.info("parsing %s once; this takes a few seconds", source)
    base = parse_literal(source.read_text(encoding="ascii", errors="replace"), str(source))
    return {name: getattr(base, name) for name in _ARRAYS}


def _literal(text: str, start: str, end: str) -> str:
    first = text.index(start) + len(start)
    return text[first : text.index(end, first)]


def _arcs(graph: str) -> tuple[Ints, Ints, Floats]:
    """Return the tail, head and length of each arc."""
    rows = graph.split("}, {")
    counts = np.array([row.count(":") for row in rows])
    numbers = np.array(re.sub("[^0-9.eE+-]+", " ", graph).split(), dtype=np.float64)
    if len(numbers) != 2 * counts.sum():
        raise ValueError("an arc is not a pair of node and length")
    head, km = numbers[::2].astype(np.int64), numbers[1::2]
    return np.repeat(np.arange(len(rows), dtype=np.int64), counts), head, km


def _undirected(base: LineBase) -> LineBase:
    """Return the base map with each edge once, tail before head: no self-loops, the shortest of parallel edges."""
    tail, head = np.minimum(base.tail, base.head), np.maximum(base.tail, base.head)
    order = np.lexsort((base.km, head, tail))
    tail, head, km = tail[order], head[order], base.km[order]
    first = np.ones(len(km), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    first &= tail != head
    return replace(base, tail=tail[first], head=head[first], km=km[first])
