"""The command `matrix`: CSV on the terminal or in a file, tables of pairs, and lists with faults."""

import csv
import io
import json

import pytest

from landbridge.routing import matrix, route


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text('place\nXi\'an\nDuisburg\n"52.4,17.05"\n', encoding="utf-8")
    return path


def test_matrix_prints_csv_and_nothing_else(run, network, places):
    code, out, err = run("matrix", places)
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 9
    found = matrix(network, ["Xi'an", "Duisburg", "52.4,17.05"])
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
    path.write_text("place\nNo such place\n\nXi'an\nxi'an\n", encoding="utf-8")
    code, out, err = run("matrix", path)
    assert (code, out) == (2, "")
    assert "bad.csv:2 [place]" in err
    assert "bad.csv:5 [place]" in err


@pytest.mark.parametrize("name", ["m.xls", "m"])
def test_a_file_of_another_kind_exits_with_2_before_the_work(run, places, tmp_path, name, monkeypatch):
    monkeypatch.setattr("landbridge.routing.questions.matrix.matrix", lambda *_, **__: pytest.fail("worked"))
    assert run("matrix", places, "--out", tmp_path / name)[0] == 2
    assert run("matrix", tmp_path / "none.csv")[0] == 2


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.csv"
    rows = ["id,origin,destination,tonnes,teu,depart", "1,Xi'an,Duisburg,,,", "2,Atlantis,Duisburg,,,"]
    path.write_text("\n".join([*rows, '3,Urumqi,"52.4,17.05",10,1,2026-03-01', ""]), encoding="utf-8")
    return path


def test_pairs_are_answered_row_by_row_as_csv(run, network, pairs):
    code, out, err = run("matrix", "--pairs", pairs)
    assert (code, err) == (0, "1 error in 3 pairs; see the column error\n")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["id"], row["origin"], bool(row["error"])) for row in rows] == [
        ("1", "Xi'an", False),
        ("2", "Atlantis", True),
        ("3", "Urumqi", False),
    ]
    best = route(network, "Xi'an", "Duisburg")[0]
    assert float(rows[0]["time_p90_h"]) == pytest.approx(best.time.p90_h, abs=1e-6)
    assert (rows[0]["corridor"], rows[2]["teu"], rows[2]["tonnes"]) == (best.corridor, "1.0", "10.0")


def test_pairs_take_the_options_of_a_matrix_and_repeat_the_query(run, pairs, network):
    options = ["--objective", "cost", "--avoid", "RU,suez,pl-by", "--modes", "rail,sea", "--json"]
    code, out, _ = run("matrix", "--pairs", pairs, *options)
    document = json.loads(out)
    assert (code, list(document)) == (0, ["query", "pairs", "meta"])
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


def test_a_list_of_names_and_coordinates_is_answered_by_name(run, network, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("name,lat,lon\nplant,34.26,108.95\nshop,51.43,6.76\n", encoding="utf-8")
    code, out, err = run("matrix", path)
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["origin"], row["destination"]) for row in rows][:2] == [("plant", "plant"), ("plant", "shop")]
    expected = matrix(network, [(34.26, 108.95)], [(51.43, 6.76)])
    assert float(rows[1]["time_mean_h"]) == pytest.approx(expected.time_mean_h[0, 0], abs=1e-6)
