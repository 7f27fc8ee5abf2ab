"""The pages for users say what their code prints."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]


@pytest.fixture
def runs(scripts):
    return scripts["runs"]


def page_of(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def python(code, printed=None):
    shown = f"\n<!-- printed -->\n```text\n{printed}```\n<!-- end -->\n" if printed else ""
    return f"```python\n{code}```\n{shown}"


def test_what_code_prints_and_its_last_value_stand_below_it(runs, tmp_path):
    code = 'x = 1 + 1\nprint("two")\nx\n'
    page = page_of(tmp_path, "\nBetween\n\n".join(["Before\n\n" + python(code), python("x + 1\n")]))
    expected = "\nBetween\n\n".join(["Before\n\n" + python(code, "two\n2\n"), python("x + 1\n", "3\n")])
    assert runs.run(page).text == expected
    # A second run replaces what the first one put in.
    assert runs.run(page_of(tmp_path, expected)).text == expected


def test_code_that_prints_nothing_has_no_block_below(runs, tmp_path):
    assert runs.run(page_of(tmp_path, python("x = 1\n", "old\n"))).text == python("x = 1\n")


def test_commands_of_the_project_run_and_others_are_refused(runs, tmp_path):
    ran = runs.run(page_of(tmp_path, "```sh\nlandbridge --version\n```\n"))
    assert "landbridge, version " in ran.text
    with pytest.raises(ValueError, match="rm is no command") as caught:
        runs.run(page_of(tmp_path, "Text\n\n```sh\nrm -r /\n```\n"))
    assert caught.value.__notes__ == ["page.md, line 4"]
    with pytest.raises(RuntimeError, match="exit code 2"):
        runs.run(page_of(tmp_path, "```sh\nlandbridge route Nowhere\n```\n"))


def test_only_what_installs_is_not_run(runs):
    for page in runs.pages():
        for block in runs.BLOCK.finditer(page.read_text(encoding="utf-8")):
            if block["not_run"]:
                assert re.search(r"^(git clone|python3? -m venv)", block["code"], re.MULTILINE), page


def test_numbers_may_differ_by_one_percent_and_words_not_at_all(runs):
    assert runs.difference("1,000 TEU\n", "1,009 TEU\n") is None
    assert runs.difference("1,000 TEU\n", "1,011 TEU\n") == "1,011 TEU"
    assert runs.difference("98 km\n", "100  km\n") == "100  km"
    assert runs.difference("99 km\n", "100  km\n") is None
    assert runs.difference("by rail\n", "by sea\n") == "by sea"
    assert "no line" in runs.difference("one\ntwo\n", "one\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_its_code_prints_now(runs, page):
    ran = runs.run(page)
    assert runs.difference(page.read_text(encoding="utf-8"), ran.text) is None, "run `make findings`"
    assert [name for name in ran.pictures if not (DOCS / "images" / name).is_file()] == []


def test_all_pages_are_run(runs):
    assert runs.pages() == PAGES
