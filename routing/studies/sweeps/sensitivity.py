"""Which parameter of a sweep moves its answers: Sobol indices where the design allows, else rank correlations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.arguments import instance, listed, shown
from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import Meta
from landbridge.networks.tables.records import TableLike, is_frame
from landbridge.routing.output.result import ResultList
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.studies.sweeps.designs import BLOCK, POINT
from landbridge.routing.studies.sweeps.indices import rank_correlations, sobol_indices
from landbridge.routing.studies.sweeps.spreads import all_numbers, is_number
from landbridge.routing.studies.sweeps.tornado import Swing, draw_tornado

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PARTS: Final = 5
"""The answers where a parameter is in its lowest and highest fifth are set side by side."""

_FEWEST: Final = 2


@dataclass(frozen=True)
class Effect:
    """How a parameter moves an answer.

    Attributes
    ----------
    output, parameter
        Columns of the sweep.
    group
        The scenario and demand of the rows, of a sweep with several.
    rows
        Number of rows with an answer.
    mean
        Mean of the answer in these rows.
    low_at, high_at
        Where the parameter is low and high: its lowest and highest fifth, or value; of texts those whose answers are
        the least and the most.
    low, high
        Mean of the answer there.
    spearman, prcc, p_value
        Correlation of ranks, the partial one with the other parameters held, and the probability that it is so large
        by chance; None for texts and for what does not vary.
    first_order, total
        Sobol indices: the part of the variance that the parameter makes alone, and with all its interactions. None
        unless the design is `saltelli`.
    first_order_p2_5, first_order_p97_5, total_p2_5, total_p97_5
        Their 95 % intervals.
    """

    output: str
    parameter: str
    group: str
    rows: int
    mean: float
    low_at: str
    high_at: str
    low: float
    high: float
    spearman: float | None = None
    prcc: float | None = None
    p_value: float | None = None
    first_order: float | None = None
    first_order_p2_5: float | None = None
    first_order_p97_5: float | None = None
    total: float | None = None
    total_p2_5: float | None = None
    total_p97_5: float | None = None

    @property
    def size(self) -> float:
        """What effects are sorted by: the total index, or without one the swing of the answer from low to high."""
        return abs(self.high - self.low) if self.total is None else self.total


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(ResultList[Effect]):
    """The effects of the parameters of a sweep on its answers, by answer and group, the largest effect first."""

    def __repr__(self) -> str:
        """Return the largest effect on each answer."""
        lines = [f"<Sensitivity: {len(self.items)} effects>"]
        lines += [f"{item.output}: most by {item.parameter}" for item in self.first()]
        return "\n".join(lines)

    def first(self) -> list[Effect]:
        """Return the largest effect on each answer in each group."""
        found: dict[tuple[str, str], Effect] = {}
        for item in self.items:
            found.setdefault((item.output, item.group), item)
        return list(found.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the effects with the names of the JSON output."""
        return {"effects": [dict(vars(item)) for item in self.items]}

    def tables(self) -> Sequence[RecordTable]:
        """Return a row for each effect."""
        names = tuple(column.name for column in fields(Effect))
        return (RecordTable("sensitivity", lambda: [dict(vars(item)) for item in self.items], names),)

    def plot(self, output: str | None = None, group: str | None = None) -> "Figure":
        """Return the chart of an answer where each parameter is low and high (tornado), by default of the first one.

        Raises
        ------
        QueryError
            If there is no such answer or group, or (`PlotError`) matplotlib is not installed.
        """
        outputs = list(dict.fromkeys(item.output for item in self.items))
        groups = list(dict.fromkeys(item.group for item in self.items))
        for name, given, known in (("output", output, outputs), ("group", group, groups)):
            if given is not None and given not in known:
                raise QueryError(f"the sweep has no {name} {given!r}; give one of {', '.join(known) or 'none'}")
        shown = [
            item
            for item in self.items
            if item.output == (output or outputs[0]) and item.group == (groups[0] if group is None else group)
        ]
        swings = [Swing(item.parameter, item.low, item.high, item.low_at, item.high_at, _index(item)) for item in shown]
        return draw_tornado(swings, shown[0].output if shown else "", shown[0].mean if shown else 0.0, self.meta)


def sensitivity(
    table: TableLike,
    parameters: Iterable[str],
    outputs: Iterable[str],
    *,
    by: Iterable[str] = (),
    meta: Meta | None = None,
) -> Sensitivity:
    """Return how the parameters of a sweep move its answers.

    Parameters
    ----------
    table
        The rows of a sweep with their answers: a DataFrame or a list of dictionaries, such as `sweep.to_frame()`. Rows
        without an answer (`error`) are left out.
    parameters, outputs
        Names of columns.
    by
        Columns whose values are told apart, such as `scenario`.
    meta
        Metadata of the sweep.

    Returns
    -------
    Sensitivity
        Sobol indices if the table has the columns `block` and `point` of the design `saltelli`, and rank correlations;
        for texts only the answers at each.

    Raises
    ------
    QueryError
        If there is no such column, or a column of an answer holds no numbers.

    Examples
    --------
    >>> import landbridge as lb
    >>> rows = [{"hours": h, "fee": f, "usd": 10 * h + f} for h in range(5) for f in range(5)]
    >>> found = lb.sensitivity(rows, ["hours", "fee"], ["usd"])
    >>> found[0].parameter, found[0].low, found[0].high
    ('hours', 2.0, 42.0)
    """
    rows = _records(table)
    names, answers = _names(parameters, "parameters"), _names(outputs, "outputs")
    groups = _columns(by, "by")
    _check(rows, (*names, *groups), answers)
    found: list[Effect] = []
    for output in answers:
        for group, chosen in _grouped(rows, groups).items():
            answered = [row for row in chosen if is_number(row[output]) and np.isfinite(row[output])]
            if len(answered) >= _FEWEST:
                effects = _effects(answered, names, output, group)
                found += sorted(effects, key=lambda item: (-item.size, item.parameter))
    return Sensitivity(tuple(found), meta={} if meta is None else instance(meta, dict, "meta", "give that of a sweep"))


