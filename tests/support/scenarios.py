"""Scenarios drawn at random, for tests of their format; they fit no network."""

from datetime import date

from hypothesis import strategies as st

from landbridge.routing.studies.scenarios.models import TABLES

WHATS = ("places", "links", "services", "operations", "resources", "crossings", "countries", "modes", "corridors")
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf"), include_characters="\t\n\r"), min_size=1, max_size=10
)
IDS = st.lists(TEXTS, min_size=1, max_size=3)
SCALARS = TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.floats(-1e12, 1e12) | st.dates()
CELLS = st.dictionaries(TEXTS, SCALARS | st.lists(SCALARS, max_size=3), min_size=1, max_size=3)
YEARS = st.integers(1990, 2100)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
COUNTS = st.integers(1, 99) | st.fixed_dictionaries({"min": st.integers(0, 9)}, optional={"max": st.integers(9, 99)})
ANNOUNCED, FROM, TO = (st.dates(date(first, 1, 1), date(first + 9, 12, 31)) for first in (2000, 2010, 2020))
CODES = st.lists(st.sampled_from(("RU", "BY", "IR")), min_size=1, max_size=2)
EVIDENCE = {
    "source": IDS,
    "year": YEARS,
    "confidence": st.sampled_from(("observed", "published", "derived", "assumed")),
    "note": TEXTS,
}


def _fields(needed, optional):
    """Return a dict with all of some fields and, of others, each as often as not: hypothesis itself has few of them."""
    maybe = {name: st.none() | strategy for name, strategy in optional.items()}
    given = st.fixed_dictionaries({**needed, **maybe})
    return given.map(lambda found: {name: value for name, value in found.items() if value is not None})


def _change(do, needed, optional=None):
    return _fields({"do": st.just(do), **needed}, {**EVIDENCE, **(optional or {})})


def _selecting(do, needed, optional=None):
    """Return a change of rows whose ids are no names of another kind of change."""
    ids = st.lists(TEXTS.map(f"{do}-{{}}".format), min_size=1, max_size=3)
    return _change(do, {"ids": ids, **needed}, {"where": CELLS, "rows": COUNTS, **(optional or {})})


def _set():
    columns = st.dictionaries(TEXTS.map("s{}".format), SCALARS, min_size=1, max_size=3)
    factors = st.dictionaries(TEXTS.map("m{}".format), st.floats(0, 1e6), min_size=1, max_size=3)
    return _selecting("set", {"table": st.sampled_from(TABLES), "set": columns}, {"multiply": factors})


def _demand():
    growth = {
        "growth_per_year": st.floats(-0.5, 0.5),
        "from_year": st.integers(1990, 2020),
        "to_year": st.integers(2021, 2100),
    }
    return (
        _selecting("demand", {"factor": st.floats(0, 10)})
        | _selecting("demand", growth)
        | _change("demand", {"csv": TEXTS})
    )


CHANGES = {
    "close": _selecting("close", {"what": st.sampled_from(WHATS), "from": FROM}, {"to": TO, "announced": ANNOUNCED}),
    "open": _selecting("open", {"what": st.sampled_from(WHATS)}, {"from": FROM}),
    "slow": _selecting(
        "slow",
        {"what": st.sampled_from((*WHATS, "waits")), "factor": st.floats(0.05, 100)},
        {"from": FROM, "to": TO},
    ),
    "set": _set(),
    "add": (
        _change("add", {"table": st.sampled_from(TABLES), "rows": st.lists(CELLS, min_size=1, max_size=3)})
        | _change("add", {"table": st.sampled_from(TABLES), "csv": TEXTS})
    ),
    "caspian-level": _change("caspian-level", {"metres": st.floats(-5, 5)}),
    "sanction": _change(
        "sanction",
        {"countries": CODES},
        {
            "transit_only": st.booleans(),
            "hs_chapters": st.just(["27", "84"]),
            "cargo_classes": st.just(["block", "bulk"]),
            "carriers": IDS,
        },
    ),
    "demand": _demand(),
}
"""Changes of each kind."""


def scenarios():
    """Return scenarios as documents, each of up to four changes of any kind."""
    head = {"name": st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True), "title": TEXTS}
    optional = {"shows": TEXTS, "sources": IDS, "date": DAYS, "year": YEARS}
    return _fields({**head, "changes": st.lists(st.one_of(*CHANGES.values()), max_size=4)}, optional)
