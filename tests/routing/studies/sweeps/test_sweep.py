"""A sweep: the same to the last digit wherever it runs, whatever dies, and however often it is begun."""

import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path

import numpy as np
import pytest

from landbridge.networks import LandbridgeError, QueryError, load_network
from landbridge.networks.errors import ScenarioError, WriteError
from landbridge.routing import Scenario, Sweep, sweep
from landbridge.routing.studies.sweeps import driving, network_reference, store_lock
from landbridge.routing.studies.sweeps.network_reference import network_fingerprint
from landbridge.routing.studies.sweeps.parts import parts_in
from landbridge.routing.studies.sweeps.store import Store
from tests.support.swept import double, echo, fingerprint, odd, places, slow, starts_late
from tests.support.tiny import link, tiny_network

ROOT = Path(__file__).parents[4]
TABLE = [{"x": n / 7} for n in range(1_000)]


@pytest.fixture(scope="module")
def serial():
    return sweep(double, TABLE, workers=0)


def test_the_serial_run_is_what_the_function_returns(serial):
    assert serial.inputs == tuple(TABLE)
    assert [outcome.outputs["root"] for outcome in serial.outcomes] == [math.sqrt(n / 7) for n in range(1_000)]


@pytest.mark.parametrize(
    "make", [None, lambda: ThreadPoolExecutor(3), lambda: ProcessPoolExecutor(2, get_context("spawn"))]
)
def test_it_is_the_same_to_the_last_digit_on_any_executor(serial, make):
    if make is None:
        assert sweep(double, TABLE, workers=2) == serial
        return
    with make() as executor:
        assert sweep(double, TABLE, executor=executor) == serial
        assert executor.submit(pow, 2, 3).result() == 8  # it is not shut down


def lines_of(path):
    return path.read_text().splitlines() if path.exists() else []


def test_workers_that_are_killed_lose_nothing(tmp_path):
    rows = [{"x": n, "s": 0.001, "log": str(tmp_path / "log")} for n in range(1_000)]
    stop, killed = threading.Event(), []

    def kill():
        """Kill some worker at each 250th row, wherever it is."""
        while not stop.wait(0.002):
            children = active_children()
            if len(lines_of(tmp_path / "log")) > 250 * (len(killed) + 1) and children and len(killed) < 3:
                killed.append(random.choice(children).pid)  # noqa: S311 - a random worker
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        found = sweep(slow, rows, workers=2, store=tmp_path / "store", chunk=20)
    finally:
        stop.set()
        killer.join()
    assert len(killed) == 3
    assert found.counts == {"ok": 1_000, "failed": 0, "missing": 0}
    assert [outcome.outputs["root"] for outcome in found.outcomes] == [math.sqrt(n) for n in range(1_000)]
    assert Sweep.read(tmp_path / "store") == found


def test_a_driver_that_is_killed_goes_on_where_it_stopped(tmp_path):
    rows = [{"x": n, "s": 0.001, "log": str(tmp_path / "log")} for n in range(1_000)]
    store = tmp_path / "store"
    code = (
        "from landbridge.routing import sweep; from tests.support.swept import slow\n"
        f"rows = [dict(x=n, s=0.001, log={str(tmp_path / 'log')!r}) for n in range(1_000)]\n"
        f"sweep(slow, rows, workers=1, store={str(store)!r}, chunk=10)"
    )
    for number in range(1, 4):
        with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL) as driver:
            while len(lines_of(tmp_path / "log")) < 200 * number and driver.poll() is None:
                time.sleep(0.005)
            time.sleep(random.uniform(0, 0.05))  # noqa: S311 - a random moment
            driver.kill()
        assert len(Store(store).outcomes()) < 1_000
    found = sweep(slow, rows, workers=1, store=store, chunk=10)
    assert [outcome.outputs["root"] for outcome in found.outcomes] == [math.sqrt(n) for n in range(1_000)]
    assert Sweep.read(store) == found
    # What a killed driver had under way, two tasks of ten rows and one that was not written yet, is run again: no more.
    assert 1_000 <= len(lines_of(tmp_path / "log")) <= 1_000 + 3 * 30


