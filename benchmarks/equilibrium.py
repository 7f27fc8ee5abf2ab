"""User equilibria of roads beside AequilibraE on one core, growth over OD pairs, and memory.

Run it with `python benchmarks/equilibrium.py [--tntp DIR]`, or all benchmarks with `make bench`. AequilibraE's graph
and matrix are made before its time is taken; ours counts from the arrays. The gap of both is that of scipy's trees, and
the objective of one may not be below that of the other by more than its gap.
"""

import argparse
import resource
from pathlib import Path

import numpy as np
from instances import doubled, road_network
from measuring import Report, measured
from peers import aequilibrae, beckmann, relative_gap

import landbridge as lb
from landbridge.networks.arrays import Floats
from landbridge.networks.formats.flow_problem import FlowProblem

GAPS = (1e-4, 1e-6)
PAIRS = (3_000, 10_000, 30_000, 90_000)
MOST_ROUNDS = 300
"""Rounds of AequilibraE; if it has not reached the gap by then, its time is a lower bound."""

PUBLIC = {"Anaheim": {}, "Winnipeg": {}, "ChicagoSketch": {"toll_weight": 0.02, "length_weight": 0.04}}


def made() -> list[FlowProblem]:
    """Return roads of the size of Winnipeg and of Chicago-Sketch, and these with twice the trips."""
    winnipeg = road_network(1_052, 2_836, 147, 4_345, tightness=0.15)
    chicago = road_network(933, 2_950, 387, 93_513)
    return [winnipeg, chicago, doubled(chicago)]


def public(folder: Path) -> list[FlowProblem]:
    """Return the instances of Transportation Networks for Research in a folder."""
    found = [lb.read_tntp(folder / name, **weights) for name, weights in PUBLIC.items()
             if (folder / f"{name}_net.tntp").is_file()]  # fmt: skip
    return [*found, *(doubled(one) for one in found if one.name.startswith("Chicago"))]


def equilibria(report: Report, problem: FlowProblem) -> None:
    """Solve a problem to each gap beside AequilibraE."""
    for gap in GAPS:
        ms, found = measured(lambda: lb.equilibrium(problem, gap=gap))  # noqa: B023
        reached = checked_gap(problem, found.arc_flow, gap)
        peers, note = {}, ""
        peer = aequilibrae(problem, gap, MOST_ROUNDS)
        if peer is not None and not problem.fixed_cost.any():
            peer_ms, (flow, _) = measured(peer, runs=3, warm=False)
            theirs = relative_gap(problem, flow)
            name = "AequilibraE" if theirs <= 1.5 * gap else f"AequilibraE to {theirs:.0e} only"
            peers[name] = peer_ms
            difference = beckmann(problem, found.arc_flow) / beckmann(problem, flow) - 1
            if difference > 2 * gap or -difference > 2 * max(gap, theirs):
                raise RuntimeError(f"{problem.name}: the objectives differ by {difference:.1e}")
            note = f", objective {difference:+.0e}"
        report.add(f"user equilibrium, gap {gap:g}", problem.name, ms, checked=f"gap {reached:.0e}{note}", **peers)


def checked_gap(problem: FlowProblem, flow: Floats, gap: float) -> float:
    """Return the gap by scipy's trees, which must be that which was asked for."""
    reached = relative_gap(problem, flow)
    if not -1e-9 <= reached <= 1.01 * gap:
        raise RuntimeError(f"{problem.name}: the gap is {reached:.2e} instead of {gap:g}")
    return reached


def growth(report: Report, pairs: tuple[int, ...] = PAIRS) -> None:
    """Measure the time over the number of OD pairs on one network with about the same load."""
    times = {}
    for count in pairs:
        problem = road_network(933, 2_950, 387, count)
        times[count], found = measured(lambda: lb.equilibrium(problem, gap=1e-4), runs=3)  # noqa: B023
        checked_gap(problem, found.arc_flow, 1e-4)
    report.grow("OD pairs, roads of 933 nodes, gap 1e-4", "OD pairs", times)


def memory_mb(problem: FlowProblem) -> float:
    """Return by how much a solution raises the peak memory of the process, everything being compiled before."""
    lb.equilibrium(road_network(100, 260, 20, 200), gap=1e-4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lb.equilibrium(problem, gap=1e-6)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tntp", type=Path, help="folder with public networks and trips")
    options, report = parser.parse_known_args()[0], Report("equilibrium")
    problems = made()
    report.details["memory_mb"] = {problems[1].name: memory_mb(problems[1])}
    print(f"a solution adds {np.round(report.details['memory_mb'][problems[1].name])} MB", flush=True)
    for problem in [*problems, *(public(options.tntp) if options.tntp else [])]:
        equilibria(report, problem)
    growth(report)
    report.write()


if __name__ == "__main__":
    main()
