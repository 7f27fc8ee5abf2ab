"""Reading of TNTP, the text format of public traffic assignment networks: arcs, trips and known flows."""

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arguments import file_path, real_number
from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.errors import DataError, Fault, QueryError
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.networks.words import counted, name_meant, shortened

_log = logging.getLogger(__name__)

_NET, _TRIPS = "_net.tntp", "_trips.tntp"
_METADATA: Final = re.compile(r"\s*<([^>]+)>\s*(.*?)\s*")
_END: Final = "END OF METADATA"
_COLUMNS: Final = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll")
_NEEDED: Final = 7
_OF_NET: Final = ("NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS")
_OF_TRIPS: Final = ("NUMBER OF ZONES", "TOTAL OD FLOW")
_ALIASES: Final = {
    **dict.fromkeys(("from", "from_node", "tail", "tail_node"), "init_node"),
    **dict.fromkeys(("to", "to_node", "head", "head_node"), "term_node"),
    "fftt": "free_flow_time",
    "speed_limit": "speed",
    "type": "link_type",
    "flow": "volume",
}
"""Names of columns in headers of public files, beside those of `_COLUMNS`."""

_KNOWN: Final = (*_COLUMNS, "link_type", "volume", "cost")
_UNIT: Final = re.compile(r"\(.*?\)|[~^:;]")
_WORDS: Final = re.compile(r"\b(?:(?:init|term|from|to|tail|head) +node|free +flow +time|speed +limit|link +type)\b")
_MOST: Final = 5_000_000  # nodes or links: more would fill memory, whatever else the file holds
_ORIGIN: Final = re.compile(r"^\s*origin\b", re.IGNORECASE | re.MULTILINE)
_SEPARATORS: Final = str.maketrans(":;", "  ")


class _Text(NamedTuple):
    """A file without its comments and metadata."""

    path: Path
    metadata: dict[str, str]
    start: int  # line of the file before the first of `lines`
    lines: list[str]
    headers: dict[int, list[str]]  # names of the columns, by the line that states them, perhaps as a comment

    def count(self, key: str, default: int | None = None) -> int:
        """Return a whole number of the metadata."""
        given = self.metadata.get(key, "" if default is None else str(default))
        if not re.fullmatch(r"[0-9]{1,20}", given) or int(given) > _MOST:
            problem = f"<{key}> is {given[:40]!r}" if given else f"<{key}> is missing"
            cure = f"give a whole number of at most {_MOST:,} above <END OF METADATA>"
            raise self.error([self.fault(0, key, problem, cure)])
        return int(given)

    def fault(self, line: int, column: str, problem: str, cure: str) -> Fault:
        """Return a fault in a line of the file, 0 for the whole file."""
        return Fault(self.path.name, line, column, problem, cure)

    def error(self, faults: Sequence[Fault]) -> DataError:
        """Return an error with all faults of the file."""
        return DataError(f"{self.path} has {counted(len(faults), 'fault')}", faults)


