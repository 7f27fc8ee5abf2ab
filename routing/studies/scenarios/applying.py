"""Scenarios applied to a network: a new one, checked, that shares what they do not change."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from landbridge.networks.checks.network import check_tables, check_values
from landbridge.networks.errors import Fault, ScenarioError
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.words import counted
from landbridge.networks.years import known_years
from landbridge.routing.studies.scenarios.adding import add_rows
from landbridge.routing.studies.scenarios.caspian import set_level
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables
from landbridge.routing.studies.scenarios.closing import close, open_up
from landbridge.routing.studies.scenarios.demand_changes import change_demand
from landbridge.routing.studies.scenarios.part import DATE, FINGERPRINT, NAME, Part
from landbridge.routing.studies.scenarios.reweighing import changed_network, needs_new_graph
from landbridge.routing.studies.scenarios.sanctions import sanction
from landbridge.routing.studies.scenarios.slowing import slow
from landbridge.routing.studies.scenarios.values import set_values

MOST_ROWS: Final = 2_000_000
"""Most rows that the changes of all scenarios look at: less than a minute of work."""

_KINDS: Final[Mapping[str, Callable[[ChangingTables, Change], None]]] = {
    "close": close,
    "open": open_up,
    "set": set_values,
    "add": add_rows,
    "slow": slow,
    "caspian-level": set_level,
    "sanction": sanction,
    "demand": change_demand,
}


def applied(network: Network, parts: Sequence[Part], *, name: str, fingerprint: str) -> Network:
    """Return a new network with the changes of scenarios in order; the given one stays as it is.

    Parameters
    ----------
    name, fingerprint
        What the table `dataset` says of the scenarios that the new network has.

    Raises
    ------
    ScenarioError
        If a change does not fit the network, or leaves data that is invalid; the error lists every fault.
    """
    work = ChangingTables(network)
    faults: list[Fault] = []
    for part in parts:
        _set_world(work, part)
        for number, asked in enumerate(part.changes):
            change = Change(part, number, asked)
            try:
                _KINDS[asked.do](work, change)
            except ChangeError as error:
                faults += error.faults
            if work.seen > MOST_ROWS:
                problem = f"the changes up to here look at more than {MOST_ROWS:,} rows"
                _fail(parts, [*faults, change.fault((), problem, "put changes of many rows together")])
    _fail(parts, faults)
    work.set_dataset(NAME, name)
    work.set_dataset(FINGERPRINT, fingerprint)
    _fail(parts, [*_faults_of_rows(work), *_faults_of_year(work, parts)])
    return changed_network(work)


def _set_world(work: ChangingTables, part: Part) -> None:
    """Set the day and year of the world of a scenario."""
    if part.date is not None:
        work.set_dataset("reference_date", part.date.isoformat())
        work.set_dataset(DATE, part.date.isoformat())
    if part.year is not None:
        work.set_dataset("year", str(part.year))


def _faults_of_year(work: ChangingTables, parts: Sequence[Part]) -> Iterator[Fault]:
    """Yield a fault if the year of the world is none of the network."""
    part = next((part for part in reversed(parts) if part.year is not None), None)
    known = known_years(work.tables)
    if part is not None and part.year not in known:
        cure = f"give one of {', '.join(map(str, known))}, or add demand of that year" if known else "add demand of it"
        yield part.fault(("year",), f"there is neither demand nor a capacity of {part.year}", cure)


def _faults_of_rows(work: ChangingTables) -> list[Fault]:
    """Return the faults of the changed rows, or of all tables where the network itself changed, at their changes."""
    found = check_tables(work.tables) if needs_new_graph(work) else check_values(work.tables, work.touched())
    tables = {table.file: name for name, table in work.tables.items()}
    return [_at_change(work, tables[fault.file], fault) for fault in found]


def _at_change(work: ChangingTables, table: str, fault: Fault) -> Fault:
    """Return a fault of a row as one of the change that last touched it, or else a row to which it refers."""
    row = next((row for line, row in work.table(table).numbered() if line == fault.row), None)
    change = work.by.get((table, fault.row)) or (_referred(work, table, row) if row else None)
    if row is None or change is None:
        return fault
    problem = f"{table} {row[work.table(table).schema.key]} [{fault.column}]: {fault.problem}"
    return change.fault((), problem, fault.cure)


def _referred(work: ChangingTables, name: str, row: Row) -> Change | None:
    """Return a change of a row to which another one refers."""
    for column in work.table(name).schema.columns:
        if (table := column.refers_to) is None or table not in work.cells:
            continue
        lines, value = work.table(table).lines, row[column.name]
        items = value if isinstance(value, tuple) else (value,)
        indices = [index for item in items for index in work.indices(table).get(item, ()) if index in work.cells[table]]
        if indices:
            return work.by[table, lines[indices[0]]]
    return None


def _fail(parts: Sequence[Part], faults: Iterable[Fault]) -> None:
    """Raise the faults of scenarios, if there are any.

    Raises
    ------
    ScenarioError
        If there are.
    """
    found: list[Any] = sorted(set(faults))
    if found:
        names = " + ".join(part.name for part in parts)
        raise ScenarioError(f"{names} cannot be applied: {counted(len(found), 'fault')}", found)
