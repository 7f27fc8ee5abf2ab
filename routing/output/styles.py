"""QGIS layer styles (.qml): QGIS automatically loads a style with the same base name as a layer."""

import hashlib
from collections.abc import Sequence
from typing import Final

MODE_COLOURS: Final = {
    "rail": "#b2182b",
    "road": "#7f7f7f",
    "sea": "#2166ac",
    "ferry": "#1b9e9e",
    "iww": "#67a9cf",
}
"""Colour of each mode, distinguishable by colour-blind readers."""

STOP_COLOURS: Final = {
    "border_exit": "#fdae61",
    "border_entry": "#f46d43",
    "gauge_change": "#7b3294",
    "note_change": "#c2a5cf",
    "transship": "#1a9850",
    "load": "#bdbdbd",
    "unload": "#bdbdbd",
    "wait": "#4575b4",
}
"""Colour of each kind of operation and of a wait."""

_OTHER = "#000000"
_AREA_ALPHA = 140  # of 255
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_SEAL = "<!-- written by landbridge, SHA-256 "


def is_own(style: str) -> bool:
    """Whether a style was written by landbridge and not edited since."""
    return style == _sealed(style.rpartition(_SEAL)[0])


def _sealed(style: str) -> str:
    """Return a style that ends with its checksum."""
    return f"{style}{_SEAL}{hashlib.sha256(style.encode()).hexdigest()} -->\n"


def line_style(column: str, colours: dict[str, str], *, width: str = "1.0") -> str:
    """Return the style of a line layer with a colour for each value of a column; other values are black."""
    values = [*colours, ""]
    symbols = "".join(
        _symbol(str(number), "line", "SimpleLine", {"line_color": colours.get(value, _OTHER), "line_width": width})
        for number, value in enumerate(values)
    )
    return _document(column, values, symbols, geometry_type=1)


def point_style(column: str, colours: dict[str, str], *, size: str) -> str:
    """Return the style of a point layer with a colour for each value of a column and the size in mm by expression."""
    values = [*colours, ""]
    symbols = "".join(
        _symbol(
            str(number),
            "marker",
            "SimpleMarker",
            {"color": colours.get(value, _OTHER), "name": "circle", "outline_color": "#ffffff", "size": "3"},
            size,
        )
        for number, value in enumerate(values)
    )
    return _document(column, values, symbols, geometry_type=0)


def area_style(column: str, colours: dict[str, str]) -> str:
    """Return the style of a polygon layer with a transparent colour for each value of a column."""
    values = [*colours, ""]
    symbols = "".join(
        _symbol(
            str(number),
            "fill",
            "SimpleFill",
            {
                "color": _with_alpha(colours.get(value, _OTHER)),
                "style": "solid",
                "outline_color": colours.get(value, _OTHER),
                "outline_width": "0.3",
            },
        )
        for number, value in enumerate(values)
    )
    return _document(column, values, symbols, geometry_type=2)


def _with_alpha(colour: str) -> str:
    """Return a colour #rrggbb with an opacity in the format of QGIS."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{_AREA_ALPHA}"


def _symbol(name: str, kind: str, layer: str, options: dict[str, str], size: str | None = None) -> str:
    listed = "".join(f'<Option name="{key}" type="QString" value={_quoted(value)}/>' for key, value in options.items())
    dynamic = _data_defined(size) if size else ""
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{listed}</Option>{dynamic}</layer></symbol>'
    )


def _quoted(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # loads the libraries of http

    return quoteattr(text)


def _data_defined(expression: str) -> str:
    return (
        '<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/>'
        '<Option name="properties" type="Map"><Option name="size" type="Map">'
        '<Option name="active" type="bool" value="true"/>'
        f'<Option name="expression" type="QString" value={_quoted(expression)}/>'
        '<Option name="type" type="int" value="3"/></Option></Option>'
        '<Option name="type" type="QString" value="collection"/></Option></data_defined_properties>'
    )


def _document(column: str, values: Sequence[str], symbols: str, *, geometry_type: int) -> str:
    # The last category has no value: QGIS uses it for all values that the others do not name.
    categories = "".join(
        f'<category symbol="{number}" value={_quoted(value)} label={_quoted(value or "other")} render="true"'
        f' type="{"string" if value else "NULL"}"/>'
        for number, value in enumerate(values)
    )
    return _sealed(
        f'{_HEAD}\n<qgis version="3.22.0" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{column}" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
        f"<layerGeometryType>{geometry_type}</layerGeometryType></qgis>\n"
    )
