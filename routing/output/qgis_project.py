"""A QGIS project (.qgz) over the layers of a GeoPackage, written without QGIS.

The project names the GeoPackage by a relative path, so that it stays valid when the folder is moved. QGIS ignores
in silence what it does not like: an id of ten characters or fewer, a reference system without its number, a layer
that the tree does not list; the tests open it in QGIS.
"""

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.routing.output.geopackage import GEOPACKAGE, LAND_LAYER, write_geopackage
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.palette import SEA
from landbridge.routing.output.styles import quoted

_GEOMETRIES: Final = {
    "point": ("Point", "Point"),
    "line": ("Line", "MultiLineString"),
    "area": ("Polygon", "MultiPolygon"),
}
_SRS: Final = (
    "<spatialrefsys><proj4>+proj=longlat +datum=WGS84 +no_defs</proj4><srsid>3452</srsid><srid>4326</srid>"
    "<authid>EPSG:4326</authid><description>WGS 84</description><projectionacronym>longlat</projectionacronym>"
    "<ellipsoidacronym>EPSG:7030</ellipsoidacronym><geographicflag>true</geographicflag></spatialrefsys>"
)
PROJECT: Final = "landbridge.qgz"
"""Name of the file in the folder of a result."""

_OWN: Final = b"written by landbridge"
_ORDER = ("point", "line", "area")
_REGION = (-30.0, -10.0, 180.0, 80.0)
_WIDEST_DEGREES = 300.0
_MARGIN = 0.08
_LEAST_DEGREES = 2.0

Extent = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


def write_qgis(folder: Path, layers: Sequence[Layer], meta: Mapping[str, Any], title: str) -> list[Path]:
    """Write layers as GeoPackage with a project that shows it over the land, and return the two files.

    Parameters
    ----------
    folder
        Folder of both, which contains neither.
    layers
        The layers; points are drawn above lines, and lines above areas, otherwise the first on top.
    meta
        Metadata of the result.
    title
        Title of the project.
    """
    by_kind = sorted(layers, key=lambda layer: _ORDER.index(layer.geometry))
    geopackage = write_geopackage(folder / GEOPACKAGE, by_kind, meta)
    return [geopackage, write_project(folder / PROJECT, geopackage, by_kind, meta, title)]


def write_project(
    project: Path, geopackage: Path, layers: Sequence[Layer], meta: Mapping[str, Any], title: str
) -> Path:
    """Write a project over layers of a GeoPackage that lies beside it, the first on top, and return its path."""
    canvas = _with_margin(extent_of(geopackage, layers))
    with zipfile.ZipFile(project, "w") as archive:
        archive.comment = _OWN
        # A fixed time, so that the same answer gives the same bytes.
        entry = zipfile.ZipInfo(f"{project.stem}.qgs", (1980, 1, 1, 0, 0, 0))
        archive.writestr(entry, _document(layers, geopackage.name, canvas, meta, title), zipfile.ZIP_DEFLATED)
    return project


