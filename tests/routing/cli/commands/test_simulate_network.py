"""`landbridge simulate-network` as users call it."""

import json

import pytest

from landbridge.routing.simulation import simulate_network as module
from tests.support.flow_networks import two_ways
from tests.support.simulated import simulation

OWN_DEMAND = module.own_demand


@pytest.fixture
def asked(monkeypatch):
    """Let the command get the answer drawn by hand for no demand, and return what it was asked for."""
    calls = []

    def simulate(_, demand=None, **options):
        options["progress"] is None or options["progress"](1)
        calls.append({"demand": demand, **options})
        return simulation(replications=options["replications"], replications_done=min(5, options["replications"]))

    monkeypatch.setattr(module, "simulate_network", simulate)
    monkeypatch.setattr(module, "own_demand", lambda *_: [])
    return calls


def test_options_go_to_the_simulation(asked, run):
    code, _, _ = run(
        "simulate-network", "--year", "2025", "--days", "30", "--warm-up", "10", "--start", "2025-02-01",
        "--replications", "3", "--seed", "9", "--workers", "2", "--close", "a:2025-02-02..2025-02-03", "--close",
        "b:2025-02-02..2025-02-03", "--limit", "c:1trains/day:2025-02-02..2025-02-03", "--ban",
        "d:2025-02-02..2025-02-03",
    )  # fmt: skip
    assert code == 0
    (call,) = asked
    del call["progress"], call["demand"]
    assert call == {
        "year": 2025,
        "days": 30,
        "warm_up": 10,
        "start": "2025-02-01",
        "replications": 3,
        "seed": 9,
        "close": ("a:2025-02-02..2025-02-03", "b:2025-02-02..2025-02-03"),
        "limit": ("c:1trains/day:2025-02-02..2025-02-03",),
        "ban": ("d:2025-02-02..2025-02-03",),
        "workers": 2,
    }


def test_a_demand_of_ones_own_is_read_and_scaled(asked, run, tmp_path):
    two_ways(tmp_path / "network")
    file = tmp_path / "d.csv"
    rows = "kz-a,kz-d,18250,2025\nkz-a,kz-d,1,2024\n"
    file.write_text(f"origin,destination,teu_per_year,for_year\n{rows}", encoding="utf-8")
    code, _, _ = run("simulate-network", file, "--scale", "2", "--replications", "5", "--network", tmp_path / "network")
    assert (code, [row.teu_per_year for row in asked[0]["demand"]]) == (0, [36_500.0])


def test_the_demand_of_the_network_is_scaled_as_fitted_to_counts(asked, run, network, monkeypatch):
    from landbridge.routing import estimated_demand

    monkeypatch.setattr(module, "own_demand", OWN_DEMAND)
    assert run("simulate-network", "--scale", "0.5", "--year", "2025", "--replications", "5")[0] == 0
    fitted = sum(row.teu_per_year for row in estimated_demand(network, year=2025))
    assert sum(row.teu_per_year for row in asked[0]["demand"]) == pytest.approx(fitted / 2)


@pytest.mark.usefixtures("asked")
def test_the_document_is_json_with_its_meta_data(run):
    code, out, err = run("simulate-network", "--replications", "5", "--json")
    document = json.loads(out)
    assert (code, err, document["resources"][0]["resource"]) == (0, "", "border")
    assert document["meta"]["options"] == {"year": 2025}


@pytest.mark.usefixtures("asked")
def test_an_interrupted_run_shows_what_was_done_and_ends_with_130(run):
    code, out, _ = run("simulate-network")
    assert (code, out.splitlines()[0]) == (130, "interrupted: 5 of 20 replications done")
    code, out, _ = run("simulate-network", "--json")
    assert (code, json.loads(out)["status"]) == (130, "interrupted")


@pytest.mark.usefixtures("asked")
def test_files_and_charts_are_written(run, tmp_path):
    pytest.importorskip("matplotlib")
    options = ("simulate-network", "--replications", "5", "--out", tmp_path / "out")
    code, _, err = run(*options, "--chart", tmp_path / "a.png")
    assert (code, "queues.geojson" in err, "a.png" in err) == (0, True, True)
    assert {"resources.csv", "transit.csv", "disruptions.csv", "landbridge.qgz"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    # The answer drawn by hand has a line, which is a target of the ban here and no id of the network.
    ban = ("--ban", "line:2025-02-02..2025-02-03")
    code, _, _ = run(*options[:3], *ban, "--chart", tmp_path / "b.png", "--chart-of", "queue", "--resource", "line")
    assert (code, (tmp_path / "b.png").is_file()) == (0, True)
    code, _, err = run(*options[:3], "--chart", tmp_path / "c.png", "--resource", "pl-malaszewicze--terminal")
    assert (code, "no series of 'pl-malaszewicze--terminal'" in err) == (2, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--chart-of", "queue"), "--chart-of has no effect without --chart"),
        (("--resource", "pl-malaszewicze--terminal"), "--resource has no effect without --chart"),
        (("--chart", "a.png", "--chart-of", "recovery"), "--chart-of recovery needs a disruption"),
        (("--chart", "a.png", "--resource", "nothing"), "there is no resource 'nothing'"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused_before_the_run(asked, run, options, words):
    if "--chart" in options:
        pytest.importorskip("matplotlib")
    code, _, err = run("simulate-network", *options)
    assert (code, words in err, asked) == (2, True, [])


@pytest.mark.usefixtures("asked")
def test_an_interrupted_run_says_on_stderr_what_was_done(run):
    _, _, err = run("simulate-network", "--json")
    assert err.splitlines() == [
        "interrupted: 5 of 20 replications done",
        "landbridge: interrupted; what is shown is the answer so far; no file was written",
    ]


def test_a_run_that_ends_before_its_first_replication_says_so(monkeypatch, run):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "simulate_network", interrupted)
    monkeypatch.setattr(module, "own_demand", lambda *_: [])
    code, out, err = run("simulate-network")
    assert (code, out) == (130, "")
    assert err == "landbridge: interrupted; no file was written\n"


def test_a_resource_without_a_chart_of_it_is_refused(asked, run):
    code, _, err = run("simulate-network", "--chart-of", "waits", "--resource", "line")
    assert (code, "--resource is for --chart-of queue" in err, asked) == (2, True, [])
