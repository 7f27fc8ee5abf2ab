"""Scenarios: changes of a network read from files, as plain data."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from landbridge.data import DATA_DIR
from landbridge.networks.arguments import file_path, instance, listed, shown
from landbridge.networks.errors import ScenarioError
from landbridge.networks.files import write_text
from landbridge.networks.network import Network, network_given
from landbridge.routing.output.tables import html_table
from landbridge.routing.studies.files import LARGEST_BYTES, Source, parsed, read_source
from landbridge.routing.studies.scenarios.change_table import change_table
from landbridge.routing.studies.scenarios.part import FINGERPRINT, NAME, Part, joined, parts_of
from landbridge.routing.studies.scenarios.toml_writing import toml_text

if TYPE_CHECKING:
    from collections.abc import Iterable

SCENARIOS_DIR: Final = DATA_DIR / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """Changes of a network, as plain data: one scenario or several stacked ones, applied in order.

    Examples
    --------
    >>> import landbridge as lb
    >>> lb.Scenario.read("base").name
    'base'
    """

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, given: "Scenario | str | Path | Iterable[Scenario | str | Path]") -> "Scenario":
        """Read scenarios and stack them in order.

        Parameters
        ----------
        given
            The path of a TOML file, the name of a bundled scenario, several of them separated by commas, or a list.

        Raises
        ------
        ScenarioError
            If there is no such file or scenario, or it has faults; the error lists all of them.

        Examples
        --------
        >>> import landbridge as lb
        >>> lb.Scenario.read("base,base").name
        'base + base'
        """
        if isinstance(given, Scenario):
            return given
        if isinstance(given, str) and not is_file(given):
            given = [item.strip() for item in given.split(",") if item.strip()]
        items = listed(str(given) if isinstance(given, Path) else given, "scenario", "the path of a file or a name")
        if not items:
            raise ScenarioError("there is no scenario; give the path of a file or the name of a bundled one")
        return cls(tuple(part for item in items for part in _read_one(item)))

    @classmethod
    def from_toml(cls, text: str) -> Self:
        r"""Return the scenario of a TOML text, which can name no files.

        Raises
        ------
        ScenarioError
            If it has faults; the error lists all of them.

        Examples
        --------
        >>> import landbridge as lb
        >>> lb.Scenario.from_toml('name = "a"\ntitle = "Nothing"').changes
        ()
        """
        source = Source("the text of a scenario", instance(text, str, "text", "give TOML"))
        return cls(parts_of(parsed(source, ScenarioError), source))

    @classmethod
    def from_dict(cls, document: dict[str, Any], *, folder: str | Path | None = None) -> Self:
        """Return the scenario of a dict with the fields of a file; the inverse of `to_dict`.

        Parameters
        ----------
        document
            The fields; a day is a date or a text such as "2025-09-15".
        folder
            Folder of the files that it names.

        Raises
        ------
        ScenarioError
            If it has faults; the error lists all of them.

        Examples
        --------
        >>> import landbridge as lb
        >>> lb.Scenario.from_dict({"name": "a", "title": "Nothing", "date": "2030-01-01"}).to_dict()["date"]
        '2030-01-01'
        """
        content = instance(document, dict, "document", "give the fields of a scenario")
        name = f"scenario {shown(content.get('name', ''))}"
        return cls(parts_of(content, Source(name, folder=None if folder is None else file_path(folder, "folder"))))

    @staticmethod
    def bundled() -> tuple[str, ...]:
        """Return the names of the bundled scenarios.

        Examples
        --------
        >>> import landbridge as lb
        >>> "base" in lb.Scenario.bundled()
        True
        """
        return tuple(sorted(path.stem for path in SCENARIOS_DIR.glob("*.toml")))

    @property
    def name(self) -> str:
        """The name; of stacked scenarios their names joined by +."""
        return " + ".join(part.content.name for part in self.parts)

    @property
    def title(self) -> str:
        """The title; of stacked scenarios their titles joined by semicolons."""
        return "; ".join(part.content.title for part in self.parts)

    @property
    def shows(self) -> str:
        """What it is meant to show."""
        return " ".join(part.content.shows or "" for part in self.parts).strip()

    @property
    def changes(self) -> tuple[Any, ...]:
        """The changes in order, as models with the fields of the format; `first` and `last` are `from` and `to`."""
        return tuple(change for part in self.parts for change in part.changes)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content and order of the scenarios."""
        return joined(part.fingerprint for part in self.parts)

    def apply(self, network: Network) -> Network:
        """Return a new network with the changes; it shares with the given one what it does not change.

        Parameters
        ----------
        network
            The network, which stays as it is. Scenarios can be applied to it one after another.

        Raises
        ------
        ScenarioError
            If a change does not fit the network: for example if it meets no row, or not as many as it says.
        QueryError
            If it is no network.

        Examples
        --------
        >>> import landbridge as lb
        >>> lb.Scenario.read("base").apply(lb.load_network()).setting("scenario")
        'base'
        """
        from landbridge.routing.studies.scenarios.applying import applied

        rows = network_given(network).tables["dataset"].by_key()
        name, fingerprint = (str(rows[key]["value"]) if key in rows else None for key in (NAME, FINGERPRINT))
        names = [*filter(None, [name]), self.name]
        fingerprints = [*filter(None, [fingerprint]), *(part.fingerprint for part in self.parts)]
        return applied(network, self.parts, name=" + ".join(names), fingerprint=joined(fingerprints))

    def to_dict(self) -> dict[str, Any]:
        """Return the content in JSON types; several stacked scenarios as the list `parts`."""
        if len(self.parts) == 1:
            return self.parts[0].plain
        return {"parts": [part.plain for part in self.parts]}

    def to_toml(self) -> str:
        """Return the content as TOML, which `from_toml` reads; tables of CSV files are in it."""
        if len(self.parts) == 1:
            return toml_text(self.parts[0].document)
        return toml_text({"parts": [part.document for part in self.parts]})

    def write(self, path: str | Path) -> Path:
        """Write the scenario to a TOML file, and return the path.

        Raises
        ------
        ScenarioError
            If it is too large to be read again.
        QueryError
            If the file cannot be written.
        """
        target, text = file_path(path, "path"), self.to_toml()
        if len(text.encode()) > LARGEST_BYTES:
            raise ScenarioError(f"{self.name} is larger than {LARGEST_BYTES / 1e6:.0f} MB; split it")
        write_text(target, text)
        return target

    def __repr__(self) -> str:
        """Return the name, the title and the number of changes."""
        from landbridge.networks.words import counted

        return f"<Scenario {self.name}: {self.title}, {counted(len(self.changes), 'change')}>"

    def _repr_html_(self) -> str:
        """Return the changes as a table for notebooks."""
        return html_table(f"{self.name}: {self.title}", change_table(self.parts))

    def __eq__(self, other: object) -> bool:
        """Whether the other is a scenario with the same content."""
        return self.fingerprint == other.fingerprint if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the content."""
        return hash(self.fingerprint)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is stored: the text, from which the rest is made again."""
        return {"text": self.to_toml()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read the stored text."""
        object.__setattr__(self, "parts", Scenario.from_toml(state["text"]).parts)


def _read_one(given: Any) -> tuple[Part, ...]:
    """Return the parts of a file or bundled scenario."""
    if isinstance(given, Scenario):
        return given.parts
    path = file_path(given, "scenario")
    if not is_file(path) and given in Scenario.bundled():
        path = SCENARIOS_DIR / f"{given}.toml"
    elif not is_file(path):
        from difflib import get_close_matches

        names = Scenario.bundled()
        near = get_close_matches(str(given), names, 3, 0.4) or names
        raise ScenarioError(
            f"there is no scenario file {shown(str(given))}; give its path, or a bundled one: {', '.join(near)}"
        )
    source = read_source(path, ScenarioError)
    return parts_of(parsed(source, ScenarioError), source)


def is_file(path: str | Path) -> bool:
    """Return whether a text is the path of a file and not names of scenarios."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
