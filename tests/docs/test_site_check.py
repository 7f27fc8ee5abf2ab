"""The check of the built site finds links to nowhere and what is loaded from outside."""

import pytest


@pytest.fixture
def found(scripts, tmp_path):
    """Return a function that lists the problems of a site of some files."""

    def problems(**files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return [fault.problem for fault in scripts["site_check"].faults(tmp_path)]

    return problems


def test_links_to_pages_anchors_and_outside_are_good(found):
    addresses = ("#top", "b.html#end", "https://example.org", "#")
    page = '<h1 id="top">' + "".join(f'<a href="{address}">' for address in addresses)
    assert found(index_html=page, b_html='<p id="end">') == []


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("c.html", "links to c.html, which is not there"),
        ("#nowhere", "links to #nowhere, whose anchor is not there"),
        ("b.html#nowhere", "links to b.html#nowhere, whose anchor is not there"),
    ],
)
def test_a_link_to_nowhere_is_found(found, link, problem):
    assert found(index_html=f'<a href="{link}">', b_html="<p>") == [problem]


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img src="http://example.org/a.png">',
        '<p style="background: url(https://example.org/a.png)">',
    ],
)
def test_what_is_loaded_from_outside_is_found(found, page):
    assert len(found(index_html=page)) == 1


def test_a_style_sheet_that_imports_a_font_is_found(found):
    assert found(a_css="@import 'https://example.org/font.css';") == ["loads https://example.org/font.css"]
    assert found(a_css="p { background: url(data:image/png;base64,xx) }") == []


def test_what_a_page_only_names_is_not_loaded(found):
    assert found(index_html='<link rel="canonical" href="https://example.org/">') == []
