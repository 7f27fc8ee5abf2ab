"""What `make trust` strikes is each command that writes, each option that names what is written, and each format."""

from pathlib import Path

from landbridge.routing.cli.inputs import _WRITTEN
from tests.support import command_modes
from tests.support.writers import writers

# Demo and reports of the bundled network take long.
LEFT_OUT = {"demo", "--report"}


def test_every_command_and_every_option_that_writes_is_struck():
    written = {
        (name, option)
        for name, command in command_modes.commands()
        for parameter in command.params
        for option in parameter.opts
        if option in _WRITTEN | {"--report", "--store"}
        if not getattr(parameter, "is_flag", False) and not getattr(parameter, "hidden", False)
    }
    struck = set()
    for writer in writers(Path()):
        words = writer.own.args[0] if hasattr(writer.own, "args") else writer.later
        name = next((name for name, _ in written if words[: len(name.split())] == tuple(name.split())), "")
        struck |= {(name, word) for word in words if word.startswith("--")}
    assert {word for pair in written for word in pair} - {word for pair in struck for word in pair} == LEFT_OUT


def test_every_format_is_struck():
    suffixes = {Path(output).suffix for writer in writers(Path()) for output in writer.outputs}
    assert {"", ".csv", ".xlsx", ".parquet", ".svg", ".png", ".pdf", ".html", ".md", ".gpkg", ".zip"} <= suffixes
