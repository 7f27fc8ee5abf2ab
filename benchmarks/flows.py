"""Flows: column generation and arc-based linear programs in the same run, scaling, and the bundled network.

Run it with `python benchmarks/flows.py [--glop]`; `--glop` adds the arc program by GLOP, which takes a
minute. Both sides start from the same arrays and count building their model. Medians of several runs.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import numpy as np
from measuring import OUT, Report
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, kron

from landbridge.networks import load_network
from landbridge.routing.flows.assign import assign
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
from landbridge.routing.resources.capacities import capacities

SEED, NODES, EDGES, RUNS = 1, 200, 1_000, 5
GROWTH = (10, 50, 200, 1_000, 5_000)
TEU_PER_YEAR = 3_000_000


def random_problem(commodities: int) -> Problem:
    """Return a random network; capacities are proportional to the commodities, so that they bind equally."""
    draw = np.random.default_rng(SEED)
    tail = draw.integers(0, NODES, EDGES)
    head = (tail + draw.integers(1, NODES, EDGES)) % NODES
    cost, room = draw.uniform(1, 10, EDGES), draw.uniform(1, 10, EDGES)
    origin = draw.integers(0, NODES, commodities)
    destination = (origin + draw.integers(1, NODES, commodities)) % NODES
    return Problem(
        (TrafficClass(NODES, tail, head, np.arange(EDGES), cost),),
        csr_array(eye_array(EDGES)),
        room * commodities / 150,
        origin,
        destination,
        draw.uniform(1, 8, commodities),
        np.zeros(commodities, dtype=np.int64),
        np.full(commodities, 100.0),
    )


def arc_program(problem: Problem) -> dict[str, object]:
    """Return the arc-based program, built from arrays."""
    profile, count = problem.profiles[0], problem.commodities
    columns, signs = np.tile(np.arange(EDGES), 2), np.repeat([1.0, -1.0], EDGES)
    balance = csr_array((signs, (np.concatenate([profile.tail, profile.head]), columns)), shape=(NODES, EDGES))
    each = np.arange(count)
    rows = np.concatenate([each * NODES + problem.origin, each * NODES + problem.destination])
    beside = csr_array((np.repeat([1.0, -1.0], count), (rows, np.tile(each, 2))), shape=(NODES * count, count))
    return {
        "c": np.concatenate([np.tile(profile.cost, count), problem.unserved_cost]),
        "A_ub": hstack([kron(np.ones((1, count)), problem.uses), csr_array((EDGES, count))], format="csr"),
        "b_ub": problem.capacity,
        "A_eq": hstack([kron(eye_array(count), balance), beside], format="csr"),
        "b_eq": beside @ problem.amount,
    }


def highs(problem: Problem) -> float:
    return float(linprog(**arc_program(problem), method="highs").fun)


def glop(problem: Problem) -> float:
    from ortools.linear_solver.python import model_builder_helper as helper

    arrays = arc_program(problem)
    model, solver = helper.ModelBuilderHelper(), helper.ModelSolverHelper("glop")
    stacked = csr_array(
        (
            np.concatenate([arrays["A_eq"].data, arrays["A_ub"].data]),
            np.concatenate([arrays["A_eq"].indices, arrays["A_ub"].indices]),
            np.concatenate([arrays["A_eq"].indptr, arrays["A_eq"].indptr[-1] + arrays["A_ub"].indptr[1:]]),
        )
    )
    low = np.concatenate([arrays["b_eq"], np.full(EDGES, -np.inf)])
    high = np.concatenate([arrays["b_eq"], arrays["b_ub"]])
    free = np.full(len(arrays["c"]), np.inf)
    model.fill_model_from_sparse_data(np.zeros(len(free)), free, arrays["c"], low, high, stacked)
    solver.set_time_limit_in_seconds(timedelta(minutes=5).total_seconds())
    solver.solve(model)
    return float(solver.objective_value())


def timed(call: Callable[[], object], runs: int = RUNS) -> tuple[float, object]:
    """Return the median time in seconds and the last result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


def against_arcs(*, with_glop: bool) -> dict[str, float]:
    problem = random_problem(200)
    least_cost_flow(problem)
    ours, found = timed(lambda: least_cost_flow(problem))
    found_s = {"column_generation_s": ours, "rounds": found.rounds, "paths": len(found.pool)}
    peers = {"arcs_highs_s": highs} | ({"arcs_glop_s": glop} if with_glop else {})
    for name, solver in peers.items():
        found_s[name], cost = timed(lambda: solver(problem), 1)  # noqa: B023 - called at once
        found_s[f"{name[:-2]}_difference"] = abs(cost - found.cost) / found.cost
        found_s[f"{name[:-2]}_ratio"] = found_s[name] / ours
    found_s["binding_rows"] = int((found.shadow_price > 0).sum())
    return found_s


