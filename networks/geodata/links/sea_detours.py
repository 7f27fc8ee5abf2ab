"""Sea services whose links make a way between two of their ports longer than the sea lanes do."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import Fault
from landbridge.networks.geodata.bases.passages import passages_not_named
from landbridge.networks.geodata.bases.seaways import SeaBase, sea_base
from landbridge.networks.graph.csr import Csr
from landbridge.networks.network import Network

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow

LIMIT_PCT: Final = 3.0
"""Share of the length on the sea lanes by which a way over the links may be longer."""


def sea_detours(network: Network, base: SeaBase | None = None, *, limit_pct: float = LIMIT_PCT) -> list[Fault]:
    """Return the pairs of ports of one service between which its links add up to a detour.

    Ships between two ports sail the least path on the sea lanes through the canals and waters that the links of their
    service name. Links that meet at a place off that path add up to more, and so do time, cost and emissions.

    Parameters
    ----------
    network
        The network.
    base
        Sea lanes; those of the extra `geodata` if None.
    limit_pct
        Per cent of the length on the lanes up to which a longer way is accepted.

    Raises
    ------
    NotInstalledError
        If the package with the sea lanes is missing.
    """
    services: dict[str, list[LinkRow]] = defaultdict(list)
    for link, km in zip(network.links, network.link_lengths_km, strict=True):
        if link["mode"] == "sea":
            services[link["service"]].append(link | {"length_km": km})
    if not services:
        return []
    lanes = sea_base() if base is None else base
    table = network.tables["links"]
    rows = {link["id"]: line for line, link in table.numbered()}
    return [
        Fault(
            table.file,
            min(rows[link["id"]] for link in links),
            "length_km",
            f"{service} from {start} to {end} is {km:.0f} km by its links, {lane_km:.0f} km on the sea lanes"
            f" ({100 * (km / lane_km - 1):+.1f} %)",
            "add a link between the two, or move the junction that its links share onto the lane",
        )
        for service, links in services.items()
        for start, end, km, lane_km in _lengths(network, links, lanes)
        if km > lane_km * (1 + limit_pct / 100)
    ]


def _lengths(network: Network, links: Sequence["LinkRow"], lanes: SeaBase) -> Iterator[tuple[str, str, float, float]]:
    """Yield each pair of ports that the links join, with its length by the links and on the lanes.

    A pair whose way back is as long comes once.
    """
    places = sorted({link[end] for link in links for end in ("from", "to")})
    ports = [place for place in places if network.places[place]["modes"]]
    by_links = _link_km(places, ports, links)
    by_lanes = _lane_km(network, ports, links, lanes)
    for start, end in permutations(range(len(ports)), 2):
        km, lane_km = by_links[start, end], by_lanes[start, end]
        alike = start > end and km == by_links[end, start]
        if np.isfinite(km) and np.isfinite(lane_km) and not alike:
            yield ports[start], ports[end], float(km), float(lane_km)


def _link_km(places: list[str], ports: list[str], links: Sequence["LinkRow"]) -> Floats:
    """Return the length between all ports over the links, not by a third port: lines call there to change ships."""
    number = {place: index for index, place in enumerate(places)}
    ends = np.array([(number[link["from"]], number[link["to"]]) for link in links]).T
    back = np.array([link["both_ways"] for link in links])
    tail, head = np.concatenate([ends, ends[::-1, back]], axis=1)
    km = np.array([link["length_km"] for link in links])
    km = np.concatenate([km, km[back]])
    at = np.array([number[port] for port in ports])
    found = np.empty((len(ports), len(ports)))
    for row, start in enumerate(at):
        leaves = (tail == start) | ~np.isin(tail, at)
        pairs = Csr(tail[leaves], head[leaves], len(places))
        found[row] = dijkstra(pairs.lightest(km[leaves]).matrix, indices=start)[at]
    return found


def _lane_km(network: Network, ports: list[str], links: Sequence["LinkRow"], lanes: SeaBase) -> Floats:
    """Return the length between all ports on the lanes, through straits and the waters that the links name."""
    named = {passage for link in links for passage in link["passage"]}
    lines = lanes.open_lines(passages_not_named(lanes.passages, named))
    nodes, off_km = lines.nearest([(network.places[port]["lon"], network.places[port]["lat"]) for port in ports])
    km = dijkstra(lines.matrix, indices=nodes)[:, nodes]
    return np.asarray(km + off_km[:, None] + off_km[None, :])
