"""The pages that are made when the site is built hold every public name, column and source."""

import csv
import re
from pathlib import Path

import pytest

import landbridge as lb
from landbridge.data import DATA_DIR
from landbridge.networks.tables.schema import schemas


@pytest.fixture
def site(scripts):
    return scripts["site_pages"]


def test_every_public_name_has_a_page_that_shows_it(site):
    pages = dict(site.reference())
    stub = Path(lb.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    public = set(re.findall(r" as (\w+)$", stub, re.MULTILINE)) - {"data", "networks", "routing", "__version__"}
    for name in public:
        kind = "function" if not isinstance(getattr(lb, name), type) else "(class|exception)"
        assert re.search(rf"\.\. auto{kind}:: landbridge\.{name}\n", pages[f"api/{name}.rst"])
        assert f"api/{name}\n" in pages["reference.rst"]


def test_the_parts_of_results_have_pages_too(site):
    pages = dict(site.reference())
    # Itinerary.time is a Time, Itinerary.legs has the public Leg, Leg.time is a TimeDistribution.
    found = {each.__name__ for each in site.reached()}
    assert {"Time", "TimeDistribution", "Note", "Layer"} <= found
    assert found.isdisjoint(lb.__all__)
    assert "autoclass:: landbridge.networks.times.distributions.Time\n" in pages["api/Time.rst"]
    assert len(pages) == 1 + len(site.public_names()) + len(found)


def test_the_dictionary_has_every_column_with_its_limits(site):
    text = site.data_dictionary()
    sections = dict(re.findall(r"^## (\w+)\.csv\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    for table, schema in schemas().items():
        assert re.findall(r"^\| `(\w+)` ", sections[table], re.MULTILINE) == list(schema.names)
    assert "| `gauge` | integer, mm | " in sections["links"]
    assert "One of `1435`, `1520`" in sections["links"]
    assert "0 to 30000" in sections["links"]


def test_every_source_is_listed_with_its_address(site):
    text = site.sources()
    with (DATA_DIR / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert re.findall(r"^\| (\S+) \| ", text, re.MULTILINE).count("id") == len({row["kind"] for row in rows})
    for row in rows:
        assert f"\n| {row['id']} | " in text
        if row["url"].startswith("http"):
            assert f"](<{row['url']}>)".replace("|", "\\|") in text
