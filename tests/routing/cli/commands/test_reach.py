"""The command `reach`: what it prints and writes, and its exit codes."""

import json

import pytest

from landbridge.networks.file_sets import MANIFEST
from landbridge.routing import reach
from tests.support.tiny import link, write_tiny


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "network", links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])


def test_reach_prints_a_row_for_each_place(run, network):
    code, out, err = run("reach", "Almaty", "--within", "2d,36h")
    assert (code, err) == (0, "")
    found = reach(network, "Almaty", [36, 48])
    assert "Bishkek" in out
    assert f"{found.count(36)} places within 36 h, {found.count(48)} places within 2 d" in out


@pytest.mark.parametrize(
    ("arguments", "budgets", "options"),
    [
        (["--within", "36h,2d"], [36, 48], {}),
        (["--within", "1.5D"], [36], {}),
        (["--by", "cost", "--within", "1000,2000"], [1000, 2000], {"by": "cost"}),
        (["--by", "co2e", "--within", "500"], [500], {"by": "co2e"}),
        (["--within", "2d", "--avoid", "CN", "--modes", "rail"], [48], {"avoid": ["CN"], "modes": ["rail"]}),
        (["--within", "3d", "--depart", "2026-08-01"], [72], {"depart": "2026-08-01"}),
    ],
)
def test_reach_takes_the_options_of_the_function(run, network, arguments, budgets, options):
    code, out, err = run("reach", "Almaty", *arguments, "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["query", "from", "by", "unit", "around_km", "within", "places", "meta"]
    expected = reach(network, "Almaty", budgets, **options).to_dict()
    assert {name: value for name, value in document.items() if name not in {"query", "meta"}} == json.loads(
        json.dumps(expected)
    )


def test_reach_writes_areas_places_and_styles(run, tmp_path):
    code, _, err = run("reach", "Almaty", "--within", "1d", "--around", 20, "--out", tmp_path / "out")
    assert code == 0
    assert "wrote reach.geojson, reach_places.geojson, landbridge.gpkg, landbridge.qgz, reach_places.csv" in err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    layers = {"reach.geojson", "reach.qml", "reach_places.geojson", "reach_places.qml"}
    assert names == layers | {"landbridge.gpkg", "landbridge.qgz", "reach_places.csv", MANIFEST}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--within", "10"],
        ["--within", "ten days"],
        ["--within", "10d", "--by", "cost"],
        ["--within", ","],
        ["--within", "-5d"],
        ["--within", "infd"],
        ["--within", "nand"],
        ["--within", "1d", "--around", "5000"],
        ["--within", "1d", "--via", "Tashkent"],
        ["--by", "cost", "--within", "1000", "--depart", "2026-03-01"],
        [],
    ],
)
def test_wrong_budgets_exit_with_2(run, arguments):
    code, out, err = run("reach", "Almaty", *arguments)
    assert (code, out) == (2, "")
    assert err


def test_nothing_to_reach_exits_with_1(run):
    code, out, err = run("reach", "Almaty", "--within", "10d", "--avoid", "KZ")
    assert (code, out) == (1, "")
    assert "KZ" in err


def test_the_commands_work_on_a_network_of_ones_own(run, tiny, tmp_path):
    (tmp_path / "p.csv").write_text("place\ncn-a\ncn-c\n", encoding="utf-8")
    # Load 1, two hauls of 2, unload 2 h.
    code, out, _ = run("matrix", tmp_path / "p.csv", "--network", tiny)
    assert (code, out.splitlines()[2]) == (0, "cn-a,cn-c,7.0,60.0,48.0,200.0,,")
    assert run("reach", "cn-a", "--within", "8h", "--network", tiny)[0] == 0
    code, out, _ = run("corridors", "cn-a", "cn-c", "--network", tiny, "--json")
    assert (code, [row["corridor"] for row in json.loads(out)["corridors"]]) == (0, ["other"])


def test_help_names_the_three(run):
    code, out, _ = run("--help")
    assert code == 0
    for name in ("reach", "matrix", "corridors"):
        assert f"\n  {name} " in out
