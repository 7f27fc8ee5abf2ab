"""The commands reach, matrix and corridors: what they print and write, and their exit codes."""

import csv
import io
import json

import pytest

from landbridge.routing import compare_corridors, matrix, reach, route
from landbridge.routing.cli import main as commands
from tests.support.json_names import FIXED
from tests.support.tiny import link, write_tiny


@pytest.fixture
def run(capsys, monkeypatch, network):
    """Run a command on the network of the session and return its exit code, output and errors."""
    monkeypatch.setattr("landbridge.networks.network.load_network", lambda: network)

    def run_command(*arguments):
        code = commands.run([*map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "network", links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text('place\nXi\'an\nDuisburg\n"51.1,17.0"\n', encoding="utf-8")
    return path


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
    assert list(document) == ["query", "from", "by", "unit", "around_km", "within", "places"]
    expected = reach(network, "Almaty", budgets, **options).to_dict()
    assert {name: value for name, value in document.items() if name != "query"} == json.loads(json.dumps(expected))


def test_reach_writes_areas_places_and_styles(run, tmp_path):
    code, _, err = run("reach", "Almaty", "--within", "1d", "--around", 20, "--out", tmp_path / "out")
    assert code == 0
    assert "wrote reach.geojson, reach_places.geojson, reach_places.csv" in err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"reach.geojson", "reach.qml", "reach_places.geojson", "reach_places.qml", "reach_places.csv"}


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


def test_matrix_prints_csv_and_nothing_else(run, network, places):
    code, out, err = run("matrix", places)
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 9
    found = matrix(network, ["Xi'an", "Duisburg", "51.1,17.0"])
    assert float(rows[1]["time_mean_h"]) == pytest.approx(found.time_mean_h[0, 1], abs=1e-6)
    assert (rows[0]["cost_usd"], rows[0]["reason"]) == ("", "the same place or terminal")


def test_matrix_takes_destinations_objective_and_cargo(run, places, tmp_path):
    (tmp_path / "to.csv").write_text("place\nAktau\n", encoding="utf-8")
    options = ["--to", tmp_path / "to.csv", "--objective", "cost", "--teu", 1, "--tonnes", 10, "--container", 20]
    code, out, _ = run("matrix", places, *options, "--json")
    assert code == 0
    document = json.loads(out)
    assert document["query"]["objective"] == "cost"
    assert [pair["destination"] for pair in document["pairs"]] == ["Aktau"] * 3
    code, cheaper, _ = run("matrix", places, "--to", tmp_path / "to.csv", "--objective", "cost", "--json")
    assert json.loads(cheaper)["pairs"][0]["cost_usd"] != document["pairs"][0]["cost_usd"]


def test_matrix_writes_a_file_and_leaves_the_terminal_alone(run, places, tmp_path):
    code, out, err = run("matrix", places, "--out", tmp_path / "m.csv")
    assert (code, out) == (0, "")
    assert "m.csv" in err
    assert len((tmp_path / "m.csv").read_text(encoding="utf-8").splitlines()) == 10


def test_a_faulty_list_exits_with_2_and_every_fault(run, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("place\nAtlantis\n\nXi'an\nxi'an\n", encoding="utf-8")
    code, out, err = run("matrix", path)
    assert (code, out) == (2, "")
    assert "bad.csv:2 [place]" in err
    assert "bad.csv:5 [place]" in err


@pytest.mark.parametrize("name", ["m.xlsx", "m"])
def test_a_file_of_another_kind_exits_with_2_before_the_work(run, places, tmp_path, name, monkeypatch):
    monkeypatch.setattr("landbridge.routing.questions.matrix.matrix", lambda *_, **__: pytest.fail("worked"))
    assert run("matrix", places, "--out", tmp_path / name)[0] == 2
    assert run("matrix", tmp_path / "none.csv")[0] == 2


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.csv"
    rows = ["id,origin,destination,tonnes,teu,depart", "1,Xi'an,Duisburg,,,", "2,Atlantis,Duisburg,,,"]
    path.write_text("\n".join([*rows, '3,Urumqi,"51.1,17.0",10,1,2026-03-01', ""]), encoding="utf-8")
    return path


def test_pairs_are_answered_row_by_row_as_csv(run, network, pairs):
    code, out, err = run("matrix", "--pairs", pairs)
    assert (code, err) == (0, "1 of 3 pairs have an error; see the column error\n")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["id"], row["origin"], bool(row["error"])) for row in rows] == [
        ("1", "Xi'an", False),
        ("2", "Atlantis", True),
        ("3", "Urumqi", False),
    ]
    best = route(network, "Xi'an", "Duisburg")[0]
    assert float(rows[0]["time_p90_h"]) == pytest.approx(best.time_h["p90"], abs=1e-6)
    assert (rows[0]["corridor"], rows[2]["teu"], rows[2]["tonnes"]) == (best.corridor, "1.0", "10.0")