def read_tntp(
    path: str | Path, *, trips: str | Path | None = None, toll_weight: float = 0.0, length_weight: float = 0.0
) -> FlowProblem:
    r"""Read a network in TNTP, with its trips, as a traffic assignment problem.

    The values stay in the units of the files, which differ from network to network. Trips within a zone use no arc and
    are left out.

    Parameters
    ----------
    path
        A folder with one network, a file that ends in `_net.tntp`, or what its name begins with: `networks/Anaheim` for
        `networks/Anaheim_net.tntp`.
    trips
        File of the trips; by default the one that ends in `_trips.tntp` and begins as that of the network does.
    toll_weight, length_weight
        Units of time for each unit of toll and of length, added to the cost of an arc: 0.02 and 0.04 for
        Chicago-Sketch.

    Returns
    -------
    FlowProblem
        Nodes in the order of their numbers in the file, which are their labels.

    Raises
    ------
    DataError
        If a file is missing or invalid, a folder has several networks, or the trips have other zones than the network;
        the error names file, line and cure.
    QueryError
        If an argument has an invalid type or value.

    Examples
    --------
    >>> from pathlib import Path
    >>> from landbridge.networks import read_tntp
    >>> net = "<NUMBER OF NODES> 2\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n1 2 10 5 6.0 0.15 4 0 0 1 ;\n"
    >>> _ = Path("small_net.tntp").write_text(net)
    >>> _ = Path("small_trips.tntp").write_text("<END OF METADATA>\nOrigin 1\n 2 : 12.5;\n")
    >>> read_tntp("small")
    FlowProblem(small: 2 nodes, 1 arc, 1 pair, 12.5 trips)
    """
    weights = [_weight(given, name) for given, name in ((toll_weight, "toll_weight"), (length_weight, "length_weight"))]
    given_trips = None if trips is None else file_path(trips, "trips")
    net = _net_file(file_path(path, "path"))
    beside = net.with_name(net.name[: -len(_NET)] + _TRIPS) if net.name.lower().endswith(_NET) else None
    of_trips = given_trips or beside
    if of_trips is None or not of_trips.is_file():
        raise DataError(f"there are no trips for {net} at {of_trips or '(no path)'}; give their file as trips")
    text = _read(net, _OF_NET)
    nodes = text.count("NUMBER OF NODES")
    values = _arcs(text, nodes)
    tail, head, capacity, length, free_flow_time, b, power, _, toll = values
    first = text.count("FIRST THRU NODE", 1)
    if first > nodes + 1:
        problem, cure = f"<FIRST THRU NODE> is {first}", f"give a node from 1 to {nodes + 1}"
        raise text.error([text.fault(0, "FIRST THRU NODE", problem, cure)])
    demand = _read(of_trips, _OF_TRIPS)
    zones = text.count("NUMBER OF ZONES", nodes)
    listed = demand.count("NUMBER OF ZONES", zones)
    if listed != zones:
        problem, cure = f"<NUMBER OF ZONES> is {listed}, and {zones} in {net.name}", "give the trips of this network"
        raise demand.error([demand.fault(0, "NUMBER OF ZONES", problem, cure)])
    origin, destination, amount = _trips(demand, nodes)
    if len(origin) and (last := int(max(origin.max(), destination.max()))) > zones:
        problem, cure = f"there are trips of zone {last}, and {zones} zones in {net.name}", "give its own trips"
        raise demand.error([demand.fault(0, "", problem, cure)])
    return FlowProblem(
        nodes=nodes,
        tail=tail.astype(np.int64) - 1,
        head=head.astype(np.int64) - 1,
        free_flow_time=free_flow_time,
        capacity=capacity,
        b=b,
        power=power,
        origin=origin - 1,
        destination=destination - 1,
        amount=amount,
        fixed_cost=weights[0] * toll + weights[1] * length,
        length=length,
        first_through_node=max(first - 1, 0),
        name=net.name[: -len(_NET)] if beside else net.stem,
    )


