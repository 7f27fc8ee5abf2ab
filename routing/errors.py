"""The exceptions of `landbridge.networks`, for the stub of this package.

A lazily loaded stub can name only modules within its own package.
"""

from landbridge.networks.errors import DataError, LandbridgeError, NoRouteError, PlaceError, QueryError, ScenarioError

__all__ = ["DataError", "LandbridgeError", "NoRouteError", "PlaceError", "QueryError", "ScenarioError"]
