"""The QGIS project: what QGIS ignores in silence when it is wrong."""

import shutil
import zipfile
from xml.etree import ElementTree as ET

import pytest
from shapely.geometry import LineString, Point

from landbridge.networks.geometry.geojson import feature
from landbridge.routing.output.geopackage import GEOPACKAGE
from landbridge.routing.output.layers import Layer, fields
from landbridge.routing.output.palette import Appearance
from landbridge.routing.output.qgis_project import PROJECT, extent_of, is_own_project, write_qgis
from landbridge.routing.output.styles import line_style, point_style

LOOKS = {name: Appearance(f"by {name}", colour) for name, colour in (("rail", "#cc3311"), ("sea", "#2255aa"))}
FIELDS = fields("mode name")
STOPS = Layer("a", "Stops & waits", "point", FIELDS, lambda: point_style("mode", LOOKS, size="2", labels='"name"'))
LINES = Layer("long-lines", "Lines", "line", FIELDS, lambda: line_style("mode", LOOKS))
META = {"version": "1.2", "data_set": {"name": "corridors", "version": "3"}, "reference_date": "2026-01-01"}


def point(lon, lat, mode="rail"):
    return feature(Point(lon, lat), {"mode": mode})


def written(folder, *layers):
    folder.mkdir(exist_ok=True)
    write_qgis(folder, layers, META, "Route <A> to B")
    return document(folder / PROJECT)


def document(path):
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return ET.fromstring(archive.read(name))  # noqa: S314 - our own text


@pytest.fixture
def project(tmp_path):
    lines = LINES.of(lambda: [feature(LineString([(10, 0), (30, 20)]), {"mode": "rail"})])
    return written(tmp_path / "out", lines, STOPS.of(lambda: [point(10, 0), point(30, 20, mode="sled")]).hidden())


def test_points_lie_above_lines_and_all_above_the_land(project):
    drawn = [item.findtext("layername") for item in project.iter("maplayer")]
    assert drawn == ["Stops & waits", "Lines", "Land (Natural Earth)"]
    assert [item.get("name") for item in project.iter("layer-tree-layer")] == drawn
    assert [item.get("name") for item in project.iter("layer-tree-group") if item.get("name")] == ["Result", "Base map"]


def test_ids_are_longer_than_ten_characters_and_are_those_of_the_tree(project):
    """QGIS replaces a shorter id, and the layer is then missing in the tree."""
    ids = [item.findtext("id") for item in project.iter("maplayer")]
    assert [item.get("id") for item in project.iter("layer-tree-layer")] == ids
    assert min(map(len, ids)) > 10
    assert len(set(ids)) == 3


def test_the_geopackage_is_named_by_a_relative_path_so_that_the_folder_can_be_moved(project):
    sources = [item.findtext("datasource") for item in project.iter("maplayer")]
    assert sources == [f"./{GEOPACKAGE}|layername={name}" for name in ("a", "long-lines", "land")]
    assert project.findtext("properties/Paths/Absolute") == "false"


def test_a_moved_folder_has_all_that_the_project_names(tmp_path):
    written(tmp_path / "out", STOPS.of(lambda: [point(1, 2)]))
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    for item in document(tmp_path / "elsewhere" / PROJECT).iter("maplayer"):
        assert (tmp_path / "elsewhere" / item.findtext("datasource").partition("|")[0]).is_file()


def test_the_project_and_each_layer_have_a_reference_system_with_its_number(project):
    """With the authority's id alone QGIS 3.22 opens a project without a reference system."""
    systems = list(project.iter("spatialrefsys"))
    assert len(systems) >= 5
    assert {(item.findtext("authid"), item.findtext("srsid")) for item in systems} == {("EPSG:4326", "3452")}
    assert project.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"


def test_each_layer_has_its_style_with_a_category_for_all_other_values(project):
    kinds = {item.findtext("layername"): item for item in project.iter("maplayer")}
    assert [kinds[name].findtext("layerGeometryType") for name in ("Stops & waits", "Lines")] == ["0", "1"]
    for name in ("Stops & waits", "Lines"):
        values = [item.get("value") for item in kinds[name].iter("category")]
        assert values == ["rail", "sea", ""]
    assert kinds["Stops & waits"].get("labelsEnabled") == "1"
    assert kinds["Lines"].get("labelsEnabled") == "0"


def test_a_legend_lists_what_is_drawn(project):
    # Of rail and sea and all others, in this order, the points have rail and another, and the line has rail.
    shown = {
        item.get("name"): [option.get("value") for option in item.iter("Option") if option.get("type") == "QString"]
        for item in project.iter("layer-tree-layer")
    }
    assert shown == {"Stops & waits": ["0,2"], "Lines": ["0"], "Land (Natural Earth)": []}


def test_a_hidden_layer_is_off_and_the_others_are_on(project):
    shown = {item.get("name"): item.get("checked") for item in project.iter("layer-tree-layer")}
    assert shown == {
        "Stops & waits": "Qt::Unchecked",
        "Lines": "Qt::Checked",
        "Land (Natural Earth)": "Qt::Checked",
    }


def test_the_map_opens_on_the_layers_with_a_margin(project):
    # 20 by 20 degrees from 10 E, 0 N; the margin is 8 % of it, but 2 degrees at least.
    canvas = [float(project.findtext(f"mapcanvas/extent/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")]
    assert canvas == [8, -2, 32, 22]
    view = project.find("ProjectViewSettings/DefaultViewExtent")
    assert [float(view.get(name)) for name in ("xmin", "ymin", "xmax", "ymax")] == canvas


def test_what_crosses_180_degrees_is_shown_on_the_region_of_the_land(tmp_path):
    written(tmp_path / "out", STOPS.of(lambda: [point(179, 40), point(-179, 60)]))
    assert extent_of(tmp_path / "out" / GEOPACKAGE, [STOPS]) == (-30.0, 40.0, 180.0, 60.0)


def test_nothing_is_shown_on_the_region_of_the_land(tmp_path):
    project = written(tmp_path / "out", STOPS, LINES)
    assert float(project.findtext("mapcanvas/extent/xmax")) > 180
    assert len(list(project.iter("maplayer"))) == 3


def test_the_title_and_the_origin_are_said(project):
    assert project.get("projectname") == project.findtext("title") == "Route <A> to B"
    abstract = project.findtext("projectMetadata/abstract")
    assert abstract.startswith("landbridge 1.2; data set corridors 3; world of 2026-01-01")


def test_the_same_layers_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        written(tmp_path / name, STOPS.of(lambda: [point(1, 2)]))
    for file in (PROJECT, GEOPACKAGE):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_project_is_known_as_written_by_landbridge_until_it_is_saved(tmp_path):
    written(tmp_path / "out", STOPS)
    path = tmp_path / "out" / PROJECT
    assert is_own_project(path)
    with zipfile.ZipFile(path) as archive:
        text = archive.read("landbridge.qgs")
    with zipfile.ZipFile(path, "w") as archive:  # as QGIS does
        archive.writestr("landbridge.qgs", text)
    assert not is_own_project(path)
    path.write_text("no archive", encoding="utf-8")
    assert not is_own_project(path)
