"""The notebook of the tutorial runs, where the tools of the documentation are installed (`make docs`)."""

import os
import re
import sys
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"


def test_the_notebook_of_the_tutorial_runs(scripts, tmp_path, monkeypatch):
    runs, text = scripts["runs"], TUTORIAL.read_text(encoding="utf-8")
    pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    found = runs.notebook(TUTORIAL)
    nbclient.NotebookClient(found, resources={"metadata": {"path": tmp_path}}, timeout=300).execute()
    code = [cell for cell in found.cells if cell.cell_type == "code"]
    blocks = runs.BLOCK.finditer(text)
    assert len(code) == len([block for block in blocks if not block["not_run"]])
    # The first thing that the page prints by `print` is there as the page has it.
    printed = "".join(output.get("text", "") for cell in code for output in cell.outputs)
    first = re.search(r"^northern .* days .*$", text, re.MULTILINE)
    assert (
        runs.difference(first[0], next(line for line in printed.splitlines() if line.startswith("northern "))) is None
    )
    assert (tmp_path / "tcd.png").is_file()
