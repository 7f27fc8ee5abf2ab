"""Sets of files: whole or not at all, listed, and never in the place of somebody else's file."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landbridge.networks import DataError, QueryError
from landbridge.networks.errors import WriteError
from landbridge.networks.file_sets import MANIFEST, check_set, command_named, folder_named, writing_set
from tests.support.leftovers import leftover


def write(folder, *, add=False, **files):
    """Write a set of text files, `a="1"` as a.txt."""
    with writing_set(folder, command="test", meta={"options": {"k": 3}}, add=add) as new:
        for name, text in files.items():
            (new / f"{name}.txt").write_text(text, encoding="utf-8")


def content(folder):
    """Return the files of a folder but the manifest, with their texts."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != MANIFEST}


def manifest(folder):
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def test_a_new_folder_holds_the_files_and_their_manifest(tmp_path):
    write(tmp_path / "new" / "out", a="one", b="Алматы")
    assert content(tmp_path / "new" / "out") == {"a.txt": "one", "b.txt": "Алматы"}
    found = manifest(tmp_path / "new" / "out")
    assert (found["command"], found["meta"]) == ("test", {"options": {"k": 3}})
    assert found["versions"].keys() == {"landbridge", "python"}
    # "one" is 3 bytes, "Алматы" 6 letters of 2 bytes.
    assert [(item["name"], item["size"]) for item in found["files"]] == [("a.txt", 3), ("b.txt", 12)]
    assert found["files"][0]["sha256"] == hashlib.sha256(b"one").hexdigest()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_the_manifest_names_the_command_line_where_there_is_one(tmp_path):
    with command_named("landbridge route A B --out out"):
        write(tmp_path / "out", a="1")
    assert manifest(tmp_path / "out")["command"] == "landbridge route A B --out out"
    write(tmp_path / "out", a="1")
    assert manifest(tmp_path / "out")["command"] == "test"


def test_a_new_set_replaces_the_earlier_one_and_removes_what_it_no_longer_has(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    write(tmp_path / "out", b="3", c="4")
    assert content(tmp_path / "out") == {"b.txt": "3", "c.txt": "4"}
    assert [item["name"] for item in manifest(tmp_path / "out")["files"]] == ["b.txt", "c.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_holds_nothing_else_is_replaced_as_a_whole_with_its_permissions(tmp_path):
    write(tmp_path / "out", a="1")
    (tmp_path / "out").chmod(0o750)
    before = (tmp_path / "out").stat().st_ino
    write(tmp_path / "out", a="2")
    assert (tmp_path / "out").stat().st_ino != before
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750


def test_files_of_others_stay_beside_the_set(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "out" / "maps").mkdir()
    (tmp_path / "out" / "maps" / "a.txt").write_text("mine too", encoding="utf-8")
    before = (tmp_path / "out").stat().st_ino
    write(tmp_path / "out", a="3")
    assert (tmp_path / "out").stat().st_ino == before
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.txt", "notes.txt", "maps", MANIFEST}
    assert (tmp_path / "out" / "a.txt").read_text() == "3"
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "out" / "maps" / "a.txt").read_text() == "mine too"


@pytest.mark.parametrize("earlier", [False, True])
def test_a_file_that_no_manifest_lists_is_refused_and_nothing_is_changed(tmp_path, earlier):
    out = tmp_path / "out"
    if earlier:
        write(out, a="1")
    out.mkdir(exist_ok=True)
    (out / "b.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(QueryError, match=r"b\.txt exists and is not listed in a landbridge-manifest\.json"):
        write(out, a="2", b="3")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "a.txt").unlink()
    (tmp_path / "out" / "a.txt").mkdir()
    with pytest.raises(QueryError, match=r"a\.txt is a folder now, and was a file in the landbridge-manifest\.json"):
        write(tmp_path / "out", a="3")
    assert (tmp_path / "out" / "b.txt").read_text() == "2"


def test_a_folder_in_the_place_of_a_file_that_goes_stays(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "a.txt").unlink()
    (tmp_path / "out" / "a.txt").mkdir()
    write(tmp_path / "out", b="3")
    assert (tmp_path / "out" / "a.txt").is_dir()
    assert [item["name"] for item in manifest(tmp_path / "out")["files"]] == ["b.txt"]


def test_a_link_that_leads_nowhere_is_somebodys_file_too(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(QueryError, match=r"a\.txt"):
        write(tmp_path / "out", a="1")
    assert (tmp_path / "out" / "a.txt").is_symlink()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"files": 1}',
        '{"files": [1]}',
        '{"files": [{"name": "../a.txt"}]}',
        '{"files": [{"name": ".."}]}',
    ],
)
def test_a_manifest_that_is_none_of_ours_is_refused(tmp_path, text):
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(QueryError, match="is not a manifest of landbridge"):
        write(tmp_path / "out", a="1")
    assert (tmp_path / "out" / MANIFEST).read_text() == text
    assert (tmp_path / "a.txt").read_text() == "mine"


