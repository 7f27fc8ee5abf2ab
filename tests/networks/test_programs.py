"""How programs end: exit code, a line on stderr, and nothing of what nobody reads."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from landbridge.networks.errors import QueryError
from landbridge.networks.little_memory import LITTLE_MEMORY
from landbridge.networks.programs import ended, worded
from landbridge.networks.signals import Terminated


@pytest.fixture(autouse=True)
def _no_file_is_dropped(monkeypatch):
    monkeypatch.setattr("landbridge.networks.programs.drop_output", lambda: None)


def fail(error):
    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (QueryError("a is wrong; give b"), 2, "x: a is wrong; give b\n"),
        (OSError(28, "No space left"), 2, "x: the output cannot be written (No space left); send it elsewhere\n"),
        (PermissionError(13, "Denied", "a.csv"), 2, "x: a.csv: Denied; give another file or folder\n"),
        (MemoryError(), 3, f"{LITTLE_MEMORY}\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_ends_a_program_with_its_code_and_a_line(error, code, line, capsys):
    assert ended("x", fail(error)) == code
    assert capsys.readouterr() == ("", line)


def test_what_a_program_returns_is_its_code_and_what_nobody_foresaw_is_raised():
    assert (ended("x", lambda: None), ended("x", lambda: 1)) == (0, 1)
    with pytest.raises(ZeroDivisionError):
        ended("x", fail(ZeroDivisionError()))
    with pytest.raises(Terminated):
        ended("x", fail(Terminated(143)))


def test_an_error_without_a_word_of_the_system_says_its_own():
    assert worded(io.UnsupportedOperation("not writable")) == "not writable"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell that closes a pipe")
def test_a_program_whose_output_nobody_reads_any_more_ends_with_its_own_code():
    code = (
        "import sys; from landbridge.networks.programs import ended\n"
        "def work():\n    for _ in range(9999): print('x' * 99)\n    return 2\n"
        "sys.exit(ended('x', work))"
    )
    script = f'"{sys.executable}" -c "{code}" | head -c 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "x", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_output_that_cannot_be_written_is_told_in_a_line():
    code = "import sys; from landbridge.networks.programs import ended; sys.exit(ended('x', lambda: print('y')))"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    line = "x: the output cannot be written (No space left on device); send it elsewhere\n"
    assert (done.returncode, done.stderr) == (2, line)
