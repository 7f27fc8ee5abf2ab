"""QGIS styles of layers, made from the palette.

A style is the renderer and the labels of a layer as XML. It is written as a .qml beside a GeoJSON file, which QGIS
loads by its name, into the `layer_styles` of a GeoPackage, and into the project. Sizes and widths are in mm; an
expression of QGIS may stand where a size varies from feature to feature.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final, NamedTuple

from landbridge.routing.output.palette import OUTLINE, PALE, Appearance

_OTHER: Final = Appearance("other", "#000000")
_AREA_ALPHA = 200  # of 255
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_SEAL = "<!-- written by landbridge, SHA-256 "
_CASING = 1.3  # times the width, of the white below a line
# QGIS takes the scale of a map in degrees at its middle, where it counts a degree as long as one of the equator times
# 1 - latitude / 90, and not times the cosine of the latitude.
_SHORTER = "if(@map_crs = 'EPSG:4326', 1 - abs(y(@map_extent_center)) / 90, 1)"
_DEGREES_A_MM = f"(@map_scale / 111320000 / {_SHORTER})"
_SHORT_MM = 5  # lines shorter than this have no arrowhead
_WIDE_MM = 1.8  # lines wider than this have it inside
_MIDDLE = "line_interpolate_point($geometry, length($geometry) / 2)"
_SEEN_MM = 0.4  # bends smaller than this are not followed by a line beside another


class LayerStyle(NamedTuple):
    """The style of a layer.

    Attributes
    ----------
    renderer
        Element `renderer-v2`.
    labeling
        Element `labeling`; empty: no labels.
    field
        Field whose values have a symbol each; empty: all features have the same.
    values
        These values, in the order of the symbols; the symbol after them is for all other values.
    """

    renderer: str
    labeling: str = ""
    field: str = ""
    values: tuple[str, ...] = ()

    def drawn(self, found: Iterable[Any]) -> list[int]:
        """Return the numbers of the symbols that these values of the field are drawn with, for a legend."""
        numbers = {value: number for number, value in enumerate(self.values)}
        return sorted({numbers.get(value, len(numbers)) for value in found})


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


def line_style(
    value: str,
    looks: Mapping[str, Appearance],
    *,
    width: str = "1.0",
    offset: str = "0",
    arrows: bool = False,
    last: str = "",
    labels: str = "",
    weight: str = "0",
    level: bool = False,
) -> LayerStyle:
    """Return the style of a line layer, with an appearance for each value.

    Parameters
    ----------
    value
        Field whose values are named in `looks`; others are black.
    width, offset
        Width, and distance to the right of the line: mm, or expressions.
    arrows
        Whether arrowheads show the direction; lines without have a white casing instead.
    last
        Expression by which lines are drawn, the least last and so on top; empty: in their order.
    labels
        Expression of the labels along the lines; empty: none.
    weight
        Expression, 0 to 10, of which labels come first where there is no room for all.
    level
        Whether labels stand level beside the middles of the lines: along a line QGIS leaves out those longer than it.
    """
    symbols = [
        _line_symbol(str(number), look, width, offset, arrows=arrows) for number, look in enumerate(_with_other(looks))
    ]
    placement, along = ("level", _MIDDLE) if level else ("line", _beside(offset))
    labeling = _labels(labels, placement=placement, weight=weight, arrows=arrows, at=along) if labels else ""
    return LayerStyle(_categorized(value, looks, symbols, last), labeling, value, tuple(looks))


def pale_line_style(width: str = "0.4") -> LayerStyle:
    """Return the style of a line layer in the background."""
    return LayerStyle(
        _single(_symbol("0", "line", _layer("SimpleLine", {"line_color": PALE}, {"outlineWidth": width})))
    )


def point_style(
    value: str,
    looks: Mapping[str, Appearance],
    *,
    size: str,
    last: str = "",
    labels: str = "",
    weight: str = "0",
    outline: str = "#ffffff",
) -> LayerStyle:
    """Return the style of a point layer, with an appearance for each value.

    Parameters
    ----------
    value
        Field whose values are named in `looks`; others are black.
    size
        Diameter in mm, or an expression.
    last
        Expression by which points are drawn, the least last and so on top; empty: in their order.
    labels
        Expression of the labels; empty: none.
    weight
        Expression, 0 to 10, of which labels come first where there is no room for all.
    outline
        Colour around the points.
    """
    symbols = [_point_symbol(str(number), look, size, outline) for number, look in enumerate(_with_other(looks))]
    labeling = _labels(labels, placement="point", weight=weight) if labels else ""
    return LayerStyle(_categorized(value, looks, symbols, last), labeling, value, tuple(looks))


def area_style(value: str, looks: Mapping[str, Appearance]) -> LayerStyle:
    """Return the style of a polygon layer with a transparent colour for each value."""
    symbols = [
        _symbol(
            str(number),
            "fill",
            _layer(
                "SimpleFill",
                {
                    "color": _with_alpha(look.colour),
                    "style": "solid",
                    "outline_color": OUTLINE,
                    "outline_width": "0.2",
                },
            ),
        )
        for number, look in enumerate(_with_other(looks))
    ]
    return LayerStyle(_categorized(value, looks, symbols), "", value, tuple(looks))


def fill_style(fill: str, outline: str) -> LayerStyle:
    """Return the style of a polygon layer in one colour, such as the land of a map."""
    options = {"color": fill, "style": "solid", "outline_color": outline, "outline_width": "0.15"}
    return LayerStyle(_single(_symbol("0", "fill", _layer("SimpleFill", options))))


def _with_other(looks: Mapping[str, Appearance]) -> Sequence[Appearance]:
    return [*looks.values(), _OTHER]


def _line_symbol(name: str, look: Appearance, width: str, offset: str, *, arrows: bool) -> str:
    # The widths of features that are none, as in legends, are beside the expressions.
    casing = {"line_color": "#ffffff", "line_width": "0", "capstyle": "round", "joinstyle": "round"}
    cap = "flat" if look.dash else "round"
    line = {"line_color": look.colour, "line_width": "1", "capstyle": cap, "joinstyle": "round"}
    if look.dash:
        line |= {"use_custom_dash": "1", "customdash": ";".join(f"{part / 2:g}" for part in look.dash)}
    layers = _layer("SimpleLine", line, {"outlineWidth": width})
    if arrows:
        layers += _arrows(look.colour, width)
    else:
        layers = _layer("SimpleLine", casing, {"outlineWidth": f"{_CASING} * ({width})"}) + layers
    return _symbol(name, "line", _drawn_along(_beside(offset), layers) if offset != "0" else layers)


def _beside(offset: str) -> str:
    """Return the expression of a line beside the drawn one; empty if it is no offset.

    QGIS's own offset turns the bends of a line into boxes where they are smaller than the offset, and the parts of a
    line into pieces; so the line is joined and simplified to what can be seen at the scale before it is moved. GEOS
    before 3.12 loses most of some long lines: then each part is moved alone, and one that it loses is not moved.
    """
    if offset == "0":
        return ""
    joined = _moved("line_merge($geometry)", 0.9, f"collect_geometries({_MOVED_PARTS})")
    return f"with_variable('mm', {offset}, if(coalesce(@map_scale * @mm, 0) = 0, line_merge($geometry), {joined}))"


def _drawn_along(line: str, layers: str) -> str:
    """Return layers of a symbol along the line of an expression."""
    options = {"SymbolType": "Line", "geometryModifier": line, "units": "MapUnit"}
    return _layer("GeometryGenerator", options, inner=_symbol("@0@0", "line", layers))


def _moved(line: str, least: float, otherwise: str) -> str:
    """Return an expression of a line moved by @mm to the right, or another if less than a share of it would be left."""
    seen = f"simplify({line}, {_SEEN_MM} * {_DEGREES_A_MM})"
    moved = f"offset_curve(@seen, -@mm * {_DEGREES_A_MM}, 4, 1)"
    chosen = f"if(length(@moved) > {least} * length(@seen), @moved, {otherwise})"
    return f"with_variable('seen', {seen}, with_variable('moved', {moved}, {chosen}))"


_MOVED_PARTS: Final = (
    "array_foreach(generate_series(1, num_geometries($geometry)), "
    f"{_moved('coalesce(geometry_n($geometry, @element), $geometry)', 0.5, '@seen')})"
)


def _arrows(colour: str, width: str) -> str:
    """Return an arrowhead in the middle of each line that is long enough at the scale: white inside of wide lines."""
    size = f"max(1.6, min(3, 0.7 * ({width})))"
    head = _layer(
        "SimpleMarker",
        {"name": "filled_arrowhead", "color": colour, "outline_color": colour, "outline_width": "0.15"},
        {
            "size": f"if(length($geometry) / {_DEGREES_A_MM} < {_SHORT_MM}, 0, {size})",
            "fillColor": f"if(({width}) > {_WIDE_MM}, '#ffffff', '{colour}')",
        },
    )
    return _layer("MarkerLine", {"placement": "centralpoint", "rotate": "1"}, inner=_symbol("@0@2", "marker", head))


def _point_symbol(name: str, look: Appearance, size: str, outline: str) -> str:
    options = {
        "name": look.symbol,
        "color": look.colour,
        "outline_color": outline,
        "outline_width": "0.25",
        "size": "3",
    }
    return _symbol(name, "marker", _layer("SimpleMarker", options, {"size": size}))


def _with_alpha(colour: str) -> str:
    """Return a colour #rrggbb with an opacity in the format of QGIS."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{_AREA_ALPHA}"


