"""The line of the documentation makes bash complete commands, options and their values."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "command-line.md"
BASH = shutil.which("bash")


def completed(*words):
    """Return what bash proposes for the last word of a command line, after the line of the documentation."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    (line,) = [line.partition("#")[0] for line in lines if "bash_source" in line]
    typed = " ".join(f"'{word}'" for word in words)
    script = f"""
        PATH="{Path(sys.executable).parent}:$PATH"
        {line}
        COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}
        _landbridge_completion landbridge
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return subprocess.run([BASH, "-c", script], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("landbridge", "par"), ["pareto"]),
        (("landbridge", "route", "--char"), ["--chart"]),
        (("landbridge", "reach", "x", "--by", ""), ["time", "cost", "co2e"]),
        (("landbridge", "network", "exp"), ["export"]),
    ],
)
def test_bash_completes(words, wanted):
    assert completed(*words) == wanted
