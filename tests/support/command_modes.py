"""Every command with options for each of its modes, and the folder of tiny networks and tables that they are run in.

>>> command_modes.write_folder(tmp_path)
>>> for command, mode, options in command_modes.modes():
...     main.run([*command.split(), *options, "--network", command_modes.network_of(command)])  # in that folder
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from landbridge.routing.cli import main
from tests.support.observed import SOURCES, observation
from tests.support.ship_plans import ferry_network
from tests.support.tiny import link, place, service, write_tiny
from tests.support.works import work

TRIP = ("cn-a", "cn-c")
DATED = ("--depart", "2026-03-02")
FROM_TO = {
    "plain": (),
    "by corridor": ("--by-corridor",),
    "several": ("-k", "3"),
    "by cost": ("--objective", "cost"),
    "by weights": ("--objective", "weights", "--value-of-time", "5", "--carbon-price", "80"),
    "dated": DATED,
    "arriving": ("--arrive-by", "2026-03-20"),
    "dated by corridor": (*DATED, "--by-corridor"),
    "by road": ("--modes", "road", "--class", "road"),
    "by way of": ("--via", "cn-b"),
}
STUDY = """
name = "hours"
measure = "route"
scenarios = ["", "base"]
options = { origin = "cn-a", destination = "cn-c", value_of_time = "$v" }
parameters = { v = [0, 20] }
"""
FEW_DAYS = ("--days", "60", "--warm-up", "10", "--replications", "2")
WITHIN = ("--budget", "5e6", "--horizon", "2035", "--frontier", "0.5")
FEW_RUNS = ("--runs", "300")
OTHER_MODES = {
    "corridors": {"plain": (*TRIP,), "dated": (*TRIP, *DATED), "by cost": (*TRIP, "--objective", "cost")},
    "report": {
        "plain": (*TRIP, "--html", "r.html"),
        "dated": (*TRIP, *DATED, "--html", "r.html"),
        "simulated": (*TRIP, *DATED, "--html", "r.html", *FEW_RUNS, "--promised", "2026-03-12"),
    },
    "pareto": {"plain": TRIP, "epsilon": (*TRIP, "--epsilon", "0.1"), "dated": (*TRIP, *DATED)},
    "profile": {"plain": (*TRIP, "--from", "2026-03-02", "--to", "2026-03-12")},
    "reach": {by: ("cn-a", "--within", "3000", "--by", by) for by in ("cost", "co2e")}
    | {"time": ("cn-a", "--within", "2d,9d"), "dated": ("cn-a", "--within", "20d", *DATED)},
    "matrix": {
        "places": ("places.csv",),
        "points": ("points.csv", "--to", "places.csv"),
        "pairs": ("--pairs", "d.csv"),
    },
    "compare": {
        "demand": ("slow.toml",),
        "logit": ("base", "slow.toml", "--logit", "100"),
        "pairs": ("slow.toml", "--od", "d.csv"),
    },
    "assign": {
        "plain": (),
        "a file": ("d.csv",),
        "unbounded": ("--capacity", "none"),
        "user": ("--congestion", "user"),
        "system": ("--congestion", "system"),
        "logit": ("--logit", "100"),
        "logit and user": ("--logit", "100", "--congestion", "user"),
        "empties": ("--empties",),
        "logit and empties": ("--logit", "100", "--empties"),
        "user and empties": ("--congestion", "user", "--empties"),
        "served": ("--all-served",),
        "served in part": ("--scale", "50", "--unserved", "1000"),
        "nothing": ("--scale", "0"),
    },
    "bottlenecks": {
        "plain": (),
        "checked": ("--check", "3", "--scale", "50"),
        "no closures": ("d.csv", "--closures", "0"),
        "nothing": ("--scale", "0"),
    },
    "criticality": {
        "plain": (),
        "a file": ("d.csv", "--days", "2"),
        "some": ("--resources", "cn-b,rail", "--pairs", "cn-b+cn-a--cn-b--rail"),
        "places": ("--kinds", "places"),
    },
    "simulate-network": {
        "plain": FEW_DAYS,
        "a file": ("d.csv", *FEW_DAYS),
        "closed": (*FEW_DAYS, "--close", "cn-b:2024-01-10..2024-01-14"),
        "limited and banned": (
            *FEW_DAYS,
            "--limit",
            "line:30teu/day:2024-01-10..2024-01-14",
            "--ban",
            "cn-b:2024-02-01..2024-02-03",
        ),
    },
    "invest": {
        "plain": WITHIN,
        "a file": ("works.csv", *WITHIN),
        "regret": (*WITHIN, "--scenarios", "base,base", "--criterion", "regret"),
    },
    "sweep": {
        "plain": ("s.toml", "--workers", "0"),
        "indices": ("indices.toml", "--workers", "0"),
        "a shard": ("s.toml", "--workers", "0", "--shard", "1/2"),
    },
    "drivers": {"plain": TRIP, "few": (*TRIP, "--searches", "0")},
    "counts": {"plain": (), "all": ("--all",)},
    "emissions": {"markdown": (*TRIP, "--markdown")},
    "indicators": {"csv": (*TRIP, "--csv"), "markdown": (*TRIP, "--markdown")},
    "validate": {"plain": (), "half": ("--half", "training")},
    "calibrate": {"plain": ()},
    "scenarios": {"plain": (), "one": ("base",), "stacked": ("base,base",)},
    "places": {"plain": (), "some": ("cn-a",), "none": ("nowhere",), "a country": ("--country", "cn")},
    "network info": {"plain": ()},
    "network check": {"plain": ()},
    "network export": {kind: ("--format", kind) for kind in ("csv", "geojson", "gmns", "gpkg")},
}
WITHOUT_FILES = {
    "bottlenecks": {"cut": ("--cut", "cn-a:cn-c"), "thresholds": ("--thresholds", "2")},
    "ferries": {"lines": (), "a plan": ("ferry=50/25", "--period-days", "2", "--time-limit", "5")},
}
FILES = {
    "matrix": ("--out", "m.csv"),
    "profile": ("--csv", "p.csv"),
    "indicators": ("--chart", "c.svg"),
    "validate": ("--markdown", "v.md"),
    "calibrate": ("--markdown", "v.md"),
    "network export": ("--out", "n"),
}
"""Options for the files of commands whose `--out` is not a folder."""

NO_FILES = {"scenarios", "places", "network info", "network check", "ferries", "counts"}
NO_JSON = {"network export"}
NAMING_SCENARIOS = {"scenarios", "compare", "sweep"}
"""Commands whose arguments name scenarios, which their answers say in another way, or whose store is for one."""
NO_TABLE = {"matrix", "network export"}


def counted(name: str, half: str, **cells: Any) -> dict[str, Any]:
    """Return a row of `counts` of the whole demand on the link of rail from a."""
    row = {"id": name, "crossing": name, "links": ("cn-a--cn-b--rail",), "year": 2024, "teu_per_year": 3650}
    return row | {"half": half} | cells


def modes() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each command with the name and the options of each of its modes."""
    for command in ("route", "simulate", "indicators", "emissions"):
        for mode, options in FROM_TO.items():
            yield command, mode, (*TRIP, *options, *(FEW_RUNS if command == "simulate" else ()))
    for each in (OTHER_MODES, WITHOUT_FILES):
        for command, found in each.items():
            for mode, options in found.items():
                yield command, mode, options


