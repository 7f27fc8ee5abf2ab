"""The command `validate`."""

from typing import TYPE_CHECKING

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.options import (
    chart_option,
    comma_list,
    json_option,
    markdown_option,
    network_option,
    open_network,
    show_tables,
    table_option,
    write_files,
)
from landbridge.routing.cli.progress import progress

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.validation.validate import Half


@click.command()
@click.option("--ids", callback=comma_list, metavar="ID,...", help="Ids of observations to run; by default all.")
@click.option("--half", type=click.Choice(["training", "test"]), help="Only one half of the observations.")
@table_option
@chart_option
@click.option("--plot", metavar="FILE", hidden=True, help="The old name of --chart.")
@markdown_option
@network_option
@json_option
def validate(  # noqa: PLR0917 - options of the command line
    ids: tuple[str, ...] | None,
    half: "Half | None",
    out: str | None,
    chart: str | None,
    plot: str | None,
    markdown: str | None,
    network_path: str | None,
    as_json: bool,
) -> None:
    """Compare the model with observations: modelled and observed values, errors, coverage and sharpness."""
    from landbridge.routing.validation.tables import validation_tables
    from landbridge.routing.validation.validate import observations_asked
    from landbridge.routing.validation.validate import validate as run_validation

    if chart is not None:
        refuse_without_effect(["plot"], "with --chart")
    network = open_network(network_path)
    with progress("comparing with the observations", len(observations_asked(network, ids, half))) as told:
        found = run_validation(network, ids=ids, half=half, progress=told)
    write_files(found, {"out": out, "chart": chart or plot})
    show_tables(found, validation_tables(found), markdown, as_json=as_json)
