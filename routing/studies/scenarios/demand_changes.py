"""Demand of a scenario: by a factor, by growth from one year to another, or by a table of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

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
    if not indices:
        if asked.rows.min:
            raise change.error((), "the network has no demand", "give a table of it, as file or csv")
        return
    if asked.factor is not None:
        multiply(work, "demand", indices, _VOLUMES, Factor(change, ("factor",), asked.factor))
        return
    _grow(work, change, indices)


def _grow(work: ChangingTables, change: Change, indices: list[int]) -> None:
    """Make the rows of a year from those of another, or of every year where there is none of it.

    They replace what the change selects of that year. If it had no demand before, what is not selected is carried over:
    as soon as a year has rows, its demand is these.
    """
    asked, rows = change.asked, work.rows("demand")
    dated = {row["for_year"] for row in rows} - {None}
    of_year = _of_year(rows, indices, asked.from_year)
    if not of_year or (dated and asked.from_year not in dated):
        cure = f"give one of {', '.join(map(str, sorted(dated)))}" if dated else "correct what selects it"
        raise change.error(("from_year",), f"no demand of {asked.from_year} is met", cure)
    factor = Factor(change, ("growth_per_year",), (1 + asked.growth_per_year) ** (asked.to_year - asked.from_year))
    made = [_grown(work, change, row, factor) for row in of_year.values()]
    if asked.to_year not in dated:
        same = replace(factor, value=1.0)
        others = [n for n, row in enumerate(rows) if row["for_year"] == asked.from_year and row["id"] not in of_year]
        made += [_grown(work, change, rows[index], same) for index in others]
    selected_rows = set(indices)
    work.keep(
        "demand",
        [
            n
            for n, row in enumerate(rows)
            if row["for_year"] != asked.to_year or (n not in selected_rows and row["id"] not in of_year)
        ],
    )
    for row in made:
        work.append_row("demand", row, change)


def _of_year(rows: Sequence[Row], indices: Iterable[int], year: int) -> dict[str, Row]:
    """Return rows by id: those of a year, and of every year where there is none of it."""
    chosen = [rows[index] for index in indices if rows[index]["for_year"] in {None, year}]
    return {row["id"]: row for row in sorted(chosen, key=lambda row: row["for_year"] is not None)}


def _grown(work: ChangingTables, change: Change, row: Row, factor: Factor) -> Row:
    """Return the row of the year that is made."""
    source, year, confidence = work.evidence(change)
    columns = [column for column in work.table("demand").schema.columns if column.name in _VOLUMES]
    given = [column for column in columns if row[column.name] is not None]
    volumes = {column.name: factor.times(work, column, row[column.name], row["id"]) for column in given}
    evidence = {"source": (*row["source"], *source), "year": year, "confidence": confidence}
    return {**row, **volumes, **evidence, "for_year": change.asked.to_year}


def _replace_years(work: ChangingTables, change: Change) -> None:
    """Replace the demand of the years of a table by it."""
    before = len(work.rows("demand"))
    add_given(work, change, "demand")
    rows = work.rows("demand")
    years = {row["for_year"] for row in rows[before:]}
    work.keep("demand", [n for n, row in enumerate(rows) if n >= before or row["for_year"] not in years])
