"""Entries are checked when they are read, made anew where damaged, and done without where nothing can be written."""

import logging
import os
from hashlib import shake_256
from pathlib import Path

import numpy as np
import pytest

from landbridge.networks import caches
from landbridge.networks.caches import Entry, cache_folder, digest, kept_arrays, source_of

ARRAYS = {"km": np.array([2.5, 1.0]), "gauge": np.array([1435, 1520], dtype=np.int32), "country": np.array(["KZ", ""])}


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch, caplog):
    monkeypatch.setattr(caches, "_TOLD", set())
    caplog.set_level(logging.WARNING)


def kept(folder, key="a"):
    """Return the arrays from a folder, and whether they were made for that."""
    made = []
    arrays = kept_arrays("base", key, lambda: made.append(True) or ARRAYS, folder=folder)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
    return bool(made)


def test_arrays_are_made_once_for_each_key(tmp_path):
    assert [kept(tmp_path), kept(tmp_path), kept(tmp_path, "b"), kept(tmp_path)] == [True, False, True, False]


def flipped(content):
    """Return a content with one bit changed in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGE = {
    "empty": lambda _: b"",
    "one byte": lambda content: content[:1],
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "random": lambda content: shake_256(b"").digest(len(content)),
    "bit": flipped,
    "longer": lambda content: content + b"\0",
    "checksum alone": lambda content: content[:32],
    "checksum lost": lambda content: content[32:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_entry_is_made_anew_and_that_is_told_once(damage, tmp_path, caplog):
    kept(tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert [kept(tmp_path), kept(tmp_path)] == [True, False]
    assert [record.getMessage() for record in caplog.records] == [
        f"{file} is damaged and is created again, which takes a few seconds"
    ]
    assert file.stat().st_size == len(whole)


def test_the_content_of_another_entry_is_damage(tmp_path, caplog):
    kept(tmp_path, "a")
    kept(tmp_path, "b")
    first, second = sorted(tmp_path.iterdir())
    second.write_bytes(first.read_bytes())
    assert kept(tmp_path, "b")
    assert "base-b.npz is damaged" in caplog.text


def test_damage_is_told_once_for_all_entries_of_a_topic(tmp_path, caplog):
    for name in "ab":
        entry = Entry(name, "key", ".x", tmp_path, "topic")
        entry.path.write_bytes(b"torn")
        assert entry.read() is None
    assert len(caplog.records) == 1


@pytest.mark.parametrize("where", ["a file", "below a file", "nowhere"])
def test_without_a_folder_nothing_is_kept_and_that_is_told_once(where, tmp_path, caplog, monkeypatch):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    folder = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "below", "nowhere": None}[where]
    monkeypatch.setattr(caches, "cache_folder", lambda: None)
    assert [kept(folder), kept(folder, "b")] == [True, True]
    (message,) = [record.getMessage() for record in caplog.records]
    assert "nothing can be cached" in message
    assert "LANDBRIDGE_CACHE" in message
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_told_and_leaves_no_half_of_an_entry(tmp_path, caplog, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert kept(tmp_path)
    assert "No space left on device" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_an_entry_is_told_and_changes_no_answer(tmp_path, caplog):
    kept_arrays("x", "k", lambda: {"a": np.arange(3)}, folder=tmp_path)
    (entry,) = tmp_path.iterdir()
    entry.unlink()
    entry.mkdir()
    found = kept_arrays("x", "k", lambda: {"a": np.arange(3)}, folder=tmp_path)
    assert found["a"].tolist() == [0, 1, 2]
    assert "is a folder" in caplog.text


def test_a_folder_that_can_only_be_read_serves_what_it_holds(tmp_path, caplog, monkeypatch):
    kept(tmp_path)
    monkeypatch.setattr(caches, "is_writable", lambda _: pytest.fail("asked to write"))
    assert not kept(tmp_path)
    assert not caplog.records


def test_of_entries_of_one_name_the_newest_are_kept(tmp_path):
    other = Entry("bases", "0", ".npz", tmp_path)
    other.keep(b"another name")
    for age in range(12, 0, -1):
        entry = Entry("base", f"{age:02}", ".npz", tmp_path)
        entry.keep(b"")
        os.utime(entry.path, (1000 - age, 1000 - age))
    Entry("base", "00", ".npz", tmp_path).keep(b"")
    # The last one, and 7 of the 12 before it.
    assert sorted(file.stem for file in tmp_path.glob("base-*")) == [f"base-{age:02}" for age in range(8)]
    assert other.read() == b"another name"


def test_a_key_tells_parts_and_their_order_apart():
    assert digest("a", "b") == digest(b"a", b"b")
    assert len({digest("a", "b"), digest("b", "a"), digest("ab"), digest("ab", "")}) == 4


def test_the_source_of_a_module_is_its_file():
    assert source_of(caches.__name__, __name__) == Path(caches.__file__).read_bytes() + Path(__file__).read_bytes()


def test_the_folder_is_that_of_the_environment_or_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("LANDBRIDGE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in cache_folder().parents
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "with a space"))
    assert cache_folder() == tmp_path / "with a space"
    monkeypatch.setenv("LANDBRIDGE_CACHE", "here")
    assert cache_folder() == Path.cwd() / "here"


@pytest.mark.skipif(os.name != "posix", reason="homes are looked up in another way")
def test_the_folder_follows_the_convention_of_the_desktop(tmp_path, monkeypatch):
    monkeypatch.delenv("LANDBRIDGE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "landbridge"


@pytest.mark.skipif(os.name != "posix", reason="homes are looked up in another way")
def test_a_user_that_the_system_does_not_know_has_no_folder(monkeypatch):
    def unknown(uid):
        raise KeyError(uid)

    for name in ("LANDBRIDGE_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert cache_folder() is None


@pytest.mark.parametrize(
    ("variable", "cure"),
    [(None, "written in LANDBRIDGE_CACHE\n"), ("file/x", "written in LANDBRIDGE_CACHE, which is now ")],
)
def test_the_cure_of_an_unwritable_folder_fits_where_its_name_came_from(tmp_path, monkeypatch, caplog, variable, cure):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    monkeypatch.delenv("LANDBRIDGE_CACHE", raising=False)
    if variable:
        monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / variable))
    monkeypatch.setattr(caches, "_TOLD", set())
    assert not caches.is_writable(tmp_path / "file" / "x")
    assert cure in caplog.text
