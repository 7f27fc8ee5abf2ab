"""Tables: rows with the lines that they came from, found by their key."""

import pytest

from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import (
    NETWORK_TABLES,
    REFERENCE_TABLES,
    REQUIRED_TABLES,
    STUDY_TABLES,
    VALIDATION_TABLES,
    Table,
)


@pytest.fixture
def modes():
    table = Table("modes", "modes.csv")
    for line, mode in ((2, "rail"), (5, "road"), (9, "rail")):
        table.append({"mode": mode, "detour_factor": line}, line)
    return table


def test_rows_keep_their_order_and_their_lines(modes):
    assert len(modes) == 3
    assert [row["mode"] for row in modes] == ["rail", "road", "rail"]
    assert [(line, row["mode"]) for line, row in modes.numbered()] == [(2, "rail"), (5, "road"), (9, "rail")]


def test_of_rows_with_one_key_the_first_is_found(modes):
    assert {key: row["detour_factor"] for key, row in modes.by_key().items()} == {"rail": 2, "road": 5}


def test_rows_and_lines_that_differ_in_number_are_an_error(modes):
    modes.lines.pop()
    with pytest.raises(ValueError, match="longer"):
        list(modes.numbered())


def test_a_table_has_the_schema_of_its_name(modes):
    assert modes.schema is schemas()["modes"]
    assert modes.schema.key == "mode"


def test_every_table_of_the_schema_is_of_one_kind_and_those_that_are_required_make_a_network():
    kinds = [*REFERENCE_TABLES, *NETWORK_TABLES, *VALIDATION_TABLES, *STUDY_TABLES]
    assert sorted(kinds) == sorted(schemas())
    assert set(REQUIRED_TABLES) <= set(NETWORK_TABLES)
