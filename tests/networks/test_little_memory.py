"""A lack of memory is known by whatever name a library raises it."""

import errno

import pytest

from landbridge.networks import little_memory
from landbridge.networks.little_memory import lacks_memory


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
