"""Freight corridors between Asia and Europe: transit time, cost, emissions and bottlenecks.

Every public name is here, and imported when it is first used.

>>> import landbridge as lb
>>> network = lb.load_network()
>>> trips = lb.route(network, "Altynkol", "Aktau", cargo=lb.Cargo(teu=2, tonnes=20, value_usd=80_000))
>>> trips[0].legs[0].kind
'operation'
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