def read_tntp_flows(path: str | Path, problem: FlowProblem) -> Floats:
    r"""Read the flows of a solution of a TNTP network, such as the best known one (`*_flow.tntp`).

    Parameters
    ----------
    path
        File of lines `from to volume cost`, or in the order of its header.
    problem
        The problem that the flows solve, as `read_tntp` returns it.

    Returns
    -------
    Floats
        The flow of each arc of the problem, 0 for arcs that the file does not list; shape (arcs,).

    Raises
    ------
    DataError
        If the file is missing or invalid, or names an arc that the problem lacks.
    QueryError
        If an argument has an invalid type.

    Examples
    --------
    >>> import numpy as np
    >>> from pathlib import Path
    >>> from landbridge.networks import FlowProblem, read_tntp_flows
    >>> one, node = np.ones(1), np.zeros(1, int)
    >>> problem = FlowProblem(2, node, node + 1, one, one, one, one, node, node + 1, one)
    >>> _ = Path("small_flow.tntp").write_text("From To Volume Cost\n1 2 12.5 6.1\n")
    >>> read_tntp_flows("small_flow.tntp", problem)
    array([12.5])
    """
    if not isinstance(problem, FlowProblem):
        raise QueryError("problem must be a FlowProblem; read one with read_tntp(path)")
    text = _read(file_path(path, "path"))
    cure = "give lines of: from to volume cost, with the arcs of the network"
    order, faults = ["init_node", "term_node", "volume"], list[Fault]()
    header = next(iter(text.headers.values()), order)
    if not set(order) <= set(header) <= set(_KNOWN):
        (line, *_) = text.headers
        raise text.error([text.fault(line, "", f"the header names {', '.join(header)}", "name: From To Volume Cost")])
    places = [header.index(name) for name in order]
    waiting: dict[tuple[str, str], list[int]] = {}
    for arc in range(problem.arcs - 1, -1, -1):
        ends = (problem.node_id[problem.tail[arc]], problem.node_id[problem.head[arc]])
        waiting.setdefault(ends, []).append(arc)
    flow, rows = np.zeros(problem.arcs), list(_rows(text))
    for line, cells in rows:
        start, end, given = (cells[place] for place in places) if len(cells) > max(places) else ("", "", "")
        arcs, volume = waiting.get((start, end)), _number(given)
        if not arcs or volume is None or not 0 <= volume < np.inf:
            faults.append(text.fault(line, "", f"{' '.join(cells)!r} is not the flow of an arc", cure))
        else:
            flow[arcs.pop()] = volume
    if not rows:
        faults.append(text.fault(0, "", "there are no flows", cure))
    if faults:
        raise text.error(faults)
    return flow


def _weight(given: object, name: str) -> float:
    weight = real_number(given, name)
    if not 0 <= weight < np.inf:
        raise QueryError(f"{name} is {weight:g}; give a finite number from 0")
    return weight


def _net_file(path: Path) -> Path:
    """Return the file of the network that a path names."""
    if path.is_file():
        return path
    folder, start = (path, "") if path.is_dir() else (path.parent, path.name.lower())
    nets = sorted(file for file in folder.glob("*") if file.name.lower().endswith(_NET)) if folder.is_dir() else []
    found = [file for file in nets if not start or file.name.lower() == start + _NET]
    if len(found) > 1:
        names = ", ".join(file.name for file in found)
        raise DataError(f"{path} has several networks: {names}; give the path of one of them")
    if not found:
        others = f" (there are {', '.join(file.name for file in nets)})" if nets else ""
        raise DataError(f"there is no TNTP network at {path}{others}; give a folder or a file that ends in {_NET}")
    return found[0]


def _read(path: Path, keys: Sequence[str] = ()) -> _Text:
    """Read a file: its metadata, if some keys of them are known, and the lines after them without comments."""
    if not path.is_file():
        raise DataError(f"there is no file {path}; give a TNTP file")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as text in UTF-8 ({error}); give a TNTP file") from error
    found = list[tuple[int, str, str]]()
    start = 0
    for number, line in enumerate(lines if keys else (), start=1):
        match = _METADATA.fullmatch(line.split("~")[0])
        key = match[1].strip().upper() if match else ""
        if key == _END:
            start = number
            break
        if match:
            found.append((number, key, match[2].replace(",", "")))
    if keys and not start:
        fault = Fault(path.name, 0, "", f"there is no line <{_END}>", "end the metadata with it")
        raise DataError(f"{path} is not a TNTP file", [fault])
    headers = {number: names for number, line in enumerate(lines[start:], start=start + 1) if (names := _names(line))}
    text = _Text(
        path,
        {key: value for _, key, value in found},
        start,
        [line.split("~")[0] for line in lines[start:]],
        headers,
    )
    if faults := list(_key_faults(text, found, keys)):
        raise text.error(faults)
    return text


