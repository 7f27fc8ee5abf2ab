"""Random bytes in each kind of file that is read: an answer, or an error of landbridge, in 10 s and 2 GB.

Atheris changes valid files with an eye on which lines of the readers each change reaches. A network that a reader
accepts is asked for a route. What did not hold is kept in out/trust/fuzz, and
`python -m tests.trust.fuzz --target NAME FILE` tries such a file again.
"""

import argparse
import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from tests.support.tallies import Tally, print_rows

KEPT: Final = Path(__file__).parents[2] / "out/trust/fuzz"
MOST_S, MOST_MB = 10, 2048

READERS: Final = (
    "landbridge.networks.network",
    "landbridge.networks.tables.reading",
    "landbridge.networks.tables.csv_rows",
    "landbridge.networks.checks.network",
    "landbridge.networks.formats.read_gmns",
    "landbridge.networks.formats.read_gmns_problem",
    "landbridge.networks.formats.tntp",
    "landbridge.networks.geodata.osm.from_osm",
    "landbridge.networks.geodata.osm.extracts",
    "landbridge.networks.geometry.flatgeobuf",
    "landbridge.routing.studies.scenarios.scenario",
    "landbridge.routing.studies.scenarios.applying",
)
"""Modules that are watched, with those that they import."""

TABLES: Final = ("places", "links", "services", "dataset", "spreads", "demand", "resources", "operations")
"""Tables of the small network, one of them changed at a time."""

SCENARIO: Final = """
name = "all"
title = "Each kind of change"
sources = ["https://example.org/a"]
date = 2026-02-01
changes = [
  { do = "close", what = "places", ids = ["cn-b"], from = 2026-03-01, to = 2026-03-09, announced = 2026-02-20 },
  { do = "open", what = "links", ids = ["cn-a--cn-b--rail"], from = 2026-01-01 },
  { do = "slow", what = "links", where = { mode = ["rail", "road"] }, rows = { min = 1, max = 9 }, factor = 1.5 },
  { do = "set", table = "services", ids = ["rail"], set = { speed_km_h = 40 }, multiply = { hours = 0.5 } },
  { do = "set", table = "operations", where = { kind = "gauge_change" }, set = { mean_h = 5 } },
  { do = "add", table = "demand", csv = "id,origin,destination,flow,cargo_class,teu_per_year\\ne,cn-a,cn-b,f,block,9" },
  { do = "add", table = "spreads", rows = [{ id = "x", p10_ratio = 0.5, p50_ratio = 1, p90_ratio = 2 }] },
  { do = "sanction", countries = ["KZ"], transit_only = true, hs_chapters = ["27"], cargo_classes = ["block"] },
  { do = "demand", growth_per_year = 0.03, from_year = 2024, to_year = 2030 },
  { do = "demand", factor = 2, ids = ["d"] },
]
"""


class Target:
    """Files of one kind: valid ones to start from, and what is done with the bytes of one."""

    def __init__(self, folder: Path) -> None:
        """Write the small network into the folder."""
        from tests.support.tiny import link, operation, place, write_tiny

        self.folder = folder
        self.plain = write_tiny(
            folder / "plain",
            places=[place("cn-a", name="Xi'an"), place("kz-c", name="Алматы")],
            links=[
                link("cn-a -- cn-b", length_km=120),
                link("cn-b -- kz-c", gauge=1520),
                link("cn-a -- kz-c", "road"),
            ],
            operations=[
                operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=9),
                operation("gauge_change", "cn-b", other_place="kz-c", from_gauge=1520, to_gauge=1435, mean_h=9),
            ],
            tables={
                "demand": [{"id": "d", "origin": "cn-a", "destination": "kz-c", "teu_per_year": 365}],
                "resources": [{"id": "r", "kind": "terminal", "place": "cn-a", "capacity": 9}],
            },
        )

    def seeds(self) -> Iterator[bytes]:
        """Yield valid files."""
        raise NotImplementedError

    def read(self, content: bytes) -> None:
        """Read a file with these bytes, and use it if it is accepted."""
        raise NotImplementedError

    def _file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


def _ask(network: Any) -> None:
    """Ask a network for a route between its first and its last place."""
    import landbridge as lb

    places = list(network.places)
    lb.route(network, places[0], places[-1])


