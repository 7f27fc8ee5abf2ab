"""The command `validate`."""

from typing import TYPE_CHECKING

import click

from landbridge.routing.cli.options import (
    comma_list,
    json_option,
    markdown_option,
    network_option,
    open_network,
    show_tables,
)

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.validation.validate import Half


@click.command()
@click.option("--ids", callback=comma_list, metavar="ID,...", help="Ids of observations to run; by default all.")
@click.option("--half", type=click.Choice(["training", "test"]), help="Only one half of the observations.")
@click.option(
    "--plot",
    metavar="FILE",
    help="File for a chart of modelled against observed values (.png, .svg or .pdf); needs matplotlib.",
)
@markdown_option
@network_option
@json_option
def validate(  # noqa: PLR0917 - options of the command line
    ids: tuple[str, ...] | None,
    half: "Half | None",
    plot: str | None,
    markdown: str | None,
    network_path: str | None,
    as_json: bool,
) -> None:
    """Compare the model with observations: modelled and observed values, errors, coverage and sharpness."""
    from landbridge.routing.validation.plot import write_validation_chart
    from landbridge.routing.validation.tables import validation_tables
    from landbridge.routing.validation.validate import validate as run_validation

    found = run_validation(open_network(network_path), ids=ids, half=half)
    if plot is not None:
        click.echo(f"wrote {write_validation_chart(found, plot)}", err=True)
    show_tables(found, validation_tables(found), markdown, as_json=as_json)
