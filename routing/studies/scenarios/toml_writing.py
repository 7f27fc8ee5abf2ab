"""TOML from plain data: the part of the format that scenarios use."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """Return a document as TOML: lists of tables as `[[name]]`, tables within them inline.

    Parameters
    ----------
    document
        Texts, numbers, booleans, days, and lists and dicts of them.

    Examples
    --------
    >>> print(toml_text({"name": "a", "changes": [{"do": "close", "ids": ["x", "y"]}]}), end="")
    name = "a"
    <BLANKLINE>
    [[changes]]
    do = "close"
    ids = ["x", "y"]
    """
    return "\n".join(_table(document, "")).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], before: str) -> Iterator[str]:
    """Yield the lines of a table; what has tables of its own comes last, as TOML asks for."""
    nested = {key: value for key, value in table.items() if _is_tables(value) and (before + key) in _TABLES}
    for key, value in table.items():
        if key not in nested:
            yield f"{_key(key)} = {_value(value)}"
    for key, tables in nested.items():
        for item in tables:
            yield ""
            yield f"[[{before}{key}]]"
            yield from _table(item, f"{before}{key}.")


_TABLES = frozenset({"changes", "parts", "parts.changes"})


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _basic(text: str) -> str:
    """Return a text as a basic string: JSON escapes all that TOML does but DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _basic(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case dt.date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{_key(key)} = {_value(item)}' for key, item in value.items())}}}"
        case _:
            return repr(value)


def _text(text: str) -> str:
    """Return a text as a string, of several lines if it has them."""
    lines = [_basic(line)[1:-1] for line in text.split("\n")]
    return f'"{lines[0]}"' if len(lines) == 1 else '"""\n{}"""'.format("\n".join(lines))
