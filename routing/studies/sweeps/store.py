"""The store of a sweep: a folder with its table, its manifest and the outcomes of the rows that are done."""

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from landbridge.networks.caches import digest
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.file_sets import folder_named
from landbridge.networks.files import write_text
from landbridge.networks.moves import clean, moving_to
from landbridge.networks.signals import terminated_in_order, undisturbed
from landbridge.networks.work_folders import made_folder, temporary_folder
from landbridge.routing.studies.sweeps.network_reference import NETWORK
from landbridge.routing.studies.sweeps.parts import PartWriter, content_of, outcomes_of, parts_in
from landbridge.routing.studies.sweeps.rows import SweepRow, canonical
from landbridge.routing.studies.sweeps.work import Outcome

MANIFEST: Final = "landbridge-sweep.json"
TABLE: Final = "landbridge-sweep-table.jsonl"
PARTS: Final = "parts"
"""Files of a store: what is swept, the rows with their keys in the order of the table, and the folder of outcomes."""

_FORMAT: Final = 1

_CURES: Final = {
    "landbridge": "the version or code of landbridge",
    "function": "the name of the function",
    "source": "the source of the function",
    "network": "the data of the network",
    "seed": "the seed",
    "table": "the table",
}


@dataclass(frozen=True)
class Study:
    """What is swept: everything on which the outcomes depend.

    Attributes
    ----------
    landbridge
        Version and code of landbridge.
    function, source
        Name of the function, and a hash of its source.
    network
        Fingerprint of the network.
    seed
        Seed for the rows without one, None if they get none.
    table
        Hash of the keys of the rows in order.
    """

    landbridge: str
    function: str
    source: str
    network: str
    seed: int | None
    table: str


