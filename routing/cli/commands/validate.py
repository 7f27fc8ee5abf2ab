"""The commands that compare the model with what was observed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from landbridge.routing.cli.options import comma_list, json_option, network_option, open_network, print_json

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from collections.abc import Sequence

    from landbridge.routing.validation.tables import EvidenceTable
    from landbridge.routing.validation.validate import Half

markdown_option = click.option("--markdown", metavar="FILE", help="Write the tables as Markdown there.")


@click.command()
@click.option("--ids", callback=comma_list, metavar="ID,...", help="Observations to run; by default all.")
@click.option("--half", type=click.Choice(["training", "test"]), help="One half of the observations only.")
@click.option("--plot", metavar="FILE", help="Draw modelled against observed (.png, .svg or .pdf); needs matplotlib.")
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
    """Run the observations through the model: modelled beside observed, errors, coverage and sharpness."""
    from landbridge.routing.validation.plot import write_validation_chart
    from landbridge.routing.validation.tables import validation_tables
    from landbridge.routing.validation.validate import validate as run_validation

    found = run_validation(open_network(network_path), ids=ids, half=half)
    if plot is not None:
        click.echo(f"wrote {write_validation_chart(found, plot)}", err=True)
    show_tables(validation_tables(found), found.to_dict() if as_json else None, markdown)


def show_tables(tables: "Sequence[EvidenceTable]", document: dict[str, object] | None, path: str | None) -> None:
    """Print tables or a JSON document, and write the tables as Markdown where a path is given."""
    if path is not None:
        from landbridge.networks.files import write_text
        from landbridge.routing.validation.tables import markdown

        write_text(Path(path), markdown(tables))
        click.echo(f"wrote {path}", err=True)
    if document is not None:
        print_json(document)
    else:
        from landbridge.routing.cli.tables.validation import print_evidence

        print_evidence(tables)
