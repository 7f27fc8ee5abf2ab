"""The command line: what it prints, what it writes, and its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from landbridge.networks.little_memory import LITTLE_MEMORY
from landbridge.networks.signals import Terminated
from landbridge.routing.cli import main as commands


def landbridge(*arguments, **options):
    """Run the command line in a process of its own."""
    code = "from landbridge.routing.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
        **options,
    )


def test_an_interrupt_ends_with_130(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("landbridge.routing.questions.route.route", interrupt)
    assert run("route", "Xi'an", "Duisburg") == (130, "", "landbridge: interrupted; no file was written\n")


def test_a_fault_of_ours_is_not_hidden_as_wrong_input(monkeypatch, run):
    def fail(*_, **__):
        raise RuntimeError("a bug")

    monkeypatch.setattr("landbridge.routing.questions.route.route", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        run("route", "Xi'an", "Duisburg")


@pytest.mark.parametrize("arguments", [["--help"], ["route", "--help"], ["network", "-h"], ["--version"]])
def test_help_and_version_end_with_0(run, arguments):
    code, out, _ = run(*arguments)
    assert code == 0
    assert "landbridge" in out


def test_an_unknown_command_or_option_ends_with_2(run):
    assert run("fly")[0] == 2
    assert run("route", "Xi'an", "Duisburg", "--warp", "9")[0] == 2


def test_every_option_says_what_it_does():
    for name, command in commands.landbridge.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


# In a process of its own, as a user runs it.


def test_a_process_prints_json_and_nothing_else_on_stdout():
    done = landbridge("route", "西安", "Duisburg", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["query"]["from"] == "西安"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["route", "Xi'an", "Duisberg"], 2),
        (["route", "Xi'an", "Duisburg", "--avoid", "DE"], 1),
        (["route", "Xi'an", "Duisburg", "--avoid", "DE", "--by-corridor"], 1),
    ],
    ids=["unknown place", "no route", "no corridor"],
)
def test_a_process_ends_with_the_exit_code_and_one_line_on_stderr(arguments, code):
    done = landbridge(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("landbridge: ")
    assert "Traceback" not in done.stderr


def test_the_console_script_is_installed_beside_the_interpreter():
    script = Path(sys.executable).parent / "landbridge"
    done = subprocess.run([script, "--help"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0
    assert "route" in done.stdout


def test_coordinates_that_begin_with_a_minus_get_a_hint(run):
    code, _, err = run("route", "-33.9,151.2", "Duisburg")
    assert code == 2
    assert "Put -- before coordinates" in err
    assert run("route", "--", "-33.9,151.2", "Duisburg")[0] == 1


@pytest.mark.parametrize("place", ["Reykjavik", "64.14,-21.94"])
def test_a_place_without_a_terminal_within_reach_ends_with_exit_code_1_in_every_command(run, tmp_path, place):
    days = ("--from", "2026-03-01", "--to", "2026-03-02")
    commands_of_pairs = dict.fromkeys(
        ("route", "simulate", "corridors", "pareto", "drivers", "indicators", "emissions"), ()
    )
    commands_of_pairs["profile"] = days
    for command, options in commands_of_pairs.items():
        code, _, err = run(command, "Duisburg", place, *options)
        assert (code, "has no terminal within reach: the nearest" in err, "km away" in err) == (1, True, True), command
    code, _, err = run("reach", place, "--within", "10d")
    assert (code, "has no terminal within reach: the nearest" in err) == (1, True)
    (tmp_path / "places.csv").write_text(f'place\nDuisburg\n"{place}"\n', encoding="utf-8")
    code, out, _ = run("matrix", tmp_path / "places.csv", "--json")
    reasons = {row["reason"] for row in json.loads(out)["pairs"] if row["origin"] != row["destination"]}
    assert (code, reasons) == (
        0,
        {"no terminal within reach of the origin", "no terminal within reach of the destination"},
    )


def test_output_is_utf_8_whatever_the_locale_says():
    code = "from landbridge.routing.cli.main import main; main()"
    for locale in ("cp1252", "ascii"):
        done = subprocess.run(
            [sys.executable, "-c", code, "places", "Xi'an"],
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": locale, "PYTHONUTF8": "0"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert "西安" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes streams")
@pytest.mark.parametrize("arguments", ["places Xi", "places --json", "network check"])
@pytest.mark.parametrize("stream", [">&-", ">&- 2>&-", "| head -c 1"])
def test_an_output_that_nobody_reads_ends_quietly(arguments, stream):
    code = "from landbridge.routing.cli.main import main; main()"
    script = f'set -o pipefail; "{sys.executable}" -c "{code}" {arguments} {stream}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("via", ["Almaty,Almaty", "Almaty, almaty", "Almaty,ALMATY,Almaty"])
def test_a_place_named_twice_in_a_row_is_visited_once(run, via):
    trip = ("route", "Xi'an", "Duisburg", "--modes", "rail,sea,ferry", "--via")
    assert run(*trip, via)[:2] == run(*trip, "Almaty")[:2]


def test_a_lack_of_memory_is_told_in_a_line_with_what_would_need_less(monkeypatch, capsys):
    def fail(*_):
        raise RuntimeError("a library failed") from MemoryError()

    monkeypatch.setattr("landbridge.routing.cli.commands.places.open_network", fail)
    assert commands.run(["places"]) == 3
    assert capsys.readouterr().err == f"{LITTLE_MEMORY}\n"


def test_an_interrupt_after_the_files_are_in_place_says_that_they_are_written(run, monkeypatch, tmp_path):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("landbridge.routing.cli.options.wrote", interrupt)
    for name in ("out", "out.csv"):
        code, _, err = run("route", "Xi'an", "Duisburg", "--out", tmp_path / name)
        assert (code, err) == (130, f"landbridge: interrupted; wrote {tmp_path / name}\n")
        assert (tmp_path / name).exists()


def test_sigterm_that_a_library_turns_into_another_error_ends_with_143(run, monkeypatch):
    def cut_short(*_, **__):
        raise ImportError("half a library") from Terminated(143)

    monkeypatch.setattr("landbridge.routing.questions.route.route", cut_short)
    with pytest.raises(Terminated):
        run("route", "Xi'an", "Duisburg")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_answer_that_cannot_be_printed_names_the_files_that_are_written(tmp_path):
    code = "from landbridge.routing.cli.main import main; main()"
    trip = ("route", "Xi'an", "Duisburg", "--quiet", "--out", "out.csv")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, *trip],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "landbridge: the output cannot be written (No space left on device); send it elsewhere; wrote out.csv\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert (tmp_path / "out.csv").exists()
