"""Layers of an answer on the map: their styles, a group, and their order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingContext, QgsProcessingLayerPostProcessorInterface
from qgis.PyQt.QtXml import QDomDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .answers import AnswerLayer

_RANK = "landbridge_rank"

_kept: deque[Any] = deque(maxlen=100)
"""The last post-processors: QGIS does not keep them alive."""


def load(layers: Sequence[AnswerLayer], title: str, context: QgsProcessingContext) -> None:
    """Let QGIS add layers to the map when the algorithm is done, in a group and in their order."""
    group = _Group(title)
    for rank, layer in enumerate(layers):
        details = QgsProcessingContext.LayerDetails(layer.title, context.project(), layer.title)
        sorts = hasattr(details, "layerSortKey")  # from QGIS 3.32 on
        if sorts:
            details.groupName = title
            details.layerSortKey = -rank
        dresser = _Dresser(layer, None if sorts else group, rank)
        _kept.append(dresser)
        details.setPostProcessor(dresser)
        context.addLayerToLoadOnCompletion(layer.source, details)


class _Group:
    """A group of the layer tree, made when its first layer is there."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._node: Any = None

    def take(self, node: Any, rank: int) -> Any:
        """Move the node of a layer into the group, below the layers of lower rank; return it."""
        parent = node.parent()
        if node.customProperty(_RANK) is not None:  # an answer in the same folder: the layer is in its group already
            parent.setName(self._title)
            return node
        if self._node is None:
            self._node = parent.insertGroup(0, self._title)
        above = [each for each in self._node.children() if each.customProperty(_RANK) < rank]
        moved = node.clone()
        moved.setCustomProperty(_RANK, rank)
        self._node.insertChildNode(len(above), moved)
        parent.removeChildNode(node)
        return moved


class _Dresser(QgsProcessingLayerPostProcessorInterface):
    """It gives a layer its name, its style and its place on the map."""

    def __init__(self, layer: AnswerLayer, group: _Group | None, rank: int) -> None:
        super().__init__()
        self._layer = layer
        self._group = group
        self._rank = rank

    def postProcessLayer(self, layer: Any, context: Any, feedback: Any) -> None:
        """Dress the layer, which is on the map already."""
        layer.reload()  # where it was on the map already, of an earlier answer in the same folder
        layer.setName(self._layer.title)
        style = QDomDocument()
        style.setContent(self._layer.style)
        fine, message = layer.importNamedStyle(style)
        if not fine:
            feedback.reportError(f"The style of {self._layer.title} is not read: {message}")
        node = context.project().layerTreeRoot().findLayer(layer.id())
        if node is not None:
            node = node if self._group is None else self._group.take(node, self._rank)
            node.setItemVisibilityChecked(self._layer.shown)
        layer.triggerRepaint()
