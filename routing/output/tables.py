"""Records of results as tables: flat rows of scalars, HTML for notebooks, and Markdown."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

Record = Mapping[str, Any]

_MARKDOWN: Final = re.compile(r"[\\|<\[`$]")

_MOST_ROWS = 20
"""Maximum number of rows shown in a notebook."""


class RecordTable(NamedTuple):
    """A table of a result.

    Attributes
    ----------
    name
        Its file name without the suffix.
    rows
        Function that returns its records, with the same names and scalar values.
    columns
        Their names, if there may be no record; None: those of the first one.
    """

    name: str
    rows: Callable[[], Iterable[Record]]
    columns: tuple[str, ...] | None = None


def flat(record: Record) -> dict[str, Any]:
    """Return a JSON record as a row of a table, with `time_h` and other records flattened and lists joined by `;`.

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
    """Return a title and the first rows of a table as HTML, with all texts escaped."""
    from html import escape

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


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], alignment: Sequence[str] | None = None) -> str:
    """Return a table in Markdown, with all texts escaped, without a line break at the end."""
    lines = [map(markdown_text, head), alignment or ["---"] * len(head), *(map(markdown_text, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def markdown_text(text: str) -> str:
    r"""Return a text as Markdown that shows it as it is, in one line: no link, image, code, HTML or cell begins in it.

    Examples
    --------
    >>> print(markdown_text("A|B <img> [x](y)"))
    A\|B \<img> \[x](y)
    """
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.splitlines()))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
