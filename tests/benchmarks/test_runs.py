"""A tiny run of each part that checks its answers, and the table made of it."""

from dataclasses import replace

import equilibrium
import flows
import fronts
import numpy as np
import pytest
import run
import search
from instances import corridor, grid_flows, grid_front, road_network
from measuring import Report, line_of, measured

import landbridge as lb


@pytest.fixture(autouse=True)
def out(tmp_path, monkeypatch):
    """Return the folder of the results, a temporary one."""
    for module in ("measuring", "run"):
        monkeypatch.setattr(f"{module}.OUT", tmp_path)
    return tmp_path


def test_flows_of_a_small_grid_have_the_optimum_of_highs():
    report = Report("flows")
    flows.least_cost(report, grid_flows(4, 12))
    assert report.rows[0]["what"] == "least-cost flow, penalty"
    assert all(row["checked"].startswith("optimum of HiGHS") for row in report.rows)


def test_another_optimum_is_noticed(monkeypatch):
    monkeypatch.setattr(flows, "highs", lambda *_: 1.0)
    with pytest.raises(RuntimeError, match="differ"):
        flows.least_cost(Report("flows"), grid_flows(4, 12))


def test_fronts_of_a_small_grid_are_those_of_boa_star():
    report = Report("fronts")
    fronts.two_criteria(report, grid_front(8))
    assert [row["what"] for row in report.rows] == ["front, two criteria", "the same, epsilon 1 %"]


def test_points_that_nothing_covers_are_counted():
    front = np.array([[1.0, 9.0], [2.0, 5.0], [4.0, 1.0]])
    # Within 10 %, (1.05, 9) covers the first alone, and (4.2, 1.05) the last.
    assert fronts.uncovered(np.array([[1.05, 9.0], [4.2, 1.05]]), front, 0.1) == 1
    assert fronts.uncovered(front, front, 0.0) == 0


def test_equilibria_of_small_roads_have_the_gap_asked_for(monkeypatch):
    monkeypatch.setattr(equilibrium, "aequilibrae", all_or_nothing)  # AequilibraE takes seconds to import
    report = Report("equilibrium")
    equilibrium.equilibria(report, road_network(60, 160, 10, 50))
    assert [row["what"] for row in report.rows] == ["user equilibrium, gap 0.0001", "user equilibrium, gap 1e-06"]
    assert all(next(iter(row["peers_ms"])).endswith("only") for row in report.rows)


def all_or_nothing(problem, *_):
    """Return a peer that lets all go as on empty roads, which is far from the equilibrium."""
    return lambda: (lb.equilibrium(replace(problem, b=np.zeros(problem.arcs))).arc_flow, 1.0)


def test_flows_that_are_no_equilibrium_are_noticed():
    problem = road_network(60, 160, 10, 50)
    with pytest.raises(RuntimeError, match="the gap is"):
        equilibrium.checked_gap(problem, np.full(problem.arcs, problem.amount.sum()), 1e-4)


def test_least_paths_weigh_what_those_of_the_libraries_do():
    pytest.importorskip("igraph")
    pytest.importorskip("rustworkx")
    report = Report("search")
    search.least_paths(report, corridor(60))
    search.alternatives(report, corridor(60), k=3)
    assert "igraph" in report.rows[0]["peers_ms"]


def test_the_best_peer_comes_first_and_the_ratio_is_to_it():
    report = Report("tiny")
    report.add("work", "graph", 2.0, checked="sum", slow=50.0, quick=5.0)
    assert line_of(report.rows[0]) == "| work | graph | 2 ms | quick 5 ms | 2.5 | slow 50 ms | sum |"


def test_a_call_of_many_seconds_is_made_once(monkeypatch):
    calls = []
    monkeypatch.setattr("measuring.SLOW_S", -1.0)
    _, answer = measured(lambda: calls.append(1) or len(calls), warm=False)
    assert (answer, len(calls)) == (1, 1)


def test_rows_are_written_as_they_come(out):
    (out / "search.json").write_text('{"machine": {}, "rows": [], "details": {}}', encoding="utf-8")
    report = Report("search")
    report.add("work", "graph", 2.0)
    found = run.documents()
    assert [len(document["rows"]) for document in found.values()] == [0, 1]
    text = run.table(found)
    assert "### Search, not finished" in text
    assert text.splitlines()[-1].startswith("Not measured: fronts, flows")
    report.write()
    assert [(name, len(document["rows"])) for name, document in run.documents().items()] == [("search", 1)]


def test_ctrl_c_ends_the_parts(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.subprocess, "run", interrupted)
    assert run.run_parts(["search", "fronts"], []) == ["search", "fronts"]


def test_the_table_takes_the_place_of_the_one_before(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{run.START}old\n{run.END}after\n", encoding="utf-8")
    monkeypatch.setattr(run, "README", readme)
    run.write_readme("new")
    run.write_readme("newer")
    assert readme.read_text(encoding="utf-8") == f"before\n{run.START}\nnewer\n{run.END}after\n"


def test_parts_of_another_day_keep_their_date():
    parts = {
        name: {"machine": {"date": date, "cores": 2}, "rows": [], "details": {}}
        for name, date in (("search", "2026-01-31"), ("fronts", "2026-02-01"))
    }
    lines = run.table(parts).splitlines()
    assert lines[0] == "Measured: cores 2"
    assert [line for line in lines if line.startswith("Measured: date")] == [
        "Measured: date 2026-01-31",
        "Measured: date 2026-02-01",
    ]
