"""The command `route`: its JSON, table and files, and what it refuses."""

import json

import pyogrio
import pytest

from landbridge.networks.file_sets import MANIFEST
from landbridge.routing import route
from tests.support.json_names import FIXED, FIXED_OF_LEGS
from tests.support.tiny import link, write_tiny

TIME = {"mean", "sd", "p10", "p50", "p90"}


def test_the_json_of_a_route_has_the_names_that_are_fixed(answer):
    document = answer("route", "Xi'an", "Duisburg", "--corridor", "middle")
    assert list(document) == ["query", "itineraries", "meta"]
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
    notes = [note["text"] for note in document["itineraries"][0]["notes"]]
    assert "-k 2: --by-corridor shows one itinerary of each corridor" in notes
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
    (found,) = answer("route", "Xi'an", "Duisburg", "--objective", "generalised", *weights)["itineraries"]
    expected = found["cost_usd"] + found["inventory_usd"] + 40 * found["time_h"]["mean"]
    expected += 0.1 * found["co2e_kg"]
    assert found["generalised_cost_usd"] == pytest.approx(expected)
    assert found["reliability_usd"] == pytest.approx(5 * found["time_h"]["sd"])
    code, out, err = run("route", "Xi'an", "Duisburg", "--objective", "weights", *weights, "--json")
    assert (code, err) == (0, "--objective weights is deprecated; use --objective generalised\n")
    assert json.loads(out)["itineraries"] == [found]


def test_a_place_may_be_avoided_by_a_name_of_two_letters_in_its_own_script(answer):
    document = answer("route", "Chengdu", "Almaty", "--avoid", "西安")
    assert "cn-xian" not in document["itineraries"][0]["places"]
    assert document["query"]["avoid_places"] == ["西安"]


@pytest.mark.parametrize("name", ["西安", "Xi\u2019an", "XIAN", "cn-xian", "CNSIA", "Сиань", "34.405,109.07"])
def test_a_place_is_found_by_any_of_its_names(answer, name):
    found, *_ = answer("route", name, "Almaty", "--modes", "rail")["itineraries"]
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
    expected = {f"{name}{suffix}" for name in layers for suffix in (".geojson", ".qml")}
    expected |= {"landbridge.gpkg", "landbridge.qgz", "itineraries.csv", "legs.csv", MANIFEST}
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
        (["Xi'an", "Duisburg", "-k", "0"], "-k is 0"),
        (["Xi'an", "Duisburg", "-k", "many"], "many"),
        (["Xi'an", "Duisburg", "--teu", "nan"], "'--teu': 'nan' is not a usable number"),
        (["Xi'an", "Duisburg", "--tonnes", "-1"], "tonnes is -1"),
        (["Xi'an", "Duisburg", "--value", "inf"], "'--value': 'inf' is not a usable number"),
        (["Xi'an", "Duisburg", "--objective", "speed"], "speed"),
        (["Xi'an", "Duisburg", "--objective", "weights", "--value-of-time", "nan"], "'--value-of-time': 'nan'"),
        (["Xi'an", "Duisburg", "--modes", "air"], "air is not one of them"),
        (["Xi'an", "Duisburg", "--modes", ""], "'--modes': the list is empty"),
        (["Xi'an", "Duisburg", "--avoid", ""], "'--avoid': the list is empty"),
        (["Xi'an", "Duisburg", "--via", " , "], "'--via': the list is empty"),
        (["Xi'an", "Duisburg", "--avoid", "titr"], "titr, which is a corridor and cannot be avoided"),
        (["Xi'an", "Duisburg", "--corridor", "silk"], "there is no corridor 'silk'"),
        (["Xi'an", "Duisburg", "--avoid", "XX"], "XX: not a country"),
        (["Xi'an", "Duisburg", "--avoid", "Duisberg"], "did you mean Duisburg"),
        (["Xi'an", "Duisburg", "--depart", "soon"], "--depart is 'soon'"),
        (["Xi'an", "Duisburg", "--depart", "9999-12-31"], "9999-12-31"),
        (["Xi'an", "Duisburg", "--hs", "8"], "--hs is '8'"),
        (["Xi'an", "Duisburg", "--class", "express"], "express"),
        (["Xi'an"], "TO"),
        (["Xi'an", "Duisburg", "--network", "/no/such/folder"], "/no/such/folder"),
        (["95,0", "Duisburg"], "is out of range"),
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
        (["Xi'an", "Duisburg", "--avoid", "CN"], "Xi'an is in CN, which is avoided"),
        (["Moscow", "Duisburg", "--avoid", "RU"], "Moscow is in RU"),
        (["Xi'an", "Duisburg", "--modes", "ferry"], "without the restriction to ferry"),
        (["0,-30", "Duisburg"], "has no terminal within reach"),
        (["Xi'an", "Duisburg", "--by-corridor", "--avoid", "DE"], "Duisburg is in DE, which is avoided"),
    ],
    ids=["origin", "country", "modes", "ocean", "by corridor"],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["table", "json"])
