"""Streams that are closed, full, narrow or of another encoding, and signals: each in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from landbridge.networks.little_memory import LITTLE_MEMORY
from tests.support.command_modes import TRIP, write_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="streams and signals of POSIX")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder that the commands run in."""
    path = tmp_path_factory.mktemp("streams")
    write_folder(path)
    return path


def shell(folder, script, **environment):
    """Run a shell script, in which `landbridge` is the program, and return what it did."""
    program = f'set -o pipefail; landbridge() {{ "{sys.executable}" -m landbridge "$@"; }}; {script}'
    done = subprocess.run(
        ["bash", "-c", program], cwd=folder, capture_output=True, check=False, env=os.environ | environment
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.mark.parametrize("streams", ["<&- >&-", "<&- >&- 2>&-", "| head -c 1 > /dev/null"])
def test_an_output_that_nobody_reads_is_no_failure(folder, streams):
    assert shell(folder, f"landbridge places --network net --json {streams}") == (0, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_under_the_output_is_told_in_a_line_and_one_under_the_messages_changes_nothing(folder):
    code, _, err = shell(folder, "landbridge places --network net > /dev/full")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("landbridge: the output cannot be written (No space left on device); send it elsewhere")
    code, out, _ = shell(folder, "landbridge route cn-a cn-c --network net --out o 2> /dev/full")
    assert (code, "cn-a" in out) == (0, True)
    assert (folder / "o/landbridge-manifest.json").is_file()
    assert shell(folder, "landbridge fly 2> /dev/full")[0] == 2


def test_consoles_of_other_encodings_without_colours_and_narrow_ones_are_served(folder):
    for environment in (
        {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        {"NO_COLOR": "1", "COLUMNS": "20", "TERM": "dumb"},
    ):
        code, out, err = shell(
            folder, "landbridge places 西安 ; landbridge route cn-a cn-c --network net", **environment
        )
        assert (code, "西安" in out, "\x1b" in out, err) == (0, True, False, "")


IMPORTING = """
import importlib.abc, sys, time
from landbridge.__main__ import main

class Held(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "landbridge.routing.cli.main":
            print("importing", file=sys.stderr, flush=True)
            time.sleep(60)

sys.meta_path.insert(0, Held())
main()
"""
"""A program whose imports take a minute; earlier, the interpreter alone answers to signals."""
RUNS = ("--runs", "10000000")
"""As many as are allowed: they take longer than a signal."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("program", "moment", "says"),
    [
        (["-c", IMPORTING], b"importing\n", b"landbridge: interrupted before it began\n"),
        (["-m", "landbridge"], b"progress: simulating\n", b"landbridge: interrupted; no file was written\n"),
    ],
)
def test_a_signal_ends_it_in_order(folder, number, program, moment, says):
    command = ["simulate", *TRIP, "--depart", "2026-03-02", *RUNS, "--network", "net", "--out", "s"]
    with subprocess.Popen(
        [sys.executable, *program, *command],
        cwd=folder,
        stderr=subprocess.PIPE,
        env=os.environ | {"LANDBRIDGE_PROGRESS": "lines"},
    ) as process:
        assert process.stderr.readline() == moment
        process.send_signal(number)
        said = process.stderr.read()
    assert (process.returncode, said) in {(128 + number, says), (128 + signal.SIGTERM, b"")}
    assert not (folder / "s").exists()
    assert not list(folder.glob("**/.writing-*"))


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory that the system holds to")
def test_too_little_memory_for_the_imports_is_told_in_a_line(folder):
    import resource

    done = subprocess.run(
        [sys.executable, "-m", "landbridge", "route", "cn-a", "cn-c", "--network", "net"],
        cwd=folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (200 * 2**20,) * 2),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, f"{LITTLE_MEMORY}\n")
