"""Tables of studies for the terminal."""

from collections import Counter
from typing import Final

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, print_table
from landbridge.routing.studies.sweeps.sensitivity import Effect
from landbridge.routing.studies.sweeps.study_answer import StudyAnswer

_MOST_EFFECTS: Final = 12
_MOST_ERRORS: Final = 3
_REMARKS: Final = (
    "Low and high: mean of the answer where the parameter is in its lowest and highest fifth, or at its ends. "
    "S, total: part of the variance that the parameter makes alone, and with its interactions. "
    "Rank: rank correlation (Spearman); PRCC: the same with the other parameters held."
)


def print_study(found: StudyAnswer) -> None:
    """Print the number of rows by status, the answers, the effects of the parameters, and the most frequent errors."""
    counts = found.sweep.counts
    status = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    console().print(f"{found.title}: {counted(len(found.sweep), 'row')}, {status}")
    _print_summary(found)
    _print_effects(found)
    _print_errors(found)


def _print_summary(found: StudyAnswer) -> None:
    rows = [
        [
            row["output"],
            *([row["group"]] if found.by else []),
            f"{row['rows']:,}",
            *(number(row[name]) for name in ("mean", "sd", "p10", "p50", "p90", "least", "most")),
        ]
        for row in found.summary()
    ]
    if rows:
        names = ["answer", *(["scenario" if found.by == ("scenario",) else "group"] if found.by else [])]
        columns = [*names, "rows", "mean", "sd", "p10", "p50", "p90", "least", "most"]
        print_table("answers", columns, rows, left=len(names))


def _print_effects(found: StudyAnswer) -> None:
    effects = found.sensitivity.items
    if not effects:
        return
    indexed = any(item.total is not None for item in effects)
    names = ["answer", *(["group"] if found.by else []), "parameter", "low at", "high at"]
    columns = [*names, "low", "high", *(["S", "total"] if indexed else []), "rank", "PRCC"]
    shown = effects[:_MOST_EFFECTS]
    title = f"what moves them: {len(shown)} of {len(effects)}" if len(shown) < len(effects) else "what moves them"
    print_table(title, columns, [_cells(item, bool(found.by), indexed) for item in shown], left=len(names),
                remarks=_REMARKS)  # fmt: skip


def _cells(item: Effect, grouped: bool, indexed: bool) -> list[str]:
    indices = [_index(item.first_order), _index(item.total)] if indexed else []
    group = [item.group] if grouped else []
    ends = [item.low_at, item.high_at, number(item.low), number(item.high)]
    return [item.output, *group, item.parameter, *ends, *indices, _index(item.spearman), _index(item.prcc)]


def _print_errors(found: StudyAnswer) -> None:
    errors = Counter(outcome.error for outcome in found.sweep.outcomes if outcome and outcome.status == "failed")
    for text, count in errors.most_common(_MOST_ERRORS):
        console().print(f"{counted(count, 'row')} failed: {text}")
    if len(errors) > _MOST_ERRORS:
        console().print(f"and {counted(len(errors) - _MOST_ERRORS, 'other error')}; see the column error of --out")


def _index(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def number(value: float) -> str:
    """Return a number with as many digits as are read.

    Examples
    --------
    >>> number(12345.6), number(12.3456), number(0)
    ('12,346', '12.35', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
