"""Hidden folders for files that are being written, and errors that name the path the user gave."""

import os
import signal
import sqlite3
import tempfile
from pathlib import Path

import pytest

from landbridge.networks import work_folders
from landbridge.networks.errors import DataError, WriteError
from landbridge.networks.work_folders import JOURNAL, leftovers, naming, remove, temporary_folder, temporary_folders


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_the_end_of_what_must_not_be_cut_short(number):
    done, earlier = [], signal.signal(number, lambda *_: done.append("signal"))
    try:
        with work_folders.undisturbed():
            signal.raise_signal(number)
            done.append("work")
        signal.raise_signal(number)
    finally:
        signal.signal(number, earlier)
    assert done == ["work", "signal", "signal"]


def test_nothing_is_left_of_a_temporary_folder_if_ctrl_c_comes_while_it_is_made(tmp_path, monkeypatch):
    make = tempfile.mkdtemp

    def interrupted(*given, **named):
        signal.raise_signal(signal.SIGINT)
        return make(*given, **named)

    monkeypatch.setattr(tempfile, "mkdtemp", interrupted)
    with pytest.raises(KeyboardInterrupt), work_folders.temporary_folder(tmp_path / "out"):
        pytest.fail("begun")
    assert list(tmp_path.iterdir()) == []
