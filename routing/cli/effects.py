"""Options without an effect on what is asked: they are refused, for the answer would be to another question."""

from collections.abc import Collection

import click
from click.core import ParameterSource

from landbridge.networks.arguments import without_effect
from landbridge.routing.cli.messages import written_names


def refuse_without_effect(names: Collection[str], when: str) -> None:
    """Refuse parameters of the command that the user gives though they have no effect.

    Parameters
    ----------
    names
        Their names in Python; they may be left at their defaults.
    when
        When they have none, such as `with --cut`.

    Raises
    ------
    click.UsageError
        If one is given.
    """
    context = click.get_current_context()
    given = [
        written
        for name, written in written_names(context.command).items()
        if name in names and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(without_effect(given, when))
