"""Values that a scenario sets or multiplies: cells, and the whole time, fees and rates of a row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.tables.schema import Column
from landbridge.networks.times.durations import link_duration, link_length_km, operation_duration, wait_duration
from landbridge.networks.times.traffic import traffic_of
from landbridge.networks.words import counted
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables, Key
from landbridge.routing.studies.scenarios.selection import selected

if TYPE_CHECKING:
    from landbridge.networks.tables.table import Row

HOURS: Final = "hours"
"""Name for the whole time of a row."""

_TIMES: Final = ("min_h", "mean_h", "p10_h", "p50_h", "p90_h")
_WAITS: Final = ("headway_h", "wait_p10_h", "wait_p50_h", "wait_p90_h", "loose_wait_h", "cut_off_h")
_FEES: Final[dict[str, tuple[str, ...]]] = {
    "operations": ("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment"),
    "services": ("boarding_usd_per_teu", "boarding_usd_per_feu"),
}
_RATES: Final[dict[str, tuple[str, ...]]] = {"tariffs": ("usd_per_teu_km", "usd_per_feu_km")}
_GROUPS: Final[dict[str, dict[str, tuple[str, ...]]]] = {"fees": _FEES, "rates": _RATES}

_OF_YEARS: Final = {
    "capacity": "capacity",
    "capacity_unit": "unit",
    "background_teu_day": "background",
    "closure_days": "closure_days",
}
"""Columns of `resources` with that of the same value in `capacities`, which stands above it in a year."""


@dataclass(frozen=True)
class Factor:
    """A factor that a change gives at one of its keys."""

    change: Change
    key: Key
    value: float

    def times(self, work: ChangingTables, column: Column, number: float, row_id: str) -> Any:
        """Return a number of a column of a row multiplied, without the last bits that a factor such as 1/3 leaves.

        Raises
        ------
        ChangeError
            If it is out of the range of the column.
        """
        try:
            return work.parsed(column, float(f"{number * self.value:.15g}"), self.change, self.key)
        except ChangeError as error:
            problem = f"{error.faults[0].problem} for {column.name} of {row_id}, which is {number:g}"
            raise self.change.error(self.key, problem, "give another factor, or select rows that it suits") from None


def set_values(work: ChangingTables, change: Change) -> None:
    """Set and multiply values of the rows that a change selects.

    Raises
    ------
    ChangeError
        If a column is unknown, or a value does not conform to it.
    """
    asked, indices = change.asked, selected(work, change, change.asked.table)
    faults = list(_column_faults(work, change))
    if faults:
        raise ChangeError(faults)
    for key, values in (("set", asked.set), ("multiply", asked.multiply)):
        for name, value in values.items():
            try:
                _change(work, change, indices, (key, name), value)
            except ChangeError as error:
                faults += error.faults
    if faults:
        raise ChangeError(faults)


def _change(work: ChangingTables, change: Change, indices: list[int], key: tuple[str, str], value: Any) -> None:
    """Set or multiply one column of rows, or what stands for several."""
    table, (kind, name) = change.asked.table, key
    if kind == "set" and name == HOURS:
        _set_hours(work, change, table, indices, value)
    elif kind == "set":
        _set(work, change, indices, name, work.parsed(_column(work, table, name), value, change, key))
    elif name == HOURS:
        multiply_hours(work, table, indices, Factor(change, key, value))
    else:
        multiply(work, table, indices, _GROUPS.get(name, {}).get(table, (name,)), Factor(change, key, value))


def _column_faults(work: ChangingTables, change: Change) -> Iterator[Any]:
    """Yield the faults of the names of columns."""
    asked, schema = change.asked, work.table(change.asked.table).schema
    columns = {column.name: column for column in schema.columns}
    pseudo = [name for name, tables in _GROUPS.items() if asked.table in tables]
    pseudo += [HOURS] if asked.table in {"links", "operations", "services"} else []
    for key, names in (("set", asked.set), ("multiply", asked.multiply)):
        known = [*columns, *pseudo] if key == "multiply" else [*columns, *(name for name in pseudo if name == HOURS)]
        for name in names:
            if name not in known:
                cure = "multiply it instead" if name in pseudo else None
                fault = work.unknown(change, (key, name), name, known, f"column of {asked.table}")
                yield change.fault((key, name), f"{name} cannot be set", cure) if cure else fault
            elif name == schema.key:
                yield change.fault((key, name), f"{name} names the row, and other rows refer to it", "add one instead")
            elif key == "multiply" and name in columns and columns[name].type not in {"number", "integer"}:
                yield change.fault((key, name), f"{name} is no number", "set it instead")


def _set(work: ChangingTables, change: Change, indices: list[int], name: str, found: Any) -> None:
    """Set a column of rows; of resources in every year."""
    table = change.asked.table
    for index in indices:
        work.write(table, index, {name: found}, change)
    if table == "resources" and name in _OF_YEARS:
        for index in indices:
            resource = work.rows("resources")[index]
            values = {_OF_YEARS[name]: found}
            if name == "capacity":
                values["unit"] = resource["capacity_unit"]
            for row in work.indices("capacities").get(resource["id"], ()):
                work.write("capacities", row, values, change)


def multiply(work: ChangingTables, table: str, indices: Sequence[int], names: tuple[str, ...], factor: Factor) -> None:
    """Multiply the numbers in some columns of rows; what is blank stays so.

    Raises
    ------
    ChangeError
        If there are rows and none has such a number, or one is then out of its range.
    """
    if not _scale(work, table, indices, names, factor) and indices:
        problem = f"{', '.join(names)} is blank in {counted(len(indices), f'row of {table}', f'rows of {table}')}"
        raise factor.change.error(factor.key, problem, "set it, or select rows that have it")
    of_years = tuple(_OF_YEARS[name] for name in names if name in _OF_YEARS)
    if table == "resources" and of_years:
        ids, known = [work.rows(table)[index]["id"] for index in indices], work.indices("capacities")
        _scale(work, "capacities", [row for resource in ids for row in known.get(resource, ())], of_years, factor)


def _scale(work: ChangingTables, table: str, indices: Iterable[int], names: tuple[str, ...], factor: Factor) -> bool:
    """Multiply the numbers in some columns of rows, and return whether there are any."""
    rows, columns, found = work.rows(table), [_column(work, table, name) for name in names], False
    key = work.table(table).schema.key
    for index in indices:
        row = rows[index]
        given = [column for column in columns if row[column.name] is not None]
        values = {column.name: factor.times(work, column, row[column.name], row[key]) for column in given}
        work.write(table, index, values, factor.change)
        found |= bool(given)
    return found


def _set_hours(work: ChangingTables, change: Change, table: str, indices: list[int], value: Any) -> None:
    """Set the mean time of rows, with spread, quantiles and congested months in proportion."""
    key: Key = ("set", HOURS)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise change.error(key, f"{value!r} is no number of hours", "give hours of 0 or more")
    for index in indices:
        mean_h = _mean_h(work, table, index)
        if mean_h == 0:
            name = work.rows(table)[index]["id"]
            raise change.error(key, f"{name} takes no time", "set its columns of hours")
        multiply_hours(work, table, [index], Factor(change, key, value / mean_h))


def _mean_h(work: ChangingTables, table: str, index: int) -> float:
    """Return the mean hours of a row, over normal and congested months: of a service, those of its wait."""
    row, spreads = work.rows(table)[index], work.table("spreads").by_key()
    if table == "operations":
        return operation_duration(row, spreads, traffic_of(work.tables, "operations").get(row["id"])).time.mean_h
    if table == "services":
        return wait_duration(row, spreads, traffic_of(work.tables, "waits").get(row["id"]), loose=False).time.mean_h
    places, modes = work.table("places").by_key(), work.table("modes").by_key()
    service = work.table("services").by_key()[row["service"]]
    return link_duration(row, service, link_length_km(row, places, modes), spreads).time.mean_h


def multiply_hours(work: ChangingTables, table: str, indices: Iterable[int], factor: Factor) -> None:
    """Multiply the whole time of rows: of links, operations, or the waits of services.

    Raises
    ------
    ChangeError
        If a time is then out of its range, or a service departs by a timetable.
    """
    if factor.value == 0:
        raise factor.change.error(factor.key, "a factor of 0 leaves no time", "give one above 0, or close the rows")
    columns = {column.name: column for column in work.table(table).schema.columns}
    chosen, names = list(indices), _WAITS if table == "services" else _TIMES
    for index in chosen:
        row = work.rows(table)[index]
        if table == "links":
            _multiply_link(work, index, factor)
            continue
        if table == "services" and row["wait_kind"] == "timetable":
            problem, cure = f"{row['id']} departs by a timetable, which has no hours", "set days or departures"
            raise factor.change.error(factor.key, problem, cure)
        values = {name: factor.times(work, columns[name], row[name], row["id"]) for name in names if row[name]}
        work.write(table, index, values, factor.change)
    if table != "links":
        _scale_traffic(work, table, {work.rows(table)[index]["id"] for index in chosen}, factor)


def _scale_traffic(work: ChangingTables, table: str, ids: set[str], factor: Factor) -> None:
    """Multiply the congested months of operations or waits too; a row of `traffic` that has others as well is split."""
    column, other = ("operations", "waits") if table == "operations" else ("waits", "operations")
    hours = _column(work, "traffic", "congested_h")
    for index, row in enumerate([*work.rows("traffic")]):
        slowed = tuple(item for item in row[column] if item in ids)
        if not slowed:
            continue
        kept = tuple(item for item in row[column] if item not in ids)
        values: dict[str, Any] = {"congested_h": factor.times(work, hours, row["congested_h"], row["id"])}
        if not (kept or row[other]):
            work.write("traffic", index, values, factor.change)
            continue
        work.write("traffic", index, {column: kept}, factor.change)
        evidence = dict(zip(("source", "year", "confidence"), work.evidence(factor.change), strict=True))
        values |= {"id": work.free_id("traffic", factor.change), column: slowed, other: ()}
        work.append_row("traffic", {**row, **values, **evidence}, factor.change)


def _multiply_link(work: ChangingTables, index: int, factor: Factor) -> None:
    """Multiply the times of a link, and divide its speed: where it has none of its own, that of its service."""
    link: Row = work.rows("links")[index]
    times = [name for name in _TIMES if link[name] is not None]
    if link["mean_h"] is not None or link["p50_h"] is not None:
        _scale(work, "links", [index], tuple(times), factor)
        return
    service: Row = work.rows("services")[work.indices("services")[link["service"]][0]]
    own = link["speed_km_h"] is not None and link["timetabled_speed_km_h"] is None
    slower = replace(factor, value=1 / factor.value)
    values: dict[str, Any] = {}
    if link["min_h"] is not None:
        values["min_h"] = factor.times(work, _column(work, "links", "min_h"), link["min_h"], link["id"])
    for name in ("speed_km_h",) if own else ("speed_km_h", "timetabled_speed_km_h"):
        speed = service[name] if link[name] is None else link[name]
        if speed is not None:
            values[name] = slower.times(work, _column(work, "links", name), speed, link["id"])
    work.write("links", index, values, factor.change)


def _column(work: ChangingTables, table: str, name: str) -> Column:
    return next(column for column in work.table(table).schema.columns if column.name == name)
