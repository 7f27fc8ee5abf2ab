"""What answers say about themselves."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from landbridge.networks.meta import meta_of, plain, with_options
from tests.support.tiny import link, tiny_network


@dataclass
class Record:
    name: str
    days: frozenset[int]


def test_meta_names_version_data_set_date_question_and_scenario(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    assert meta_of(network.tables, {"k": 2}) == {
        "version": version("landbridge"),
        "data_set": {"name": "tiny", "version": "1"},
        "reference_date": "2026-01-01",
        "options": {"k": 2},
        "scenario": None,
    }
    network.tables["dataset"].append({"key": "scenario", "value": "low-water", "source": ()})
    assert meta_of(network.tables, {})["scenario"] == "low-water"


def test_tables_without_a_data_set_have_no_name():
    assert meta_of({}, {})["data_set"] == {"name": None, "version": None}


def test_options_are_added_and_left_out_and_the_first_meta_stays():
    meta = meta_of({}, {"to": "A", "k": 1})
    assert with_options(meta, "to", within=(1, 2))["options"] == {"k": 1, "within": [1, 2]}
    assert meta["options"] == {"to": "A", "k": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (frozenset({"RU", "BY"}), ["BY", "RU"]),
        ((1, (2.5, None)), [1, [2.5, None]]),
        ({("a", 1): {3, 1}}, {"('a', 1)": [1, 3]}),
        (Record("r", frozenset({2, 1})), {"name": "r", "days": [1, 2]}),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (float("inf"), "inf"),
        (np.float64(1.5), 1.5),
        (True, True),
        (Path("a/b"), "a/b"),
    ],
)
def test_what_is_asked_is_as_json_can_hold_it(value, expected):
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected) or isinstance(found, float)
    json.dumps(found, allow_nan=False)


def test_numbers_of_numpy_are_numbers_of_json():
    assert json.dumps(plain([np.int64(3), np.float32(2.5), Fraction(5, 2), True])) == "[3, 2.5, 2.5, true]"
