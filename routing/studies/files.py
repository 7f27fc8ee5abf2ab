"""Files of a user that describe a study: TOML read within limits, and models that say where each fault is."""

import datetime as dt
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final, TypeVar

from landbridge.networks.arguments import shown
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.words import counted, hidden_in
from landbridge.routing.studies.toml_lines import DEEPEST, KeyPath, key_lines, line_of, path_text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    Model = TypeVar("Model", bound=BaseModel)

LARGEST_BYTES: Final = 1_000_000
"""Largest file that is read, together with the tables that it names."""

_PLACE = re.compile(r" \(at (line (?P<line>\d+), column \d+|end of document)\)$")

_KINDS: Final = {
    "date_type": "it should be a day such as 2025-09-15",
    "dict_type": "it should be a table { ... }",
    "list_type": "it should be a list [ ... ]",
    "model_attributes_type": "it should be a table { ... }",
    "model_type": "it should be a table { ... }",
    "tuple_type": "it should be a list [ ... ]",
}
"""What pydantic says of types, in the words of TOML."""


class Faults(ValueError):  # noqa: N818 - several faults, raised by a check of a model
    """Faults found by a check of a model: for each its key path within the model, the problem and the cure."""

    def __init__(self, *faults: tuple[KeyPath, str, str]) -> None:
        self.faults = faults
        super().__init__("; ".join(problem for _, problem, _ in faults))


@dataclass(frozen=True)
class Source:
    """A TOML document: its text, the name to give it in messages, and the folder of the files that it names.

    A document made in Python has neither text nor lines, and without a folder it can name no file.
    """

    name: str
    text: str = ""
    folder: Path | None = None

    def faults(self, found: Iterable[tuple[KeyPath, str, str]]) -> list[Fault]:
        """Return faults with their lines, from key path, problem and cure of each."""
        return sorted(Fault(self.name, line_of(self._lines, path), path_text(path), *words) for path, *words in found)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        """The line of each key, found once for all faults."""
        return key_lines(self.text) if self.text else {}

    def failed(self, error: type[DataError], *found: tuple[KeyPath, str, str]) -> DataError:
        """Return the error with faults, from key path, problem and cure of each."""
        return self.failed_with(error, self.faults(found))

    def failed_with(self, error: type[DataError], faults: Sequence[Fault]) -> DataError:
        """Return the error with faults."""
        return error(f"{self.name} has {counted(len(faults), 'fault')}", faults)


def read_source(path: Path, error: type[DataError]) -> Source:
    """Return the text of a TOML file.

    Raises
    ------
    DataError
        In the class given by `error`: if it is no file, too large, or not in UTF-8.
    """
    return Source(str(path), read_text(path, error), path.parent)


def read_text(path: Path, error: type[DataError], most_bytes: int = LARGEST_BYTES) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    DataError
        In the class given by `error`: if it is no file, too large, or not in UTF-8.
    """
    if not path.is_file():
        raise error(f"{path} is no file; give the path of one")
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise error(f"{path} is larger than {most_bytes / 1e6:.1f} MB; make it smaller")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise error(f"{path}:{line} is not in UTF-8; save it in that encoding") from fault


def parsed(source: Source, error: type[DataError]) -> dict[str, Any]:
    """Return the content of a TOML document: tables as dict, arrays as list.

    Raises
    ------
    DataError
        In the class given by `error`: if it is no TOML, nested too deeply, or has a number that is not finite.
    """
    # Before the parser, which takes a square of the time for a key of many parts and recurses into arrays.
    too_deep = next((path for path in reversed(key_lines(source.text)) if len(path) > DEEPEST), None)
    if too_deep is not None:
        found = f"is nested more than {DEEPEST} keys deep", "put tables and lists into fewer levels"
        raise source.failed_with(
            error, [Fault(source.name, key_lines(source.text)[too_deep], path_text(too_deep[:2]), *found)]
        )
    try:
        document = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as fault:
        raise source.failed_with(error, [_syntax(source, str(fault))]) from fault
    except (RecursionError, ValueError) as fault:
        raise error(f"{source.name} is no TOML that can be read: {fault}; mend it") from fault
    faults = list(_numbers_out_of_range(document, ()))
    if faults:
        raise source.failed(error, *faults)
    return document


def _syntax(source: Source, message: str) -> Fault:
    place = _PLACE.search(message)
    problem = message[: place.start()] if place else message
    line = int(place["line"]) if place and place["line"] else len(source.text.rstrip().splitlines())
    if problem.startswith("Cannot overwrite") or "twice" in problem or "Duplicate" in problem:
        return Fault(source.name, line, "", "a key or table is given twice", "remove or rename one of the two")
    return Fault(source.name, line, "", f"this is no TOML ({problem})", "mend the line; texts are in quotes")


def _numbers_out_of_range(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield path, f"{value} is not a finite number", "give a number"
    # TOML promises no more, and Python writes none of more than 4300 digits, not even in a message.
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield path, "the whole number has more than 64 bits", "give a smaller one"
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _numbers_out_of_range(item, (*path, key))


def unseen(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, str]]:
    r"""Yield the faults of the texts and keys of a document that have control characters other than tabs and newlines.

    >>> list(unseen({"a": ["\x07"]}))
    [(('a', 0), "has the control character '\\x07'", 'leave it out')]
    """
    if isinstance(value, str):
        hidden = hidden_in(value)
        if hidden is not None:
            yield path, f"has the control character {hidden!r}", "leave it out"
    elif len(path) > DEEPEST:  # no document of ours, and perhaps one within itself
        return
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unseen(str(key), (*path, str(key)))
            yield from unseen(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from unseen(item, (*path, number))


def file_within(folder: Path | None, name: str) -> Path:
    """Return the path of a file named in a document, which must be within its folder.

    Raises
    ------
    ValueError
        If there is no folder, the path leads out of it (also through a link), or it is no file.
    """
    if folder is None:
        raise ValueError(f"{name!r} cannot be read, since this document is in no folder; give the table itself")
    windows = PureWindowsPath(name)
    if not name.isprintable() or windows.drive or windows.root or "\\" in name or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name!r} is not a path within the folder; give one relative to it, with / and without ..")
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{name!r} leads out of the folder through a link; copy the file into it")
    if not path.is_file():
        near = get_close_matches(name, [item.name for item in folder.iterdir()], 1)
        raise ValueError(f"there is no file {name!r} in the folder; {f'did you mean {near[0]}?' if near else 'add it'}")
    return path


def validated(document: Mapping[str, Any], model: "type[Model]", source: Source, error: type[DataError]) -> "Model":
    """Return the model of a document.

    Raises
    ------
    DataError
        In the class given by `error`: with every fault, its line and key path, and near names of unknown fields.
    """
    from pydantic import ValidationError

    faults = [*unseen(document)]
    if faults:
        raise source.failed(error, *faults)
    try:
        return model.model_validate(document)
    except ValidationError as failed:
        schema = model.model_json_schema()
        found = [fault for item in failed.errors() for fault in _found(item, document, schema)]
        raise source.failed(error, *dict.fromkeys(found)) from None


def _found(
    item: "ErrorDetails", document: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the faults of one error of pydantic."""
    path, node = _located(item["loc"], document, schema)
    own = item.get("ctx", {}).get("error")
    if isinstance(own, Faults):
        yield from (((*path, *within), problem, cure) for within, problem, cure in own.faults)
    elif isinstance(own, ValueError):
        problem, _, cure = str(own).partition("; ")
        yield path, problem, cure or _meaning(node)
    else:
        yield path, *_worded(item, path, node)


