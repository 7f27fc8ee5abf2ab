"""The tables of a validation or a calibration."""

from landbridge.routing.cli.tables.validation import print_evidence
from landbridge.routing.validation.tables import EvidenceTable
from tests.support.printed import rows_of


def test_each_table_has_its_title_cells_and_remark(capsys):
    tables = [
        EvidenceTable("By kind", ("kind", "rows"), (("announced [sic]", "3"), ("survey", "2")), "Ratios are medians."),
        EvidenceTable("Rows", ("id",), (("H1",),), ""),
    ]
    print_evidence(tables)
    text = capsys.readouterr().out
    assert rows_of(text) == [["announced [sic]", "3"], ["survey", "2"], ["H1"]]
    assert text.index("By kind") < text.index("Ratios are medians.") < text.index("Rows")
