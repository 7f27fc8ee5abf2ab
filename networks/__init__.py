"""Reading, checking and writing of freight networks, and the state graph made from them.

>>> from landbridge.networks import load_network
>>> network = load_network()
>>> network.places["kz-dostyk"]["country"]
'KZ'
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
