"""The hooks before a commit and `make lint` run the same commands; all files name the same version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


HOOKS = [
    hook for repository in yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"] for hook in repository["hooks"]
]
RECIPE = re.search(r"^lint:.*\n((?:\t.*\n)+)", text_of("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_of_make_lint_from_the_environment(hook):
    command = hook["entry"].replace(".venv/bin/", "$(BIN)/")
    assert hook["language"] == "system"
    assert "$(BIN)/" in command
    assert command in RECIPE[1]


def test_make_lint_runs_no_command_that_is_not_a_hook():
    assert len(RECIPE[1].splitlines()) == len(HOOKS)


def test_every_file_that_names_the_version_names_that_of_the_project():
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.search(r"^version: (.+)$", text_of("CITATION.cff"), re.MULTILINE)[1] == version
    assert re.search(r"^version=(.+)$", text_of("qgis/landbridge/metadata.txt"), re.MULTILINE)[1] == version
    assert re.search(r"version '?([\d.]+)'?\n```", text_of("docs/how-to/windows.md"))[1] == version
    images = [re.findall(r"landbridge:([\d.]+)", text_of(path)) for path in (ROOT / "examples/cluster").glob("*.yaml")]
    assert {found for each in images for found in each} == {version}
    assert f"## [{version}]" in text_of("CHANGELOG.md")
