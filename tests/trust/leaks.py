"""Ask the same kinds of questions thousands of times, and see that memory, open files, threads and processes stay.

python -m tests.trust.leaks [--seed N] [--share 0.1] [KIND ...]

Memory is that of the process, once the C library has given back what is free. The process starts again with `SETTINGS`
with which it can: otherwise what is free stays with the process where something that is still used lies behind it, and
memory says how large the largest question so far was. Of 470 MB after 10,000 routes 25 were free. Machine code is
loaded when a function is first called, some MB at a time; what is loaded after the first tenth is told on standard
error, as is what malloc_trim gave back at the end.
"""

import argparse
import ctypes
import gc
import itertools
import os
import random
import resource
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import landbridge as lb
from landbridge.networks.geometry.sphere import great_circle_km
from landbridge.routing.search.queues import enqueue
from tests.support.tallies import Tally, print_rows
from tests.support.tiny import link, tiny_network

CALLS: Final = {
    "route": 10_000,
    "dated route": 10_000,
    "pareto": 10_000,
    "assign": 300,
    "simulate": 300,
    "scenarios applied": 200,
    "networks read": 40,
}
"""Number of calls of each kind."""

GROWTH: Final = 0.02
"""Largest growth of the memory after the first tenth of the calls."""

TRIM: Final = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Function that gives free memory back to the system; None where the C library has none."""

SETTINGS: Final = {"PYTHONMALLOC": "malloc", "MALLOC_MMAP_THRESHOLD_": "131072"}
"""Python's objects are the C library's, and arrays of more than 128 kB go back to the system when they are freed."""

MEMORY: Final = "kB of memory"


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
    memory = "memory" if TRIM is None else "memory, less what malloc_trim gives back,"
    tally = Tally(
        f"{kind}, {calls:,} times: {memory} grows by at most {GROWTH:.0%} after the first tenth, nothing stays open"
    )
    started = _processor_s()
    answered = 0
    first: dict[str, int] = {}
    early: set[tuple[str, Any]] = set()
    for number in range(1, calls + 1):
        try:
            call()
            answered += 1
        except lb.LandbridgeError:  # some of the drawn questions have no answer
            pass
        if number == calls // 10:
            first, early = held(), machine_code()
    untrimmed, last = int(_status("VmRSS")), held()
    late = ", ".join(sorted({name for name, _ in machine_code() - early}))
    print(
        f"{kind}: {answered:,} answers in {_processor_s() - started:.0f} s; first tenth {first}, all {last}, "
        f"{untrimmed - last[MEMORY]:,} kB given back" + f"; loaded late: {late}" * bool(late),
        file=sys.stderr,
    )
    problems = [
        f"{name} from {first[name]:,} to {last[name]:,}" + f"; loaded late: {late}" * (name == MEMORY and bool(late))
        for name in first
        if last[name] > first[name] * _most(name)
    ]
    if answered < calls / 2:
        problems.append(f"only {answered} of {calls} questions have an answer")
    tally.add(kind, problems)
    return tally


def held() -> dict[str, int]:
    """Return what this process holds: memory, open files, threads and child processes."""
    gc.collect()
    if TRIM is not None:
        TRIM(0)
    return {
        MEMORY: int(_status("VmRSS")),
        "open files": len([*Path("/proc/self/fd").iterdir()]),
        "threads": int(_status("Threads")),
        "Python's threads": threading.active_count(),
        "child processes": sum(len(file.read_text().split()) for file in Path("/proc/self/task").glob("*/children")),
    }


def machine_code() -> set[tuple[str, Any]]:
    """Return the name of each compiled function that is loaded, with the types of its arguments."""
    # A weak proxy has the class of what it refers to, which may be gone.
    functions = [item for item in gc.get_objects() if issubclass(type(item), type(enqueue))]
    return {(f"{item.__module__}.{item.__name__}", types) for item in functions for types in item.signatures}


def _status(name: str) -> str:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{name}:")).split()[1]


def _most(name: str) -> float:
    return 1 + GROWTH if name == MEMORY else 1


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def kinds(dice: random.Random, folder: Path) -> dict[str, Callable[[], object]]:
    """Return a function for each kind of question that asks another one at each call."""
    network = lb.load_network()
    # What a network keeps of each place, and of each edge that an itinerary passes, is nearly whole within the first
    # tenth: with 40 places dated routes found further edges to the end, and memory settled 2.5 % larger. All else that
    # is asked is new at each call, so that what is kept by question grows to the end.
    points_of = {row["id"]: (row["lon"], row["lat"]) for row in network.tables["places"] if row["modes"]}
    places = dice.sample([*points_of], 24)
    # Most questions are about near places: they take half the time, and what is kept of them is no less.
    near = {
        one: sorted(set(places) - {one}, key=lambda other: great_circle_km(points_of[one], points_of[other]))[:6]
        for one in places
    }
    # Searches that few questions take, far from rail and where paths would turn back: their machine code is loaded
    # once, before it is counted what stays. What is loaded after the first tenth all the same is named.
    lb.route(network, "fr-lyon", "ro-craiova", cargo=lb.Cargo(cargo_class="loose"))
    lb.route(network, "hu-fenyeslitke", "kz-semiglavy-mar", avoid="RU")

    points = [(dice.uniform(38, 52), dice.uniform(5, 70)) for _ in range(10)]

    def ends() -> tuple[Any, Any]:
        origin, destination = dice.sample(places, 2)
        if dice.random() < 0.9:
            destination = dice.choice(near[origin])
        return origin, dice.choice(points) if dice.random() < 0.03 else destination

    def day() -> str:
        return f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T{dice.randint(0, 23):02}:00"

    def dated() -> object:
        # The latest departure takes dozens of searches.
        moment = "depart" if dice.random() < 0.999 else "arrive_by"
        return lb.route(network, *ends(), **_options(dice), **_objective(dice), **{moment: day()})

    # Few places, since only 30 calls are the first tenth; what is asked about them is new at each call.
    few = dice.sample(places, 12)

    def simulated() -> object:
        # Other itineraries at each call: the times that legs share have another shape in each.
        moment = dice.choice(({}, {"depart": day()}))
        itinerary = lb.route(network, *dice.sample(few, 2), **_options(dice), objective="time", **moment)[0]
        return lb.simulate(itinerary, runs=1000, seed=dice.randrange(10**6)).to_dict()

    def assigned() -> object:
        flows = [
            {"origin": one, "destination": other, "teu_per_year": dice.randint(1_000, 50_000)}
            for one, other in (dice.sample(few, 2) for _ in range(3))
        ]
        # Each path of a logit is searched for.
        kind = {"logit": 100.0} if dice.random() < 0.1 else dice.choice(({}, {"congestion": "user"}))
        return lb.assign(network, flows, **kind).to_dict()

    # The graph of a network, which a question makes, takes nearly all of the time.
    every_third = itertools.cycle((True, False, False))
    scenarios = [name for name in lb.Scenario.bundled() if name != "base"]

    def changed() -> object:
        applied = lb.Scenario.read(dice.choice(scenarios)).apply(network)
        return lb.route(applied, "cn-xian", "de-duisburg", objective="time") if next(every_third) else applied

    def read() -> object:
        if next(every_third):
            return lb.route(lb.load_network(), "cn-xian", "de-duisburg", objective="time")
        tiny = tiny_network(folder / "tiny", links=[link("cn-a -- cn-b")])
        return lb.assign(tiny, [{"origin": "cn-a", "destination": "cn-b", "teu_per_year": 365}])

    return {
        "route": lambda: lb.route(network, *ends(), **_options(dice), **_objective(dice)),
        "dated route": dated,
        "pareto": lambda: lb.pareto(network, *ends(), **_options(dice)),
        "assign": assigned,
        "simulate": simulated,
        "scenarios applied": changed,
        "networks read": read,
    }


def _options(dice: random.Random) -> dict[str, Any]:
    """Draw a cargo and conditions."""
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
            {},
            {},
            {"avoid": dice.choice(("RU", "suez", "IR", "CN-KZ"))},
            {"modes": dice.choice((("rail", "sea", "ferry"), ("rail", "road", "ferry")))},
        )
    )


def _objective(dice: random.Random) -> dict[str, Any]:
    """Draw an objective, seldom none: that is a quotation, which takes several searches."""
    weights = lb.Weights(value_of_time_usd_per_h=dice.uniform(0, 50))
    return {} if dice.random() < 0.1 else {"objective": dice.choice(("time", weights))}


if __name__ == "__main__":
    if not SETTINGS.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, "-m", __spec__.name, *sys.argv[1:]], os.environ | SETTINGS)  # noqa: S606
    sys.exit(main())