def _symbol(name: str, kind: str, layers: str) -> str:
    return f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'


def _layer(
    kind: str, options: Mapping[str, str], by_expression: Mapping[str, str] | None = None, inner: str = ""
) -> str:
    """Return a layer of a symbol; a symbol of its own, as of the marks along a line, is `inner`."""
    listed = "".join(f'<Option name="{key}" type="QString" value={quoted(value)}/>' for key, value in options.items())
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{listed}</Option>'
        f"{_data_defined('data_defined_properties', by_expression or {})}{inner}</layer>"
    )


def quoted(text: str) -> str:
    """Return a text as the value of an XML attribute, with its quotation marks."""
    return f'"{escape(text)}"'


def _data_defined(tag: str, expressions: Mapping[str, str]) -> str:
    """Return the properties of a symbol or label that follow expressions."""
    if not expressions:
        return ""
    properties = "".join(
        f'<Option name="{name}" type="Map"><Option name="active" type="bool" value="true"/>'
        f'<Option name="expression" type="QString" value={quoted(expression)}/>'
        '<Option name="type" type="int" value="3"/></Option>'
        for name, expression in expressions.items()
    )
    return (
        f'<{tag}><Option type="Map"><Option name="name" type="QString" value=""/>'
        f'<Option name="properties" type="Map">{properties}</Option>'
        f'<Option name="type" type="QString" value="collection"/></Option></{tag}>'
    )


