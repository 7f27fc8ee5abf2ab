"""Reading of GMNS as a traffic assignment problem: links as arcs with delay functions, and trips between zones."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arguments import real_number
from landbridge.networks.errors import QueryError
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.networks.formats.gmns_files import GmnsFolder, Record, read_folder, read_rows
from landbridge.networks.formats.gmns_places import free_name

_MINUTES_PER_HOUR: Final = 60.0


class _Arc(NamedTuple):
    """The values of a link in both directions."""

    free_flow_time: float
    capacity: float
    b: float
    power: float
    fixed_cost: float
    length: float


def read_gmns_problem(
    folder: str | Path,
    *,
    b: float = 0.15,
    power: float = 4.0,
    length_unit: str | None = None,
    speed_unit: str | None = None,
) -> FlowProblem:
    """Read a network in GMNS, with the trips of `demand.csv`, as a traffic assignment problem.

    The specification has no delay functions and no trips. As in Path4GMNS and DTALite, the columns `VDF_alpha1`,
    `VDF_beta1`, `VDF_cap1` and `VDF_fftt1` of `link.csv` hold the coefficients, the capacity of all lanes and the
    time in minutes of an empty link, and `demand.csv` the columns `o_zone_id`, `d_zone_id` and `volume`. A zone with
    several nodes is reached through an additional node, connected with each of them without cost. A column `fixed_cost`
    holds costs in minutes; a toll needs one.

    Parameters
    ----------
    folder
        Folder with `node.csv`, `link.csv` and `demand.csv`.
    b, power
        Coefficients of links without `VDF_alpha1` and `VDF_beta1`.
    length_unit, speed_unit
        Units of length and speed, such as `mile` and `mph`, where `config.csv` does not give them; not needed where
        each link has a time.

    Returns
    -------
    FlowProblem
        Times in minutes. Nodes of the type `centroid`, and those added for zones, come first and are not passed
        through; the others are in the order of the file.

    Raises
    ------
    DataError
        If a file is missing or invalid; the error lists every fault with file and line.
    QueryError
        If an argument has an invalid type or value.

    Examples
    --------
    >>> import numpy as np
    >>> from landbridge.networks import FlowProblem, read_gmns_problem, write_gmns
    >>> one, node = np.ones(1), np.zeros(1, int)
    >>> files = write_gmns(FlowProblem(2, node, node + 1, one, one, one, one, node, node + 1, one), "small-gmns")
    >>> read_gmns_problem("small-gmns")
    FlowProblem(2 nodes, 1 arc, 1 pair, 1 trips)
    """
    defaults = _coefficient(b, "b"), _coefficient(power, "power")
    files = read_folder(folder, length_unit=length_unit, speed_unit=speed_unit)
    demand = read_rows(files, "demand", ("o_zone_id", "d_zone_id", "volume"))
    centroid = [key for key, node in files.nodes.items() if node.text("node_type").lower() == "centroid"]
    zones = _nodes_of_zones(files)
    added = [zone for zone, nodes in zones.items() if len(nodes) > 1]
    others = [key for key in files.nodes if key not in set(centroid)]
    taken = {*files.nodes}
    labels = [*(free_name(f"zone {zone}", taken) for zone in added), *centroid, *others]
    number = {key: index for index, key in enumerate([*centroid, *others], start=len(added))}
    at_zone = {zone: number[nodes[0]] for zone, nodes in zones.items()} | {zone: n for n, zone in enumerate(added)}
    ends, arcs = _arcs(files, number, *defaults)
    for zone in added:
        for node in zones[zone]:
            ends += [(at_zone[zone], number[node]), (number[node], at_zone[zone])]
            arcs += [_Arc(0.0, 1.0, 0.0, 0.0, 0.0, 0.0)] * 2
    origin, destination, amount = _trips(demand, at_zone)
    files.raise_faults()
    values = dict(zip(_Arc._fields, np.array(arcs, dtype=float).reshape(-1, len(_Arc._fields)).T, strict=True))
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    return FlowProblem(
        nodes=len(labels),
        tail=tail,
        head=head,
        origin=np.array(origin, dtype=np.int64),
        destination=np.array(destination, dtype=np.int64),
        amount=np.array(amount, dtype=float),
        first_through_node=len(added) + len(centroid),
        # Here "nan" is a name and no blank cell.
        name=files.config.cells.get("dataset_name", ""),
        node_id=tuple(labels),
        **values,
    )


def _coefficient(given: object, name: str) -> float:
    value = real_number(given, name)
    if not 0 <= value < np.inf:
        raise QueryError(f"{name} is {value:g}; give a finite number from 0")
    return value


def _nodes_of_zones(files: GmnsFolder) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, node in files.nodes.items():
        if zone := node.text("zone_id"):
            found.setdefault(zone, []).append(key)
    return found


def _arcs(
    files: GmnsFolder, number: dict[str, int], b: float, power: float
) -> tuple[list[tuple[int, int]], list[_Arc]]:
    """Return the ends and the values of an arc for each direction of each link."""
    ends, arcs = [], []
    for link in files.links:
        pair = tuple(number.get(link.text(column), -1) for column in ("from_node_id", "to_node_id"))
        arc = _arc(files, link, b, power)
        if arc is None or min(pair) < 0:
            continue
        for way in [pair] if link.boolean("directed", default=True) else [pair, pair[::-1]]:
            ends.append((way[0], way[1]))
            arcs.append(arc)
    return ends, arcs


def _arc(files: GmnsFolder, link: Record, b: float, power: float) -> _Arc | None:
    length = link.number("length") or 0.0
    coefficients = [link.number(f"vdf_{name}1") for name in ("alpha", "beta")]
    of_lanes = link.number("capacity", unlimited=True)
    lanes = link.number("lanes")
    capacity = link.number("vdf_cap1", unlimited=True)
    if capacity is None and of_lanes is not None:
        capacity = of_lanes * (1.0 if lanes is None else lanes)
    time = link.number("vdf_fftt1")
    if time is None:
        speed = link.number("free_speed")
        if not speed or not link.text("length"):
            link.fault("free_speed", "gives no time of the link", "give VDF_fftt1, or length and free_speed above 0")
            return None
        time = _MINUTES_PER_HOUR * files.km(length) / files.km_h(speed)
    slope = b if coefficients[0] is None else coefficients[0]
    if slope > 0 and not capacity:
        link.fault("capacity", "is blank or 0", "give a capacity above 0, or VDF_alpha1 = 0")
        return None
    exponent = power if coefficients[1] is None else coefficients[1]
    fixed = link.number("fixed_cost")
    if fixed is None and link.number("toll"):
        link.fault("toll", "has no weight in minutes", "give the minutes that it is worth as fixed_cost, or 0")
    return _Arc(time, capacity or 0.0, slope, exponent, fixed or 0.0, length)


def _trips(demand: Iterable[Record], at_zone: dict[str, int]) -> tuple[Sequence[int], Sequence[int], Sequence[float]]:
    """Return the nodes of each pair with trips, and their number; trips within a zone are left out."""
    origin, destination, amount = [], [], []
    for row in demand:
        names = [row.required(column) for column in ("o_zone_id", "d_zone_id")]
        for column, zone in zip(("o_zone_id", "d_zone_id"), names, strict=True):
            if zone and zone not in at_zone:
                row.fault(column, f"there is no zone {zone!r}", "give it to a node as zone_id, or correct the id")
        volume = row.number("volume") if row.required("volume") else None
        if volume and names[0] != names[1] and all(zone in at_zone for zone in names):
            origin.append(at_zone[names[0]])
            destination.append(at_zone[names[1]])
            amount.append(volume)
    return origin, destination, amount
