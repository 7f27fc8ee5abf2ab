"""The lines of the keys of a TOML document, for messages: a small scanner, since `tomllib` does not keep them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

KeyPath = tuple[str | int, ...]
"""Keys and indices (from 0) that lead to a value, such as `("changes", 2, "hours")`."""

DEEPEST: Final = 24
"""Longest key path that is followed: no file of ours has more than 8 keys and indices in a path."""

# Possessive quantifiers: a string without an end costs one pass, not one for each of its characters.
_TOKENS: Final = re.compile(
    r"""(?P<comment>\#[^\n]*+)
    | (?P<text>\"{3}(?:[^"\\]|\\.|"{1,2}+(?!"))*+"{3,5}+ | '{3}(?:[^']|'{1,2}+(?!'))*+'{3,5}+
        | "(?:[^"\\\n]|\\.)*+" | '[^'\n]*+')
    | (?P<newline>\n)
    | (?P<mark>[][{}=,.])
    | (?P<bare>[^][{}=,."'\#\s]++)""",
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Return the line (from 1) of each key and of each item of an array, by key path.

    A text that is no valid TOML gives the lines of its part before the first error, and perhaps some of the rest. The
    scan ends at a key path longer than `DEEPEST`, which is part of the answer.

    Examples
    --------
    >>> key_lines("a = 1\n[[b]]\nc.d = [\n 5,\n {e = 6}]")[("b", 0, "c", "d", 1, "e")]
    5
    """
    scan = _Scan()
    for kind, sign, line in _tokens(text):
        scan.take(kind, sign, line)
        if scan.too_deep:
            break
    return scan.lines


def line_of(lines: Mapping[KeyPath, int], path: Sequence[str | int]) -> int:
    """Return the line of a key path, or of the nearest part of it that is in the document; 0 if none is.

    Examples
    --------
    >>> line_of({("a",): 3}, ("a", "missing"))
    3
    """
    found = (lines.get(tuple(path[:length])) for length in range(len(path), 0, -1))
    return next((line for line in found if line is not None), 0)


def path_text(path: Sequence[str | int]) -> str:
    """Return a key path as text.

    Examples
    --------
    >>> path_text(("changes", 2, "hours"))
    'changes[2].hours'
    """
    return "".join(f"[{key}]" if isinstance(key, int) else f".{_printable(key)}" for key in path).removeprefix(".")


def _printable(key: str) -> str:
    return key if key.isprintable() else repr(key)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the kind, text and line of each token other than comments."""
    line, counted = 1, 0
    for match in _TOKENS.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        kind = match.lastgroup or ""
        if kind != "comment":
            yield kind, match[0], line


@dataclass
class _Open:
    """A table or array that is being read: its path and, for an array, the index of its current item."""

    path: KeyPath
    mark: str = ""
    index: int = 0


@dataclass
class _Scan:
    """The state of a scan: what is open, the parts of the current key, and whether a value is expected next."""

    lines: dict[KeyPath, int] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=lambda: [_Open(())])
    key: list[str] = field(default_factory=list)
    value: KeyPath | None = None
    header: int = 0
    """Number of brackets of the table header that is being read."""
    finished: bool = False
    """Whether a value has been read, so that the rest is ignored up to the next comma, newline or bracket."""
    too_deep: bool = False
    tables: dict[KeyPath, int] = field(default_factory=dict)
    """Number of tables so far in each array of tables."""

    def take(self, kind: str, sign: str, line: int) -> None:
        """Go on with one sign."""
        if kind == "newline":
            self._end_line()
        elif self.header and sign in {"[", "]"}:
            self._bracket(sign, line)
        elif sign in {",", "]", "}"}:
            self._next(sign)
        elif self.finished:
            return
        elif self.value is not None:
            self._begin_value(sign, line)
        elif sign == "[" and not self.key and len(self.open) == 1:
            self.header = 1
        elif sign == "=":
            self._name_value(line)
        elif kind in {"bare", "text"}:
            self._add_key(_unquoted(kind, sign), line)

    def _note(self, path: KeyPath, line: int) -> None:
        self.lines.setdefault(path, line)
        self.too_deep = self.too_deep or len(path) > DEEPEST

    def _add_key(self, part: str, line: int) -> None:
        self.key.append(part)
        if len(self.key) > DEEPEST:
            self._note((*self.open[-1].path, *self.key), line)

    def _end_line(self) -> None:
        if len(self.open) == 1:
            self.key, self.value, self.header, self.finished = [], None, 0, False

    def _bracket(self, sign: str, line: int) -> None:
        """Go on with a bracket of a table header; the table begins with the first one that closes."""
        if sign == "[":
            self.header += 1
            return
        self.open = [_Open(self._table(line))]
        self.key, self.header, self.finished = [], 0, True

    def _table(self, line: int) -> KeyPath:
        path: KeyPath = ()
        for number, part in enumerate(self.key, start=1):
            path = (*path, part)
            self._note(path, line)
            if self.header > 1 and number == len(self.key):
                self.tables[path] = self.tables.get(path, 0) + 1
            if path in self.tables:
                path = (*path, self.tables[path] - 1)
                self._note(path, line)
        return path

    def _name_value(self, line: int) -> None:
        path = self.open[-1].path
        for part in self.key:
            path = (*path, part)
            self._note(path, line)
        self.key, self.value = [], path

    def _begin_value(self, sign: str, line: int) -> None:
        path = self.value or ()
        self._note(path, line)
        if sign in {"[", "{"}:
            self.open.append(_Open(path, sign))
            self.value = (*path, 0) if sign == "[" else None
        else:
            self.finished = True

    def _next(self, sign: str) -> None:
        """Go on with the next item of what is open, or close it."""
        if len(self.open) == 1:
            return
        current = self.open[-1]
        self.key = []
        if sign == ",":
            current.index += 1
            self.value = (*current.path, current.index) if current.mark == "[" else None
            self.finished = False
        else:
            self.open.pop()
            self.value, self.finished = None, True


def _unquoted(kind: str, sign: str) -> str:
    if kind == "bare":
        return sign
    try:
        return str(tomllib.loads(f"key = {sign}")["key"])
    except tomllib.TOMLDecodeError:
        return sign
