"""Signals end the program in order."""

import contextlib
import os
import signal

import click
import pytest

from landbridge.routing.cli.signals import ending_in_order, keeps, kept


def test_sigterm_ends_the_program_as_an_error_does_with_its_exit_code():
    cleaned = []

    def work():
        with ending_in_order(), contextlib.ExitStack() as stack:
            stack.callback(cleaned.append, True)
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        work()
    assert (ended.value.code, cleaned) == (143, [True])


def test_handlers_are_as_before_afterwards_and_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with ending_in_order():
            os.kill(os.getpid(), signal.SIGTERM)
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_is_kept_is_told():
    with click.Context(click.Command("x")) as context:
        assert kept(context) == "no file was written"
        keeps("wrote a.csv")
        keeps("rows are in s")
        assert kept(context) == "wrote a.csv; rows are in s"
    keeps("nobody listens outside of a command")
    assert kept(None) == "no file was written"
