"""The errors of landbridge: one root, and each error also a builtin's child."""

from collections.abc import Sequence
from dataclasses import dataclass


class LandbridgeError(Exception):
    """Root of all errors that landbridge raises on purpose."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in the data: where, what, and the cure.

    `row` is the line of the file, the header being line 1; 0 where a whole file or table is meant.
    """

    file: str
    row: int
    column: str
    problem: str
    cure: str

    def __str__(self) -> str:
        """Return the fault in one line."""
        where = f"{self.file}:{self.row}" if self.row else self.file
        column = f" [{self.column}]" if self.column else ""
        return f"{where}{column}: {self.problem}; {self.cure}"


class DataError(LandbridgeError, ValueError):
    """The data of a network cannot be used; `faults` holds every fault that was found."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        listed = "".join(f"\n  {fault}" for fault in self.faults[:20])
        more = f"\n  ... and {len(self.faults) - 20} more" if len(self.faults) > 20 else ""
        super().__init__(message + listed + more)


class NotInstalledError(DataError):
    """An optional package, which holds what is asked for, is not installed."""


class PlaceError(LandbridgeError, LookupError):
    """A place is unknown or ambiguous; `candidates` holds the ids of those that may be meant."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__(message)


class QueryError(LandbridgeError, ValueError):
    """An argument of a question is wrong."""


class NoRouteError(LandbridgeError, LookupError):
    """No itinerary meets the constraints; the message names the constraint that blocks it."""
