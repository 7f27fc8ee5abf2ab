"""Fronts beside a plain BOA* in numba: grids with whole-number costs and the world's railways; growth of labels.

Run it with `python benchmarks/fronts.py`, or all benchmarks with `make bench`. Both search from arrays, and the
backward trees count. Exact fronts must have the points of BOA*; approximate ones must cover them.
"""

import numpy as np
from boa_star import boa_star
from front_instances import FrontInstance, grid_front, rail_front
from measuring import Report, measured

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import NotInstalledError
from landbridge.routing.search.fronts import path_front

BERLIN = (13.37, 52.53)
EPSILON = 0.01
SIDES = (25, 50, 100, 200)
CRITERIA = {2: 24, 3: 24, 4: 12}
"""Side of the grid for each number of criteria."""


def made() -> dict[str, FrontInstance]:
    """Return the instances; the railways only if their package is installed."""
    found = {f"grid {side} x {side}, costs 1 to 100": grid_front(side) for side in (100, 150)}
    try:
        return found | {"rail, Duisburg-Hannover": rail_front(), "rail, Duisburg-Berlin": rail_front(BERLIN)}
    except NotInstalledError:
        print("no railways: install the extra geodata", flush=True)
        return found


def front_of(instance: FrontInstance, epsilon: float = 0.0) -> Floats:
    """Return the criteria of the points, by the first criterion."""
    space, (starts, ends) = instance.space, instance.ends
    values = path_front(space, instance.costs, starts, ends, epsilon=epsilon).values
    return values[np.lexsort(values.T[::-1])]


def by_boa_star(instance: FrontInstance) -> tuple[Floats, int]:
    """Return the same by BOA*, and the number of labels that it expands."""
    return boa_star(instance.tail, instance.head, instance.costs, instance.source, instance.target)


def uncovered(points: Floats, front: Floats, epsilon: float) -> int:
    """Return how many points of a front of two criteria no point is within 1 + epsilon of."""
    beyond = np.searchsorted(points[:, 0], front[:, 0] * (1 + epsilon) * (1 + 1e-9), side="right")
    least = np.minimum.accumulate(points[:, 1])
    return int(np.sum((beyond == 0) | (least[beyond - 1] > front[:, 1] * (1 + epsilon) * (1 + 1e-9))))


def two_criteria(report: Report, name: str, instance: FrontInstance) -> None:
    """Search the exact and the approximate front of an instance."""
    peer_ms, (expected, _) = measured(lambda: by_boa_star(instance))
    ms, found = measured(lambda: front_of(instance))
    if found.shape != expected.shape or not np.allclose(found, expected, rtol=1e-9):
        raise RuntimeError(f"{name}: {len(found)} points, and {len(expected)} by BOA*")
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
        times[by_boa_star(instance)[1]] = measured(lambda: front_of(instance), runs=3)[0]  # noqa: B023
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
    for name, instance in made().items():
        two_criteria(report, name, instance)
    growth(report)
    report.write()


if __name__ == "__main__":
    main()