def test_files_may_be_added_to_a_set(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    write(tmp_path / "out", add=True, b="3", c="4")
    assert content(tmp_path / "out") == {"a.txt": "1", "b.txt": "3", "c.txt": "4"}
    assert [item["name"] for item in manifest(tmp_path / "out")["files"]] == ["a.txt", "b.txt", "c.txt"]


def test_the_current_folder_is_written_to_file_by_file(tmp_path, monkeypatch):
    write(tmp_path / "out", a="1")
    monkeypatch.chdir(tmp_path / "out")
    write(".", a="2")
    assert Path("a.txt").read_text() == "2"
    assert Path.cwd() == tmp_path / "out"


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real", target_is_directory=True)
    for text in ("1", "2"):
        write(tmp_path / "out", a=text)
        assert (tmp_path / "out").is_symlink()
        assert (tmp_path / "real" / "a.txt").read_text() == text


@pytest.mark.parametrize("name", ["", Path("a.txt")])
def test_no_name_and_the_name_of_a_file_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match="folder"):
        folder_named(name)
    with pytest.raises(QueryError, match="folder"):
        write(name, a="1")
    assert content(tmp_path) == {"a.txt": "mine"}


@pytest.mark.parametrize("name", ["a.xls", "a.DOCX", "a.v2.pdf", "maps/a.qgz", Path("a.shp"), "a.geojson"])
def test_the_name_of_a_kind_of_file_is_no_folder(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError, match=r"ends in \.\w+ as a file does, and several files .*; give a folder$"):
        write(name, a="1")
    assert content(tmp_path) == {}


@pytest.mark.parametrize("name", ["out.v2", "2026.11", ".json", "a.xls.d", "a b.c"])
def test_names_with_a_dot_are_folders(tmp_path, name):
    write(tmp_path / name, a="1")
    assert (tmp_path / name / "a.txt").read_text() == "1"


def test_a_folder_that_is_there_may_have_any_name(tmp_path):
    (tmp_path / "a.csv").mkdir()
    write(tmp_path / "a.csv", a="1")
    assert (tmp_path / "a.csv" / "a.txt").read_text() == "1"


@pytest.mark.parametrize("beside", [False, True])
def test_of_two_runs_at_once_the_last_one_wins_whole(tmp_path, beside):
    out = tmp_path / "out"
    with writing_set(out, command="slow") as new:
        (new / "a.txt").write_text("slow", encoding="utf-8")
        write(out, a="quick", b="quick")
        if beside:
            (out / "notes.txt").write_text("mine", encoding="utf-8")
    assert content(out) == {"a.txt": "slow"} | ({"notes.txt": "mine"} if beside else {})
    assert manifest(out)["command"] == "slow"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# ---- what breaks off


