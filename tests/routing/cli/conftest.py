"""What the tests of the command line share: how a command is run, and a network of three kinds of way."""

import json
import tracemalloc
from datetime import time

import pytest

import landbridge
from landbridge.routing.cli import main as commands
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, service, write_tiny


@pytest.fixture
def run(capsys, monkeypatch, network):
    """Run a command on the network of the session and return its exit code, output and errors."""
    monkeypatch.setattr("landbridge.networks.network.load_network", lambda: network)

    def run_command(*arguments):
        code = commands.run([*map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def answer(run):
    """Run a command that has an answer and return its JSON."""

    def run_command(*arguments):
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run_command


@pytest.fixture
def refused(run):
    """Run an absurd request, which has to end with 2 at little cost, and return its message."""

    for name in dir(landbridge):  # what is imported for the first time is no cost of the request
        getattr(landbridge, name)

    def run_command(*arguments):
        tracemalloc.start()
        code, out, err = run(*arguments)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (code, out) == (2, "")
        assert most < 50e6
        return err

    return run_command


@pytest.fixture(scope="session")
def ways(tmp_path_factory):
    """Return a folder with a slow cheap line, a fast dear one, and a weekly train."""
    folder = tmp_path_factory.mktemp("ways")
    return write_tiny(
        folder,
        links=[
            link("cn-a -- cn-b", service="slow", length_km=1000),
            link("cn-a -- cn-b", "road", length_km=800),
            link("cn-b -- cn-c", service="weekly"),
        ],
        services=[
            service("slow"),
            service("road", "road", speed_km_h=80, tariff="dear"),
            service("weekly", wait_kind="timetable", days=("fri",), departures=(time(12),)),
        ],
        tables={"tariffs": [{"id": "dear", "usd_per_teu_km": 0.5, "usd_year": 2024}]},
    )


@pytest.fixture
def run_observed(capsys, tmp_path):
    """Run a command on a link with three observations and return its exit code, output and errors."""
    rows = [observation("H1", 2), observation("H2", 4, half="test"), observation("H3", 3, kind="announced")]
    tables = {"observations": rows, "sources": SOURCES}
    folder = write_tiny(tmp_path / "network", links=[link("cn-a -- cn-b")], tables=tables)

    def run_command(*arguments):
        code = commands.run([*map(str, arguments), "--network", str(folder)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command
