"""How errors name what the user gave: options instead of arguments of the library, and no text of pages."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import click

_LONGEST: Final = 120
_LONG: Final = re.compile(rf"\S{{{_LONGEST + 1},}}")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def check_texts(arguments: Sequence[str]) -> None:
    """Refuse arguments with characters that no name, path or number has, and that files and terminals cannot take.

    Raises
    ------
    click.UsageError
        If one has a control character, or bytes that are no text in the encoding of the system.
    """
    for number, text in enumerate(arguments):
        if _CONTROL.search(text):
            option, joined, _ = text.partition("=")
            before = arguments[number - 1] if number else ""
            name = option if joined and option.startswith("-") else before if before.startswith("-") else "an argument"
            raise click.UsageError(
                f"{name} has a control character or a byte that is no text: {text!a}; leave it out, and rename a"
                " file that has one in its name"
            )


def with_short_words(message: str) -> str:
    """Return a message in which words as long as a paragraph end early.

    >>> with_short_words("there is no place " + "x" * 10_000)[-40:]
    'xxxxxxxxxxxxxxx... (10000 characters)'
    """
    return _LONG.sub(lambda found: f"{found[0][:_LONGEST]}... ({len(found[0])} characters)", message)


def with_option_names(message: str, command: click.Command) -> str:
    """Return a message of the library that starts with the name of an argument with that of its option instead.

    >>> from landbridge.routing.cli.commands.route import route
    >>> with_option_names("max_shared is 2 and must be from 0 to 1", route)
    '--shared is 2 and must be from 0 to 1'
    """
    start = re.match(r"\w+(?= )", message)
    name = written_names(command).get(start[0]) if start else None
    return message if start is None or name is None else name + message[start.end() :]


def written_names(command: click.Command) -> Mapping[str, str]:
    """Return how the parameters of a command are written, by their names in Python."""
    return {
        str(each.name): max(each.opts, key=len)
        if isinstance(each, click.Option)
        else each.human_readable_name.strip("[]")
        for each in command.params
    }


def command_of(group: click.Command, arguments: Sequence[str]) -> click.Command:
    """Return the command that arguments name within a group."""
    for word in arguments:
        if isinstance(group, click.Group) and word in group.commands:
            group = group.commands[word]
    return group
