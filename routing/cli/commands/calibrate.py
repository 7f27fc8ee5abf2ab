"""The command `calibrate`."""

import click

from landbridge.routing.cli.options import json_option, markdown_option, network_option, open_network, show_tables


@click.command()
@markdown_option
@network_option
@json_option
def calibrate(markdown: str | None, network_path: str | None, as_json: bool) -> None:
    """Fit factors on assumed times to the training half, and show both halves before and after; no data are changed."""
    from landbridge.routing.validation.calibrate import calibrate as run_calibration
    from landbridge.routing.validation.tables import calibration_tables

    found = run_calibration(open_network(network_path))
    show_tables(found, calibration_tables(found), markdown, as_json=as_json)
