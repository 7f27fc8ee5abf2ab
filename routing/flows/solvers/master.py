"""The restricted master problem of column generation, in OR-Tools MathOpt with its incremental solver.

Each variable is the share of a commodity on a path, so that a commodity of a billionth of a TEU is served as accurately
as one of a billion: the shares of a commodity and its unserved share add to 1, and the paths of a constraint stay
within its capacity. Constraints are divided by their capacity and the objective by its size, which keeps all numbers
near 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats, Ints


class MasterStatus(Enum):
    """Termination status of a solve of the master."""

    OPTIMAL = "optimal"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True)
class MasterSolution:
    """Shares of the columns and unserved shares, and the duals in units of the objective; None if there are none."""

    status: MasterStatus
    detail: str
    share: Floats
    unserved: Floats
    commodity_price: Floats
    row_price: Floats


class Master:
    """A linear program over shares of paths to which columns and rows are added, keeping its basis.

    Parameters
    ----------
    unserved_cost
        Cost of leaving a whole commodity unserved, infinite if not allowed; shape (commodities,).
    scale
        Divisor of the objective.
    """

    def __init__(self, unserved_cost: Floats, scale: float) -> None:
        from ortools.math_opt.python import mathopt

        self._mathopt = mathopt
        self._model = mathopt.Model()
        self._scale = scale
        self._unserved: list[Any] = []
        self._demands: list[Any] = []
        self._columns: list[Any] = []
        self._rows: dict[int, Any] = {}
        self._row_scale: dict[int, float] = {}
        for cost in unserved_cost.tolist():
            allowed = np.isfinite(cost)
            variable = self._model.add_variable(lb=0.0, ub=1.0 if allowed else 0.0)
            demand = self._model.add_linear_constraint(lb=1.0, ub=1.0)
            demand.set_coefficient(variable, 1.0)
            if allowed:
                self._model.objective.set_linear_coefficient(variable, cost / scale)
            self._unserved.append(variable)
            self._demands.append(demand)
        # Reduced costs are computed by pricing; reading them takes longer than a solve.
        none = mathopt.SparseVectorFilter(skip_zero_values=False, filtered_items=[])
        self._wanted = mathopt.ModelSolveParameters(reduced_costs_filter=none)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    @property
    def rows(self) -> list[int]:
        """Rows in the program."""
        return list(self._rows)

    def add_columns(self, commodity: Ints, cost: Floats, loads: csr_array) -> None:
        """Add paths.

        Parameters
        ----------
        commodity, cost
            Commodity of each path, and the cost of sending all of it there, shape (columns,).
        loads
            Use of each row by all of the commodity, shape (columns, rows).
        """
        costs = (cost / self._scale).tolist()
        for number, (owner, value) in enumerate(zip(commodity.tolist(), costs, strict=True)):
            variable = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(variable, value)
            self._demands[owner].set_coefficient(variable, 1.0)
            low, high = loads.indptr[number], loads.indptr[number + 1]
            for row, load in zip(loads.indices[low:high].tolist(), loads.data[low:high].tolist(), strict=True):
                if row in self._rows:
                    self._rows[row].set_coefficient(variable, load / self._row_scale[row])
            self._columns.append(variable)

    def add_rows(self, rows: Sequence[int], capacity: Floats, loads: csr_array) -> None:
        """Limit the use of some rows by the paths.

        Parameters
        ----------
        rows
            Indices of the rows.
        capacity
            Capacity of all rows, shape (rows,).
        loads
            Use of all rows by the existing paths, shape (rows, columns).
        """
        for row in rows:
            low, high = loads.indptr[row], loads.indptr[row + 1]
            values = loads.data[low:high]
            scale = float(capacity[row]) or float(values.max(initial=0.0)) or 1.0
            self._row_scale[row] = scale
            self._rows[row] = self._model.add_linear_constraint(ub=float(capacity[row]) / scale)
            for column, load in zip(loads.indices[low:high].tolist(), (values / scale).tolist(), strict=True):
                self._rows[row].set_coefficient(self._columns[column], load)

    def solve(self, rows: int, time_limit_s: float | None) -> MasterSolution:
        """Solve, starting from the last basis.

        Parameters
        ----------
        rows
            Number of all rows; those not in the program have the price 0.
        time_limit_s
            Time limit of the solver in seconds.
        """
        # Without presolve the last basis can be reused, which halves the time of large programs.
        parameters = self._mathopt.SolveParameters(
            presolve=self._mathopt.Emphasis.OFF,
            time_limit=None if time_limit_s is None else timedelta(seconds=max(time_limit_s, 0.0)),
        )
        result = self._solver.solve(params=parameters, model_params=self._wanted)
        reason, nothing = result.termination.reason, np.empty(0)
        if reason is not self._mathopt.TerminationReason.OPTIMAL:
            # GLOP does not report which limit was reached, so with a time limit it is assumed to be that.
            unfinished = {self._mathopt.TerminationReason.NO_SOLUTION_FOUND, self._mathopt.TerminationReason.FEASIBLE}
            limited = time_limit_s is not None and reason in unfinished
            status = MasterStatus.LIMIT if limited else MasterStatus.FAILED
            return MasterSolution(status, f"{reason.name}: {result.termination.detail}", *(nothing,) * 4)
        row_price = np.zeros(rows)
        chosen = list(self._rows)
        duals = np.array(result.dual_values(list(self._rows.values())))
        scales = np.array([self._row_scale[row] for row in chosen])
        # The least cost decreases with the capacity of a binding row: the dual of <= is negative or 0.
        row_price[chosen] = np.maximum(0.0, -duals) * self._scale / scales
        return MasterSolution(
            MasterStatus.OPTIMAL,
            "",
            np.array(result.variable_values(self._columns)),
            np.array(result.variable_values(self._unserved)),
            np.array(result.dual_values(self._demands)) * self._scale,
            row_price,
        )
