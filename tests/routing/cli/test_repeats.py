"""An option that takes one value and is given two."""

import click
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.options import comma_list, number_list, places_in_order
from tests.support.command_modes import commands

SINGLE = [
    (name, option)
    for name, command in commands()
    for option in command.params
    if isinstance(option, click.Option) and not (option.is_flag or option.multiple)
]


@pytest.mark.parametrize(("command", "option"), SINGLE, ids=lambda value: getattr(value, "name", value))
def test_it_is_refused_and_lists_say_how_to_name_several(command, option, capsys):
    name = max(option.opts, key=len)
    assert main.run([*command.split(), name, "1", name, "2"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"'{name}'" in said
    assert "it is given 2 times; give it once" in said
    assert ("with commas between its parts" in said) == (option.callback in {comma_list, number_list, places_in_order})


def test_flags_and_options_of_several_values_may_be_given_twice(run):
    closed = ("--close", "2026-03-01..2026-03-09 BY-PL", "--close", "2026-04-01..2026-04-09 BY-PL")
    code, _, said = run("simulate-network", "--json", "--json", *closed, "--days", "0")
    assert code == 2
    assert "times; give it once" not in said
