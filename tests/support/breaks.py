"""A network with a break of gauge, complete and not."""

from datetime import date

from landbridge.networks import Network
from landbridge.networks.graph.state_graph import EdgeKind
from tests.support.tiny import link, operation

BREAK = [
    link("cn-a -- cn-b"),
    link("cn-b -- kz-c"),
    link("kz-c -- kz-d", gauge=1520),
]
"""1435 mm from cn-a over the border to kz-c, 1520 mm from there."""

CHANGE = {"from_gauge": 1435, "to_gauge": 1520, "mean_h": 9}
"""The cells of a change of gauge."""

WEST = operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=10)
EAST = operation("gauge_change", "cn-b", other_place="kz-c", from_gauge=1520, to_gauge=1435, mean_h=12)
OVERLAP = link("kz-c -- cn-b", gauge=1520, id="broad")
"""The track of 1520 mm that trains towards China take over the same border."""

COMPLETE = {"links": [*BREAK, OVERLAP], "operations": [WEST, EAST]}
"""The break with its operations both ways."""


def open_links(network: Network, day: str, *, seasonal: bool = True) -> set[str]:
    """Return the ids of the links that are open on a day."""
    graph = network.graph
    shut = ~graph.open_on(date.fromisoformat(day), seasonal=seasonal)
    hauls = graph.kind == EdgeKind.HAUL
    closed = {network.links[row]["id"] for row in graph.row[hauls & shut]}
    return {row["id"] for row in network.links} - closed