def _key_faults(text: _Text, found: Sequence[tuple[int, str, str]], keys: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each key that is repeated, or misspelt: it would be passed over, and the default taken."""
    seen = set[str]()
    absent = {key.lower().replace(" ", "_"): key for key in keys if key not in text.metadata}
    for line, key, _ in found:
        meant = name_meant(key, absent) if key not in keys else None
        if meant:
            yield text.fault(line, shortened(key), f"<{shortened(key)}> is unknown", f"write it as <{absent[meant]}>")
        elif key in keys and key in seen:
            yield text.fault(line, key, f"<{key}> is repeated", "keep one")
        seen.add(key)


def _names(line: str) -> list[str]:
    """Return the names of the columns if a line is their header, also as a comment: it names both ends side by side."""
    if not line.lstrip(" \t~")[:1].isalpha():
        return []
    words = _WORDS.sub(lambda found: re.sub(" +", "_", found[0]), _UNIT.sub(" ", line.lower())).split()
    names = [_ALIASES.get(word, word) for word in words]
    return names if any({*pair} == {"init_node", "term_node"} for pair in pairwise(names)) else []


def _rows(text: _Text) -> Iterator[tuple[int, list[str]]]:
    """Iterate over the cells of the lines that are neither blank nor a header, with their numbers."""
    for number, line in enumerate(text.lines, start=text.start + 1):
        cells = line.translate(_SEPARATORS).split()
        if cells and number not in text.headers:
            yield number, cells


def _arcs(text: _Text, nodes: int) -> list[Floats]:
    """Return the columns of the arcs."""
    faults, lines, table = list(_header_faults(text)), list[int](), list[list[float]]()
    for line, cells in _rows(text):
        values = [_number(cell) for cell in cells[: len(_COLUMNS)]]
        wrong = [name for name, value in zip(_COLUMNS, values, strict=False) if value is None]
        if wrong or len(values) < _NEEDED:
            problem = "is no number" if wrong else f"{len(values)} values"
            cure = f"give numbers for {', '.join(_COLUMNS[:_NEEDED])}"
            faults.append(text.fault(line, ", ".join(wrong), problem, cure))
            continue
        lines.append(line)
        # Some files end their rows before speed and toll.
        table.append([*(value or 0.0 for value in values), *[0.0] * (len(_COLUMNS) - len(values))])
    columns = list(np.array(table, dtype=float).reshape(-1, len(_COLUMNS)).T.copy())
    faults += _arc_faults(text, lines, columns, nodes)
    listed = text.count("NUMBER OF LINKS")
    if not faults and listed != len(lines):
        problem = f"<NUMBER OF LINKS> is {listed} and there are {len(lines)} links"
        faults.append(text.fault(0, "", problem, "correct the number, or add what is missing"))
    if faults:
        raise text.error(sorted(faults))
    return columns


def _header_faults(text: _Text) -> Iterator[Fault]:
    """Yield a fault for each header with columns in another order than that in which they are read.

    Other names than those that are known may stand for any column: then only the order of the known ones counts.
    """
    for line, names in text.headers.items():
        known = [name for name in names if name in _KNOWN]
        right = _KNOWN[: len(names)] if len(known) == len(names) else sorted(known, key=_KNOWN.index)
        if known != list(right):
            cure = f"order the columns, and their header, as {', '.join(_COLUMNS)}"
            yield text.fault(line, "", f"the columns are {', '.join(names)}", cure)


def _arc_faults(text: _Text, lines: Sequence[int], columns: Sequence[Floats], nodes: int) -> list[Fault]:
    named = dict(zip(_COLUMNS, columns, strict=True))
    checks: list[tuple[str, Bools, str]] = [
        (name, ~_is_node(named[name], nodes), f"give a node from 1 to {nodes}") for name in _COLUMNS[:2]
    ]
    checks += [
        (name, ~((named[name] >= 0) & (named[name] < np.inf)), "give 0 or more, and a finite number")
        for name in (*_COLUMNS[3:7], "toll")
    ]
    capacity = named["capacity"]
    checks.append(("capacity", ~((capacity > 0) | (named["b"] == 0) & (capacity >= 0)), "give more than 0, or b = 0"))
    return [
        text.fault(lines[row], name, f"is {named[name][row]:g}", cure)
        for name, wrong, cure in checks
        for row in np.flatnonzero(wrong).tolist()
    ]


def _is_node(values: Floats, nodes: int) -> Bools:
    found: Bools = (values >= 1) & (values <= nodes) & (values == np.floor(values))
    return found


def _trips(text: _Text, nodes: int) -> tuple[Ints, Ints, Floats]:
    """Return origin and destination, numbered from 1, and amount of each pair with trips."""
    whole = "\n".join(text.lines)
    starts = [match.start() for match in _ORIGIN.finditer(whole)]
    parts: list[tuple[float, Floats]] = []
    for start, end in zip(starts, [*starts, len(whole)][1:], strict=True):
        cells = whole[start:end].translate(_SEPARATORS).split()[1:]
        try:
            values = np.array(cells, dtype=float)
        except ValueError:
            raise text.error(_trip_faults(text, nodes)) from None
        if len(values) % 2 == 0 or not _are_trips(values, nodes):
            raise text.error(_trip_faults(text, nodes))
        parts.append((values[0], values[1:].reshape(-1, 2)))
    if whole[: starts[0] if starts else None].strip():
        raise text.error(_trip_faults(text, nodes))
    pairs = np.concatenate([pair for _, pair in parts]) if parts else np.zeros((0, 2))
    origin = np.repeat([origin for origin, _ in parts], [len(pair) for _, pair in parts]).astype(np.int64)
    destination, amount = pairs[:, 0].astype(np.int64), pairs[:, 1]
    _compare_total(text, float(amount.sum()))
    used = (amount > 0) & (origin != destination)
    return origin[used], destination[used], amount[used]


def _are_trips(values: Floats, nodes: int) -> bool:
    named = np.concatenate([values[:1], values[1::2]])
    return bool(np.all(_is_node(named, nodes)) and np.all((values[2::2] >= 0) & (values[2::2] < np.inf)))


def _trip_faults(text: _Text, nodes: int) -> list[Fault]:
    """Return the faults of a file of trips, line by line."""
    faults = []
    cure = f"give 'Origin 1' and then 'destination : trips;', with nodes from 1 to {nodes} and trips of 0 or more"
    origin_seen = False
    for number, line in enumerate(text.lines, start=text.start + 1):
        cells = line.translate(_SEPARATORS).split()
        values = [_number(cell) for cell in cells]
        if cells and cells[0].lower() == "origin":
            origin_seen, wrong = True, len(cells) < 2 or not _are_numbers(values[1:], nodes, origin=True)
        else:
            wrong = bool(cells) and not (origin_seen and _are_numbers(values, nodes, origin=False))
        if wrong:
            faults.append(text.fault(number, "", f"{line.strip()[:60]!r} is neither an origin nor trips", cure))
    # Values of a pair on two lines: each line alone is then incomplete, and the rest of the file may be right.
    return faults or [text.fault(0, "", "an origin has a destination without trips", cure)]


def _are_numbers(values: Sequence[float | None], nodes: int, *, origin: bool) -> bool:
    given = np.array([np.nan if value is None else value for value in values])
    if origin:
        return len(given) % 2 == 1 and _are_trips(given, nodes)
    return len(given) % 2 == 0 and _are_trips(np.concatenate([[1.0], given]), nodes)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _compare_total(text: _Text, total: float) -> None:
    """Warn if the trips do not add up to the total that the file states."""
    stated = _number(text.metadata.get("TOTAL OD FLOW", ""))
    if stated is not None and abs(stated - total) > 1e-3 * max(stated, total):
        _log.warning("%s states %g trips, and its trips add up to %g", text.path.name, stated, total)