def _records(table: TableLike) -> list[Mapping[str, Any]]:
    given: Any = table
    if is_frame(table):
        given = table.astype(object).where(table.notna(), None).to_dict("records")
    cure = "the rows of a sweep: a DataFrame or a list of dictionaries"
    rows = listed(given, "table", cure)
    if not all(isinstance(row, Mapping) for row in rows):
        raise QueryError(f"table is no list of dictionaries; give {cure}")
    return list(rows)


def _names(given: object, name: str) -> tuple[str, ...]:
    names = _columns(given, name)
    if not names:
        raise QueryError(f"{name} is {shown(given)}; give names of columns")
    return names


def _columns(given: object, name: str) -> tuple[str, ...]:
    columns = listed(given, name, "names of columns")
    if not all(isinstance(item, str) for item in columns):
        raise QueryError(f"{name} is {shown(given)}; give names of columns")
    return columns


def _check(rows: Sequence[Mapping[str, Any]], names: Sequence[str], outputs: Sequence[str]) -> None:
    known = {name for row in rows for name in row}
    missing = [name for name in (*names, *outputs) if name not in known]
    if missing:
        raise QueryError(f"the table has no column {missing[0]!r}; it has {', '.join(sorted(known)) or 'none'}")
    for output in outputs:
        texts = [row[output] for row in rows if isinstance(row.get(output), str)]
        if texts:
            raise QueryError(f"{output} has the text {texts[0]!r}; give answers that are numbers")


def _grouped(rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(", ".join(str(row[name] or "none") for name in by), []).append(row)
    return found


def _effects(rows: Sequence[Mapping[str, Any]], names: Sequence[str], output: str, group: str) -> Iterator[Effect]:
    # The samples with one parameter from the other sample depend on it: only A and B are independent.
    free = [row for row in rows if row.get(BLOCK) in {None, "A", "B"}]
    answers = np.array([row[output] for row in free], dtype=float)
    numeric = [name for name in names if all_numbers([row[name] for row in free])]
    cells = np.array([[row[name] for name in numeric] for row in free], dtype=float).reshape(len(free), len(numeric))
    ranked = dict(zip(numeric, rank_correlations(cells, answers), strict=True))
    indices = _of_saltelli(rows, names, output)
    for name in names:
        values = [row[name] for row in free]
        swing = _numeric_swing(np.array(values, dtype=float), answers) if name in ranked else _swing(values, answers)
        found: dict[str, Any] = dict(indices.get(name, {}))
        if name in ranked:
            found |= {key: _finite(value) for key, value in ranked[name]._asdict().items()}
        yield Effect(output, name, group, len(rows), float(answers.mean()), *swing, **found)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _numeric_swing(values: Floats, answers: Floats) -> tuple[str, str, float, float]:
    """Return where a parameter is low and high, and the mean answers there."""
    levels = np.unique(values)
    few = len(levels) <= 2 * _PARTS
    low, high = (levels[0], levels[-1]) if few else np.quantile(values, [1 / _PARTS, 1 - 1 / _PARTS])
    parts: tuple[Bools, Bools] = (values <= low, values >= high)
    texts = [f"{end:.4g}" for end in (low, high)]
    if not few:
        texts = [f"{levels[0]:.3g} to {low:.3g}", f"{high:.3g} to {levels[-1]:.3g}"]
    return texts[0], texts[1], float(answers[parts[0]].mean()), float(answers[parts[1]].mean())


def _swing(values: Sequence[Any], answers: Floats) -> tuple[str, str, float, float]:
    """Return the texts with the least and the largest mean answer, and these."""
    texts = np.array([str(value) for value in values])
    means = {text: float(answers[texts == text].mean()) for text in dict.fromkeys(texts.tolist())}
    low, high = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    return low, high, means[low], means[high]


def _of_saltelli(rows: Sequence[Mapping[str, Any]], names: Sequence[str], output: str) -> dict[str, dict[str, float]]:
    """Return the Sobol indices of each parameter; none if the design is another."""
    blocks: dict[str, dict[Any, list[float]]] = {}
    for row in rows:
        if row.get(BLOCK) is not None:
            blocks.setdefault(row[BLOCK], {}).setdefault(row[POINT], []).append(row[output])
    needed = ["A", "B", *(f"AB:{name}" for name in names)]
    if any(block not in blocks for block in needed):
        return {}
    # A point that failed in one sample is left out of all; runs with several seeds are averaged.
    points = sorted(set.intersection(*(set(blocks[block]) for block in needed)))
    if len(points) < _FEWEST:
        return {}
    a, b, *ab = (np.array([np.mean(blocks[block][point]) for point in points]) for block in needed)
    found = sobol_indices(a, b, np.array(ab))
    columns = {
        "first_order": found.first,
        "first_order_p2_5": found.first_ends[0],
        "first_order_p97_5": found.first_ends[1],
        "total": found.total,
        "total_p2_5": found.total_ends[0],
        "total_p97_5": found.total_ends[1],
    }
    return {name: {key: float(of[number]) for key, of in columns.items()} for number, name in enumerate(names)}


def _index(effect: Effect) -> str:
    if effect.total is not None and effect.first_order is not None:
        return f"S {effect.first_order:.2f}, total {effect.total:.2f}"
    return "" if effect.spearman is None else f"rank correlation {effect.spearman:+.2f}"
