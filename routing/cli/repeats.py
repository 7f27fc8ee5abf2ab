"""Options that are given twice: refused, for only the last value would count, and the answer be to another question."""

from collections import Counter

import click

from landbridge.routing.cli.options import comma_list, number_list, places_in_order

_LISTS = (comma_list, number_list, places_in_order)


def refuse_repeats_of(command: click.Command) -> None:
    """Let a command, or each of a group, refuse an option that takes one value and is given two."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            refuse_repeats_of(inner)
        return
    parse = command.parse_args

    def parse_args(context: click.Context, args: list[str]) -> list[str]:
        if not context.resilient_parsing:
            _check(context, command.make_parser(context).parse_args(args=[*args])[2])
        return parse(context, args)

    command.parse_args = parse_args  # type: ignore[assignment, method-assign]


def _check(context: click.Context, given: list[click.Parameter]) -> None:
    for parameter, times in Counter(given).items():
        if times > 1 and isinstance(parameter, click.Option) and not (parameter.is_flag or parameter.multiple):
            once = "give it once" + ", with commas between its parts" * (parameter.callback in _LISTS)
            raise click.BadParameter(f"it is given {times} times; {once}", context, param=parameter)
