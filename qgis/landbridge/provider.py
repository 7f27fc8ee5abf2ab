"""The provider: the algorithms, and the setting for the path of the program."""

from __future__ import annotations

from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithm import PROGRAM_SETTING, LandbridgeAlgorithm
from .commands import COMMANDS


class LandbridgeProvider(QgsProcessingProvider):
    """The algorithms of landbridge."""

    def load(self) -> bool:
        """Add the setting and the algorithms."""
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        ProcessingConfig.addSetting(
            Setting(
                self.name(),
                PROGRAM_SETTING,
                "Program landbridge (empty: look in the usual places)",
                "",
                valuetype=Setting.FILE,
            )
        )
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Remove the setting."""
        ProcessingConfig.removeSetting(PROGRAM_SETTING)

    def loadAlgorithms(self) -> None:
        """Add the algorithms."""
        for command in COMMANDS:
            self.addAlgorithm(LandbridgeAlgorithm(command))

    def id(self) -> str:
        """Return the first part of the ids of the algorithms."""
        return "landbridge"

    def name(self) -> str:
        """Return the name in the toolbox."""
        return "landbridge"

    def longName(self) -> str:
        """Return the name for people."""
        return "landbridge: freight corridors"

    def icon(self) -> QIcon:
        """Return the icon."""
        return QIcon(str(Path(__file__).with_name("icon.svg")))