def test_workers_end_with_a_driver_that_is_killed(tmp_path):
    code = (
        "from landbridge.routing import sweep; from tests.support.swept import slow\n"
        f"sweep(slow, [dict(x=1, s=60, log={str(tmp_path / 'log')!r}, pid={str(tmp_path / 'pid')!r})], workers=1)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as driver:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.05)
        driver.kill()
    worker = int((tmp_path / "pid").read_text())
    for _ in range(500):
        if not is_alive(worker):
            break
        time.sleep(0.02)
    assert not is_alive(worker)


def is_alive(pid):
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_leaves_a_store_that_goes_on(tmp_path, serial):
    told = []

    def progress(count):
        told.append(count)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(double, TABLE, workers=1, store=tmp_path, chunk=100, progress=progress)
    assert 100 <= Sweep.read(tmp_path).counts["ok"] < 1_000
    assert not list(tmp_path.glob("*.lock"))
    assert sweep(double, TABLE, workers=0, store=tmp_path) == serial


def test_what_is_done_is_skipped_and_told_as_progress(tmp_path):
    rows = [{"x": n, "s": 0, "log": str(tmp_path / "log")} for n in (1, 2, 2, 3)]
    told = []
    for _ in range(2):
        sweep(slow, rows, workers=0, store=tmp_path / "s", progress=told.append, chunk=1)
    assert (tmp_path / "log").read_text().split() == ["1", "2", "3"]  # rows of the same content are run once
    assert told == [0, 1, 2, 1, 4]


def test_another_sweep_in_the_store_is_refused(tmp_path):
    sweep(double, TABLE[:3], workers=0, store=tmp_path)
    for function, table, options in (
        (places, TABLE[:3], {}),
        (double, TABLE[:2], {}),
        (double, TABLE[:3], {"seed": 1}),
        (double, TABLE[:3], {"network": tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])}),
    ):
        with pytest.raises(QueryError, match="holds another sweep"):
            sweep(function, table, workers=0, store=tmp_path, **options)


def test_shards_make_the_whole(tmp_path, serial):
    shares = [sweep(double, TABLE, workers=0, store=tmp_path, shard=f"{number}/3") for number in (1, 3)]
    assert [len(share) for share in shares] == [334, 333]
    assert shares[0].inputs[:2] == (TABLE[0], TABLE[3])
    assert Sweep.read(tmp_path).counts == {"ok": 667, "failed": 0, "missing": 333}
    sweep(double, TABLE, workers=0, store=tmp_path, shard="2/3")
    assert Sweep.read(tmp_path) == serial
    assert sweep(double, TABLE, workers=0, store=tmp_path) == serial


def share(number, store, network):
    """Run one of three shares, in a process of its own."""
    sweep(places, TABLE, workers=0, store=store, shard=f"{number}/3", network=network)


@pytest.mark.parametrize("changed", [False, True], ids=["a network that is read", "one in memory"])
def test_shards_that_begin_a_store_at_once_all_succeed(tmp_path, changed):
    network = tiny_network(tmp_path / "net", links=[link("cn-a -- cn-b")]) if changed else None
    context = get_context("spawn")
    for attempt in range(3):
        store = tmp_path / str(attempt)
        shares = [context.Process(target=share, args=(number, store, network)) for number in (1, 2, 3)]
        for each in shares:
            each.start()
        for each in shares:
            each.join()
        assert [each.exitcode for each in shares] == [0, 0, 0]
        assert Sweep.read(store).counts == {"ok": len(TABLE), "failed": 0, "missing": 0}
        assert not [path for path in store.rglob("*") if path.name.startswith(".") or path.suffix == ".lock"]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "1/0", "a/b", 1, "-1/3", "1/3/5"])
def test_a_wrong_shard_is_refused(shard):
    with pytest.raises(QueryError, match="must be i/n"):
        sweep(double, TABLE, workers=0, shard=shard)


def test_a_damaged_part_and_a_half_written_file_are_made_good(tmp_path, serial, caplog):
    sweep(double, TABLE, workers=0, store=tmp_path, chunk=100)
    first, second, *_ = parts_in(tmp_path / "parts")
    first.path.write_bytes(first.path.read_bytes()[:1_000])
    second.path.unlink()
    (tmp_path / "parts" / "all-0-00000099").write_text("half")
    assert Sweep.read(tmp_path).counts["missing"] == 200
    assert sweep(double, TABLE, workers=0, store=tmp_path) == serial
    assert "is damaged" in caplog.text


