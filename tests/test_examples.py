"""The scripts that users copy run as they stand, in reading order, and say what to look at."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


def test_the_examples_are_numbered_in_reading_order():
    assert [path.stem[:3] for path in EXAMPLES] == [f"{number:02d}_" for number in range(1, len(EXAMPLES) + 1)]
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_in_any_folder_and_says_what_to_look_at(script, tmp_path):
    run = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Look at " in run.stdout
    # What it names is there, and what it writes is where its docstring says.
    named = re.findall(r"\bout/[\w/*.-]*\w", run.stdout)
    assert [name for name in named if not list(tmp_path.glob(name))] == []
    written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.iterdir()}
    assert written == ({"out"} if "`out/" in script.read_text(encoding="utf-8").split('"""')[1] else set())


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_in_the_list_for_readers(script):
    listed = (script.parents[1] / "docs" / "examples.md").read_text(encoding="utf-8")
    assert f"(../examples/{script.name})" in listed
