"""Studies: rows from a file, faults with their lines, and their run."""

import json
import pickle

import pytest

from landbridge.networks.errors import DataError
from landbridge.routing import Study, route
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.objectives import Weights
from landbridge.routing.studies.sweeps.study import StudyError
from tests.support.slow_rows import two_ways
from tests.support.tiny import read_network

ENDS = 'options = { origin = "cn-a", destination = "kz-c", value_of_time = "$v" }'
PLAIN = f'name = "s"\nmeasure = "route"\n{ENDS}\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "s.toml"
        path.write_text(text, encoding="utf-8")
        return Study.read(path)

    return read_text


@pytest.fixture
def network(tmp_path):
    return read_network(two_ways(tmp_path / "net"))


def faults_of(read, text):
    with pytest.raises(StudyError) as caught:
        read(text)
    return [(fault.row, fault.column, fault.problem, fault.cure) for fault in caught.value.faults]


def test_rows_are_each_point_with_each_scenario_demand_and_seed(read, tmp_path):
    (tmp_path / "more.csv").write_text("origin,destination,teu_per_year\ncn-a,kz-c,365\n", encoding="utf-8")
    study = read(
        'name = "s"\nmeasure = "assign"\nscenarios = ["", "base"]\ndemands = ["", "more.csv"]\n'
        'options = { demand_factor = "$f" }\nparameters = { f = [1, 2] }\n'
    )
    rows = study.rows()
    assert len(rows) == 2 * 2 * 2
    assert rows[0] == {"scenario": "", "demand": "", "f": 1}
    assert {(row["scenario"], row["demand"], row["f"]) for row in rows} == {
        (scenario, demand, f) for scenario in ("", "base") for demand in ("", "more.csv") for f in (1, 2)
    }


def test_a_number_of_seeds_are_seeds(read):
    study = read(PLAIN.replace("route", "simulate") + "parameters = { v = [0] }\nseeds = 3\n")
    assert [row["seed"] for row in study.rows()] == [0, 1, 2]


def test_a_row_answers_what_the_question_answers_with_its_values(read, network):
    found = read(PLAIN + "parameters = { v = [0, 50] }\n").run(network, workers=0)
    for value, outcome in zip((0, 50), found.sweep.outcomes, strict=True):
        trip = route(network, "cn-a", "kz-c", objective=Weights(value_of_time_usd_per_h=value), cargo=Cargo())[0]
        assert outcome.outputs["generalised_cost_usd"] == trip.generalised_cost_usd
        assert outcome.outputs["itinerary_id"] == trip.itinerary_id
    assert found.sensitivity[0].parameter == "v"


def test_any_number_of_a_change_may_be_a_parameter(read, network):
    text = 'name = "s"\nmeasure = "route"\noptions = { origin = "cn-a", destination = "kz-c", modes = "rail" }\n'
    change = '[[changes]]\ndo = "slow"\nwhat = "links"\nids = ["cn-b--kz-c--rail"]\nfactor = "$f"\n'
    found = read(text + "parameters = { f = [1, 2, 3] }\n" + change).run(network, workers=0)
    # 2 + 10 h of hauls, load 1, borders 4 + 5, unload 2: 24 h, and each factor adds the 10 h of the second link.
    assert [outcome.outputs["time_mean_h"] for outcome in found.sweep.outcomes] == pytest.approx([24, 34, 44])


def test_changes_without_a_parameter_hold_in_each_row_and_keep_their_order(read, network):
    text = 'name = "s"\nmeasure = "route"\noptions = { origin = "cn-a", destination = "kz-c", modes = "rail" }\n'
    slow = '[[changes]]\ndo = "slow"\nwhat = "links"\nids = ["cn-a--cn-b--rail"]\nfactor = {}\n'
    study = read(text + "parameters = { f = [1, 2] }\n" + slow.format(3) + slow.format('"$f"'))
    # The 2 h of the first link become 6 h, and 12 h.
    found = study.run(network, workers=0).sweep
    assert [outcome.outputs["time_mean_h"] for outcome in found.outcomes] == pytest.approx([28, 34])


def test_every_fault_is_told_with_its_line(read):
    text = (
        'name = "s"\nmeasure = "rout"\n[design]\nkind = "sobol"\npoints = 5\n[parameters]\nv = { low = 3, high = 2 }\n'
        "w = { lo = 1 }\n"
    )
    assert faults_of(read, text) == [
        (2, "measure", "'rout' is not allowed", "did you mean route?"),
        (5, "design.points", "Sobol points are balanced for powers of 2 and not for 5",
         "give a power of 2, such as 4 or 8"),
        (7, "parameters.v.high", "high is 2 and low 3", "give more than low"),
        (8, "parameters.w.lo", "there is no such field", "did you mean low?"),
    ]  # fmt: skip