def commands(group: click.Group = main.landbridge, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield each command of the program with its name, such as `network info`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def network_of(command: str) -> str:
    """Return the network of the folder that a command is run on."""
    return "ferry" if command == "ferries" else "net"


def write_folder(path: Path) -> None:
    """Write a network of trains, trucks and ships, one with a ferry to plan, and tables of a user."""
    write_tiny(
        path / "net",
        places=[place("cn-a"), place("cn-b", lon=3), place("cn-c", lon=6)],
        links=[
            link("cn-a -- cn-b", service="slow", length_km=1000, resource="line"),
            link("cn-a -- cn-b", "road", length_km=800),
            link("cn-b -- cn-c", service="weekly", length_km=500),
            link("cn-a -- cn-c", "sea", length_km=680),
            link("cn-b -- cn-c", "road", length_km=500),
        ],
        services=[
            service("slow"),
            service("road", "road", speed_km_h=80),
            service("weekly", wait_kind="timetable", days=("fri",), departures=("12:00",)),
            service("sea", "sea", wait_kind="headway", headway_h=168),
        ],
        tables={
            "resources": [{"id": "line", "capacity": 60, "background_teu_day": 20}],
            "congestion": [{"kind": "line", "model": "bpr", "alpha": 0.15, "beta": 4}],
            "corridors": [{"id": "any", "name": "any way", "priority": 1, "require": "*"}],
            "demand": [
                {
                    "id": "x",
                    "origin": "cn-a",
                    "destination": "cn-c",
                    "teu_per_year": 3650,
                    "modes": ("rail",),
                    "for_year": 2024,
                }
            ],
            "candidates": [work("second-track", 1, resources=("line",), capacity_add=20.0, opening=2027)],
            "counts": [counted("fit", "training", cordon="rail"), counted("only", "test")],
            "dataset": [{"key": "crossing_scale_usd_per_teu", "value": 100}],
            "observations": [observation("H1", 2), observation("H2", 90, half="test")],
            "sources": SOURCES,
        },
    )
    ferry_network(path / "ferry")
    (path / "d.csv").write_text("origin,destination,teu_per_year\ncn-a,cn-c,3650\ncn-c,cn-b,99\n", encoding="utf-8")
    cells = "id,name,kind,cost_musd,cost_usd_year,opening,links,hours_factor"
    (path / "works.csv").write_text(f"{cells}\nfast,Fast,road,1,2024,2026,cn-a--cn-b--road,0.5\n", encoding="utf-8")
    (path / "s.toml").write_text(STUDY, encoding="utf-8")
    design = 'design = { kind = "saltelli", points = 4 }\n'
    (path / "indices.toml").write_text(design + STUDY.replace("hours", "indices"), encoding="utf-8")
    (path / "places.csv").write_text("place\ncn-a\ncn-c\n", encoding="utf-8")
    (path / "points.csv").write_text("name;lat;lon\nfirst;0,0;0,0\nlast;0,0;6,0\n", encoding="utf-8")
    slow = 'name = "slow"\ntitle = "Slow"\nchanges = [{do = "slow", what = "services", ids = ["slow"], factor = 2.0}]\n'
    (path / "slow.toml").write_text(slow, encoding="utf-8")
