"""The commands `network info`, `check`, `export` and `build` from GMNS."""

import json
import subprocess
import sys

import pytest

from landbridge.networks import read_network
from landbridge.networks.tables import reading
from landbridge.routing import route
from tests.support.gmns import written
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


def test_network_check_reads_the_tables_once_and_tells_once_what_was_edited(run, tmp_path, caplog, monkeypatch):
    tiny_network(tmp_path / "in", links=[link("cn-a -- cn-b")])
    run("network", "export", "--network", tmp_path / "in", "--format", "csv", "--out", tmp_path / "net")
    places = tmp_path / "net" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    read, files = [], reading.read_tables

    def counted(path):
        read.append(path)
        return files(path)

    monkeypatch.setattr(reading, "read_tables", counted)
    monkeypatch.setattr("landbridge.networks.network.read_tables", counted)
    assert run("network", "check", tmp_path / "net")[0] == 0
    assert len(read) == 1
    assert [record.message for record in caplog.records if "changed since" in record.message] == [
        f"places.csv in {tmp_path / 'net'} changed since landbridge wrote it, and is read as it is now"
    ]


def test_the_answer_of_network_check_is_its_exit_code_though_nobody_reads_all_of_it(tmp_path):
    write_tiny(tmp_path, links=[link("cn-a -- cn-b", length_km=-5, service="ghost" * 200)] * 20)
    code = "from landbridge.routing.cli.main import main; main()"
    script = f'"{sys.executable}" -c "{code}" network check {tmp_path} | head -c 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stdout), done.stderr) == (2, 1, "")


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


def test_network_export_and_build_go_through_gmns_and_back(run, tmp_path):
    tiny_network(tmp_path / "in", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c", "road", length_km=120)])
    code, _, err = run("network", "export", "--network", tmp_path / "in", "--out", tmp_path / "g", "--format", "gmns")
    assert code == 0
    assert "wrote 6 files" in err
    code, out, err = run("network", "build", "--gmns", tmp_path / "g", "--out", tmp_path / "out")
    assert (code, out) == (0, "")
    assert "3 places, 2 links" in err
    again = read_network(tmp_path / "out" / "network.gpkg")
    assert [(row["id"], row["length_km"], row["speed_km_h"]) for row in again.links] == [
        ("cn-a--cn-b--rail", 100, 50),
        ("cn-b--kz-c--road", 120, 50),
    ]


def test_network_build_says_what_gmns_lacks_and_what_is_left_out(run, tmp_path):
    options = ["network", "build", "--gmns", written(tmp_path, config=None), "--out", tmp_path / "out"]
    code, _, err = run(*options, "--country", "DE")
    assert code == 2
    assert "the unit of long_length is not given; give length_unit as one of km" in err
    code, _, err = run(*options, "--country", "DE", "--length-unit", "mile", "--speed-unit", "mph")
    assert code == 0
    assert "left out links without trains, trucks or ships: 1" in err
    assert "wrote report.json, network.gpkg" in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--gmns", "g"], "are written to --out"),
        (["--gmns", "g", "--osm", "x", "--out", "o"], "give one of --osm, --gmns, --place and --bbox"),
        (["--gmns", "g", "--out", "o", "--modes", "rail"], "--modes has no effect with --gmns"),
        (["--gmns", "g", "--out", "o", "--skip-faulty"], "--skip-faulty has no effect with --gmns"),
        (["--osm", "x", "--out", "o", "--length-unit", "km"], "--length-unit has no effect without --gmns"),
        (["--gmns", "missing", "--out", "o"], "missing is not a folder; give one with node.csv and link.csv"),
        (["--gmns", "g", "--out", "o", "--length-unit", "league"], "--length-unit is 'league' and must be one of km"),
        (["--out", "o"], "give --osm, --gmns, --place or --bbox with --out"),
    ],
)
def test_network_build_names_options_that_do_not_fit(run, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("network", "build", *options)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())
    assert not (tmp_path / "o").exists()
