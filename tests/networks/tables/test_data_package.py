"""The data set as a data package: current, whole, and found valid by the library of the standard."""

import csv
import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from landbridge.data import DATA_DIR
from landbridge.networks.tables.data_package import DESCRIPTOR, descriptor, main, package_files, write_package

PACKAGE = json.loads(descriptor())
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}


def field(resource, name):
    return next(each for each in RESOURCES[resource]["schema"]["fields"] if each["name"] == name)


def test_the_descriptor_is_current():
    assert (DATA_DIR / DESCRIPTOR).read_text(encoding="utf-8") == descriptor(), "run `make data-package`"


def test_every_table_is_in_the_package_with_its_columns():
    assert {each["path"] for each in RESOURCES.values()} >= {path.name for path in DATA_DIR.glob("*.csv")}
    for resource in RESOURCES.values():
        if resource["path"].endswith(".csv"):
            with (DATA_DIR / resource["path"]).open(encoding="utf-8", newline="") as file:
                assert next(csv.reader(file)) == [each["name"] for each in resource["schema"]["fields"]]


def test_the_licences_and_the_version_are_said():
    assert [each["name"] for each in PACKAGE["licenses"]] == ["ODbL-1.0", "CC-BY-4.0"]
    assert RESOURCES["cities"]["licenses"][0]["name"] == "CC-BY-4.0"
    assert f"version,{PACKAGE['version']}," in (DATA_DIR / "dataset.csv").read_text(encoding="utf-8")


def test_a_field_has_the_type_unit_default_and_limits_of_its_column():
    assert field("links", "length_km") == {
        "name": "length_km",
        "type": "number",
        "description": field("links", "length_km")["description"],
        "unit": "km",
        "constraints": {"minimum": 0.0, "maximum": 30000.0},
    }
    assert field("links", "both_ways")["default"] == "true"
    assert field("links", "gauge")["constraints"] == {"enum": [1435, 1520, 1668, 1676, 1067, 1000]}
    assert field("links", "open_days")["constraints"]["pattern"].startswith("(mon|tue|")


def test_references_lead_to_keys():
    for resource in RESOURCES.values():
        for key in resource.get("schema", {}).get("foreignKeys", ()):
            reference = key["reference"]
            assert reference["fields"][0] in RESOURCES[reference["resource"]]["schema"]["primaryKey"]
    assert RESOURCES["demand"]["schema"]["primaryKey"] == ["id", "for_year"]


def test_the_zip_holds_all_files_and_is_always_the_same(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_package(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert file.namelist() == package_files()
        assert {"LICENSE-DATA", "LICENSE-CITIES", "geometry.fgb", DESCRIPTOR} <= set(file.namelist())
        assert file.read("places.csv") == (DATA_DIR / "places.csv").read_bytes()


def test_the_program_refuses_in_a_line_what_it_cannot_write(tmp_path):
    command = [sys.executable, "-m", "landbridge.networks.tables.data_package", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    line = f"data package: {tmp_path} is a folder; give the name of a file\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
    main([str(tmp_path / "a.zip")])
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def faults(folder):
    """Return the resource and type of each fault that frictionless finds in the package of a folder."""
    pytest.importorskip("frictionless")
    # In a process of its own, since it leaves files open.
    command = [sys.executable, "-m", "frictionless", "validate", "--json", DESCRIPTOR]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    return [(task["name"], error["type"]) for task in report["tasks"] for error in task["errors"]]


def test_frictionless_finds_the_package_valid(tmp_path):
    write_package(tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as file:
        file.extractall(tmp_path)
    assert faults(tmp_path) == []


def test_frictionless_finds_what_is_wrong(tmp_path):
    for name in package_files():
        shutil.copy(DATA_DIR / name, tmp_path)
    places = tmp_path / "places.csv"
    text = places.read_text(encoding="utf-8")
    # A kind of place that the schema does not allow, and a country that the table of countries lacks.
    places.write_text(text.replace(",port,CN,", ",harbour,XX,", 1), encoding="utf-8")
    assert sorted(faults(tmp_path)) == [("places", "constraint-error"), ("places", "foreign-key")]
