"""The restricted master problem of column generation, solved by GLOP through OR-Tools MathOpt, which keeps its basis.

Each variable is the share of a commodity on a path, so that a commodity of a billionth of a TEU is served as accurately
as one of a billion: the shares of a commodity and its unserved share add to 1, and the paths of a constraint stay
within its capacity. Constraints are divided by their capacity and the objective by its size, which keeps all numbers
near 1.

A constraint may be exceeded at a price. This overflow bounds the duals, which otherwise swing far in the first rounds,
and makes any choice of a path for each commodity a feasible basis, from which the primal simplex method takes a quarter
of the iterations of a cold start. The program is given to MathOpt as arrays, in its protocol buffers: its objects for
single variables and coefficients take longer than a solve.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats, Ints


class MasterStatus(Enum):
    """Termination status of a solve of the master."""

    OPTIMAL = "optimal"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True)
class MasterSolution:
    """Shares and duals, the duals in units of the objective; empty if the solve failed.

    Attributes
    ----------
    share, unserved
        Share of its commodity on each path, shape (columns,), and the share of each that is not served.
    commodity_price
        Cost of all of a commodity, shape (commodities,).
    row_price, overflow
        Price per unit of each constraint, and how far it is exceeded; 0 if it is not in the program; shape (rows,).
    """

    status: MasterStatus
    detail: str
    share: Floats
    unserved: Floats
    commodity_price: Floats
    row_price: Floats
    overflow: Floats


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
        from ortools.math_opt import model_pb2, parameters_pb2, solution_pb2
        from ortools.math_opt.core.python import solver

        self._scale, self._commodities = scale, len(unserved_cost)
        self._basic, self._lower, self._upper, self._fixed = (
            getattr(solution_pb2, f"BASIS_STATUS_{name}")
            for name in ("BASIC", "AT_LOWER_BOUND", "AT_UPPER_BOUND", "FIXED_VALUE")
        )
        self._solver = solver.new(
            parameters_pb2.SOLVER_TYPE_GLOP, model_pb2.ModelProto(), parameters_pb2.SolverInitializerProto()
        )
        self._rows: list[int] = []
        self._size = np.empty(0)
        nothing = np.empty(0, dtype=np.int64)
        self._column_variable, self._overflow_variable, self._constraint = nothing, nothing, nothing
        self._variable_basis, self._constraint_basis = nothing, nothing
        self._begin_update()
        allowed = np.isfinite(unserved_cost)
        variables = self._add_variables(np.where(allowed, unserved_cost, 0.0), np.where(allowed, 1.0, 0.0), self._basic)
        ones = np.ones(self._commodities)
        self._add_coefficients(self._add_constraints(ones, ones, self._fixed), variables, ones)

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
        variables = self._add_variables(cost, np.full(len(cost), np.inf), self._lower)
        self._column_variable = np.append(self._column_variable, variables)
        self._add_coefficients(commodity, variables, np.ones(len(variables)))
        number = np.full(loads.shape[1], -1)
        number[self._rows] = np.arange(len(self._rows))
        cells = loads.tocoo()
        known = number[cells.col]
        inside = known >= 0
        known = known[inside]
        self._add_coefficients(
            self._constraint[known], variables[cells.row[inside]], cells.data[inside] / self._size[known]
        )

    def add_rows(self, rows: Sequence[int], capacity: Floats, loads: csr_array, overflow: Floats | None = None) -> None:
        """Limit the use of some rows by the paths.

        Parameters
        ----------
        rows
            Indices of the rows.
        capacity
            Capacity of all rows, shape (rows,).
        loads
            Use of all rows by the existing paths, shape (rows, columns).
        overflow
            Cost per unit by which a row is exceeded, shape (rows,); None: they may not be exceeded.
        """
        new = np.array(rows, dtype=np.int64)
        cells = csr_array(loads[new]).tocoo()
        size, most = capacity[new].astype(np.float64), np.zeros(len(new))
        np.maximum.at(most, cells.row, cells.data)
        size = np.where(size > 0, size, np.where(most > 0, most, 1.0))
        constraints = self._add_constraints(np.full(len(new), -np.inf), capacity[new] / size, self._basic)
        self._add_coefficients(constraints[cells.row], self._column_variable[cells.col], cells.data / size[cells.row])
        cost = np.full(len(new), np.inf) if overflow is None else overflow[new] * size
        allowed = np.isfinite(cost)
        variables = self._add_variables(np.where(allowed, cost, 0.0), np.where(allowed, np.inf, 0.0), self._lower)
        self._add_coefficients(constraints, variables, np.full(len(new), -1.0))
        self._rows += new.tolist()
        self._size = np.append(self._size, size)
        self._constraint = np.append(self._constraint, constraints)
        self._overflow_variable = np.append(self._overflow_variable, variables)

    def price_overflow(self, overflow: Floats) -> None:
        """Change the cost per unit by which the rows in the program are exceeded, given that of all; shape (rows,)."""
        self._costs.append((self._overflow_variable, overflow[self._rows] * self._size))

    def begin_at(self, best: Ints, exceeded: Ints) -> None:
        """Begin the next solve with one path for each commodity.

        Parameters
        ----------
        best
            The column of each commodity, -1: it is left unserved; shape (commodities,).
        exceeded
            Rows that these paths exceed.
        """
        served, over = best >= 0, np.isin(self._rows, exceeded)
        self._variable_basis[:] = self._lower
        self._variable_basis[np.flatnonzero(~served)] = self._basic
        self._variable_basis[self._column_variable[best[served]]] = self._basic
        self._variable_basis[self._overflow_variable[over]] = self._basic
        self._constraint_basis[self._constraint] = np.where(over, self._upper, self._basic)

    def solve(self, rows: int, time_limit_s: float | None) -> MasterSolution:
        """Solve, starting from the last basis.

        Parameters
        ----------
        rows
            Number of all rows; those not in the program have the price 0.
        time_limit_s
            Time limit of the solver in seconds.
        """
        from ortools.math_opt import callback_pb2, parameters_pb2, result_pb2

        self._send_update()
        # Without presolve the basis can be used, which halves the time of large programs.
        parameters = parameters_pb2.SolveParametersProto(
            presolve=parameters_pb2.EMPHASIS_OFF, lp_algorithm=parameters_pb2.LP_ALGORITHM_PRIMAL_SIMPLEX
        )
        if time_limit_s is not None:
            parameters.time_limit.FromTimedelta(timedelta(seconds=max(time_limit_s, 0.0)))
        result = self._solver.solve(
            parameters, self._basis(), None, callback_pb2.CallbackRegistrationProto(), None, None
        )
        reason = result.termination.reason
        if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            # GLOP does not report which limit was reached, so with a time limit it is assumed to be that.
            unfinished = result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND, result_pb2.TERMINATION_REASON_FEASIBLE
            status = MasterStatus.LIMIT if time_limit_s is not None and reason in unfinished else MasterStatus.FAILED
            name = result_pb2.TerminationReasonProto.Name(reason).removeprefix("TERMINATION_REASON_")
            return MasterSolution(status, f"{name}: {result.termination.detail}", *(np.empty(0),) * 5)
        return self._solution(result.solutions[0], rows)

    def _solution(self, found: Any, rows: int) -> MasterSolution:
        self._variable_basis = np.array(found.basis.variable_status.values)
        self._constraint_basis = np.array(found.basis.constraint_status.values)
        values = np.array(found.primal_solution.variable_values.values)
        duals = np.array(found.dual_solution.dual_values.values)
        row_price, overflow = np.zeros(rows), np.zeros(rows)
        # The least cost decreases with the capacity of a binding row: the dual of <= is negative or 0.
        row_price[self._rows] = np.maximum(0.0, -duals[self._constraint]) * self._scale / self._size
        overflow[self._rows] = np.maximum(0.0, values[self._overflow_variable]) * self._size
        return MasterSolution(
            MasterStatus.OPTIMAL,
            "",
            values[self._column_variable],
            values[: self._commodities],
            duals[: self._commodities] * self._scale,
            row_price,
            overflow,
        )

    def _basis(self) -> Any:
        from ortools.math_opt import model_parameters_pb2

        found = model_parameters_pb2.ModelSolveParametersProto()
        # Reduced costs are computed by pricing; reading them takes longer than a solve.
        found.reduced_costs_filter.filter_by_ids = True
        basis = found.initial_basis
        for status, values in (
            (basis.variable_status, self._variable_basis),
            (basis.constraint_status, self._constraint_basis),
        ):
            status.ids.extend(range(len(values)))
            status.values.extend(values.tolist())
        return found

    def _begin_update(self) -> None:
        from ortools.math_opt import model_update_pb2

        self._update = model_update_pb2.ModelUpdateProto()
        self._costs: list[tuple[Ints, Floats]] = []
        self._cells: list[tuple[Ints, Ints, Floats]] = []

    def _send_update(self) -> None:
        if self._costs:
            variables, costs = (np.concatenate(each)[::-1] for each in zip(*self._costs, strict=True))
            # Of several costs of a variable the last holds.
            different, last = np.unique(variables, return_index=True)
            changed = self._update.objective_updates.linear_coefficients
            changed.ids.extend(different.tolist())
            changed.values.extend((costs[last] / self._scale).tolist())
        if self._cells:
            rows, columns, values = (np.concatenate(each) for each in zip(*self._cells, strict=True))
            order, matrix = np.lexsort((columns, rows)), self._update.linear_constraint_matrix_updates
            matrix.row_ids.extend(rows[order].tolist())
            matrix.column_ids.extend(columns[order].tolist())
            matrix.coefficients.extend(values[order].tolist())
        self._solver.update(self._update)
        self._begin_update()

    def _add_variables(self, cost: Floats, upper: Floats, status: int) -> Ints:
        count, first, new = len(cost), len(self._variable_basis), self._update.new_variables
        variables = first + np.arange(count)
        new.ids.extend(variables.tolist())
        new.lower_bounds.extend([0.0] * count)
        new.upper_bounds.extend(upper.tolist())
        new.integers.extend([False] * count)
        self._variable_basis = np.append(self._variable_basis, np.full(count, status))
        self._costs.append((variables, cost))
        return variables

    def _add_constraints(self, lower: Floats, upper: Floats, status: int) -> Ints:
        first, new = len(self._constraint_basis), self._update.new_linear_constraints
        constraints = first + np.arange(len(upper))
        new.ids.extend(constraints.tolist())
        new.lower_bounds.extend(lower.tolist())
        new.upper_bounds.extend(upper.tolist())
        self._constraint_basis = np.append(self._constraint_basis, np.full(len(upper), status))
        return constraints

    def _add_coefficients(self, constraints: NDArray[np.integer], variables: Ints, values: Floats) -> None:
        self._cells.append((constraints.astype(np.int64), variables, values))
