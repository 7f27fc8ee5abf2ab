"""The pages outside the site link to files that exist; Sphinx checks those within it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_a_page_links_to_files_that_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    assert [link for link in links if link and "://" not in link and not (ROOT / link).exists()] == []


def test_the_readme_leads_to_every_page_of_the_site():
    linked = set(re.findall(r"\]\((docs/[^)#\s]+\.md)", (ROOT / "README.md").read_text(encoding="utf-8")))
    linked |= {"docs/index.md", "docs/validation-tables.md", "docs/calibration-tables.md"}
    pages = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if not path.is_relative_to(ROOT / "docs/generated") and not path.is_relative_to(ROOT / "docs/site")
    }
    assert pages - linked == set()
