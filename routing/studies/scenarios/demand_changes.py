"""Demand of a scenario: by a factor, by growth from one year to another, or by a table of its own."""

from landbridge.networks.tables.table import Row
from landbridge.routing.studies.scenarios.adding import add_given
from landbridge.routing.studies.scenarios.changing import Change, ChangingTables
from landbridge.routing.studies.scenarios.selection import selected
from landbridge.routing.studies.scenarios.values import Factor, multiply

_VOLUMES = ("teu_per_year", "tonnes_per_year")


def change_demand(work: ChangingTables, change: Change) -> None:
    """Change the demand.

    Raises
    ------
    ChangeError
        If no row is met, a volume is then out of its range, or a row of its own does not conform to the table.
    """
    asked = change.asked
    if asked.csv is not None:
        _replace_years(work, change)
        return
    indices = selected(work, change, "demand") if asked.ids or asked.where else [*range(len(work.rows("demand")))]
    work.seen += len(indices)
    if asked.factor is not None:
        multiply(work, "demand", indices, _VOLUMES, Factor(change, ("factor",), asked.factor))
        return
    _grow(work, change, indices)


def _grow(work: ChangingTables, change: Change, indices: list[int]) -> None:
    """Make the rows of a year from those of another, or of every year where there is none of it."""
    asked, rows = change.asked, work.rows("demand")
    of_year = {rows[index]["id"]: rows[index] for index in indices if rows[index]["for_year"] is None}
    of_year |= {rows[index]["id"]: rows[index] for index in indices if rows[index]["for_year"] == asked.from_year}
    if not of_year:
        problem = f"no demand of {asked.from_year} is met"
        raise change.error(("from_year",), problem, "give a year that has demand, or correct what selects it")
    factor = Factor(change, ("growth_per_year",), (1 + asked.growth_per_year) ** (asked.to_year - asked.from_year))
    grown = [_grown(work, change, row, factor) for row in of_year.values()]
    replaced = {n for n, row in enumerate(rows) if row["for_year"] == asked.to_year and row["id"] in of_year}
    work.keep("demand", [n for n in range(len(rows)) if n not in replaced])
    for row in grown:
        work.append_row("demand", row, change)


def _grown(work: ChangingTables, change: Change, row: Row, factor: Factor) -> Row:
    source, year, confidence = work.evidence(change)
    columns = [column for column in work.table("demand").schema.columns if column.name in _VOLUMES]
    given = [column for column in columns if row[column.name] is not None]
    volumes = {column.name: factor.times(work, column, row[column.name]) for column in given}
    evidence = {"source": (*row["source"], *source), "year": year, "confidence": confidence}
    return {**row, **volumes, **evidence, "for_year": change.asked.to_year}


def _replace_years(work: ChangingTables, change: Change) -> None:
    """Replace the demand of the years of a table by it."""
    before = len(work.rows("demand"))
    add_given(work, change, "demand")
    rows = work.rows("demand")
    years = {row["for_year"] for row in rows[before:]}
    work.keep("demand", [n for n, row in enumerate(rows) if n >= before or row["for_year"] not in years])
