"""Reading, checking and writing of freight networks, and the state graph made from them.

>>> from landbridge.networks import load_network
>>> network = load_network()
>>> network.places["kz-dostyk"]["country"]
'KZ'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.networks.checks.network import check_network
    from landbridge.networks.errors import DataError, Fault, LandbridgeError, NoRouteError, PlaceError, QueryError
    from landbridge.networks.network import Network, load_network, read_network
    from landbridge.networks.writing import write_network

__all__ = [
    "DataError",
    "Fault",
    "LandbridgeError",
    "Network",
    "NoRouteError",
    "PlaceError",
    "QueryError",
    "check_network",
    "load_network",
    "read_network",
    "write_network",
]

_HOMES = {
    "check_network": "checks.network",
    "load_network": "network",
    "read_network": "network",
    "Network": "network",
    "write_network": "writing",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, and numpy with it, only then: the command line answers `--help` without them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"landbridge.networks.{_HOMES.get(name, 'errors')}"), name)
