"""A sample of what `make trust` asks from several threads and processes at once."""

import random

import pytest

import landbridge as lb
from tests.support import command_modes
from tests.trust import pools


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pools").resolve()
    command_modes.write_folder(path)
    return path


def test_threads_get_the_answers_of_one_thread(folder):
    questions = pools.drawn(random.Random(2), 12)
    network = lb.read_network(folder / "net")
    serial = [pools.answer(network, question) for question in questions]
    tally = pools.in_threads(folder, questions, serial, 2)
    assert (tally.tried, tally.failed) == (12, [])


def test_a_different_answer_is_seen(folder):
    questions = pools.drawn(random.Random(2), 2)
    tally = pools.in_threads(folder, questions, ["{}", "{}"], 2)
    assert (tally.tried, tally.held) == (2, 0)
