"""The command `report`."""

import json

from tests.support.simulated import under_load


def test_report_writes_a_page_and_prints_the_corridors(run, tmp_path):
    page = tmp_path / "report.html"
    code, out, err = run("report", "Xi'an", "Duisburg", "--html", page, "--avoid", "RU", "--value", "5e4")
    assert (code, err) == (0, f"wrote {page}\n")
    assert " middle" in out
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "<title>Xi&#x27;an to Duisburg</title>" in text
    assert '"conditions":["avoiding the countries RU","sorted by generalised cost"]' in text
    assert '"value_usd":50000.0' in text


def test_the_json_of_a_report_has_its_corridors_front_and_sources(run, tmp_path):
    page, folder = tmp_path / "report.html", tmp_path / "out"
    code, out, err = run("report", "Almaty", "Poti", "--html", page, "--json", "--detours", "--out", folder)
    assert code == 0
    assert err.endswith(f"wrote {page}\n")
    document = json.loads(out)
    assert list(document) == ["query", "corridors", "left_out", "front", "sources", "meta"]
    assert document["left_out"] == []
    assert document["query"]["from"] == "Almaty"
    assert (folder / "sources.csv").is_file()


def test_a_report_needs_the_name_of_a_page_before_it_starts(refused, tmp_path):
    assert "is not a page; use a name that ends in .html" in refused("report", "A", "B", "--html", tmp_path / "x.pdf")
    assert "--html" in refused("report", "Almaty", "Poti")
    corridor = refused("report", "Almaty", "Poti", "--html", tmp_path / "x.html", "--corridor", "middle")
    assert "report shows every corridor; omit --corridor" in corridor
    assert list(tmp_path.iterdir()) == []


def test_queues_are_simulated_and_shown_on_the_page(run, tmp_path, monkeypatch):
    monkeypatch.setattr("landbridge.routing.simulation.simulate_network.simulate_network", under_load)
    page = tmp_path / "r.html"
    code, _, _ = run("report", "Altynkol", "Aktau", "--html", page, "--queues")
    assert (code, '"under_load"' in page.read_text(encoding="utf-8")) == (0, True)
