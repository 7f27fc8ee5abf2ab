"""How errors name what the user gave."""

import click
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.messages import check_texts, command_of, with_option_names, with_short_words


@pytest.mark.parametrize("text", ["a\x00b", "two\nlines", "\x1b[31m", "\udcff", "\x9b"])
def test_a_control_character_or_a_byte_that_is_no_text_is_refused_with_its_option(text):
    for arguments in (["route", f"--via={text}"], ["route", "--via", text]):
        with pytest.raises(click.UsageError, match="--via has a control character or a byte that is no text"):
            check_texts(arguments)
    with pytest.raises(click.UsageError, match="an argument has a control character"):
        check_texts(["route", text])


def test_names_of_every_script_are_taken():
    check_texts(["route", "西安", "Żnin", "--via=Алматы, Xi'an", ""])


def test_a_message_does_not_repeat_a_page_of_text():
    assert with_short_words(f"{'x' * 10_000} is unknown") == f"{'x' * 120}... (10000 characters) is unknown"
    assert with_short_words("a short one") == "a short one"


def test_an_argument_of_the_library_is_named_as_its_option():
    route, matrix = (main.landbridge.commands[name] for name in ("route", "matrix"))
    assert with_option_names("max_shared is 2", route) == "--shared is 2"
    assert with_option_names("k is 0 and max_shared 1", route) == "-k is 0 and max_shared 1"
    assert with_option_names("origin is blank", route) == "FROM is blank"
    assert with_option_names("max_shared is 2", matrix) == "max_shared is 2"
    assert with_option_names("origin.toml:1 is blank", route) == "origin.toml:1 is blank"
    assert with_option_names("", route) == ""


def test_the_command_of_arguments_is_found_within_groups():
    names = [command_of(main.landbridge, words.split()).name for words in ("--quiet route a", "network info", "")]
    assert names == ["route", "info", "landbridge"]
