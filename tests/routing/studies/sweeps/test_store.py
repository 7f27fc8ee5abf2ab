"""The store of a sweep: what it is of, and what is refused."""

import subprocess
import sys
from dataclasses import replace

import pytest

from landbridge.networks import DataError, QueryError, work_folders
from landbridge.networks.caches import digest
from landbridge.networks.errors import WriteError
from landbridge.routing.studies.sweeps.store import MANIFEST, TABLE, Store, Study, opened
from landbridge.routing.studies.sweeps.work import Outcome

TEMPORARY = f".writing-{work_folders.machine()}"
KEYS, ROWS = ["k1", "k2"], [{"x": 1.5}, {"x": None}]
STUDY = Study("0.1.0", "m.f", "source", "network", None, digest(*KEYS))


def dead_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


@pytest.fixture
def store(tmp_path):
    held = Store(tmp_path / "store")
    with held.made():
        held.begin(STUDY, {"a": 1}, KEYS, ROWS)
        yield held


def test_a_store_says_what_it_is_of(store):
    assert store.manifest()["meta"] == {"a": 1}
    assert store.table() == (KEYS, ROWS)
    assert store.outcomes() == {}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"landbridge": "0.2"}, "the version or code of landbridge"),
        ({"function": "m.g"}, "the name of the function"),
        ({"source": "x"}, "the source of the function"),
        ({"network": "x"}, "the data of the network"),
        ({"seed": 1}, "the seed"),
        # The hash of the table depends on all the rest.
        ({"table": "x", "network": "x"}, "the data of the network"),
        ({"table": "x"}, "a scenario of the table"),
    ],
)
def test_another_sweep_is_refused_with_what_differs(store, change, named):
    store.begin(STUDY, {}, KEYS, ROWS)
    with pytest.raises(QueryError, match=f"holds another sweep: {named} differs"):
        store.begin(replace(STUDY, **change), {}, KEYS, ROWS)
    assert store.manifest()["meta"] == {"a": 1}


def test_a_table_that_differs_is_told_apart_from_a_seed_that_does(store):
    for rows, named in (
        ([{"x": 1.5, "seed": 7}, {"x": None, "seed": 8}], "the seed"),
        (ROWS[:1], "the seed, the table"),
    ):
        with pytest.raises(QueryError, match=f"holds another sweep: {named} differs"):
            store.begin(replace(STUDY, table="x", seed=1), {}, KEYS, rows)


def test_of_drivers_that_begin_at_once_the_first_one_wins(store):
    store._create_manifest({"format": 1, "study": {}, "rows": 0, "meta": {}})
    assert store.manifest()["rows"] == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99, "study": {}}', "\0"])
def test_a_manifest_of_another_kind_is_refused(store, text):
    (store.folder / MANIFEST).write_text(text)
    with pytest.raises(DataError, match="no manifest of a sweep"):
        store.manifest()


@pytest.mark.parametrize("text", ["", '{"key": "k1", "row": {"x": 1.5}}\n', "{", '{"key": "k1"}\n'])
def test_a_damaged_table_is_refused(store, text):
    (store.folder / TABLE).write_text(text)
    with pytest.raises(DataError, match="is damaged"):
        store.table()


def test_a_folder_without_a_sweep_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no sweep"):
        Store(tmp_path).manifest()


def test_an_outcome_that_is_ok_stands_before_one_that_failed(store):
    for outcome in (Outcome("failed", {}, "E", "e"), Outcome("ok", {"y": 1}), Outcome("failed", {}, "E", "e")):
        store.writer("all").write({"k1": outcome})
    assert store.outcomes() == {"k1": Outcome("ok", {"y": 1})}


def test_a_damaged_part_is_removed_only_for_repair(store):
    store.writer("all").write({"k1": Outcome("ok", {"y": 1})})
    part = next(store.parts.iterdir())
    part.write_bytes(part.read_bytes()[:-5])
    assert store.outcomes() == {}
    assert part.exists()
    assert store.outcomes(repair=True) == {}
    assert not part.exists()


def test_a_store_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(QueryError, match="is a file"):
        Store(tmp_path / "file")
    with pytest.raises(QueryError, match="cannot be written"), Store(tmp_path / "file" / "inside").made():
        pytest.fail("made")


def test_without_a_folder_nothing_is_left():
    with opened(None) as store:
        folder = store.folder
        assert folder.is_dir()
    assert not folder.exists()


def test_what_a_killed_run_left_in_a_store_goes_with_the_next_one(store):
    left = [folder / f"{TEMPORARY}-{dead_pid()}-abcdefgh" for folder in (store.folder, store.parts)]
    for folder in left:
        folder.mkdir()
    with opened(store.folder):
        assert not any(folder.exists() for folder in left)


@pytest.mark.parametrize("rows", [False, True])
@pytest.mark.parametrize("is_shared", [False, True])
def test_nothing_is_left_of_a_sweep_whose_first_rows_cannot_be_written(tmp_path, rows, is_shared):
    def fail():
        with opened(tmp_path / "store") as store, store.kept_with_rows(is_shared=is_shared):
            (store.folder / "network-1").mkdir()
            store.begin(STUDY, {}, KEYS, ROWS)
            if rows:
                store.writer("all").write({"k1": Outcome("ok", {"y": 1})})
            raise WriteError

    with pytest.raises(WriteError):
        fail()
    store = Store(tmp_path / "store")
    assert (tmp_path / "store").exists() == store.is_begun == (rows or is_shared)


def test_a_sweep_that_was_begun_earlier_stays_if_it_fails(store):
    with pytest.raises(WriteError), store.kept_with_rows(is_shared=False):
        raise WriteError
    assert store.is_begun


def test_no_table_is_left_without_a_manifest(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "_create_manifest", fail)
    with pytest.raises(OSError, match="No space"), opened(tmp_path / "store") as store:
        store.begin(STUDY, {}, KEYS, ROWS)
    assert list(tmp_path.iterdir()) == []


def test_sigterm_leaves_nothing_of_a_store_that_is_only_made(tmp_path):
    code = (
        "import os, signal, sys, time; from landbridge.routing.studies.sweeps.store import opened\n"
        "with opened(sys.argv[1]):\n    os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "store"], check=False).returncode == 143
    assert list(tmp_path.iterdir()) == []