def test_where_there_is_no_route_the_exit_is_1_and_names_what_blocks(run, arguments, message, as_json):
    code, out, err = run("route", *arguments, *as_json)
    assert code == 1
    assert message in err
    assert out == ""


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


def test_route_by_the_clock_says_when_each_leg_begins_and_ends(answer, ways):
    document = answer("route", "cn-b", "cn-c", "--depart", "2026-03-04T08:00", "--network", ways)
    (item,) = document["itineraries"]
    assert (item["depart"], item["arrive"]) == ("2026-03-04T08:00+08:00", "2026-03-06T16:00+08:00")
    assert [leg["depart"] for leg in item["legs"]] == [
        "2026-03-04T08:00+08:00",
        "2026-03-04T09:00+08:00",
        "2026-03-06T12:00+08:00",
        "2026-03-06T14:00+08:00",
    ]


def test_route_arrives_by_a_moment(answer, ways):
    document = answer("route", "cn-b", "cn-c", "--arrive-by", "2026-03-06T16:00", "--network", ways)
    assert document["query"]["arrive_by"] == "2026-03-06T16:00"
    assert document["itineraries"][0]["depart"] == "2026-03-06T11:00+08:00"


@pytest.mark.parametrize(("shared", "count"), [("0.8", 1), ("1", 2)])
def test_route_has_alternatives_however_alike_where_that_is_asked_for(answer, shared, count, tmp_path):
    # Two ways round a place on one long line: they share 900 of 1,000 km.
    links = [
        link("cn-a -- cn-b", length_km=900),
        link("cn-b -- cn-n", length_km=50),
        link("cn-n -- cn-d", length_km=50),
        link("cn-b -- cn-s", length_km=51),
        link("cn-s -- cn-d", length_km=51),
    ]
    folder = write_tiny(tmp_path, links=links)
    document = answer("route", "cn-a", "cn-d", "-k", "2", "--shared", shared, "--network", folder)
    assert len(document["itineraries"]) == count


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("route", "cn-a", "cn-b", "-k", 10**9), "k is 1000000000 and must be a whole number from 1 to 100"),
        (("route", "cn-a", "cn-b", "-k", 0), "k is 0"),
        (("route", "cn-a", "cn-b", "--shared", "nan"), "'--shared': 'nan' is not a usable number"),
        (("route", "cn-a", "cn-b", "-k", "2", "--shared", "-1"), "--shared is -1"),
        (("route", "cn-a", "cn-a"), "are the same place"),
        (("route", "cn-a", "cn-b", "--depart", "1900-01-01"), "must be from 2000 to 2100"),
        (("route", "cn-a", "cn-b", "--depart", "9999-12-31"), "must be from 2000 to 2100"),
        (("route", "cn-a", "cn-b", "--arrive-by", "1900-01-01"), "--arrive-by is 1900-01-01"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00 Asia/Almatty"), "such as Asia/Almaty"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00 ../../etc/passwd"), "unknown time zone"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00+05:00 Asia/Almaty"), "give one of them"),
        (("route", "cn-a", "cn-b", "--depart", ""), "must be an ISO 8601 date"),
        (("route", "cn-a", "cn-b", "--depart", "2026-02-30"), "must be an ISO 8601 date"),
        (
            ("route", "cn-a", "cn-b", "--arrive-by", "2026-03-01", "--depart", "2026-03-01"),
            "--arrive-by finds the latest",
        ),
        (("route", "cn-a", "cn-b", "--arrive-by", "2026-03-01", "--by-corridor"), "no effect with --by-corridor"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_an_absurd_request_ends_with_2_and_one_message_at_little_cost(refused, ways, arguments, message):
    assert message in refused(*arguments, "--network", ways)
