"""The parts of a scenario: each one document, checked, with the tables of the files that it names."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.errors import Fault, ScenarioError
from landbridge.routing.studies.files import LARGEST_BYTES, Source, file_within, read_text, unseen, validated

if TYPE_CHECKING:
    from datetime import date

    from landbridge.routing.studies.scenarios.models import ScenarioFile

NAME: Final = "scenario"
FINGERPRINT: Final = "scenario_fingerprint"
DATE: Final = "scenario_date"
"""Keys of the table `dataset` in a network to which scenarios were applied."""


@dataclass(frozen=True)
class Part:
    """One scenario of a stack, and the document that it was read from.

    Attributes
    ----------
    content
        The scenario as a model; the tables of CSV files are in it.
    source
        The document, for the lines of faults.
    at
        Key path of the scenario in the document: empty, or `("parts", 0)`.
    csv_names
        Names of the CSV files whose text is in the changes, by the index of the change.
    """

    content: "ScenarioFile"
    source: Source = field(compare=False, repr=False)
    at: tuple[str | int, ...] = field(default=(), compare=False, repr=False)

    csv_names: Mapping[int, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def file(self) -> str:
        """Name of the document in messages."""
        return self.source.name

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return self.content.name

    @property
    def title(self) -> str:
        """The title of the scenario."""
        return self.content.title

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of all its values."""
        return self.content.sources

    @property
    def date(self) -> "date | None":
        """Date of the world."""
        return self.content.date

    @property
    def year(self) -> int | None:
        """Year of demand and capacities."""
        return self.content.year

    @property
    def changes(self) -> tuple[Any, ...]:
        """The changes in order, as models with the fields of the format; `first` and `last` are `from` and `to`."""
        return self.content.changes

    def fault(self, path: Sequence[str | int], problem: str, cure: str) -> Fault:
        """Return a fault of the scenario, with its line.

        Parameters
        ----------
        path
            Its key path, for example `("changes", 2, "ids")`.
        problem, cure
            What is wrong, and what to do.
        """
        return self.source.faults([((*self.at, *path), problem, cure)])[0]

    @property
    def document(self) -> dict[str, Any]:
        """The content with days as dates; without what is by default."""
        return self.content.model_dump(by_alias=True, exclude_defaults=True)

    @property
    def plain(self) -> dict[str, Any]:
        """The content in JSON types."""
        return self.content.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        return _sha256(json.dumps(self.plain, sort_keys=True, ensure_ascii=False))


def parts_of(document: Mapping[str, Any], source: Source) -> tuple[Part, ...]:
    """Return the scenarios of a document: one, or several as the list `parts`.

    Raises
    ------
    ScenarioError
        If it has faults; the error lists all of them.
    """
    from landbridge.routing.studies.scenarios.models import MOST_CHANGES, ScenarioFile, Stack

    changes = document.get("changes", ())
    if isinstance(changes, list) and len(changes) > MOST_CHANGES:
        raise ScenarioError(
            f"{source.name} has {len(changes):,} changes, more than {MOST_CHANGES:,}; select rows by patterns, or set "
            "values with a table of its own"
        )
    if "parts" in document:
        contents = validated(document, Stack, source, ScenarioError).parts
        parts = [Part(content, source, ("parts", index)) for index, content in enumerate(contents)]
    else:
        parts = [Part(validated(document, ScenarioFile, source, ScenarioError), source)]
    return _with_files(parts)


def _with_files(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts with the content of the CSV files that they name."""
    found, faults, room = [], [], LARGEST_BYTES
    for part in parts:
        changes, names = list(part.changes), {}
        for index, change in enumerate(changes):
            name = getattr(change, "file", None)
            if name is None:
                continue
            try:
                text = read_text(file_within(part.source.folder, name), ScenarioError, room)
            except ValueError as error:
                problem, _, cure = str(error).partition("; ")
                faults.append(part.fault(("changes", index, "file"), problem, cure))
                continue
            faults += [part.fault(("changes", index, "file"), *words) for _, *words in unseen(text)]
            room -= len(text.encode())
            changes[index] = change.model_copy(update={"file": None, "csv": text})
            names[index] = name
        content = part.content.model_copy(update={"changes": tuple(changes)})
        found.append(Part(content, part.source, part.at, names))
    if faults:
        raise parts[0].source.failed_with(ScenarioError, faults)
    return tuple(found)


def joined(fingerprints: Iterable[str]) -> str:
    """Return one fingerprint for several in order: the same whether they are joined at once or one after another."""
    return reduce(lambda before, after: _sha256(before + after), fingerprints)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
