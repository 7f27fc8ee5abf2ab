"""Files that are no table, or a damaged one, made from a good row, with what the message has to say of each."""

import io
import zipfile
from collections.abc import Mapping

Case = tuple[bytes, tuple[str, ...]]
"""The content of a file, and words of the message."""

_NOT_UTF_8 = "is not UTF-8; save it as CSV UTF-8"
_LEAVE_OUT = "leave it out"


def _lines(columns: Mapping[str, str], *, separator: str = ",", end: str = "\n") -> str:
    return separator.join(columns) + end + separator.join(columns.values()) + end


def unreadable(columns: Mapping[str, str]) -> dict[str, Case]:
    """Return files that no reader of CSV can read, from the columns of a good row."""
    good, header = _lines(columns), ",".join(columns) + "\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("table.csv", good)
    return {
        "UTF-16": (good.encode("utf-16"), ("line 1: the byte 0xff", _NOT_UTF_8)),
        "UTF-16 without a mark": (good.encode("utf-16-le"), ("line 1: the header has the control character '\\x00'",)),
        "Latin-1": (header.encode() + "Sär".encode("latin-1"), ("line 2: the byte 0xe4", _NOT_UTF_8)),
        "half a character": (header.encode() + b"\xed\xa0\x80", ("line 2: the byte 0xed", _NOT_UTF_8)),
        "a PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ("line 1: the byte 0x89", _NOT_UTF_8)),
        "a zip": (archive.getvalue(), ("cannot be read as CSV in UTF-8",)),
        "a quote not closed": (f'{header}"{good}'.encode(), ("line 2: a quote that begins here is not closed",)),
        "a quote within a word": (f'{header}"a"b'.encode(), ("cannot be read as CSV in UTF-8: line 2",)),
        "a line of 10 MB": (header.encode() + b"x" * 10**7, ("line 2: the line has more than 1,000,000 characters",)),
        "no end": (b"x\n" * 25_000_001, ("has more than 50 MB; split it",)),
    }


def damaged(columns: Mapping[str, str], needed: str) -> dict[str, Case]:
    """Return tables with a wrong header or row, from the columns of a good row; one column is needed."""
    good, header = _lines(columns), ",".join(columns) + "\n"
    others = {name: cell for name, cell in columns.items() if name != needed}
    first = next(iter(columns))

    def hidden(sign: str) -> bytes:
        return _lines(columns | {first: sign + columns[first]}).encode()

    return {
        "no needed column": (_lines(others).encode(), (":1", needed)),
        "a column twice": (f"{needed},{header}x,{good.splitlines()[1]}\n".encode(), (":1", needed)),
        "a value too many": (f"{good.rstrip()},9\n".encode(), (f":2: {len(columns) + 1} values for {len(columns)}",)),
        "a value too few": (f"{header}x\n".encode(), (f":2: 1 values for {len(columns)} columns", "quote values")),
        "NUL": (hidden("\0"), (f":2 [{first}]: has the control character '\\x00'", _LEAVE_OUT)),
        "an escape": (hidden("\x1b[2J"), (f":2 [{first}]: has the control character '\\x1b'", _LEAVE_OUT)),
        "a reversed line": (hidden("\u202e"), (f":2 [{first}]: has the control character '\\u202e'", _LEAVE_OUT)),
        "a mark within": (hidden("\ufeff"), (f":2 [{first}]: has the control character '\\ufeff'", _LEAVE_OUT)),
    }


def as_saved(columns: Mapping[str, str]) -> dict[str, bytes]:
    """Return the good table as programs save it: each reads as the good one."""
    good = _lines(columns)
    return {
        "a byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "CRLF": _lines(columns, end="\r\n").encode(),
        "CR": _lines(columns, end="\r").encode(),
        "semicolons": _lines(columns, separator=";").encode(),
        "tabs": _lines(columns, separator="\t").encode(),
        "blank lines": f"{good}\n,,\n".encode(),
        "blank columns": good.replace("\n", ",,\n").encode(),
    }


NUMBERS = {
    "nan": "nan is out of range",
    "-inf": "-inf is out of range",
    "-1": "-1 is out of range",
    "1e308": "1e308 is out of range",
    "1e999": "1e999 is out of range",
    "1e-300": "1e-300 is neither 0 nor 1e-12 or more",
    "²³": "'²³' is not a number",
    "٣": "'٣' is not a number",
    "1_000": "'1_000' is not a number",
    "0x10": "'0x10' is not a number",
    "1,5": "'1,5' is not a number (write a decimal point)",
    "9" * 30: "9" * 30 + " is out of range",
    "9" * 5000: "9" * 60 + "... is out of range",
    "=1+1": "'=1+1' is not a number",
}
"""Cells that are no number of an amount, with what the message has to say of each."""
