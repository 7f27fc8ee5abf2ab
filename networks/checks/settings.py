"""Checks of what all answers rely on: settings of the data set, spreads, modes and parents."""

from collections.abc import Callable, Collection, Iterator
from typing import Final

from landbridge.networks.errors import Fault
from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Tables
from landbridge.networks.words import name_meant

FIRST_YEAR: Final = 1990
"""First year of a reference date, as of the values of tables."""

LAST_YEAR: Final = 2100
"""Last year of a reference date."""

SETTINGS: Final = (
    Column("name", "text", "", True, "", "", "the name of the data set"),
    Column("version", "text", "", True, "", "", "the version of the data set"),
    Column("reference_date", "date", "", True, "", "", "the day of queries without a date as YYYY-MM-DD"),
    Column("usd_year", "integer", "", True, "", f"{FIRST_YEAR}..{LAST_YEAR}", "the year of all prices in results"),
    Column("inventory_rate_per_year", "number", "", True, "", "0..10", "the yearly cost of capital as a share"),
    Column("licence", "text", "", False, "", "", "the licence"),
    Column("unserved_usd_per_teu", "number", "USD/TEU", False, "", "1..1e9", "the cost of a TEU that is not carried"),
    Column("drayage_km", "number", "km", False, "", "0..40075", "the longest first or last mile by road"),
    Column("crossing_scale_usd_per_teu", "number", "USD/TEU", False, "", "0.01..1e9", "the logit scale of crossings"),
    Column("year", "integer", "", False, "", "1900..2200", "the year of demand and capacities"),
    Column("separate_parts", "integer", "", False, "", "1..1e9", "the number of parts without connection"),
    Column("scenario", "text", "", False, "", "", "the scenarios that were applied"),
    Column("scenario_fingerprint", "text", "", False, "", "", "the fingerprint of these scenarios"),
    Column("scenario_date", "date", "", False, "", "", "the date of the world that they set"),
)
"""Keys of the table `dataset` with the type and range of their values."""


def check_settings(tables: Tables) -> Iterator[Fault]:
    """Check that the settings are there, and that their values are of their type and within their range."""
    table, known = tables["dataset"], {column.name: column for column in SETTINGS}
    given = table.by_key()
    for column in SETTINGS:
        if column.required and column.name not in given:
            yield Fault(table.file, 0, "key", f"there is no row {column.name}", f"add it with {column.meaning}")
    for line, row in table.numbered():
        setting = known.get(row["key"])
        if setting is None:
            meant = name_meant(row["key"], known)
            if meant:
                yield Fault(table.file, line, "key", f"there is no setting {row['key']!r}", f"did you mean {meant}?")
            continue
        try:
            setting.parse(row["value"])
        except ValueError as error:
            yield Fault(table.file, line, "value", f"{row['key']}: {error}", f"give {setting.meaning}")
        else:
            yield from _check_year(tables, line, row["key"], row["value"])


def no_deflator(year: int | str, years: Collection[str]) -> tuple[str, str]:
    """Return problem and cure of prices of a year that the table `deflators` does not have."""
    known = f"{min(years)} to {max(years)}" if years else "none"
    return f"there is no deflator for {year}", f"give a year of deflators ({known}), or add it to them"


def _check_year(tables: Tables, line: int, key: str, value: str) -> Iterator[Fault]:
    """Check that the prices of a year can be converted, and that dates can be counted from the reference date."""
    file = tables["dataset"].file
    if key == "usd_year" and value not in tables["deflators"].by_key():
        problem, cure = no_deflator(value, tables["deflators"].by_key())
        yield Fault(file, line, "value", f"usd_year: {problem}", cure)
    if key == "reference_date" and not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        problem = f"reference_date: {value} is out of range ({FIRST_YEAR} to {LAST_YEAR})"
        yield Fault(file, line, "value", problem, "give a day of these years")


def check_spreads(tables: Tables) -> Iterator[Fault]:
    """Check that the quantiles of each spread ascend."""
    table = tables["spreads"]
    for line, row in table.numbered():
        ratios = (row["p10_ratio"], row["p50_ratio"], row["p90_ratio"])
        if tuple(sorted(ratios)) != ratios:
            listed = ", ".join(f"{ratio:g}" for ratio in ratios)
            cure = "give p10_ratio <= p50_ratio <= p90_ratio"
            yield Fault(table.file, line, "p50_ratio", f"not ascending: {listed}", cure)


def check_modes(tables: Tables) -> Iterator[Fault]:
    """Check that each mode of a link has a row."""
    table, known = tables["links"], set(tables["modes"].by_key())
    for line, row in table.numbered():
        if row["mode"] not in known:
            known.add(row["mode"])
            problem = f"{row['mode']} has no row in {tables['modes'].file}"
            yield Fault(table.file, line, "mode", problem, "add the mode there")


def check_parents(tables: Tables) -> Iterator[Fault]:
    """Check that no place is its own parent, directly or through others."""
    table = tables["places"]
    parents = {row["id"]: row["parent"] for row in table}
    for line, row in table.numbered():
        above, seen = row["parent"], set[str]()
        while above is not None and above != row["id"] and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == row["id"]:
            problem = f"{row['id']} is its own parent" + (f" through {', '.join(sorted(seen))}" if seen else "")
            yield Fault(table.file, line, "parent", problem, "give the city that it belongs to, or leave it blank")


SETTING_CHECKS: Final[tuple[tuple[Callable[[Tables], Iterator[Fault]], frozenset[str]], ...]] = (
    (check_settings, frozenset({"dataset", "deflators"})),
    (check_spreads, frozenset({"spreads"})),
    (check_modes, frozenset({"modes"})),
    (check_parents, frozenset({"places"})),
)
"""Checks before all others, which rely on them, with the tables whose values they read; they need keys, but no valid
references."""
