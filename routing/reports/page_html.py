"""The page of a report: one HTML file that works offline, with its data, scripts and styles inside.

Its Content Security Policy admits only the script and style of the page, by their hashes, and no request at all. Data
reach the page as JSON and are shown as text, never as markup.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from landbridge.routing.output.palette import COAST, LAND, SEA

PAGE_DIR: Final = Path(__file__).parent / "page"
"""Folder of the parts of the page."""

_ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page_html(document: Mapping[str, Any]) -> str:
    """Return the page that shows a document of `page_document`."""
    script = f"{_part('d3.min.js').strip()}\n{_part('page.js')}".replace("</script", "<\\/script")
    style = f":root {{ --land: {LAND}; --sea: {SEA}; --coast: {COAST}; }}\n{_part('page.css')}"
    parts = {
        "policy": (
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "title": escape(str(document["title"])),
        "style": style,
        "licences": escape(_part("LICENSE-d3")),
        "data": inline_json(document),
        "script": script,
    }
    before, *rest = _part("page.html").split("{{")
    pieces = (piece.split("}}", 1) for piece in rest)
    return before + "".join(f"{parts[name]}{text}" for name, text in pieces)


def inline_json(document: Mapping[str, Any]) -> str:
    r"""Return JSON that can be part of a page: nothing in it can end the element that holds it.

    Examples
    --------
    >>> inline_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate({ord(character): code for character, code in _ESCAPED.items()})


def _part(name: str) -> str:
    return (PAGE_DIR / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which a policy admits an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
