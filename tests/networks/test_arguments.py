"""Arguments as people give them: what is taken, what is refused and how that is said."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landbridge.networks import QueryError
from landbridge.networks.arguments import (
    choice,
    file_path,
    flag,
    instances,
    listed,
    number_array,
    number_within,
    place_text,
    place_texts,
    real_number,
    shown,
    texts,
    time_limit,
    whole_number,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Xi'an", "Xi'an"),
        ((51.43, 6.76), "51.43,6.76"),
        ([51, 7], "51,7"),
        ((-0.00001, 1e-7), "-0.00001,0.0000001"),  # never 1e-07, which is no coordinate
        (np.array([51.43, 6.76]), "51.43,6.76"),
        ((np.float32(51.43), np.int64(6)), "51.43,6"),
    ],
)
def test_a_place_is_a_text_or_a_pair(given, expected):
    assert place_text(given, "origin") == expected


@pytest.mark.parametrize("given", [None, 5, "", " ", (1,), (1, 2, 3), ("a", 1), (True, False), {"lat": 1, "lon": 2}])
def test_what_is_no_place_is_refused_by_the_name_of_the_argument(given):
    with pytest.raises(QueryError, match=r"^origin is .*; give a place by id, UN/LOCODE or name, or \(lat, lon\)$"):
        place_text(given, "origin")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ()),
        ("Almaty", ("Almaty",)),
        ((43.2, 76.9), ("43.2,76.9",)),
        ([(43.2, 76.9), "Baku"], ("43.2,76.9", "Baku")),
        ([[1, 2], [3, 4]], ("1,2", "3,4")),
        ((name for name in ("a", "b")), ("a", "b")),
    ],
)
def test_one_place_is_a_list_of_one(given, expected):
    assert place_texts(given, "via") == expected


def test_one_text_is_a_list_of_one_and_none_is_an_empty_list():
    assert texts("rail", "modes", "modes") == ("rail",)
    assert texts({"rail": 1}.keys(), "modes", "modes") == ("rail",)
    assert texts(None, "modes", "modes") == ()
    assert listed(range(2), "days", "days") == (0, 1)


@pytest.mark.parametrize("given", [5, {"rail": 1}, b"rail", [5], [None], [""], ["rail", " "]])
def test_what_is_no_list_of_texts_is_refused(given):
    with pytest.raises(QueryError, match=r"^modes (is|has) .*; give modes; several as a list$"):
        texts(given, "modes", "modes")


def test_numbers_of_numpy_are_numbers_and_truth_values_are_none():
    assert (whole_number(np.int32(5), "k", 1, 9), real_number(np.float32(0.5), "share")) == (5, 0.5)
    assert flag(np.bool_(1), "planned") is True
    for given in (True, "5", 5.5, None, 0, 10, float("nan")):
        with pytest.raises(QueryError, match=r"^k is .* and must be a whole number from 1 to 9$"):
            whole_number(given, "k", 1, 9)
    for given in (True, "5", None, [5], 1j):
        with pytest.raises(QueryError, match=r"^share is .* and must be a number$"):
            real_number(given, "share")
    for given in ("yes", 1, None):
        with pytest.raises(QueryError, match=r"^planned is .* and must be True or False$"):
            flag(given, "planned")


def test_a_choice_names_what_there_is():
    assert choice("csv", "file_format", ("csv", "gpkg")) == "csv"
    with pytest.raises(QueryError, match="file_format is 'shp' and must be one of csv, gpkg"):
        choice("shp", "file_format", ("csv", "gpkg"))


def test_one_object_is_a_list_of_one_and_none_at_all_is_refused():
    assert instances(5, int, "numbers", "give numbers") == (5,)
    assert instances([5, 6], int, "numbers", "give numbers") == (5, 6)
    with pytest.raises(QueryError, match="numbers is empty; give numbers"):
        instances([], int, "numbers", "give numbers")
    with pytest.raises(QueryError, match="numbers is 'a' and must be int; give numbers"):
        instances([5, "a"], int, "numbers", "give numbers")


def test_a_path_is_a_text_or_a_path(tmp_path):
    assert file_path(str(tmp_path), "path") == file_path(tmp_path, "path") == Path(tmp_path)
    with pytest.raises(QueryError, match="path is b'x' and must be the path of a file or folder"):
        file_path(b"x", "path")
    with pytest.raises(QueryError, match=r"path is 'a\\x00b' and must be the path of a file or folder"):
        file_path("a\0b", "path")


def test_what_is_long_is_shown_by_its_type():
    assert shown("abc") == "'abc'"
    assert shown(list(range(100))) == "a list"


def test_a_cure_is_said_once_and_a_type_has_its_article():
    with pytest.raises(QueryError, match=r"^items is 5; give the result of x; several as a list$"):
        instances(5, Path, "items", "give the result of x")
    with pytest.raises(QueryError, match=r"^items is 5; give a list of dictionaries$"):
        listed(5, "items", "a list of dictionaries")
    assert shown(["x" * 60]) == "a list"
    assert shown(("x" * 60, OSError())) == "a tuple"
    assert shown(OSError("x" * 60)) == "an OSError"


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float64(1)])
def test_a_number_within_bounds_is_taken(value):
    assert number_within(value, "share", 0, 1) == value


@pytest.mark.parametrize("value", [-1e-9, 1.0000001, float("inf"), float("-inf"), float("nan"), 1e308])
def test_a_number_that_is_not_within_bounds_is_refused(value):
    with pytest.raises(QueryError, match=r"share is .* and must be a number from 0 to 1"):
        number_within(value, "share", 0, 1)


@pytest.mark.parametrize("value", ["1", True, None, [1]])
def test_no_number_is_refused_as_such(value):
    with pytest.raises(QueryError, match=r"share is .* and must be a number"):
        number_within(value, "share", 0, 1)


def test_a_time_limit_is_none_or_seconds_that_a_solver_can_count():
    assert (time_limit(None), time_limit(0), time_limit(2.5)) == (None, 0, 2.5)
    for wrong in (-1, float("nan"), float("inf"), 1e300):
        with pytest.raises(QueryError, match=r"time_limit_s is .* must be a number from 0 to"):
            time_limit(wrong)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/n.gpkg", "HTTP://example.org", "/vsicurl/https://example.org/n", "/vsizip/n.zip", "s3://n/x"],
)
def test_an_address_is_no_path(address):
    with pytest.raises(QueryError, match="an address; download what it names and give the path of the copy"):
        file_path(address, "path")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_path_is_refused(empty):
    with pytest.raises(QueryError, match="path is empty; give the path"):
        file_path(empty, "path")


def test_a_long_text_is_shown_by_its_beginning():
    assert shown("x" * 10_000) == repr("x" * 60 + "...")


@pytest.mark.parametrize(
    "given",
    [
        [1, 2],
        (1, 2.0),
        np.array([1, 2], np.uint8),
        pd.Series([1.0, 2.0]),
        pd.Series([1, 2], dtype="Int64"),
        [Fraction(1), np.float32(2)],
        np.ma.array([1, 2]),
    ],
)
def test_numbers_are_taken_as_an_array_of_their_own(given):
    found = number_array(given, "amount", count=2)
    assert (found.tolist(), found.dtype, found.flags.writeable) == ([1.0, 2.0], np.float64, False)


def test_an_array_is_copied():
    given = np.array([1, 2])
    found = number_array(given, "node", whole=True)
    given[:] = 9
    assert (found.tolist(), found.dtype) == ([1, 2], np.int64)
    assert number_array([], "node", whole=True).dtype == np.int64
    assert number_array([[1, 2], [3, 4]], "terms", dimensions=2).tolist() == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    "given",
    [
        5,
        None,
        "12",
        np.array(5),
        ["1", "2"],
        [1, True],
        np.array([True, False]),
        [1j],
        np.array([1j]),
        [None],
        [pd.NA],
        [date(2026, 1, 1)],
        np.array(["2026-01-01"], "M8[D]"),
        np.array([1], "m8[h]"),
        {1.0},
        {1: 2},
        (number for number in (1, 2)),
        [[1], [2, 3]],
        [10**400],
        pd.DataFrame({"a": [1]}),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_is_no_array_of_numbers_is_refused(given):
    with pytest.raises(QueryError, match=r"^amount (is|has) .* and must be a flat array of numbers$"):
        number_array(given, "amount")


def test_an_array_of_the_wrong_numbers_is_refused():
    with pytest.raises(QueryError, match=r"^node is \[0\.5\] and must be a flat array of whole numbers$"):
        number_array([0.5], "node", whole=True)
    with pytest.raises(QueryError, match=r"^amount has masked values; fill them in or leave them out$"):
        number_array(np.ma.array([1.0, 2.0], mask=[0, 1]), "amount")
    with pytest.raises(QueryError, match=r"^amount has 3 values and must have 2$"):
        number_array([1, 2, 3], "amount", count=2)
    with pytest.raises(QueryError, match=r"^terms has the shape \(2,\) and the type float64 and must be a table of"):
        number_array(np.ones(2), "terms", dimensions=2)


@pytest.mark.parametrize("given", [np.array(5), np.array("a")])
def test_an_array_without_dimensions_is_neither_a_place_nor_a_list(given):
    with pytest.raises(QueryError, match=r"^via is .*; give a place"):
        place_texts(given, "via")
    with pytest.raises(QueryError, match=r"^modes is .*; give modes"):
        texts(given, "modes", "modes")


@pytest.mark.parametrize("given", [pd.Series(["csv"]), pd.DataFrame(), pd.NA, np.array(["csv", "gpkg"])])
def test_what_cannot_be_compared_is_no_choice(given):
    with pytest.raises(QueryError, match=r"file_format is .* must be one of csv, gpkg"):
        choice(given, "file_format", ("csv", "gpkg"))


def test_a_number_keeps_whether_it_is_whole():
    numbers = [real_number(value, "share") for value in (5, np.int64(5), 5.0, np.float32(2.5), Fraction(5, 2))]
    assert [type(value) for value in numbers] == [int, int, float, float, float]
    with pytest.raises(QueryError, match=r"^share is an int and must be a number$"):
        real_number(10**5000, "share")


def test_a_path_may_begin_with_the_home_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert file_path("~/x.csv", "path") == file_path(Path("~/x.csv"), "path") == tmp_path / "x.csv"
    with pytest.raises(QueryError, match=r"^path is '~nobody_x/a', in a home that is not known; give the whole path$"):
        file_path("~nobody_x/a", "path")
