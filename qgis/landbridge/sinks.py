"""Tables as layers without geometry, in whatever format the user names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingException,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType, QVariant

if TYPE_CHECKING:
    from .tables import Cell, Table

_WITH_META_TYPES = 33800  # version of QGIS that takes these for fields


def _types() -> dict[Cell, Any]:
    if Qgis.QGIS_VERSION_INT >= _WITH_META_TYPES:
        kinds = QMetaType.Type
        return {"text": kinds.QString, "integer": kinds.Int, "number": kinds.Double, "boolean": kinds.Bool}
    return {"text": QVariant.String, "integer": QVariant.Int, "number": QVariant.Double, "boolean": QVariant.Bool}


def write_table(algorithm: Any, name: str, table: Table, document: Any, *, parameters: Any, context: Any) -> str:
    """Write the table of an answer into the sink of an algorithm, and return its id."""
    fields, types = QgsFields(), _types()
    for column in table.columns:
        fields.append(QgsField(column.name, types[column.kind]))
    sink, found = algorithm.parameterAsSink(
        parameters, name, context, fields, QgsWkbTypes.NoGeometry, QgsCoordinateReferenceSystem()
    )
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, name))
    for cells in table.rows(document):
        feature = QgsFeature(fields)
        feature.setAttributes(cells)
        if not sink.addFeature(feature, QgsFeatureSink.FastInsert):
            raise QgsProcessingException(algorithm.writeFeatureError(sink, parameters, name))
    return str(found)
