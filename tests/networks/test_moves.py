"""Files moved into a folder together: ended before any step, the folder has the old ones or the new ones.

A kill is an exception after which nothing works any more, until the next run.
"""

import contextlib
import json
import multiprocessing
import os
import threading
import time
from pathlib import Path

import pytest

from landbridge.networks import moves, work_folders
from landbridge.networks.errors import DataError, WriteError
from landbridge.networks.file_sets import MANIFEST, check_set, writing_set
from landbridge.networks.files import replacing, replacing_with, write_text
from landbridge.networks.moves import check_closed, clean, is_moving, move_in, moving_to, new_folder
from landbridge.networks.work_folders import JOURNAL, temporary_folder

STEPS = ("link", "mkdir", "rename", "replace", "rmdir", "unlink")
"""The calls of the system that change a folder."""


class KilledError(BaseException):
    """The process is killed."""


class Steps:
    """Counts the steps of a writer, and ends it before one of them."""

    def __init__(self, monkeypatch, end_before=None, error=KilledError):
        self.count, self.end_before, self.error = 0, end_before, error
        for name in STEPS:
            monkeypatch.setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, call):
        def step(*arguments, **options):
            self.count += 1
            is_last = self.count == self.end_before
            if is_last or (self.error is KilledError and self.end_before and self.count > self.end_before):
                raise self.error
            return call(*arguments, **options)

        return step


