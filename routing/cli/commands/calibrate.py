"""The command `calibrate`."""

import click

from landbridge.routing.cli.options import (
    chart_option,
    json_option,
    markdown_option,
    network_option,
    open_network,
    show_tables,
    table_option,
    write_files,
)
from landbridge.routing.cli.progress import progress


@click.command()
@markdown_option
@network_option
@json_option
@table_option
@chart_option
def calibrate(
    markdown: str | None, network_path: str | None, as_json: bool, out: str | None, chart: str | None
) -> None:
    """Fit factors on assumed times to the training half, and show both halves before and after; no data are changed."""
    from landbridge.routing.validation.calibrate import calibrate as run_calibration
    from landbridge.routing.validation.tables import calibration_tables

    network = open_network(network_path)
    with progress("comparing with the observations, before and after"):
        found = run_calibration(network)
    write_files(found, {"out": out, "chart": chart})
    show_tables(found, calibration_tables(found), markdown, as_json=as_json)
