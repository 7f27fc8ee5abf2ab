"""The tables of docs/dates.md: the same queries on five dates, and the rows of the data that make the difference.

`make findings` writes them.
"""

from collections.abc import Iterator

import landbridge as lb
from landbridge.networks.tables.table import Row

DATES = ("2023-06-15", "2024-03-01", "2025-09-15", "2026-05-15", "2026-10-01")
QUERIES = (
    ("Shanghai", "Rotterdam", {"avoid": "nsr"}),
    ("Xi'an", "Duisburg", {}),
    ("Mumbai", "Moscow", {}),
    ("Mumbai", "Moscow", {"corridor": "instc"}),
    ("Almaty", "Poti", {}),
)
HOLIDAY_DAYS = 4


def answers(network: lb.Network) -> Iterator[str]:
    """Yield the rows of the table of answers."""
    yield "| from, to | departs | corridor | days p50 (p10-p90) | USD | what is said of the day |\n"
    yield "| --- | --- | --- | --- | --- | --- |\n"
    for start, end, options in QUERIES:
        asked = ", ".join([f"{start} - {end}", *(f"`{name} {value}`" for name, value in options.items())])
        for day in DATES:
            trip = lb.route(network, start, end, depart=day, objective="generalised", **options)[0]
            days = [f"{hours / 24:.1f}" for hours in (trip.time.p50_h, trip.time.p10_h, trip.time.p90_h)]
            notes = [note for note in trip.notes if note.kind in {"closed", "slow"}]
            said = [f"{note.text} ({', '.join(note.sources)})" for note in notes]
            cells = (asked, day, trip.corridor, f"{days[0]} ({days[1]}-{days[2]})", f"{trip.cost_usd:,.0f}")
            yield f"| {' | '.join((*cells, '; '.join(said)))} |\n"


def states(network: lb.Network) -> Iterator[str]:
    """Yield the rows of the table of what differed from the reference date, holidays apart."""
    yield "| row | from | to | what | sources | remark |\n"
    yield "| --- | --- | --- | --- | --- | --- |\n"
    for row in network.tables["closures"]:
        if (row["last"] - row["first"]).days >= HOLIDAY_DAYS or row["announced"]:
            yield _line(row, row["first"], row["last"], f"shut: {', '.join(row['ids'])}")
    for row in network.tables["slowdowns"]:
        first, last = (row["first"], row["last"]) if row["season_from"] is None else _season(row)
        waits = [f"wait for {name}" for name in row["waits"]]
        items = [*row["services"], *row["countries"], *row["operations"], *waits]
        yield _line(row, first or "", last or "", f"x {row['time_factor']:g}: {', '.join(items)}")


def _season(row: Row) -> list[str]:
    days = [f"{row[end]:04d}" for end in ("season_from", "season_to")]
    return [f"{day[:2]}-{day[2:]}" for day in days]


def _line(row: Row, first: object, last: object, what: str) -> str:
    cells = (f"`{row['id']}`", first, last, what, ", ".join(row["source"]), row["note"] or "")
    return f"| {' | '.join(map(str, cells))} |\n"
