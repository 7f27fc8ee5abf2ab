"""The command `corridors`."""

import json

from landbridge.routing import compare_corridors
from tests.support.json_names import FIXED


def test_corridors_prints_a_row_for_each_corridor(run, network):
    code, out, err = run("corridors", "Xi'an", "Duisburg", "--modes", "rail,sea,ferry")
    assert (code, err) == (0, "")
    found = compare_corridors(network, "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    for answer in found.corridors:
        assert f" {answer.corridor}" in out
    for answer in found.corridors:
        if answer.capacity_left is not None:
            # Names run over several lines of their cell.
            assert answer.capacity_left.name.split()[0] in out


def test_the_json_of_corridors_has_the_names_that_are_fixed(run):
    code, out, _ = run("corridors", "Xi'an", "Duisburg", "--json", "--depart", "2026-08-15", "--avoid", "BY")
    assert code == 0
    document = json.loads(out)
    assert list(document) == ["query", "corridors", "left_out", "meta"]
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


def test_corridors_and_route_show_the_cost_by_kind_if_asked(run):
    for command in ("corridors", "route"):
        asked = (command, "Aktau", "Alat, AZ", "--modes", "rail,sea,ferry")
        _, without, _ = run(*asked)
        code, out, _ = run(*asked, "--costs")
        assert (code, "USD by kind of cost" in without, "USD by kind of cost" in out) == (0, False, True)
