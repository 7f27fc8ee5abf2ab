"""The algorithms run in the real QGIS, with the plugin installed from its file into a profile of its own."""

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.qgis_plugin import ROOT, build_module

PYTHON = "/usr/bin/python3"  # that of QGIS on Linux
SCRIPT = ROOT / "tests" / "support" / "qgis_toolbox.py"
PROGRAM = Path(sys.executable).with_name("landbridge")
ENDS = {"FROM": "Xi'an", "TO": "Duisburg"}
LAYERS = ["Operations and waits (area: mean time)", "Itineraries by corridor (wide: the first)", "Hauls by mode"]


def qgis_process():
    """Return the program for algorithms; the wrapper of Debian 12 is broken, what it wraps is not."""
    return shutil.which("qgis_process.bin") or shutil.which("qgis_process")


def has_qgis():
    """Whether the Python of this machine has QGIS with Processing."""
    if qgis_process() is None or not Path(PYTHON).is_file():
        return False
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('qgis') is None)"
    return subprocess.run([PYTHON, "-c", code], check=False).returncode == 0


pytestmark = pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed")


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """Return a folder of profiles in which the plugin is installed and the program named."""
    folder = tmp_path_factory.mktemp("profiles of QGIS")
    own = folder / "profiles" / "default"
    with zipfile.ZipFile(build_module().build(folder)) as archive:
        archive.extractall(own / "python" / "plugins")
    set_program(own, PROGRAM)
    done = processed(folder, "plugins", "enable", "landbridge")
    assert done.returncode == 0, done.stderr
    return folder


def set_program(own, program):
    settings = own / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"[Processing]\nConfiguration\\LANDBRIDGE_PROGRAM={program}\n", encoding="utf-8")


def environment(folder):
    """Return the environment of QGIS, which has its profile and its temporary files in a folder."""
    (folder / "temporary").mkdir(exist_ok=True)
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "TMPDIR": str(folder / "temporary"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | own


def processed(folder, *arguments, cwd=None, **variables):
    """Run qgis_process."""
    return subprocess.run(
        [qgis_process(), *map(str, arguments)],
        env=environment(folder) | variables,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def ran(folder, algorithm, *runs, **more):
    """Run an algorithm as the window of QGIS does, and return what happened and what is on the map."""
    asked = {"algorithm": f"landbridge:{algorithm}", "runs": runs, **more}
    done = subprocess.run(
        [PYTHON, str(SCRIPT), json.dumps(asked, default=str)],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def on_map(report):
    """Return the only group of the map with its layers, each valid and with a style of ours."""
    (group,) = (node for node in report["tree"] if "group" in node)
    for layer in group["children"]:
        assert layer["valid"], layer
        assert layer["features"] > 0, layer
        if layer["source"].endswith("=land"):
            assert "241,239,232" in layer["look"]  # LAND of the palette, #f1efe8
        else:
            assert layer["look"] == layer["look_intended"], layer
    return group


def test_the_toolbox_has_the_algorithms(profile):
    done = processed(profile, "list")
    for name in ("route", "corridors", "reach", "matrix", "bottlenecks"):
        assert f"landbridge:{name}\t" in done.stdout


def test_a_route_runs_without_a_window(profile, tmp_path):
    given = ["FROM=Xi'an", "TO_POINT=6.76,51.43 [EPSG:4326]", "WAYS=2", "DEPART=2026-11-01", "DEPART_TIME=08:00"]
    done = processed(
        profile, "run", "landbridge:route", "--", *given, f"OUTPUT={tmp_path / 'of an answer'}", GDAL_DATA="/none"
    )
    assert done.returncode == 0, done.stderr
    assert f"LAYER_LEGS:\t{tmp_path}/of an answer/landbridge.gpkg|layername=legs" in done.stdout
    assert "--depart=2026-11-01T08:00" in done.stdout
    assert "51.430000,6.760000" in done.stdout


def test_the_commands_of_the_documentation_run(profile, tmp_path):
    lines = (ROOT / "docs" / "qgis.md").read_text(encoding="utf-8").splitlines()
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("qgis_process run")]
    assert len(commands) == 2
    for command in commands:
        done = processed(profile, *command, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert {path.parent.name for path in tmp_path.glob("*/landbridge.qgz")} == {"out", "reach"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["FROM=Xi'an", "TO=Duisburg", "AVOID=CN"], "There is no answer: no route from Xi'an to Duisburg avoiding CN"),
        (["FROM=Xi'an", "TO=Nowhere"], "An input is not right: no place is called 'Nowhere'"),
        (["FROM=Xi'an"], "To: give a name, UN/LOCODE or lat,lon, or a point on the map."),
    ],
)
def test_an_error_is_told_with_its_message(profile, given, message):
    done = processed(profile, "run", "landbridge:route", "--", *given)
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_layers_of_a_route_are_on_the_map_in_order_and_with_their_styles(profile, tmp_path):
    picture = tmp_path / "map.png"
    report = ran(profile, "route", ENDS | {"WAYS": 3, "LAND": True, "OUTPUT": tmp_path / "out"}, picture=str(picture))
    group = on_map(report)
    assert group["group"] == "Routes between two places: Xi'an to Duisburg"
    assert [layer["name"] for layer in group["children"]] == [*LAYERS, "Land (Natural Earth)"]
    assert [layer["visible"] for layer in group["children"]] == [True, True, False, True]
    assert group["children"][0]["labels"]
    assert group["children"][1]["features"] == 3
    assert report["results"]["PROJECT"] == str(tmp_path / "out" / "landbridge.qgz")
    assert picture.stat().st_size > 20_000
    assert [text for kind, text in report["said"] if kind == "progress"][-1] == "Loading resulting layers"


def test_an_answer_in_the_same_folder_renews_its_layers(profile, tmp_path):
    first = ENDS | {"WAYS": 1, "OBJECTIVE": "time", "OUTPUT": tmp_path / "out"}
    group = on_map(ran(profile, "route", first, first | {"TO": "Warsaw", "WAYS": 3}))
    assert group["group"].endswith("Xi'an to Warsaw")
    assert [layer["name"] for layer in group["children"]] == LAYERS
    assert group["children"][1]["features"] == 3


def test_corridors_have_a_table_beside_their_layers(profile, tmp_path):
    report = ran(profile, "corridors", ENDS | {"TABLE": str(tmp_path / "corridors.csv")})
    group = on_map(report)
    assert [layer["name"] for layer in group["children"]] == LAYERS
    with (tmp_path / "corridors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == group["children"][1]["features"] > 5
    assert all(float(row["time_p50_h"]) > 0 for row in rows)


def test_reach_gives_places_over_areas(profile):
    group = on_map(ran(profile, "reach", {"FROM": "Almaty", "WITHIN": "3d,6d"}))
    assert [layer["name"] for layer in group["children"]] == ["Places within reach", "Area within reach of Almaty"]
    assert group["children"][1]["features"] == 2


def test_bottlenecks_give_layers_and_a_table_with_types(profile):
    report = ran(profile, "bottlenecks", {"CLOSURES": 0, "TABLE": "TEMPORARY_OUTPUT"})
    group = on_map(report)
    assert len(group["children"]) == 3
    (table,) = (node for node in report["tree"] if "group" not in node)
    assert (table["name"], table["geometry"], table["valid"]) == ("Table", False, True)
    assert table["features"] > 40
    assert table["fields"]["resource"] == "string"
    assert table["fields"]["utilisation"] == "double"


def test_the_bar_shows_the_progress_of_the_program(profile):
    report = ran(profile, "bottlenecks", {"CLOSURES": 4, "LOAD": False})
    said = [text for kind, text in report["said"] if kind == "progress"]
    assert any(text.startswith("landbridge: assigning") for text in said)
    assert any(text.startswith("landbridge: solving again") for text in said)
    # A quarter of 90 % after each closure; the rest is for loading.
    assert [part for part in report["parts"] if part][:4] == [22.5, 45.0, 67.5, 90.0]


def test_a_matrix_of_a_layer_of_points_is_a_table(profile, tmp_path):
    points = tmp_path / "points.geojson"
    features = [
        {"type": "Feature", "properties": {"title": name}, "geometry": {"type": "Point", "coordinates": at}}
        for name, at in (("west", [6.76, 51.43]), ("east", [108.94, 34.34]))
    ]
    points.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = ran(profile, "matrix", {"POINTS": str(points), "POINTS_NAME": "title", "TABLE": str(tmp_path / "m.csv")})
    assert report["done"]
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["origin"], row["destination"]): row for row in csv.DictReader(file)}
    assert set(rows) == {("west", "west"), ("west", "east"), ("east", "west"), ("east", "east")}
    assert float(rows["east", "west"]["distance_km"]) > 8_000


