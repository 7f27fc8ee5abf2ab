"""Open projects and layers in the real QGIS and print what it makes of them, as JSON.

Run by the Python that has QGIS's bindings, which is not that of the tests: `/usr/bin/python3 open_in_qgis.py FILE...`.
A project (.qgz) is also drawn to the PNG of the same name; layers of a GeoPackage and GeoJSON files are opened alone.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsProviderRegistry,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage

SIZE = QSize(1200, 700)
NEAR = QgsRectangle(14, 50, 26, 55)  # Poland, where scales in degrees are far from those of the equator
messages = []


def expressions_of(symbol):
    """Yield the expressions of a symbol and of the symbols within it."""
    for layer in symbol.symbolLayers():
        properties = layer.dataDefinedProperties()
        yield from (properties.property(key).expressionString() for key in properties.propertyKeys())
        if layer.layerType() == "GeometryGenerator":
            yield layer.geometryExpression()
        if layer.subSymbol() is not None:
            yield from expressions_of(layer.subSymbol())


def wrong_expressions(layer):
    """Return the expressions of a layer that QGIS cannot parse, or that name fields which the layer lacks."""
    found = [text for symbol in layer.renderer().symbols(QgsRenderContext()) for text in expressions_of(symbol)]
    if layer.labeling() is not None:
        settings = layer.labeling().settings()
        found += [settings.fieldName, settings.geometryGenerator]
    fields = set(layer.fields().names())
    parsed = [(text, QgsExpression(text)) for text in dict.fromkeys(found) if text]
    known = fields | {QgsFeatureRequest.ALL_ATTRIBUTES}
    return [text for text, item in parsed if item.hasParserError() or not item.referencedColumns() <= known]


def widest_step(layer):
    """Return the largest difference in longitude between two points of a line, in degrees."""
    widest = 0.0
    if layer.geometryType() != QgsWkbTypes.LineGeometry:
        return widest
    for feature in layer.getFeatures():
        for part in feature.geometry().constParts():
            points = list(part.vertices())
            steps = (abs(after.x() - before.x()) for before, after in zip(points, points[1:]))  # noqa: B905, RUF007
            widest = max([widest, *steps])
    return widest


def map_of(layers, extent, crs):
    """Return the settings of a map."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(SIZE)
    settings.setOutputDpi(96)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    return settings


def beside(layer, extent, crs):
    """Return for each line in a lane which part of it is drawn, and how many mm beside the true line at most points."""
    settings = map_of([layer], extent, crs)
    context, degrees_a_mm = settings.expressionContext(), settings.mapUnitsPerPixel() * 96 / 25.4
    (generator, *_) = layer.renderer().symbols(QgsRenderContext())[0].symbolLayers()
    found = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        moved, true = QgsExpression(generator.geometryExpression()).evaluate(context), feature.geometry()
        points = [QgsGeometry.fromPointXY(QgsPointXY(vertex)) for vertex in moved.vertices()]
        away = sorted(true.distance(point) / degrees_a_mm for point in points)
        seen = true.simplify(degrees_a_mm)
        found.append({"lane": feature["lane"], "drawn": moved.length() / seen.length(), "mm": away[len(away) // 2]})
    return found


def drawn(layers, extent, crs, background=None):
    """Return an image of layers."""
    settings = map_of(layers, extent, crs)
    settings.setBackgroundColor(background or QColor(Qt.transparent))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    messages.extend(error.message for error in job.errors())
    return job.renderedImage()


def channel(image, which):
    """Return the opacity or the shade of each pixel of an image."""
    values = image.convertToFormat(which)
    bits = values.constBits()
    bits.setsize(values.sizeInBytes())
    return bytes(bits)


def covered(layer, extent, crs):
    """Return how many pixels a layer covers."""
    return sum(map(bool, channel(drawn([layer], extent, crs), QImage.Format_Alpha8)))


def described(layer):
    """Return what QGIS makes of a layer."""
    renderer = layer.renderer()
    if renderer is None:  # not valid, or GeoJSON without a feature, which is a table to QGIS
        return {"name": layer.name(), "valid": layer.isValid(), "renderer": None, "count": layer.featureCount()}
    symbols = renderer.symbols(QgsRenderContext())
    return {
        "name": layer.name(),
        "valid": True,
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.geometryDisplayString(layer.geometryType()),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "renderer": renderer.type(),
        "colours": sorted({symbol.color().name() for symbol in symbols}),
        "categories": [str(item.value()) for item in renderer.categories()] if hasattr(renderer, "categories") else [],
        "labels": layer.labelsEnabled(),
        "wrong_expressions": wrong_expressions(layer),
        "widest_step": widest_step(layer),
    }


def project_of(path):
    """Return what QGIS makes of a project, which it draws."""
    project = QgsProject.instance()
    project.clear()
    start = time.perf_counter()
    read = project.read(str(path))
    tree, extent, crs = project.layerTreeRoot(), project.viewSettings().defaultViewExtent(), project.crs()
    shown = [node.layer() for node in tree.findLayers() if node.isVisible()]
    seconds = [time.perf_counter() - start]
    image = drawn(shown, extent, crs, project.backgroundColor())
    image.save(str(path.with_suffix(".png")))
    seconds.append(time.perf_counter() - start)
    visible = {layer.id() for layer in shown}
    return {
        "read": read,
        "title": project.title(),
        "crs": crs.authid(),
        "seconds": seconds,
        "shades": len(set(channel(image, QImage.Format_Grayscale8))),
        "groups": [group.name() for group in tree.findGroups()],
        "order": [node.layer().name() for node in tree.findLayers()],
        "in_tree": len(tree.findLayers()) == len(project.mapLayers()),
        "layers": [
            {
                **described(layer),
                "id": layer.id(),
                "source": layer.source(),
                "visible": layer.id() in visible,
                "pixels": covered(layer, extent, crs) if layer.isValid() else 0,
                "beside": [
                    item
                    for box in (extent, NEAR)
                    if "lane" in layer.fields().names()
                    for item in beside(layer, box, crs)
                ],
            }
            for layer in project.mapLayers().values()
        ],
    }


def layers_of(path):
    """Return what QGIS makes of the layers of a file opened alone."""
    sources = {path.stem: str(path)}
    if path.suffix == ".gpkg":
        names = [item.name() for item in QgsProviderRegistry.instance().querySublayers(str(path))]
        sources = {name: f"{path}|layername={name}" for name in names if name != "layer_styles"}
    return [described(QgsVectorLayer(source, name, "ogr")) for name, source in sources.items()]


def main():
    """Print what QGIS makes of each file."""
    application = QgsApplication([], False)
    application.initQgis()
    QgsApplication.messageLog().messageReceived.connect(lambda text, _, level: level and messages.append(text))
    paths = [Path(name) for name in sys.argv[1:]]
    found = {str(path): project_of(path) if path.suffix == ".qgz" else layers_of(path) for path in paths}
    print(json.dumps({"found": found, "messages": messages}))  # noqa: T201 - for the tests
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash when it is taken down


if __name__ == "__main__":
    main()
