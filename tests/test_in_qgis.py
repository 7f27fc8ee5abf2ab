"""What the real QGIS makes of the files: all layers valid, styled, labelled and drawn, also when opened alone.

It is skipped where `/usr/bin/python3` has no bindings of QGIS; `.ci/run` installs them if it can.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from landbridge.routing.output.geopackage import GEOPACKAGE
from landbridge.routing.output.network_map import write_network_map
from landbridge.routing.output.palette import LAND, PALE
from landbridge.routing.output.qgis_project import PROJECT
from tests.support.drawn_answers import NAMES, drawn_answers

PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).parent / "support" / "open_in_qgis.py"
NETWORK = "network"
ALL = (*NAMES, NETWORK)
LAND_TITLE = "Land (Natural Earth)"
EMPTY = {
    ("reach of nothing", "Places within reach"): "reach_places",
    ("bottlenecks of links", "Bottlenecks by price of one more TEU a day"): "bottlenecks",
}
"""Layers without a feature, and the files that they are in."""


def has_qgis():
    try:
        found = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0


pytestmark = pytest.mark.skipif(not has_qgis(), reason=f"{PYTHON} has no module qgis (Debian: python3-qgis)")


@pytest.fixture(scope="module")
def answers(network, tmp_path_factory):
    return drawn_answers(network, tmp_path_factory.mktemp("networks"))


@pytest.fixture(scope="module")
def opened(network, answers, tmp_path_factory):
    """Return what QGIS makes of each project, and of each layer opened alone; the folders were moved in between."""
    written, moved = (tmp_path_factory.mktemp(name) for name in ("written", "moved to elsewhere"))
    for name in NAMES:
        answers.of(name).write(written / name)
    (written / NETWORK).mkdir()
    write_network_map(network, written / NETWORK / GEOPACKAGE)
    for name in ALL:
        shutil.move(written / name, moved / name)
    files = [
        file for name in ALL for file in moved.joinpath(name).iterdir() if file.suffix in {".qgz", ".gpkg", ".geojson"}
    ]
    run = subprocess.run([PYTHON, SCRIPT, *files], capture_output=True, text=True, check=False, timeout=500)
    assert run.returncode == 0, run.stderr[-2000:]
    answer = json.loads(run.stdout)
    assert answer["messages"] == []
    return {Path(path).relative_to(moved).as_posix(): found for path, found in answer["found"].items()}


@pytest.fixture(params=ALL)
def project(request, opened):
    found = opened[f"{request.param}/{PROJECT}"]
    return found | {"answer": request.param}


def test_a_project_opens_with_all_its_layers_in_their_groups(project):
    assert project["read"]
    assert project["crs"] == "EPSG:4326"
    assert project["groups"] == ["Result", "Base map"]
    assert project["in_tree"]
    assert project["order"][-1] == LAND_TITLE
    assert project["title"][0].isalpha()
    for layer in project["layers"]:
        assert layer["valid"], layer["name"]
        assert layer["crs"] == "EPSG:4326"


def test_layers_have_names_for_people(project):
    for name in project["order"]:
        assert name[0].isupper()
        assert "_" not in name
        assert " " in name


def test_each_layer_has_our_style_and_none_that_qgis_makes_up(project):
    for layer in project["layers"]:
        if layer["renderer"] == "singleSymbol":
            assert layer["colours"] in ([LAND], [PALE]), layer["name"]
        else:
            assert layer["renderer"] == "categorizedSymbol", layer["name"]
            assert layer["categories"][-1] in {"", "NULL"}  # the one for all other values
        assert layer["wrong_expressions"] == [], layer["name"]


def test_each_layer_shows_something(project):
    """A wrong expression of a geometry draws nothing, and QGIS does not say so."""
    for layer in project["layers"]:
        empty = (project["answer"], layer["name"]) in EMPTY
        assert (layer["count"] == 0) == empty, layer["name"]
        # The ocean of the tiny networks has no land.
        if not empty and layer["name"] != LAND_TITLE:
            assert layer["pixels"] > 0, layer["name"]


def test_points_are_labelled_and_visible(project):
    points = [layer for layer in project["layers"] if layer["geometry"] == "Point"]
    assert points
    assert all(layer["labels"] and layer["visible"] for layer in points)
    lines = [layer["name"] for layer in project["layers"] if layer["geometry"] == "Line" and layer["visible"]]
    assert lines or project["answer"].startswith("reach")


def test_nothing_jumps_over_the_map_at_180_degrees(project):
    for layer in project["layers"]:
        assert layer["widest_step"] < 20, layer["name"]


def test_lines_that_share_a_stretch_lie_side_by_side_at_every_scale_and_lose_nothing(project):
    for layer in project["layers"]:
        for line in layer["beside"]:
            assert line["drawn"] > 0.8, (layer["name"], line)
            # One lane is 1.1 mm wide, and half of the wider first line lies between.
            expected = 1.1 * abs(line["lane"]) + 0.3 if line["lane"] else 0
            assert line["mm"] == pytest.approx(expected, rel=0.15, abs=0.05), (layer["name"], line)


def test_the_map_is_drawn(project):
    # The sea alone has one shade; smooth edges of lines and labels have many.
    assert project["shades"] > 10


def layers_alone(opened, suffix):
    return {
        (path.split("/")[0], layer["name"]): layer
        for path, layers in opened.items()
        if path.endswith(suffix)
        for layer in layers
    }


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_layer_opened_alone_has_its_style_as_well(opened, suffix):
    alone = layers_alone(opened, suffix)
    styled = {key: layer for key, layer in alone.items() if layer["renderer"] is not None}
    for key, layer in styled.items():
        ours = layer["renderer"] == "categorizedSymbol" or layer["colours"] in ([LAND], [PALE])
        assert ours, (key, layer["colours"])
    # The tables of a network have no geometry, and QGIS takes GeoJSON without a feature for a table.
    plain = {(answer, name) for answer, name in alone.keys() - styled.keys() if answer != NETWORK}
    assert plain == ({(answer, file) for (answer, _), file in EMPTY.items()} if suffix == ".geojson" else set())


def test_fields_have_their_types_in_qgis(opened):
    legs = layers_alone(opened, ".gpkg")["route with a date", "legs"]["fields"]
    assert (legs["gauge_mm"], legs["gauge_change"], legs["time_mean_h"]) == ("Integer64", "Boolean", "Real")
    whole = layers_alone(opened, ".gpkg")["route with a date", "itineraries"]["fields"]
    assert (whole["depart"], whole["depart_local"]) == ("DateTime", "String")
    # GDAL knows a moment in GeoJSON by its text.
    assert layers_alone(opened, ".geojson")["route with a date", "itineraries"]["fields"]["depart"] == "DateTime"
