"""Where containers go: links on which no container service is known, or one for the trade of some countries alone."""

from typing import TypeAlias

from landbridge.networks.arrays import Bools
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.routing.query.cargo import Cargo

Trade: TypeAlias = frozenset[str]
"""Countries of which one is that of the shipper or of the consignee; empty: no trade at all."""


def trade_of(link: Row) -> Trade | None:
    """Return the trade to which the container services of a link are limited, None where they are open to all."""
    if link["containers"] == "no":
        return frozenset()
    return frozenset(link["containers_of"]) or None


def hauls_of_trades(network: Network) -> dict[Trade, Bools]:
    """Return a mask of the hauls that are limited to each trade, shape (edges,)."""
    trades = [trade_of(link) for link in network.links]
    return {
        trade: network.graph.from_rows(hauls=[other == trade for other in trades])
        for trade in set(trades)
        if trade is not None
    }


def is_outside(cargo: Cargo, trade: Trade) -> bool:
    """Whether a cargo does not belong to a trade; if neither party is known, it may belong to any."""
    parties = {cargo.shipper_country, cargo.consignee_country} - {None}
    return not trade or (bool(parties) and not trade & parties)


def closed_trades(network: Network, cargo: Cargo) -> frozenset[Trade]:
    """Return the trades on whose links a cargo finds no container train."""
    return frozenset(trade for trade in network.cached(hauls_of_trades) if is_outside(cargo, trade))