V = PLAIN + "parameters = { v = [1] }\n"
SLOW = '[[changes]]\ndo = "slow"\nwhat = "links"\nids = ["*"]\n'
NO_V = (3, "options.value_of_time", "there is no parameter 'v'")
NEGATIVE = "-2 does not fit: it should be greater than or equal to 0 (row 2: v = -2)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN + "parameters = { x = [1] }\n", [NO_V, (4, "parameters.x", "nothing uses this parameter")]),
        (PLAIN + "parameters = { v = [1, -2] }\n", [(3, "options.value_of_time", NEGATIVE)]),
        (
            PLAIN + "parameters = { v = { low = 0, high = 1 } }\n",
            [(4, "parameters.v.steps", "a grid needs the number of its values")],
        ),
        (
            PLAIN.replace("$v", "$V") + "parameters = { V = [1] }\n",
            [(4, "parameters.V", "'V' is no name of a parameter")],
        ),
        (
            PLAIN.replace("$v", "$cost_usd") + "parameters = { cost_usd = [1] }\n",
            [(4, "parameters.cost_usd", "cost_usd is an answer of route")],
        ),
        (V + "seeds = 2\n", [(5, "seeds", "the measure route has no seed")]),
        (V + 'outputs = ["usd"]\n', [(5, "outputs[0]", "route has no answer 'usd'")]),
        (
            V + SLOW + "facto = 2\n",
            [
                (9, "changes[0].facto", "there is no such field (row 1: v = 1)"),
                (5, "changes[0].factor", "this field is missing (row 1: v = 1)"),
            ],
        ),
        (
            V + 'design = { kind = "grid", points = 4 }\n',
            [(5, "design.points", "a grid has no number of points")],
        ),
        (
            'name = "s"\nmeasure = "pairs"\noptions = { pairs = "../p.csv" }\n',
            [(3, "options.pairs", "'../p.csv' is not a path within the folder")],
        ),
        (
            'name = "s"\nmeasure = "assign"\ndemands = ["x.csv"]\n',
            [(3, "demands[0]", "there is no file 'x.csv' in the folder")],
        ),
    ],
)
def test_a_fault_names_key_path_line_and_problem(read, text, expected):
    found = [fault[:3] for fault in faults_of(read, text)]
    assert sorted(found) == sorted(expected)


def test_a_change_that_meets_no_row_ends_the_sweep_before_it_begins(read, network, tmp_path):
    text = PLAIN + 'parameters = { v = [1] }\n[[changes]]\ndo = "slow"\nwhat = "links"\nids = ["kz-x*"]\nfactor = 2\n'
    with pytest.raises(DataError, match=r"s\.toml:8 \[changes\[0\]\.ids"):
        read(text).run(network, store=tmp_path / "store", workers=0)
    assert not (tmp_path / "store").exists()


def test_a_place_that_does_not_exist_ends_the_sweep_before_it_begins(read, network, tmp_path):
    study = read(PLAIN.replace('"kz-c"', '"nowhere", via = ["cn-a", "elsewhere"]') + "parameters = { v = [1, 2] }\n")
    with pytest.raises(StudyError) as caught:
        study.run(network, workers=0, store=tmp_path / "store")
    found = [(fault.row, fault.column, fault.problem) for fault in caught.value.faults]
    assert [item[:2] for item in found] == [(3, "options.destination"), (3, "options.via")]
    assert ["nowhere" in found[0][2], "elsewhere" in found[1][2]] == [True, True]
    assert not (tmp_path / "store").exists()


def test_a_place_that_a_scenario_adds_is_none_that_does_not_exist(read, network, tmp_path):
    place = '{ id = "kz-new", name = "New", country = "KZ", kind = "terminal", lat = 45.0, lon = 70.0 }'
    (tmp_path / "new.toml").write_text(
        f'name = "new"\ntitle = "New"\n[[changes]]\ndo = "add"\ntable = "places"\nrows = [{place}]\n', encoding="utf-8"
    )
    text = PLAIN.replace('"kz-c"', '"kz-new"') + 'scenarios = ["", "new.toml"]\nparameters = { v = [1] }\n'
    read(text).check(network)
    with pytest.raises(StudyError, match="kz-new"):
        read(text.replace(', "new.toml"', "")).check(network)


def test_a_plan_is_plain_and_pickles_small(read, tmp_path):
    (tmp_path / "p.csv").write_text("origin,destination\ncn-a,kz-c\n", encoding="utf-8")
    study = read('name = "s"\nmeasure = "pairs"\noptions = { pairs = "p.csv", depart = 2026-11-02 }\n')
    assert study.plan["options"]["depart"] == "2026-11-02"
    assert study.plan["tables"] == {"p.csv": [{"origin": "cn-a", "destination": "kz-c"}]}
    assert json.loads(json.dumps(study.plan)) == study.plan
    assert len(pickle.dumps(study.function)) < 1_000


def test_a_table_that_a_change_names_travels_with_the_study(read, tmp_path):
    (tmp_path / "d.csv").write_text("id,origin\n", encoding="utf-8")
    study = read('name = "s"\nmeasure = "assign"\n[[changes]]\ndo = "demand"\nfile = "d.csv"\n')
    assert study.plan["changes"] == [{"do": "demand", "csv": "id,origin\n"}]


def test_an_answer_that_is_repeated_is_refused(read):
    text = PLAIN + 'outputs = ["cost_usd", "co2e_kg", "cost_usd"]\nparameters = { v = [0, 1] }\n'
    assert faults_of(read, text) == [(4, "outputs[2]", "cost_usd is repeated", "give it once")]


def test_containers_have_the_lengths_of_every_question(read):
    text = PLAIN.replace('"$v"', "0, container_feet = 45")
    assert read(text).rows()
    ((_, column, problem, cure),) = faults_of(read, text.replace("45", "30"))
    assert (column, problem, cure) == ("options.container_feet", "30 is not allowed", "use one of 20, 40, 45")
