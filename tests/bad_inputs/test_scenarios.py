"""Scenarios and studies that are no TOML, or do not fit, are refused with line, key and cure."""

import pytest

from tests.support.refusals import check_refused, outcome
from tests.support.tiny import link, write_tiny

HEAD = 'name = "s"\ntitle = "t"\n'


def change(*lines):
    return "\n".join([HEAD + "[[changes]]", *lines, ""])


def slowed(factor):
    return change('do = "slow"', 'what = "links"', 'ids = ["*"]', f"factor = {factor}")


def table_set(table, *lines, key="set"):
    return change('do = "set"', f'table = "{table}"', 'ids = ["*"]', f"[changes.{key}]", *lines)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c")]
    demand = [{"id": "d", "origin": "cn-a", "destination": "kz-c", "teu_per_year": 3650}]
    return write_tiny(tmp_path_factory.mktemp("network"), links=links, tables={"demand": demand})


def shown(folder, network, content):
    (folder / "s.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    return outcome(["scenarios", "s.toml", "--network", str(network)], folder)


NO_TOML = {
    "UTF-16": (HEAD.encode("utf-16"), "s.toml:1 is not in UTF-8; save it in that encoding"),
    "Latin-1": (HEAD.replace("t", "ü").encode("latin-1"), "s.toml:2 is not in UTF-8"),
    "half a character": (HEAD.encode() + b"# \xed\xa0\x80", "s.toml:3 is not in UTF-8"),
    "half a character, escaped": ('name = "s"\ntitle = "\\ud800"\n', "s.toml:2: this is no TOML"),
    "a PNG": (b"\x89PNG\r\n\x1a\n", "s.toml:1 is not in UTF-8"),
    "NUL": (f"{HEAD}\0", "s.toml:3: this is no TOML"),
    "an escape": ('name = "s"\ntitle = "\\u001b[2J"\n', "s.toml:2 [title]: has the control character '\\x1b'"),
    "a key twice": (f'{HEAD}title = "u"\n', "s.toml:3: a key or table is given twice; remove or rename one"),
    "lists 1000 deep": ("a = " + "[" * 1000 + "]" * 1000, "is nested more than 24 keys deep"),
    "tables 1000 deep": ("a = " + "{b = " * 1000 + "1" + "}" * 1000, "is nested more than 24 keys deep"),
    "a key of 5000 parts": (".".join("a" * 5000) + " = 1", "is nested more than 24 keys deep"),
    "a line of 10 MB": (HEAD + "# " + "x" * 10**7, "s.toml is larger than 1.0 MB; make it smaller"),
    "an empty file": ("", "s.toml [name]: this field is missing; add it"),
}


@pytest.mark.parametrize("name", NO_TOML)
def test_what_is_no_scenario_is_refused(tmp_path, network, name):
    content, words = NO_TOML[name]
    check_refused(shown(tmp_path, network, content), words)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("nan", "nan is not a finite number; give a number"),
        ("1e400", "inf is not a finite number"),
        ("1e308", "1e+308 does not fit: it should be less than or equal to 100"),
        ("-1", "-1 does not fit: it should be greater than or equal to 0.05"),
        ("1e-300", "1e-300 does not fit: it should be greater than or equal to 0.05"),
        ("9" * 30, "the whole number has more than 64 bits; give a smaller one"),
        ("0x" + "f" * 5000, "the whole number has more than 64 bits; give a smaller one"),
        ('"²³"', "'²³' does not fit: it should be a valid number"),
    ],
    ids=lambda text: text[:12],
)
def test_a_factor_that_is_no_number_is_refused(tmp_path, network, factor, words):
    check_refused(shown(tmp_path, network, slowed(factor)), f"s.toml:7 [changes[0].factor]: {words}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("date = 0001-01-01", "s.toml:3 [date]: 0001-01-01 is out of range (1990 to 2100); give a day of these years"),
        ("date = 9999-12-31", "s.toml:3 [date]: 9999-12-31 is out of range (1990 to 2100)"),
        ("date = 2026-02-30", "s.toml:3: this is no TOML (Invalid date or datetime)"),
        ("date = 2026-02-20T10:00:00Z", "[date]: 2026-02-20T10:00:00+00:00 does not fit: it should be a day"),
        ("year = 9999", "[year]: 9999 does not fit: it should be less than or equal to 2200"),
        ("dat = 2026-02-01", "[dat]: there is no such field; did you mean date"),
    ],
)
def test_a_day_or_year_that_is_none_is_refused(tmp_path, network, line, words):
    check_refused(shown(tmp_path, network, f"{HEAD}{line}\n"), words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (table_set("links", "length_km = 1e308"), "is out of range (0 to 30000 km)"),
        (table_set("links", "length_km = true"), "'true' is not a number"),
        (table_set("links", "hours = 0"), "a factor of 0 leaves no time"),
        (table_set("links", "hours = 1e6", key="multiply"), "is out of range (1 to 130 km/h)"),
        (table_set("operations", "fees = 1e-300", key="multiply"), "1e-299 is neither 0 nor 1e-12 or more"),
        (table_set("deflators", "usd_to_2024 = 0"), "0 is out of range (0.5 to 3)"),
        (table_set("spreads", "p50_ratio = 0.2"), "[p50_ratio]: not ascending: 1, 0.2, 1; give p10_ratio <= p50_ratio"),
        (table_set("places", 'parent = "cn-a"'), "cn-a is its own parent"),
        (change('do = "demand"', "factor = 1e6"), "3650000000 is out of range (0 to 1e9 TEU/year)"),
        (change('do = "close"', 'what = "links"', 'ids = ["nowhere"]'), "'nowhere' is no id of links"),
        (change('do = "add"', 'table = "places"', 'file = "../x.csv"'), "is not a path within the folder"),
        (change('do = "add"', 'table = "places"', 'file = "/dev/zero"'), "is not a path within the folder"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(tmp_path, network, text, words):
    check_refused(shown(tmp_path, network, text), "s.toml:", words)


def test_a_pattern_of_many_stars_takes_no_longer_than_a_name(tmp_path, network):
    pattern = "*a" * 900
    seen = shown(tmp_path, network, change('do = "close"', 'what = "links"', f'ids = ["{pattern}"]'))
    check_refused(seen, "is no id of links")


def test_thousands_of_faults_are_placed_in_one_reading(tmp_path, network):
    one = '[[changes]]\ndo = "close"\nwhat = "links"\nids = ["nowhere"]\n'
    check_refused(shown(tmp_path, network, HEAD + one * 2000), "s.toml:6 [changes[0].ids[0]]", "... and 1980 more")


@pytest.mark.parametrize("command", ["scenarios", "sweep"])
def test_a_folder_or_nothing_in_place_of_the_file_is_refused(tmp_path, command):
    (tmp_path / "folder.toml").mkdir()
    for name in ("folder.toml", "none.toml"):
        check_refused(outcome([command, name], tmp_path), name, "give")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "study.toml [measure]: this field is missing"),
        ('name = "s"\nname = "t"\n', "study.toml:2: a key or table is given twice"),
        ("seeds = nan\n", "study.toml:1 [seeds]: nan is not a finite number"),
        ("seeds = " + "[" * 1000 + "]" * 1000, "is nested more than 24 keys deep"),
        ("\ud800", "study.toml:1 is not in UTF-8"),
    ],
    ids=["an empty file", "a key twice", "nan", "lists 1000 deep", "half a character"],
)
def test_what_is_no_study_is_refused(tmp_path, text, words):
    (tmp_path / "study.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    check_refused(outcome(["sweep", "study.toml"], tmp_path), words)
