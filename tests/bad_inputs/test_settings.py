"""Settings that a library refuses when it is loaded are told in a line, with the variable to correct."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.support.command_modes import TRIP, write_folder


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("NUMBA_NUM_THREADS", "0", "numba does not load"),
        pytest.param(
            *("MPLBACKEND", "nonsense", "matplotlib does not load"),
            marks=pytest.mark.skipif(find_spec("matplotlib") is None, reason="the extra plot"),
        ),
    ],
)
def test_a_wrong_setting_of_a_library_is_told_before_the_work(tmp_path, name, value, says):
    write_folder(tmp_path)
    command = [sys.executable, "-m", "landbridge", "route", *TRIP, "--network", "net", "--chart", "chart.svg"]
    variables = os.environ | {name: value}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    told = done.stderr.splitlines()[-1]
    assert says in told
    assert name in told.rpartition("orrect ")[2]
    assert not (tmp_path / "chart.svg").exists()
