"""The hooks before a commit and `make lint` run the same commands, in the versions of the lock."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
HOOKS = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repository["hooks"]
]
RECIPE = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_of_make_lint_from_the_environment(hook):
    command = hook["entry"].replace(".venv/bin/", "$(BIN)/")
    assert hook["language"] == "system"
    assert "$(BIN)/" in command
    assert command in RECIPE[1]


def test_make_lint_runs_no_command_that_is_not_a_hook():
    assert len(RECIPE[1].splitlines()) == len(HOOKS)
