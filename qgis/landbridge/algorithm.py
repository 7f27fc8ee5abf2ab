"""An algorithm of the Processing toolbox, made from the description of a command of the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsProcessingUtils,
)
from qgis.PyQt.QtGui import QIcon

from .answers import LAND, PROJECT, AnswerLayer, layers_of
from .finding import ProgramError, find_program
from .loading import load
from .options import Option, OptionError, arguments, check_one_of, place, write_points
from .parameters import TABLES, advanced, parameters_of, point_name
from .program import answer_of, command_line, run
from .sinks import write_table

if TYPE_CHECKING:
    from .commands import Command

PROGRAM_SETTING = "LANDBRIDGE_PROGRAM"
_OUTPUT, _TABLE, _LOAD, _LAND, _PROJECT = "OUTPUT", "TABLE", "LOAD", "LAND", "PROJECT"
_PLACE_OF_SETTING = "The path of the program is set in Settings > Options > Processing > Providers > landbridge."
_COMPUTED = 90  # percent: then layers and tables are loaded
_TEMPORARY = "TEMPORARY_OUTPUT"
_WGS84 = "EPSG:4326"


class LandbridgeAlgorithm(QgsProcessingAlgorithm):
    """A command of the program as an algorithm."""

    def __init__(self, command: Command) -> None:
        """Keep the description of the command."""
        super().__init__()
        self._command = command

    def createInstance(self) -> LandbridgeAlgorithm:
        """Return a new algorithm of the same command."""
        return LandbridgeAlgorithm(self._command)

    def name(self) -> str:
        """Return the name in the id."""
        return self._command.name

    def displayName(self) -> str:
        """Return the name for people."""
        return self._command.title

    def shortDescription(self) -> str:
        """Return what it does."""
        return self._command.meaning

    def shortHelpString(self) -> str:
        """Return the help beside the parameters."""
        shown = [option for option in self._command.options if option.meaning and not option.advanced]
        said = [f"{option.label}: {option.meaning}" for option in shown]
        return "\n\n".join([self._command.meaning, *said, _PLACE_OF_SETTING])

    def icon(self) -> QIcon:
        """Return the icon."""
        return QIcon(str(Path(__file__).with_name("icon.svg")))

    def initAlgorithm(self, _: Any = None) -> None:
        """Declare the parameters and outputs."""
        for option in self._command.options:
            for parameter in parameters_of(option):
                self.addParameter(parameter)
        if self._command.tables:
            # Where there are no layers the table is the answer, and nothing could be left out.
            needed = not self._command.layers
            self.addParameter(
                QgsProcessingParameterFeatureSink(_TABLE, "Table", TABLES, _TEMPORARY, optional=not needed)
            )
        if self._command.layers:
            self._init_layers()

    def _init_layers(self) -> None:
        self.addParameter(QgsProcessingParameterBoolean(_LOAD, "Add the layers to the map", defaultValue=True))
        land = QgsProcessingParameterBoolean(_LAND, "Add the land below the layers", defaultValue=False)
        self.addParameter(advanced(land))
        self.addParameter(
            QgsProcessingParameterFolderDestination(_OUTPUT, "Folder of the answer", _TEMPORARY, optional=True)
        )
        for layer in self._command.layers:
            self.addOutput(QgsProcessingOutputVectorLayer(_output_name(layer), layer))
        self.addOutput(QgsProcessingOutputFile(_PROJECT, "QGIS project of the answer"))

    def canExecute(self) -> tuple[bool, str]:
        """Return whether the program is installed, and otherwise what to install."""
        try:
            _program()
        except ProgramError as error:
            return False, str(error)
        return True, ""

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Return whether the values can be asked for, and otherwise what is missing."""
        fine, message = super().checkParameterValues(parameters, context)
        if not fine:
            return fine, message
        try:
            values = self._values(parameters, context, look=True)
            check_one_of([option for option in self._command.options if option.name in self._command.one_of], values)
            arguments(self._command.options, values)
        except OptionError as error:
            return False, str(error)
        return True, ""

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Ask the program and return its layers and table; nothing if it was cancelled."""
        try:
            return self._asked(parameters, context, feedback)
        except (ProgramError, OptionError) as error:
            raise QgsProcessingException(str(error)) from error

    def _asked(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        folder = self._folder(parameters, context) if self._command.layers else None
        values = self._values(parameters, context)
        command = [str(_program()), self._command.name, "--json"]
        command += [f"--out={folder}"] if folder else []
        command += arguments(self._command.options, values)
        feedback.pushCommandInfo(command_line(command))
        finished = run(
            command,
            cancelled=feedback.isCanceled,
            tell=_teller(feedback),
            progress=lambda doing, part: _show_progress(feedback, doing, part),
            tick=lambda seconds: feedback.setProgressText(f"landbridge computes: {seconds:.0f} s"),
        )
        if finished.code is None:
            feedback.pushInfo("landbridge was stopped.")
            return {}
        document = answer_of(finished)
        feedback.setProgress(_COMPUTED)
        results = self._table(document, parameters, context)
        return results | self._layers(folder, parameters, context) if folder else results

    def _folder(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        given = self.parameterAsString(parameters, _OUTPUT, context)
        return Path(
            QgsProcessingUtils.generateTempFilename("answer") if given in {"", _TEMPORARY} else given
        ).absolute()

    def _values(
        self, parameters: dict[str, Any], context: QgsProcessingContext, *, look: bool = False
    ) -> dict[str, Any]:
        """Return the values of the options; `look`: without reading layers."""
        return {option.name: self._value(option, parameters, context, look=look) for option in self._command.options}

    def _value(self, option: Option, parameters: dict[str, Any], context: QgsProcessingContext, *, look: bool) -> Any:
        given = parameters.get(option.name)
        if option.kind == "place":
            return self._place(option, parameters, context)
        if _is_blank(given):
            return option.default
        if option.kind == "points":
            return "points" if look else self._points(option, parameters, context)
        if option.kind == "date":
            return self.parameterAsDateTime(parameters, option.name, context).date().toString("yyyy-MM-dd")
        if option.kind == "choices":
            return self.parameterAsEnumStrings(parameters, option.name, context)
        reader: dict[str, Any] = {
            "number": self.parameterAsDouble,
            "integer": self.parameterAsInt,
            "flag": self.parameterAsBool,
            "choice": self.parameterAsEnumString,
        }
        return reader.get(option.kind, self.parameterAsString)(parameters, option.name, context)

    def _place(self, option: Option, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        text = self.parameterAsString(parameters, option.name, context)
        name, point = point_name(option), None
        if not _is_blank(parameters.get(name)):
            found = self.parameterAsPoint(parameters, name, context, QgsCoordinateReferenceSystem(_WGS84))
            point = (found.y(), found.x())
        return place(option.label, text, point, needed=option.needed)

    def _points(self, option: Option, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the path of a table with the points of a layer."""
        source = self.parameterAsSource(parameters, option.name, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, option.name))
        field = self.parameterAsString(parameters, f"{option.name}_NAME", context)
        project = QgsCoordinateTransform(
            source.sourceCrs(), QgsCoordinateReferenceSystem(_WGS84), context.transformContext()
        )
        points = []
        for number, feature in enumerate(source.getFeatures(), start=1):
            if feature.hasGeometry():
                point = project.transform(feature.geometry().centroid().asPoint())
                points.append((point.y(), point.x(), str(feature[field]) if field else f"point {number}"))
        return str(write_points(Path(QgsProcessingUtils.generateTempFilename("places.csv")), points))

    def _table(
        self, document: dict[str, Any], parameters: dict[str, Any], context: QgsProcessingContext
    ) -> dict[str, Any]:
        if not self._command.tables or not parameters.get(_TABLE):
            return {}
        fitting = next((table for table in self._command.tables if table.fits(document)), None)
        if fitting is None:
            raise ProgramError("The answer has no such table. Install the landbridge that fits this plugin.")
        return {_TABLE: write_table(self, _TABLE, fitting, document, parameters=parameters, context=context)}

    def _layers(self, folder: Path, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        found = layers_of(folder)
        if self.parameterAsBool(parameters, _LOAD, context) and context.project() is not None:
            land = self.parameterAsBool(parameters, _LAND, context)
            load([layer for layer in found if land or layer.name != LAND], self._title(parameters, context), context)
        by_name: dict[str, AnswerLayer] = {layer.name: layer for layer in found}
        sources = {_output_name(name): by_name[name].source for name in self._command.layers}
        return {_OUTPUT: str(folder), _PROJECT: str(folder / PROJECT), **sources}

    def _title(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        places = [option for option in self._command.options if option.kind == "place"]
        ends = " to ".join(self._place(option, parameters, context) for option in places)
        return f"{self._command.title}: {ends}" if ends else self._command.title


def _program() -> Path:
    return find_program(str(ProcessingConfig.getSetting(PROGRAM_SETTING) or ""))


def _is_blank(given: Any) -> bool:
    """Whether nothing was given: the widgets of QGIS say so in three ways."""
    return given in (None, NULL, "")


def _output_name(layer: str) -> str:
    return f"LAYER_{layer.upper().replace('-', '_')}"


def _teller(feedback: QgsProcessingFeedback) -> Any:
    """Return a function that shows a line of the program, notes of its own as warnings."""
    return lambda line: (feedback.pushWarning if line.startswith("landbridge: ") else feedback.pushInfo)(line)


def _show_progress(feedback: QgsProcessingFeedback, doing: str, part: float | None) -> None:
    """Show what the program does, and the part of it that is done."""
    feedback.setProgressText(f"landbridge: {doing}")
    feedback.setProgress(_COMPUTED * (part or 0.0))
