"""Whole answers on the bundled network, with cargo, legs, quantiles and notes, and whole commands.

Run it with `python benchmarks/answers.py`, or all benchmarks with `make bench`. The answers are those that users see.
Peers that answer such questions do not exist; scipy's trees on ready weights stand beside the matrix.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from statistics import median

from measuring import Report, measured, median_ms
from peers import lightest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from search import bundled

from landbridge.networks import Network, load_network
from landbridge.routing import matrix, pareto, profile, reach, route, route_by_corridor

ENDS = "Xi'an", "Duisburg"
MATRIX_PLACES = 300
COMMANDS = (["bottlenecks"], ["validate"], ["network", "ferries"])


def trees_ms(network: Network, places: Sequence[str]) -> float:
    """Return the ms of scipy's trees of least time from terminals of places, without the values that answers have."""
    arcs, index = bundled(), network.graph.place_index
    sources = network.graph.origins[[index[place] for place in places]]
    tail, head, weight = lightest(arcs.tail, arcs.head, arcs.weights[:, 0])
    graph = csr_array((weight, (tail, head)), shape=(arcs.nodes, arcs.nodes))
    return median_ms(lambda: dijkstra(graph, indices=sources[sources >= 0], return_predecessors=True))


def questions(network: Network, places: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return the questions by name."""
    rail = {"modes": ["rail", "sea", "ferry"]}
    year = {"first": "2026-01-01", "last": "2026-12-31"}
    return {
        "route, default": lambda: route(network, *ENDS),
        "route, objective time": lambda: route(network, *ENDS, objective="time"),
        "route, k = 10 that differ": lambda: route(network, *ENDS, k=10),
        "route, k = 10 loopless": lambda: route(network, *ENDS, k=10, max_shared=1),
        "route on a date": lambda: route(network, *ENDS, depart="2026-03-01"),
        "route by corridor": lambda: route_by_corridor(network, *ENDS, **rail),
        "pareto, time and cost": lambda: pareto(network, *ENDS, objectives=["time", "cost"]),
        "pareto, time, cost and CO2e": lambda: pareto(network, *ENDS, objectives=["time", "cost", "co2e"]),
        "profile of 365 departures": lambda: profile(network, *ENDS, **year),
        f"matrix {len(places)} x {len(places)}, four criteria": lambda: matrix(network, places),
        "reach within 10, 15, 20 days": lambda: reach(network, ENDS[0], [240, 360, 480]),
    }


def answers(report: Report, network: Network) -> None:
    """Measure the questions."""
    places = [place for place, row in network.places.items() if row["modes"]][:MATRIX_PLACES]
    for what, ask in questions(network, places).items():
        peers = {"scipy, trees of one criterion": trees_ms(network, places)} if what.startswith("matrix") else {}
        report.add(what, "bundled", measured(ask)[0], **peers)


def process_s(arguments: Sequence[str]) -> float:
    """Return the CPU seconds of a process and its children."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(report: Report) -> None:
    """Measure whole commands, each in a process of its own, and the first route of a process."""
    code = "from landbridge.networks import load_network\nfrom landbridge.routing import route\n"
    cold = median(process_s(["-c", f'{code}route(load_network(), "{ENDS[0]}", "{ENDS[1]}")']) for _ in range(5))
    report.add("import to first route", "whole process", 1000 * cold)
    for command in (["--help"], *COMMANDS):
        arguments = ["-c", f"from landbridge.routing.cli.main import run; run({command})"]
        found = [process_s(arguments)]
        while len(found) < 3 and found[0] < 5:
            found.append(process_s(arguments))
        report.add(f"landbridge {' '.join(command)}", "whole process", 1000 * median(found))


def main() -> None:
    report = Report("answers")
    answers(report, load_network())
    commands(report)
    report.write()


if __name__ == "__main__":
    main()