def growth() -> dict[int, float]:
    seconds = {}
    for count in GROWTH:
        problem = random_problem(count)
        seconds[count], found = timed(lambda: least_cost_flow(problem), 3 if count < 5_000 else 1)  # noqa: B023
        if found.status is not FlowStatus.OPTIMAL:
            raise RuntimeError(f"{count} commodities ended with {found.message}")
    return seconds


def bundled_demand(network: object, count: int) -> list[DemandFlow]:
    """Return random demand between China, Europe and the countries between, with the same total for any count."""
    draw = np.random.default_rng(SEED)
    rail = [row for row in network.places.values() if "rail" in row["modes"] and row["country"]]
    groups = [
        [row["id"] for row in rail if row["country"] in countries]
        for countries in (
            {"CN"},
            {"DE", "PL", "NL", "FR", "HU", "CZ", "IT", "AT"},
            {"KZ", "UZ", "RU", "TR", "AZ", "GE"},
        )
    ]
    found = []
    for _ in range(count):
        one, other = draw.choice(3, 2, replace=False)
        ends = draw.choice(groups[one]), draw.choice(groups[other])
        teu = TEU_PER_YEAR / count * draw.uniform(0.5, 1.5)
        value = float(draw.choice([20_000.0, 50_000.0]))
        found.append(
            DemandFlow(origin=str(ends[0]), destination=str(ends[1]), teu_per_year=teu, value_usd_per_teu=value)
        )
    return found


def bundled() -> dict[str, object]:
    network = load_network()
    capacities(network)
    cases = {
        "hard_200": (200, {}, RUNS),
        "user_200": (200, {"congestion": "user", "gap": 1e-3}, RUNS),
        "user_tight_200": (200, {"congestion": "user"}, 3),
        "hard_2000": (2_000, {}, 1),
        "user_2000": (2_000, {"congestion": "user", "gap": 1e-3}, 1),
    }
    found: dict[str, object] = {}
    for name, (count, options, runs) in cases.items():
        demand = bundled_demand(network, count)
        assign(network, demand[:20], **options)
        seconds, answer = timed(lambda: assign(network, demand, **options), runs)  # noqa: B023
        found[name] = {
            "whole_s": seconds,
            "search_s": answer.flow.time_s,
            "status": answer.status.value,
            "gap": answer.flow.gap,
            "rounds": answer.flow.rounds,
            "paths": len(answer.flow.pool),
            "binding_rows": int((answer.shadow_price_usd_per_teu_day > 0).sum()),
            "unserved_share": float(answer.unserved_teu_day.sum() / answer.demand_teu_day.sum()),
        }
    found["peak_memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return found


def plot(seconds: dict[int, float]) -> None:
    """Plot the time over the number of commodities."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.loglog(list(seconds), list(seconds.values()), marker="o", label="column generation")
    straight = [seconds[GROWTH[0]] * count / GROWTH[0] for count in seconds]
    axes.loglog(list(seconds), straight, linestyle="--", color="grey", label="in proportion")
    axes.set(xlabel=f"commodities on {NODES} nodes and {EDGES:,} arcs", ylabel="s, median")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(OUT / "flows.png", dpi=150)


def main() -> None:
    report = Report("flows")
    OUT.mkdir(parents=True, exist_ok=True)
    random = against_arcs(with_glop="--glop" in sys.argv)
    graph = f"random, {NODES} nodes, {EDGES:,} arcs"
    peers = {name[:-2]: 1000 * random[name] for name in ("arcs_highs_s", "arcs_glop_s") if name in random}
    report.add("least cost, 200 commodities, tight", graph, 1000 * random["column_generation_s"], **peers)
    seconds = growth()
    for count, taken_s in seconds.items():
        report.add(f"growth: {count:,} commodities", graph, 1000 * taken_s)
    plot(seconds)
    on_bundled = bundled()
    for name, case in on_bundled.items():
        if isinstance(case, dict):
            report.add(name.replace("_", ", "), "bundled", 1000 * case["whole_s"])
    report.details = {"random": random, "bundled": on_bundled}
    print(json.dumps(report.details, indent=1))
    report.write()


if __name__ == "__main__":
    main()