def _single(symbol: str) -> str:
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<symbols>{symbol}</symbols></renderer-v2>"
    )


def _categorized(value: str, looks: Mapping[str, Appearance], symbols: Sequence[str], last: str = "") -> str:
    # The last category has no value: QGIS uses it for all values that the others do not name.
    named = [*((name, look.label, "string") for name, look in looks.items()), ("", _OTHER.label, "NULL")]
    categories = "".join(
        f'<category symbol="{number}" value={quoted(name)} label={quoted(label)} render="true" type="{kind}"/>'
        for number, (name, label, kind) in enumerate(named)
    )
    order = f'<orderby><orderByClause asc="0" nullsFirst="1">{escape(last)}</orderByClause></orderby>' if last else ""
    return (
        f'<renderer-v2 type="categorizedSymbol" attr={quoted(value)} symbollevels="0"'
        f' enableorderby="{int(bool(last))}" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{''.join(symbols)}</symbols>{order}</renderer-v2>"
    )


def _labels(expression: str, *, placement: str, weight: str = "0", arrows: bool = False, at: str = "") -> str:
    """Return labels with a white buffer, at the geometry of an expression if given; those without room are left out."""
    kind = "LineGeometry" if placement == "line" else "PointGeometry"
    generated = f'geometryGeneratorEnabled="1" geometryGenerator={quoted(at)} geometryGeneratorType="{kind}"'
    beside = 'placement="6" offsetType="1" dist="0.4" predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR"'
    along = {
        "point": beside,
        "level": beside,
        "line": 'placement="2" placementFlags="1"',
    }
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName={quoted(expression)} isExpression="1" fontFamily="Sans Serif" fontSize="8"'
        ' fontSizeUnit="Point" fontWeight="50" textColor="38,38,38,255" textOpacity="1" namedStyle="Regular">'
        '<text-buffer bufferDraw="1" bufferSize="0.9" bufferSizeUnits="MM" bufferColor="255,255,255,255"'
        ' bufferOpacity="0.9" bufferJoinStyle="128" bufferNoFill="1"/></text-style>'
        f'<text-format addDirectionSymbol="{int(arrows)}" leftDirectionSymbol="\u25c4" rightDirectionSymbol="\u25ba"/>'
        f'<placement {along[placement]} priority="5" distUnits="MM" repeatDistance="120" repeatDistanceUnits="MM"'
        f" {generated if at else ''}/>"
        # A line is no obstacle: its two directions would keep each other's labels off.
        f'<rendering displayAll="0" obstacle="{int(placement == "point")}" obstacleFactor="1.5" drawLabels="1"/>'
        f"{_data_defined('dd_properties', {'Priority': weight} if weight != '0' else {})}"
        "</settings></labeling>"
    )
