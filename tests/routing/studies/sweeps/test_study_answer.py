"""The answer of a study."""

import pytest

from landbridge.routing import Study
from landbridge.routing.studies.sweeps.measures import MEASURES, is_output
from landbridge.routing.studies.sweeps.study_answer import MAIN_OUTPUTS
from tests.support.slow_rows import two_ways
from tests.support.tiny import read_network

TEXT = """
name = "two-ways"
title = "What an hour is worth"
measure = "route"
scenarios = ["", "base"]
outputs = ["cost_usd", "corridor"]
options = { origin = "cn-a", destination = "$to", value_of_time = "$v" }
parameters = { v = [0, 50], to = ["kz-c", "nowhere"] }
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "s.toml").write_text(TEXT, encoding="utf-8")
    return Study.read(folder / "s.toml").run(read_network(two_ways(folder / "net")), workers=0)


def test_answers_are_summed_up_by_scenario(found):
    # By rail 120 USD and 4 operations of 10 USD, by ship 200 USD and 2; the place that is unknown fails.
    rows = {row["group"]: row for row in found.summary()}
    assert rows.keys() == {"none", "base"}
    for row in rows.values():
        assert (row["output"], row["rows"], row["mean"], row["sd"]) == ("cost_usd", 2, 190, 30)
        assert (row["least"], row["p10"], row["p50"], row["p90"], row["most"]) == (160, 166, 190, 214, 220)


def test_the_sensitivity_is_of_the_rows_with_an_answer(found):
    effects = {(item.group, item.parameter): item for item in found.sensitivity}
    assert (effects["base", "v"].low, effects["base", "v"].high) == (160, 220)
    assert (effects["base", "to"].low_at, effects["base", "to"].high_at) == ("kz-c", "kz-c")


def test_it_is_a_result_with_all_tables(found, tmp_path):
    assert repr(found) == "<StudyAnswer What an hour is worth: 8 rows, 4 ok, 4 failed, 0 missing>"
    assert [table.name for table in found.tables()] == ["rows", "summary", "sensitivity", "counts"]
    document = found.to_dict()
    assert (document["title"], document["counts"]["failed"]) == ("What an hour is worth", 4)
    assert len(document["sensitivity"]) == 4
    assert {path.name for path in found.write(tmp_path / "out")} == {
        "rows.csv",
        "summary.csv",
        "sensitivity.csv",
        "counts.csv",
    }


def test_it_is_drawn(found):
    pytest.importorskip("matplotlib")
    assert found.plot("cost_usd", "base").axes[0].get_xlabel() == "cost_usd"


def test_the_main_answers_of_each_measure_are_its_answers():
    assert MAIN_OUTPUTS.keys() == MEASURES.keys()
    for measure, names in MAIN_OUTPUTS.items():
        assert all(is_output(measure, name) for name in names)
