"""What a worker does with a row: whatever happens is an outcome."""

import numpy as np
import pytest

from landbridge.networks.signals import Terminated
from landbridge.routing.studies.sweeps.network_reference import WorkerError, reference_to
from landbridge.routing.studies.sweeps.work import Chunk, Outcome, failed, run_chunk
from tests.support.swept import odd


@pytest.fixture(scope="module")
def reference():
    return reference_to(None, None)


def outcome_of(function, row, reference, columns=("x", "do")):
    (outcome,) = run_chunk(Chunk(function, reference, {}, frozenset(columns), ("k",), (row,)))
    return outcome


@pytest.mark.parametrize(
    ("do", "error_type", "message"),
    [
        ("raise", "ValueError", "no\n1\\ud800"),
        ("exit", "SystemExit", "3"),
        ("list", "DataError", "the output 'y' is [1]; give a number"),
        ("numbered", "DataError", "the name 1, which is no text; give texts as names"),
        ("taken", "DataError", "the name 'x', which is that of a column"),
        ("status", "DataError", "the name 'status', which is that of a column"),
        ("text", "DataError", "the function returned 5; return a dictionary"),
    ],
)
def test_an_error_is_an_outcome(reference, do, error_type, message):
    outcome = outcome_of(odd, {"x": 1, "do": do}, reference)
    assert (outcome.status, outcome.outputs, outcome.error_type) == ("failed", {}, error_type)
    assert message in outcome.error


def test_outputs_are_scalars_of_python(reference):
    given = {
        "f": np.float64(0.1),
        "i": np.int64(3),
        "b": np.bool_(True),
        "s": np.str_("x"),
        "n": None,
        "g": np.float32(0.1),
    }
    outcome = outcome_of(lambda _network, _row: given, {}, reference)
    assert outcome.outputs == {"f": 0.1, "i": 3, "b": True, "s": "x", "n": None, "g": float(np.float32(0.1))}
    assert {type(value) for value in outcome.outputs.values()} == {float, int, bool, str, type(None)}


def test_a_row_changed_by_the_function_changes_nothing_else(reference):
    row = {"x": 1}
    outcome_of(lambda _network, own: own.clear() or {}, row, reference)
    assert row == {"x": 1}


def test_what_concerns_the_worker_is_raised(reference):
    def broken(_network, _row):
        raise WorkerError("another version")

    with pytest.raises(WorkerError):
        outcome_of(broken, {}, reference)


def test_a_long_message_is_cut():
    assert len(failed(ValueError("x" * 10_000)).error) < 1_100


def test_a_chunk_is_divided_with_the_scenarios_that_its_rows_need(reference):
    rows = ({"scenario": "a"}, {"scenario": ""}, {"scenario": "b"})
    chunk = Chunk(odd, reference, {"a": 1, "b": 2}, frozenset(), ("1", "2", "3"), rows)
    part = chunk.part(1, None)
    assert (part.keys, part.rows, part.scenarios) == (("2", "3"), rows[1:], {"b": 2})
    assert run_chunk(chunk.part(1, 1)) == []
    assert isinstance(failed(ValueError()), Outcome)


@pytest.mark.parametrize("hidden", [False, True], ids=["as it is", "as an error of a library"])
@pytest.mark.parametrize("ending", [Terminated(143), KeyboardInterrupt()], ids=["SIGTERM", "Ctrl-C"])
def test_a_signal_in_the_middle_of_a_row_is_no_error_of_the_row(reference, ending, hidden):
    def ended(*_):
        if hidden:
            raise ImportError("a library was cut short") from ending
        raise ending

    with pytest.raises(type(ending)):
        outcome_of(ended, {}, reference)