class Csv(Target):
    """CSV tables: the first byte says which table of the small network is replaced."""

    def seeds(self) -> Iterator[bytes]:
        for index, name in enumerate(TABLES):
            yield bytes([index]) + (self.plain / f"{name}.csv").read_bytes()

    def read(self, content: bytes) -> None:
        from landbridge.networks.network import read_network

        self._replace(content, "csv")
        try:
            _ask(read_network(self.plain))
        finally:
            self._restore()

    def _replace(self, content: bytes, suffix: str) -> None:
        name = TABLES[content[0] % len(TABLES)] if content else TABLES[0]
        self.path, self.saved = self.plain / f"{name}.csv", (self.plain / f"{name}.csv").read_bytes()
        self.path.unlink()
        self.path = self.path.with_suffix(f".{suffix}")
        self.path.write_bytes(content[1:])

    def _restore(self) -> None:
        self.path.unlink()
        self.path.with_suffix(".csv").write_bytes(self.saved)


class GeoJson(Csv):
    """Places and links as GeoJSON."""

    def seeds(self) -> Iterator[bytes]:
        from landbridge.networks.network import read_network
        from landbridge.networks.writing import write_network

        out = self.folder / "geojson"
        write_network(read_network(self.plain), out, file_format="geojson")
        for index, name in enumerate(("places", "links")):
            yield bytes([index]) + (out / f"{name}.geojson").read_bytes()

    def read(self, content: bytes) -> None:
        from landbridge.networks.network import read_network

        self._replace(bytes([content[0] % 2 if content else 0]) + content[1:], "geojson")
        try:
            _ask(read_network(self.plain))
        finally:
            self._restore()


class GeoPackage(Target):
    """A network as GeoPackage."""

    def seeds(self) -> Iterator[bytes]:
        from landbridge.networks.network import read_network
        from landbridge.networks.writing import write_network

        out = self.folder / "seed.gpkg"
        write_network(read_network(self.plain), out, file_format="gpkg")
        # Most of its tables may be left out, which makes each trial ten times as quick.
        with closing(sqlite3.connect(out)) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            for (name,) in database.execute("SELECT table_name FROM gpkg_contents").fetchall():
                if not (self.plain / f"{name}.csv").exists():
                    database.execute(f'DROP TABLE "{name}"')
                    for listing in ("gpkg_contents", "gpkg_ogr_contents", "gpkg_geometry_columns"):
                        database.execute(f"DELETE FROM {listing} WHERE table_name = ?", [name])  # noqa: S608
        with closing(sqlite3.connect(out)) as database:
            database.execute("VACUUM")
        yield out.read_bytes()

    def read(self, content: bytes) -> None:
        from landbridge.networks.network import read_network

        for left in self.folder.glob("read.gpkg*"):
            left.unlink()
        _ask(read_network(self._file("read.gpkg", content)))


class FlatGeobuf(Target):
    """Lines of a network as FlatGeobuf."""

    def seeds(self) -> Iterator[bytes]:
        import geopandas as gpd
        from shapely import LineString

        out = self.folder / "seed.fgb"
        lines = [LineString([(0, 0), (1, 1)]), LineString([(177, 0), (178, 1), (179, 2)])]
        names = {"link": ["cn-a--cn-b--rail", "kz-c--cn-b--rail"]}
        gpd.GeoDataFrame(names, geometry=lines, crs="EPSG:4326").to_file(out, driver="FlatGeobuf")
        yield out.read_bytes()

    def read(self, content: bytes) -> None:
        from landbridge.networks.geometry.flatgeobuf import read_geometry

        read_geometry(self._file("read.fgb", content))


