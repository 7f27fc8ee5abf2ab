"""The format of scenario files as models; imported only when a scenario is read, since pydantic takes its time."""

import datetime as dt
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import product
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from landbridge.networks.checks.settings import FIRST_YEAR, LAST_YEAR
from landbridge.networks.tables.table import NETWORK_TABLES, REFERENCE_TABLES, VALIDATION_TABLES
from landbridge.routing.studies.files import Faults

MOST_CHANGES: Final = 10_000
TABLES: Final = tuple(
    sorted({*REFERENCE_TABLES, *NETWORK_TABLES, *VALIDATION_TABLES} - {"dataset", "sources", *VALIDATION_TABLES})
)
"""Tables that a scenario may change. Observations and counts are what was seen, which no scenario changes."""

Scalar = str | int | float | bool


def _day(given: Any) -> Any:
    """Return a date given as text in ISO 8601, as JSON has it; anything else is left to the model."""
    if not isinstance(given, str):
        return given
    try:
        return dt.datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ValueError(f"{given!r} is no day of the calendar; write it as 2025-09-15") from None


def _reference_day(given: dt.date) -> dt.date:
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise ValueError(f"{given} is out of range ({FIRST_YEAR} to {LAST_YEAR}); give a day of these years")
    return given


def _cell(given: Any) -> Any:
    """Return a value of a table with dates and times as text, as they stand in CSV files."""
    if isinstance(given, list | tuple):
        return tuple(map(_scalar, given))
    return _scalar(given)


def _scalar(given: Any) -> Scalar:
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given.isoformat()
    if isinstance(given, dt.time):
        return f"{given:%H:%M}"
    if not isinstance(given, str | int | float):
        raise ValueError(  # noqa: TRY004 - pydantic takes ValueError
            "this is no cell of a table; give a text, number, true or false, day, time of day, or a list of them"
        )
    return given


def _count(given: Any) -> Any:
    """Return a number of rows as least and most."""
    return {"min": given, "max": given} if isinstance(given, int) and not isinstance(given, bool) else given


_SCALAR_SCHEMA: Final[dict[str, Any]] = {"type": ["string", "number", "boolean"]}
_CELL_SCHEMA: Final[dict[str, Any]] = {"anyOf": [_SCALAR_SCHEMA, {"type": "array", "items": _SCALAR_SCHEMA}]}
_COUNT_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "min": {"type": "integer", "minimum": 0, "description": "least number of rows"},
                "max": {"type": "integer", "minimum": 1, "description": "largest number of rows"},
            },
        },
    ]
}

