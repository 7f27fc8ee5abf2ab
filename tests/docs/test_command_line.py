"""The pages for users name commands and options that exist, and the page of the command line names all commands."""

import re
from pathlib import Path

import click
import pytest

from landbridge.routing.cli.main import landbridge

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "how-to").glob("*.md"))]


def commands(command, path=()):
    """Return the commands of the program by the words that call them."""
    found = {path: command}
    for name, each in getattr(command, "commands", {}).items():
        found |= commands(each, (*path, name))
    return found


COMMANDS = commands(landbridge)
OPTIONS = {option for each in COMMANDS.values() for parameter in each.params for option in parameter.opts} | {"--help"}


def in_code(page):
    """Return what a page has in code: spans and blocks, without what is printed or not run."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"<!-- printed -->.*?<!-- end -->|<!-- not run:.*?```sh.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_options_that_a_page_names_exist(page):
    named = {
        option
        for code in in_code(page)
        if "pip " not in code and "uv " not in code
        for option in re.findall(r"(?<![\w*-])--[a-z][a-z-]*[a-z0-9]", code)  # `*--tr-istanbul` is a pattern of ids
    }
    assert named - OPTIONS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_that_a_page_calls_exist(page):
    called = [
        words.split() for code in in_code(page) for words in re.findall(r"(?:^|/bin/|\n)landbridge((?: [a-z]+)+)", code)
    ]
    names = {path[0] for path in COMMANDS if path}
    assert [words for words in called if words[0] not in names] == []


def test_the_page_of_the_command_line_names_all_commands():
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    missing = [
        " ".join(path)
        for path, command in COMMANDS.items()
        if path and not isinstance(command, click.Group) and not re.search(rf"`[^`]*\b{path[-1]}\b", text)
    ]
    assert missing == []
