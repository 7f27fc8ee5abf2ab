"""The plugin: it adds the provider to the Processing toolbox."""

from __future__ import annotations

from qgis.core import QgsApplication

from .provider import LandbridgeProvider


class LandbridgePlugin:
    """The plugin, in the window of QGIS or without one."""

    def __init__(self) -> None:
        """Prepare the plugin."""
        self._provider: LandbridgeProvider | None = None

    def initProcessing(self) -> None:
        """Add the provider; `qgis_process` calls only this."""
        self._provider = LandbridgeProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Add the provider in the window of QGIS."""
        self.initProcessing()

    def unload(self) -> None:
        """Remove the provider."""
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
