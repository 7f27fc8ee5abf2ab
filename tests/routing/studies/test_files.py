"""The reader of TOML: limits, encodings, paths within a folder, and models whose faults say where they are."""

import os
import tracemalloc
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from landbridge.networks.errors import DataError, ScenarioError
from landbridge.routing.studies.files import (
    LARGEST_BYTES,
    Faults,
    Source,
    file_within,
    parsed,
    read_source,
    read_text,
    unseen,
    validated,
)


def refused(text):
    """Return the message with which a text is refused."""
    with pytest.raises(DataError) as error:
        parsed(Source("s.toml", text), DataError)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (r'a = "x\u001b[31m"', r"s.toml:1 [a]: has the control character '\x1b'; leave it out"),
        ('a = 1\n[b]\nc = ["x", "\\u202ey"]', r"s.toml:3 [b.c[1]]: has the control character '\u202e'"),
        (r'"a\u0007" = 1', r"s.toml:1 ['a\x07']: has the control character '\x07'"),
    ],
    ids=["escape", "reversed line", "key"],
)
def test_what_acts_on_a_terminal_is_refused_and_not_shown(text, fault):
    source = Source("s.toml", text)
    with pytest.raises(DataError) as error:
        validated(parsed(source, DataError), BaseModel, source, DataError)
    assert fault in str(error.value)
    assert not {"\x1b", "\x07", "\u202e"} & set(str(error.value))


def test_tabs_newlines_and_other_scripts_are_taken():
    assert list(unseen({"a": "x\ty\nz\u00a0中国", "b": 1})) == []


def test_a_document_within_itself_ends():
    document = {"a": {}}
    document["a"]["a"] = document
    assert list(unseen(document)) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = '\xff'\n", ":1 is not in UTF-8"),
        ("a = 1\nb = 'ä'\n".encode("latin-1"), ":2 is not in UTF-8"),
        ("a = 1\n".encode("utf-16"), ":1 is not in UTF-8"),
        (b"#" * (LARGEST_BYTES + 1), "larger than 1.0 MB"),
    ],
)
def test_a_file_of_another_encoding_or_size_is_refused(tmp_path, content, message):
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=message):
        read_source(path, ScenarioError)


def test_a_byte_order_mark_and_the_newlines_of_windows_are_taken(tmp_path):
    path = tmp_path / "s.toml"
    path.write_bytes(b'\xef\xbb\xbfa = 1\r\nb = """x\r\ny"""\r\n')
    assert parsed(read_source(path, DataError), DataError) == {"a": 1, "b": "x\ny"}


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "nothing.toml", tmp_path / "pipe"):
        with pytest.raises(DataError, match="is no file"):
            read_text(path, DataError)


def test_a_file_of_100_megabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    with pytest.raises(DataError, match=r"larger than 1\.0 MB"):
        read_text(path, DataError)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5e6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "s.toml:1: this is no TOML"),
        ("a = 1\nb = [1,\n", "s.toml:2: this is no TOML"),
        ("a = 1\na = 2\n", "s.toml:2: a key or table is given twice"),
        ("[a]\nb = 1\n[a]\n", "s.toml:3: a key or table is given twice"),
        ("a = {b = 1, b = 2}", "s.toml:1: a key or table is given twice"),
        ("a = 1\nb = 2025-02-30\n", "s.toml:2: this is no TOML"),
        ("a = 'x", "s.toml:1: this is no TOML"),
        ('a = "\\ud800"', "s.toml:1: this is no TOML"),
        ("a = 'x\x00'", "s.toml:1: this is no TOML"),
        ("a = 1 b = 2", "s.toml:1: this is no TOML"),
        ("Aktau is shut", "s.toml:1: this is no TOML"),
        ("{'a': 1}", "s.toml:1: this is no TOML"),
        ("a: 1\n", "s.toml:1: this is no TOML"),
        ("a = 1\nb = nan\nc = [1, {d = -inf}]", "s.toml:2 [b]: nan is not a finite number"),
        ("a = 1\nb = nan\nc = [1, {d = -inf}]", "s.toml:3 [c[1].d]: -inf is not a finite number"),
        (f"a = {2**63}", "s.toml:1 [a]: the whole number has more than 64 bits; give a smaller one"),
        (f"a = [{-(2**63) - 1}]", "s.toml:1 [a[0]]: the whole number has more than 64 bits"),
        ("a = 0x" + "f" * 5000, "s.toml:1 [a]: the whole number has more than 64 bits"),
        ("a = " + "9" * 5000, "s.toml is no TOML that can be read"),
        ("x = 1\na = " + "[" * 100_000, "s.toml:2 [a[0]]: is nested more than 24 keys deep"),
        ("a" + ".a" * 400_000 + " = 1", "s.toml:1 [a.a]: is nested more than 24 keys deep"),
        ("[a" + ".a" * 400_000 + "]", "s.toml:1 [a.a]: is nested more than 24 keys deep"),
        ("[a" + ".a" * 400_000, "s.toml:1 [a.a]: is nested more than 24 keys deep"),
        ("a = " + "{a = " * 100_000, "s.toml:1 [a.a]: is nested more than 24 keys deep"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(text, message):
    # With a scan or parser that takes the square of the time, the longest of these would take hours.
    assert message in refused(text)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x.csv", "a/../../x.csv", "C:\\x.csv", "c:x.csv", "\\x", "a\x00b"])
def test_a_path_outside_the_folder_is_refused(tmp_path, name):
    (tmp_path.parent / "x.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a path within the folder"):
        file_within(tmp_path, name)


def test_a_link_out_of_the_folder_is_refused_and_one_within_it_is_taken(tmp_path):
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("id\n", encoding="utf-8")
    (folder / "x.csv").write_text("id\n", encoding="utf-8")
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "inner" / "same.csv").symlink_to(folder / "x.csv")
    for name in ("out.csv", "up/secret.csv"):
        with pytest.raises(ValueError, match="leads out of the folder"):
            file_within(folder, name)
    assert file_within(folder, "inner/same.csv").read_text(encoding="utf-8") == "id\n"


