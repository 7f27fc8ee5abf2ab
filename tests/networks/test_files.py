"""Files that are written whole or not at all."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from landbridge.networks import DataError, QueryError
from landbridge.networks.errors import WriteError
from landbridge.networks.files import replacing, replacing_with, sha256_of, write_text, year_of_file


def write_half(path, interruption):
    """Begin to write a file and be interrupted."""
    with replacing(path) as temporary:
        temporary.write_text("half of the n")
        raise interruption


def test_a_file_is_written_in_utf_8_with_unix_line_ends(tmp_path):
    write_text(tmp_path / "a.txt", "Алматы\n西安\r\n")
    assert (tmp_path / "a.txt").read_bytes() == "Алматы\n西安\r\n".encode()


def test_folders_on_the_way_are_made(tmp_path):
    write_text(tmp_path / "one" / "two" / "a.txt", "new")
    assert (tmp_path / "one" / "two" / "a.txt").read_text() == "new"


def test_a_file_takes_the_place_of_the_old_one_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    write_text(path, "new")
    assert path.read_text() == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError, SystemExit])
def test_an_interrupted_writing_leaves_the_old_file_and_no_rubbish(tmp_path, interruption):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(interruption):
        write_half(path, interruption)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


def test_an_interrupted_first_writing_leaves_no_file(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "a.txt", KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == []


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "a lone surrogate: \ud800")
    assert path.read_text() == "old"


def test_the_temporary_file_has_the_same_name_beside_it_and_is_not_seen_before_it_is_whole(tmp_path):
    """GDAL tells a format by the suffix, and a rename is atomic only within one file system."""
    path = tmp_path / "a.gpkg"
    with replacing(path) as temporary:
        temporary.write_text("half")
        assert temporary.name == path.name
        assert temporary.parent.parent == path.parent
        assert not path.exists()
    assert path.read_text() == "half"


def test_a_rename_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("no space left on device")

    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", r"is a folder; give the name of a file"),
        ("file/x.csv", r"file.x\.csv cannot be written \(.*\); give another file or folder"),
        ("file/y/x.csv", r"file.y.x\.csv cannot be written \(.*\); give another file or folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_named_as_it_was_given(tmp_path, name, message):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match=message):
        write_text(tmp_path / name, "new")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_the_sha256_of_a_file_is_that_of_its_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# ---- the year of a file


@pytest.mark.parametrize(
    ("year", "is_plausible"), [(1980, False), (2003, False), (2004, True), (2020, True), (2300, False)]
)
def test_the_year_of_a_file_is_that_of_its_last_change_if_it_is_plausible(tmp_path, year, is_plausible):
    path = tmp_path / "a.json"
    path.touch()
    os.utime(path, (datetime(year, 6, 1, tzinfo=UTC).timestamp(),) * 2)
    if is_plausible:
        assert year_of_file(path) == year
        return
    with pytest.raises(DataError, match=rf"a\.json .* is dated {year}; give the year that it describes"):
        year_of_file(path)


@pytest.mark.skipif(os.name == "nt", reason="a pipe with a name")
def test_a_device_or_a_pipe_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/landbridge-test-that-is-not-there")):
        with pytest.raises(QueryError, match="is a device or a pipe; give the name of a file"), replacing(path):
            pytest.fail("something is to be written")
    assert (tmp_path / "pipe").is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize(("file", "side"), [("a" * 300, ".json"), ("a" * 250, ".meta.json")])
def test_a_name_that_is_too_long_for_a_file_or_the_one_beside_it_is_told(tmp_path, file, side):
    with (
        pytest.raises(WriteError, match=r"aaa.* cannot be written \(.*\); give another file or folder"),
        replacing_with(tmp_path / file, file + side),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_and_the_file_that_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "other").mkdir()
    target, link = tmp_path / "other" / "real.txt", tmp_path / "a.txt"
    target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    assert [path.name for path in target.parent.iterdir()] == ["real.txt"]


def test_a_link_of_another_user_and_a_circle_of_links_are_replaced(tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "a.txt").symlink_to(tmp_path / "mine.txt")
    monkeypatch.setattr(os, "geteuid", lambda: -1)
    write_text(tmp_path / "a.txt", "new")
    assert ((tmp_path / "mine.txt").read_text(), (tmp_path / "a.txt").read_text()) == ("mine", "new")
    monkeypatch.undo()
    (tmp_path / "round.txt").symlink_to(tmp_path / "round.txt")
    write_text(tmp_path / "round.txt", "new")
    assert (tmp_path / "round.txt").read_text() == "new"
