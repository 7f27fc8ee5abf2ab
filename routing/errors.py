"""The errors that answers raise: those of `landbridge.networks`, for the stub of the package beside this file.

A stub that is loaded lazily may name only what lies below its own package.
"""

from landbridge.networks.errors import DataError, LandbridgeError, NoRouteError, PlaceError, QueryError

__all__ = ["DataError", "LandbridgeError", "NoRouteError", "PlaceError", "QueryError"]