class Store:
    """A folder that holds a sweep.

    Parameters
    ----------
    folder
        The folder, created if necessary.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = folder_named(folder)

    @property
    def parts(self) -> Path:
        """Folder of the parts."""
        return self.folder / PARTS

    @property
    def is_begun(self) -> bool:
        """Whether it holds a sweep, this one or another."""
        return (self.folder / MANIFEST).exists()

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make the folder if necessary, clean up after killed runs, and in the end remove what is empty.

        Raises
        ------
        WriteError
            If it cannot be made.
        """
        with made_folder(self.parts, self.folder):
            clean(self.folder)
            clean(self.parts)
            yield

    @contextmanager
    def kept_with_rows(self, *, is_shared: bool) -> Iterator[None]:
        """Let nothing be left of a sweep that is begun in this context if its first rows cannot be written.

        Parameters
        ----------
        is_shared
            Other drivers may have begun it, too, so that it stays.
        """
        begun = self.is_begun
        networks = set(self._networks())
        try:
            yield
        except OSError:
            if not (begun or is_shared or any(self.parts.iterdir())):
                with undisturbed():
                    for name in (MANIFEST, TABLE):
                        (self.folder / name).unlink(missing_ok=True)
                    for folder in set(self._networks()) - networks:
                        shutil.rmtree(folder, ignore_errors=True)
            raise

    def _networks(self) -> Iterator[Path]:
        """Yield the networks that are written to the store."""
        return self.folder.glob(f"{NETWORK}*")

    def begin(self, study: Study, meta: Mapping[str, Any], keys: Sequence[str], rows: Sequence[SweepRow]) -> None:
        """Begin a sweep, or check that the store holds the same one.

        Raises
        ------
        QueryError
            If the store holds another sweep, or other files.
        WriteError
            If it cannot be written.
        """
        with moving_to(self.parts):  # of shards that begin at once, the first one wins
            if not self.is_begun:
                self._begin(study, meta, keys, rows)
        self._check_same(study, rows)

    def _begin(self, study: Study, meta: Mapping[str, Any], keys: Sequence[str], rows: Sequence[SweepRow]) -> None:
        """Write the table and then the manifest, with which the store is complete; neither if there is an error."""
        try:
            lines = (json.dumps({"key": key, "row": dict(row)}) + "\n" for key, row in zip(keys, rows, strict=True))
            write_text(self.folder / TABLE, "".join(lines))
            self._create_manifest({"format": _FORMAT, "study": asdict(study), "rows": len(rows), "meta": dict(meta)})
        except BaseException:
            if not self.is_begun:
                (self.folder / TABLE).unlink(missing_ok=True)
            raise

    def _create_manifest(self, document: Mapping[str, Any]) -> None:
        path = self.folder / MANIFEST
        with temporary_folder(self.folder, path) as work:
            new = work / MANIFEST
            new.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8")
            try:
                os.link(new, path)
            except FileExistsError:
                return
            except OSError:  # a file system without links
                new.replace(path)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Raises
        ------
        DataError
            If the folder holds no sweep, or the manifest is damaged.
        """
        path = self.folder / MANIFEST
        try:
            document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            known = document["format"] == _FORMAT and isinstance(document["study"], dict)
        except FileNotFoundError:
            raise DataError(f"{self.folder} holds no sweep; give the store of one") from None
        except (OSError, ValueError, TypeError, KeyError):
            known = False
        if not known:
            raise DataError(f"{path} is no manifest of a sweep of this version; give another store")
        return document

    def _check_same(self, study: Study, rows: Sequence[SweepRow]) -> None:
        held, given = self.manifest()["study"], asdict(study)
        other = {name: what for name, what in _CURES.items() if held.get(name) != given[name]}
        if other:
            # The hash of the table is that of its keys, which depend on all the rest, and seeds of rows on the seed.
            left_out = {"seed"} & other.keys()
            if "table" in other and _contents(self.table()[1], left_out) == _contents(rows, left_out):
                del other["table"]
            what = ", ".join(other.values()) or "a scenario of the table"
            raise QueryError(
                f"the store {self.folder} holds another sweep: {what} differs; give another store, or what it was begun"
                " with"
            )

    def table(self) -> tuple[list[str], list[dict[str, Any]]]:
        """Return the keys and the rows of the table.

        Raises
        ------
        DataError
            If the file is damaged.
        """
        path = self.folder / TABLE
        try:
            with path.open(encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
            keys, rows = [line["key"] for line in lines], [line["row"] for line in lines]
        except (OSError, ValueError, TypeError, KeyError):
            keys, rows = [""], []
        if digest(*keys) != self.manifest()["study"].get("table"):
            raise DataError(f"{path} is damaged; run the sweep again with another store")
        return keys, rows

    def outcomes(self, *, repair: bool = False) -> dict[str, Outcome]:
        """Return the outcomes of the rows that are done by key; of two, one that is `ok`.

        Parameters
        ----------
        repair
            Remove parts that are damaged, since their rows are about to be done again.
        """
        found: dict[str, Outcome] = {}
        for part in parts_in(self.parts):
            text = content_of(part)
            if text is None and repair:
                part.path.unlink(missing_ok=True)
            for key, outcome in outcomes_of(text or ""):
                if key not in found or found[key].status == "failed":
                    found[key] = outcome
        return found

    def writer(self, shard: str) -> PartWriter:
        """Return the writer of the parts of a shard."""
        return PartWriter(self.parts, shard)


def _contents(rows: Sequence[SweepRow], left_out: Collection[str]) -> list[str]:
    return [canonical({name: value for name, value in row.items() if name not in left_out}) for row in rows]


@contextmanager
def opened(folder: str | Path | None) -> Iterator[Store]:
    """Yield the store in a folder, or one in a temporary folder that is removed in the end."""
    with (
        terminated_in_order(),
        TemporaryDirectory(prefix="landbridge-sweep-") if folder is None else nullcontext(folder) as name,
    ):
        store = Store(name)
        with store.made():
            yield store