def _worded(item: "ErrorDetails", path: KeyPath, node: Mapping[str, Any]) -> tuple[str, str]:
    """Return problem and cure of an error of pydantic itself."""
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return "this field is missing", f"add it: {node['description']}" if "description" in node else "add it"
        case "extra_forbidden":
            names = list(node.get("properties", ()))
            near = get_close_matches(str(path[-1]), names, 3, 0.5)
            return "there is no such field", f"did you mean {', '.join(near)}?" if near else f"use {', '.join(names)}"
        case "union_tag_not_found":
            return f"the field {context['discriminator']} is missing", 'it says what to do, such as do = "close"'
        case "union_tag_invalid":
            near = get_close_matches(str(context["tag"]), re.findall(r"'([^']*)'", context["expected_tags"]), 3, 0.4)
            hint = f"did you mean {', '.join(near)}?" if near else f"use {context['expected_tags']}"
            return f"{context['tag']!r} is no kind of change", hint
        case "literal_error":
            allowed = [value.strip("'") for value in re.split(", | or ", context["expected"])]
            near = get_close_matches(item["input"], allowed, 3, 0.5) if isinstance(item["input"], str) else []
            hint = f"did you mean {', '.join(near)}?" if near else f"use one of {', '.join(allowed)}"
            return f"{shown(item['input'])} is not allowed", hint
        case _:
            words = _KINDS.get(item["type"], item["msg"].replace("Input should", "it should"))
            return f"{_as_written(item['input'])} does not fit: {words}", _meaning(node)


def _as_written(given: Any) -> str:
    """Return a value as TOML writes it, if it is short."""
    if isinstance(given, bool):
        return str(given).lower()
    return given.isoformat() if isinstance(given, dt.date | dt.time) else shown(given)


def _meaning(node: Mapping[str, Any]) -> str:
    return f"give: {node['description']}" if node.get("description") else "give another value"


def _located(loc: Sequence[str | int], document: Any, schema: Mapping[str, Any]) -> tuple[KeyPath, Mapping[str, Any]]:
    """Return where an error is in the document, and its node of the JSON schema.

    The location of pydantic also holds tags of unions, which are no keys of the document.
    """
    path: list[str | int] = []
    node: Mapping[str, Any] = schema
    last = len(loc) - 1
    for position, key in enumerate(loc):
        node = _resolved(node, schema)
        tags = node.get("discriminator", {}).get("mapping", {})
        if key in tags:
            node = {"$ref": tags[key]}
            continue
        present = _has(document, key)
        inner = _inner(node, key)
        if present or (isinstance(document, Mapping) and (inner is not None or position == last)):
            path.append(key)
            document = document[key] if present else {}
            # The node of an unknown field is that of its table, which has the known names.
            node = inner if inner is not None else node
    return tuple(path), _resolved(node, schema) if node.get("description") is None else node


def _has(document: Any, key: str | int) -> bool:
    if isinstance(key, int):
        return isinstance(document, list | tuple) and key < len(document)
    return isinstance(document, Mapping) and key in document


def _inner(node: Mapping[str, Any], key: str | int) -> Mapping[str, Any] | None:
    found = node.get("items") if isinstance(key, int) else node.get("properties", {}).get(key)
    # A table with free names has one node for all of them.
    free = (
        () if isinstance(key, int) else (node.get("additionalProperties"), *node.get("patternProperties", {}).values())
    )
    return next((item for item in (found, *free) if isinstance(item, Mapping)), None)


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a node of a JSON schema after following its reference; of an optional one the node of the value."""
    for option in node.get("anyOf", ()):
        if option.get("type") != "null" and ("$ref" in option or "items" in option):
            node = option
            break
    reference = node.get("$ref")
    if reference is None:
        return node
    found: Mapping[str, Any] = schema["$defs"][str(reference).rpartition("/")[2]]
    return found
