"""Hidden folders for files that are being written, and errors that name the path the user gave."""

import contextlib
import os
import signal
import sqlite3
import tempfile
from pathlib import Path

import pytest

from landbridge.networks import work_folders
from landbridge.networks.errors import DataError, WriteError
from landbridge.networks.work_folders import (
    JOURNAL,
    leftovers,
    made_folder,
    naming,
    placed_files,
    placing,
    recording,
    remove,
    temporary_folder,
    temporary_folders,
)


def test_a_temporary_folder_is_hidden_and_goes_with_the_folders_made_for_it(tmp_path):
    with temporary_folder(tmp_path / "one" / "two") as folder:
        assert folder.name.startswith(".writing-")
        assert temporary_folders(tmp_path / "one" / "two") == [folder]
        assert leftovers(folder.parent) == []  # its process is running
        (folder / "a.txt").write_text("1")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_or_has_a_file_now_stays(tmp_path):
    (tmp_path / "one").mkdir()
    with temporary_folder(tmp_path / "one"), temporary_folder(tmp_path / "two" / "three"):
        (tmp_path / "two" / "a.txt").write_text("mine")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "one", "two"]


def test_a_folder_with_moves_to_be_undone_is_not_removed(tmp_path):
    with temporary_folder(tmp_path) as folder:
        (folder / JOURNAL).write_text("{}")
    assert folder.is_dir()
    (folder / JOURNAL).unlink()
    remove(folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", [".writing-thesis", ".writing-00000000-1-abcdefgh", "writing"])
def test_files_and_links_and_folders_of_others_are_no_temporary_folders(tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / name).symlink_to(tmp_path / "mine", target_is_directory=True)
    assert temporary_folders(tmp_path) == []
    (tmp_path / name).unlink()
    (tmp_path / name).write_text("mine")
    assert temporary_folders(tmp_path) == []


def fail(error, path, hidden=None):
    with naming(path, hidden, path.parent):
        raise error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No space left on device"), r"No space left on device"),
        (PermissionError(13, "Permission denied", "out/.writing-0/a.gpkg"), r"Permission denied"),
        (PermissionError(13, "Permission denied", "out/a.gpkg"), r"Permission denied"),
        (OSError("pyarrow: error in out/.writing-0/a.gpkg"), r"pyarrow: error in out/a\.gpkg"),
        (
            sqlite3.OperationalError("disk is full: out/.writing-0/a.gpkg"),
            r"disk is full: out/a\.gpkg, with .* MB free",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_of_writing_names_the_path_that_was_given(error, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out" / ".writing-0").mkdir(parents=True)
    with pytest.raises(WriteError, match=rf"^out/a\.gpkg cannot be written \({reason}\); give another file or folder$"):
        fail(error, Path("out/a.gpkg"), Path("out/.writing-0"))


def test_an_error_of_a_file_within_a_set_names_the_file_of_the_set(tmp_path):
    new = tmp_path / ".writing-0"
    inner = WriteError(f"{new / 'a.csv'} cannot be written (No space left on device); give another file or folder")
    with pytest.raises(WriteError, match=rf"^{tmp_path / 'a.csv'} cannot be written \(No space"):
        fail(inner, tmp_path / "out", new)


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file", "demand.csv"),
        DataError("links.csv is wrong"),
        ConnectionResetError(104, "Connection reset by peer"),
        TimeoutError(110, "Connection timed out"),
        ZeroDivisionError("an error of the program"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_errors_pass(error, tmp_path):
    with pytest.raises(type(error)) as caught:
        fail(error, tmp_path / "a.csv", tmp_path / ".writing-0")
    assert caught.value is error


def test_a_library_that_cannot_write_a_geopackage_is_named_with_the_path(tmp_path):
    pyogrio = pytest.importorskip("pyogrio")
    error = pyogrio.errors.DataSourceError("Failed to commit transaction")
    with pytest.raises(
        WriteError, match=r"a\.gpkg cannot be written \(Failed to commit transaction, with .* MB free\)"
    ):
        fail(error, tmp_path / "a.gpkg", tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="limits are set in another way")
def test_a_limit_of_the_size_of_files_is_an_error_of_writing(tmp_path):
    from landbridge.networks.files import write_text
    from tests.support.refusals import largest_file

    with largest_file(1000), pytest.raises(WriteError, match=r"a\.txt cannot be written \(File too large\)"):
        write_text(tmp_path / "a.txt", "a" * 2000)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_temporary_folder_if_ctrl_c_comes_while_it_is_made(tmp_path, monkeypatch):
    make = tempfile.mkdtemp

    def interrupted(*given, **named):
        signal.raise_signal(signal.SIGINT)
        return make(*given, **named)

    monkeypatch.setattr(tempfile, "mkdtemp", interrupted)
    with pytest.raises(KeyboardInterrupt), work_folders.temporary_folder(tmp_path / "out"):
        pytest.fail("begun")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("entered", [1, 2, 3], ids=["before it", "in it", "after it"])
def test_ctrl_c_around_the_removal_of_a_temporary_folder_leaves_nothing(entered, tmp_path, monkeypatch):
    waiting, calls = work_folders.undisturbed, []

    @contextlib.contextmanager
    def struck():
        calls.append(1)
        if len(calls) == 1 and entered == 1:
            signal.raise_signal(signal.SIGINT)
        with waiting():
            if len(calls) == 1 and entered == 2:
                signal.raise_signal(signal.SIGINT)
            yield
        if len(calls) == 1 and entered == 3:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), work_folders.temporary_folder(tmp_path / "out"):
        monkeypatch.setattr(work_folders, "undisturbed", struck)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_none_that_was_left_whatever_the_clock_says(tmp_path, monkeypatch):
    monkeypatch.setattr(work_folders.time, "time", lambda: 4.1e9)
    with temporary_folder(tmp_path) as folder:
        assert leftovers(tmp_path) == []
        parked = folder.rename(tmp_path / f"{folder.name}.out")
        assert leftovers(tmp_path) == []
        parked.rename(folder)
    folder.mkdir()
    assert leftovers(tmp_path) == [folder], "one of this process that it does not use any more"


@pytest.mark.skipif(os.name == "nt", reason="folders have no such rule there")
def test_what_another_user_left_where_anybody_writes_is_not_ours(tmp_path, monkeypatch):
    with temporary_folder(tmp_path) as folder:
        pass
    folder.mkdir()
    monkeypatch.setattr(work_folders.time, "time", lambda: 4.1e9)
    owner = os.geteuid()
    with monkeypatch.context() as another:
        another.setattr(os, "geteuid", lambda: owner + 1)
        assert leftovers(tmp_path) == [folder], "in a folder of a team whoever comes next cleans"
        tmp_path.chmod(0o1777)
        assert leftovers(tmp_path) == []
    assert leftovers(tmp_path) == [folder]


def test_a_folder_that_another_run_removes_while_it_was_empty_is_made_again(tmp_path, monkeypatch):
    make, removed = tempfile.mkdtemp, []

    def raced(*given, **named):
        if not removed:
            removed.append(named["dir"].rmdir())
        return make(*given, **named)

    monkeypatch.setattr(tempfile, "mkdtemp", raced)
    with temporary_folder(tmp_path / "a" / "out") as folder:
        assert folder.is_dir()
    assert (removed, list(tmp_path.iterdir())) == ([None], [])


def test_a_folder_made_for_what_fails_goes_and_one_with_files_stays(tmp_path):
    with made_folder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()
    assert list(tmp_path.iterdir()) == []
    with made_folder(tmp_path / "a" / "b"):
        (tmp_path / "a" / "file").write_text("mine")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["file"]
    with (
        pytest.raises(WriteError, match=r"a.file cannot be written \(Not a directory\)"),
        made_folder(tmp_path / "a" / "file" / "b", tmp_path / "a" / "file"),
    ):
        pytest.fail("made")


def test_what_is_put_into_place_is_recorded_before_a_signal_ends_the_program(tmp_path):
    assert placed_files() == []
    with recording():
        with pytest.raises(KeyboardInterrupt), placing(tmp_path / "a"):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(ZeroDivisionError), placing(tmp_path / "b"):
            raise ZeroDivisionError
        assert placed_files() == [tmp_path / "a"]
    assert placed_files() == []


def test_a_folder_that_its_run_removes_in_this_moment_is_none_that_was_left(tmp_path, monkeypatch):
    other = tmp_path / f".writing-{work_folders.machine()}-1-abcdefgh"
    other.mkdir()

    def removed(_):
        other.rmdir()
        return True

    monkeypatch.setattr(work_folders, "is_running", removed)
    assert leftovers(tmp_path) == []


def test_a_folder_of_a_container_with_the_name_of_this_machine_is_left_to_it(tmp_path, monkeypatch):
    # The container counts processes itself: the number of its process may be that of none here.
    monkeypatch.setattr(work_folders, "machine", machine_of("pid:[1]"))
    other = Path(tempfile.mkdtemp(prefix=f".writing-{work_folders.machine()}-4194305-", dir=tmp_path))
    assert leftovers(tmp_path) == [other]
    monkeypatch.setattr(work_folders, "machine", machine_of("pid:[2]"))
    assert leftovers(tmp_path) == []


def machine_of(numbering):
    """Return `machine` of a process whose numbers are given in this way."""

    def machine():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "readlink", lambda _: Path(numbering))
            return work_folders.machine.__wrapped__()

    machine.__wrapped__ = work_folders.machine.__wrapped__
    return machine
