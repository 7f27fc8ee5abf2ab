"""Parts of a store: CSV files with the outcomes of many rows, each written whole and sealed by its name.

A part is `parts/SHARD-LEVEL-NUMBER-SEAL.csv`, and its seal is a hash of its content. Each task leaves a part of level
0, and 32 parts of a level are merged into one of the next, so that a million rows leave some hundred files at most.
"""

import csv
import io
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from landbridge.networks.caches import digest
from landbridge.networks.files import csv_text, write_text
from landbridge.routing.studies.sweeps.work import Outcome

MERGED: Final = 32
"""Number of parts of a level that are merged into one of the next."""

_COLUMNS: Final = ("key", "status", "seconds", "error_type", "error", "outputs")
_NAME: Final = re.compile(r"(?P<shard>all|\d+of\d+)-(?P<level>\d+)-(?P<number>\d+)-(?P<seal>[0-9a-f]{24})\.csv")
_LOG: Final = logging.getLogger(__name__)


class Part(NamedTuple):
    """A part by its name."""

    path: Path
    shard: str
    level: int
    number: int
    seal: str


def parts_in(folder: Path) -> list[Part]:
    """Return the parts in a folder, in the order of their names; other files are passed over."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        match = _NAME.fullmatch(path.name)
        if match is not None:
            found.append(Part(path, match["shard"], int(match["level"]), int(match["number"]), match["seal"]))
    return found


def content_of(part: Part) -> str | None:
    """Return the text of a part; None if it is damaged, or was merged into another one meanwhile."""
    try:
        content = part.path.read_bytes()
    except FileNotFoundError:
        return None
    if digest(content) == part.seal:
        return content.decode()
    _LOG.warning("%s is damaged: its rows count as not done", part.path)
    return None


def outcomes_of(text: str) -> Iterator[tuple[str, Outcome]]:
    """Yield the keys and outcomes in the text of a part."""
    # csv needs the ends of lines as they are, since a message may have some of its own.
    for row in csv.DictReader(io.StringIO(text, newline="")):
        status: Any = row["status"]
        outputs = json.loads(row["outputs"])
        yield row["key"], Outcome(status, outputs, row["error_type"], row["error"], float(row["seconds"]))


class PartWriter:
    """Writes the parts of one driver.

    Parameters
    ----------
    folder
        Folder of the parts of the store.
    shard
        Name of the shard of the driver.
    """

    def __init__(self, folder: Path, shard: str) -> None:
        self._folder, self._shard = folder, shard
        own = [part for part in parts_in(folder) if part.shard == shard]
        self._next = 1 + max((part.number for part in own), default=0)
        self._levels: dict[int, list[Part]] = {}
        for part in own:
            self._levels.setdefault(part.level, []).append(part)

    def write(self, outcomes: Mapping[str, Outcome]) -> None:
        """Write the outcomes of rows by key as a part, and merge parts if there are many.

        Raises
        ------
        WriteError
            If a part cannot be written; the earlier ones are as they were.
        """
        self._write(0, csv_text(_cells(outcomes), _COLUMNS))
        for level in range(max(self._levels) + 1):
            if len(self._levels[level]) >= MERGED:
                self._merge(level)

    def _write(self, level: int, text: str) -> None:
        seal = digest(text)
        path = self._folder / f"{self._shard}-{level}-{self._next:08d}-{seal}.csv"
        write_text(path, text)
        self._levels.setdefault(level, []).append(Part(path, self._shard, level, self._next, seal))
        self._next += 1

    def _merge(self, level: int) -> None:
        """Merge the parts of a level; if the driver is killed in between, some outcomes stand in two parts."""
        parts = self._levels[level]
        texts = [text for part in parts if (text := content_of(part))]
        header = ",".join(_COLUMNS) + "\n"
        self._write(level + 1, header + "".join(text.removeprefix(header) for text in texts))
        self._levels[level] = []
        for part in parts:
            part.path.unlink(missing_ok=True)


def _cells(outcomes: Mapping[str, Outcome]) -> Iterable[dict[str, object]]:
    for key, outcome in outcomes.items():
        # JSON of Python has every digit of a number, and NaN and Infinity.
        yield {**outcome._asdict(), "key": key, "outputs": json.dumps(outcome.outputs, separators=(",", ":"))}
