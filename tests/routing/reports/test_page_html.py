"""The page is one file that loads nothing, admits only its own script and style, and shows names as text."""

import base64
import hashlib
import json
import re

import pytest

from landbridge.routing.reports.page_html import PAGE_DIR, inline_json, page_html
from tests.routing.reports.conftest import HOSTILE


def elements(page, name):
    """Return the contents of the elements of a name as an HTML parser sees them: to the first end tag."""
    return re.findall(rf"<{name}\b[^>]*>(.*?)</{name}", page, re.DOTALL)


def hash_of(text):
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@pytest.fixture
def page(hostile_report):
    return page_html(hostile_report.document)


def test_the_policy_admits_the_script_and_the_style_of_the_page_and_no_request(page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    data, script = elements(page, "script")
    (style,) = elements(page, "style")
    assert json.loads(data)["title"] == 'A to <img src="x" onerror="document.hacked=1">'
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src '{hash_of(script)}'",
        f"style-src '{hash_of(style)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_page_names_nothing_to_load(real_report):
    page = page_html(real_report.document)
    assert re.findall(r"<(?:link|img|iframe|object|embed|audio|video|source|base)\b", page, re.IGNORECASE) == []
    assert re.findall(r"<[a-z][^<>]*\s(?:src|href|style|on[a-z]+)=", page, re.IGNORECASE) == []
    (style,) = elements(page, "style")
    assert "url(" not in style
    assert "@import" not in style
    script = elements(page, "script")[1]
    assert re.findall(r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|eval)\b", script) == []


def test_names_cannot_become_markup(page):
    assert HOSTILE not in page
    assert "<img" not in page
    assert len(elements(page, "script")) == 2
    data = json.loads(elements(page, "script")[0])
    assert any(HOSTILE in source["title"] for source in data["sources"])
    assert HOSTILE in data["corridors"]["by-b"]["label"]


def test_json_within_a_page_reads_as_what_it_was():
    document = {"</script><!--": "a & b > c\u2028\u2029 İstanbul 西安"}
    text = inline_json(document)
    assert not {"<", ">", "&", "\u2028", "\u2029"} & {*text}
    assert json.loads(text) == document


def test_a_hostile_title_is_escaped(hostile_report):
    page = page_html(hostile_report.document | {"title": f"A {HOSTILE} & {{{{script}}}}"})
    (title,) = elements(page, "title")
    assert title == "A &lt;/script&gt;&lt;script&gt;document.hacked=1&lt;/script&gt; &amp; {{script}}"
    assert len(elements(page, "script")) == 2


def test_the_report_of_the_readme_is_under_a_megabyte(real_report):
    assert len(real_report.itineraries) >= 10
    assert len(page_html(real_report.document).encode()) < 1_000_000


def test_the_bundle_is_what_its_sources_make():
    """build.sh records the hashes of its input and output; whoever changes one runs it again."""
    recorded = dict(
        reversed(line.split("  ")) for line in (PAGE_DIR / "d3.sha256").read_text(encoding="utf-8").splitlines()
    )
    assert recorded == {
        name: hashlib.sha256((PAGE_DIR / name).read_bytes()).hexdigest()
        for name in ("build.sh", "d3.js", "d3.min.js", "package.json", "package-lock.json", "LICENSE-d3")
    }
    locked = json.loads((PAGE_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = (PAGE_DIR / "LICENSE-d3").read_text(encoding="utf-8")
    bundled = {name.rpartition("/")[2]: row["version"] for name, row in locked.items() if name and not row.get("dev")}
    assert dict(line[3:].split() for line in licences.splitlines() if line.startswith("== ")) == bundled


def test_the_licences_of_the_bundle_are_in_the_page(page):
    assert "Permission to use, copy, modify, and/or distribute this software" in page
