"""The scripts that users copy run as they stand, in reading order, and say what to look at."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from landbridge.routing import Study, Sweep
from landbridge.routing.cli.main import landbridge

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
CLUSTER = ROOT / "examples" / "cluster"


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


@pytest.mark.parametrize(
    ("number", "changes", "says"),
    [
        ("03", {"Duisburg": "Riga"}, ["so that closing them changes nothing", "2025-09-14: the usual way, "]),
        ("03", {"Duisburg": "Moscow"}, ["without Russia and Belarus: no route"]),
        ("10", {"Tbilisi": "Istanbul", "Almaty": "Tashkent"}, ["no flow takes the feeders of Aktau"]),
        ("10", {"Tbilisi": "Duisburg", "Almaty": "Poltava"}, ["0            -  -: no flow"]),
        ("11", {"1.5e9": "1e6", "(0.5, 2)": "(0.5,)"}, ["None of the works is chosen.", "MUSD: no work chosen"]),
    ],
    ids=["closed elsewhere", "end avoided", "no feeder", "nothing carried", "no budget"],
)
def test_an_example_with_other_inputs_says_what_it_does_not_find(number, changes, says, tmp_path):
    (script,) = [path for path in EXAMPLES if path.name.startswith(number)]
    text = script.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    run = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert [said for said in says if said not in run.stdout] == []


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_in_the_list_for_readers(script):
    listed = (script.parents[1] / "docs" / "examples.md").read_text(encoding="utf-8")
    assert f"(../examples/{script.name})" in listed


def test_the_study_for_clusters_fits_the_bundled_network(network):
    study = Study.read(CLUSTER / "study.toml")
    assert len(study.rows()) == 16 * (3 + 2)
    study.check(network)


@pytest.mark.parametrize("path", sorted(CLUSTER.iterdir()), ids=lambda path: path.name)
def test_a_file_for_a_cluster_is_in_the_how_to_and_calls_the_command_as_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert f"(../../examples/cluster/{path.name})" in (ROOT / "docs/how-to/sweeps.md").read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        assert all(document["apiVersion"] and document["metadata"]["name"] for document in yaml.safe_load_all(text))
    elif path.suffix == ".sh":
        subprocess.run(["bash", "-n", path], check=True)
    options = {name for option in landbridge.commands["sweep"].params for name in option.opts}
    commands = re.findall(r"landbridge sweep (?:.*\\?\n)*?.*[^\\\n]$", text, re.MULTILINE)
    assert {option for command in commands for option in re.findall(r"(?<!\w)--[a-z-]+", command)} <= options
    assert commands or path.suffix in {".py", ".toml"}


def test_the_shares_of_a_slurm_array_are_the_whole(tmp_path):
    (tmp_path / "s.toml").write_text(
        'name = "s"\nmeasure = "route"\nparameters = { v = [0, 20] }\n'
        'options = { origin = "Almaty", destination = "Poti", value_of_time = "$v" }\n',
        encoding="utf-8",
    )
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for share in ("1", "2"):
        job = {"SLURM_ARRAY_TASK_ID": share, "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_CPUS_PER_TASK": "1"}
        command = ["bash", CLUSTER / "slurm_array.sh", "s.toml", "store"]
        done = subprocess.run(command, cwd=tmp_path, env=environment | job, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "1 row, 1 ok, 0 failed, 0 missing" in done.stdout
    assert Sweep.read(tmp_path / "store").counts == {"ok": 2, "failed": 0, "missing": 0}
