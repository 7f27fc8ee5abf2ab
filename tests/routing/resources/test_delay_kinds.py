"""The kinds of waits: told apart, and the point from which the wait of a queue is a line."""

from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE, TANGENT_FROM


def test_kinds_are_told_apart():
    assert len({NONE, BPR, QUEUE, CONICAL, AKCELIK, POLYNOMIAL}) == 6


def test_the_wait_of_a_queue_becomes_a_line_before_the_queue_is_full():
    # At a utilisation of 1 the wait of a queue has no bound.
    assert 0.9 < TANGENT_FROM < 1
