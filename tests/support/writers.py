"""Everything that writes files, each with a command that has written before and one that is about to replace it.

The commands run in a folder that holds their output and nothing else of theirs; what they read lies in another one.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from landbridge.networks.tables import data_package
from landbridge.routing import sweep
from tests.support import command_modes, gmns
from tests.support.osm_drawing import Map, km
from tests.support.struck import command, program
from tests.support.swept import double

FEW = ("--days", "20", "--warm-up", "2", "--replications", "1")
TRIP = command_modes.TRIP


@dataclass(frozen=True)
class Writer:
    """What writes to a folder.

    Attributes
    ----------
    name
        Its name.
    earlier, later
        Two questions with different answers, as the arguments of commands.
    outputs
        Names of its folder, or of its files; each is whole by itself.
    own
        What runs instead of a command: a program with another name, or a function.
    goes_on
        Whether it goes on where it was ended, so that only its last answer counts.
    is_program
        Whether it is a program, which ends signals in order from its first line on. A function does so while it writes.
    stores
        Folders with a store of a sweep, which keep the rows that are done when it fails.
    """

    name: str
    earlier: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ("out",)
    own: Callable[[Path], Callable[[], int]] | None = None
    goes_on: bool = False
    is_program: bool = True
    stores: tuple[str, ...] = ()

    def work(self, folder: Path, *, later: bool) -> Callable[[], int]:
        """Return what runs for one of the questions in a folder."""
        if self.own is not None:
            return self.own(folder) if later or self.goes_on else lambda: _stale(folder / self.outputs[0])
        return command(self.later if later else self.earlier, folder)


def write_inputs(folder: Path) -> Path:
    """Write what the commands read, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command_modes.write_folder(folder)
    for name, text in (("gmns", gmns.LINK), ("gmns2", gmns.LINK.replace(",16,freeway", ",17,freeway"))):
        (folder / name).mkdir(exist_ok=True)
        gmns.written(folder / name, link=text)
    for name, east in (("one", 30), ("two", 40)):
        drawn = (
            Map().node("a", km(0, 0), railway="station", name="Aa").node("b", km(east, 0), railway="station", name="Bb")
        )
        drawn.way("a b").json(folder / f"{name}.json")
    return folder


def writers(inputs: Path) -> Iterator[Writer]:
    """Yield everything that writes files."""
    for name, (earlier, later) in _QUESTIONS.items():
        network = ("--network", str(inputs / command_modes.network_of(name.split()[0])))
        words = name.partition(" as ")[0].split()
        outputs = tuple(value for option, value in itertools.pairwise(later) if option in _OPTIONS)
        asked = [(*words, *(_placed(argument, inputs) for argument in each), *network) for each in (earlier, later)]
        stores = tuple(value for option, value in itertools.pairwise(later) if option == "--store")
        yield Writer(name, *asked, outputs, stores=stores)
    year = ("--year", "2024")  # of files from before the clock
    osm = ("network", "build", *year, "--modes", "rail", "--country", "AZ", "--out", "out", "--osm")
    yield Writer("network build --osm", (*osm, str(inputs / "one.json")), (*osm, str(inputs / "two.json")))
    build = ("network", "build", *year, "--country", "DE", "--out", "out", "--gmns")
    yield Writer("network build --gmns", (*build, str(inputs / "gmns")), (*build, str(inputs / "gmns2")))
    for words in (("calibrate", "--network", str(inputs / "net"), "--markdown"), ("scenarios", "--schema")):
        yield Writer(
            words[0], later=(*words, "out.txt"), outputs=("out.txt",), own=partial(command, (*words, "out.txt"))
        )
    yield Writer("data package", outputs=("out.zip",), own=_data_package)
    yield Writer("sweep", own=_sweep, goes_on=True, is_program=False)