def test_a_full_disk_ends_the_sweep_and_it_goes_on_later(tmp_path, serial, monkeypatch):
    written = []

    def write_text(path, text):
        written.append(path)
        if len(written) == 4:
            raise WriteError(f"{path} cannot be written (No space left on device)")
        path.write_text(text, newline="\n")

    monkeypatch.setattr("landbridge.routing.studies.sweeps.parts.write_text", write_text)
    with pytest.raises(WriteError, match="No space left"):
        sweep(double, TABLE, workers=1, store=tmp_path, chunk=100)
    assert Sweep.read(tmp_path).counts["ok"] == 300
    assert sweep(double, TABLE, workers=0, store=tmp_path) == serial


def test_a_store_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(QueryError):
        sweep(double, TABLE, workers=0, store=tmp_path / "file")
    with pytest.raises(WriteError):
        sweep(double, TABLE, workers=0, store=tmp_path / "file" / "inside")


def test_failing_rows_are_recorded_and_the_others_go_on(tmp_path):
    asked = ["", "raise", "die", "exit", "list", "", "text"]
    rows = [{"x": n, "do": do} for n, do in enumerate(asked)]
    found = sweep(odd, rows, workers=1, store=tmp_path, retries=2, chunk=1)
    types = ["", "ValueError", "WorkerDiedError", "SystemExit", "DataError", "", "DataError"]
    assert [outcome.error_type for outcome in found.outcomes] == types
    assert "signal SIGKILL" in found.outcomes[2].error
    assert sweep(odd, rows, workers=0, store=tmp_path) == found  # failed rows are done


def test_failed_rows_are_run_again_if_asked(tmp_path, monkeypatch):
    rows = [{"variable": "SWEEP_TEST_READY", "x": n} for n in range(3)]
    assert sweep(starts_late, rows, workers=0, store=tmp_path).counts["failed"] == 3
    monkeypatch.setenv("SWEEP_TEST_READY", "1")
    assert sweep(starts_late, rows, workers=0, store=tmp_path).counts["failed"] == 3
    assert sweep(starts_late, rows, workers=0, store=tmp_path, retry_failed=True).counts["ok"] == 3
    assert Sweep.read(tmp_path).counts["ok"] == 3
    with pytest.raises(QueryError, match="retry_failed has no effect without a store; omit it"):
        sweep(starts_late, rows, workers=0, retry_failed=True)


def test_every_kind_of_scalar_comes_back(tmp_path):
    values = [
        math.nan,
        math.inf,
        -math.inf,
        -0.0,
        0.1,
        1 / 3,
        10**30,
        True,
        None,
        "",
        'a,"b"\r\n',
        "\ud800",
        np.float64(0.2),
    ]
    rows = [{"n": n, "value": value} for n, value in enumerate(values)]
    found = sweep(echo, rows, workers=1, store=tmp_path)
    assert [repr(outcome.outputs["got"]) for outcome in found.outcomes] == [repr(v) for v in [*values[:-1], 0.2]]
    again = Sweep.read(tmp_path)
    assert repr(again.outcomes) == repr(found.outcomes)
    assert repr(again.inputs) == repr(found.inputs)
    assert again.output_columns == ("got", *(f"only_{n}" for n in range(len(values))))  # names may differ by row


def test_an_empty_table_has_an_empty_answer(tmp_path):
    assert sweep(double, [], workers=2, store=tmp_path).counts == {"ok": 0, "failed": 0, "missing": 0}
    assert Sweep.read(tmp_path).inputs == ()


def test_seeds_are_a_column_of_the_answer():
    found = sweep(echo, [{"n": 1, "value": 1}, {"n": 1, "value": 2}], workers=0, seed=3)
    assert len({row["seed"] for row in found.inputs}) == 2
    assert found.inputs == sweep(echo, [{"n": 1, "value": 1}, {"n": 1, "value": 2}], workers=0, seed=3).inputs


def test_a_network_in_memory_goes_through_the_store(tmp_path):
    network = tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])
    rows = [{"x": n} for n in range(4)]
    expected = [{"fingerprint": network_fingerprint(network), "places": 2}] * 4
    for options in ({"workers": 0}, {"workers": 1}, {"workers": 1, "store": tmp_path / "store"}):
        found = sweep(fingerprint, rows, network=network, **options)
        assert [outcome.outputs for outcome in found.outcomes] == expected
    assert found.meta["data_set"]["name"] == network.setting("name")
    with ThreadPoolExecutor(1) as executor, pytest.raises(QueryError, match="only in memory"):
        sweep(fingerprint, rows, network=network, executor=executor)


