"""Fronts beside a plain BOA* in numba: grids with whole-number costs and the world's railways; growth of labels.

Run it with `python benchmarks/fronts.py`, or all benchmarks with `make bench`. Both search from arrays, and the
backward trees count. Exact fronts must have the points of BOA*; approximate ones must cover them.
"""

import numpy as np
from boa_star import boa_star
from instances import Arcs, grid_front, rail_front
from measuring import Report, measured

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import NotInstalledError
from landbridge.routing.search.fronts import path_front
from landbridge.routing.search.space import AccessNode, SearchSpace

EPSILON = 0.01
SIDES = (25, 50, 100, 200)
CRITERIA = {2: 24, 3: 24, 4: 12}
"""Side of the grid for each number of criteria."""


def made() -> list[Arcs]:
    """Return the instances; the railways only if their package is installed."""
    found = [grid_front(100), grid_front(150)]
    try:
        return [*found, rail_front("Hannover"), rail_front("Berlin")]
    except NotInstalledError:
        print("no railways: install the extra geodata", flush=True)
        return found


def front_of(instance: Arcs, epsilon: float = 0.0) -> Floats:
    """Return the criteria of the points, by the first criterion; making the search space counts."""
    edge, zeros = np.arange(len(instance.tail), dtype=np.int32), (0.0,) * instance.weights.shape[1]
    space = SearchSpace(instance.tail.astype(np.int32), instance.head.astype(np.int32), edge, instance.nodes)
    starts, ends = ([AccessNode(node, zeros)] for node in (instance.source, instance.target))
    values = path_front(space, instance.weights, starts, ends, epsilon=epsilon).values
    return values[np.lexsort(values.T[::-1])]


def uncovered(points: Floats, front: Floats, epsilon: float) -> int:
    """Return how many points of a front of two criteria no point is within 1 + epsilon of."""
    beyond = np.searchsorted(points[:, 0], front[:, 0] * (1 + epsilon) * (1 + 1e-9), side="right")
    least = np.minimum.accumulate(points[:, 1])
    return int(np.sum((beyond == 0) | (least[beyond - 1] > front[:, 1] * (1 + epsilon) * (1 + 1e-9))))


def two_criteria(report: Report, instance: Arcs) -> None:
    """Search the exact and the approximate front of an instance."""
    name = instance.name
    peer_ms, (expected, _) = measured(lambda: boa_star(instance))
    ms, found = measured(lambda: front_of(instance))
    # BOA* keeps points that differ by the rounding of their sums.
    if missed := uncovered(found, expected, 0.0) + uncovered(expected, found, 0.0):
        raise RuntimeError(f"{name}: {len(found)} points, {len(expected)} by BOA*, and {missed} differ")
    report.add("front, two criteria", name, ms, checked=f"{len(found):,} points of BOA*", BOA_star=peer_ms)
    ms, found = measured(lambda: front_of(instance, EPSILON))
    if missed := uncovered(found, expected, EPSILON):
        raise RuntimeError(f"{name}: {missed} points are not covered within {EPSILON:.0%}")
    checked = f"{len(found):,} points cover them"
    report.add("the same, epsilon 1 %", name, ms, checked=checked, BOA_star_exact=peer_ms)


def growth(report: Report, sides: tuple[int, ...] = SIDES) -> None:
    """Measure the time over the labels that BOA* expands, and that of several criteria."""
    times = {}
    for side in sides:
        instance = grid_front(side)
        times[boa_star(instance)[1]] = measured(lambda: front_of(instance), runs=3)[0]  # noqa: B023
    report.grow("labels, grids with two criteria", "labels that are expanded", times)
    ours = {}
    for criteria, side in CRITERIA.items():
        instance = grid_front(side, criteria)
        ours[criteria], found = measured(lambda: front_of(instance), runs=3)  # noqa: B023
        report.add(
            f"front, {criteria} criteria", f"grid {side} x {side}", ours[criteria], checked=f"{len(found)} points"
        )


def main() -> None:
    report = Report("fronts")
    for instance in made():
        two_criteria(report, instance)
    growth(report)
    report.write()


if __name__ == "__main__":
    main()
