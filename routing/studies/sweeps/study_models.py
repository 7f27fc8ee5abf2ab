"""The format of a study (STUDY.toml) as models; imported only when one is read, since pydantic takes its time."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from landbridge.routing.studies.files import Faults
from landbridge.routing.studies.scenarios.models import MOST_CHANGES, Strict
from landbridge.routing.studies.sweeps.designs import BLOCK, DESIGNS, GRID, POINT, SALTELLI, SOBOL
from landbridge.routing.studies.sweeps.measures import MEASURES
from landbridge.routing.studies.sweeps.placeholders import placeholders
from landbridge.routing.studies.sweeps.spreads import NEEDED, Spread, is_number

CROSSED: Final = ("scenario", "demand", "seed")
"""Columns that each point of the design is combined with."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SPECIAL: Final = (*CROSSED, BLOCK, POINT, "status", "error", "error_type")
_MOST_SEEDS: Final = 100_000
_OPEN: Final = ("low", "high")


def _of_list(given: Any) -> Any:
    """Return a list of values as the table that it stands for."""
    return {"values": given} if isinstance(given, list) else given


def _of_number(given: Any) -> Any:
    """Return a number of seeds as the seeds from 0."""
    is_count = isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _MOST_SEEDS
    return list(range(given)) if is_count else given


