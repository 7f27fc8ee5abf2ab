"""Parameters of Processing made from options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterPoint,
    QgsProcessingParameterString,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .options import Option

# QGIS 4 keeps these names of enums of QGIS 3.
TABLES = QgsProcessing.TypeVector
_POINTS = QgsProcessing.TypeVectorPoint


def point_name(option: Option) -> str:
    """Return the name of the parameter for a point on the map instead of a name."""
    return f"{option.name}_POINT"


def parameters_of(option: Option) -> Iterator[Any]:
    """Yield the parameters of an option: one, or two where there are two ways to give its value."""
    for parameter in _parameters(option):
        parameter.setHelp(option.meaning)
        yield advanced(parameter) if option.advanced else parameter


def advanced(parameter: Any) -> Any:
    """Return a parameter shown only on demand."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    return parameter


def _parameters(option: Option) -> Iterator[Any]:
    name, label, kind = option.name, option.label, option.kind
    # What has a default needs no note that it may be left out.
    common = {"defaultValue": option.default, "optional": not option.needed and option.default is None}
    if kind == "place":
        yield QgsProcessingParameterString(name, f"{label}: name, UN/LOCODE or lat,lon", optional=True)
        yield QgsProcessingParameterPoint(point_name(option), f"{label}: or a point on the map", optional=True)
    elif kind == "points":
        yield QgsProcessingParameterFeatureSource(name, label, [_POINTS], optional=True)
        field = f"{name}_NAME"
        yield QgsProcessingParameterField(field, "Names of the points", parentLayerParameterName=name, optional=True)
    elif kind in {"choice", "choices"}:
        yield QgsProcessingParameterEnum(
            name, label, list(option.choices), kind == "choices", usesStaticStrings=True, **common
        )
    elif kind in {"number", "integer"}:
        yield _number(option, common)
    elif kind == "flag":
        yield QgsProcessingParameterBoolean(name, label, defaultValue=False)
    elif kind == "date":
        yield QgsProcessingParameterDateTime(name, label, QgsProcessingParameterDateTime.Date, **common)
    elif kind == "file":
        yield QgsProcessingParameterFile(name, label, **common)
    else:
        yield QgsProcessingParameterString(name, label, **common)


def _number(option: Option, common: dict[str, Any]) -> QgsProcessingParameterNumber:
    types = {"number": QgsProcessingParameterNumber.Double, "integer": QgsProcessingParameterNumber.Integer}
    bound = {} if option.least is None else {"minValue": option.least}
    return QgsProcessingParameterNumber(option.name, option.label, types[option.kind], **common, **bound)