def is_own_project(path: Path) -> bool:
    """Whether a project was written by landbridge and not saved by QGIS since, which leaves the comment out."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == _OWN
    except zipfile.BadZipFile:
        return False


def extent_of(geopackage: Path, layers: Sequence[Layer]) -> Extent:
    """Return what the map shows: the layers, or the region of the base map if they cross 180 degrees or are empty."""
    import pyogrio

    boxes = [pyogrio.read_bounds(str(geopackage), layer=layer.name)[1] for layer in layers]
    corners = np.concatenate(boxes, axis=1)
    if corners.size == 0:
        return _REGION
    west, south = corners[:2].min(axis=1)
    east, north = corners[2:].max(axis=1)
    return (west, south, east, north) if east - west < _WIDEST_DEGREES else (_REGION[0], south, _REGION[2], north)


def _document(layers: Sequence[Layer], file: str, canvas: Extent, meta: Mapping[str, Any], title: str) -> str:
    drawn = [*layers, LAND_LAYER]
    tree = "".join(_tree_layer(layer, _legend(layer)) for layer in layers)
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22.0" projectname={quoted(title)}>'
        f"<title>{escape(title)}</title><projectCrs>{_SRS}</projectCrs>"
        "<layer-tree-group><customproperties/>"
        f'<layer-tree-group name="Result" checked="Qt::Checked" expanded="1">{tree}</layer-tree-group>'
        f'<layer-tree-group name="Base map" checked="Qt::Checked" expanded="0">{_tree_layer(LAND_LAYER)}'
        "</layer-tree-group></layer-tree-group>"
        f'<mapcanvas name="theMapCanvas"><units>degrees</units>{_extent("extent", canvas)}<rotation>0</rotation>'
        f"<destinationsrs>{_SRS}</destinationsrs></mapcanvas>"
        f"<projectlayers>{''.join(_map_layer(layer, file) for layer in drawn)}</projectlayers>"
        f"<layerorder>{''.join(f'<layer id={quoted(_id(layer))}/>' for layer in drawn)}</layerorder>"
        f'<properties><SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys>'
        '<Paths><Absolute type="bool">false</Absolute></Paths>'
        f"<Gui>{_background()}</Gui></properties>"
        f"<projectMetadata><title>{escape(title)}</title><abstract>{escape(_abstract(meta))}</abstract></projectMetadata>"
        f'<ProjectViewSettings UseProjectScales="0">{_default_extent(canvas)}</ProjectViewSettings></qgis>\n'
    )


def _id(layer: Layer) -> str:
    return f"landbridge_{layer.name.replace('-', '_')}"


def _tree_layer(layer: Layer, legend: str = "") -> str:
    """Return a layer in the tree, which shows it in a legend by symbols of these numbers; empty: by all."""
    shown = "Checked" if layer.shown else "Unchecked"
    only = f'<Option type="Map"><Option name="legend/node-order" type="QString" value="{legend}"/></Option>'
    return (
        f'<layer-tree-layer id={quoted(_id(layer))} name={quoted(layer.title)} checked="Qt::{shown}" expanded="1"'
        f' providerKey="ogr"><customproperties>{only if legend else ""}</customproperties></layer-tree-layer>'
    )


def _legend(layer: Layer) -> str:
    """Return the numbers of the symbols that the features of a layer are drawn with."""
    style = layer.style()
    numbers = style.drawn(item["properties"].get(style.field) for item in layer.features()) if style.field else ()
    return ",".join(map(str, numbers))


def _map_layer(layer: Layer, file: str) -> str:
    geometry, wkb_type = _GEOMETRIES[layer.geometry]
    style = layer.style()
    labels = "1" if style.labeling else "0"
    source = f"./{file}|layername={layer.name}"
    return (
        f'<maplayer type="vector" geometry="{geometry}" wkbType="{wkb_type}" labelsEnabled="{labels}"'
        ' simplifyDrawingHints="1" simplifyDrawingTol="1" simplifyLocal="1" simplifyMaxScale="1" readOnly="0">'
        f"<id>{escape(_id(layer))}</id><datasource>{escape(source)}</datasource>"
        f"<layername>{escape(layer.title)}</layername><srs>{_SRS}</srs>"
        f'<provider encoding="UTF-8">ogr</provider>{style.renderer}{style.labeling}'
        f"<layerGeometryType>{_ORDER.index(layer.geometry)}</layerGeometryType></maplayer>"
    )


def _with_margin(extent: Extent) -> Extent:
    west, south, east, north = extent
    wide, high = (max((upper - lower) * _MARGIN, _LEAST_DEGREES) for lower, upper in ((west, east), (south, north)))
    return west - wide, max(south - high, -90.0), east + wide, min(north + high, 90.0)


def _extent(name: str, extent: Extent) -> str:
    values = zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True)
    return f"<{name}>{''.join(f'<{key}>{value:.4f}</{key}>' for key, value in values)}</{name}>"


def _default_extent(extent: Extent) -> str:
    corners = zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True)
    values = " ".join(f'{key}="{value:.4f}"' for key, value in corners)
    return f"<DefaultViewExtent {values}>{_SRS}</DefaultViewExtent>"


def _background() -> str:
    parts = zip(("Red", "Green", "Blue"), (int(SEA[place : place + 2], 16) for place in (1, 3, 5)), strict=True)
    return "".join(f'<CanvasColor{name}Part type="int">{value}</CanvasColor{name}Part>' for name, value in parts)


def _abstract(meta: Mapping[str, Any]) -> str:
    data_set = meta.get("data_set") or {}
    parts = (
        f"landbridge {meta.get('version')}",
        f"data set {data_set.get('name')} {data_set.get('version')}",
        f"world of {meta.get('reference_date')}",
        "Land: Natural Earth.",
    )
    return "; ".join(parts)
