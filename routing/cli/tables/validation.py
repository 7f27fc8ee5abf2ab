"""The tables of a validation or a calibration."""

from collections.abc import Iterable

from rich.table import Table

from landbridge.routing.cli.tables.console import console
from landbridge.routing.validation.tables import EvidenceTable


def print_evidence(tables: Iterable[EvidenceTable]) -> None:
    """Print the tables of a validation or a calibration."""
    out = console()
    for evidence in tables:
        table = Table(title=evidence.title, title_justify="left")
        for name in evidence.headers:
            table.add_column(name)
        for cells in evidence.rows:
            table.add_row(*cells)
        out.print(table)
        if evidence.remark:
            out.print(evidence.remark, style="dim")