def write_half(folder, error):
    with writing_set(folder, command="test") as new:
        (new / "a.txt").write_text("half of the n", encoding="utf-8")
        raise error


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SystemExit])
def test_an_interrupted_writing_leaves_the_old_set_and_no_rubbish(tmp_path, error, beside):
    write(tmp_path / "out", a="1", b="2")
    if beside:
        (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(error):
        write_half(tmp_path / "out", error)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_interrupted_first_writing_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "out", KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", ["b.txt", "c.txt", MANIFEST])
def test_where_a_file_cannot_be_replaced_all_are_put_back(tmp_path, monkeypatch, broken):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    replace = Path.replace

    def refuse(self, target):
        if Path(target) == tmp_path / "out" / broken and self.parent.name == "new":
            raise PermissionError(13, "in use by another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WriteError, match=r"out cannot be written \(in use by another program\)"):
        write(tmp_path / "out", a="3", b="4", c="5")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_where_the_folder_cannot_be_renamed_the_old_one_stays(tmp_path, monkeypatch):
    write(tmp_path / "out", a="1")
    rename = Path.rename

    def refuse(self, target):
        if self.name == "new":
            raise PermissionError(13, "in use by another program")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(WriteError, match=r"out cannot be written \(in use by another program\)"):
        write(tmp_path / "out", a="2")
    assert content(tmp_path / "out") == {"a.txt": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


KILLED = """
import os, sys
from pathlib import Path
from landbridge.networks.file_sets import writing_set
replace, rename = Path.replace, Path.rename
def die(move):
    def moved(self, target):
        if str(target).endswith(sys.argv[2]):
            os._exit(9)
        return move(self, target)
    return moved
Path.replace, Path.rename = die(replace), die(rename)
with writing_set(sys.argv[1], command="killed") as new:
    for name in ("a", "b", "c"):
        (new / f"{name}.txt").write_text("new")
"""


@pytest.mark.parametrize(
    ("moment", "beside"),
    [("b.txt", True), ("c.txt", True), (MANIFEST, True), ("out", False)],
)
def test_after_a_kill_in_the_middle_of_it_the_next_run_writes_the_set_whole(tmp_path, moment, beside):
    out = tmp_path / "out"
    write(out, a="1", b="2")
    if beside:
        (out / "notes.txt").write_text("mine", encoding="utf-8")
    # By the name of the folder: killed between parking the old set and moving in the new one.
    moment = str(out) if moment == "out" else str(out / moment)
    killed = subprocess.run([sys.executable, "-c", KILLED, out, moment], check=False)
    assert killed.returncode == 9
    write(out, a="3", d="4")
    expected = {"a.txt": "3", "d.txt": "4"} | ({"notes.txt": "mine"} if beside else {})
    assert content(out) == expected
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_set_that_was_parked_when_its_process_was_killed_comes_back(tmp_path):
    write(tmp_path / "out.v1", a="1")
    (tmp_path / "out.v1").rename(leftover_name := leftover(tmp_path, parked=".out.v1"))
    assert leftover_name.is_dir()
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "out.v1", KeyboardInterrupt)
    assert content(tmp_path / "out.v1") == {"a.txt": "1"}


def test_what_dead_processes_left_is_removed_at_the_next_run_and_what_is_in_work_stays(tmp_path):
    (tmp_path / "out").mkdir()
    dead = [leftover(tmp_path), leftover(tmp_path / "out")]
    at_work = leftover(tmp_path, pid=os.getpid())
    foreign = tmp_path / ".writing-my-thesis"
    foreign.mkdir()
    elsewhere = tmp_path / ".writing-00000000-1-abcdefgh"
    elsewhere.mkdir()
    write(tmp_path / "out", a="1")
    assert [path.exists() for path in (*dead, at_work, foreign, elsewhere)] == [False, False, True, True, True]
    yesterday = time.time() - 90_000
    for path in (at_work, foreign, elsewhere):
        os.utime(path, (yesterday, yesterday))
    write(tmp_path / "out", a="2")
    assert [path.exists() for path in (at_work, foreign, elsewhere)] == [False, True, False]


@pytest.mark.parametrize("goes", [{"a": "3", "b": "3"}, {"a": "3"}])
def test_a_file_of_the_set_that_was_edited_since_is_neither_replaced_nor_removed(tmp_path, goes):
    out = tmp_path / "out"
    write(out, a="1", b="2")
    (out / "b.txt").write_text("mine", encoding="utf-8")
    before = manifest(out)
    with pytest.raises(QueryError, match=r"b\.txt in .*out changed since landbridge wrote it.*; move it or"):
        write(out, **goes)
    assert content(out) == {"a.txt": "1", "b.txt": "mine"}
    assert manifest(out) == before
    # What is added beside it leaves it alone.
    write(out, add=True, c="4")
    assert content(out) == {"a.txt": "1", "b.txt": "mine", "c.txt": "4"}


def test_a_folder_within_a_file_is_refused_by_its_name(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match=r"file.x cannot be written \(.*\); give another file or folder"):
        write(tmp_path / "file" / "x", a="1")


# ---- reading


def test_a_set_that_is_whole_is_read_without_a_word(tmp_path, caplog):
    write(tmp_path / "out", a="1", b="2")
    check_set(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    check_set(tmp_path / "out")
    assert not caplog.records


def test_a_folder_without_a_manifest_may_hold_anything(tmp_path, caplog):
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    for path in (tmp_path, tmp_path / "a.txt", tmp_path / "nowhere"):
        check_set(path)
    assert not caplog.records


def test_a_file_of_a_set_that_is_missing_is_named_with_the_cure(tmp_path):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "b.txt").unlink()
    message = (
        r"out has no b\.txt, which its landbridge-manifest\.json lists; write the files again, or remove the manifest"
    )
    with pytest.raises(DataError, match=message):
        check_set(tmp_path / "out")
    (tmp_path / "out" / MANIFEST).unlink()
    check_set(tmp_path / "out")


@pytest.mark.parametrize("text", ["3", "longer"])
def test_a_file_that_was_edited_is_read_with_a_note(tmp_path, caplog, text):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "b.txt").write_text(text, encoding="utf-8")
    check_set(tmp_path / "out")
    (record,) = caplog.records
    assert record.getMessage() == (
        f"b.txt in {tmp_path / 'out'} changed since landbridge wrote it, and is read as it is now"
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": [{"name": "a.txt"}]}', "[" * 100_000])
def test_a_damaged_manifest_is_no_set(tmp_path, text):
    write(tmp_path / "out", a="1")
    (tmp_path / "out" / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"landbridge-manifest\.json is damaged; write the files again, or remove it"):
        check_set(tmp_path / "out")


@pytest.mark.parametrize("beside", [False, True])
def test_a_reader_of_a_set_whose_replacing_was_killed_gets_the_earlier_one(tmp_path, beside):
    out = tmp_path / "out"
    write(out, a="1", b="2")
    if beside:
        (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    moment = str(out / "c.txt") if beside else str(out)
    killed = subprocess.run([sys.executable, "-c", KILLED, out, moment], check=False)
    assert killed.returncode == 9
    assert not (out / MANIFEST).exists()
    check_set(out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
