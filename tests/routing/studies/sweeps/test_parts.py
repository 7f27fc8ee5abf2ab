"""Parts of a store: whole, sealed, merged, and read back to the last digit."""

import math

import pytest

from landbridge.routing.studies.sweeps import parts
from landbridge.routing.studies.sweeps.parts import MERGED, PartWriter, content_of, outcomes_of, parts_in
from landbridge.routing.studies.sweeps.work import Outcome

VALUES = {
    "tenth": 0.1,
    "third": 1 / 3,
    "least": 5e-324,
    "whole": 10**30,
    "minus zero": -0.0,
    "inf": math.inf,
    "none": None,
    "true": True,
    "text": 'a,"b"\r\n\0\ud800 中',
    "": "nameless",
}


def held(folder):
    return [pair for part in parts_in(folder) for pair in outcomes_of(content_of(part) or "")]


def test_outcomes_come_back_as_they_were(tmp_path):
    outcomes = {
        "a": Outcome("ok", VALUES, seconds=0.125),
        "b": Outcome("failed", {}, "ValueError", 'no,\r\n"way"\n', 1.5),
        "c": Outcome("ok", {}),
    }
    PartWriter(tmp_path, "all").write(outcomes)
    found = dict(held(tmp_path))
    assert found == outcomes
    assert repr(found["a"].outputs) == repr(VALUES)  # also -0.0, True and the whole number


def test_a_nan_comes_back(tmp_path):
    PartWriter(tmp_path, "all").write({"a": Outcome("ok", {"x": math.nan})})
    assert math.isnan(dict(held(tmp_path))["a"].outputs["x"])


def test_many_parts_are_merged_and_none_is_lost_or_doubled(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MERGED", 4)
    count = 4**2 + 4 + 1
    writer = PartWriter(tmp_path, "all")
    for number in range(count):
        if number == count // 2:  # a driver that takes over where another one stopped
            writer = PartWriter(tmp_path, "all")
        writer.write({str(number): Outcome("ok", {"x": number})})
    assert len(parts_in(tmp_path)) == 3  # one of level 2, one of level 1, one of level 0
    assert sorted(int(key) for key, _ in held(tmp_path)) == list(range(count))


def test_a_driver_killed_after_merging_leaves_outcomes_twice_and_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(parts.Path, "unlink", lambda *_, **__: None)
    writer = PartWriter(tmp_path, "all")
    for number in range(MERGED):
        writer.write({str(number): Outcome("ok", {"x": number})})
    assert len(held(tmp_path)) == 2 * MERGED
    assert len(dict(held(tmp_path))) == MERGED


@pytest.mark.parametrize("damage", [b"", b"key,status\n", b"\xff"])
def test_a_damaged_part_counts_as_not_done_and_is_told(tmp_path, caplog, damage):
    PartWriter(tmp_path, "all").write({"a": Outcome("ok", {"x": 1})})
    parts_in(tmp_path)[0].path.write_bytes(damage)
    assert held(tmp_path) == []
    assert "is damaged: its rows count as not done" in caplog.text


def test_other_files_are_passed_over(tmp_path):
    for name in ("notes.csv", "all-0-00000001-xyz.csv", ".writing-1-all.csv"):
        (tmp_path / name).write_text("x")
    assert parts_in(tmp_path) == []


def test_shards_write_beside_each_other(tmp_path):
    for shard in ("1of2", "2of2"):
        PartWriter(tmp_path, shard).write({shard: Outcome("ok", {})})
    assert dict(held(tmp_path)).keys() == {"1of2", "2of2"}
