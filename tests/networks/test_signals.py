"""Signals end a program in order, and wait for what must not be cut short."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from landbridge.networks.signals import Terminated, ending_in_order, signal_behind, terminated_in_order, undisturbed

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@contextlib.contextmanager
def handled(handler):
    """Handle both signals in this context."""
    earlier = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, before in earlier.items():
            signal.signal(number, before)


def test_sigterm_ends_the_program_as_an_error_does_with_its_exit_code():
    cleaned = []

    def work():
        with ending_in_order(), contextlib.ExitStack() as stack:
            stack.callback(cleaned.append, True)
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Terminated) as ended:
        work()
    assert (ended.value.code, cleaned) == (143, [True])


def test_handlers_are_as_before_afterwards_and_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with ending_in_order(), terminated_in_order():
            os.kill(os.getpid(), signal.SIGTERM)
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_function_ends_in_order_only_where_sigterm_would_end_the_program_at_once():
    code = (
        "import os, signal; from landbridge.networks.signals import terminated_in_order\n"
        "with terminated_in_order(): pass\n"
        "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
        "try:\n    with terminated_in_order(): os.kill(os.getpid(), signal.SIGTERM)\n"
        "finally: print('in order', flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (143, "in order\n")
    seen = []
    with handled(lambda *_: seen.append("theirs")), terminated_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert seen == ["theirs"]


@BOTH
def test_a_signal_waits_until_the_end_of_what_must_not_be_cut_short(number):
    done = []
    with handled(lambda *_: done.append("signal")):
        with undisturbed(), undisturbed():
            signal.raise_signal(number)
            done.append("work")
        signal.raise_signal(number)
    assert done == ["work", "signal", "signal"]


@BOTH
def test_a_signal_that_comes_while_handlers_are_put_back_is_not_lost_nor_are_later_ones(number, monkeypatch):
    done, put = [], signal.signal
    with handled(lambda *_: done.append("signal")):

        def interrupted(one, handler):
            earlier = put(one, handler)
            if not done and signal.getsignal(signal.SIGINT) is not waits:
                signal.raise_signal(number)
            return earlier

        with undisturbed():
            waits = signal.getsignal(signal.SIGINT)
            monkeypatch.setattr(signal, "signal", interrupted)
        monkeypatch.undo()
        assert done == ["signal"]
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert done == ["signal"] * 3


def test_the_signal_behind_an_error_is_found():
    interrupt = KeyboardInterrupt()
    error = ImportError("a library was interrupted")
    error.__context__ = RuntimeError()
    error.__context__.__cause__ = interrupt
    assert signal_behind(error) is interrupt
    assert isinstance(signal_behind(Terminated(143)), Terminated)
    assert signal_behind(SystemExit(3)) is signal_behind(ValueError()) is signal_behind(None) is None
