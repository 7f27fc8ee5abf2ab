"""Records of answers as tables: flat rows of scalars, and their HTML in notebooks."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import islice
from typing import Any, NamedTuple

Record = Mapping[str, Any]

_MOST_ROWS = 20
"""Rows that a notebook shows."""


class RecordTable(NamedTuple):
    """A table of an answer.

    Attributes
    ----------
    name
        What its file is called, without the ending.
    rows
        Makes its records, which all have the same names and hold scalars.
    columns
        Their names, where there may be no record; None: those of the first one.
    """

    name: str
    rows: Callable[[], Iterable[Record]]
    columns: tuple[str, ...] | None = None


def flat(record: Record) -> dict[str, Any]:
    """Return a record of JSON as a row of a table: `time_h` by its quantiles, other records by name, lists by `;`.

    Examples
    --------
    >>> flat({"time_h": {"mean": 5.0, "sd": 1.0}, "factor": {"id": "rail"}, "sources": ["I1", "I2"]})
    {'time_mean_h': 5.0, 'time_sd_h': 1.0, 'factor_id': 'rail', 'sources': 'I1;I2'}
    """
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            unit = "_h" if name.endswith("_h") else ""
            row |= {f"{name.removesuffix('_h')}_{inner}{unit}": item for inner, item in flat(value).items()}
        elif isinstance(value, list | tuple):
            row[name] = ";".join(map(str, value))
        else:
            row[name] = value
    return row


def html_table(title: str, table: RecordTable | None) -> str:
    """Return the first rows of a table below a title as HTML, with all texts escaped."""
    head = f"<p><b>{escape(title)}</b></p>"
    if table is None:
        return head
    rows = list(table.rows())
    if not rows:
        return f"{head}<p>none</p>"
    names = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_text(cell))}</td>' for cell in row.values())}</tr>"
        for row in islice(rows, _MOST_ROWS)
    )
    more = f"<p>and {len(rows) - _MOST_ROWS} more rows</p>" if len(rows) > _MOST_ROWS else ""
    return f"{head}<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>{more}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
