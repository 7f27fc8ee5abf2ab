"""Calibration of assumed values: a few factors on times, fitted only to the training half of the observations.

The modelled time of an observation is linear in the factors: with the hours of its legs based on assumptions summed by
parameter g, T_g, and all others in T_0, its mean time is T_0 + sum of f_g T_g. The factors are found by least squares
on ln(modelled / observed), with bounds and shrinkage towards 1 (a prior):

    minimise  sum_i (ln(m_i(f) / x_i) / 0.25)^2 + sum_g (ln f_g / 0.2)^2   with  1/2 <= f_g <= 2

m_i is the median scaled with the mean. The training rows are few, so the prior is needed: without it a single row could
drive a factor to its bound. Published, derived and observed values are never scaled; the bundled data are not changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row, Table
from landbridge.networks.times.durations import speed_column
from landbridge.networks.words import counted
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.charts import Bar, bar_chart
from landbridge.routing.output.palette import MODES
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.validation.comparison import COUNTED_KINDS, TIME, ComparedObservation, legs_of
from landbridge.routing.validation.validate import HALVES, Validation, validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landbridge.networks.tables.rows import LinkRow, OperationRow, ServiceRow

PARAMETERS: Final = ("rail_running", "sea_running", "borders", "stops_and_waits")
"""Quantities scaled by the factors: the assumed hours of running by rail and by ship, of borders with their changes of
gauge and note, and of terminals, ports and waits for departure."""

BOUNDS: Final = (0.5, 2.0)
"""Smallest and largest factor."""

RESIDUAL_SD: Final = 0.25
"""Expected standard deviation of ln(modelled / observed) of a correct model."""

PRIOR_SD: Final = 0.2
"""Prior standard deviation of the logarithm of a factor."""

ASSUMED: Final = "assumed"

_HOURS = ("min_h", "mean_h", "p10_h", "p50_h", "p90_h")
_WAITS = ("headway_h", "wait_p10_h", "wait_p50_h", "wait_p90_h", "loose_wait_h", "cut_off_h")
_SPEEDS = ("speed_km_h", "timetabled_speed_km_h")
_RUNNING = {"rail": "rail_running", "sea": "sea_running", "ferry": "sea_running"}
_BORDERS = frozenset({"border_exit", "border_entry", "gauge_change", "note_change"})


@dataclass(frozen=True)
class Parameter:
    """A fitted factor.

    Attributes
    ----------
    name
        One of `PARAMETERS`.
    factor
        Multiplier of the assumed hours.
    low, high
        The factor at one standard error below and above, from the curvature at the minimum.
    least, most
        Its range if each lineage group of the training rows is left out in turn, to see whether one source determines
        it.
    hours_share
        Its share of the modelled hours of the training rows: if small, they contain little information about it.
    values
        Number of rows of the tables that it would change.
    """

    name: str
    factor: float
    low: float
    high: float
    least: float
    most: float
    hours_share: float
    values: int

    def to_dict(self) -> dict[str, Any]:
        """Return the values by name."""
        return dict(vars(self))


@dataclass(frozen=True, repr=False)
class Calibration(Result):
    """Fitted factors, and the validation of both halves before and after.

    Attributes
    ----------
    parameters
        The factors.
    used
        Ids of the training rows of the fit.
    before, after
        All observations with the network unchanged, and with its assumed values scaled.
    """

    parameters: tuple[Parameter, ...]
    used: tuple[str, ...]
    before: Validation
    after: Validation

    def __repr__(self) -> str:
        """Return the factors."""
        factors = ", ".join(f"{item.name} x{item.factor:.2f}" for item in self.parameters)
        return f"<Calibration on {len(self.used)} training rows: {factors}>"

    def to_dict(self) -> dict[str, Any]:
        """Return all values with the names of the JSON output."""
        return {
            "parameters": [item.to_dict() for item in self.parameters],
            "used": list(self.used),
            **{
                name: [validation.headline(half).to_dict() for half in (None, *HALVES)]
                for name, validation in (("before", self.before), ("after", self.after))
            },
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the factors, and the scores of both halves before and after."""
        return RecordTable("parameters", lambda: [item.to_dict() for item in self.parameters]), RecordTable(
            "scores", self._scores
        )

    def plot(self) -> "Figure":
        """Return the chart of the factors, each with its range of one standard error.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        bars = [
            Bar(
                item.name.replace("_", " "), item.factor, f"{item.factor:.2f}", MODES["sea"].colour, item.low, item.high
            )
            for item in self.parameters
        ]
        title = f"Calibration on {counted(len(self.used), 'training row')}"
        subtitle = "Factors on the assumed hours, 1 if they agree; black lines: one standard error"
        return bar_chart(bars, "factor", title, self.meta, subtitle=subtitle)

    def _scores(self) -> list[dict[str, Any]]:
        document = self.to_dict()
        return [{"when": when} | group for when in ("before", "after") for group in document[when]]


def calibrate(network: Network) -> Calibration:
    """Fit the factors to the training half, and validate both halves before and after.

    Parameters
    ----------
    network
        The network, which is not changed.

    Raises
    ------
    QueryError
        If there is no result for any training row of regular or surveyed time.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import calibrate
    >>> calibrate(load_network()).used[:3]
    ('H033', 'H047', 'T04')
    """
    before = validate(network)
    training = [item for item in before.comparisons if item.row["half"] == HALVES[0] and is_fitted(item)]
    fitted, errors = fit_factors(training)
    factors = dict(zip(PARAMETERS, map(float, fitted), strict=True))
    without = _without_each_group(training) or [fitted]
    hours = np.array([hours_by_parameter(item) for item in training])
    counts = count_assumed(network)
    parameters = tuple(
        Parameter(
            name=name,
            factor=factors[name],
            low=float(np.exp(np.log(factors[name]) - errors[number])),
            high=float(np.exp(np.log(factors[name]) + errors[number])),
            least=float(min(other[number] for other in without)),
            most=float(max(other[number] for other in without)),
            hours_share=float(hours[:, number + 1].sum() / hours.sum()),
            values=counts[name],
        )
        for number, name in enumerate(PARAMETERS)
    )
    after = validate(scaled(network, factors))
    return Calibration(
        parameters, tuple(item.row["id"] for item in training), before, after, meta=meta_of(network.tables, {})
    )


def _without_each_group(training: Sequence[ComparedObservation]) -> list[Floats]:
    groups = sorted({item.row["lineage_group"] for item in training})
    rests = [[item for item in training if item.row["lineage_group"] != group] for group in groups]
    return [fit_factors(rest)[0] for rest in rests if rest]


def is_fitted(comparison: ComparedObservation) -> bool:
    """Whether a comparison can be used for the fit: a comparable time of regular service or a survey, with a result."""
    row = comparison.row
    return bool(comparison.counted and row["quantity"] == TIME and row["kind"] in COUNTED_KINDS)


def fit_factors(comparisons: Sequence[ComparedObservation]) -> tuple[Floats, Floats]:
    """Return the factor of each parameter and the standard error of its logarithm, shape (parameters,) each.

    Raises
    ------
    QueryError
        If there is no row, or one is not in the training half: the test half is never used for fitting.
    """
    from scipy.optimize import least_squares

    foreign = sorted(item.row["id"] for item in comparisons if item.row["half"] != HALVES[0])
    if foreign:
        raise QueryError(
            f"{', '.join(foreign)} are in the test half, which is never used for fitting; give training rows"
        )
    if not comparisons:
        raise QueryError(
            "there is no result for any training row of regular or surveyed time, so nothing can be fitted"
        )
    hours = np.array([hours_by_parameter(item) for item in comparisons])
    start = np.array([item.figure / item.observed for item in comparisons if item.figure and item.observed])

    def residuals(logs: Floats) -> Floats:
        growth = (hours @ np.concatenate([[1.0], np.exp(logs)])) / hours.sum(axis=1)
        return np.concatenate([np.log(start * growth) / RESIDUAL_SD, logs / PRIOR_SD])

    found = least_squares(residuals, np.zeros(len(PARAMETERS)), bounds=tuple(np.log(BOUNDS)))
    slopes: Floats = np.asarray(found.jac)
    errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))
    return np.exp(found.x), np.asarray(errors, dtype=np.float64)


def hours_by_parameter(comparison: ComparedObservation) -> list[float]:
    """Return the mean hours of a comparison that are not scaled, followed by those of each parameter."""
    hours = dict.fromkeys((None, *PARAMETERS), 0.0)
    for itinerary in comparison.itineraries:
        for leg in legs_of(itinerary, comparison.row["basis"]):
            hours[_parameter_of_leg(leg, itinerary)] += leg.time.mean_h / len(comparison.itineraries)
    return list(hours.values())


def _parameter_of_leg(leg: Leg, itinerary: Itinerary) -> str | None:
    row: Any = leg.row
    if row is None:
        return None
    if leg.kind == "operation":
        return _of_operation(row)
    if leg.kind == "wait":
        return _of_wait(row)
    if _has_own_time(row):
        return _of_link(row)
    service = itinerary.network.services[row["service"]]
    return _of_speed(service, speed_column(row, service, timetabled=itinerary.cargo.cargo_class == "timetabled"))


def _has_own_time(link: Row) -> bool:
    return any(link[name] is not None for name in ("speed_km_h", "timetabled_speed_km_h", *_HOURS))


def _of_operation(row: "OperationRow") -> str | None:
    if row["time_confidence"] != ASSUMED:
        return None
    return "borders" if row["kind"] in _BORDERS else "stops_and_waits"


def _of_wait(service: "ServiceRow") -> str | None:
    return "stops_and_waits" if service["wait_confidence"] == ASSUMED else None


def _of_link(link: "LinkRow") -> str | None:
    return _RUNNING.get(link["mode"]) if link["time_confidence"] == ASSUMED else None


def _of_speed(service: Row, column: str = "speed_km_h") -> str | None:
    return _RUNNING.get(service["mode"]) if service[f"{column.removesuffix('km_h')}confidence"] == ASSUMED else None


def scaled(network: Network, factors: dict[str, float]) -> Network:
    """Return a network whose assumed times are multiplied by the factors of their parameters.

    Parameters
    ----------
    network
        The network, which is not changed.
    factors
        Factor by parameter; the values of other parameters are unchanged.
    """
    tables = network.tables.copy()
    for name, scale in (("operations", _scaled_operation), ("services", _scaled_service), ("links", _scaled_link)):
        old = network.tables[name]
        tables[name] = Table(old.name, old.file, [scale(row, factors) for row in old], list(old.lines))
    return Network(tables)


def _scaled_operation(row: "OperationRow", factors: dict[str, float]) -> Row:
    return {**row, **_times(row, _HOURS, factors.get(_of_operation(row) or "", 1.0))}


def _scaled_service(row: "ServiceRow", factors: dict[str, float]) -> Row:
    waits = _times(row, _WAITS, factors.get(_of_wait(row) or "", 1.0))
    speeds = [_times(row, (column,), 1 / factors.get(_of_speed(row, column) or "", 1.0)) for column in _SPEEDS]
    return {**row, **waits, **speeds[0], **speeds[1]}


def _scaled_link(row: "LinkRow", factors: dict[str, float]) -> Row:
    factor = factors.get(_of_link(row) or "", 1.0)
    return {**row, **_times(row, _HOURS, factor), **_times(row, ("speed_km_h",), 1 / factor)}


def _times(row: Row, names: Iterable[str], factor: float) -> Row:
    return {name: row[name] * factor for name in names if row[name] is not None and factor != 1.0}


def count_assumed(network: Network) -> dict[str, int]:
    """Return the number of rows of the tables that each parameter would change."""
    found = [
        *(_of_operation(row) for row in network.operations),
        *(of(row) for row in network.services.values() for of in (_of_speed, _of_wait)),
        *(_of_link(row) for row in network.links if _has_own_time(row)),
    ]
    return {name: found.count(name) for name in PARAMETERS}
