"""The types of rows that type checkers see."""

import shutil
from pathlib import Path

from mypy import api

import landbridge.networks.tables.table
from landbridge.networks.tables.row_types import row_type, row_types
from landbridge.networks.tables.schema import schemas

STUB = Path(landbridge.networks.tables.table.__file__).with_name("rows.pyi")


def test_the_types_are_those_of_the_schema():
    assert STUB.read_text(encoding="utf-8") == row_types(), "run `make rows`"


def test_a_row_is_named_in_the_singular():
    assert [row_type(name) for name in ("places", "countries", "emission_factors", "congestion")] == [
        "PlaceRow",
        "CountryRow",
        "EmissionFactorRow",
        "CongestionRow",
    ]
    assert len(set(map(row_type, schemas()))) == len(schemas())


def test_a_checker_sees_a_column_that_no_table_has_and_a_cell_that_may_be_blank(tmp_path, monkeypatch):
    # Only what the types need: of the whole package a checker takes a quarter of a minute.
    shutil.copytree(STUB.parent, tmp_path / "landbridge/networks/tables")
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "script.py"
    script.write_text("""\
from landbridge.networks.tables.rows import Tables
def look(tables: Tables) -> None:
    print(tables["links"].by_key()["a"]["mode"] == "rail", tables["places"].rows[0]["lat"] + 1)
    print(tables["links"].rows[0]["lenght_km"])
    print(tables["links"].rows[0]["length_km"] + 1)
    print(tables["services"].rows[0]["wait_kind"] == "sometimes")
""")
    told, _, _ = api.run(["--strict", "--explicit-package-bases", "--ignore-missing-imports", str(script)])
    faults = [line.partition(": error: ")[::2] for line in told.splitlines() if ": error: " in line]
    assert [(place.rpartition(":")[2], text.rpartition("[")[2]) for place, text in faults] == [
        ("4", "typeddict-item]"),
        ("5", "operator]"),
        ("6", "comparison-overlap]"),
    ]
