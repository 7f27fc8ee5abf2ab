"""Reading of .osm and .osm.pbf extracts with osmium, with a limit on the unpacked size.

osmium keeps references to nodes missing from a clipped extract, so such a way is cut there instead of making the whole
file unreadable. It refuses XML entities.
"""

import bz2
import gzip
import re
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, BinaryIO, Final

from landbridge.networks.errors import DataError, extra_cure
from landbridge.networks.geodata.osm.ways import (
    LEVEL_CROSSING,
    RAILWAYS,
    ROADS,
    SHUT_RAILWAYS,
    STATIONS,
    TOWNS,
    Collector,
    Tags,
    Ways,
)

MAX_UNPACKED_BYTES: Final = 8_000_000_000
"""Compressed files that unpack to more are refused: a few MB can unpack to more than any memory can hold."""

MAX_RATIO: Final = 100
"""So are those that unpack to more than this many times their size: maps reach about 30."""

_SMALL_BYTES = 10_000_000  # whatever their ratio

_LARGE_BYTES = 100_000_000
_LAST_EXIT_CODE = 255  # others are those of signals, and of faults on Windows
_CHUNK = 1 << 20
_UNDEFINED = 2**31 - 1
_ELEMENT = re.compile(rb"<(node|way|relation)\b([^<>]*)>")
_DELETE = re.compile(rb"""\baction\s*=\s*["']delete["']""")
_ID = re.compile(rb"""(?<![\w:-])id\s*=\s*["'](-?\d+)["']""")
_USED = (
    *(("railway", value) for value in (*RAILWAYS, *SHUT_RAILWAYS, *STATIONS, LEVEL_CROSSING, "ferry")),
    *((f"{state}:railway", value) for state in SHUT_RAILWAYS for value in RAILWAYS),
    *(("highway", value) for value in ROADS),
    *(("place", value) for value in TOWNS),
    ("route", "ferry"),
    ("amenity", "ferry_terminal"),
)


def read_extract(path: Path, *, skip_faulty: bool = False) -> Ways:
    """Read the ways of a .osm or .osm.pbf file, which may be compressed.

    Raises
    ------
    DataError
        If osmium is not installed, or the file is damaged, unsafe to unpack or contains faulty ways.
    """
    try:
        import osmium
    except ImportError as error:
        raise DataError(f"reading {path.name} needs osmium; {extra_cure('pbf')}, or give Overpass JSON") from error
    _check_unpacked(path)
    _check_decodable(path)
    collector = Collector(path.name)
    try:
        _collect(path, collector)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise DataError(_explained(path, str(error))) from error
    return collector.ways(skip_faulty=skip_faulty)


def _explained(path: Path, problem: str) -> str:
    if "entities" in problem:
        return f"{path.name} declares XML entities, which OpenStreetMap files never do; it is refused as unsafe"
    if "coordinate" in problem:
        cure = "if the file is projected, transform it to WGS 84 (EPSG:4326)"
        return f"{path.name}: {problem}: not degrees; {cure}"
    return f"{path.name} is damaged: {problem}; download it again"


def _collect(path: Path, collector: Collector) -> None:
    """Read relations, then nodes and ways in one pass, with coordinates in osmium's own store.

    The store takes 16 bytes per node, on disk for large files. osmium's filter by ids would need less space, but takes
    1.5 GB for any 40,000 ids.
    """
    from osmium.filter import EntityFilter, TagFilter
    from osmium.osm import NODE, RELATION, WAY

    deleted = _deleted(path)
    _collect_year(path, collector)
    for relation in _elements(path, RELATION, TagFilter(*_USED), deleted):
        members = [(member.type, member.ref) for member in relation.members]
        collector.add_relation(relation.id, members, _tags(relation))
        collector.add_year(relation.timestamp.year)
    for element in _elements(path, NODE | WAY, TagFilter(*_USED), deleted):
        collector.add_year(element.timestamp.year)
        if element.is_way():
            _collect_way(element, collector, deleted)
        else:
            _collect_node(element, collector)
    if unseen := collector.unseen_members():
        for way in _elements(path, NODE | WAY, EntityFilter(WAY), deleted):
            if way.id in unseen:
                _collect_way(way, collector, deleted)
    if path.suffix != ".pbf" or any(node < 0 for node in collector.missing_nodes()):
        # osmium stores no coordinates of negative ids, which editors give to new elements, and of a node that a file
        # put together by hand has twice only the last ones.
        for node in _elements(path, NODE, EntityFilter(NODE), deleted):
            if node.location.valid() and (node.id < 0 or collector.has_node(node.id)):
                collector.add_node(node.id, node.location.lon, node.location.lat)


def decode(path: Path) -> None:
    """Let osmium decode and filter a file as `read_extract` does, and keep nothing."""
    from osmium import FileProcessor
    from osmium.filter import TagFilter
    from osmium.osm import NODE, RELATION, WAY

    for kinds in (RELATION, NODE | WAY):
        for _ in FileProcessor(str(path), kinds).with_filter(TagFilter(*_USED)):
            pass


