"""Ask the same kinds of questions thousands of times, and see that memory, open files, threads and processes stay.

python -m tests.trust.leaks [--seed N] [--share 0.1] [KIND ...]
"""

import argparse
import gc
import itertools
import random
import resource
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import landbridge as lb
from tests.support.tallies import Tally, print_rows
from tests.support.tiny import link, tiny_network

CALLS: Final = {
    "route": 10_000,
    "dated route": 10_000,
    "pareto": 10_000,
    "assign": 300,
    "simulate": 300,
    "scenarios applied": 300,
    "networks read": 100,
}
"""Number of calls of each kind."""

GROWTH: Final = 0.02
"""Largest growth of the memory after the first tenth of the calls."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Call everything, print the rows, and return 1 if something grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(CALLS)}; by default all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="share of the calls")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="landbridge-leaks-") as name:
        calls = kinds(random.Random(asked.seed), Path(name))
        return print_rows(
            row_of(kind, calls[kind], max(20, round(number * asked.share)))
            for kind, number in CALLS.items()
            if not asked.kinds or kind in asked.kinds
        )


def row_of(kind: str, call: Callable[[], object], calls: int) -> Tally:
    """Call a function so often, and return a row with what grew after the first tenth."""
    tally = Tally(
        f"{kind}, {calls:,} times: memory grows by at most {GROWTH:.0%} after the first tenth, nothing stays open"
    )
    started = _processor_s()
    answered = 0
    first: dict[str, int] = {}
    for number in range(1, calls + 1):
        try:
            call()
            answered += 1
        except lb.LandbridgeError:  # some of the drawn questions have no answer
            pass
        if number == calls // 10:
            first = held()
    last = held()
    told = f"{kind}: {answered:,} answers in {_processor_s() - started:.0f} s; first tenth {first}, all {last}"
    print(told, file=sys.stderr)
    problems = [
        f"{name} from {first[name]:,} to {last[name]:,}" for name in first if last[name] > first[name] * _most(name)
    ]
    if answered < calls / 2:
        problems.append(f"only {answered} of {calls} questions have an answer")
    tally.add(kind, problems)
    return tally


def held() -> dict[str, int]:
    """Return what this process holds: memory, open files, threads and child processes."""
    gc.collect()
    return {
        "kB of memory": int(_status("VmRSS")),
        "open files": len([*Path("/proc/self/fd").iterdir()]),
        "threads": int(_status("Threads")),
        "Python's threads": threading.active_count(),
        "child processes": sum(len(file.read_text().split()) for file in Path("/proc/self/task").glob("*/children")),
    }


def _status(name: str) -> str:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{name}:")).split()[1]


def _most(name: str) -> float:
    return 1 + GROWTH if name == "kB of memory" else 1


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def kinds(dice: random.Random, folder: Path) -> dict[str, Callable[[], object]]:
    """Return a function for each kind of question that asks another one at each call."""
    network = lb.load_network()
    places = [row["id"] for row in network.tables["places"] if row["modes"]]
    # Searches that few questions take, far from rail and where paths would turn back: their machine code, some 40 MB
    # each, is loaded once, before it is counted what stays.
    lb.route(network, "fr-lyon", "ro-craiova", cargo=lb.Cargo(cargo_class="loose"))
    lb.route(network, "hu-fenyeslitke", "kz-semiglavy-mar", avoid="RU")

    def options() -> dict[str, Any]:
        return {
            "cargo": lb.Cargo(
                teu=dice.choice((2, 3.5, 6)),
                value_usd=dice.uniform(1e4, 1e6),
                cargo_class=dice.choice(("block", "block", "loose", "timetabled")),
                equipment=dice.choice(("carrier", "shipper")),
                hs_chapter=dice.choice((None, "85", "84", "72")),
            )
        } | dice.choice(
            (
                {},
                {"objective": "time"},
                {"objective": lb.Weights(value_of_time_usd_per_h=dice.uniform(0, 50))},
                {"avoid": dice.choice(("RU", "suez", "IR", "CN-KZ"))},
                {"modes": dice.choice((("rail", "sea", "ferry"), ("rail", "road", "ferry")))},
            )
        )

    # What a network keeps of each place is whole within the first tenth: each is asked for twice by then.
    # Options are new at each call, so that what is kept by question grows to the end.
    origins, destinations = itertools.cycle(places), itertools.cycle(dice.sample(places, len(places)))
    points = [(dice.uniform(38, 52), dice.uniform(5, 70)) for _ in range(10)]

    def ends() -> tuple[Any, Any]:
        origin, destination = next(origins), next(destinations)
        return origin, dice.choice(points) if dice.random() < 0.1 else destination

    def day() -> str:
        return f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T{dice.randint(0, 23):02}:00"

    def dated() -> object:
        # The latest departure takes dozens of searches.
        moment = "depart" if dice.random() < 0.98 else "arrive_by"
        return lb.route(network, *ends(), **options(), **{moment: day()})

    itineraries = [
        *lb.route(network, "cn-xian", "de-duisburg", depart="2026-03-02", k=3),
        *lb.route_by_corridor(network, "cn-chongqing", "pl-lodz"),
    ]

    def simulated() -> object:
        return lb.simulate(dice.choice(itineraries), runs=1000, seed=dice.randrange(10**6)).to_dict()

    # Few, since only 30 calls are the first tenth; their demand is new at each call.
    few = dice.sample(places, 12)

    def assigned() -> object:
        flows = [
            {"origin": one, "destination": other, "teu_per_year": dice.randint(1_000, 50_000)}
            for one, other in (dice.sample(few, 2) for _ in range(3))
        ]
        return lb.assign(network, flows, **dice.choice(({}, {"congestion": "user"}, {"logit": 100.0}))).to_dict()

    scenarios = [name for name in lb.Scenario.bundled() if name != "base"]

    def changed() -> object:
        applied = lb.Scenario.read(dice.choice(scenarios)).apply(network)
        return lb.route(applied, "cn-xian", "de-duisburg")

    def read() -> object:
        lb.route(lb.load_network(), "cn-xian", "de-duisburg")
        tiny = tiny_network(folder / "tiny", links=[link("cn-a -- cn-b")])
        return lb.assign(tiny, [{"origin": "cn-a", "destination": "cn-b", "teu_per_year": 365}])

    return {
        "route": lambda: lb.route(network, *ends(), **options()),
        "dated route": dated,
        "pareto": lambda: lb.pareto(network, *ends(), **options()),
        "assign": assigned,
        "simulate": simulated,
        "scenarios applied": changed,
        "networks read": read,
    }


if __name__ == "__main__":
    sys.exit(main())
