"""Parameters in the text of a study: a text `"$name"` stands for the value of the parameter in each row."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

SIGN: Final = "$"
"""A text that begins with it is a placeholder; doubled, it is a text that begins with one."""

KeyPath = tuple[str | int, ...]


def placeholders(document: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield where a document has placeholders, as keys and indices from its top, and the names of their parameters.

    Examples
    --------
    >>> list(placeholders({"set": {"mean_h": "$hours"}, "ids": ["a", "$$b"]}))
    [(('set', 'mean_h'), 'hours')]
    """
    for key, value in _items(document):
        if isinstance(value, str):
            if value.startswith(SIGN) and not value.startswith(2 * SIGN):
                yield (*path, key), value.removeprefix(SIGN)
        else:
            yield from placeholders(value, (*path, key))


def filled(document: Any, values: Mapping[str, Any]) -> Any:
    """Return a document with the values of its placeholders.

    Examples
    --------
    >>> filled({"multiply": {"hours": "$factor"}, "note": "$$5"}, {"factor": 1.5})
    {'multiply': {'hours': 1.5}, 'note': '$5'}
    """
    if isinstance(document, Mapping):
        return {key: filled(value, values) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [filled(value, values) for value in document]
    if not isinstance(document, str) or not document.startswith(SIGN):
        return document
    name = document.removeprefix(SIGN)
    return name if name.startswith(SIGN) else values[name]


def _items(document: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(document, Mapping):
        yield from document.items()
    elif isinstance(document, list | tuple):
        yield from enumerate(document)
