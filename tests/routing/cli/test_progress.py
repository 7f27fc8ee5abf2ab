"""What a command says beside its answer: remarks and progress on stderr, unless it is to be quiet, and the log."""

import io
import logging
import sys

import click
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.progress import note, progress

PROFILE = ("profile", "cn-a", "cn-b", "--from", "2026-03-02", "--to", "2026-03-04")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Return a function that lets stderr be a terminal, of which the text is kept."""

    def open_terminal():
        # In the test, not before it, when pytest sets the streams again.
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "100")
        return stream

    return open_terminal


def test_without_a_terminal_there_is_no_progress_and_no_function_to_tell(capsys):
    with progress("working", 3) as told:
        assert told is None
    assert capsys.readouterr().err == ""


def test_programs_that_run_this_one_are_told_in_lines_at_most_once_a_percent(capsys, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_PROGRESS", "lines")
    with progress("reading"):
        pass
    with progress("solving", 400) as told:
        told(3)  # 0 %
        told(1)  # 1 %
        told(396)
    lines = ["reading", "solving", "4/400 solving", "400/400 solving"]
    assert capsys.readouterr().err == "".join(f"progress: {line}\n" for line in lines)


def test_on_a_terminal_steps_are_counted_and_the_bar_goes_when_the_work_is_done(terminal):
    stream = terminal()
    with progress("work [bold]$x", 3) as told:
        told(1)
        told(1)
    shown = stream.getvalue()
    assert "work [bold]$x" in shown
    assert "2/3" in shown
    # The last thing written erases the line and shows the cursor again.
    assert shown.rstrip().endswith("\x1b[2K")
    assert "\x1b[?25h" in shown


def test_without_a_number_of_steps_the_time_is_shown(terminal):
    stream = terminal()
    with progress("working") as told:
        told(1)
    assert "working" in stream.getvalue()
    assert "0:00:0" in stream.getvalue()
    assert "/" not in stream.getvalue()


def test_an_interruption_shows_the_cursor_again(terminal):
    stream = terminal()
    with pytest.raises(KeyboardInterrupt), progress("working", 3):
        raise KeyboardInterrupt
    assert stream.getvalue().rfind("\x1b[?25h") > stream.getvalue().rfind("\x1b[?25l")


def test_a_long_answer_shows_its_progress_on_a_terminal_and_is_the_same(run, ways, monkeypatch, terminal):
    stream = terminal()
    answer = run(*PROFILE, "--network", ways)
    assert answer[0] == 0
    assert "searching each departure" in stream.getvalue()
    assert "3/3" in stream.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert run(*PROFILE, "--network", ways)[1] == answer[1]


@pytest.mark.parametrize("place", ["before", "after"])
def test_quiet_leaves_out_remarks_and_progress_but_no_file(run, ways, tmp_path, terminal, place):
    stream = terminal()
    options = (*PROFILE, "--network", ways, "--csv", tmp_path / "p.csv")
    code, out, _ = run(*(("--quiet", *options) if place == "before" else (*options, "--quiet")))
    assert (code, stream.getvalue()) == (0, "")
    assert out
    assert (tmp_path / "p.csv").is_file()


def test_quiet_still_shows_errors(run):
    code, out, err = run("--quiet", "route", "nowhere-at-all", "Duisburg")
    assert (code, out) == (2, "")
    assert "nowhere-at-all" in err


def test_verbose_shows_the_log_only_for_that_command(run, ways):
    log = logging.getLogger("landbridge")
    before = (log.level, list(log.handlers))
    _, quiet_out, err = run(*PROFILE, "--network", ways)
    assert err == ""
    code, out, err = run(*PROFILE, "--network", ways, "--verbose")
    assert (code, out) == (0, quiet_out)
    assert "INFO landbridge.routing.cli.progress: searching each departure" in err
    assert (log.level, log.handlers) == before


def test_quiet_silences_warnings_of_the_log_only_for_that_command(run):
    log = logging.getLogger("landbridge")
    seen = []
    command = main.landbridge.commands["places"]
    original, command.callback = command.callback, lambda **_: seen.append(log.isEnabledFor(logging.WARNING))
    try:
        run("places", "x", "--quiet")
        run("places", "x")
    finally:
        command.callback = original
    assert seen == [False, True]


def test_every_command_takes_both_and_help_shows_them_once():
    def commands(group):
        for command in group.commands.values():
            yield command
            yield from commands(command) if isinstance(command, click.Group) else ()

    for command in commands(main.landbridge):
        names = {name for parameter in command.params for name in parameter.opts}
        assert {"--quiet", "--verbose"} <= names, command.name
    text = main.landbridge.get_help(click.Context(main.landbridge))
    assert "--quiet" in text
    assert "--verbose" in text
    route = main.landbridge.commands["route"]
    assert "--quiet" not in route.get_help(click.Context(route))


def test_a_note_outside_a_command_is_written(capsys):
    note("a remark")
    assert capsys.readouterr().err == "a remark\n"