Day = Annotated[dt.date, BeforeValidator(_day)]
ReferenceDay = Annotated[Day, AfterValidator(_reference_day)]
Cell = Annotated[Any, PlainValidator(_cell), WithJsonSchema(_CELL_SCHEMA)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Year = Annotated[int, Field(ge=1990, le=2200)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Factor = Annotated[float, Field(ge=0, le=1e6)]
Cells = dict[str, Cell]

Confidence = Literal["observed", "published", "derived", "assumed"]
What = Literal["places", "links", "services", "operations", "resources", "crossings", "countries", "modes", "corridors"]
SlowedWhat = Literal[
    "places", "links", "services", "operations", "resources", "crossings", "countries", "modes", "corridors", "waits"
]
TableName = Literal[TABLES]  # type: ignore[valid-type] # the names are those of the tables


class Strict(BaseModel):
    """A table of a document: unknown fields and values of other types are faults."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)


class Count(Strict):
    """How many rows a selection has to meet."""

    min: Annotated[int, Field(ge=0, description="least number of rows")] = 1
    max: Annotated[int | None, Field(ge=1, description="largest number of rows; absent: any")] = None

    @model_validator(mode="after")
    def _in_order(self) -> "Count":
        if self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is more than max {self.max}; exchange them")
        return self


Rows = Annotated[Count, BeforeValidator(_count), WithJsonSchema(_COUNT_SCHEMA)]


class Change(Strict):
    """What all changes have: where their values come from."""

    source: Annotated[
        Texts, Field(description="ids of the table sources, or addresses; by default the sources of the scenario")
    ] = ()
    year: Annotated[Year | None, Field(description="year that the value is for")] = None
    confidence: Annotated[Confidence | None, Field(description="confidence of the value; by default assumed")] = None
    note: Annotated[Text | None, Field(description="why, in one sentence")] = None


class Selecting(Change):
    """A change of the rows that it selects."""

    ids: Annotated[
        Texts,
        Field(description='ids, with * and ? as patterns; of crossings the names that corridors use: "BY-PL", "suez"'),
    ] = ()
    where: Annotated[
        Cells,
        Field(description="columns and the value that they must have, or a list of which they must have one"),
    ] = {}
    rows: Annotated[
        Rows, Field(description="how many rows it must meet: a number, or { min = 1, max = 9 }; by default at least 1")
    ] = Count()


class SelectingSome(Selecting):
    """A change that has to say which rows it selects."""

    @model_validator(mode="after")
    def _selects(self) -> "SelectingSome":
        if not self.ids and not self.where:
            raise ValueError('this change selects nothing; add ids = ["..."] or where = { ... }; ids = ["*"] is all')
        return self


class Period(SelectingSome):
    """A change that holds from one day to another, both included; without a day always."""

    first: Annotated[Day | None, Field(alias="from", description="first day; absent: ever before")] = None
    last: Annotated[Day | None, Field(alias="to", description="last day; absent: ever after")] = None

    @model_validator(mode="after")
    def _has_a_day(self) -> "Period":
        if self.first is not None and self.last is not None and self.first > self.last:
            problem = f"the period has no day: it is from {self.first} to {self.last}"
            raise Faults((("to",), problem, "exchange from and to, or mend one of them"))
        return self


class Close(Period):
    """Close rows for a period or for good; cargo does not wait for the end of a period."""

    do: Annotated[Literal["close"], Field(description="what the change does")]
    what: Annotated[What, Field(description="what is closed")]
    announced: Annotated[
        Day | None,
        Field(description="day on which it became known; cargo that departed before goes the way it would have gone"),
    ] = None

    @model_validator(mode="after")
    def _is_announced_in_time(self) -> "Close":
        if self.announced is not None and (self.first is None or self.announced > self.first):
            problem = f"announced {self.announced} is not a day before a closure from {self.first or 'ever'}"
            raise Faults((("announced",), problem, "give a day up to from, or leave it out"))
        return self


class Open(SelectingSome):
    """Open planned or closed rows from a day on, or for good."""

    do: Annotated[Literal["open"], Field(description="what the change does")]
    what: Annotated[What, Field(description="what is opened")]
    first: Annotated[Day | None, Field(alias="from", description="first day; absent: always")] = None


class Slow(Period):
    """Multiply the time of rows; with a period only in it, for dated queries."""

    do: Annotated[Literal["slow"], Field(description="what the change does")]
    what: Annotated[SlowedWhat, Field(description="what is slowed; waits: the waits of services for departure")]
    factor: Annotated[float, Field(ge=0.05, le=100, description="factor on the time, mean and spread alike")]


class Set(SelectingSome):
    """Change values of rows of a table."""

    do: Annotated[Literal["set"], Field(description="what the change does")]
    table: Annotated[TableName, Field(description="table of the rows")]
    set: Annotated[
        Cells, Field(description="columns and their new values; also hours, the whole time of a row in h")
    ] = {}
    multiply: Annotated[
        dict[str, Factor],
        Field(description="columns and the factor on their values; also hours, fees and rates (all prices of a row)"),
    ] = {}

    @model_validator(mode="after")
    def _changes_something(self) -> "Set":
        if not self.set and not self.multiply:
            raise ValueError("this change changes nothing; add set = { column = value } or multiply")
        both = sorted(self.set.keys() & self.multiply.keys())
        if both:
            raise Faults(*((("multiply", name), f"{name} is also in set", "keep one of them") for name in both))
        return self


class Add(Change):
    """Add rows to a table."""

    do: Annotated[Literal["add"], Field(description="what the change does")]
    table: Annotated[TableName, Field(description="table of the rows")]
    rows: Annotated[
        tuple[Cells, ...], Field(strict=False, description="rows with columns of the table; their ids must be new")
    ] = ()
    file: Annotated[Text | None, Field(description="CSV file with the rows, within the folder of the scenario")] = None
    csv: Annotated[str | None, Field(min_length=1, description="the rows as text of a CSV file")] = None

    @model_validator(mode="after")
    def _has_rows(self) -> "Add":
        _one_of(rows=self.rows, file=self.file, csv=self.csv)
        return self


class CaspianLevel(Change):
    """Change the level of the Caspian and with it the load of ships."""

    do: Annotated[Literal["caspian-level"], Field(description="what the change does")]
    metres: Annotated[
        float, Field(ge=-10, le=5, description="change of the level against that of the data, in m; negative: lower")
    ]


class Sanction(Change):
    """Exclude countries, carriers or cargo."""

    do: Annotated[Literal["sanction"], Field(description="what the change does")]
    countries: Annotated[
        tuple[Country, ...],
        Field(strict=False, description="countries by code, through which nothing passes but cargo of one of them"),
    ] = ()
    transit_only: Annotated[
        bool, Field(description="true: cargo from and to the countries still moves; false: nothing moves there")
    ] = True
    hs_chapters: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[0-9]{2}$")], ...],
        Field(strict=False, description="HS chapters (two digits) to which it is limited; absent: all cargo"),
    ] = ()
    cargo_classes: Annotated[
        tuple[Literal["block", "loose", "road", "bulk", "timetabled"], ...],
        Field(strict=False, description="classes of cargo to which it is limited; absent: all"),
    ] = ()
    carriers: Annotated[Texts, Field(description="services that are closed, by id or pattern")] = ()

    @model_validator(mode="after")
    def _names_someone(self) -> "Sanction":
        if not self.countries and not self.carriers:
            raise ValueError('this sanction meets nobody; add countries = ["..."] or carriers = ["..."]')
        return self


class Demand(Selecting):
    """Change the demand: by a factor, by growth from one year to another, or by a table of its own."""

    do: Annotated[Literal["demand"], Field(description="what the change does")]
    factor: Annotated[Factor | None, Field(description="factor on the volume")] = None
    growth_per_year: Annotated[
        float | None,
        Field(
            gt=-1,
            le=10,
            description="growth of a year, 0.03 is 3 %; makes the rows of to_year, with all others if it had none",
        ),
    ] = None
    from_year: Annotated[Year | None, Field(description="year whose demand grows")] = None
    to_year: Annotated[Year | None, Field(description="year whose demand is made")] = None
    file: Annotated[
        Text | None, Field(description="CSV file like the table demand, within the folder; replaces its years")
    ] = None
    csv: Annotated[str | None, Field(min_length=1, description="the rows as text of a CSV file")] = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> "Demand":
        _one_of(factor=self.factor, growth_per_year=self.growth_per_year, file=self.file, csv=self.csv)
        years = {"from_year": self.from_year, "to_year": self.to_year}
        given = [name for name, year in years.items() if year is not None]
        if self.growth_per_year is None and given:
            raise Faults(*(((name,), f"{name} is only for growth_per_year", "leave it out") for name in given))
        if self.growth_per_year is not None:
            if len(given) < 2:
                raise ValueError("growth needs two years; add from_year and to_year")
            if (self.from_year or 0) >= (self.to_year or 0):
                raise Faults((("to_year",), f"{self.to_year} is not after {self.from_year}", "give a later year"))
        if (self.file or self.csv) and (self.ids or self.where):
            raise ValueError("a table of demand replaces all rows of its years; leave out ids and where")
        return self


AnyChange = Annotated[Close | Open | Slow | Set | Add | CaspianLevel | Sanction | Demand, Field(discriminator="do")]


class ScenarioFile(Strict):
    """A scenario: what it is called, what it shows, and its changes in order."""

    name: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, description="id: lower case letters, digits and hyphens"
        ),
    ]
    title: Annotated[Text, Field(description="what happens, in one line")]
    shows: Annotated[Text | None, Field(description="what it is meant to show, in one line")] = None
    sources: Annotated[Texts, Field(description="ids of the table sources, or addresses, of all its values")] = ()
    date: Annotated[
        ReferenceDay | None,
        Field(description="date of the world: the day that queries without a date are answered for"),
    ] = None
    year: Annotated[Year | None, Field(description="year of demand and capacities, if none is asked for")] = None
    changes: Annotated[
        tuple[AnyChange, ...],
        Field(strict=False, max_length=MOST_CHANGES, description="changes, applied in this order"),
    ] = ()

    @model_validator(mode="after")
    def _agrees(self) -> "ScenarioFile":
        found = list(_contradictions(self.changes))
        if found:
            raise Faults(*found)
        return self


class Stack(Strict):
    """Several scenarios in one document, applied in this order."""

    parts: Annotated[
        tuple[ScenarioFile, ...], Field(strict=False, min_length=1, max_length=100, description="scenarios in order")
    ]


def _one_of(**fields: Any) -> None:
    """Check that exactly one of some fields is given."""
    given = [name for name, value in fields.items() if value is not None and value != ()]
    if not given:
        raise ValueError(f"this change has no content; add one of {', '.join(fields)}")
    if len(given) > 1:
        raise Faults(*(((name,), f"{name} is given beside {given[0]}", "keep one of them") for name in given[1:]))


def _contradictions(changes: tuple[Any, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is opened and yet never open: closed for good, or from its first day on.

    A closure for some days within the time that something is open contradicts nothing. Different names of the same rows
    are found when the scenario is applied.
    """
    opened = [(index, change) for index, change in enumerate(changes) if isinstance(change, Open) and change.ids]
    closed = [
        (index, change)
        for index, change in enumerate(changes)
        if isinstance(change, Close) and change.ids and change.last is None
    ]
    for (first, opening), (second, closing) in product(opened, closed):
        always = closing.first is None or (opening.first is not None and closing.first <= opening.first)
        if not always or opening.what != closing.what or opening.where != closing.where:
            continue
        same = next((name for name in opening.ids for other in closing.ids if _meet(name, other)), None)
        if same is not None:
            later, other = max(first, second), min(first, second)
            cure = "leave out one of the two, or give the closure a period"
            yield ("changes", later), f"{same!r} is open and closed at once (see changes[{other}])", cure


def _meet(name: str, other: str) -> bool:
    return fnmatchcase(name, other) or fnmatchcase(other, name)
