"""Queries on a freight network: itineraries with their time, cost, emissions and sources.

>>> from landbridge.networks import load_network
>>> from landbridge.routing import Cargo, route
>>> trip = route(load_network(), "Altynkol", "Aktau", cargo=Cargo(teu=2, tonnes=20, value_usd=80_000))
>>> trip[0].legs[0].kind
'operation'
"""

from warnings import warn

from lazy_loader import attach_stub

_public, __dir__, __all__ = attach_stub(__name__, __file__)

_RENAMED = {"write_chart": "write_tcd_chart"}
"""Names of version 0.1 used in examples."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name in _RENAMED:
        warn(f"landbridge.routing.{name} is now {_RENAMED[name]}", DeprecationWarning, stacklevel=2)
    return _public(_RENAMED.get(name, name))