class ParameterModel(Strict):
    """What a parameter may be."""

    values: list[float | int | str | bool] | None = Field(
        default=None, min_length=1, max_length=100_000, description="a list of values"
    )
    distribution: Literal["uniform", "log-uniform", "triangular", "normal", "lognormal"] | None = Field(
        default=None, description="the distribution; by default uniform from low to high"
    )
    low: float | None = Field(default=None, description="the lowest value")
    high: float | None = Field(default=None, description="the highest value")
    mode: float | None = Field(default=None, description="the most likely value of a triangular distribution")
    mean: float | None = Field(default=None, description="the mean of a normal distribution")
    sd: float | None = Field(default=None, gt=0, description="the standard deviation of a normal distribution, above 0")
    median: float | None = Field(default=None, gt=0, description="the median of a lognormal distribution, above 0")
    p90: float | None = Field(default=None, gt=0, description="the 90 % quantile of a lognormal distribution")
    steps: int | None = Field(default=None, ge=1, le=100_000, description="the number of its values in a full grid")
    whole: bool = Field(default=False, description="true to round its values to whole numbers")

    @model_validator(mode="after")
    def _check(self) -> "ParameterModel":
        faults = [*self._faults()]
        if faults:
            raise Faults(*faults)
        return self

    @property
    def _numbers(self) -> dict[str, float]:
        names = ("low", "high", "mode", "mean", "sd", "median", "p90")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def _faults(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        if self.values is not None:
            given = [*self._numbers, *(name for name in ("distribution", "steps") if getattr(self, name) is not None)]
            yield from (((name,), "a list of values has no distribution", "omit it") for name in given)
            if self.whole and not all(map(is_number, self.values)):
                yield ("whole",), "the values are texts", "omit it"
            return
        kind = self.distribution or "uniform"
        needed = NEEDED[kind]
        for name in needed:
            if name not in self._numbers:
                other = "" if self.distribution else ", or a list of values"
                yield (name,), f"a {kind} distribution needs it", f"give {', '.join(needed)}{other}"
                return
        allowed = {*needed, *(_OPEN if kind in {"normal", "lognormal"} else ())}
        for name in self._numbers:
            if name not in allowed:
                yield (name,), f"a {kind} distribution has no {name}", f"give {', '.join(needed)}"
        yield from self._order(kind)

    def _order(self, kind: str) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        numbers = self._numbers
        order = [name for name in ("low", "mode", "median", "p90", "high") if name in numbers]
        # Only the ends must lie apart; the ends of a normal distribution cut it anywhere.
        order = [name for name in order if name in {*NEEDED[kind], *_OPEN}]
        if kind == "lognormal":
            pairs = [("median", "p90"), ("low", "high")]
        else:
            pairs = [("low", "high"), ("low", "mode"), ("mode", "high")]
        for low, high in pairs:
            equal_ok = "mode" in {low, high}
            if (
                low in order
                and high in order
                and not (numbers[low] < numbers[high] or (equal_ok and numbers[low] == numbers[high]))
            ):
                yield (high,), f"{high} is {numbers[high]:g} and {low} {numbers[low]:g}", f"give more than {low}"
        if kind == "log-uniform" and numbers["low"] <= 0:
            yield ("low",), f"low is {numbers['low']:g}", "give more than 0 for a logarithmic scale"

    def spread(self) -> Spread:
        """Return the values that it stands for."""
        return Spread(
            values=tuple(self.values or ()),
            distribution=self.distribution or "uniform",
            numbers=self._numbers,
            steps=self.steps,
            whole=self.whole,
        )


class DesignModel(Strict):
    """How points are chosen."""

    kind: Literal["grid", "latin-hypercube", "sobol", "saltelli"] = Field(
        default="grid", description=f"the kind of design, one of {', '.join(DESIGNS)}"
    )
    points: int | None = Field(default=None, ge=1, le=10_000_000, description="the number of points, from 1")
    seed: int = Field(default=0, ge=0, description="the seed of the points, a whole number from 0")

    @model_validator(mode="after")
    def _check(self) -> "DesignModel":
        if self.kind == GRID and self.points is not None:
            raise Faults((("points",), "a grid has no number of points", "omit it, and give steps to each parameter"))
        if self.kind != GRID and self.points is None:
            raise Faults((("points",), f"a {self.kind} design needs a number of points", "give points = 64"))
        if self.kind in {SOBOL, SALTELLI} and self.points and self.points & (self.points - 1):
            near = 1 << (self.points.bit_length() - 1)
            cure = f"give a power of 2, such as {near} or {2 * near}"
            raise Faults((("points",), f"Sobol points are balanced for powers of 2 and not for {self.points}", cure))
        return self


class StudyModel(Strict):
    """A study: a measure, its options, what changes in the network, and what is varied."""

    name: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, description="an id: lower-case letters, digits, hyphens"
    )
    title: str = Field(default="", max_length=500, description="a title in one line")
    measure: Literal["route", "simulate", "pairs", "assign"] = Field(
        description=f"what each row answers, one of {', '.join(MEASURES)}"
    )
    outputs: list[str] | None = Field(
        default=None, min_length=1, description="the answers whose sensitivity is wanted, by their column"
    )
    design: DesignModel = Field(default_factory=DesignModel, description="a table with the kind of design")
    options: dict[str, Any] = Field(default_factory=dict, description="a table with the options of the measure")
    parameters: dict[str, Annotated[ParameterModel, BeforeValidator(_of_list)]] = Field(
        default_factory=dict, description="a table of parameters: a list of values, or low and high"
    )
    changes: list[dict[str, Any]] = Field(
        default_factory=list, max_length=MOST_CHANGES, description="changes as of a scenario"
    )
    scenarios: list[str] | None = Field(
        default=None, min_length=1, description='a list of scenarios by name or file, "" for none'
    )
    demands: list[str] | None = Field(
        default=None, min_length=1, description='a list of CSV files beside the study, "" for the demand of the network'
    )
    seeds: Annotated[list[Annotated[int, Field(ge=0)]] | None, BeforeValidator(_of_number)] = Field(
        default=None, min_length=1, description="a number of seeds, or a list of them"
    )

    @model_validator(mode="after")
    def _check(self) -> "StudyModel":
        faults = [*self._faults()]
        if faults:
            raise Faults(*faults)
        return self

    def _faults(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        for name, parameter in self.parameters.items():
            if not _NAME.fullmatch(name):
                cure = "use lower-case letters, digits and _, at most 40, and a letter first"
                yield ("parameters", name), f"{name!r} is no name of a parameter", cure
            if name in _SPECIAL:
                yield ("parameters", name), f"{name} is a column of every sweep", "give the parameter another name"
            if self.design.kind == GRID and parameter.values is None and parameter.steps is None:
                yield ("parameters", name, "steps"), "a grid needs the number of its values", "give steps, or a list"
        yield from self._unused()

    def _unused(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Yield the placeholders without a parameter, and the parameters without a placeholder."""
        from difflib import get_close_matches

        used = set()
        for path, name in placeholders(self.replaceable()):
            used.add(name)
            if name not in self.parameters:
                near = get_close_matches(name, self.parameters, 3, 0.5)
                yield (
                    path,
                    f"there is no parameter {name!r}",
                    f"did you mean {' or '.join(near)}?"
                    if near
                    else (f"add it to [parameters], or write $${name} for the text"),
                )
        for name in self.parameters:
            if name not in used:
                yield ("parameters", name), "nothing uses this parameter", f'write "${name}" in an option or a change'

    def replaceable(self) -> Mapping[str, Any]:
        """Return the parts in which placeholders stand."""
        return {"options": self.options, "changes": self.changes}