def _check_decodable(path: Path) -> None:
    """Refuse damage that ends the process instead of raising an error, as a few changed bytes of a .osm.pbf file do."""
    if ".pbf" not in path.name.lower():
        return
    # The command is ours, and the path one argument of it.
    command = [sys.executable, "-P", "-m", "landbridge.networks.geodata.osm.decoding", str(path.absolute())]
    # Any other failure is found, and named, when the file is read.
    if not 0 <= subprocess.run(command, capture_output=True, check=False).returncode <= _LAST_EXIT_CODE:  # noqa: S603
        raise DataError(_explained(path, "its elements cannot be decoded"))


def _collect_year(path: Path, collector: Collector) -> None:
    """Take note of the moment that the header of a .osm.pbf file states; elements of any file have their own."""
    import osmium

    stated = osmium.FileProcessor(str(path)).header.get("osmosis_replication_timestamp")
    if stated[:4].isdecimal():
        collector.add_year(int(stated[:4]))


def _elements(path: Path, kinds: Any, chosen: Any, deleted: AbstractSet[tuple[str, int]]) -> Iterator[Any]:
    """Iterate over the elements of a file that are chosen by a filter and not marked as deleted."""
    import osmium

    store = "sparse_file_array" if path.stat().st_size > _LARGE_BYTES else "sparse_mem_array"
    elements = osmium.FileProcessor(str(path), kinds)
    if kinds & osmium.osm.WAY:
        elements = elements.with_locations(store)
    element: Any
    for element in elements.with_filter(chosen):
        if element.visible and (element.type_str(), element.id) not in deleted:
            yield element


def _tags(element: Any) -> Tags:
    return {tag.k: tag.v for tag in element.tags}


def _collect_node(node: Any, collector: Collector) -> None:
    if node.location.valid():
        collector.add_tagged_node(node.id, node.id, (node.location.lon, node.location.lat), _tags(node))


def _collect_way(way: Any, collector: Collector, deleted: AbstractSet[tuple[str, int]]) -> None:
    tags = collector.wanted(way.id, _tags(way))
    if tags is None:
        return
    for node in way.nodes:
        if node.x != _UNDEFINED and ("n", node.ref) not in deleted:
            collector.add_node(node.ref, node.x / 1e7, node.y / 1e7)
    collector.add_way(way.id, [node.ref for node in way.nodes], tags)


def _deleted(path: Path) -> set[tuple[str, int]]:
    """Return the elements that the editor JOSM marks as deleted in XML, a mark that osmium does not know."""
    if path.suffix == ".pbf":
        return set()
    opened: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)
    found, rest = set(), b""
    with opened(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            if len(rest) > _CHUNK:
                raise DataError(f"{path.name} is damaged: it has an element of more than 1 MB; download it again")
            # An element's own tag may be cut by the end of the chunk.
            end = text.rfind(b">") + 1
            text, rest = text[:end], text[end:]
            if b"delete" in text:
                found |= set(_deleted_in(text))
    return found


def _deleted_in(text: bytes) -> Iterator[tuple[str, int]]:
    for kind, attributes in _ELEMENT.findall(text):
        if _DELETE.search(attributes) and (number := _ID.search(attributes)):
            yield kind[:1].decode(), int(number[1])


def _check_unpacked(path: Path) -> None:
    """Refuse files that unpack to more than any extract of a country, and report where a file is truncated."""
    try:
        if path.suffix == ".pbf":
            _bound(path, _pbf_sizes(path))
        elif path.suffix == ".gz":
            with gzip.open(path, "rb") as file:
                _bound(path, _sizes(file))
        elif path.suffix == ".bz2":
            with bz2.open(path, "rb") as file:
                _bound(path, _sizes(file))
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"{path.name} is damaged: {error}; download it again") from error


def _bound(path: Path, sizes: Iterable[int]) -> None:
    packed = path.stat().st_size
    most = min(MAX_UNPACKED_BYTES, max(MAX_RATIO * packed, _SMALL_BYTES))
    total = 0
    for size in sizes:
        total += size
        if total > most:
            raise DataError(
                f"{path.name} ({packed / 1e6:.1f} MB) unpacks to more than {most / 1e6:,.0f} MB; use a smaller extract"
            )


def _sizes(file: Any) -> Iterator[int]:
    while chunk := file.read(_CHUNK):
        yield len(chunk)


def _pbf_sizes(path: Path) -> Iterator[int]:
    """Yield the unpacked size of each block of a .pbf file, read from the headers only.

    The file is a sequence of blocks: 4 bytes with the length of the header, the header (field 3: length of the block),
    the block (field 2: its unpacked size).
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if size == 0:
            raise EOFError("it is empty")
        while prefix := file.read(4):
            start = file.tell() - len(prefix)
            header = file.read(int.from_bytes(prefix, "big")) if len(prefix) == 4 and prefix[0] == 0 else b""
            length = _varint_field(header, 3)
            end = file.tell() + (length or 0)
            if length is None or end > size:
                raise EOFError(f"it is truncated in the block at byte {start:,} of {size:,}")
            yield _unpacked_size(file, length)
            file.seek(end)


def _unpacked_size(file: BinaryIO, length: int) -> int:
    return _varint_field(file.read(min(length, 32)), 2) or length


def _varint_field(message: bytes, wanted: int) -> int | None:
    """Return the number in a field of a Protocol Buffers message, None if it is not in the part read."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        value, position = _varint(message, position) if key & 7 in {0, 2} else (0, len(message))
        if key >> 3 == wanted:
            return value
        if key & 7 == 2:
            position += value
    return None


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message):
        byte = message[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if not byte & 128:
            break
    return value, position