_OPTIONS = {"--out", "--html", "--chart", "--csv", "--markdown"}
_OUT = ("--out", "out")
_PLAN = ("--period-days", "2", "--time-limit", "5", "--chart", "out.svg")
_QUESTIONS = {
    "route": ((*TRIP, *_OUT), (*TRIP, "-k", "3", "--by-corridor", *_OUT)),
    "route as a table": ((*TRIP, "--out", "out.csv"), (*TRIP, "-k", "3", "--objective", "cost", "--out", "out.csv")),
    "route as a workbook": (
        (*TRIP, "--out", "out.xlsx"),
        (*TRIP, "-k", "3", "--objective", "cost", "--out", "out.xlsx"),
    ),
    "route as a chart": (
        (*TRIP, "--chart", "out.svg"),
        (*TRIP, "-k", "3", "--objective", "cost", "--chart", "out.svg"),
    ),
    "route as parquet": (
        (*TRIP, "--out", "out.parquet"),
        (*TRIP, "-k", "3", "--objective", "cost", "--out", "out.parquet"),
    ),
    "route as a picture": (
        (*TRIP, "--chart", "out.png"),
        (*TRIP, "-k", "3", "--objective", "cost", "--chart", "out.png"),
    ),
    "route as a page to print": (
        (*TRIP, "--chart", "out.pdf"),
        (*TRIP, "-k", "3", "--objective", "cost", "--chart", "out.pdf"),
    ),
    "corridors": ((*TRIP, *_OUT), (*TRIP, *command_modes.DATED, *_OUT)),
    "report": ((*TRIP, "--html", "page.html", *_OUT), (*TRIP, *command_modes.DATED, "--html", "page.html", *_OUT)),
    "pareto": ((*TRIP, *_OUT), (*TRIP, *command_modes.DATED, *_OUT)),
    "profile": (
        (*TRIP, "--from", "2026-03-02", "--to", "2026-03-05", "--csv", "out.csv"),
        (*TRIP, "--from", "2026-03-03", "--to", "2026-03-07", "--csv", "out.csv"),
    ),
    "reach": (("cn-a", "--within", "3000", "--by", "cost", *_OUT), ("cn-a", "--within", "2d,9d", *_OUT)),
    "matrix": (("@places.csv", "--out", "out.csv"), ("--pairs", "@d.csv", "--out", "out.csv")),
    "compare": (("@slow.toml", *_OUT), ("@slow.toml", "--od", "@d.csv", *_OUT)),
    "assign": (_OUT, ("--scale", "50", "--unserved", "1000", *_OUT)),
    "bottlenecks": (_OUT, ("@d.csv", "--closures", "0", *_OUT)),
    "criticality": (_OUT, ("--kinds", "places", *_OUT)),
    "simulate": ((*TRIP, "--runs", "100", *_OUT), (*TRIP, "-k", "2", "--runs", "100", *_OUT)),
    "simulate-network": ((*FEW, *_OUT), ("@d.csv", *FEW, *_OUT)),
    "invest": ((*command_modes.WITHIN, *_OUT), ("@works.csv", *command_modes.WITHIN, *_OUT)),
    "drivers": ((*TRIP, *_OUT), (*TRIP, "--searches", "0", *_OUT)),
    "emissions": ((*TRIP, *_OUT), (*TRIP, "-k", "2", *_OUT)),
    "indicators": ((*TRIP, "--chart", "out.svg"), (*TRIP, "-k", "3", "--chart", "out.svg")),
    "counts": (_OUT, ("--all", *_OUT)),
    "ferries": (("ferry=50/25", *_PLAN), ("ferry=50/50", *_PLAN)),
    "validate": (("--markdown", "out.md"), ("--half", "training", "--markdown", "out.md")),
    "network export as csv": (("--format", "csv", *_OUT), ("--format", "csv", "--scenario", "@slow.toml", *_OUT)),
    "network export as geojson": (("--format", "csv", *_OUT), ("--format", "geojson", *_OUT)),
    "network export as gmns": (("--format", "gmns", *_OUT), ("--format", "gmns", "--scenario", "@slow.toml", *_OUT)),
    "network export as gpkg": (
        ("--format", "gpkg", "--out", "out.gpkg"),
        ("--format", "gpkg", "--scenario", "@slow.toml", "--out", "out.gpkg"),
    ),
    "sweep as tables": (
        ("@s.toml", "--workers", "0", "--store", "store", *_OUT),
        ("@indices.toml", "--workers", "0", "--store", "store2", *_OUT),
    ),
}  # `@` stands before the name of a file that is read


def _placed(argument: str, inputs: Path) -> str:
    return str(inputs / argument[1:]) if argument.startswith("@") else argument


def _stale(path: Path) -> int:
    """Write what the package is to replace."""
    path.write_bytes(b"earlier")
    return 0


def _data_package(folder: Path) -> Callable[[], int]:
    """Return what `python -m landbridge.networks.tables.data_package out.zip` does."""
    return program("data package", lambda: data_package.main(["out.zip"]), folder)


def _sweep(folder: Path) -> Callable[[], int]:
    """Return a sweep of 80 rows in parts of two, more than are merged at a time, which prints the answer."""

    def run() -> int:
        found = sweep(double, [{"x": x} for x in range(80)], store=folder / "out", workers=0, chunk=2)
        print(json.dumps([outcome.outputs for outcome in found.outcomes]))  # noqa: T201 - seen by the test
        return 0

    return run
