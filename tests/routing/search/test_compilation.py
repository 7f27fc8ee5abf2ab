"""The user is told once that something is compiled, and only if it is."""

import logging
from types import SimpleNamespace

from landbridge.routing.search import compilation as compiling
from landbridge.routing.search.compilation import announce


def compiled(tmp_path, name, *, signatures=(), kept=False):
    source = tmp_path / "kernel.py"
    source.write_text("", encoding="utf-8")
    if kept:
        (tmp_path / f"kernel.{name}-7.py311.nbi").write_text("", encoding="utf-8")
    code = SimpleNamespace(co_filename=str(source), co_firstlineno=7)
    return SimpleNamespace(
        signatures=list(signatures),
        __name__=name,
        py_func=SimpleNamespace(__code__=code),
        stats=SimpleNamespace(cache_path=str(tmp_path)),
    )


def told(caplog, function):
    with caplog.at_level(logging.WARNING):
        announce(function)
    return [record.getMessage() for record in caplog.records]


def test_a_first_compilation_is_told_once(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(compiling, "_TOLD", set())
    function = compiled(tmp_path, "front")
    assert len(told(caplog, function)) == 1
    assert len(told(caplog, function)) == 1


def test_what_is_compiled_already_or_kept_from_before_is_not_told(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(compiling, "_TOLD", set())
    assert told(caplog, compiled(tmp_path, "here", signatures=[()])) == []
    assert told(caplog, compiled(tmp_path, "kept", kept=True)) == []


def test_code_that_is_older_than_its_source_is_compiled_again(tmp_path, caplog, monkeypatch):
    import os

    monkeypatch.setattr(compiling, "_TOLD", set())
    function = compiled(tmp_path, "stale", kept=True)
    os.utime(tmp_path / "kernel.stale-7.py311.nbi", (0, 0))
    assert len(told(caplog, function)) == 1