def text_of(folder):
    """Return the texts of the visible files of a folder by name; those of a manifest by what it lists."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def write_set(out, text, *, names="ab", add=False):
    with writing_set(out, command="test", add=add) as new:
        for name in names:
            (new / f"{name}.txt").write_text(f"{text} {name}", encoding="utf-8")


def write_pair(out, text, *, side=True):
    if side:
        with replacing_with(out / "a.csv", "a.csv.meta.json") as new:
            (new / "a.csv").write_text(text, encoding="utf-8")
            (new / "a.csv.meta.json").write_text(f"of {text}", encoding="utf-8")
    else:
        write_text(out / "a.csv", text)


def note(out):
    out.mkdir(exist_ok=True)
    (out / "notes.txt").write_text("mine", encoding="utf-8")


def within(out, write, *arguments, **options):
    with contextlib.chdir(out):
        write(*arguments, **options)


WRITERS = {
    "a new folder": (lambda _: None, lambda out: write_set(out, "new")),
    "a folder of nothing else": (lambda out: write_set(out, "old", names="abc"), lambda out: write_set(out, "new")),
    "beside other files": (
        lambda out: (write_set(out, "old", names="abc"), note(out)),
        lambda out: write_set(out, "new", names="abd"),
    ),
    "first files beside others": (note, lambda out: write_set(out, "new")),
    "files added to a set": (
        lambda out: write_set(out, "old", names="ab"),
        lambda out: write_set(out, "new", names="bc", add=True),
    ),
    "the current folder": (
        lambda out: write_set(out, "old", names="abc"),
        lambda out: within(out, write_set, ".", "new"),
    ),
    "a table and its side file": (lambda out: write_pair(out, "old"), lambda out: write_pair(out, "new")),
    "a first table beside others": (note, lambda out: write_pair(out, "new")),
    "a table without a side file": (
        lambda out: write_pair(out, "old", side=False),
        lambda out: write_pair(out, "new"),
    ),
    "one file": (
        lambda out: write_pair(out, "old", side=False),
        lambda out: write_pair(out, "new", side=False),
    ),
}


def steps_of(tmp_path, monkeypatch, before, write):
    """Return the number of steps of a writer, and the old and the new files."""
    out = tmp_path / "counted"
    before(out)
    old = text_of(out) if out.exists() else {}
    with monkeypatch.context() as patch:
        steps = Steps(patch)
        write(out)
    return steps.count, old, text_of(out)


@pytest.fixture(params=["links", "no links"])
def _links(request, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no links here")

    if request.param == "no links":
        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("end", [KilledError, KeyboardInterrupt])
@pytest.mark.parametrize(("before", "write"), WRITERS.values(), ids=WRITERS)
def test_ended_before_any_step_the_files_are_the_old_or_the_new_ones(tmp_path, monkeypatch, before, write, end):
    # The temporary folders of this process count as those of one that has ended.
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    count, old, new = steps_of(tmp_path, monkeypatch, before, write)
    assert count > 1
    for step in range(1, count + 1):
        out = tmp_path / str(step) / "out"
        out.parent.mkdir()
        before(out)
        with monkeypatch.context() as patch:
            Steps(patch, step, end)
            with pytest.raises(end):
                write(out)
        seen = text_of(out) if out.exists() else {}
        if end is KeyboardInterrupt:
            assert seen in (old, new), f"interrupted before step {step} of {count}"
        # What seals the files is never beside others than its own, not even before the next run.
        for seal in (MANIFEST, "a.csv.meta.json"):
            if seal in seen:
                assert seen in (old, new), f"{seal} after a kill before step {step} of {count}"
        clean(out.parent)
        clean(out)
        seen = text_of(out) if out.exists() else {}
        assert seen in (old, new), f"ended before step {step} of {count}"
        assert [path.name for path in out.parent.iterdir()] == (["out"] if out.exists() else [])
        assert not list(out.rglob(".*"))
        write(out)
        assert text_of(out) == new


def killed(monkeypatch, write, *, at):
    """Kill a writer before a step, by the name of its call and the end of the path."""
    with monkeypatch.context() as patch:
        name, ending = at
        steps = Steps(patch)
        call = getattr(os, name)

        def stop(source, target, **options):
            if str(target).endswith(ending):
                steps.end_before, steps.count = 1, 1
                raise KilledError
            return call(source, target, **options)

        patch.setattr(os, name, stop)
        with pytest.raises(KilledError):
            write()


def test_one_file_beside_a_killed_set_does_not_remove_what_the_set_had_moved(tmp_path, monkeypatch):
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    out = tmp_path / "out"
    write_set(out, "old", names="abc")
    note(out)
    old = text_of(out)
    killed(monkeypatch, lambda: write_set(out, "new"), at=("replace", "out/b.txt"))
    assert MANIFEST not in text_of(out)
    write_text(out / "other.txt", "mine")
    assert text_of(out) == old | {"other.txt": b"mine"}


def test_one_file_beside_a_folder_renamed_aside_does_not_remove_it(tmp_path, monkeypatch):
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    out = tmp_path / "out"
    write_set(out, "old")
    old = text_of(out)
    killed(monkeypatch, lambda: write_set(out, "new"), at=("rename", "/out"))
    assert not out.exists()
    write_text(tmp_path / "other.txt", "mine")
    assert text_of(out) == old


def test_a_folder_made_anew_after_a_kill_gets_the_earlier_files_back_beside_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    out = tmp_path / "out"
    write_set(out, "old")
    old = text_of(out)
    killed(monkeypatch, lambda: write_set(out, "new"), at=("rename", "/out"))
    note(out)
    (out / "a.txt").write_text("mine", encoding="utf-8")
    clean(tmp_path)
    assert text_of(out) == old | {"notes.txt": b"mine", "a.txt": b"mine"}
    # Two files of one name: neither is removed.
    (parked,) = (path for path in tmp_path.iterdir() if path != out)
    assert text_of(parked) == {"a.txt": b"old a"}


def test_a_file_that_was_written_after_a_kill_is_not_undone(tmp_path, monkeypatch):
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    out = tmp_path / "out"
    write_set(out, "old", names="abc")
    note(out)
    killed(monkeypatch, lambda: write_set(out, "new", names="abc"), at=("replace", "out/c.txt"))
    assert (out / "a.txt").read_text() == "new a"
    (out / "a.txt").write_text("mine, longer", encoding="utf-8")
    clean(out)
    assert {name: text for name, text in text_of(out).items() if name != MANIFEST} == {
        "a.txt": b"mine, longer",
        "b.txt": b"old b",
        "c.txt": b"old c",
        "notes.txt": b"mine",
    }


def test_where_the_moves_cannot_be_undone_their_folder_stays_until_they_can(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_set(out, "old", names="abc")
    note(out)
    old = text_of(out)
    replace = Path.replace

    def refuse(self, target):
        if Path(target).name == "b.txt" or self.parent.name == "old":
            raise PermissionError(13, "in use by another program")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(WriteError, match="in use"):
            write_set(out, "new")
    assert is_moving(out)
    # Nobody reads parts of two sets, and no run of another process removes what the first one still needs.
    with pytest.raises(DataError, match="are being replaced by another run; wait until it has ended"):
        check_set(out)
    write_text(out / "other.txt", "mine")
    assert is_moving(out)
    monkeypatch.setattr(work_folders, "_is_left", lambda _: True)
    check_set(out)
    assert text_of(out) == old | {"other.txt": b"mine"}
    assert not is_moving(out)


FORGED = {
    "a path upwards": {"last": "m", "new": {"../mine.txt": [4, 0]}, "gone": []},
    "an absolute path": {"last": "m", "new": {}, "gone": ["{outside}/mine.txt"]},
    "a path upwards that goes": {"last": "m", "new": {}, "gone": ["../../outside/mine.txt"]},
    "a last file elsewhere": {"last": "../mine.txt", "new": {}, "gone": []},
    "a name that is none": {"last": "m", "new": {"..": [4, 0]}, "gone": []},
    "a name with NUL": {"last": "m", "new": {}, "gone": ["a\0b"]},
    "a list of files": {"last": "m", "new": ["a"], "gone": []},
    "a number as a name": {"last": 3, "new": {}, "gone": []},
    "no files": {},
    "no object": None,
}


def leave(folder, journal, *, parked=False):
    """Leave a temporary folder as a killed run of another machine would have, with a journal of any content."""
    work = folder / ".writing-00000000-1-aaaaaaaa"
    if parked:
        work = folder / f"{work.name}.set" / work.name
    for name in ("new", "old"):
        (work / name).mkdir(parents=True)
    (work / "new/m").touch()
    if parked:
        (work / "new/m").unlink()
        (work / "new").rmdir()
    (work / JOURNAL).write_text(journal)
    left = work.parent if parked else work
    os.utime(left, (0, 0))
    return left


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    os.utime(folder / "mine.txt", (0, 0))
    return folder


@pytest.mark.parametrize("parked", [False, True])
@pytest.mark.parametrize("forged", FORGED)
def test_a_journal_that_names_files_elsewhere_or_is_none_moves_and_removes_nothing(outside, forged, parked):
    out = outside / "out"
    out.mkdir()
    left = leave(out, json.dumps(FORGED[forged]).replace("{outside}", str(outside)), parked=parked)
    clean(out)
    assert (outside / "mine.txt").read_text() == "mine"
    assert left.exists()


@pytest.mark.parametrize("text", ["", "{", "\x00" * 40, "[" * 100_000])
def test_a_journal_damaged_by_a_crash_of_the_machine_stops_nobody_and_loses_nothing(tmp_path, text):
    out = tmp_path / "out"
    write_set(out, "old")
    (leave(out, text) / "old/kept.txt").write_text("kept")
    write_text(out / "other.txt", "mine")
    write_text(out / "other.txt", "mine again")
    assert (out / ".writing-00000000-1-aaaaaaaa/old/kept.txt").read_text() == "kept"
    with pytest.raises(DataError, match="If there is none, take what you need out of the hidden folder"):
        check_set(out)


@pytest.mark.parametrize("name", ["old", "new", JOURNAL])
def test_links_in_a_temporary_folder_are_not_followed(tmp_path, outside, name):
    out = tmp_path / "out"
    work = leave(out, json.dumps({"last": "m", "new": {}, "gone": []}))
    place = work / name
    place.rename(outside / name)
    place.symlink_to(outside / name if name == JOURNAL else outside)
    os.utime(work, (0, 0))
    clean(out)
    assert (outside / "mine.txt").read_text() == "mine"
    assert work.exists()


@pytest.mark.parametrize("name", ["..", ".", "sub"])
def test_a_parked_folder_whose_name_leads_elsewhere_is_left(outside, name):
    folder = outside / "net"
    folder.mkdir()
    (folder / "sub").symlink_to(outside)
    left = folder / f".writing-00000000-1-aaaaaaaa.{name}"
    left.mkdir()
    (left / "planted.txt").touch()
    os.utime(left, (0, 0))
    clean(folder)
    assert (left / "planted.txt").exists()
    assert sorted(path.name for path in outside.iterdir()) == ["mine.txt", "net"]


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes")
@pytest.mark.parametrize("alone", [True, False])
def test_what_replaces_a_private_file_is_private(tmp_path, alone):
    out = tmp_path / "out"
    for text in ("old", "new"):
        write_set(out, text)
        if not alone:
            write_text(out / "other.txt", text)
        files = (out, *out.iterdir())
        if text == "new":
            assert {path.stat().st_mode & 0o077 for path in files} == {0}
        for path in files:
            path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give a folder to another user")
def test_the_folder_of_another_user_stays_theirs(tmp_path):
    out = tmp_path / "out"
    write_set(out, "old")
    os.chown(out, 65_534, 65_534)
    write_set(out, "new")
    assert (out.stat().st_uid, out.stat().st_gid) == (65_534, 65_534)


def test_a_journal_tells_that_moves_are_under_way(tmp_path):
    with temporary_folder(tmp_path) as work:
        (new_folder(work) / "a.txt").write_text("1")
        assert not is_moving(tmp_path)
        (work / JOURNAL).write_text("{}")
        assert is_moving(tmp_path)
        (work / JOURNAL).unlink()
        move_in(work, tmp_path, last="a.txt")
        assert not is_moving(tmp_path)
    assert text_of(tmp_path) == {"a.txt": b"1"}


def one_geopackage(folder):
    with replacing(folder / "a.gpkg") as temporary:
        temporary.write_text("new")


def geopackage_with_project(folder):
    with replacing_with(folder / "a.gpkg", "a.qgz") as new:
        (new / "a.gpkg").write_text("new")
        (new / "a.qgz").write_text("new")


def set_with_geopackage(folder):
    with writing_set(folder, command="test") as new:
        (new / "landbridge.gpkg").write_text("new")


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_geopackage_with_changes_of_another_program_is_not_replaced(tmp_path, ending):
    """SQLite would add what is beside the earlier file to the new one."""
    path = tmp_path / "a.gpkg"
    path.write_text("old")
    side = tmp_path / f"a.gpkg{ending}"
    side.write_text("")
    check_closed(path)
    side.write_text("changes")
    message = rf"\.gpkg is open in another program, which has changes to it in \w+\.gpkg{ending}; close it there"
    (tmp_path / f"landbridge.gpkg{ending}").write_text("changes")
    for write in (one_geopackage, geopackage_with_project, set_with_geopackage):
        with pytest.raises(WriteError, match=message):
            write(tmp_path)
    assert text_of(tmp_path).keys() == {"a.gpkg", side.name, f"landbridge.gpkg{ending}"}
    assert path.read_text() == "old"


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be locked")
def test_one_run_at_a_time_puts_files_into_a_folder(tmp_path):
    order, inside = [], threading.Event()

    def second():
        inside.wait()
        with moving_to(tmp_path / "out"):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with moving_to(tmp_path / "out"):
        inside.set()
        with moving_to(tmp_path / "out"), moving_to(tmp_path / "other" / "folder"):  # as for the files of a set
            time.sleep(0.1)
            order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be locked")
@pytest.mark.parametrize("error", [BlockingIOError, PermissionError])
def test_where_a_folder_cannot_be_locked_or_the_other_run_does_not_end_nobody_waits_forever(
    tmp_path, monkeypatch, error
):
    def refuse(*_):
        raise error

    monkeypatch.setattr(moves.fcntl, "flock", refuse)
    monkeypatch.setattr(moves, "_PATIENCE_S", 0.05)
    write_set(tmp_path / "out", "new")
    assert set(text_of(tmp_path / "out")) == {"a.txt", "b.txt", MANIFEST}


def wrote_often(out, text):
    """Write a set again and again, in a process of its own."""
    for _ in range(10):
        write_set(out, text)


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be locked")
@pytest.mark.parametrize("before", ["a new folder", "beside other files"])
def test_runs_that_write_to_one_folder_at_once_all_succeed(tmp_path, before):
    out = tmp_path / "out"
    if before == "beside other files":
        out.mkdir()
        note(out)
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=wrote_often, args=(out, text)) for text in ("one", "two", "three")]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    check_set(out)
    texts = {path.read_text(encoding="utf-8").split()[0] for path in out.glob("[ab].txt")}
    assert len(texts) == 1
    assert not list(tmp_path.rglob(".*"))
