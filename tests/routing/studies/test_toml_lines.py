"""Lines of key paths, for every way in which TOML writes a key or a value."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.routing.studies.scenarios.toml_writing import toml_text
from landbridge.routing.studies.toml_lines import DEEPEST, key_lines, line_of, path_text

DOCUMENT = '''\
# a comment with name = "x"
name = "a" # [[changes]]
"quoted key"."and one" = 1
text = """
changes = 3
[[changes]]
""" # the end
raw = \'\'\'it's
two\'\'\'
[where]
a.b . c = 1

[[changes]]
ids = [
  "x", # first
  "y]",

  { deep = [1,
    2] },
]
where = { country = "RU", mode = ["rail", "road"], "a=b" = "}" }
rows = { min = 1, max = 9 }

[[changes]]  # second
date = 2025-09-15 10:00:00
hours = 1.5
hourz = +inf
  [changes.set]
  'lit.eral' = ''
  [[changes.rows]]
  id = "1"
  [[changes.rows]]
  id = "2"
[[changes]]
do = "close"
'''


def flattened(value, path=()):
    """Return the paths of a parsed document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from flattened(item, (*path, key))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("quoted key",), 3),
        (("quoted key", "and one"), 3),
        (("text",), 4),
        (("raw",), 8),
        (("where",), 10),
        (("where", "a", "b", "c"), 11),
        (("changes", 0), 13),
        (("changes", 0, "ids"), 14),
        (("changes", 0, "ids", 0), 15),
        (("changes", 0, "ids", 1), 16),
        (("changes", 0, "ids", 2, "deep"), 18),
        (("changes", 0, "ids", 2, "deep", 0), 18),
        (("changes", 0, "ids", 2, "deep", 1), 19),
        (("changes", 0, "where", "mode", 1), 21),
        (("changes", 0, "where", "a=b"), 21),
        (("changes", 0, "rows", "max"), 22),
        (("changes", 1), 24),
        (("changes", 1, "date"), 25),
        (("changes", 1, "hourz"), 27),
        (("changes", 1, "set", "lit.eral"), 29),
        (("changes", 1, "rows", 0, "id"), 31),
        (("changes", 1, "rows", 1), 32),
        (("changes", 1, "rows", 1, "id"), 33),
        (("changes", 2, "do"), 35),
    ],
)
def test_a_key_path_has_the_line_on_which_it_begins(path, line):
    assert key_lines(DOCUMENT)[path] == line


def test_the_paths_are_those_of_the_parser():
    # `changes` itself begins with its first table; the parser also yields the whole document.
    assert set(key_lines(DOCUMENT)) == set(flattened(tomllib.loads(DOCUMENT))) - {()}


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=5)
VALUES = st.recursive(
    st.text(max_size=8) | st.integers(-(10**6), 10**6) | st.booleans() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_written_documents_have_the_paths_of_the_parser(document, changes):
    text = toml_text({**document, "changes": changes})
    assert set(key_lines(text)) == set(flattened(tomllib.loads(text))) - {()}


def test_a_path_that_is_not_there_has_the_line_of_its_nearest_part():
    lines = key_lines(DOCUMENT)
    assert line_of(lines, ("changes", 0, "where", "colour")) == 21
    assert line_of(lines, ("changes", 7)) == 13
    assert line_of(lines, ("nothing",)) == 0


@pytest.mark.parametrize(
    "text", ["a." * 50 + "b = 1", "[" + "a." * 50 + "b]", "a = " + "[" * 50 + "]" * 50, "a = " + "{a = " * 50 + "1"]
)
def test_the_scan_ends_where_it_is_too_deep(text):
    lines = key_lines(f"first = 1\n{text}\nlast = 1\n")
    assert ("first",) in lines
    assert ("last",) not in lines
    assert max(map(len, lines)) == DEEPEST + 1


@given(st.text(alphabet="ab.=[]{},\"'#\n \\1", max_size=60))
def test_any_text_is_scanned(text):
    assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())


def test_a_path_is_written_as_in_messages():
    assert path_text(("changes", 2, "where", "mode", 0)) == "changes[2].where.mode[0]"
    assert path_text(()) == ""
