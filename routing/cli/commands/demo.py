"""The command `demo`."""

import shlex

import click

from landbridge.routing.cli.commands.pareto import pareto
from landbridge.routing.cli.commands.route import route
from landbridge.routing.cli.progress import note


@click.command()
@click.option(
    "--out",
    default="out",
    show_default=True,
    metavar="DIR",
    help="Folder for a QGIS project, GeoPackage, GeoJSON and CSV.",
)
def demo(out: str) -> None:
    """Route a container from Xi'an to Duisburg: the best itinerary of each corridor, then time against cost."""
    for command, options in (
        (route, f"--by-corridor --out {shlex.quote(out)}"),
        (pareto, "--objectives time,cost --epsilon 0.01"),
    ):
        line = f'"Xi\'an" Duisburg {options}'
        note(f"landbridge {command.name} {line}")
        with command.make_context(command.name, shlex.split(line), parent=click.get_current_context()) as context:
            command.invoke(context)