def test_a_network_that_changed_under_way_ends_the_sweep(tmp_path, monkeypatch):
    tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])
    monkeypatch.setattr(driving, "CHUNK_S", 0.1)
    # The workers find another file than the driver.
    changed = tiny_network(tmp_path / "other", links=[link("cn-a -- cn-b", length_km=101)])
    real = network_reference.read_network

    def read_then_change(path):
        network = real(path)
        (tmp_path / "tiny" / "links.csv").write_bytes((tmp_path / "other" / "links.csv").read_bytes())
        return network

    monkeypatch.setattr(network_reference, "read_network", read_then_change)
    with pytest.raises(LandbridgeError, match="reads other data"):
        sweep(places, TABLE[:4], network=tmp_path / "tiny", workers=1, store=tmp_path / "store")
    assert len(changed.places) == 2
    assert Sweep.read(tmp_path / "store").counts["missing"] == 4


def test_the_scenario_of_a_row_is_applied_once_in_a_process(monkeypatch):
    expected = network_fingerprint(Scenario.read("aktau-hub").apply(load_network()))
    applied, apply = [], Scenario.apply
    monkeypatch.setattr(Scenario, "apply", lambda *given: applied.append(given) or apply(*given))
    monkeypatch.setattr(network_reference, "_CHANGED", type(network_reference._CHANGED)())
    rows = [{"x": n, "scenario": scenario} for n in range(3) for scenario in ("aktau-hub", "", None)]
    found = sweep(fingerprint, rows, workers=0)
    base = network_fingerprint(load_network())
    assert [outcome.outputs["fingerprint"] for outcome in found.outcomes] == [expected, base, base] * 3
    assert len(applied) == 1
    assert sweep(fingerprint, rows, workers=1) == found


def test_a_scenario_that_does_not_exist_ends_the_sweep_before_it_begins(tmp_path):
    with pytest.raises(LandbridgeError, match="aktau-hubb"):
        sweep(double, [{"x": 1, "scenario": "aktau-hubb"}], workers=0, store=tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_scenario_that_cannot_be_applied_ends_the_sweep_before_it_begins(tmp_path):
    change = '[[changes]]\ndo = "close"\nwhat = "links"\nids = ["no-such-link"]\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}"\ntitle = "A typo"\n{change}')
    rows = [{"x": n, "scenario": str(tmp_path / f"{name}.toml")} for n in (1, 2) for name in ("one", "two")]
    with pytest.raises(ScenarioError, match="one cannot be applied: 1 fault; two cannot be applied") as caught:
        sweep(double, [{"x": 3}, *rows], workers=0, store=tmp_path / "store")
    assert len(caught.value.faults) == 2
    mended = [{"x": 3}, {"x": 4, "scenario": "base"}]
    assert sweep(double, mended, workers=0, store=tmp_path / "store").counts["ok"] == 2  # nothing was begun


def test_other_code_of_the_same_version_is_another_sweep(tmp_path, monkeypatch):
    network = tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])
    sweep(double, TABLE[:3], network=network, workers=0, store=tmp_path / "store")
    monkeypatch.setattr(network_reference, "landbridge_code", lambda: "0.1.0 (code 0)")
    with pytest.raises(QueryError, match="holds another sweep: the version or code of landbridge"):
        sweep(double, TABLE[:3], network=network, workers=0, store=tmp_path / "store")


def test_a_changed_scenario_is_another_row(tmp_path):
    path = tmp_path / "own.toml"
    keys = []
    for days in (10, 11):
        path.write_text(
            'name = "own"\ntitle = "Own"\nshows = "a slower port"\nsources = ["A1"]\n[[changes]]\n'
            f'do = "slow"\nwhat = "operations"\nids = ["*"]\nfactor = {days}\n'
        )
        sweep(echo, [{"n": 1, "value": 1, "scenario": str(path)}], workers=0, store=tmp_path / str(days))
        keys.append(Store(tmp_path / str(days)).table()[0])
    assert keys[0] != keys[1]


def test_two_drivers_on_one_store_are_refused(tmp_path):
    with store_lock.locked(tmp_path, "all"), pytest.raises(QueryError, match="is used by another sweep"):
        sweep(double, TABLE, workers=0, store=tmp_path)


def test_a_lambda_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(QueryError, match="workers cannot import the function"):
        sweep(lambda _network, _row: {}, TABLE, store=tmp_path / "store")
    assert not (tmp_path / "store").exists()
