"""The exceptions of landbridge: one base class, and each exception also derives from a builtin one."""

from collections.abc import Sequence
from dataclasses import dataclass

from landbridge.networks.words import shortened, without_hidden

_MOST_SHOWN = 1000


class LandbridgeError(Exception):
    """Base class of all exceptions that landbridge raises on purpose."""


@dataclass(frozen=True, order=True)
class Fault:
    """One error in the data: its location, the problem and the cure.

    `row` is the line of the file (the header is line 1), or 0 if the whole file or table is concerned.
    """

    file: str
    row: int
    column: str
    problem: str
    cure: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = f"{self.file}:{self.row}" if self.row else self.file
        column = f" [{self.column}]" if self.column else ""
        return without_hidden(f"{where}{column}: {shortened(self.problem, _MOST_SHOWN)}; {self.cure}")


class DataError(LandbridgeError, ValueError):
    """The data of a network is invalid; `faults` lists every fault found."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        listed = "".join(f"\n  {fault}" for fault in self.faults[:20])
        more = f"\n  ... and {len(self.faults) - 20} more" if len(self.faults) > 20 else ""
        super().__init__(message + listed + more)


class ScenarioError(DataError):
    """A scenario is invalid or does not fit the network; `faults` lists every fault, with its key path as column."""


class NotInstalledError(DataError):
    """A required optional package is not installed."""


class PlaceError(LandbridgeError, LookupError):
    """A place is unknown or ambiguous; `candidates` holds the ids of the possible matches."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__(message)


class QueryError(LandbridgeError, ValueError):
    """An argument of a query is invalid."""


def extra_cure(extra: str) -> str:
    """Return how to install an extra, for the end of an error message."""
    return f"run: pip install 'landbridge[{extra}]'"


class OptionError(QueryError, TypeError):
    """A function has no such option; the message names the closest one."""


class WriteError(QueryError, OSError):
    """A file or folder cannot be written; the message names it as the user gave it."""


class NoRouteError(LandbridgeError, LookupError):
    """No itinerary meets the constraints; the message names the constraint that blocks it."""
