"""Check the built site: each link within it leads to a page and an anchor, and no page loads what is outside.

`python docs/site_check.py FOLDER` lists the faults and ends with 1 if there is one. Links that a reader follows may
lead outside; scripts, styles, fonts and images may not.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
"""Elements that load something when the page opens, and where they name it."""

_STATIC = "_static"
"""Folder of the theme, whose HTML files are templates."""

_NOT_LOADED = frozenset({"canonical", "license", "next", "prev", "search", "author", "index"})
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)['"]?((?:https?:)?//[^'")\s]+)""")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in LOADING and LOADING[tag] in found and not _NOT_LOADED & set(found.get("rel", "").split()):
            self.loads.append(found[LOADING[tag]])
        self.loads += _CSS_ADDRESS.findall(found.get("style", ""))


class Fault(NamedTuple):
    """A fault of the site: the file, and what is wrong in it."""

    file: Path
    problem: str


def faults(site: Path) -> Iterator[Fault]:
    """Yield the links that lead nowhere and what is loaded from outside, in the files of a site."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html")) if _STATIC not in path.parts}
    for path, page in pages.items():
        for address in page.loads:
            if urlsplit(address).netloc:
                yield Fault(path, f"loads {address}")
        for address in [*page.links, *page.loads]:
            problem = _unresolved(path, address, pages)
            if problem:
                yield Fault(path, problem)
    for path in sorted(site.rglob("*.css")):
        for address in _CSS_ADDRESS.findall(path.read_text(encoding="utf-8")):
            yield Fault(path, f"loads {address}")


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _unresolved(path: Path, address: str, pages: dict[Path, _Page]) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address == "#":
        return None
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return f"links to {address}, which is not there"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"links to {address}, whose anchor is not there"
    return None


def main() -> None:
    """Check the site in the folder that is named."""
    site = Path(sys.argv[1]).resolve()
    if not (site / "index.html").is_file():
        sys.exit(f"{site} holds no site")
    found = [f"{fault.file.relative_to(site)} {fault.problem}" for fault in faults(site)]
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
