"""TOML that is written is read back as it was."""

import datetime as dt
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from landbridge.routing.studies.scenarios.toml_writing import toml_text

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    TEXTS
    | st.integers(-(2**63), 2**63)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
TABLES = st.dictionaries(TEXTS.filter(lambda key: key not in {"changes", "parts"}), VALUES, max_size=4)
DOCUMENTS = st.tuples(TABLES, st.lists(TABLES, max_size=3), st.lists(TABLES, max_size=3)).map(
    lambda found: {**found[0], "changes": found[1], "parts": [{**part, "changes": found[1]} for part in found[2]]}
)


@given(DOCUMENTS)
def test_what_is_written_is_read_back(document):
    assert tomllib.loads(toml_text(document)) == document


def test_a_document_is_laid_out_for_people():
    document = {
        "name": "a",
        "date": dt.date(2025, 9, 15),
        "changes": [{"do": "close", "where": {"a b": [1.5, True]}}, {"do": "add", "rows": [{"id": "x"}]}],
        "year": 2025,
    }
    assert (
        toml_text(document)
        == """\
name = "a"
date = 2025-09-15
year = 2025

[[changes]]
do = "close"
where = {"a b" = [1.5, true]}

[[changes]]
do = "add"
rows = [{id = "x"}]
"""
    )


def test_control_characters_are_escaped():
    text = toml_text({"a": 'x\t"\\\x7f\x00'})
    assert text == 'a = "x\\t\\"\\\\\\u007f\\u0000"\n'
    assert tomllib.loads(text) == {"a": 'x\t"\\\x7f\x00'}


def test_a_table_of_csv_stays_readable():
    document = {"csv": 'id,name\nx,"""a"" \\"\n'}
    text = toml_text(document)
    assert text == 'csv = """\nid,name\nx,\\"\\"\\"a\\"\\" \\\\\\"\n"""\n'
    assert tomllib.loads(text) == document
