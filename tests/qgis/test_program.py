"""The plugin runs the program in an environment of its own, stops it, and says what its errors mean."""

import os
import subprocess
import sys
import time

import pytest

from tests.support.qgis_plugin import plugin_module

program = plugin_module("program")
Finished, ProgramError = program.Finished, program.ProgramError


def test_the_log_shows_the_command_as_it_is_typed():
    command = ["a b", "--to", "Xi'an"]
    assert program.command_line(command, windows=True) == '"a b" --to Xi\'an'
    assert program.command_line(command, windows=False) == "'a b' --to 'Xi'\"'\"'an'"


def test_the_program_does_not_see_the_python_and_libraries_of_qgis(monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "GDAL_DATA", "PROJ_LIB", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/of/qgis")
    monkeypatch.setenv("KEPT", "yes")
    ran = program.run([sys.executable, "-c", "import os; print(*sorted(os.environ))"])
    assert ran.code == 0
    assert set(ran.output.split()) & set(program.OF_QGIS) == set()
    assert "KEPT" in ran.output.split()


def test_lines_are_told_at_once_and_the_seconds_counted():
    code = "import sys, time; print('né', file=sys.stderr, flush=True); time.sleep(1.3); print('{}')"
    told, seconds = [], []
    ran = program.run(
        [sys.executable, "-X", "utf8", "-c", code],
        tell=lambda line: told.append((line, list(seconds))),
        tick=seconds.append,
    )
    assert (ran.code, ran.output, ran.messages) == (0, "{}\n", ["né"])
    assert told == [("né", [])]
    assert seconds[0] == 1.0


def test_progress_is_told_apart_with_the_part_that_is_done():
    code = (
        "import os, sys; lines = os.environ['LANDBRIDGE_PROGRESS']; "
        "print('progress: reading', 'progress: 3/4 solving', 'progress', lines, sep='\\n', file=sys.stderr)"
    )
    told = []
    ran = program.run([sys.executable, "-c", code], progress=lambda *step: told.append(step))
    assert told == [("reading", None), ("solving", 0.75)]
    assert ran.messages == ["progress", "lines"]


def test_more_output_than_a_pipe_holds_does_not_block():
    code = "import sys; sys.stderr.write('x' * 99 + '\\n'); print('y' * 1_000_000); sys.stderr.write('z' * 200_000)"
    ran = program.run([sys.executable, "-c", code])
    assert (ran.code, len(ran.output), len(ran.messages[1])) == (0, 1_000_001, 200_000)


@pytest.mark.skipif(os.name == "nt", reason="processes are counted with signals")
def test_cancelling_stops_the_program_and_what_it_started(tmp_path):
    note = tmp_path / "pids"
    child = "import time; time.sleep(60)"
    code = (
        "import os, pathlib, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}]);"
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getpid()}} {{child.pid}}'); time.sleep(60)"
    )
    began = time.monotonic()
    ran = program.run([sys.executable, "-c", code], cancelled=lambda: note.is_file() and bool(note.read_text()))
    assert ran.code is None
    assert time.monotonic() - began < 30
    for pid in map(int, note.read_text().split()):
        assert not alive(pid)


def alive(pid):
    """Whether a process runs; one that has ended but that its parent did not wait for does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def test_a_program_that_does_not_start_is_named(tmp_path):
    with pytest.raises(ProgramError, match=r"none cannot be started: No such file or directory\. Install landbridge"):
        program.run([str(tmp_path / "none")])


@pytest.mark.parametrize(
    ("code", "messages", "output", "text"),
    [
        (
            1,
            ["landbridge: no route from A to B avoiding CN"],
            "",
            "There is no answer: no route from A to B avoiding CN",
        ),
        (1, [], '{"message": "infeasible"}', "There is no answer: infeasible"),
        (
            2,
            ["landbridge: nothing in the network goes through NZ: no effect", "landbridge: XX: not a country"],
            "",
            "An input is not right: XX: not a country",
        ),
        (
            2,
            ["landbridge: pairs.csv is not a table of pairs", "  row 2: teu is -1"],
            "",
            "An input is not right: pairs.csv is not a table of pairs\n  row 2: teu is -1",
        ),
        (
            2,
            ["Usage: landbridge route [OPTIONS] FROM TO", "", "Error: Invalid value for '--teu': x is not a number."],
            "",
            "An input is not right: Invalid value for '--teu': x is not a number.",
        ),
        (
            2,
            ["Usage: landbridge route", "Error: No such option '--new'."],
            "",
            "The installed landbridge does not know what this plugin asks: No such option '--new'. Update it.",
        ),
        (
            1,
            ["Traceback (most recent call last):", '  File "x.py", line 1', "KeyError: 'a'"],
            "",
            "landbridge failed by an error of its own: KeyError: 'a'. The log has the details; please report it.",
        ),
        (3, ["landbridge: something new"], "", "landbridge ended with exit code 3: something new"),
        (130, [], "", "landbridge was interrupted before it had an answer: it gave no message"),
    ],
)
def test_each_exit_code_has_a_message(code, messages, output, text):
    with pytest.raises(ProgramError) as error:
        program.answer_of(Finished(code, output, messages))
    assert str(error.value) == text


def test_the_answer_is_the_json_document():
    assert program.answer_of(Finished(0, '{"a": 1}', ["note"])) == {"a": 1}


@pytest.mark.parametrize("output", ["", "hello", "[1]"])
def test_what_is_no_json_document_is_no_answer(output):
    with pytest.raises(ProgramError, match="no JSON document"):
        program.answer_of(Finished(0, output, []))