def test_pairs_take_the_options_of_a_matrix_and_repeat_the_query(run, pairs, network):
    options = ["--objective", "cost", "--avoid", "RU,suez,pl-by", "--modes", "rail,sea", "--json"]
    code, out, _ = run("matrix", "--pairs", pairs, *options)
    document = json.loads(out)
    assert (code, list(document)) == (0, ["query", "pairs"])
    query = document["query"]
    assert (query["objective"], query["avoid_countries"], query["avoid_crossings"]) == (
        "cost",
        ["RU"],
        ["suez", "BY-PL"],
    )
    best = route(network, "Xi'an", "Duisburg", objective="cost", avoid=["RU", "suez", "PL-BY"], modes=["rail", "sea"])[
        0
    ]
    assert document["pairs"][0]["cost_usd"] == pytest.approx(best.cost_usd, abs=1e-6)


def test_pairs_are_written_to_a_file(run, pairs, tmp_path):
    code, out, err = run("matrix", "--pairs", pairs, "--out", tmp_path / "out.csv")
    assert (code, out) == (0, "")
    assert f"wrote {tmp_path / 'out.csv'}" in err
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("arguments", [[], ["PLACES", "--pairs", "PAIRS"], ["--pairs", "PAIRS", "--to", "PLACES"]])
def test_a_matrix_is_of_places_or_of_pairs(run, pairs, places, arguments):
    files = {"PLACES": places, "PAIRS": pairs}
    code, out, err = run("matrix", *(files.get(argument, argument) for argument in arguments))
    assert (code, out) == (2, "")
    assert "give PLACES.csv, with or without --to, or --pairs PAIRS.csv" in err


def test_pairs_without_their_columns_exit_with_2(run, places):
    code, out, err = run("matrix", "--pairs", places)
    assert (code, out) == (2, "")
    assert "places.csv:1 [origin]: the column is missing" in err


def test_corridors_prints_a_row_for_each_corridor(run, network):
    code, out, err = run("corridors", "Xi'an", "Duisburg", "--modes", "rail,sea,ferry")
    assert (code, err) == (0, "")
    found = compare_corridors(network, "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    for answer in found.corridors:
        assert f" {answer.corridor}" in out
    assert "Lake Van" in out


def test_the_json_of_corridors_has_the_names_that_are_fixed(run):
    code, out, _ = run("corridors", "Xi'an", "Duisburg", "--json", "--depart", "2026-08-15", "--avoid", "BY")
    assert code == 0
    document = json.loads(out)
    assert list(document) == ["query", "corridors"]
    assert document["query"]["avoid_countries"] == ["BY"]
    for row in document["corridors"]:
        assert row.keys() >= (FIXED - {"legs", "places"}) | {"capacity_left"}
        assert row["time_h"].keys() == {"mean", "sd", "p10", "p50", "p90"}
        assert row["capacity_left"].keys() == {"teu_day", "resource", "name"}
        assert "BY" not in row["countries"]


def test_corridors_writes_its_itineraries(run, tmp_path):
    code, _, err = run("corridors", "Xi'an", "Duisburg", "--modes", "rail", "--out", tmp_path / "out")
    assert code == 0
    assert "itineraries.geojson" in err
    assert (tmp_path / "out" / "legs.geojson").is_file()


def test_corridors_shows_every_corridor_and_takes_none(run):
    code, _, err = run("corridors", "Xi'an", "Duisburg", "--corridor", "middle")
    assert code == 2
    assert "every corridor" in err


def test_the_commands_work_on_a_network_of_ones_own(run, tiny, tmp_path):
    (tmp_path / "p.csv").write_text("place\ncn-a\ncn-c\n", encoding="utf-8")
    # Load 1, two hauls of 2, unload 2 h.
    code, out, _ = run("matrix", tmp_path / "p.csv", "--network", tiny)
    assert (code, out.splitlines()[2]) == (0, "cn-a,cn-c,7.0,60.0,48.0,200.0,")
    assert run("reach", "cn-a", "--within", "8h", "--network", tiny)[0] == 0
    code, out, _ = run("corridors", "cn-a", "cn-c", "--network", tiny, "--json")
    assert (code, [row["corridor"] for row in json.loads(out)["corridors"]]) == (0, ["other"])


def test_help_names_the_three(run):
    code, out, _ = run("--help")
    assert code == 0
    for name in ("reach", "matrix", "corridors"):
        assert f"\n  {name} " in out
