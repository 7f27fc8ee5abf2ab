"""`landbridge counts`, and the demand that it stands for in `assign` and `bottlenecks`."""

import json

import pytest

from landbridge.routing.cli.main import run
from tests.support.crossings import count, two_crossings


@pytest.fixture
def path(tmp_path):
    two_crossings(tmp_path, [count("x", 95, "training"), count("y", 5, "test")])
    return str(tmp_path)


def test_fitted_counts_and_others_are_printed_apart(path, capsys):
    assert run(["counts", "--year", "2024", "--network", path]) == 0
    out = capsys.readouterr().out
    assert out.index("counts of 2024: fitted") < out.index("x--2024") < out.index("never fitted") < out.index("y--2024")
    # 10 - 100 ln 19 is -284, beyond 200.
    assert "-284*" in out
    assert run(["counts", "--year", "2024", "--all", "--network", path]) == 0
    assert "never fitted, TEU" not in capsys.readouterr().out


def test_the_document_has_the_counts(path, capsys):
    assert run(["counts", "--year", "2024", "--network", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["fitted"] for row in document["counts"]] == [True, False]
    assert document["meta"]["options"]["year"] == 2024


def test_assign_reads_the_demand_that_out_wrote(path, tmp_path, capsys):
    folder = str(tmp_path / "out")
    assert run(["counts", "--year", "2024", "--all", "--network", path, "--out", folder]) == 0
    assert "demand_estimated.csv" in capsys.readouterr().err
    documents = []
    for source in (["--estimated"], [f"{folder}/demand_estimated.csv"]):
        assert run(["assign", *source, "--network", path, "--year", "2024", "--json"]) == 0
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0] == documents[1]


@pytest.mark.parametrize("command", [["assign"], ["bottlenecks", "--closures", "0"]])
def test_an_answer_says_whether_its_demand_is_estimated(path, capsys, command):
    for options, name, header in (
        ([], "demand", "demand and"),
        (["--estimated"], "demand_estimated", "estimated demand"),
    ):
        arguments = [*command, "--network", path, "--year", "2024", *options]
        assert run([*arguments, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["demand_set"] == name
        assert run(arguments) == 0
        assert capsys.readouterr().out.startswith(header)


def test_a_demand_of_ones_own_is_not_estimated(path, tmp_path, capsys):
    (tmp_path / "d.csv").write_text("origin,destination,teu_per_year\ncn-a,kz-z,365\n", encoding="utf-8")
    assert run(["assign", str(tmp_path / "d.csv"), "--network", path, "--estimated"]) == 2
    assert "DEMAND.csv" in capsys.readouterr().err
