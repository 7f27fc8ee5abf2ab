"""Reading, checking and writing of freight networks, and the state graph made from them.

>>> from landbridge.networks import load_network
>>> network = load_network()
>>> network.places["kz-dostyk"]["country"]
'KZ'
"""

from landbridge.networks.checking import check_network
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
