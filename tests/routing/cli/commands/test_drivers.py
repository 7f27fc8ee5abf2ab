"""The command `drivers`."""

import json

import pytest


def test_drivers_has_a_row_for_each_value_and_the_shares_by_confidence(answer, ways):
    document = answer("drivers", "cn-a", "cn-b", "--network", ways, "--objective", "time", "--percent", "20")
    assert list(document) == ["query", "itinerary", "percent", "shares", "drivers", "meta"]
    assert (document["query"]["from"], document["query"]["percent"], document["percent"]) == ("cn-a", 20, 20)
    assert document["shares"]["hours"] == {"assumed": pytest.approx(1)}
    first = document["drivers"][0]
    assert list(first) == [
        *("table", "row", "columns", "numbers", "units", "sources", "year", "confidence", "rate"),
        *("hours", "cost_usd", "co2e_kg", "share", "up", "down"),
    ]
    # 1000 km at 50 km/h are 20 h, at 40 km/h 25 h.
    assert (first["table"], first["row"], first["columns"]) == ("services", "slow", ["speed_km_h"])
    assert first["down"] == {
        "hours": pytest.approx(5),
        "cost_usd": 0,
        "co2e_kg": 0,
        "objective": pytest.approx(5),
        "searched": True,
        "best": None,
    }


def test_drivers_takes_the_options_of_route_and_says_what_it_cannot_use(run, ways):
    code, out, err = run("drivers", "cn-a", "cn-b", "--network", ways, "--modes", "road", "--searches", "0")
    assert (code, err) == (0, "")
    assert "road speed" in out
    assert "slow speed" not in out
    assert "changes most" not in out
    code, _, err = run("drivers", "cn-a", "cn-b", "--network", ways, "--percent", "100")
    assert (code, "percent is 100.0 and must be above 0 and below 100" in err) == (2, True)


def test_drivers_writes_its_tables(run, ways, tmp_path):
    code, _, err = run("drivers", "cn-a", "cn-b", "--network", ways, "--out", tmp_path / "out")
    assert (code, "drivers.csv" in err) == (0, True)
    head = (tmp_path / "out" / "drivers.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("table,row,columns,numbers,units,sources,year,confidence,rate,hours,")
    manifest = json.loads((tmp_path / "out" / "landbridge-manifest.json").read_text(encoding="utf-8"))
    assert "landbridge drivers" in manifest["command"]
