"""Sweeps on a real Dask cluster: nothing is lost when a worker or the driver is killed, and the answers are equal."""

import csv
import re
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from landbridge.networks.errors import NotInstalledError, QueryError
from landbridge.routing import Sweep, sweep
from landbridge.routing.cli import main
from landbridge.routing.studies.sweeps.dask_executor import dask_executor
from landbridge.routing.studies.sweeps.measures import sizes
from landbridge.routing.studies.sweeps.network_reference import WorkerError
from tests.support.slow_rows import best_way, sweep_on_dask, two_ways

ROOT = Path(__file__).parents[4]
ROWS = 1_000
STUDY = """
name = "few"
measure = "route"
options = { origin = "cn-a", destination = "kz-c", value_of_time = "$usd_per_h" }
parameters = { usd_per_h = [0, 50] }
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return the folder of a network with two ways, between which the value of time decides."""
    return two_ways(tmp_path_factory.mktemp("dask") / "net")


@pytest.fixture(scope="module")
def cluster():
    pytest.importorskip("distributed")
    from tests.support.dask_cluster import local_cluster

    with local_cluster() as found:
        yield found


@pytest.fixture(scope="module")
def serial(network):
    """Return the answers of the same rows in one process."""
    return answers(sweep(best_way, [{"x": number / 20} for number in range(ROWS)], network=network, workers=0))


def answers(found):
    """Return what each row answered, without the time that it took, which is never the same."""
    rows = zip(found.inputs, found.outcomes, strict=True)
    return [(dict(row), outcome.status, dict(outcome.outputs)) for row, outcome in rows]


def test_the_rows_differ(serial):
    assert {status for _, status, _ in serial} == {"ok"}
    assert len({outputs["generalised_cost_usd"] for _, _, outputs in serial}) == ROWS
    assert {outputs["distance_km"] for _, _, outputs in serial} == {600, 1000}


def test_no_row_is_lost_when_a_worker_is_killed(cluster, network, serial, tmp_path):
    from distributed import Client

    from tests.support.dask_cluster import kill, worker_pids

    done = 0
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        pids = worker_pids(client)

        def killing(count):
            nonlocal done
            if done < ROWS / 4 <= done + count:
                kill(pids[0])
            done += count

        found = sweep_on_dask(cluster.scheduler_address, network, ROWS, store=tmp_path / "store", progress=killing)
        assert pids[0] not in worker_pids(client)
    assert done == ROWS
    assert answers(found) == serial


def test_no_row_is_lost_or_doubled_when_the_driver_is_killed_and_started_again(cluster, network, serial, tmp_path):
    code = (
        "import sys; from tests.support.slow_rows import sweep_on_dask; address, network, rows, store = sys.argv[1:]; "
        "sweep_on_dask(address, network, int(rows), store=store, progress=lambda count: print(count, flush=True))"
    )
    command = [sys.executable, "-c", code, cluster.scheduler_address, network, str(ROWS), tmp_path]
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as driver:
        for line in driver.stdout:
            done += int(line)
            if done >= ROWS / 4:
                break
        driver.kill()
    before = Counter(recorded(tmp_path))
    assert ROWS / 4 <= len(before) < ROWS
    again = sweep_on_dask(cluster.scheduler_address, network, ROWS, store=tmp_path)
    after = Counter(recorded(tmp_path))
    assert len(after) == ROWS
    assert set(after.values()) == {1}
    # What was done is not done again: its record, with the time that it took, is the same.
    assert before.keys() <= after.keys()
    assert answers(again) == answers(Sweep.read(tmp_path)) == serial


def recorded(store):
    """Return the records of a store: key of a row, and the seconds that it took."""
    return [
        (row["key"], row["seconds"])
        for part in sorted(store.glob("parts/*.csv"))
        for row in csv.DictReader(part.read_text(encoding="utf-8").splitlines())
    ]


def test_the_command_runs_a_study_on_a_cluster(cluster, network, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("few.toml").write_text(STUDY, encoding="utf-8")
    options = ["sweep", "few.toml", "--network", str(network)]
    printed = []
    for further in (["--scheduler", cluster.scheduler_address], ["--workers", "0", "--store", "here"]):
        assert main.run([*options, *further]) == 0
        printed.append(capsys.readouterr().out)
    assert "few: 2 rows, 2 ok, 0 failed, 0 missing" in printed[0]
    assert printed[0] == printed[1]


def test_a_worker_with_another_version_is_found(cluster):
    from distributed import Client

    from landbridge.routing.studies.sweeps.package_source import landbridge_code
    from tests.support.dask_cluster import pretend_version

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)  # one was killed above
        client.run(pretend_version, "0.0.1")
        try:
            with (
                dask_executor(cluster.scheduler_address) as (executor, workers),
                pytest.raises(WorkerError, match=r"has landbridge 0\.0\.1 and not .*; install the same on all workers"),
            ):
                sweep(partial(sizes), [{"table": "places"}], executor=executor, workers=workers)
        finally:
            client.run(pretend_version, landbridge_code())


def test_without_dask_the_cure_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'landbridge\[cluster\]'"), dask_executor("tcp://x:1"):
        pass


def test_a_scheduler_that_does_not_answer_is_an_error(tmp_path, capsys):
    pytest.importorskip("distributed")
    with (
        pytest.raises(QueryError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"),
        dask_executor("tcp://127.0.0.1:9", timeout_s=0.5),
    ):
        pass
    with pytest.raises(QueryError, match="no Dask scheduler answers at 'nonsense://x'"), dask_executor("nonsense://x"):
        pass
    (tmp_path / "s.toml").write_text(STUDY, encoding="utf-8")
    assert main.run(["sweep", str(tmp_path / "s.toml"), "--scheduler", "tcp://x:1", "--workers", "2"]) == 2
    assert "omit one of them" in capsys.readouterr().err


def test_only_one_module_imports_dask():
    names = [
        path.relative_to(ROOT).as_posix()
        for room in ("networks", "routing")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"^\s*(from|import) (distributed|dask)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert names == ["routing/studies/sweeps/dask_executor.py"]
