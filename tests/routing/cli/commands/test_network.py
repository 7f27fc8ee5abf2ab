"""The commands `network info`, `check` and `export`."""

import json

import pytest

from landbridge.networks import read_network
from landbridge.routing import route
from tests.support.tiny import link, tiny_network, write_tiny


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


def test_network_check_lists_what_carried_more_than_its_capacity_and_ends_with_0(run, tmp_path):
    row = {"resource": "line", "year": 2024, "capacity": 90, "unit": "teu/day", "throughput": 95}
    tables = {"resources": [{"id": "line"}], "capacities": [row]}
    write_tiny(tmp_path, links=[link("cn-a -- cn-b", resource="line")], tables=tables)
    code, out, _ = run("network", "check", tmp_path)
    assert code == 0
    assert "alarm: capacities.csv:2 [throughput]: line carried 95 in 2024 of at most 90 teu/day" in out
    assert "0 faults, 1 alarm" in out


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