def test_a_file_that_is_not_there_has_the_nearest_name(tmp_path):
    (tmp_path / "links.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"did you mean links\.csv\?"):
        file_within(tmp_path, "link.csv")
    with pytest.raises(ValueError, match="in no folder"):
        file_within(None, "links.csv")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Slow(Strict):
    do: Literal["slow"]
    hours: Annotated[float, Field(gt=0, description="time in h")]
    nested: dict[str, float] = {}


class Close(Strict):
    do: Literal["close"]
    close: int = 0


class Document(Strict):
    name: str
    changes: list[Annotated[Slow | Close, Field(discriminator="do")]] = []

    @model_validator(mode="after")
    def _is_short(self):
        if len(self.name) > 5:
            raise Faults((("name",), "the name is long", "shorten it"))
        if self.name == "bad":
            raise ValueError("it is bad; give another")
        return self


def faults_of(text):
    """Return the faults of a text as lines."""
    source = Source("s.toml", text)
    with pytest.raises(DataError) as error:
        validated(parsed(source, DataError), Document, source, DataError)
    return [str(fault) for fault in error.value.faults]


def test_all_faults_are_told_with_line_key_and_near_names():
    text = """\
nam = "x"
[[changes]]
do = "slow"
hourz = 1.5
nested = { a = "b" }
[[changes]]
do = "clos"
[[changes]]
hours = 1
[[changes]]
do = "close"
close = "x"
[[changes]]
do = "slow"
hours = -1
"""
    assert faults_of(text) == [
        "s.toml [name]: this field is missing; add it",
        "s.toml:1 [nam]: there is no such field; did you mean name?",
        "s.toml:2 [changes[0].hours]: this field is missing; add it: time in h",
        "s.toml:4 [changes[0].hourz]: there is no such field; did you mean hours?",
        "s.toml:5 [changes[0].nested.a]: 'b' does not fit: it should be a valid number; give another value",
        "s.toml:6 [changes[1]]: 'clos' is no kind of change; did you mean close, slow?",
        "s.toml:8 [changes[2]]: the field 'do' is missing; it says what to do, such as do = \"close\"",
        "s.toml:12 [changes[3].close]: 'x' does not fit: it should be a valid integer; give another value",
        "s.toml:15 [changes[4].hours]: -1 does not fit: it should be greater than 0; give: time in h",
    ]


def test_faults_of_own_checks_are_told_with_their_keys():
    assert faults_of('\nname = "longer"') == ["s.toml:2 [name]: the name is long; shorten it"]
    assert faults_of('name = "bad"') == ["s.toml: it is bad; give another"]


def test_a_document_from_python_has_no_lines():
    source = Source("a scenario")
    assert [str(fault) for fault in source.faults([(("a", 1), "is bad", "mend it")])] == [
        "a scenario [a[1]]: is bad; mend it"
    ]
