"""An error that nobody foresaw: one line, and a report for the developers."""

import tempfile

import pytest

from landbridge.networks.meta import landbridge_version
from landbridge.routing.cli import main
from landbridge.routing.cli.last_resort import VARIABLE, last_words


@pytest.fixture
def faulty(monkeypatch, run):
    """Run a command that has a bug, as users see it."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("tempfile.tempdir", None)

    def fail(*_, **__):
        raise RuntimeError("a bug\nin two lines")

    monkeypatch.setattr("landbridge.routing.questions.route.route", fail)
    return lambda: run("route", "Xi'an", "Duisburg")


def test_it_is_told_in_one_line_with_the_version_and_the_report(faulty, monkeypatch, tmp_path):
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    code, out, err = faulty()
    (report,) = (tmp_path / "faults").iterdir()
    assert (code, out) == (3, "")
    what = "failed because of a fault of its own (RuntimeError: a bug)"
    assert err == f"landbridge {landbridge_version()} {what}; please report it with {report}\n"
    text = report.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text
    assert 'landbridge route "Xi\'an" Duisburg' in text.replace("'Xi'\"'\"'an'", '"Xi\'an"')


def test_without_a_cache_folder_the_report_is_in_the_temporary_folder(faulty, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code, _, err = faulty()
    (report,) = tmp_path.glob("*.txt")
    assert (code, str(report) in err) == (3, True)


def test_without_any_folder_the_line_says_how_to_see_the_error(faulty, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    code, _, err = faulty()
    assert code == 3
    assert err.endswith("no report could be written; run again with LANDBRIDGE_TRACEBACK=1 and report what it shows\n")
    assert err.count("\n") == 1


def test_an_interrupt_that_an_import_turned_into_another_error_is_an_interrupt(monkeypatch, capsys):
    def fail(*_):
        raise ImportError("a library of C") from KeyboardInterrupt()

    monkeypatch.setattr("landbridge.routing.cli.options.open_network", fail)
    monkeypatch.setattr("landbridge.routing.cli.commands.places.open_network", fail)
    assert main.run(["places"]) == 130
    assert capsys.readouterr().err == "landbridge: interrupted; no file was written\n"


def test_reports_hold_names_that_cannot_be_encoded(faulty, monkeypatch, tmp_path):
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))

    def fail(*_, **__):
        raise RuntimeError("\udcff")

    monkeypatch.setattr("landbridge.routing.questions.route.route", fail)
    assert faulty()[0] == 3
    assert "\\udcff" in next((tmp_path / "faults").iterdir()).read_text(encoding="utf-8")


class UnspeakableError(Exception):
    """An error whose message cannot be made."""

    def __str__(self) -> str:
        raise KeyError


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (ValueError("x" * 5_000_000), f"ValueError: {'x' * 288}..."),
        (ValueError("\x1b]0;title\x07\r"), "ValueError: \\x1b]0;title\\x07\\r"),
        (UnspeakableError(), "UnspeakableError: its message cannot be shown"),
    ],
    ids=["a long message", "commands to the terminal", "no message"],
)
def test_an_error_with_any_message_is_told_in_one_short_line(error, what, monkeypatch, tmp_path):
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path))
    assert f"({what})" in last_words(error, ["route"])
    assert len(list((tmp_path / "faults").iterdir())) == 1


def test_a_system_without_a_temporary_folder_is_no_second_error(monkeypatch, tmp_path):
    def fail():
        raise FileNotFoundError(2, "No usable temporary directory found")

    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDBRIDGE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "gettempdir", fail)
    assert "no report could be written" in last_words(ValueError("a bug"), ["route"])
