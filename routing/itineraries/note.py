"""Notes: what a reader of an answer has to know beside its figures."""

from enum import StrEnum
from typing import Any, NamedTuple


class NoteKind(StrEnum):
    """What a note is about."""

    CLOSED = "closed"
    TRUCKS = "trucks"
    TURNS = "turns"
    CONTAINERS = "containers"
    DATES = "dates"
    OPTION = "option"
    CORRIDOR = "corridor"
    VALUE = "value"
    ACCESS = "access"
    SLOW = "slow"


class Note(NamedTuple):
    """A sentence on an answer, with the ids of its sources.

    Attributes
    ----------
    kind
        What it is about.
    text
        The sentence.
    sources
        Ids of rows of the table `sources`.
    """

    kind: NoteKind
    text: str
    sources: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the note with the names of the JSON output."""
        return {"kind": self.kind.value, "text": self.text, "source": ";".join(self.sources) or None}
