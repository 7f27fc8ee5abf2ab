"""Tables of a validation and a calibration for the terminal and for Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landbridge.networks.units import DAY_H
from landbridge.routing.output.tables import markdown_table
from landbridge.routing.validation.calibrate import Calibration
from landbridge.routing.validation.comparison import CO2E, COST, DEMONSTRATION, TIME, ComparedObservation
from landbridge.routing.validation.validate import HALVES, Group, Validation, length_summary

_FAR = 0.1
"""Relative difference above which a length is listed."""

_UNITS = {TIME: ("days", DAY_H, ".1f"), COST: ("USD", 1.0, ",.0f"), CO2E: ("kg CO2e", 1.0, ",.0f")}
_NONE = "-"


@dataclass(frozen=True)
class EvidenceTable:
    """A table with title, headers, rows and a remark below."""

    title: str
    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    remark: str = ""


def validation_tables(validation: Validation) -> list[EvidenceTable]:
    """Return the tables of a validation: summaries, then all rows, with the reason if not compared."""
    observed = validation.comparisons
    counted = [item for item in observed if item.row["comparable"]]
    return [
        _groups(
            "Regular and surveyed times",
            [*(validation.headline(half) for half in (None, *HALVES)), validation.headline_with_excluded()],
            _HEADLINE,
        ),
        _groups("By kind", validation.by_kind(), "Demonstrations are compared with p10 and have no coverage."),
        _groups("Regular and surveyed times by corridor", validation.by_corridor()),
        _groups("All kinds by half", validation.by_half()),
        *(_rows(f"Comparable rows: {_UNITS[name][0]}", _with(counted, name)) for name in (TIME, COST, CO2E)),
        _apart([item for item in observed if not item.row["comparable"]]),
        _journeys(observed),
        _links(validation),
    ]


_HEADLINE = (
    "Inside: the middle of the observed range lies in p10 to p90, with the 95 % interval of that share (Wilson). "
    "Bias: geometric mean of modelled by observed, minus 1. Score: mean interval score (Gneiting and Raftery, 2007)."
)


def calibration_tables(calibration: Calibration) -> list[EvidenceTable]:
    """Return the tables of a calibration: its factors, then both halves before and after."""
    groups = [
        (f"{word}, {half or 'both halves'}", validation.headline(half))
        for half in (*HALVES, None)
        for word, validation in (("before", calibration.before), ("after", calibration.after))
    ]
    return [
        EvidenceTable(
            "Factors on assumed times",
            ("factor on", "factor", "one sd", "one source left out", "share of hours", "values"),
            [
                (
                    item.name.replace("_", " "),
                    f"{item.factor:.2f}",
                    f"{item.low:.2f}-{item.high:.2f}",
                    f"{item.least:.2f}-{item.most:.2f}",
                    f"{item.hours_share:.0%}",
                    str(item.values),
                )
                for item in calibration.parameters
            ],
            f"Fitted to {len(calibration.used)} training rows: {', '.join(calibration.used)}. "
            "The bundled data are not changed.",
        ),
        _groups("Regular and surveyed times", [group for _, group in groups], names=[name for name, _ in groups]),
    ]


def markdown(tables: Iterable[EvidenceTable]) -> str:
    """Return tables as Markdown."""
    parts = []
    for table in tables:
        lines = [f"### {table.title}", "", markdown_table(table.headers, table.rows)]
        lines += ["", table.remark] if table.remark else []
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _with(items: Iterable[ComparedObservation], quantity: str) -> list[ComparedObservation]:
    return [item for item in items if item.row["quantity"] == quantity]


def _groups(title: str, groups: Sequence[Group], remark: str = "", names: Sequence[str] | None = None) -> EvidenceTable:
    headers = (
        "what",
        "unit",
        "rows",
        "sources",
        "no answer",
        "median error",
        "bias",
        "inside p10-p90",
        "p90/p10",
        "score",
    )
    labels = names or [group.name.replace("_", " ") for group in groups]
    rows = [_group_cells(label, group) for label, group in zip(labels, groups, strict=True)]
    return EvidenceTable(title, headers, rows, remark)


def _group_cells(name: str, group: Group) -> tuple[str, ...]:
    unit, divisor, digits = _UNITS[group.quantity]
    score = group.score
    inside = _NONE
    if score.coverage is not None:
        inside = f"{score.coverage:.0%} of {score.with_interval} ({score.coverage_low:.0%}-{score.coverage_high:.0%})"
    return (
        name,
        unit,
        str(score.count),
        str(group.lineages),
        str(group.unanswered),
        _NONE if score.median_error is None else f"{score.median_error:.0%}",
        _NONE if score.bias is None else f"{score.bias:+.0%}",
        inside,
        _NONE if score.sharpness is None else f"{score.sharpness:.2f}",
        _NONE if score.interval_score is None else f"{score.interval_score / divisor:{digits}}",
    )


def _rows(title: str, items: Sequence[ComparedObservation]) -> EvidenceTable:
    headers = (
        "id",
        "half",
        "kind",
        "corridor",
        "from - to",
        "date",
        "class",
        "basis",
        "observed",
        "modelled",
        "ratio",
        "inside",
    )
    ordered = sorted(items, key=lambda item: (item.row["kind"], item.corridor, item.row["id"]))
    rows = [
        (
            item.row["id"],
            item.row["half"],
            item.row["kind"].replace("_", " "),
            item.corridor,
            _ends(item),
            item.row["published_year"] or _NONE,
            item.row["cargo_class"] or _NONE,
            item.row["basis"] or _NONE,
            observed_text(item),
            modelled_text(item),
            _ratio(item),
            {True: "yes", False: "no", None: _NONE}[item.inside],
        )
        for item in ordered
    ]
    unanswered = [f"{item.row['id']}: {item.problem}" for item in ordered if item.problem]
    said = (
        "Basis: transit is from departure to arrival, total from delivery at the first terminal to pick-up at the last"
    )
    return EvidenceTable(title, headers, rows, ". ".join([*unanswered, said, "Sorted by kind, corridor and id."]))


def _apart(items: Sequence[ComparedObservation]) -> EvidenceTable:
    headers = ("id", "kind", "from - to", "observed", "modelled", "ratio", "why it does not count")
    rows = [
        (
            item.row["id"],
            item.row["kind"].replace("_", " "),
            _ends(item),
            observed_text(item),
            modelled_text(item),
            _ratio(item),
            item.row["reason"],
        )
        for item in items
    ]
    shared = sum(bool(item.row["shared_event"]) for item in items)
    remark = f"{shared} of these {len(rows)} rows have the event of an input, and validate nothing." if shared else ""
    return EvidenceTable("Rows that do not count", headers, rows, remark)


def _journeys(items: Sequence[ComparedObservation]) -> EvidenceTable:
    rows = [
        (item.row["id"], _ends(item), f"{item.row['length_km']:,.0f}", f"{item.length_ratio:.2f}")
        for item in items
        if item.length_ratio is not None
    ]
    return EvidenceTable(
        "Lengths of observed journeys", ("id", "from - to", "published km", "modelled / published"), rows
    )


def _links(validation: Validation) -> EvidenceTable:
    found = length_summary(validation.lengths)
    far = sorted(
        (item for item in validation.lengths if abs(item.ratio - 1) > _FAR), key=lambda item: -abs(item.ratio - 1)
    )
    rows = [(item.link, f"{item.modelled_km:,.0f}", f"{item.published_km:,.0f}", f"{item.ratio:.2f}") for item in far]
    remark = f"Of {found['count']:.0f} links with a published length, those that differ by more than {_FAR:.0%}"
    if validation.lengths:
        remark += f"; median difference {found['median']:.1%}, nine in ten below {found['p90']:.1%}"
    headers = ("link", "modelled km", "published km", "ratio")
    return EvidenceTable("Lengths of links", headers, rows, f"{remark}. Sorted by the difference.")


def _ends(item: ComparedObservation) -> str:
    return f"{item.row['published_from'] or _NONE} - {item.row['published_to'] or _NONE}"


def _ratio(item: ComparedObservation) -> str:
    return _NONE if item.ratio is None else f"{item.ratio:.2f}"


def observed_text(item: ComparedObservation) -> str:
    """Return the observed range in days, dollars of the network's year, or kg; as published if it has no unit."""
    if item.observed_low is None or item.observed_high is None:
        return f"{item.row['published_low']:g} {item.row['published_unit']}"
    _, divisor, digits = _UNITS[item.row["quantity"]]
    return "-".join(dict.fromkeys(f"{value / divisor:{digits}}" for value in (item.observed_low, item.observed_high)))


def modelled_text(item: ComparedObservation) -> str:
    """Return p10 - p50 - p90 of a time, with a mark if p10 is compared, and the value of other quantities."""
    if not item.modelled:
        return _NONE
    if "value" in item.modelled:
        return f"{item.modelled['value']:,.0f}"
    text = " - ".join(f"{item.modelled[name] / DAY_H:.1f}" for name in ("p10", "p50", "p90"))
    return f"{text} (p10)" if item.row["kind"] == DEMONSTRATION else text
