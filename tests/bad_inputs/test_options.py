"""Every option and argument of every command given hostile values by its type: refused in a line, or answered.

The values are made from the parameters of click. `make trust` tries them all in one process, since a process for each
would take hours, and of an option that commands share each value with one of these; the suite tries a sample drawn from
a seed.
"""

import itertools
import random
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import pytest

from tests.support.command_modes import commands, modes, network_of, write_folder
from tests.support.osm_drawing import Map, km
from tests.support.refusals import MOST_S, OWN_PROCESS, Outcome, here, tree

SAMPLE, SEED = 100, 17

NUMBERS: Final = (
    *("nan", "inf", "-inf", "-1", "0", "1e308", "1e-308", "1e999", "9" * 30, "-" + "9" * 30),
    *("²", "0x10", "1_000", "", " ", "1,5", "0.5", "1e9", "abc", "\x00"),
)
TEXTS: Final = (
    *("", "   ", "a\x00b", "\udcff", "x" * 10_000, "two\nlines", "$\\frac{ 5$", "[red]", "[/x]", "=1+1", "../../x"),
    *("-", "--", ",", "a,,b", "%s{0}", "\x1b[31m", "\u202e", "cn-a,cn-b"),
)
DATES: Final = (
    *("0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59+00:00", "2026-02-30", "2026-03-02T25:00"),
    *("2026-03-02T08:00 Nowhere/City", "2026-03-02T08:00 ../../etc/passwd", "2026-03-29T02:30 Europe/Berlin"),
    *("0001-01-01T00:00+14:00", "12026-01-01", "2026-03-02T08:00+99:00", "1e9", "²026-01-01", "nan", "today"),
)
# Every path stays within the folder: a value that is let through is written to, by root also where that does harm.
FILES: Final = (
    *("missing.csv", "missing/a/b.csv", "net", ".", "d.csv/below"),
    *(
        "d.csv",
        "s.toml",
        "net/links.csv",
        "." * 300,
        "https://example.org/x.csv",
    ),
)
LISTS: Final = ("nan", "1e308", "-1", "0", "9" * 30, "²", "1,1,1", "cn-a:", ":", "a:b:c", "cn-a..cn-b", "1/0", "0/0")

NEEDED: Final = {
    "--around": ("--out", "out"),
    "--confidence": ("--arrive-by", "2026-03-20"),
    "--detours": ("--by-corridor",),
    "--promised": ("--depart", "2026-03-02"),
    "--shared": ("-k", "2"),
    "--tolerance": ("--thresholds", "2"),
}
"""What an option belongs to, without which it is refused whatever its value."""


def values(parameter: click.Parameter) -> tuple[str, ...]:
    """Return hostile values for a parameter by its type."""
    shown = str(parameter.metavar)
    if isinstance(parameter.type, click.Choice):
        return ("", "unknown", "\x00", "\udcff", "[red]", "x" * 10_000)
    if parameter.type.name in {"integer", "float", "integer range", "float range"}:
        return NUMBERS
    if "DATE" in shown:
        return (*DATES, *TEXTS)
    if re.search(r"FILE|DIR|PATH|csv|toml|STUDY", shown):
        return (*FILES, *TEXTS)
    return (*LISTS, *TEXTS)


def cases() -> Iterator[tuple[str, click.Parameter, str]]:
    """Yield each value of each parameter for one of the commands that share it, and each command at least once."""
    sharing: dict[tuple[object, ...], list[tuple[str, click.Parameter]]] = {}
    for name, command in commands():
        for parameter in command.params:
            if not getattr(parameter, "is_flag", False):
                same = (type(parameter), *parameter.opts, parameter.type.name, parameter.metavar)
                sharing.setdefault(same, []).append((name, parameter))
    for shared in sharing.values():
        hostile = values(shared[0][1])
        number = max(len(shared), len(hostile))
        yield from (
            (name, parameter, value)
            for (name, parameter), value in itertools.islice(
                zip(itertools.cycle(shared), itertools.cycle(hostile), strict=False), number
            )
        )


