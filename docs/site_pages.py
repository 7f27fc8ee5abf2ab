"""The pages that are made from code and data when the site is built: reference, data dictionary, sources, notebook.

They go to `docs/generated/`, which git ignores, so that none can be stale.
"""

import csv
import inspect
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import runs

import landbridge as lb
from landbridge.data import DATA_DIR
from landbridge.networks.files import write_text
from landbridge.networks.tables.data_package import key_of, table_schemas
from landbridge.networks.tables.schema import Column

DOCS = Path(__file__).parent
GENERATED = DOCS / "generated"

GROUPS = {
    "function": ("Functions", inspect.isfunction),
    "exception": ("Errors", lambda found: inspect.isclass(found) and issubclass(found, Exception)),
    "class": ("Classes", inspect.isclass),
}
"""Title and test of each kind of public name, the narrower one first."""


_NOT_OURS = "Enum,Exception,Sequence,dict,int,list,object,str,tuple"
"""Classes whose methods are not listed in those derived from them."""

_INSIDE = ("landbridge.routing.flows.solvers",)
"""Packages whose classes are not shown, though attributes of others have them: plain arrays of the solvers."""


def public_names() -> list[str]:
    """Return the public names of landbridge but its folders and its version."""
    return sorted(name for name in lb.__all__ if not inspect.ismodule(getattr(lb, name)) and not name.startswith("_"))


def write_pages() -> None:
    """Write all pages that are made, and remove those that no longer are."""
    pages = {**dict(reference()), "data.md": data_dictionary(), "sources.md": sources()}
    for path in [*GENERATED.rglob("*.rst"), *GENERATED.rglob("*.md")]:
        if path.relative_to(GENERATED).as_posix() not in pages:
            path.unlink()
    for name, text in pages.items():
        path = GENERATED / name
        # An unchanged page is left alone, so that a second build is quick.
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
    write_text(GENERATED / "tutorial.ipynb", json.dumps(runs.notebook(DOCS / "tutorial.md"), indent=1) + "\n")


