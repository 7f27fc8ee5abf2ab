"""Every command in every mode runs, its JSON has only numbers, its files open, and all say the same."""

import csv
import io
import json
import math
import re
import zipfile

import geopandas as gpd
import pyogrio
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.tables import console
from tests.support.command_modes import FILES, NO_FILES, NO_JSON, WITHOUT_FILES, modes, network_of, write_folder
from tests.support.properties import MANY, tried

ALL = [*modes()]
FIRST = {command: mode for command, mode, _ in reversed(ALL)}
CHOSEN = [item for item in ALL if MANY or FIRST[item[0]] == item[1]]
"""In the suite one mode of each command: `tests/features/test_commands.py` runs them all, and reads no file."""

PLAIN = {"--csv", "--markdown"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of networks and tables that the commands run in."""
    path = tmp_path_factory.mktemp("commands")
    write_folder(path)
    return path


@pytest.fixture
def run(capsys, monkeypatch, folder):
    """Run a command in the folder of the networks and return what it prints, after it ended well."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(console, "_PIPE_COLUMNS", 240)

    def run_command(command, options):
        code = main.run([*command.split(), *map(str, options), "--network", network_of(command)])
        seen = capsys.readouterr()
        assert code == 0, seen.err
        return seen.out

    return run_command


def strictly(text):
    """Return a JSON document that has no infinite number and none that is not one."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def in_all(said):
    """Yield each list of records of a document."""
    if isinstance(said, list):
        if said and all(isinstance(item, dict) for item in said):
            yield said
        for item in said:
            yield from in_all(item)
    elif isinstance(said, dict):
        for item in said.values():
            yield from in_all(item)


def _trips(items):
    return [f" {item[name]:,.0f} " for item in items for name in ("cost_usd", "co2e_kg", "distance_km")]


def _carried(said):
    return [f"{said['served_teu_day']:,.0f} of {said['demand_teu_day']:,.0f} TEU a day"]


def _changed(said):
    pairs = [f" {item['cost_usd_after']:,.0f} ({item['cost_usd_change']:+,.0f}) " for item in said["pairs"]]
    totals = said["flows"]["totals"] if said["flows"] else {}
    return pairs + [
        f" {totals[name]:,.0f} " for name in totals if name in {"total_usd_day_before", "total_usd_day_after"}
    ]


PRINTED = {
    "route": lambda said: _trips(said["itineraries"]),
    "pareto": lambda said: _trips(said["itineraries"]),
    "corridors": lambda said: _trips(said["corridors"]),
    "report": lambda said: _trips(said["corridors"]),
    "simulate": lambda said: [f" {item['time_h']['mean'] / 24:.1f} " for item in said["itineraries"]],
    "reach": lambda said: [f" {item['cost_usd']:,.0f} " for item in said["places"]],
    "assign": lambda said: [*_carried(said), f"{said['cost_usd_day']:,.0f} USD a day"],
    "bottlenecks": lambda said: _carried(said) if "served_teu_day" in said else [],
    "criticality": lambda said: [f"of {said['demand_teu_day']:,.0f} TEU a day are carried"],
    "simulate-network": lambda said: [
        f"{said['delivered_teu_day']:,.0f} of {said['demand_teu_day']:,.0f} TEU a day arrive"
    ],
    "sweep": lambda said: [f"{said['title']}: {len(said['rows'])} rows"],
    "drivers": lambda said: [f"{said['itinerary']['time_mean_h']:,.1f} h"],
    "profile": lambda said: [f"{len(said['departures'])} departures"],
    "network info": lambda said: [f" {rows:,} " for rows in said["tables"].values()],
    "network check": lambda said: [f"{len(said['faults'])} faults, {len(said['alarms'])} alarms"],
    "places": lambda said: [f" {item['id']} " for item in said["places"]],
    "scenarios": lambda said: [item["name"] for item in said.get("scenarios", ())],
    "counts": lambda said: [f" {item['estimated_teu_day']:,.0f} " for item in said["counts"]],
    "matrix": lambda said: [f",{item['cost_usd']}," for item in said["pairs"] if item["cost_usd"] is not None],
    "compare": _changed,
    "invest": lambda said: [
        f"of {said['budget_musd']:,.0f} MUSD, present value of building",
        f"net present value {said['npv_musd']:,.0f} MUSD",
        *(f" {work['name']} " for work in said["works"]),
    ],
    "emissions": lambda said: [
        f"{item['totals']['co2e_kg']:,.1f} kg CO2e well to wheel" for item in said["statements"]
    ],
    "indicators": lambda said: [
        f" {item['transit'][name]:,.0f} " for item in said["indicators"] for name in ("distance_km", "cost_usd")
    ],
    "validate": lambda said: [f" {item['median_error']:.0%} " for item in said["headline"] if item["count"]],
    "calibrate": lambda said: [f" {item['factor']:.2f} " for item in said["parameters"]],
    "ferries": lambda said: (
        [f" {item['value']:,} " for item in said["levels"]]
        if "levels" in said
        else [f" {item['voyage_h']} " for item in said["lines"]]
    ),
}
"""Figures of the JSON of a command as its table prints them."""


def assert_printed(command, said, table):
    """Assert that a table has the figures of the JSON, as whole cells or in its sentences."""
    cells = re.sub(r"[│┃]", " ", table)
    for text in PRINTED[command](said):
        assert text in cells, (text, table)


def assert_opens(path, said):
    """Assert that a file opens again, and return whether it is a table whose figures are those of the JSON."""
    if path.suffix in {".geojson", ".gpkg", ".fgb"}:
        for layer in pyogrio.list_layers(path)[:, 0]:
            read = gpd.read_file(path, layer=layer)
            assert "geometry" not in read.columns or not read.geometry.is_empty.any(), (path, layer)
    elif path.suffix in {".qgz", ".xlsx", ".zip"}:
        assert zipfile.ZipFile(path).testzip() is None
    elif path.suffix == ".json":
        strictly(path.read_text(encoding="utf-8"))
    elif path.suffix == ".csv":
        return agrees(path, said)
    else:
        assert path.stat().st_size, path
    return False


def agrees(path, said):
    """Assert that the cells of a CSV file are those of a list of as many records of the same names, if there is one."""
    rows = [*csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))]
    assert all(None not in row and None not in row.values() for row in rows), path
    for records in in_all(said) if rows else ():
        names = rows[0].keys() & records[0].keys()
        if len(records) != len(rows) or len(names) < max(3, len(records[0]) // 2):
            continue
        numbers = [name for name in names if any(type(record[name]) in {int, float} for record in records)]
        pairs = [(row[name], record[name]) for row, record in zip(rows, records, strict=True) for name in numbers]
        if all(
            not cell if number is None else math.isclose(float(cell or "nan"), number, rel_tol=1e-9, abs_tol=1e-9)
            for cell, number in pairs
        ):
            return True
    return False


FOUND = {
    **dict.fromkeys(("route", "simulate", "corridors", "assign", "matrix", "drivers", "profile", "reach"), 1),
    **dict.fromkeys(("pareto", "compare", "sweep"), 2),
    **dict.fromkeys(("invest", "report"), 3),
}
"""Tables of a command, at the least, that are written as the JSON has them."""


@pytest.mark.parametrize(
    ("command", "options"),
    [pytest.param(command, options, id=f"{command} {mode}") for command, mode, options in CHOSEN],
)
def test_a_command_prints_a_table_json_and_files_that_agree(run, tmp_path, command, options):
    with tried(test_a_command_prints_a_table_json_and_files_that_agree):
        plain = tuple(option for option in options if option not in PLAIN)
        said = {}
        if command not in NO_JSON:
            said = strictly(run(command, (*plain, "--json")))
            assert said["meta"]["version"]
            assert_printed(command, said, run(command, plain))
        if command in NO_FILES or options in WITHOUT_FILES.get(command, {}).values():
            return
        option, name = FILES.get(command, ("--out", "out"))
        written = tmp_path / ("n.gpkg" if "gpkg" in options else name)
        run(command, (*plain, option, written))
        files = [written] if written.is_file() else [path for path in written.rglob("*") if path.is_file()]
        assert files
        assert sum(assert_opens(path, said) for path in files) >= FOUND.get(command, 0), files


def test_a_workbook_of_a_command_has_the_cells_of_its_table(run, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    for command in ("route", "assign", "pareto") if MANY else ("route",):
        options = next(options for name, _, options in ALL if name == command)
        for name in ("t.xlsx", "t.csv"):
            run(command, (*options, "--out", tmp_path / name))
        book = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
        header, *rows = book[book.sheetnames[0]].iter_rows(values_only=True)
        csv_rows = [*csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8")))]
        assert len(csv_rows) == len(rows)
        for row, cells in zip(rows, csv_rows, strict=True):
            for title, cell in zip(header, row, strict=True):
                if isinstance(cell, float) and title in cells:
                    assert float(cells[title]) == pytest.approx(cell, rel=1e-12), title
