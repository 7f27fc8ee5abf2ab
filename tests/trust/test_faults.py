"""A sample of the blows of `make trust`: a writer struck by each signal before each of its last changes of files."""

import random
import signal
from collections import Counter

import pytest

from tests.support.struck import Blow
from tests.support.writers import write_inputs, writers
from tests.trust.faults import Trial


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside others"])
def test_a_writer_that_is_struck_leaves_the_earlier_output_or_the_new_one(tmp_path, beside):
    dice, seen = random.Random(beside), Counter()
    writer = next(item for item in writers(write_inputs(tmp_path / "inputs")) if item.name == "drivers")
    trial = Trial.prepared(writer, tmp_path / "trial")
    if beside:
        trial = trial.beside_others(tmp_path / "beside")
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        for step in dice.sample(range(1, trial.calm.steps + 1), 3):
            assert trial.struck(Blow(number, step), seen) == []
        assert seen[f"signal {number} within the writing"] > 1, f"signal {number} ends what is being written"
