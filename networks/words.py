"""Words in messages and tables."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_HIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""What acts on a terminal instead of being shown (control characters, and those that reverse the order of a line), and
halves of characters, which no file can hold."""


def hidden_in(text: str) -> str | None:
    r"""Return the first character of a text that is not shown, other than tabs and newlines; None if there is none.

    Examples
    --------
    >>> hidden_in("Xi\x07an"), hidden_in("Xi'an")
    ('\x07', None)
    """
    found = _HIDDEN.search(text)
    return found[0] if found else None


def without_hidden(text: str) -> str:
    r"""Return a text with the characters that are not shown as escapes.

    Examples
    --------
    >>> without_hidden("Xi\x07an")
    'Xi\\x07an'
    """
    return _HIDDEN.sub(lambda found: repr(found[0])[1:-1], text)


def shortened(text: str, most: int = 60) -> str:
    """Return a text, or its beginning if it is long.

    Examples
    --------
    >>> shortened("1" * 100, 5)
    '11111...'
    """
    return text if len(text) <= most else f"{text[:most]}..."


def name_meant(text: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelt one is like, whatever its case, blanks and hyphens; None if none is.

    Examples
    --------
    >>> name_meant("Value USD per-TEU", ["id", "value_usd_per_teu"])
    'value_usd_per_teu'
    >>> name_meant("note", ["id", "value_usd_per_teu"]) is None
    True
    """
    near = get_close_matches(_as_name(text), list(names), 1, 0.8)
    return near[0] if near else None


def names_beside(text: str, names: Iterable[str]) -> list[str]:
    """Return the name that a misspelt one is like, or else all that begin or end with its words.

    Examples
    --------
    >>> names_beside("tonnes", ["teu_per_year", "tonnes_per_year", "tonnes_per_teu"])
    ['tonnes_per_year', 'tonnes_per_teu']
    >>> names_beside("class", ["cargo_class"]), names_beside("cargo class", ["cargo_class"])
    (['cargo_class'], ['cargo_class'])
    """
    names, part = list(names), _as_name(text)
    meant = name_meant(text, names)
    return [meant] if meant else [name for name in names if name.startswith(f"{part}_") or name.endswith(f"_{part}")]


def _as_name(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, in the singular for one.

    Parameters
    ----------
    plural
        The plural if it is not the noun with an s.

    Examples
    --------
    >>> counted(1, "place"), counted(1200, "place"), counted(0, "city", "cities")
    ('1 place', '1,200 places', '0 cities')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
