"""The QGIS plugin landbridge: the questions of the program landbridge as algorithms of the Processing toolbox."""

from __future__ import annotations

from typing import Any


def classFactory(_: Any) -> Any:
    """Return the plugin."""
    from .plugin import LandbridgePlugin

    return LandbridgePlugin()
