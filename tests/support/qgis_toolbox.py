"""Run an algorithm of the toolbox in QGIS, as its window does, and print what is on the map; for the Python of QGIS.

Argument: a JSON document with `algorithm`, `runs` (the parameters of each) and optionally `cancel_after_s`, `picture`
(file to draw the map into) and `dialogue` (file to draw the dialogue into; its values hold where a run gives none).
The plugin is that of the profile in QGIS_CUSTOM_CONFIG_PATH. It prints a JSON document.
"""

import json
import os
import sys
import time
from unittest.mock import MagicMock

sys.path.insert(0, "/usr/share/qgis/python/plugins")

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QSettings, QSize


class Feedback(QgsProcessingFeedback):
    """It remembers what it was told, and is cancelled after some seconds."""

    def __init__(self, cancel_after_s):
        super().__init__(False)
        self.parts = []
        self.progressChanged.connect(self.parts.append)
        self.said, self.ends = [], time.monotonic() + (cancel_after_s or 1e9)

    def isCanceled(self):
        return super().isCanceled() or time.monotonic() > self.ends

    def setProgressText(self, text):
        self.said.append(["progress", text])

    def pushInfo(self, text):
        self.said.append(["info", text])

    def pushWarning(self, text):
        self.said.append(["warning", text])

    def pushCommandInfo(self, text):
        self.said.append(["command", text])

    def reportError(self, text, fatalError=False):
        self.said.append(["error", text])


def look_of(layer):
    """Return how QGIS draws a layer."""
    return layer.renderer().dump() if layer.isSpatial() else None


def look_intended(layer):
    """Return how QGIS draws the same layer from its GeoJSON file with a .qml beside it; None if there is none."""
    folder, _, name = layer.source().rpartition("/landbridge.gpkg|layername=")
    file = f"{folder}/{name}.geojson"
    return look_of(QgsVectorLayer(file, name, "ogr")) if os.path.isfile(file) else None


def layer_tree(group):
    """Return the layers and groups below a group, from the top."""
    found = []
    for node in group.children():
        if hasattr(node, "layer"):
            layer = node.layer()
            found.append(
                {
                    "name": node.name(),
                    "source": layer.source(),
                    "valid": layer.isValid(),
                    "features": layer.featureCount(),
                    "look": look_of(layer),
                    "look_intended": look_intended(layer),
                    "labels": layer.labelsEnabled(),
                    "visible": node.isVisible(),
                    "geometry": layer.isSpatial(),
                    "fields": {field.name(): field.typeName() for field in layer.fields()},
                }
            )
        else:
            found.append({"group": node.name(), "children": layer_tree(node)})
    return found


def dialogue(path, algorithm):
    """Return the values of the dialogue of an algorithm as it opens, and draw it into a file."""
    import qgis.utils
    from qgis.gui import QgsGui, QgsMapCanvas
    from qgis.PyQt.QtWidgets import QApplication, QMainWindow

    QgsGui.editorWidgetRegistry().initEditors()
    window, qgis.utils.iface = QMainWindow(), MagicMock()
    qgis.utils.iface.mainWindow.return_value = window
    qgis.utils.iface.mapCanvas.return_value = QgsMapCanvas(window)
    for name in ("browserModel", "activeLayer", "messageBar"):
        getattr(qgis.utils.iface, name).return_value = None
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    shown = AlgorithmDialog(algorithm, False, window)
    shown.resize(900, 1000)
    shown.show()
    QApplication.processEvents()
    shown.grab().save(path)
    return shown.createProcessingParameters()


def picture(path, project):
    settings = QgsMapSettings()
    layers = [
        layer for layer in project.layerTreeRoot().layerOrder() if project.layerTreeRoot().findLayer(layer).isVisible()
    ]
    settings.setLayers([layer for layer in layers if layer.isSpatial()])
    settings.setOutputSize(QSize(1400, 800))
    settings.setDestinationCrs(project.crs() if project.crs().isValid() else layers[0].crs())
    settings.setExtent(QgsRectangle(-15, 5, 150, 75))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)


def main():
    asked = json.loads(sys.argv[1])
    QgsApplication.setPrefixPath("/usr", True)
    profile = os.environ["QGIS_CUSTOM_CONFIG_PATH"] + "/profiles/default"
    application = QgsApplication([], "dialogue" in asked, profile)
    QCoreApplication.setOrganizationName("QGIS")
    QCoreApplication.setApplicationName("QGIS3")
    QSettings.setDefaultFormat(QSettings.IniFormat)
    QSettings.setPath(QSettings.IniFormat, QSettings.UserScope, profile)
    application.initQgis()
    from processing.core.Processing import Processing

    Processing.initialize()
    sys.path.insert(0, f"{profile}/python/plugins")
    from landbridge import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    from processing.gui.Postprocessing import handleAlgorithmResults

    project, context, feedback = QgsProject.instance(), QgsProcessingContext(), Feedback(asked.get("cancel_after_s"))
    context.setProject(project)
    context.setFeedback(feedback)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(asked["algorithm"])
    report = {"can": algorithm.canExecute()}
    opened = dialogue(asked["dialogue"], algorithm) if "dialogue" in asked else {}
    began = time.monotonic()
    try:
        for given in asked["runs"]:
            parameters = opened | given
            if "TABLE" in given:  # as the dialogue gives it, so that it is added to the map
                parameters["TABLE"] = QgsProcessingOutputLayerDefinition(parameters["TABLE"], project)
            report["check"] = algorithm.checkParameterValues(parameters, context)
            report["results"], report["done"] = algorithm.run(parameters, context, feedback, catchExceptions=False)
            if report["results"]:
                report["loaded"] = handleAlgorithmResults(algorithm, context, feedback, True, parameters)
    except QgsProcessingException as error:
        report["failed"] = str(error)
    report |= {
        "seconds": time.monotonic() - began,
        "said": feedback.said,
        "parts": feedback.parts,
        "tree": layer_tree(project.layerTreeRoot()),
    }
    if asked.get("picture"):
        picture(asked["picture"], project)
    print(json.dumps(report))
    sys.stdout.flush()
    os._exit(0)


main()
