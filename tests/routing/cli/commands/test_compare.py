"""`landbridge compare` as users call it."""

import json

import pytest

from landbridge.routing.cli.main import run
from tests.support.compared import both_ways
from tests.support.printed import rows_of

SCENARIO = """
name = "{name}"
title = "Closed"
[[changes]]
do = "close"
what = "countries"
ids = [{countries}]
"""


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Return the arguments for a network with a demand, in a folder of scenarios, pairs and demand."""
    row = {"id": "x", "origin": "cn-a", "destination": "ru-z", "value_usd_per_teu": 0, "teu_per_year": 3650}
    both_ways(tmp_path / "net", demand=[row])
    for name, countries in (("kz", '"KZ"'), ("both", '"KZ", "MN"')):
        (tmp_path / f"{name}.toml").write_text(SCENARIO.format(name=name, countries=countries), encoding="utf-8")
    (tmp_path / "od.csv").write_text("origin,destination\ncn-a,ru-z\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("id,origin,destination,teu_per_year\ny,cn-a,ru-z,7300\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return ["--network", "net"]


def answer(capsys, *arguments, code=0):
    assert run(["compare", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_without_pairs_and_demand_that_of_the_network_is_assigned_in_both(drawn, capsys):
    document = answer(capsys, "kz.toml", *drawn)
    assert (document["before"], document["after"]) == ("base", "kz")
    # 20 USD more for each of 10 TEU a day.
    assert document["flows"]["totals"]["total_usd_day_change"] == pytest.approx(200)
    assert document["meta"]["scenario"] == "base -> kz"
    assert answer(capsys, "kz.toml", "--demand", *drawn)["flows"] == document["flows"]
    assert answer(capsys, "base", "kz.toml", *drawn)["flows"] == document["flows"]


def test_a_file_of_demand_is_sent_in_both(drawn, capsys):
    totals = answer(capsys, "both.toml", "kz.toml", "--demand", "d.csv", *drawn)["flows"]["totals"]
    assert (totals["carried_teu_day_before"], totals["carried_teu_day_after"]) == pytest.approx((0, 20))


def test_options_go_to_the_assignments(drawn, capsys):
    found = answer(capsys, "kz.toml", "--logit", "20", "--no-break-even", *drawn)
    assert found["flows"]["totals"]["surplus_usd_day"] < 0
    assert found["leads"] == found["break_even"] == []
    assert answer(capsys, "both.toml", "--unserved", "50", *drawn)["flows"]["totals"][
        "unserved_usd_day_after"
    ] == pytest.approx(500)
    free = answer(capsys, "kz.toml", "--avoid", "KZ", *drawn)["flows"]["totals"]
    assert free["total_usd_day_change"] == pytest.approx(0)


def test_pairs_are_compared_with_their_break_even(drawn, capsys):
    document = answer(capsys, "kz.toml", "--od", "od.csv", "--objective", "generalised", *drawn)
    (pair,) = document["pairs"]
    assert (pair["outcome"], pair["corridor_before"], pair["corridor_after"]) == ("changed", "middle", "mongolia")
    assert {row["corridor"] for row in document["break_even"] if row["side"] == "before"} == {"middle", "mongolia"}
    assert answer(capsys, "both.toml", "--od", "od.csv", *drawn)["pairs"][0]["outcome"] == "lost"
    assert answer(capsys, "both.toml", "both.toml", "--od", "od.csv", *drawn, code=1)["pairs"][0]["outcome"] == "none"


def test_tables_are_printed_and_files_written(drawn, tmp_path, capsys):
    assert run(["compare", "kz.toml", "--logit", "20", "--out", str(tmp_path / "out"), *drawn]) == 0
    output = capsys.readouterr()
    assert "from base to kz" in output.out
    assert "Consumer surplus of shippers" in output.out
    assert "Kazakhstan" in {row[0] for row in rows_of(output.out)}
    assert "wrote link-changes.geojson" in output.err
    assert run(["compare", "kz.toml", "--od", "od.csv", *drawn]) == 0
    assert "middle -> mongolia" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.toml"], "there is no scenario file 'nowhere.toml'"),
        (["kz.toml", "--od", "od.csv", "--demand"], "--od cannot be combined with --demand"),
        (["kz.toml", "--od", "od.csv", "--estimated"], "--od cannot be combined with --demand and --estimated"),
        (["kz.toml", "--demand", "d.csv", "--estimated"], "--estimated cannot be combined with"),
        (["kz.toml", "--logit", "20", "--capacity", "hard"], "logit cannot be combined with hard capacities"),
        ([], "Missing argument 'A'"),
    ],
)
def test_what_is_wrong_is_said_with_the_code_of_a_wrong_input(drawn, capsys, arguments, message):
    assert run(["compare", *arguments, *drawn]) == 2
    assert message in capsys.readouterr().err
