"""Multicommodity flows of least cost: instances alike CommaLab's, HiGHS by sources, growth, and the bundled network.

Run it with `python benchmarks/flows.py [--commalab DIR]`, or all benchmarks with `make bench`. HiGHS solves the arc
program by sources; both sides start from the same arrays and count building their model. Where the program is too large
for it, the bound that the search itself proves is the check.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from instances import Flows, grid_flows, planar_flows, random_flows, read_commalab
from measuring import Report, measured
from peers import highs

from landbridge.networks import load_network
from landbridge.routing.flows.assign import assign
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.resources.capacities import capacities

GROWTH = (50, 200, 1_000, 5_000, 20_000)
TEU_PER_YEAR = 3_000_000
AGREE = 2e-6
"""Largest relative difference of two optima."""

MOST_VARIABLES = 400_000
"""Variables of an arc program that HiGHS is given."""


def made() -> list[Flows]:
    """Return the instances of the project's own, with sizes of grid6, 7, 10 and planar100, 150, 300."""
    return [
        random_flows(200),
        grid_flows(15, 200),
        grid_flows(20, 400),
        grid_flows(25, 2_000, 0.43),
        planar_flows(100, 266, 1_085),
        planar_flows(150, 425, 2_239, 0.5),
        planar_flows(300, 840, 3_584, 0.3),
    ]


def public(folder: Path) -> list[tuple[Flows, float]]:
    """Return CommaLab's instances in a folder and their optima, of the file `optimal.csv` beside them."""
    found = []
    for table in sorted(folder.rglob("optimal.csv")):
        optima = dict(line.split(",") for line in table.read_text(encoding="ascii").split()[1:])
        files = [table.with_name(name) for name in optima if table.with_name(name).is_file()]
        found += [(read_commalab(path), float(optima[path.name])) for path in files]
    return found


def solved(flows: Flows, unserved_cost: float) -> tuple[float, Flow]:
    """Return the CPU ms and the optimum, which is checked to be feasible and proven."""
    ms, found = measured(lambda: least_cost_flow(flows.problem(unserved_cost)))
    if found.status is not FlowStatus.OPTIMAL:
        raise RuntimeError(f"{flows.name} ended with {found.message}")
    if np.any(found.row_flow > flows.capacity * (1 + 1e-6) + 1e-6) or found.gap > AGREE:
        raise RuntimeError(f"{flows.name}: a capacity is exceeded, or the gap is {found.gap:.1e}")
    return ms, found


def least_cost(report: Report, flows: Flows, optimum: float | None = None) -> None:
    """Solve an instance with a penalty and with all to be served, beside HiGHS."""
    penalty, peers = flows.penalty(), {}
    if len(np.unique(flows.origin)) * len(flows.tail) <= MOST_VARIABLES:
        peers["HiGHS, arcs by source"], by_highs = measured(lambda: highs(flows, penalty), runs=1, warm=False)
        checked, expected = "optimum of HiGHS", by_highs
    elif optimum is not None:
        checked, expected = "published optimum", optimum
    else:
        checked, expected = "bound", None
    for how, cost in (("penalty", penalty), ("all served", np.inf)):
        ms, found = solved(flows, cost)
        difference = found.gap if expected is None else abs(found.cost / expected - 1)
        if difference > AGREE:
            raise RuntimeError(f"{flows.name}, {how}: {found.cost:.10g} and {expected:.10g} differ")
        report.add(f"least-cost flow, {how}", flows.name, ms, checked=f"{checked} {difference:.0e}", **peers)
        if found.unserved.sum() > 1e-6 * flows.amount.sum():
            return  # not all can be served
        # With a penalty that serves all it is the same optimum, and HiGHS is not run again.
        peers = {f"{name}, penalty": ms for name, ms in peers.items()}


def growth(report: Report, commodities: tuple[int, ...] = GROWTH) -> None:
    """Measure the time over the number of commodities on one graph, whose capacities grow with them."""
    report.grow(
        "commodities, 200 nodes, 1,000 arcs",
        "commodities",
        {count: solved(random_flows(count), 100.0)[0] for count in commodities},
    )


def bundled_demand(network: Any, count: int) -> list[DemandFlow]:
    """Return random demand between China, Europe and the countries between, with the same total for any count."""
    draw = np.random.default_rng(1)
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


def bundled(report: Report) -> None:
    """Assign demand to the bundled network, with hard capacities and with waits, the state graph and legs included."""
    network = load_network()
    capacities(network)
    for what, count, options in (
        ("assign, hard capacities", 200, {}),
        ("assign, hard capacities", 2_000, {}),
        ("assign, waits by use, gap 1e-3", 200, {"congestion": "user", "gap": 1e-3}),
        ("assign, waits by use", 200, {"congestion": "user"}),
        ("assign, waits by use, gap 1e-3", 2_000, {"congestion": "user", "gap": 1e-3}),
    ):
        demand = bundled_demand(network, count)
        ms, found = measured(lambda: assign(network, demand, **options), runs=3)  # noqa: B023
        checked = f"gap {found.flow.gap:.0e}"
        report.add(what, f"bundled, {count:,} flows", ms, checked=checked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commalab", type=Path, help="folder with public instances and optimal.csv beside them")
    options, report = parser.parse_known_args()[0], Report("flows")
    for flows in made():
        least_cost(report, flows)
    for flows, optimum in public(options.commalab) if options.commalab else []:
        least_cost(report, flows, optimum)
    growth(report)
    bundled(report)
    report.write()


if __name__ == "__main__":
    main()
