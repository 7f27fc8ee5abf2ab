"""Try the wheel as users get it: in an empty environment outside of the checkout, for each Python that is here.

The files are those of the checkout as they are now, committed or not. What this machine cannot try, for want of an
interpreter, of the packages or of the right to become another user, is a row with nothing tried that says so.
"""

import argparse
import base64
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tests.trust.run import cases_of

ROOT: Final = Path(__file__).parents[2]
NOBODY: Final = 65_534
COMMANDS: Final = "tests/features/test_commands.py"  # each command in each way: `.ci/run` tries them on wheels

# -B: pip removes no byte code of -OO.
IMPORTS: Final = {
    "with -I": ("-I",),
    "with -OO": ("-B", "-OO"),
    "with -W error": ("-W", "error"),
    "with -I -OO -W error -X utf8=0": ("-I", "-B", "-OO", "-W", "error", "-X", "utf8=0"),
}
NAMES: Final = "import landbridge as lb; [getattr(lb, name) for name in dir(lb)]; print(lb.__file__)"
ASKED: Final = (
    ("--version",),
    ("route", "Xi'an", "Baku", "--json"),
    ("network", "check"),
    ("assign", "--json"),
)


class NotTriedError(Exception):
    """This machine cannot try it; the message says why."""


def main() -> int:
    """Print a row for each thing that has to hold; return 1 if one does not."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="a wheel für 西安 ") as folder:
        work = Path(folder)
        work.chmod(0o755)  # another user gets here too
        rows = list(_rows(work))
    return int(any(row["held"] < row["tried"] for row in rows))


def _rows(work: Path) -> Iterator[dict[str, Any]]:
    source = _copy(work / "source")
    built = _built(source, work / "dist")
    environment = work / "an environment"
    parts: list[tuple[str, Callable[[], Iterator[tuple[str, bool]]]]] = [
        ("files of the wheel: all, no others, as RECORD says, the same from the sdist", lambda: _files(source, built)),
        ("an empty environment in a path with spaces and 西安: demo, commands", lambda: _fresh(environment, built)),
        ("imports of the installed package isolated, optimised, warnings as errors", lambda: _imports(environment)),
        ("tests of features against the installed wheel", lambda: _tests(environment, work / "tests")),
        (
            "a read-only install run by another user without any writable folder",
            lambda: _read_only(work / "read only", built),
        ),
        ("pip install, also editable, leaves the checkout as it was", lambda: _checkout_clean(source, environment)),
        ("uninstalling leaves nothing", lambda: _uninstalled(environment)),
        ("lowest versions of direct dependencies, Python 3.11", lambda: _lowest(work / "lowest", built)),
        *(
            (f"Python {version}", lambda version=version: _other(work / version, version, built))
            for version in ("3.12", "3.13")
        ),
    ]
    for what, part in parts:
        yield _row(what, part)


def _row(what: str, part: Callable[[], Iterator[tuple[str, bool]]]) -> dict[str, Any]:
    tried, failed = 0, []
    try:
        for name, held in part():
            tried += 1
            if not held:
                failed.append(name)
    except NotTriedError as error:
        what += f": not tried, {error}"
    row = {"what": what, "tried": tried, "held": tried - len(failed), "failed": failed}
    print(json.dumps(row, ensure_ascii=False), flush=True)
    return row


def _copy(folder: Path) -> Path:
    """Return a checkout of its own with the files as they are now, all committed."""
    listed = _out("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    for name in filter(None, listed):
        target = folder / name
        if os.path.lexists(ROOT / name):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target, follow_symlinks=False)
    _out("git", "init", "--quiet", cwd=folder)
    _out("git", "add", "--all", cwd=folder)
    named = ("-c", "user.name=trust", "-c", "user.email=trust@localhost")
    _out("git", *named, "commit", "--quiet", "--message", "as it is", cwd=folder)
    return folder


def _built(source: Path, folder: Path) -> Path:
    """Return the wheel that is built from the sdist, which lies beside it."""
    _uv("build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder), cwd=source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _files(source: Path, wheel: Path) -> Iterator[tuple[str, bool]]:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    own = {f"landbridge/{path.name}": path for path in (source / "landbridge").iterdir() if path.is_file()}
    for room in ("data", "networks", "routing"):
        own |= {f"landbridge/{path.relative_to(source)}": path for path in (source / room).rglob("*") if path.is_file()}
    own = {name: path for name, path in own.items() if not path.is_symlink() and not path.name.startswith(".")}
    for name, path in own.items():
        yield name, content.get(name) == path.read_bytes()
    for name in content.keys() - own.keys():
        yield name, name.partition("/")[0].endswith(".dist-info")
    (record,) = [name for name in content if name.endswith(".dist-info/RECORD")]
    rows = {name: (kind, size) for name, kind, size in csv.reader(content[record].decode().splitlines())}
    yield "RECORD", rows.keys() == content.keys()
    for name in content.keys() - {record}:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content[name]).digest()).rstrip(b"=").decode()
        yield f"RECORD of {name}", rows.get(name) == (f"sha256={digest}", str(len(content[name])))
    with tempfile.TemporaryDirectory() as folder:
        _uv(
            "build",
            "--wheel",
            "--quiet",
            "--no-build-isolation",
            "--python",
            sys.executable,
            "--out-dir",
            folder,
            cwd=source,
        )
        (other,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(other) as archive:
            yield "wheel of the sdist", {name: archive.read(name) for name in archive.namelist()} == content


def _environment(folder: Path, python: str, wheel: Path, *requirements: Path) -> None:
    """Make an environment with the wheel and exactly these versions."""
    made = _run(str(ROOT / ".ci/environment"), python, str(folder), *map(str, requirements))
    if made.returncode:
        raise NotTriedError("the packages were not to be had")
    _out(*_pip(folder), "install", "--quiet", "--no-index", "--no-deps", str(wheel))


def _fresh(folder: Path, wheel: Path) -> Iterator[tuple[str, bool]]:
    """Install what the lock holds for users, and for the tests beside it, and ask."""
    needed = folder.with_name("requirements.txt")
    _uv(
        *("export", "--frozen", "--quiet", "--no-emit-project", "--no-default-groups", "--group", "build"),
        *("--group", "test", "--output-file", str(needed)),
        cwd=ROOT,
    )
    _environment(folder, sys.executable, wheel, needed)
    yield from _answers(folder, (("demo",), *ASKED))


def _answers(folder: Path, asked: Sequence[tuple[str, ...]] = ASKED) -> Iterator[tuple[str, bool]]:
    elsewhere = folder.with_name("files of a user")
    elsewhere.mkdir(exist_ok=True)
    yield "pip check", _run(*_pip(folder), "check").returncode == 0
    for arguments in asked:
        done = _run(str(folder / "bin/landbridge"), *arguments, cwd=elsewhere)
        yield _answered(arguments, done)


def _answered(arguments: Sequence[str], done: subprocess.CompletedProcess[str]) -> tuple[str, bool]:
    """Return a command, with its last message, and whether it answered without an error of its own."""
    held = done.returncode == 0 and bool(done.stdout) and "Traceback" not in done.stderr
    if held and "--json" in arguments:
        held = bool(json.loads(done.stdout))
    return f"{' '.join(arguments)}: code {done.returncode} {done.stderr.strip()[-300:]}", held


def _imports(folder: Path) -> Iterator[tuple[str, bool]]:
    _there(folder)
    for name, options in IMPORTS.items():
        done = _run(str(folder / "bin/python"), *options, "-c", NAMES, cwd=folder)
        yield name, done.returncode == 0 and not done.stderr and done.stdout.startswith(str(folder))
    done = _run(
        str(folder / "bin/python"), "-B", "-OO", "-m", "landbridge", "route", "Xi'an", "Baku", "--json", cwd=folder
    )
    yield "route with -OO", done.returncode == 0 and bool(json.loads(done.stdout))


def _tests(folder: Path, beside: Path) -> Iterator[tuple[str, bool]]:
    _there(folder)
    shutil.copytree(ROOT / "tests", beside / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", beside)
    report = beside / "report.xml"
    done = _run(
        *(str(folder / "bin/python"), "-m", "pytest", "--quiet", "-p", "no:cacheprovider", f"--junitxml={report}"),
        *("-W", "ignore:invalid escape sequence", "--ignore", COMMANDS, "tests/features"),
        cwd=beside,
    )
    if not report.is_file():
        yield f"pytest ended with {done.returncode}", False
        return
    yield from cases_of(report)


def _read_only(folder: Path, wheel: Path) -> Iterator[tuple[str, bool]]:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        raise NotTriedError("it takes root and setpriv to become another user")
    become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs")
    # An interpreter in the home of root is closed to others. The shell starts it, as the scripts of an environment do.
    usable = '"$0" -c "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"'
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if _run(*become, "sh", "-c", usable, os.path.realpath(python)).returncode == 0:
            break
    else:
        raise NotTriedError("no interpreter here is open to other users")
    _environment(folder, python, wheel, ROOT / "requirements.txt")
    nowhere = {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent/cache", "TMPDIR": "/nonexistent/tmp"}
    # Nothing can be cached there, so that each command compiles what it needs.
    for arguments in (("route", "Xi'an", "Baku", "--json"), ("network", "check")):
        done = _run(*become, str(folder / "bin/landbridge"), *arguments, cwd=folder, environment=nowhere)
        yield _answered(arguments, done)


def _checkout_clean(source: Path, folder: Path) -> Iterator[tuple[str, bool]]:
    _there(folder)
    without_network = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--force-reinstall")
    for arguments in ((".",), ("--editable", ".")):
        done = _run(*_pip(folder), "install", *without_network, *arguments, cwd=source)
        yield f"pip install {' '.join(arguments)}", done.returncode == 0
        changed = _out("git", "status", "--porcelain", cwd=source)
        yield f"git status after pip install {' '.join(arguments)}", not changed


def _uninstalled(folder: Path) -> Iterator[tuple[str, bool]]:
    _there(folder)
    (wheel,) = (folder.parent / "dist").glob("*.whl")
    _out(*_pip(folder), "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", str(wheel))
    _out(str(folder / "bin/python"), "-c", NAMES)  # so that there is byte code to remove
    _out(*_pip(folder), "uninstall", "--quiet", "--yes", "landbridge")
    left = [str(path) for path in folder.rglob("*landbridge*")]
    yield f"left: {', '.join(left)}", not left


def _lowest(folder: Path, wheel: Path) -> Iterator[tuple[str, bool]]:
    _environment(folder, _python("3.11"), wheel, ROOT / "requirements-lowest.txt")
    yield from _answers(folder)


def _other(folder: Path, version: str, wheel: Path) -> Iterator[tuple[str, bool]]:
    _environment(folder, _python(version), wheel, ROOT / "requirements.txt")
    yield from _answers(folder)
    yield from _imports(folder)


def _there(folder: Path) -> None:
    if not (folder / "bin/landbridge").exists():
        raise NotTriedError("there is no environment")


def _python(version: str) -> str:
    """Return the path of a Python of this version that runs; pyenv has some that are on no path."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    tests = f"import sys, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    for each in (sys.executable, f"python{version}", *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))):
        found = shutil.which(each)
        if found and _run(found, "-c", tests).returncode == 0:
            return found
    raise NotTriedError("this machine has none")


def _pip(folder: Path) -> tuple[str, ...]:
    return (str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check")


def _uv(*arguments: str, cwd: Path) -> str:
    return _out(str(ROOT / ".venv/bin/uv"), "--no-config", *arguments, cwd=cwd)


def _run(
    *command: str, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {name: text for name, text in os.environ.items() if name not in {"MAKEFLAGS", "PYTHONPATH"}}
    return subprocess.run(
        command,
        cwd=cwd or Path(tempfile.gettempdir()),
        env=clean | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def _out(*command: str, cwd: Path | None = None) -> str:
    done = _run(*command, cwd=cwd)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
