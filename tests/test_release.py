"""`make release` refuses what is not committed, publishes nothing, and says whether vulnerabilities were looked up."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci/release"


def git(folder, *arguments):
    names = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    """Return a committed checkout of what the script reads before it builds."""
    for name in (".ci/release", "pyproject.toml", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".gitignore").write_text(".venv\n", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "all")
    return tmp_path


def refusal(checkout):
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run([".ci/release"], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert not (checkout / "dist").exists()
    return done.stderr


def test_files_that_are_not_committed_are_named(checkout):
    (checkout / "pyproject.toml").write_text("changed\n", encoding="utf-8")
    (checkout / "new.py").write_text("", encoding="utf-8")
    assert refusal(checkout).splitlines()[1:] == [" M pyproject.toml", "?? new.py"]


def test_a_version_without_a_dated_section_of_the_changelog_is_refused(checkout):
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    other = re.sub(r'^version = ".*"$', 'version = "9.9.9"', text, flags=re.MULTILINE)
    (checkout / "pyproject.toml").write_text(other, encoding="utf-8")
    git(checkout, "commit", "--quiet", "--all", "--message", "raised")
    assert refusal(checkout) == "CHANGELOG.md has no section [9.9.9] with a date.\n"


def test_a_version_that_is_tagged_is_refused(checkout):
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[1]
    git(checkout, "tag", f"v{version}")
    assert f"The tag v{version} exists" in refusal(checkout)


def test_the_commands_that_publish_are_printed_and_not_run():
    script, printed = SCRIPT.read_text(encoding="utf-8").split("cat << END\n")
    assert not re.findall(r"git (?:tag|push)|uv\"? publish|twine\"? upload", script)
    assert "git tag -a" in printed
    assert "publish" in printed
    assert printed.endswith("END\n")


CLEAN = {"name": "a", "version": "1", "vulns": []}
NOT_FOUND = {"name": "b", "skip_reason": "not found"}
KNOWN = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1"}]}


@pytest.mark.parametrize(
    ("found", "says", "code"),
    [
        (None, "not run (no answer from the database of vulnerabilities)", 0),
        ([NOT_FOUND], "not run (no answer from the database of vulnerabilities)", 0),
        ([CLEAN], "no known vulnerability in 1 packages", 0),
        ([CLEAN, NOT_FOUND], "no known vulnerability in 1 packages, 1 packages not audited", 0),
        ([CLEAN, KNOWN], "known vulnerabilities in c 2 (CVE-1); run make lock UPGRADE=1", 1),
    ],
)
def test_an_audit_says_what_was_looked_up(tmp_path, found, says, code):
    report = tmp_path / "audit.json"
    if found is not None:
        report.write_text(json.dumps({"dependencies": found}), encoding="utf-8")
    done = subprocess.run([ROOT / ".ci/audited", report], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (f"pip-audit: {says}\n", code)
