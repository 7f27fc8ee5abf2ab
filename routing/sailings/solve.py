"""Running CP-SAT: with a time limit, reproducible for a seed, and interruptible by Ctrl-C with the best solution.

CP-SAT swallows Ctrl-C if it solves in the main thread, and the program continues as if it had finished. The search
therefore runs in a separate thread while the main thread waits, can be interrupted, and stops the search.
"""

import threading
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isfinite
from typing import Any

from landbridge.networks.little_memory import check_thread_fits

_POLL_S = 0.1
_ROUNDING, _NO_BOUND = 1e-6, 1e15


class PlanStatus(StrEnum):
    """Termination status of the solver."""

    OPTIMAL = "optimal"
    """Proven optimal."""
    FEASIBLE = "feasible"
    """Found within the time limit; a better solution may exist."""
    INTERRUPTED = "interrupted"
    """Stopped by the user; the best solution so far."""
    INFEASIBLE = "infeasible"
    """Proven that no schedule meets the conditions."""
    UNKNOWN = "unknown"
    """Nothing found or proven within the time limit."""


@dataclass(frozen=True)
class Outcome:
    """Result of a search; `value` is None if no solution was found."""

    status: PlanStatus
    value: int | None
    bound: int | None
    solver: Any

    @property
    def found(self) -> bool:
        """Whether there is a solution."""
        return self.value is not None


def search(model: Any, *, time_limit_s: float, seed: int) -> Outcome:
    """Solve a CP-SAT model with a minimised objective and return the result.

    Parameters
    ----------
    model
        An `ortools` `CpModel`.
    time_limit_s
        Wall-clock seconds. Two runs give the same result if both end earlier.
    seed
        Seed of the search.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(time_limit_s, _POLL_S)
    solver.parameters.random_seed = seed
    # One worker, so that the search is the same on every machine: it proves in seconds what several that are
    # interleaved by work done do not in a minute.
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    ended, interrupted = _run(solver, model)
    names = {cp_model.OPTIMAL: PlanStatus.OPTIMAL, cp_model.INFEASIBLE: PlanStatus.INFEASIBLE}
    status = names.get(ended, PlanStatus.UNKNOWN)
    if ended == cp_model.FEASIBLE:
        status = PlanStatus.FEASIBLE
    if interrupted and status not in {PlanStatus.OPTIMAL, PlanStatus.INFEASIBLE}:
        status = PlanStatus.INTERRUPTED
    found = ended in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    # A search that ended early has no bound; objectives here are counts, which are at least 0.
    limit = solver.best_objective_bound
    bound = max(0, ceil(limit - _ROUNDING)) if isfinite(limit) and abs(limit) < _NO_BOUND else 0
    value = round(solver.objective_value) if found else None
    return Outcome(status, value, None if status is PlanStatus.INFEASIBLE else bound, solver)


def _run(solver: Any, model: Any) -> tuple[Any, bool]:
    """Solve in a thread; return the status and whether the user stopped it."""
    ended: list[Any] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def solve() -> None:
        try:
            ended.append(solver.solve(model))
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            failed.append(error)
        finally:
            done.set()

    check_thread_fits()
    threading.Thread(target=solve, daemon=True).start()
    interrupted = False
    # An event and not Thread.join: an interrupted join leaves the thread marked as ended.
    while True:
        try:
            if done.wait(_POLL_S):
                break
        except KeyboardInterrupt:
            interrupted = True
        if interrupted:
            # Repeated until it takes effect: a search that has not started yet ignores it.
            solver.stop_search()
    if failed:
        raise failed[0]
    return ended[0], interrupted
