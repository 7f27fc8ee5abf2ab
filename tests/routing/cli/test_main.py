"""The command line: what it prints, what it writes, and its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pyogrio
import pytest

from landbridge.networks import read_network
from landbridge.routing import route
from landbridge.routing.cli import main as commands
from tests.support.json_names import FIXED, FIXED_OF_LEGS
from tests.support.tiny import link, tiny_network, write_tiny

TIME = {"mean", "sd", "p10", "p50", "p90"}


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
def answer(run):
    """Run a command that has an answer and return its JSON."""

    def run_command(*arguments):
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run_command


def landbridge(*arguments, **options):
    """Run the command line in a process of its own."""
    code = "from landbridge.routing.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
        **options,
    )


def test_the_json_of_a_route_has_the_names_that_are_fixed(answer):
    document = answer("route", "Xi'an", "Duisburg", "--corridor", "middle")
    assert list(document) == ["query", "itineraries"]
    (itinerary,) = document["itineraries"]
    assert itinerary.keys() >= FIXED
    assert itinerary["corridor"] == "middle"
    assert itinerary["time_h"].keys() == TIME
    assert itinerary["bottleneck"].keys() == {"place", "operation", "time_h"}
    assert itinerary["bottleneck"]["time_h"].keys() == TIME
    for leg in itinerary["legs"]:
        assert leg.keys() >= FIXED_OF_LEGS
        assert leg["time_h"].keys() == TIME
        assert leg["kind"] in {"haul", "operation", "wait"}
        assert (leg["operation"] is None) == (leg["kind"] != "operation")
        assert leg["sources"]


def test_legs_of_the_json_sum_to_its_totals(answer):
    for itinerary in answer("route", "Xi'an", "Duisburg", "-k", 3)["itineraries"]:
        for name in ("cost_usd", "inventory_usd", "co2e_kg", "distance_km"):
            assert itinerary[name] == pytest.approx(sum(leg[name] for leg in itinerary["legs"]), rel=1e-9)
        mean_h = sum(leg["time_h"]["mean"] for leg in itinerary["legs"])
        assert itinerary["time_h"]["mean"] == pytest.approx(mean_h, rel=1e-9)


def test_by_corridor_has_the_corridors_of_the_main_job_and_ignores_k(answer):
    document = answer("route", "Xi'an", "Duisburg", "--by-corridor", "-k", 2)
    names = [itinerary["corridor"] for itinerary in document["itineraries"]]
    assert {"northern", "middle", "southern", "suez"} <= set(names)
    assert len(names) == len(set(names))
    assert document["query"]["by_corridor"] is True


def test_the_query_is_repeated_as_it_was_understood(answer):
    options = ["--objective", "cost", "--avoid", "ru, BY,Moscow", "--modes", "rail,ferry", "--depart", "2026-03-01"]
    cargo = ["--teu", 4, "--tonnes", 40, "--value", 5000, "--class", "loose", "--container", 20]
    query = answer("route", "Xi'an", "Baku", *options, *cargo)["query"]
    assert (query["from"], query["to"]) == ("Xi'an", "Baku")
    assert query["objective"] == "cost"
    assert query["avoid_countries"] == ["RU", "BY"]
    assert query["avoid_places"] == ["Moscow"]
    assert query["modes"] == ["rail", "ferry"]
    assert query["depart"] == "2026-03-01"
    expected = {"teu": 4, "tonnes": 40, "value_usd": 5000, "cargo_class": "loose", "container_feet": 20}
    assert query["cargo"].items() >= expected.items()


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], {}),
        (["--objective", "cost"], {"objective": "cost"}),
        (["--via", "Almaty"], {"via": ["Almaty"]}),
        (["--avoid", "RU,KZ"], {"avoid": ["RU", "KZ"]}),
        (["--avoid", "kz-dostyk"], {"avoid": "kz-dostyk"}),
        (["--avoid", "cn-kz"], {"avoid": "CN-KZ"}),
        (["--modes", "rail"], {"modes": ["rail"]}),
        (["--corridor", "transsib"], {"corridor": "transsib"}),
        (["--depart", "2026-07-01"], {"depart": "2026-07-01"}),
        (["--planned"], {"planned": True}),
        (["-k", 3], {"k": 3}),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, list) else "",
)
def test_an_option_of_the_command_line_is_that_of_the_function(answer, network, arguments, options):
    document = answer("route", "Xi'an", "Duisburg", *arguments)
    expected = [found.to_dict() for found in route(network, "Xi'an", "Duisburg", **options)]
    assert document["itineraries"] == json.loads(json.dumps(expected))


def test_weights_are_given_by_three_options(answer, run):
    weights = ["--value-of-time", 40, "--value-of-reliability", 5, "--carbon-price", 100]
    (found,) = answer("route", "Xi'an", "Duisburg", "--objective", "weights", *weights)["itineraries"]
    expected = found["cost_usd"] + found["inventory_usd"] + 40 * found["time_h"]["mean"]
    expected += 5 * found["time_h"]["sd"] + 0.1 * found["co2e_kg"]
    assert found["generalised_cost_usd"] == pytest.approx(expected)
    assert run("route", "Xi'an", "Duisburg", *weights)[0] == 2


def test_a_place_may_be_avoided_by_a_name_of_two_letters_in_its_own_script(answer):
    document = answer("route", "Chengdu", "Almaty", "--avoid", "西安")
    assert "cn-xian" not in document["itineraries"][0]["places"]
    assert document["query"]["avoid_places"] == ["西安"]


@pytest.mark.parametrize("name", ["西安", "Xi\u2019an", "XIAN", "cn-xian", "CNSIA", "Сиань", "34.405,109.07"])
def test_a_place_is_found_by_any_of_its_names(answer, name):
    (found,) = answer("route", name, "Almaty", "--modes", "rail")["itineraries"]
    assert "cn-xian" in found["places"]


@pytest.mark.parametrize("name", ["Алматы", "İstanbul", "istanbul", "51.43,6.76", "KZALA"])
def test_a_destination_is_found_by_any_of_its_names(answer, name):
    assert answer("route", "Xi'an", name)["itineraries"]


@pytest.mark.parametrize("name", ["Alat", "Astara", "Khorgos", "Sarakhs"])
def test_a_name_that_several_places_have_is_resolved_or_names_them_with_their_countries(run, name):
    code, out, err = run("route", name, "Duisburg", "--json")
    if code == 0:
        assert json.loads(out)["itineraries"]
    else:
        assert code == 2
        assert err.count("(") >= 2


def test_out_writes_layers_styles_and_a_table_and_says_so_on_stderr(run, tmp_path):
    code, out, err = run("route", "Xi'an", "Duisburg", "-k", 2, "--json", "--out", tmp_path / "out")
    document = json.loads(out)
    assert code == 0
    assert "wrote" in err
    layers = {"legs": "LineString", "operations": "Point", "itineraries": "MultiLineString"}
    expected = {f"{name}{suffix}" for name in layers for suffix in (".geojson", ".qml")} | {"itineraries.csv"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == expected
    ids = {itinerary["itinerary_id"] for itinerary in document["itineraries"]}
    for name, geometry_type in layers.items():
        frame = pyogrio.read_dataframe(tmp_path / "out" / f"{name}.geojson")
        assert set(frame.geometry.geom_type) == {geometry_type}
        assert set(frame["itinerary_id"]) == ids
    hauls = [leg for itinerary in document["itineraries"] for leg in itinerary["legs"] if leg["kind"] == "haul"]
    assert len(pyogrio.read_dataframe(tmp_path / "out" / "legs.geojson")) == len(hauls)


def test_without_json_there_is_a_table(run):
    code, out, err = run("route", "Altynkol", "Aktau")
    assert (code, err) == (0, "")
    assert "Altynkol to Aktau" in out
    assert "load" in out
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Xi'an", "Duisberg"], "did you mean Duisburg (DE)?"),
        (["Nowhereatall", "Duisburg"], "landbridge places"),
        (["Xi'an", "Duisburg", "-k", "0"], "k is 0"),
        (["Xi'an", "Duisburg", "-k", "many"], "many"),
        (["Xi'an", "Duisburg", "--teu", "nan"], "teu is nan"),
        (["Xi'an", "Duisburg", "--tonnes", "-1"], "tonnes is -1"),
        (["Xi'an", "Duisburg", "--value", "inf"], "value_usd is inf"),
        (["Xi'an", "Duisburg", "--objective", "speed"], "speed"),
        (["Xi'an", "Duisburg", "--objective", "weights", "--value-of-time", "nan"], "value_of_time"),
        (["Xi'an", "Duisburg", "--modes", "air"], "air is not among them"),
        (["Xi'an", "Duisburg", "--modes", ""], "none is not among them"),
        (["Xi'an", "Duisburg", "--corridor", "silk"], "there is no corridor 'silk'"),
        (["Xi'an", "Duisburg", "--avoid", "XX"], "XX: no country"),
        (["Xi'an", "Duisburg", "--avoid", "Duisberg"], "did you mean Duisburg"),
        (["Xi'an", "Duisburg", "--depart", "soon"], "depart is 'soon'"),
        (["Xi'an", "Duisburg", "--depart", "9999-12-31"], "9999-12-31"),
        (["Xi'an", "Duisburg", "--hs", "8"], "hs_chapter is '8'"),
        (["Xi'an", "Duisburg", "--class", "express"], "express"),
        (["Xi'an"], "TO"),
        (["Xi'an", "Duisburg", "--network", "/no/such/folder"], "/no/such/folder"),
        (["95,0", "Duisburg"], "outside the world"),
    ],
    ids=lambda value: "_".join(value[-2:]).replace("/", "") if isinstance(value, list) else "",
)
def test_wrong_input_ends_with_2_and_says_what_on_stderr(run, arguments, message):
    code, out, err = run("route", *arguments)
    assert code == 2
    assert message in err
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Xi'an", "Duisburg", "--avoid", "CN"], "Xi'an lies in CN, which is to be avoided"),
        (["Moscow", "Duisburg", "--avoid", "RU"], "Moscow lies in RU"),
        (["Xi'an", "Duisburg", "--modes", "ferry"], "without the modes ferry only"),
        (["0,-30", "Duisburg"], "has no terminal within reach"),
        (["Xi'an", "Duisburg", "--by-corridor", "--avoid", "DE"], "Duisburg lies in DE, which is to be avoided"),
    ],
    ids=["origin", "country", "modes", "ocean", "by corridor"],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["table", "json"])
def test_where_there_is_no_route_the_exit_is_1_and_names_what_blocks(run, arguments, message, as_json):
    code, out, err = run("route", *arguments, *as_json)
    assert code == 1
    assert message in err
    assert out == ""


def test_an_interrupt_ends_with_130(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("landbridge.routing.questions.route.route", interrupt)
    assert run("route", "Xi'an", "Duisburg")[0] == 130


def test_a_fault_of_ours_is_not_hidden_as_wrong_input(monkeypatch, run):
    def fail(*_, **__):
        raise RuntimeError("a bug")

    monkeypatch.setattr("landbridge.routing.questions.route.route", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        run("route", "Xi'an", "Duisburg")


def test_a_folder_that_cannot_be_written_is_wrong_input(run, tmp_path):
    (tmp_path / "file").write_text("taken", encoding="utf-8")
    code, _, err = run("route", "Altynkol", "Aktau", "--out", tmp_path / "file")
    assert code == 2
    assert "file" in err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "taken"


def test_a_network_of_ones_own_is_searched(answer, tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    (found,) = answer("route", "cn-a", "cn-b", "--network", tmp_path)["itineraries"]
    assert (found["distance_km"], found["cost_usd"], found["time_h"]["mean"]) == (100, 40, 5)


def test_places_finds_names_in_any_script(answer):
    for text in ("西安", "xi'an", "XIAN", "CNSIA", "Сиань"):
        assert "cn-xian" in [row["id"] for row in answer("places", text)["places"]], text


def test_places_may_be_those_of_a_country(answer):
    found = answer("places", "--country", "kz")["places"]
    assert {row["country"] for row in found} == {"KZ"}
    assert {"id", "name", "kind", "country", "lon", "lat", "parent", "unlocode", "aliases", "modes"} == found[0].keys()


def test_places_without_a_text_are_all_but_points_at_sea(answer, network):
    expected = {place_id for place_id, row in network.places.items() if row["kind"] != "passage"}
    assert {row["id"] for row in answer("places")["places"]} == expected


def test_places_are_a_table_for_people(run):
    code, out, _ = run("places", "dostyk")
    assert code == 0
    assert "kz-dostyk" in out


def test_network_info_has_the_counts_of_evidence(answer, run):
    document = answer("network", "info")
    assert set(document["evidence"]) == {"observed", "published", "derived", "assumed"}
    code, out, _ = run("network", "info")
    assert code == 0
    assert f"{document['evidence']['observed']:,}" in out


def test_network_check_finds_nothing_in_the_bundled_data(run):
    code, out, _ = run("network", "check")
    assert code == 0, out
    assert "0 faults" in out
    for name in ("observed", "published", "derived", "assumed"):
        assert name in out


def test_network_check_reports_faults_with_their_place_and_ends_with_2(run, tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", length_km=-5, service="ghost")])
    code, out, _ = run("network", "check", tmp_path)
    assert code == 2
    assert "links.csv:3 [length_km]" in out
    code, out, _ = run("network", "check", "--network", tmp_path, "--json")
    assert code == 2
    fault = next(fault for fault in json.loads(out)["faults"] if fault["column"] == "length_km")
    assert (fault["file"], fault["row"]) == ("links.csv", 3)
    assert fault["cure"]


@pytest.mark.parametrize("file_format", ["csv", "geojson", "gpkg"])
def test_network_export_writes_what_is_read_back(run, tmp_path, file_format):
    tiny_network(tmp_path / "in", links=[link("cn-a -- kz-b"), link("kz-b -- kz-c", "road")])
    target = tmp_path / ("out.gpkg" if file_format == "gpkg" else "out")
    options = ["--network", tmp_path / "in", "--out", target, "--format", file_format]
    code, out, err = run("network", "export", *options)
    assert (code, out) == (0, "")
    assert "wrote" in err
    again = read_network(target)
    first, second = (route(item, "cn-a", "kz-c")[0] for item in (read_network(tmp_path / "in"), again))
    assert first.to_dict() == second.to_dict()


@pytest.mark.parametrize("arguments", [["--help"], ["route", "--help"], ["network", "-h"], ["--version"]])
def test_help_and_version_end_with_0(run, arguments):
    code, out, _ = run(*arguments)
    assert code == 0
    assert "landbridge" in out


def test_an_unknown_command_or_option_ends_with_2(run):
    assert run("fly")[0] == 2
    assert run("route", "Xi'an", "Duisburg", "--warp", "9")[0] == 2


def test_every_option_says_what_it_does():
    for name, command in commands.landbridge.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


# In a process of its own, as a user runs it.


def test_a_process_prints_json_and_nothing_else_on_stdout():
    done = landbridge("route", "西安", "Duisburg", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["query"]["from"] == "西安"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["route", "Xi'an", "Duisberg"], 2),
        (["route", "Xi'an", "Duisburg", "--avoid", "DE"], 1),
        (["route", "Xi'an", "Duisburg", "--avoid", "DE", "--by-corridor"], 1),
    ],
    ids=["unknown place", "no route", "no corridor"],
)
def test_a_process_ends_with_the_exit_code_and_one_line_on_stderr(arguments, code):
    done = landbridge(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("landbridge: ")
    assert "Traceback" not in done.stderr


def test_the_console_script_is_installed_beside_the_interpreter():
    script = Path(sys.executable).parent / "landbridge"
    done = subprocess.run([script, "--help"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0
    assert "route" in done.stdout


def test_coordinates_that_begin_with_a_minus_get_a_hint(run):
    code, _, err = run("route", "-33.9,151.2", "Duisburg")
    assert code == 2
    assert "Put -- before coordinates" in err
    assert run("route", "--", "-33.9,151.2", "Duisburg")[0] == 1
