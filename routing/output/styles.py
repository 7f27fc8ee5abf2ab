"""QGIS styles of layers, made from the palette.

A style is the renderer and the labels of a layer as XML. It is written as a .qml beside a GeoJSON file, which QGIS
loads by its name, into the `layer_styles` of a GeoPackage, and into the project.
"""

import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from landbridge.routing.output.palette import Appearance

_OTHER = "#000000"
_AREA_ALPHA = 140  # of 255
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_SEAL = "<!-- written by landbridge, SHA-256 "


class LayerStyle(NamedTuple):
    """The style of a layer.

    Attributes
    ----------
    renderer
        Element `renderer-v2`.
    labeling
        Element `labeling`; empty: no labels.
    """

    renderer: str
    labeling: str = ""


def qml(style: LayerStyle, geometry: str) -> str:
    """Return a style as the document of a .qml file, for a layer of `point`, `line` or `area`."""
    categories = "Symbology|Labeling" if style.labeling else "Symbology"
    labels = ' labelsEnabled="1"' if style.labeling else ""
    kind = ("point", "line", "area").index(geometry)
    return _sealed(
        f'{_HEAD}\n<qgis version="3.22.0" styleCategories="{categories}"{labels}>{style.renderer}{style.labeling}'
        f"<layerGeometryType>{kind}</layerGeometryType></qgis>\n"
    )


def is_own(style: str) -> bool:
    """Whether a style was written by landbridge and not edited since."""
    return style == _sealed(style.rpartition(_SEAL)[0])


def _sealed(style: str) -> str:
    """Return a style that ends with its checksum."""
    return f"{style}{_SEAL}{hashlib.sha256(style.encode()).hexdigest()} -->\n"


def line_style(column: str, looks: Mapping[str, Appearance], *, width: str = "1.0") -> LayerStyle:
    """Return the style of a line layer with a colour for each value of a column; other values are black."""
    values = [*looks, ""]
    symbols = "".join(
        _symbol(str(number), "line", "SimpleLine", {"line_color": _colour(looks, value), "line_width": width})
        for number, value in enumerate(values)
    )
    return LayerStyle(_renderer(column, values, symbols))


def point_style(column: str, looks: Mapping[str, Appearance], *, size: str) -> LayerStyle:
    """Return the style of a point layer with a colour for each value of a column and the size in mm by expression."""
    values = [*looks, ""]
    symbols = "".join(
        _symbol(
            str(number),
            "marker",
            "SimpleMarker",
            {"color": _colour(looks, value), "name": "circle", "outline_color": "#ffffff", "size": "3"},
            size,
        )
        for number, value in enumerate(values)
    )
    return LayerStyle(_renderer(column, values, symbols))


def area_style(column: str, looks: Mapping[str, Appearance]) -> LayerStyle:
    """Return the style of a polygon layer with a transparent colour for each value of a column."""
    values = [*looks, ""]
    symbols = "".join(
        _symbol(
            str(number),
            "fill",
            "SimpleFill",
            {
                "color": _with_alpha(_colour(looks, value)),
                "style": "solid",
                "outline_color": _colour(looks, value),
                "outline_width": "0.3",
            },
        )
        for number, value in enumerate(values)
    )
    return LayerStyle(_renderer(column, values, symbols))


def fill_style(fill: str, outline: str) -> LayerStyle:
    """Return the style of a polygon layer in one colour, such as the land of a map."""
    options = {"color": fill, "style": "solid", "outline_color": outline, "outline_width": "0.15"}
    symbol = _symbol("0", "fill", "SimpleFill", options)
    return LayerStyle(
        f'<renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0"><symbols>{symbol}</symbols></renderer-v2>'
    )


def _with_alpha(colour: str) -> str:
    """Return a colour #rrggbb with an opacity in the format of QGIS."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{_AREA_ALPHA}"


def _symbol(name: str, kind: str, layer: str, options: dict[str, str], size: str | None = None) -> str:
    listed = "".join(f'<Option name="{key}" type="QString" value={quoted(value)}/>' for key, value in options.items())
    dynamic = _data_defined(size) if size else ""
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{listed}</Option>{dynamic}</layer></symbol>'
    )


def quoted(text: str) -> str:
    """Return a text as the value of an XML attribute, with its quotation marks."""
    return f'"{escape(text)}"'


def _data_defined(expression: str) -> str:
    return (
        '<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/>'
        '<Option name="properties" type="Map"><Option name="size" type="Map">'
        '<Option name="active" type="bool" value="true"/>'
        f'<Option name="expression" type="QString" value={quoted(expression)}/>'
        '<Option name="type" type="int" value="3"/></Option></Option>'
        '<Option name="type" type="QString" value="collection"/></Option></data_defined_properties>'
    )


def _colour(looks: Mapping[str, Appearance], value: str) -> str:
    return looks[value].colour if value in looks else _OTHER


def _renderer(column: str, values: Sequence[str], symbols: str) -> str:
    # The last category has no value: QGIS uses it for all values that the others do not name.
    categories = "".join(
        f'<category symbol="{number}" value={quoted(value)} label={quoted(value or "other")} render="true"'
        f' type="{"string" if value else "NULL"}"/>'
        for number, value in enumerate(values)
    )
    return (
        f'<renderer-v2 type="categorizedSymbol" attr="{column}" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
    )
