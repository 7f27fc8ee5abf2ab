"""Styles for QGIS: what it ignores in silence when it is wrong."""

from xml.etree import ElementTree as ET

import pytest

from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.styles import area_style, is_own, line_style, point_style, qml

COLOURS = {"rail": "#b2182b", 'a "quoted" <name>': "#7f7f7f"}
LOOKS = {name: Appearance(name, colour) for name, colour in COLOURS.items()}
LINE = qml(line_style("mode", LOOKS, width="1.4"), "line")
POINT = qml(point_style("kind", LOOKS, size='2 + "time_h" / 24 * (1 < 2)'), "point")


def renderer(text):
    found = ET.fromstring(text).find("renderer-v2")  # noqa: S314 - our own text
    assert found is not None
    return found


def option(symbol, name):
    return next(item.get("value") for item in symbol.iter("Option") if item.get("name") == name)


@pytest.mark.parametrize(("text", "geometry_type"), [(LINE, "1"), (POINT, "0")])
def test_a_style_names_the_geometry_type_of_its_layer(text, geometry_type):
    """QGIS ignores a style whose type is wrong, and says nothing."""
    document = ET.fromstring(text)  # noqa: S314 - our own text
    assert document.tag == "qgis"
    assert document.findtext("layerGeometryType") == geometry_type


@pytest.mark.parametrize(("text", "column"), [(LINE, "mode"), (POINT, "kind")])
def test_a_style_has_a_category_for_each_value_and_one_for_all_others(text, column):
    found = renderer(text)
    assert found.get("type") == "categorizedSymbol"
    assert found.get("attr") == column
    categories = list(found.iter("category"))
    assert [item.get("value") for item in categories] == [*COLOURS, ""]
    assert categories[-1].get("label") == "other"
    assert {item.get("render") for item in categories} == {"true"}


@pytest.mark.parametrize(("text", "key"), [(LINE, "line_color"), (POINT, "color")])
def test_each_category_has_its_symbol_in_its_colour(text, key):
    found = renderer(text)
    symbols = {symbol.get("name"): symbol for symbol in found.iter("symbol")}
    # The last layer of a symbol is drawn on top: a line lies over its casing.
    drawn = {
        item.get("value"): symbols[item.get("symbol")].findall(f".//Option[@name='{key}']")[-1].get("value")
        for item in found.iter("category")
    }
    assert drawn == COLOURS | {"": "#000000"}


def test_lines_have_the_width_that_was_asked_for_over_a_wider_casing():
    for symbol in renderer(LINE).iter("symbol"):
        assert [item.get("value") for item in symbol.iter("Option") if item.get("name") == "expression"] == [
            "1.3 * (1.4)",
            "1.4",
        ]


def test_points_have_their_size_by_an_expression():
    for symbol in renderer(POINT).iter("symbol"):
        assert symbol.get("type") == "marker"
        assert option(symbol, "expression") == '2 + "time_h" / 24 * (1 < 2)'
        assert option(symbol, "active") == "true"


def test_lines_have_line_symbols():
    assert {symbol.get("type") for symbol in renderer(LINE).iter("symbol")} == {"line"}
    assert {layer.get("class") for layer in renderer(LINE).iter("layer")} == {"SimpleLine"}


def test_an_area_style_fills_each_value_with_its_colour_and_lets_the_map_show():
    looks = {"10 d": Appearance("10 d", "#081d58"), "20 d": Appearance("20 d", "#c7e9b4")}
    document = ET.fromstring(qml(area_style("band", looks), "area"))  # noqa: S314 - our own text
    assert document.findtext("layerGeometryType") == "2"
    assert [item.get("value") for item in document.iter("category")] == ["10 d", "20 d", ""]
    symbols = document.findall(".//symbol")
    assert {symbol.get("type") for symbol in symbols} == {"fill"}
    colours = [symbol.find(".//Option[@name='color']").get("value") for symbol in symbols]
    assert colours == ["8,29,88,200", "199,233,180,200", "0,0,0,200"]


def test_a_style_is_known_as_written_by_landbridge_until_it_is_edited():
    style = qml(line_style("mode", {"rail": Appearance("rail", "#b2182b")}), "line")
    assert is_own(style)
    assert not is_own(style.replace("b2182b", "000000"))
    assert not is_own("<qgis/>")


def test_a_legend_lists_the_symbols_of_the_values_that_are_there():
    style = line_style("mode", LOOKS)
    first, second = COLOURS
    assert style.field == "mode"
    assert style.drawn([second, first, second]) == [0, 1]
    # Whatever has no symbol of its own is drawn with that of all others, the last.
    assert style.drawn([first, None, "sled"]) == [0, 2]
    assert style.drawn([]) == []


def layers_of(style):
    return [layer.get("class") for layer in renderer(qml(style, "line")).find("symbols/symbol").iter("layer")]


def test_a_line_is_moved_beside_its_way_as_a_whole_with_its_casing_and_label():
    style = line_style("mode", LOOKS, offset='"lane"', labels='"name"')
    assert layers_of(style) == ["GeometryGenerator", "SimpleLine", "SimpleLine"]
    placement = ET.fromstring(style.labeling).find("settings/placement")  # noqa: S314 - our own text
    assert placement.get("geometryGeneratorEnabled") == "1"
    assert placement.get("geometryGenerator") == option(renderer(qml(style, "line")), "geometryModifier")
    assert "geometryGenerator" not in line_style("mode", LOOKS, labels='"name"').labeling


def test_arrows_show_the_direction_on_the_line_and_beside_its_label():
    style = line_style("mode", LOOKS, arrows=True, labels='"flow"')
    assert layers_of(style) == ["SimpleLine", "MarkerLine", "SimpleMarker"]
    settings = ET.fromstring(style.labeling).find("settings")  # noqa: S314 - our own text
    assert settings.find("text-format").get("addDirectionSymbol") == "1"


def test_the_labels_of_points_avoid_their_symbols_and_come_in_order_of_their_weight():
    labeling = ET.fromstring(point_style("mode", LOOKS, size="2", labels='"name"', weight='"h"').labeling)  # noqa: S314
    settings = labeling.find("settings")
    assert settings.find("placement").get("offsetType") == "1"  # from the symbol, not from its middle
    assert option(settings.find("dd_properties"), "expression") == '"h"'
    assert not point_style("mode", LOOKS, size="2").labeling


def test_level_labels_of_lines_stand_at_their_middles_in_order_of_their_weight():
    labeling = ET.fromstring(line_style("mode", LOOKS, labels='"name"', weight='"h"', level=True).labeling)  # noqa: S314
    settings = labeling.find("settings")
    placement = settings.find("placement")
    assert placement.get("geometryGeneratorType") == "PointGeometry"
    assert placement.get("geometryGenerator") == "line_interpolate_point($geometry, length($geometry) / 2)"
    assert option(settings.find("dd_properties"), "expression") == '"h"'


def test_the_least_is_drawn_last_and_so_on_top():
    clause = renderer(qml(line_style("mode", LOOKS, last='"rank"'), "line")).find("orderby/orderByClause")
    assert (clause.text, clause.get("asc")) == ('"rank"', "0")
