"""Run the code in the pages for users, and put what it prints into them: `python docs/runs.py [--check] [PAGE ...]`.

A block of `python` or `sh` is run in the order of the page, all of a page in one folder and, in Python, with the same
names; the value of a last expression is shown as in a notebook. What the block prints replaces the text between
`<!-- printed -->` and `<!-- end -->` after it. A block after `<!-- not run: REASON -->` is left alone: those that
install something. A picture `images/PAGE-NAME.png` of a page is the file `NAME.png` that the page writes.

With `--check` nothing is written: the exit code is 1 if a page is stale. Numbers may differ by 1 %, since solvers on
other processors may choose another of equal answers. `notebook` makes the notebook of a page, with its code and without
what it printed.
"""

import ast
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from landbridge.networks.files import write_text

DOCS = Path(__file__).parent

BLOCK = re.compile(
    r"(?P<not_run><!-- not run: [^>]+ -->\n+)?```(?P<language>python|sh)\n(?P<code>.*?)```\n"
    r"(?P<printed>\n<!-- printed -->\n.*?<!-- end -->\n)?",
    re.DOTALL,
)
PICTURE = re.compile(r"\]\((?:\.\./)?images/(?P<page>[a-z]+)-(?P<name>[a-z0-9-]+\.png)\)")

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

_TOLERANCE = 0.01

_WIDTH = "110"
"""Columns of the terminal in which the commands print."""


_PROGRAMS = {
    "landbridge": (sys.executable, "-c", "from landbridge.routing.cli.main import main; main()"),
    "cat": ("cat",),
}


class Ran(NamedTuple):
    """A page after its code was run: its text as it is now, and its pictures by their names in docs/images."""

    text: str
    pictures: dict[str, bytes]


def pages() -> list[Path]:
    """Return the pages whose code is run."""
    return [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]


def run(page: Path) -> Ran:
    """Run the code of a page in a temporary folder.

    Raises
    ------
    Exception
        Whatever the code raises, with the page and the line of the block in a note.
    """
    text = page.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": page.stem}

    def filled(block: re.Match[str]) -> str:
        if block["not_run"]:
            return block[0]
        try:
            printed = _of_python(block["code"], names) if block["language"] == "python" else _of_shell(block["code"])
        except Exception as error:
            error.add_note(f"{page.name}, line {text[: block.start('code')].count(chr(10)) + 1}")
            raise
        code = block[0].removesuffix(block["printed"] or "")
        return f"{code}\n<!-- printed -->\n```text\n{printed}```\n<!-- end -->\n" if printed else code

    with TemporaryDirectory() as folder, chdir(folder):
        made = BLOCK.sub(filled, text)
        pictures = {f"{match['page']}-{match['name']}": Path(match["name"]).read_bytes() for match in _pictures(page)}
    return Ran(made, pictures)


def _pictures(page: Path) -> Iterator[re.Match[str]]:
    found = PICTURE.finditer(page.read_text(encoding="utf-8"))
    return (match for match in found if match["page"] == page.stem)


def _of_python(code: str, names: dict[str, Any]) -> str:
    """Return what code prints, and the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "<page>", "exec"), names)  # noqa: S102 - the code of our own pages
        value = eval(compile(ast.Expression(last.value), "<page>", "eval"), names) if last else None  # noqa: S307
        if value is not None:
            printed.write(f"{value}\n")
    return _trimmed(printed.getvalue())


def _of_shell(code: str) -> str:
    """Return what commands print, one on each line."""
    lines = code.replace("\\\n", " ").splitlines()
    return _trimmed("".join(_of_command(words) for line in lines if (words := shlex.split(line, comments=True))))


def _of_command(words: list[str]) -> str:
    """Return what a command prints; that of the project is run by this interpreter, whatever the path has."""
    program, *arguments = words
    if program not in _PROGRAMS:
        raise ValueError(f"{program} is no command that a page may run")
    environment = {**os.environ, "COLUMNS": _WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    # The words are those of our own pages.
    done = subprocess.run(  # noqa: S603
        [*_PROGRAMS[program], *arguments], capture_output=True, env=environment, check=False, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{shlex.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def _trimmed(text: str) -> str:
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def difference(old: str, new: str) -> str | None:
    """Return the first new line in which two texts differ by more than 1 % of a number; None if none does."""
    before, after = old.splitlines(), new.splitlines()
    for line, made in zip_longest(before, after, fillvalue=""):
        numbers = [[float(number.replace(",", "")) for number in NUMBER.findall(text)] for text in (line, made)]
        # Wider numbers shift the columns of a table.
        words = [re.sub(r"[\s━─]+", " ", NUMBER.sub("#", text)) for text in (line, made)]
        close = len(numbers[0]) == len(numbers[1]) and all(
            abs(one - other) <= _TOLERANCE * max(abs(one), abs(other)) for one, other in zip(*numbers, strict=True)
        )
        if words[0] != words[1] or not close:
            return made or f"(no line for {line!r})"
    return None


def notebook(page: Path) -> Any:
    """Return the notebook of a page: its cells are the blocks that are run. It needs jupytext."""
    import jupytext

    text = page.read_text(encoding="utf-8")
    code = BLOCK.sub(lambda block: block[0].removesuffix(block["printed"] or ""), text)
    # A command that is not run stays text.
    code = re.sub(r"<!-- not run: [^>]+ -->\n+```sh\n", "```text\n", code)
    # It lies beside the pages of the site, and writes its pictures itself.
    code = PICTURE.sub(lambda match: f"]({match['name']})", re.sub(r"(\]\([a-z/-]+)\.md", r"\1.html", code))
    found = jupytext.reads(code, fmt="md")
    found.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return found


def main() -> None:
    """Run the pages that are named, or all, and write them with their pictures, or say which are stale."""
    names = [name for name in sys.argv[1:] if name != "--check"]
    stale = []
    for page in [Path(name).resolve() for name in names] or pages():
        ran = run(page)
        if "--check" in sys.argv:
            found = difference(page.read_text(encoding="utf-8"), ran.text)
            stale += [f"{page.relative_to(DOCS.parent)} is stale: run `make findings` ({found})"] if found else []
            continue
        write_text(page, ran.text)
        for name, content in ran.pictures.items():
            (DOCS / "images" / name).write_bytes(content)
    sys.exit("\n".join(stale) or 0)


if __name__ == "__main__":
    main()
