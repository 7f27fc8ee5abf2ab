"""A lack of memory is known by whatever name a library raises it."""

import errno
import os

import pytest

from landbridge.networks import little_memory
from landbridge.networks.little_memory import check_thread_fits, lacks_memory, threads_that_fit


def caused(error, by):
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("a.so: failed to map segment from shared object"),
        ImportError("DLL load failed: Cannot allocate memory"),
        caused(RuntimeError("a library failed"), MemoryError()),
    ],
)
def test_it_is_known_also_as_the_cause_of_another_error(error):
    assert lacks_memory(error)


@pytest.mark.parametrize("error", [None, ValueError("a.so"), ImportError("no module"), OSError(errno.ENOSPC, "full")])
def test_other_errors_are_none(error):
    assert not lacks_memory(error)


@pytest.mark.parametrize("limited", [True, False])
def test_a_library_that_cannot_be_loaded_is_one_only_where_memory_is_limited(monkeypatch, limited):
    monkeypatch.setattr(little_memory, "_is_limited", lambda: limited)
    assert lacks_memory(OSError("Could not find/load shared object file 'a.so'")) is limited


@pytest.mark.parametrize(("megabytes", "fit"), [(None, 4), (0, 0), (-50, 0), (200, 1), (400, 2), (9_000, 4)])
def test_threads_are_started_only_where_memory_has_room_for_them(monkeypatch, tmp_path, megabytes, fit):
    used = tmp_path / "statm"
    used.write_text(f"{2**30 // os.sysconf('SC_PAGESIZE')} 1 1\n")
    limit = None if megabytes is None else 2**30 + megabytes * 2**20
    monkeypatch.setattr(little_memory, "_USED", used)
    monkeypatch.setattr(little_memory, "_limit", lambda: limit)
    assert threads_that_fit(4) == fit
    if fit:
        check_thread_fits()
    else:
        with pytest.raises(MemoryError, match="no room"):
            check_thread_fits()


def test_where_the_system_does_not_say_what_is_used_all_threads_are_started(monkeypatch, tmp_path):
    monkeypatch.setattr(little_memory, "_USED", tmp_path / "nowhere")
    monkeypatch.setattr(little_memory, "_limit", lambda: 1)
    assert threads_that_fit(4) == 4