class Scenarios(Target):
    """Scenarios in TOML, applied to the small network."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        from landbridge.networks.network import read_network

        self.network = read_network(self.plain)

    def seeds(self) -> Iterator[bytes]:
        from landbridge.networks.errors import ScenarioError
        from landbridge.routing.studies.scenarios.scenario import SCENARIOS_DIR

        for path in sorted(SCENARIOS_DIR.glob("*.toml")):
            with suppress(ScenarioError):  # most change what only the bundled network has
                self.read(path.read_bytes())
                yield path.read_bytes()
        yield SCENARIO.encode()
        for line in re.findall(r"^  \{.*\},$", SCENARIO, re.MULTILINE):
            yield f"{SCENARIO.partition('changes')[0]}changes = [\n{line}\n]\n".encode()

    def read(self, content: bytes) -> None:
        from landbridge.routing.studies.scenarios.scenario import Scenario

        _ask(Scenario.read(self._file("read.toml", content)).apply(self.network))


class Ways(Target):
    """Maps in the JSON of Overpass; what is accepted becomes a network."""

    name = "read.json"

    def _json(self) -> bytes:
        tags = {"railway": "rail", "gauge": "1520"}
        nodes: list[dict[str, Any]] = [
            {"type": "node", "id": i, "lat": 40 + i * 0.02, "lon": 48 + i * 0.01} for i in range(1, 9)
        ]
        nodes[0]["tags"] = nodes[-1]["tags"] = {"railway": "station", "name": "S"}
        ways = [
            {"type": "way", "id": 7, "nodes": [1, 2, 3, 4], "tags": tags},
            {"type": "way", "id": 8, "nodes": [4, 5, 6, 7, 8], "tags": tags | {"gauge": "1435", "bridge": "yes"}},
            {"type": "way", "id": 9, "nodes": [1, 8], "tags": {"route": "ferry", "duration": "00:40"}},
        ]
        relation = {"type": "relation", "id": 5, "tags": {"type": "route", "route": "ferry"}}
        relation["members"] = [{"type": "way", "ref": 9, "role": ""}]
        header = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2024-05-01T00:00:00Z"}}
        return json.dumps(header | {"elements": [*nodes, *ways, relation]}).encode()

    def seeds(self) -> Iterator[bytes]:
        yield self._json()

    def read(self, content: bytes) -> None:
        from landbridge.networks.geodata.osm.from_osm import network_of_ways
        from landbridge.networks.geodata.osm.reading import read_ways

        ways = read_ways(self._file(self.name, content))
        if zlib.crc32(content) % 16 == 0:  # a network takes long: of some
            options = {"max_gap_km": 0.1, "country": "AZ", "gauge": None, "speeds_km_h": None, "year": 2024}
            network_of_ways(ways, modes=["rail", "ferry"], **options)


class OsmXml(Ways):
    """Maps in the XML of OpenStreetMap."""

    name = "read.osm"

    def _map(self, name: str) -> bytes:
        import osmium
        from osmium.osm import mutable

        path = self.folder / name
        path.unlink(missing_ok=True)
        # Bytes that are not compressed: else each change only damages the compression.
        kind = "pbf,pbf_compression=none" if name.endswith(".pbf") else "osm"
        header = osmium.io.Header()
        header.set("timestamp", "2024-05-01T00:00:00Z")
        writer = osmium.SimpleWriter(osmium.io.File(str(path), kind), 4096, header)
        for element in json.loads(self._json())["elements"]:
            tags = element.get("tags", {})
            if element["type"] == "node":
                writer.add_node(mutable.Node(id=element["id"], location=(element["lon"], element["lat"]), tags=tags))
            elif element["type"] == "way":
                writer.add_way(mutable.Way(id=element["id"], nodes=element["nodes"], tags=tags))
            else:
                members = [(item["type"][0], item["ref"], item["role"]) for item in element["members"]]
                writer.add_relation(mutable.Relation(id=element["id"], members=members, tags=tags))
        writer.close()
        return path.read_bytes()

    def seeds(self) -> Iterator[bytes]:
        yield self._map("seed.osm")


class Pbf(OsmXml):
    """Maps in the binary form of OpenStreetMap."""

    name = "read.osm.pbf"

    def seeds(self) -> Iterator[bytes]:
        yield self._map("seed.osm.pbf")


class Gmns(Target):
    """Files of a folder in GMNS: the first byte says which one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        from tests.support.gmns import FILES

        uses = {
            "use_definition": "use,persons_per_vehicle,pce\ntruck,1,2.5\n",
            "use_group": "use_group,uses\nall,truck\n",
        }
        self.texts = FILES | uses | {"demand": "o_zone_id,d_zone_id,volume\n1,3,12.5\n3,1,4\n"}
        for name, text in self.texts.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")

    def seeds(self) -> Iterator[bytes]:
        for index, text in enumerate(self.texts.values()):
            yield bytes([index]) + text.encode()

    def read(self, content: bytes) -> None:
        from landbridge.networks.errors import LandbridgeError
        from landbridge.networks.formats.read_gmns import read_gmns
        from landbridge.networks.formats.read_gmns_problem import read_gmns_problem

        name = [*self.texts][content[0] % len(self.texts) if content else 0]
        path = self._file(f"{name}.csv", content[1:])
        try:
            with suppress(LandbridgeError):
                read_gmns_problem(self.folder)
            _ask(read_gmns(self.folder, country="DE", year=2024))
        finally:
            path.write_text(self.texts[name], encoding="utf-8")


class Tntp(Target):
    """Files of a problem in TNTP: the first byte says whether it is the network, the trips or the flows."""

    texts: Final = {
        "net": "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n"
        "~ init_node term_node capacity length free_flow_time b power speed toll link_type ;\n"
        "1 3 9000 5280 1.09 0.15 4 4842 0 1 ;\n3 2 4.5E+03 2 0.5 0.15 4 0 0 1 ;\n",
        "trips": "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 10\n<END OF METADATA>\nOrigin 1\n 1 : 0.0; 2 : 10.0;\n",
        "flow": "From To Volume Cost\n1 3 10 1.1\n3 2 10 0.5\n",
    }

    def seeds(self) -> Iterator[bytes]:
        for index, text in enumerate(self.texts.values()):
            yield bytes([index]) + text.encode()

    def read(self, content: bytes) -> None:
        from landbridge.networks.formats.tntp import read_tntp, read_tntp_flows

        changed = [*self.texts][content[0] % len(self.texts) if content else 0]
        for name, text in self.texts.items():
            self._file(f"Small_{name}.tntp", content[1:] if name == changed else text.encode())
        read_tntp_flows(self.folder / "Small_flow.tntp", read_tntp(self.folder / "Small"))