def chosen() -> list[Any]:
    """Return all cases in `make trust`, else a sample."""
    every = list(cases())
    if not OWN_PROCESS:
        every = random.Random(SEED).sample(every, SAMPLE)  # noqa: S311 - nothing secret is drawn
    return [
        pytest.param(*case, id=f"{case[0]} {case[1].opts[0]} {case[2][:30].encode('unicode_escape').decode()}")
        for case in every
    ]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """Return the folder of the commands as it is written, with a map to build a network from."""
    path = tmp_path_factory.mktemp("clean")
    write_folder(path)
    Map().node("a", km(0, 0)).node("b", km(9, 0)).way("a b").json(path / "m.json")
    return path


@pytest.fixture(scope="module")
def outer(clean, tmp_path_factory):
    """Return a folder two above the one to work in, so that names such as `../../x` stay within."""
    path = tmp_path_factory.mktemp("outer")
    shutil.copytree(clean, path / "a/work")
    return path


@pytest.fixture
def no_network(monkeypatch):
    """Refuse connections, which some options ask for."""

    def refuse(*_, **__):
        raise OSError("there is no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(("command", "parameter", "value"), chosen())
def test_a_hostile_value_is_refused_in_a_line_or_answered(clean, outer, command, parameter, value):
    before = tree(outer)
    seen, took_s = timed(outer, arguments(command, parameter, value))
    after = tree(outer)
    if after != before:
        shutil.rmtree(outer)
        shutil.copytree(clean, outer / "a/work")
    check(seen, command, parameter, value)
    changed = {name for name, _ in before.items() ^ after.items()}
    assert seen.code == 0 or not changed, (changed, seen.err)
    if took_s > MOST_S:  # the first use of a search compiles it
        _, took_s = timed(outer, arguments(command, parameter, value))
    assert took_s < MOST_S, f"{took_s:.0f} s"


def timed(outer, arguments):
    """Run a command and return what it did with its processor time."""
    begun = time.process_time()
    seen = here(arguments, outer / "a/work")
    return seen, time.process_time() - begun


def check(seen: Outcome, command: str, parameter: click.Parameter, value: str) -> None:
    """Check exit code and message; a refusal names the option or shows its value."""
    assert seen.code in {0, 1, 2}, (seen.code, seen.err)
    assert "Traceback" not in seen.err
    assert ".writing-" not in seen.err, "a message names a hidden file"
    assert max(map(len, seen.err.split()), default=0) < 1000, "a message repeats a page of text"
    if seen.code == 2:
        assert seen.err or command == "network check"
        assert not seen.out or command == "network check", "a command that is refused answers nothing"
        names = {*parameter.opts, str(parameter.metavar), str(parameter.name)}
        names |= {name.strip("-").replace("-", " ") for name in parameter.opts if name.startswith("--")}
        item = re.split("[,+]", value, maxsplit=1)[0].strip()
        shown = {item[:20], ascii(item)[1:20], Path(value.strip()).name, "empty", "there is no scenario"}
        assert any(word in seen.err for word in names | shown if word) or command == "network check", seen.err


def base(command: str) -> list[str]:
    """Return arguments of a command with which it has an answer."""
    if command == "network build":
        return ["--osm", "m.json", "--out", "built"]
    if command == "network export":
        return ["--out", "n.gpkg"]
    return next((list(options) for name, _, options in modes() if name == command), [])


def arguments(command: str, parameter: click.Parameter, value: str) -> list[str]:
    """Return the arguments of a command with an answer, with a value for one of its parameters."""
    words = base(command)
    network = ["--network", network_of(command)] if command not in {"demo", "network build"} else []
    if isinstance(parameter, click.Option):
        option = max(parameter.opts, key=len)
        joined = [f"{option}={value}"] if option.startswith("--") else [option, value]
        others = [*words, *network, *NEEDED.get(option, ())]
        if option in others:  # twice would be refused for that
            at = others.index(option)
            del others[at : at + 2]
        return [*command.split(), *others, *joined]
    positions = [each.name for each in dict(commands())[command].params if isinstance(each, click.Argument)]
    position = positions.index(parameter.name)
    given = list(itertools.takewhile(lambda word: not word.startswith("-"), words[: len(positions)]))
    rest = words[len(given) :]
    given += ["cn-c"] * (position - len(given))
    given[position : position + 1] = [value]
    return [*command.split(), *rest, *network, "--", *given]