@pytest.mark.parametrize(
    ("algorithm", "given", "asked"),
    [
        ("route", ENDS, set()),
        ("reach", {"FROM_POINT": "108.94,34.34 [EPSG:4326]"}, {"--within"}),
        ("matrix", {"PAIRS": "pairs.csv"}, {"--pairs"}),
    ],
)
def test_the_dialogue_gives_values_that_the_program_takes(profile, tmp_path, algorithm, given, asked):
    (tmp_path / "pairs.csv").write_text("origin,destination\nXi'an,Duisburg\n", encoding="utf-8")
    given = {name: tmp_path / value if value == "pairs.csv" else value for name, value in given.items()}
    picture = tmp_path / "dialogue.png"
    report = ran(profile, algorithm, given, dialogue=str(picture))
    assert report["done"], report
    (command,) = (text for kind, text in report["said"] if kind == "command")
    # What is at its default is not asked for: the program has the same.
    options = {word.partition("=")[0] for word in command.split() if word.startswith("-")}
    assert options - {"--json", "--out", "--"} == asked
    assert report["loaded"]
    assert picture.stat().st_size > 20_000


def test_a_matrix_needs_places_or_pairs(profile):
    report = ran(profile, "matrix", {"TABLE": "TEMPORARY_OUTPUT"})
    assert report["check"] == [
        False,
        "Give one of these: Places (file); Places (layer of points); Pairs (file), instead of places.",
    ]


def test_cancelling_stops_the_program(profile):
    report = ran(profile, "bottlenecks", {"CLOSURES": 1_000}, cancel_after_s=2)
    assert report["results"] == {}
    assert report["seconds"] < 30
    assert ["info", "landbridge was stopped."] in report["said"]
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "--closures=1000" not in running


def test_without_the_program_the_algorithm_says_what_to_install(tmp_path, profile):
    folder = shutil.copytree(profile, tmp_path / "profiles")
    set_program(folder / "profiles" / "default", tmp_path / "nowhere")
    report = ran(folder, "reach", {"FROM": "Almaty", "WITHIN": "3d"})
    assert report["can"][0] is False
    assert "nowhere is set as the program landbridge in Settings" in report["can"][1]
    assert report["failed"] == report["can"][1]
