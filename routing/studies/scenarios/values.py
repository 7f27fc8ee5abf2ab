"""Values that a scenario sets or multiplies: cells, and the whole time, fees and rates of a row."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Row
from landbridge.networks.times.durations import link_duration, link_length_km, operation_duration, wait_duration
from landbridge.networks.words import counted
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables, Key
from landbridge.routing.studies.scenarios.selection import selected

HOURS: Final = "hours"
"""Name for the whole time of a row."""

_TIMES: Final = ("min_h", "mean_h", "p10_h", "p50_h", "p90_h")
_WAITS: Final = ("headway_h", "wait_p10_h", "wait_p50_h", "wait_p90_h", "loose_wait_h", "cut_off_h")
_FEES: Final = {
    "operations": ("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment"),
    "services": ("boarding_usd_per_teu", "boarding_usd_per_feu"),
}
_RATES: Final = {"tariffs": ("usd_per_teu_km", "usd_per_feu_km")}
_GROUPS: Final = {"fees": _FEES, "rates": _RATES}

_OF_YEARS: Final = {
    "capacity": "capacity",
    "capacity_unit": "unit",
    "background_teu_day": "background",
    "closure_days": "closure_days",
}
"""Columns of `resources` with that of the same value in `capacities`, which stands above it in a year."""


def set_values(work: ChangingTables, change: Change) -> None:
    """Set and multiply values of the rows that a change selects.

    Raises
    ------
    ChangeError
        If a column is unknown, or a value does not conform to it.
    """
    asked = change.asked
    table, indices = asked.table, selected(work, change, asked.table)
    faults = list(_column_faults(work, change, indices))
    if faults:
        raise ChangeError(faults)
    for name, value in asked.set.items():
        if name == HOURS:
            _set_hours(work, change, table, indices, value)
        else:
            _set(work, change, table, indices, name, value)
    for name, factor in asked.multiply.items():
        key = ("multiply", name)
        if name == HOURS:
            multiply_hours(work, change, table, indices, factor, key)
        else:
            _multiply(work, change, table, indices, _GROUPS.get(name, {}).get(table, (name,)), factor, key)


def _column_faults(work: ChangingTables, change: Change, indices: list[int]) -> Iterator[Any]:
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
            elif key == "multiply" and name in columns and columns[name].type not in {"number", "integer"}:
                yield change.fault((key, name), f"{name} is no number", "set it instead")
            elif key == "set" and name == schema.key and len(indices) > 1:
                yield change.fault((key, name), "the rows would have the same id", "select one row")


def _set(work: ChangingTables, change: Change, table: str, indices: list[int], name: str, value: Any) -> None:
    column = _column(work, table, name)
    found = work.parsed(column, value, change, ("set", name))
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


def _multiply(
    work: ChangingTables,
    change: Change,
    table: str,
    indices: Iterable[int],
    names: tuple[str, ...],
    factor: float,
    key: Key,
) -> None:
    """Multiply the numbers in some columns of rows; what is blank stays so.

    Raises
    ------
    ChangeError
        If no row has such a number, or one is then out of its range.
    """
    chosen, columns = list(indices), [_column(work, table, name) for name in names]
    _scale(work, change, table, chosen, columns, factor, key)
    of_years = [_column(work, "capacities", _OF_YEARS[name]) for name in names if name in _OF_YEARS]
    if table == "resources" and of_years:
        ids = [work.rows(table)[index]["id"] for index in chosen]
        rows = [row for resource in ids for row in work.indices("capacities").get(resource, ())]
        _scale(work, change, "capacities", rows, of_years, factor, key, needed=False)


def _scale(
    work: ChangingTables,
    change: Change,
    table: str,
    indices: list[int],
    columns: list[Column],
    factor: float,
    key: Key,
    *,
    needed: bool = True,
) -> None:
    rows, any_number = work.rows(table), False
    for index in indices:
        row = rows[index]
        values = {}
        for column in columns:
            if row[column.name] is not None:
                any_number = True
                values[column.name] = work.parsed(column, _number(row[column.name] * factor), change, key)
        work.write(table, index, values, change)
    if needed and not any_number:
        names = ", ".join(column.name for column in columns)
        problem = f"{names} is blank in {counted(len(indices), f'row of {table}', f'rows of {table}')}"
        raise change.error(key, problem, "set it, or select rows that have it")


def _number(value: float) -> float:
    """Return a product without the last bits that a factor such as 1/3 leaves, so that its inverse restores it."""
    return float(f"{value:.15g}")


def _set_hours(work: ChangingTables, change: Change, table: str, indices: list[int], value: Any) -> None:
    """Set the mean time of rows, with spread and quantiles in proportion."""
    key: Key = ("set", HOURS)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise change.error(key, f"{value!r} is no number of hours", "give hours of 0 or more")
    for index in indices:
        mean_h = _mean_h(work, table, index)
        if mean_h == 0:
            name = work.rows(table)[index]["id"]
            raise change.error(key, f"{name} takes no time", "set its columns of hours")
        multiply_hours(work, change, table, [index], value / mean_h, key)


def _mean_h(work: ChangingTables, table: str, index: int) -> float:
    """Return the mean hours of a row by its own table: of a service, those of its wait."""
    row, spreads = work.rows(table)[index], work.table("spreads").by_key()
    if table == "operations":
        return operation_duration(row, spreads).time.mean_h
    if table == "services":
        return wait_duration(row, spreads, loose=False).time.mean_h
    places, modes = work.table("places").by_key(), work.table("modes").by_key()
    service = work.table("services").by_key()[row["service"]]
    return link_duration(row, service, link_length_km(row, places, modes), spreads).time.mean_h


def multiply_hours(
    work: ChangingTables, change: Change, table: str, indices: Iterable[int], factor: float, key: Key
) -> None:
    """Multiply the whole time of rows: of links, operations, or the waits of services.

    Raises
    ------
    ChangeError
        If a time is then out of its range, or a service departs by a timetable.
    """
    services = work.table("services").by_key() if table == "links" else {}
    indices = list(indices)
    for index in indices:
        row = work.rows(table)[index]
        if table == "links":
            values = _slower(row, services[row["service"]], factor)
        else:
            names = _WAITS if table == "services" else _TIMES
            values = {name: row[name] * factor for name in names if row[name]}
        if table == "services" and row["wait_kind"] == "timetable":
            problem, cure = f"{row['id']} departs by a timetable, which has no hours", "set days or departures"
            raise change.error(key, problem, cure)
        parsed = {
            name: work.parsed(_column(work, table, name), _number(value), change, key) for name, value in values.items()
        }
        work.write(table, index, parsed, change)
    if table != "links":
        ids = {work.rows(table)[index]["id"] for index in indices}
        _scale_traffic(work, change, "operations" if table == "operations" else "waits", ids, factor, key)


def _scale_traffic(work: ChangingTables, change: Change, column: str, ids: set[str], factor: float, key: Key) -> None:
    """Multiply the congested months of operations or waits too; a row of `traffic` that has others as well is split."""
    hours = _column(work, "traffic", "congested_h")
    for index, row in enumerate(list(work.rows("traffic"))):
        slowed = tuple(item for item in row[column] if item in ids)
        if not slowed:
            continue
        other = "waits" if column == "operations" else "operations"
        kept = tuple(item for item in row[column] if item not in ids)
        values = {"congested_h": work.parsed(hours, _number(row["congested_h"] * factor), change, key)}
        if kept or row[other]:
            work.write("traffic", index, {column: kept}, change)
            source, year, confidence = work.evidence(change)
            own = {"id": work.free_id("traffic", change), column: slowed, other: ()}
            own |= {"source": source, "year": year, "confidence": confidence}
            work.append_row("traffic", row | values | own, change)
        else:
            work.write("traffic", index, values, change)


def _slower(link: Row, service: Row, factor: float) -> dict[str, float]:
    """Return times of a link multiplied by a factor, or its speed divided by it where it has none of its own."""
    if link["mean_h"] is not None or link["p50_h"] is not None:
        return {name: link[name] * factor for name in _TIMES if link[name] is not None}
    if link["speed_km_h"] is not None and link["timetabled_speed_km_h"] is None:
        return {"speed_km_h": link["speed_km_h"] / factor}
    names = ("speed_km_h", "timetabled_speed_km_h")
    speeds: Mapping[str, float | None] = {
        name: link[name] if link[name] is not None else service[name] for name in names
    }
    return {name: speed / factor for name, speed in speeds.items() if speed is not None}


def _column(work: ChangingTables, table: str, name: str) -> Column:
    return next(column for column in work.table(table).schema.columns if column.name == name)
