"""What a worker does: run the function on the rows of a chunk, and return an outcome for each, whatever happens."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from landbridge.networks.arguments import shown
from landbridge.networks.errors import DataError
from landbridge.networks.network import Network
from landbridge.networks.signals import Terminated, signal_behind
from landbridge.routing.studies.sweeps.network_reference import NetworkReference, WorkerError
from landbridge.routing.studies.sweeps.rows import STATUS, Scalar, SweepRow, scalar_of, scenario_of

if TYPE_CHECKING:
    from landbridge.routing.studies.scenarios.scenario import Scenario

RowFunction: TypeAlias = Callable[[Network, SweepRow], Mapping[str, Any]]
"""The question of a sweep: from a network and a row to scalars by name."""

_MOST_CHARACTERS: Final = 1_000
"""Length at which the message of an error is cut."""


class Outcome(NamedTuple):
    """What came of one row.

    Attributes
    ----------
    status
        `ok` or `failed`.
    outputs
        The scalars returned, by name; empty if it failed.
    error_type, error
        Class and message of the error; empty if it is `ok`.
    seconds
        Time of the run.
    """

    status: Literal["ok", "failed"]
    outputs: Mapping[str, Scalar]
    error_type: str = ""
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Chunk:
    """Rows run by one task, with all that a worker needs.

    Attributes
    ----------
    function
        The function, pickled by name.
    network
        Reference to the network.
    scenarios
        Scenarios by the text of the column `scenario` of the rows.
    columns
        Columns of the table, which an output may not have.
    keys, rows
        Key and content of each row.
    attempts
        How often the chunk has ended its worker.
    """

    function: RowFunction
    network: NetworkReference
    scenarios: Mapping[str, "Scenario"]
    columns: frozenset[str]
    keys: tuple[str, ...]
    rows: tuple[SweepRow, ...]
    attempts: int = 0

    def part(self, start: int, end: int | None) -> "Chunk":
        """Return a chunk of some of the rows."""
        rows = self.rows[start:end]
        needed = {scenario_of(row) for row in rows} if self.scenarios else ()
        scenarios = {text: scenario for text, scenario in self.scenarios.items() if text in needed}
        return replace(self, keys=self.keys[start:end], rows=rows, scenarios=scenarios)


def run_chunk(chunk: Chunk) -> list[Outcome]:
    """Return the outcome of each row; an error of a row is an outcome and not raised.

    Raises
    ------
    WorkerError
        If the worker cannot read the network.
    """
    chunk.network.load()
    return [_run(chunk, row) for row in chunk.rows]


def failed(error: BaseException, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a row that raised an error."""
    text = str(error) if len(str(error)) <= _MOST_CHARACTERS else f"{str(error)[:_MOST_CHARACTERS]} ..."
    # Half of a surrogate pair cannot be written as UTF-8.
    text = text.encode("utf-8", "backslashreplace").decode()
    return Outcome("failed", {}, type(error).__name__, text, seconds)


def _run(chunk: Chunk, row: SweepRow) -> Outcome:
    began = time.perf_counter()
    try:
        scenario = scenario_of(row)
        network = chunk.network.load_changed(chunk.scenarios[scenario]) if scenario else chunk.network.load()
        outputs = _checked(chunk.function(network, dict(row)), chunk.columns)
    except (WorkerError, Terminated):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the row is recorded with its error, and the others go on
        if (ending := signal_behind(error)) is not None:
            raise ending from None
        return failed(error, time.perf_counter() - began)
    return Outcome("ok", outputs, seconds=time.perf_counter() - began)


def _checked(given: object, columns: frozenset[str]) -> dict[str, Scalar]:
    """Return outputs as scalars of Python.

    Raises
    ------
    DataError
        If they are no mapping of scalars by name, or a name is that of a column.
    """
    if not isinstance(given, Mapping):
        raise DataError(f"the function returned {shown(given)}; return a dictionary of numbers and texts by name")
    found: dict[str, Scalar] = {}
    for name, value in given.items():
        if not isinstance(name, str):
            raise DataError(f"the function returned the name {shown(name)}, which is no text; give texts as names")
        if name in columns or name in STATUS:
            raise DataError(f"the function returned the name {name!r}, which is that of a column; give another text")
        try:
            found[name] = scalar_of(value)
        except ValueError as error:
            raise DataError(f"the output {name!r} {error}") from error
    return found
