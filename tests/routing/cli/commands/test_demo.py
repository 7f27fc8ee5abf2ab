"""The command `demo`."""

import shlex

import pytest

from landbridge.routing.cli import main as commands


@pytest.fixture
def run(capsys, monkeypatch, network, tmp_path):
    """Run a command in a folder of its own and return its output and errors."""
    monkeypatch.setattr("landbridge.networks.network.load_network", lambda: network)
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments):
        assert commands.run(arguments) == 0
        return capsys.readouterr()

    return run_command


def test_the_demo_says_and_runs_the_two_commands_of_the_main_job(run, tmp_path):
    shown = run("demo", "--out", "a folder")
    lines = [line for line in shown.err.splitlines() if " Duisburg " in line]
    route, pareto = lines
    assert shlex.split(route)[1:] == [*("route", "Xi'an", "Duisburg", "--by-corridor", "--out", "a folder")]
    assert shlex.split(pareto)[1:] == [
        *("pareto", "Xi'an", "Duisburg", "--objectives", "time,cost", "--epsilon", "0.01")
    ]
    assert (tmp_path / "a folder" / "legs.geojson").is_file()
    assert shown.out == "".join(run(*shlex.split(line)[1:]).out for line in lines)
