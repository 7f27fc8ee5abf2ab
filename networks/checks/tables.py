"""Checks of one table at a time: keys, evidence, times, periods and references."""

from collections.abc import Iterator, Mapping
from typing import Any

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import CLOSED, REQUIRED_TABLES, Row, Table, Tables

_QUANTILES = ("min_h", "p10_h", "p50_h", "p90_h")


FEES = ("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment")


BOARDING = ("boarding_usd_per_teu", "boarding_usd_per_feu")


LEAST_CURE = "give a min_h below the mean, or leave it blank"


_REPEATED_KEYS = frozenset({"tariffs"})

_YEARS = {"capacities": "year", "demand": "for_year"}
"""Tables whose key repeats by year, with the column of the year."""


def check_keys(table: Table[Any]) -> Iterator[Fault]:
    """Check that each key is unique, with the year in tables by year."""
    if table.name in _REPEATED_KEYS:
        return
    key, year, seen = table.schema.key, _YEARS.get(table.name), dict[tuple[Any, Any], int]()
    for line, row in table.numbered():
        value = row[key], row[year] if year else None
        if value in seen:
            named = f"{value[0]!r}" + (f" of {value[1]}" if value[1] is not None else "")
            yield Fault(table.file, line, key, f"{named} is already on line {seen[value]}", "make it unique")
        seen.setdefault(value, line)


def check_rows(table: Table[Any]) -> Iterator[Fault]:
    """Check that a required table has rows."""
    if table.name in REQUIRED_TABLES and not len(table):
        yield Fault(table.file, 0, "", "there is no row", f"give at least one of the {table.name}")


def check_evidence(table: Table[Any]) -> Iterator[Fault]:
    """Check that each external value has a source, a year and a confidence."""
    prefixes = table.schema.evidence_prefixes
    for line, row in table.numbered():
        for prefix in prefixes:
            names = [f"{prefix}{part}" for part in ("source", "year", "confidence")]
            given = [name for name in names if row[name] not in {None, ()}]
            if (given or _needs_evidence(table.name, prefix, row)) and len(given) < 3:
                missing = next(name for name in names if name not in given)
                yield Fault(table.file, line, missing, "is blank", "give source, year and confidence of the value")


def _needs_evidence(table: str, prefix: str, row: Row) -> bool:
    columns = {
        ("links", "time_"): ("mean_h", "p50_h", "speed_km_h", "timetabled_speed_km_h"),
        ("links", "open_"): ("open_from", "open_days"),
        ("operations", "open_"): ("open_from", "open_days"),
        ("operations", "reform_"): ("reform_load", "reform_max_wait_h"),
        ("operations", "fee_"): FEES,
        ("operations", "co2e_"): ("co2e_kg_per_teu",),
        ("services", "timetabled_speed_"): ("timetabled_speed_km_h",),
        ("services", "boarding_"): BOARDING,
        ("services", "capacity_"): ("vehicle_teu", "capacity_teu_day"),
        ("services", "max_wait_"): ("max_wait_h",),
        ("resources", "background_"): ("background_teu_day",),
        ("resources", "ships_"): ("ships",),
        ("emission_factors", "adjustment_"): ("distance_adjustment",),
        ("emission_factors", "energy_"): ("fuel", "electric_share"),
        ("emission_factors", "ttw_"): ("ttw_share",),
        ("emission_factors", "load_"): ("load_factor", "empty_running"),
        ("modes", "range_"): ("low_g_co2e_per_tkm", "high_g_co2e_per_tkm"),
        ("loads", "low_water_"): ("low_water_loss",),
        ("loads", "loss_per_metre_"): ("loss_per_metre",),
        ("capacities", "throughput_"): ("throughput",),
    }.get((table, prefix))
    if columns is not None:
        return any(row[column] for column in columns)
    if (table, prefix) == ("services", "wait_"):
        return bool(row["wait_kind"] != "on_demand")
    return True


def check_times(table: Table[Any]) -> Iterator[Fault]:
    """Check that quantiles ascend from a least time, which is below a mean, and that each time is given in one way."""
    if not {"p10_h", "p50_h", "p90_h"} <= set(table.schema.names):
        return
    for line, row in table.numbered():
        values = [row[name] for name in _QUANTILES if row[name] is not None]
        three = [name for name in _QUANTILES[1:] if row[name] is not None]
        if values != sorted(values):
            listed = ", ".join(f"{name} {row[name]:g}" for name in _QUANTILES if row[name] is not None)
            yield Fault(table.file, line, "p10_h", f"not ascending: {listed}", "give min_h <= p10_h <= p50_h <= p90_h")
        if row["mean_h"] is not None and row["min_h"] and row["min_h"] >= row["mean_h"]:
            problem = f"the least time is {row['min_h']:g} h and the mean {row['mean_h']:g} h"
            yield Fault(table.file, line, "min_h", problem, LEAST_CURE)
        if len(three) in {1, 2}:
            yield Fault(table.file, line, "p50_h", f"only {', '.join(three)} given", "give p10_h, p50_h and p90_h")
        if three and row["mean_h"] is not None:
            yield Fault(table.file, line, "mean_h", "both mean and quantiles are given", "give one or the other")
        if table.name == "operations" and not three and row["mean_h"] is None:
            yield Fault(table.file, line, "mean_h", "the operation has no time", "give mean_h or p10_h, p50_h, p90_h")


def check_periods(table: Table[Any]) -> Iterator[Fault]:
    """Check that periods do not end before they start, and that seasons have a start and an end."""
    names = set(table.schema.names)
    for line, row in table.numbered():
        starts, ends = (row["valid_from"], row["valid_to"]) if "valid_to" in names else (None, None)
        if starts and ends and ends != CLOSED and starts > ends:
            yield Fault(table.file, line, "valid_to", "is before valid_from", "swap the two dates")
        if "season_from" in names and (row["season_from"] is None) != (row["season_to"] is None):
            yield Fault(table.file, line, "season_to", "a season needs two ends", "give season_from and season_to")


def check_references(tables: Tables, of: Mapping[str, Table[Any]] | None = None) -> Iterator[Fault]:
    """Check that each reference is to an existing row, by default those of all tables."""
    checked = dict(tables if of is None else of)
    targets = {column.refers_to for table in checked.values() for column in table.schema.columns} - {None}
    known = {name: {row[table.schema.key] for row in table} for name, table in tables.items() if name in targets}
    for table in checked.values():
        for column in table.schema.columns:
            target = column.refers_to
            if target is None:
                continue
            for line, row in table.numbered():
                value = row[column.name]
                for item in value if isinstance(value, tuple) else (value,) if value else ():
                    if item not in known[target]:
                        problem = f"{item!r} is not in {tables[target].file}"
                        yield Fault(table.file, line, column.name, problem, "correct it or add the row")
