"""What of a command's work stays is told when it is interrupted."""

from pathlib import Path

import click

from landbridge.networks.files import write_text
from landbridge.networks.work_folders import recording
from landbridge.routing.cli.signals import all_kept, keeps, kept, writes, wrote_all


def test_what_is_kept_is_told():
    with click.Context(click.Command("x")) as context:
        assert kept(context) == "no file was written"
        keeps("wrote a.csv")
        keeps("rows are in s")
        assert kept(context) == "wrote a.csv; rows are in s"
    keeps("nobody listens outside of a command")
    assert (kept(None), all_kept(None)) == ("no file was written", [])


def test_an_output_that_is_in_its_place_is_told_once_though_the_command_could_not_say_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with recording(), click.Context(click.Command("x")) as context:
        writes(context, [Path("a.csv"), Path("b.csv"), Path("c.csv")])
        write_text(tmp_path / "a.csv", "1")
        wrote_all("a.csv")
        write_text(tmp_path / "cache.csv", "1")
        write_text(Path("b.csv"), "1")
        assert all_kept(context) == ["wrote a.csv", "wrote b.csv"]