def reference() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each page of the reference: one for each public name, and a list of them."""
    kinds = {name: _kind(getattr(lb, name)) for name in public_names()}
    lines = [
        *_title("Reference", "="),
        "All public names, as ``import landbridge as lb`` has them. Options that mean the same in several functions",
        "are described once: ``lb.route`` has most of them.",
        "",
    ]
    for kind, (title, _) in GROUPS.items():
        names = [name for name in kinds if kinds[name] == kind]
        lines += [*_title(title, "-"), ".. list-table::", "   :widths: 30 70", ""]
        for name in names:
            summary = (inspect.getdoc(getattr(lb, name)) or "").split("\n\n")[0].replace("\n", " ")
            lines += [f"   * - :doc:`landbridge.{name} <api/{name}>`", f"     - {_literal(summary)}"]
        lines += ["", ".. toctree::", "   :hidden:", "", *(f"   api/{name}" for name in names), ""]
        for name in names:
            yield f"api/{name}.rst", "\n".join(_api(name, kind))
    names = {found.__name__: f"{found.__module__.removeprefix('landbridge.')}.{found.__name__}" for found in reached()}
    lines += [*_title("Parts of results", "-"), "Classes that attributes of the above have as values.", ""]
    lines += [".. toctree::", "   :maxdepth: 1", "", *(f"   api/{name}" for name in sorted(names)), ""]
    for name, path in names.items():
        yield f"api/{name}.rst", "\n".join(_api(name, "class", path))
    yield "reference.rst", "\n".join(lines)


def reached() -> list[type]:
    """Return the classes that are no public names, but types of attributes, arguments or answers of those."""
    public = [getattr(lb, name) for name in public_names()]
    found, waiting = set(public), list(public)
    while waiting:
        new = {each for each in _types_of(waiting.pop()) if each not in found}
        found |= new
        waiting += new
    return sorted(found - set(public), key=lambda each: each.__name__)


def _types_of(documented: Any) -> Iterator[type]:
    """Yield the classes of landbridge in the annotations of a function, or of a class and of its methods."""
    annotated = [documented]
    if inspect.isclass(documented):
        members = [
            each for parent in documented.__mro__ for name, each in vars(parent).items() if not name.startswith("_")
        ]
        annotated += [getattr(each, "fget", None) or getattr(each, "func", each) for each in members]
    for each in annotated:
        # A class that is defined further down in a module is annotated by its name.
        names = vars(inspect.getmodule(each)) if inspect.getmodule(each) else {}
        for annotation in getattr(each, "__annotations__", {}).values():
            yield from _classes(names.get(annotation) if isinstance(annotation, str) else annotation)


def _classes(annotation: Any) -> Iterator[type]:
    if inspect.isclass(annotation) and not get_args(annotation):
        ours = annotation.__module__.startswith("landbridge.") and not annotation.__module__.startswith(_INSIDE)
        if ours and not annotation.__name__.startswith("_"):
            yield annotation
    for part in get_args(annotation):
        yield from _classes(part)


def _kind(found: object) -> str:
    return next(kind for kind, (_, is_one) in GROUPS.items() if is_one(found))


def _api(name: str, kind: str, path: str | None = None) -> list[str]:
    members = [] if kind == "function" else ["   :members:", f"   :inherited-members: {_NOT_OURS}"]
    return [*_title(name, "="), f".. auto{kind}:: landbridge.{path or name}", *members, ""]


def _title(text: str, line: str) -> list[str]:
    return [text, line * len(text), ""]


def _literal(text: str) -> str:
    """Return text in which single backquotes are literals."""
    return text.replace("`", "``")


def data_dictionary() -> str:
    """Return the page of the tables and their columns, made from the schema."""
    lines = [
        "# Data dictionary",
        "",
        "The tables of the data set, which are CSV files in `data/`. Each external value has its source, year and",
        "confidence in the columns beside it. `datapackage.json` says the same for programs (Frictionless data",
        "package); `make data-package` zips it with the tables and their licences.",
        "",
    ]
    for schema in table_schemas():
        key = ", ".join(f"`{name}`" for name in key_of(schema))
        lines += [f"## {schema.table}.csv", "", *([f"Key: {key}.", ""] if key else [])]
        rows = [(f"`{column.name}`", _type(column), _meaning(column)) for column in schema.columns]
        lines += [*_table(("column", "type", "meaning"), rows), ""]
    return "\n".join(lines)


def _type(column: Column) -> str:
    return ", ".join(filter(None, (column.type, column.unit, "required" if column.required else "")))


def _meaning(column: Column) -> str:
    parts = [column.meaning[:1].upper() + column.meaning[1:]]
    if column.refers_to:
        parts.append(f"A row of [{column.refers_to}](#{column.refers_to}csv)")
    elif "|" in column.allowed:
        parts.append("One of " + ", ".join(f"`{value}`" for value in column.allowed.split("|")))
    elif column.allowed:
        low, _, high = column.allowed.partition("..")
        parts.append(f"{low or 'any'} to {high or 'any'}")
    if column.default:
        parts.append(f"Default `{column.default}`")
    return ". ".join(parts) + "."


def sources() -> str:
    """Return the page of the sources, by kind."""
    with (DATA_DIR / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "# Sources",
        "",
        f"The {len(rows)} sources of the values, as in `data/sources.csv`. An assumption says its reason.",
        "",
    ]
    for kind in sorted({row["kind"] for row in rows}, key=lambda kind: (kind == "assumption", kind)):
        found = [row for row in rows if row["kind"] == kind]
        cells = [(row["id"], _linked(row), row["publisher"], row["year"], row["licence"]) for row in found]
        lines += [
            f"## {kind.capitalize()} ({len(found)})",
            "",
            *_table(("id", "title", "publisher", "year", "licence"), cells),
            "",
        ]
    return "\n".join(lines)


def _linked(row: dict[str, str]) -> str:
    title = row["title"].replace("[", "\\[").replace("]", "\\]")
    return f"[{title}](<{row['url']}>)" if row["url"].startswith("http") else title


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    cells = (tuple(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows)
    return [f"| {' | '.join(row)} |" for row in (headers, ("---",) * len(headers), *cells)]