TARGETS: Final[dict[str, type[Target]]] = {
    "CSV tables": Csv,
    "scenarios in TOML": Scenarios,
    "GeoJSON": GeoJson,
    "GeoPackage": GeoPackage,
    "FlatGeobuf": FlatGeobuf,
    "Overpass JSON": Ways,
    "OSM XML": OsmXml,
    "OSM pbf": Pbf,
    "GMNS": Gmns,
    "TNTP": Tntp,
}


def held(target: Target, content: bytes) -> None:
    """Read bytes; errors of landbridge are answers, too, any other exception is a fault."""
    from landbridge.networks.errors import LandbridgeError

    with suppress(LandbridgeError):
        target.read(content)


def watch(name: str, seconds: int, seed: int, folder: Path) -> None:
    """Change files of one kind for some seconds, and end the process; libFuzzer prints the number of trials."""
    import atheris

    with atheris.instrument_imports(include=["landbridge.networks", "landbridge.routing.studies"]):
        for module in READERS:
            importlib.import_module(module)
    target = TARGETS[name](folder)
    corpus = folder / "corpus"
    corpus.mkdir()
    for index, content in enumerate(target.seeds()):
        target.read(content)
        (corpus / str(index)).write_bytes(content)
    words = {word for path in corpus.iterdir() for word in re.findall(rb"[A-Za-z0-9_.-]{2,24}", path.read_bytes())}
    words |= {b"nan", b"inf", b"-1", b"1e308", b"9" * 30, b"\\\\ud800", b"9999-12-31", b"null", b"true"}
    tokens = "".join(f'"{word.decode()}"\n' for word in sorted(words)[:400])
    (folder / "words").write_text(tokens, encoding="ascii")
    KEPT.mkdir(parents=True, exist_ok=True)
    options = (
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={MOST_S}",
        f"-rss_limit_mb={MOST_MB}",
        f"-artifact_prefix={KEPT}/{name.replace(' ', '-')}-",
        f"-dict={folder / 'words'}",
        "-print_final_stats=1",
        "-verbosity=0",
    )
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda content: held(target, content))
    atheris.Fuzz()


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all kinds of files, each in a process of its own, or one file again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each kind of file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one kind of file")
    parser.add_argument("--target", help=argparse.SUPPRESS)
    parser.add_argument("file", type=Path, nargs="?", help="a file to try again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:  # noqa: S108
        if options.file:
            held(TARGETS[options.target](Path(folder)), options.file.read_bytes())
        elif options.target:
            watch(options.target, options.seconds, options.seed, Path(folder))
        else:
            return _each([options.only] if options.only else [*TARGETS], options.seconds, options.seed)
    return 0


def _each(names: Sequence[str], seconds: int, seed: int) -> int:
    if importlib.util.find_spec("atheris") is None:
        return print_rows([Tally("random changes of files: not tried without atheris")])
    # Each kind takes its seconds whatever runs beside it.
    with ThreadPoolExecutor(5) as pool:
        rows = pool.map(lambda name: _row(name, seconds, seed), names)
        return print_rows(rows)


def _row(name: str, seconds: int, seed: int) -> Tally:
    """Try one kind of files in a process of its own, and return its row."""
    for path in KEPT.glob(f"{name.replace(' ', '-')}-*"):
        path.unlink()
    command = [sys.executable, "-m", "tests.trust.fuzz", "--target", name]
    command += ["--seconds", str(seconds), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    found = re.search(r"number_of_executed_units:\s*(\d+)", done.stdout + done.stderr)
    tried = max(1, int(found[1]) if found else 0)
    row = Tally(f"random changes of {name}: refused or answered", tried, tried)
    if done.returncode or not found:
        kept = [path.name for path in KEPT.glob(f"{name.replace(' ', '-')}-*")]
        row.held -= 1
        row.failed.append(f"exit code {done.returncode}, seed {seed}: {', '.join(kept)}")
        said = (line for line in done.stderr.splitlines() if not line.startswith(("INFO", "WARNING")))
        print(done.stdout[-3000:], *said, sep="\n", file=sys.stderr)
    return row


if __name__ == "__main__":
    sys.exit(main())
