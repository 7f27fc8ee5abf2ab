"""Studies: an ensemble of runs described by a file (STUDY.toml), and what its parameters do to the answers."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.arguments import file_path
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.network import Network
from landbridge.routing.studies.files import (
    LARGEST_BYTES,
    Source,
    file_within,
    parsed,
    read_source,
    read_text,
    validated,
)
from landbridge.routing.studies.sweeps.designs import MOST_ROWS, Row, design_rows
from landbridge.routing.studies.sweeps.measures import PLACES, TABLES, measured
from landbridge.routing.studies.sweeps.placeholders import filled, placeholders
from landbridge.routing.studies.sweeps.study_answer import MAIN_OUTPUTS, StudyAnswer
from landbridge.routing.studies.sweeps.sweep import sweep

if TYPE_CHECKING:
    from pydantic import BaseModel

    from landbridge.routing.studies.sweeps.study_models import StudyModel

_CHECKED: Final = 1_000
"""Number of rows, evenly chosen, whose options and changes are checked before the first one runs."""


class StudyError(DataError):
    """The file of a study is invalid; `faults` lists every fault with file, line and key path."""


@dataclass(frozen=True)
class Study:
    """An ensemble of runs: what each measures, and what differs between them.

    `docs/how-to/sweeps.md` describes the file.

    Examples
    --------
    >>> import landbridge as lb
    >>> from pathlib import Path
    >>> _ = Path("fees.toml").write_text('''
    ... name = "fees"
    ... measure = "route"
    ... options = {origin = "Xi'an", destination = "Duisburg", value_of_time = "$usd_per_h"}
    ... parameters = {usd_per_h = [0, 5, 10]}
    ... ''')
    >>> study = lb.Study.read("fees.toml")
    >>> study.rows()[1]
    {'usd_per_h': 5}
    """

    content: "StudyModel"
    source: Source = field(repr=False)
    folder: Path = field(repr=False)

    @classmethod
    def read(cls, path: str | Path) -> "Study":
        """Read the file of a study and check it.

        Raises
        ------
        StudyError
            If there is no such file or it has faults; the error lists them with their lines.
        """
        from landbridge.routing.studies.sweeps.study_models import StudyModel

        file = file_path(path, "path")
        source = read_source(file, StudyError)
        document = _plain(parsed(source, StudyError))
        study = cls(validated(document, StudyModel, source, StudyError), source, file.resolve().parent)
        study._check_rows()
        return study

    @property
    def name(self) -> str:
        """The name."""
        return self.content.name

    @property
    def title(self) -> str:
        """The title; without one the name."""
        return self.content.title or self.content.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what is varied."""
        return tuple(self.content.parameters)

    def rows(self) -> list[Row]:
        """Return the rows of the sweep: each point of the design with each scenario, demand and seed."""
        return list(self._rows)

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        model, design = self.content, self.content.design
        spreads = {name: parameter.spread() for name, parameter in model.parameters.items()}
        points = design_rows(design.kind, spreads, design.points, design.seed)
        crossed = self._crossed
        if len(points) * len(crossed) > MOST_ROWS:
            raise StudyError(f"{self.source.name} has more than {MOST_ROWS:,} rows; give fewer points or seeds")
        return tuple({**further, **point} for further in crossed for point in points)

    @property
    def _crossed(self) -> list[Row]:
        model = self.content
        axes: dict[str, Sequence[Any] | None] = {
            "scenario": self._scenarios,
            "demand": model.demands,
            "seed": model.seeds,
        }
        given = {name: axis for name, axis in axes.items() if axis}
        return [dict(zip(given, cells, strict=True)) for cells in product(*given.values())]

    @property
    def _scenarios(self) -> list[str]:
        """The scenarios; files beside the study by their whole path, whatever the folder of the command."""
        stacks = [text.split(",") for text in self.content.scenarios or ()]
        return [",".join(self._scenario(item.strip()) for item in stack) for stack in stacks]

    def _scenario(self, text: str) -> str:
        return str(self.folder / text) if text and (self.folder / text).is_file() else text

    @cached_property
    def plan(self) -> dict[str, Any]:
        """What a worker needs to know beside the row, in plain JSON types: `study` of `measured`."""
        model = self.content
        changes = [self._with_text(number, change) for number, change in enumerate(model.changes)]
        crossed = [name for name in ("demand", "seed") if getattr(model, f"{name}s") is not None]
        found = {"name": model.name, "measure": model.measure, "options": model.options, "changes": changes}
        return json.loads(json.dumps({**found, "tables": self._tables, "crossed": crossed}))  # type: ignore[no-any-return]

    @property
    def function(self) -> Callable[[Network, Mapping[str, Any]], Mapping[str, Any]]:
        """The function of the sweep: from a network and a row to an answer."""
        return partial(measured, study=self.plan)

    @property
    def _tables(self) -> dict[str, list[dict[str, str]]]:
        """The rows of the CSV files that options and demands name, so that workers need not read them."""
        from landbridge.networks.tables.records import records_of

        named: dict[str, tuple[str | int, ...]] = {}
        for number, name in enumerate(self.content.demands or ()):
            named.setdefault(name, ("demands", number))
        for row in self._rows:
            for option in TABLES:
                value = filled(self.content.options, row).get(option)
                if isinstance(value, str):
                    named.setdefault(value, ("options", option))
        found = {}
        for name, key_path in named.items():
            if name:
                records = records_of(self._file(name, key_path), name)
                if records.faults:
                    raise StudyError(f"{name} is no table", records.faults)
                found[name] = [cells for _, cells in records.rows]
        return found

    def _with_text(self, number: int, change: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a change with the text of the file that it names, so that workers need not read it."""
        name = change.get("file")
        if not isinstance(name, str):
            return change
        path = self._file(name, ("changes", number, "file"))
        text = read_text(path, StudyError, LARGEST_BYTES)
        return {key: value for key, value in change.items() if key != "file"} | {"csv": text}

    def _file(self, name: str, key_path: tuple[str | int, ...]) -> Path:
        try:
            return file_within(self.folder, name)
        except ValueError as error:
            problem, _, cure = str(error).partition("; ")
            raise self.source.failed(StudyError, (key_path, problem, cure)) from None

    def check(self, network: Network) -> None:
        """Check that the changes of the first row fit a network, and that it has the places, before a sweep begins.

        Raises
        ------
        DataError
            If a change meets no row or does not fit, or an option names no place of the network.
        """
        from landbridge.routing.studies.scenarios.models import ScenarioFile
        from landbridge.routing.studies.scenarios.part import Part
        from landbridge.routing.studies.scenarios.scenario import Scenario

        if self.plan["changes"]:
            scenario = validated(self._as_scenario(self._rows[0]), ScenarioFile, self.source, StudyError)
            network = Scenario((Part(scenario, self.source),)).apply(network)
        stacks = [Scenario.read(text) for text in self._scenarios if text]
        if not any(change.do == "add" and change.table == "places" for stack in stacks for change in stack.changes):
            self._check_places(network)

    def _check_places(self, network: Network) -> None:
        from landbridge.networks.errors import PlaceError
        from landbridge.routing.query.access import end_of

        options, faults = self.content.options, list[tuple[tuple[str | int, ...], str, str]]()
        varied = {key for (key, *_), _ in placeholders(options)}
        for name in [name for name in PLACES if name in options and name not in varied]:
            given = filled(options[name], {})
            for text in [given] if isinstance(given, str) else given:
                try:
                    end_of(network, text)
                except PlaceError as error:
                    problem, _, cure = str(error).partition("; ")
                    faults.append((("options", name), problem, cure or "give a place of the network"))
        if faults:
            raise self.source.failed(StudyError, *faults)

    def run(
        self,
        network: Network | None = None,
        *,
        store: str | Path | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        shard: str | None = None,
        progress: Callable[[int], object] | None = None,
        **options: Any,
    ) -> StudyAnswer:
        """Run the rows that are not in the store yet, and return all of its answers.

        Parameters
        ----------
        network
            The network; by default the bundled one.
        store, executor, workers, shard, progress, **options
            As in `sweep`.

        Raises
        ------
        DataError
            If a change does not fit the network, or the store belongs to another study.
        QueryError
            If an option is invalid.
        """
        from landbridge.networks.network import load_network

        given = load_network() if network is None else network
        self.check(given)
        found = sweep(self.function, self.rows(), network=given, store=store, executor=executor, workers=workers,
                      shard=shard, progress=progress, **options)  # fmt: skip
        model = self.content
        by = tuple(name for name in ("scenario", "demand") if getattr(model, f"{name}s") is not None)
        outputs = tuple(model.outputs or MAIN_OUTPUTS[model.measure])
        return StudyAnswer(self.title, found, self.parameters, outputs, by, meta=found.meta)

    def _as_scenario(self, row: Row) -> dict[str, Any]:
        return {"name": self.name, "title": self.title, "changes": filled(self.plan["changes"], row)}

    def _check_rows(self) -> None:
        """Check options and changes as they are in the rows: all faults of the first row that has any."""
        from landbridge.routing.studies.scenarios.models import ScenarioFile
        from landbridge.routing.studies.sweeps.option_models import MODELS, columns

        faults = [*self._misplaced(columns(self.content.measure))]
        if faults:
            raise self.source.failed(StudyError, *faults)
        model = _within("options", MODELS[self.content.measure])
        crossed: list[str] = self.plan["crossed"]
        varied = bool([*placeholders(self.content.replaceable())]) or bool(crossed)
        step = max(1, len(self._rows) // _CHECKED)
        for number, row in list(enumerate(self._rows, start=1))[:: step if varied else len(self._rows)]:
            options = filled(self.content.options, row) | {name: row[name] for name in crossed}
            try:
                validated({"options": options}, model, self.source, StudyError)
                if self.plan["changes"]:
                    validated(self._as_scenario(row), ScenarioFile, self.source, StudyError)
            except StudyError as error:
                raise self._of_row(error, number, row) from None

    def _misplaced(self, options: set[str]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Yield what the measure has no use for, or would give twice."""
        from difflib import get_close_matches

        from landbridge.routing.studies.sweeps.measures import is_output, outputs_of

        model = self.content
        for name in ("demand", "seed"):
            if getattr(model, f"{name}s") is not None and name not in options:
                yield (f"{name}s",), f"the measure {model.measure} has no {name}", "omit it"
            elif getattr(model, f"{name}s") is not None and name in model.options:
                yield ("options", name), f"it is also given by {name}s", "keep one of them"
        for name in model.parameters:
            if is_output(model.measure, name):
                yield ("parameters", name), f"{name} is an answer of {model.measure}", "give the parameter another name"
        for number, name in enumerate(model.outputs or ()):
            if not is_output(model.measure, name):
                near = get_close_matches(name, outputs_of(model.measure), 3, 0.5)
                cure = f"did you mean {' or '.join(near)}?" if near else f"give {', '.join(outputs_of(model.measure))}"
                yield ("outputs", number), f"{model.measure} has no answer {name!r}", cure
            elif name in (model.outputs or ())[:number]:
                yield ("outputs", number), f"{name} is repeated", "give it once"

    def _of_row(self, error: StudyError, number: int, row: Row) -> StudyError:
        """Return the error with the row in each fault whose value is that of a parameter."""
        if not self.content.parameters:
            return error
        values = ", ".join(f"{name} = {value}" for name, value in row.items())
        of = f" (row {number}: {values})"
        faults = [Fault(item.file, item.row, item.column, item.problem + of, item.cure) for item in error.faults]
        return self.source.failed_with(StudyError, faults) if faults else error  # type: ignore[return-value]


def _within(name: str, model: "type[BaseModel]") -> "type[BaseModel]":
    """Return the model of a document that has another one below a key."""
    from pydantic import create_model

    return create_model(model.__name__, **{name: (model, ...)})  # type: ignore[call-overload,no-any-return]


def _plain(value: Any) -> Any:
    """Return a document with days and times as text, which is how options and JSON have them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date | datetime) else value
