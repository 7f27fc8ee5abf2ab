"""Errors: one root, each a builtin's child, and faults that say where, what and the cure."""

import pytest

from landbridge.networks import errors
from landbridge.networks.errors import (
    DataError,
    Fault,
    LandbridgeError,
    NoRouteError,
    OptionError,
    PlaceError,
    QueryError,
    WriteError,
    extra_cure,
)

FAULT = Fault("links.csv", 3, "service", "'fast' is not in services.csv", "correct it or add the row")


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (DataError, ValueError),
        (QueryError, ValueError),
        (OptionError, TypeError),
        (WriteError, OSError),
        (PlaceError, LookupError),
        (NoRouteError, LookupError),
    ],
)
def test_an_error_is_caught_as_ours_and_as_the_builtin(error, builtin):
    with pytest.raises(builtin, match="so"):
        raise error("so")
    assert issubclass(error, LandbridgeError)


def test_every_error_of_the_module_descends_from_the_root():
    own = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)]
    assert len(own) >= 5
    assert all(issubclass(error, LandbridgeError) for error in own)


@pytest.mark.parametrize(
    ("row", "column", "where"), [(3, "service", "links.csv:3 [service]"), (3, "", "links.csv:3"), (0, "", "links.csv")]
)
def test_a_fault_names_the_line_and_column_that_it_has(row, column, where):
    assert str(Fault("links.csv", row, column, "is wrong", "mend it")) == f"{where}: is wrong; mend it"


def test_faults_sort_by_file_then_line():
    first, second, third = (Fault(file, row, "", "", "") for file, row in (("a.csv", 9), ("b.csv", 2), ("b.csv", 10)))
    assert sorted([third, second, first]) == [first, second, third]


def test_a_data_error_lists_its_faults_and_keeps_all():
    error = DataError("no network", [FAULT, FAULT])
    assert str(error).splitlines() == ["no network", f"  {FAULT}", f"  {FAULT}"]
    assert error.faults == (FAULT, FAULT)


def test_of_many_faults_twenty_are_listed_and_the_rest_counted():
    error = DataError("no network", [FAULT] * 23)
    assert len(str(error).splitlines()) == 1 + 20 + 1
    assert str(error).endswith("... and 3 more")
    assert len(error.faults) == 23


def test_a_place_error_keeps_the_candidates():
    assert PlaceError("which?", ["az-alat", "kz-alat"]).candidates == ("az-alat", "kz-alat")
    assert PlaceError("none").candidates == ()


def test_an_extra_is_installed_by_a_line_to_copy():
    assert extra_cure("plot") == "run: pip install 'landbridge[plot]'"


def test_a_fault_shows_no_control_character_and_no_endless_text():
    fault = Fault("a.csv", 2, "id\x1b[2J", "x" * 5000, "give an id")
    assert str(fault) == f"a.csv:2 [id\\x1b[2J]: {'x' * 1000}...; give an id"
