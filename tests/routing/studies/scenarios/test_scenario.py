"""Scenarios: read, stacked, written, compared and stored."""

import dataclasses
import datetime as dt
import pickle
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import landbridge as lb
from landbridge.networks.errors import LandbridgeError, QueryError, ScenarioError
from landbridge.routing.studies.scenarios import models
from landbridge.routing.studies.scenarios.scenario import SCENARIOS_DIR, Scenario
from tests.support.scenarios import CHANGES, scenarios

ONE = """\
name = "one"
title = "One"
[[changes]]
do = "close"
what = "links"
ids = ["x"]
from = 2025-09-12
"""
TWO = 'name = "two"\ntitle = "Two"\ndate = 2030-01-01\nyear = 2030\n'


@pytest.fixture
def files(tmp_path):
    """Return the paths of two scenarios."""
    for name, text in (("one", ONE), ("two", TWO)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path / "one.toml", tmp_path / "two.toml"


def test_a_file_or_the_name_of_a_bundled_scenario_is_read(files):
    assert (Scenario.read(files[0]).name, Scenario.read("base").name) == ("one", "base")
    assert Scenario.read(files[0]).changes[0].first == dt.date(2025, 9, 12)


def test_scenarios_are_stacked_in_order_in_any_of_their_forms(files):
    one, two = files
    stacked = Scenario.read(f"{one}, {two}")
    assert stacked.name == "one + two"
    assert stacked.title == "One; Two"
    assert stacked == Scenario.read([one, str(two)]) == Scenario.read([Scenario.read(one), two])
    assert stacked != Scenario.read([two, one])
    assert Scenario.read(stacked) is stacked


def test_a_path_may_have_a_comma(tmp_path):
    (tmp_path / "a,b.toml").write_text(ONE, encoding="utf-8")
    assert Scenario.read(str(tmp_path / "a,b.toml")).name == "one"


def test_the_fingerprint_is_that_of_the_content_and_the_order():
    one, two = Scenario.from_toml(ONE), Scenario.from_toml(TWO)
    assert one.fingerprint == Scenario.from_toml(f"# a comment\n{ONE}rows = {{ min = 1 }}\n").fingerprint
    assert one.fingerprint != Scenario.from_toml(ONE.replace("x", "y")).fingerprint
    assert Scenario.read([one, two]).fingerprint != Scenario.read([two, one]).fingerprint


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("bsae", "there is no scenario file 'bsae'; give its path, or a bundled one: base"),
        ("nowhere.toml", "there is no scenario file 'nowhere.toml'"),
        ("base,nowhere", "there is no scenario file 'nowhere'"),
        ("", "there is no scenario"),
        (",", "there is no scenario"),
        ([], "there is no scenario"),
        ("x" * 5000, "there is no scenario file"),
    ],
)
def test_what_is_not_there_is_refused(given, message):
    with pytest.raises(ScenarioError, match=message):
        Scenario.read(given)


@pytest.mark.parametrize("given", [5, None, [5], b"base"])
def test_what_is_no_scenario_is_refused(given):
    with pytest.raises(LandbridgeError, match="scenario"):
        Scenario.read(given)


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(ScenarioError, match="there is no scenario file"):
        Scenario.read(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(found=scenarios())
def test_reading_writing_and_reading_is_the_identity(tmp_path, found):
    first = Scenario.from_dict(found)
    again = Scenario.read(first.write(tmp_path / "s.toml"))
    assert again == first == Scenario.from_dict(first.to_dict())
    assert again.to_dict() == first.to_dict()
    assert again.to_toml() == first.to_toml()
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301 - made here


@settings(max_examples=30)
@given(found=st.lists(scenarios(), min_size=2, max_size=3))
def test_a_stack_is_written_as_one_document(found):
    stack = Scenario.read([Scenario.from_dict(part) for part in found])
    assert Scenario.from_toml(stack.to_toml()) == stack == Scenario.from_dict(stack.to_dict())


@pytest.mark.parametrize("kind", [kind for kind in vars(models).values() if "do" in getattr(kind, "model_fields", ())])
def test_every_field_of_every_change_is_drawn(kind):
    """The property above is only as wide as what is drawn."""
    drawn = set()
    (do,) = kind.model_fields["do"].annotation.__args__

    @settings(max_examples=100)
    @given(change=CHANGES[do])
    def draw(change):
        drawn.update(change)

    draw()
    fields = {field.alias or name for name, field in kind.model_fields.items()}
    assert fields - drawn == {"file"} & fields


def test_a_table_of_a_file_becomes_part_of_the_scenario(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "x.csv").write_text("id\nx\n", encoding="utf-8")
    text = 'name = "a"\ntitle = "A"\n[[changes]]\ndo = "add"\ntable = "links"\nfile = "tables/x.csv"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    found = Scenario.read(tmp_path / "a.toml")
    assert (found.changes[0].csv, found.changes[0].file) == ("id\nx\n", None)
    assert found.parts[0].csv_names == {0: "tables/x.csv"}
    assert Scenario.from_toml(found.to_toml()) == found
    (tmp_path / "tables" / "x.csv").write_text("id\ny\n", encoding="utf-8")
    assert Scenario.read(tmp_path / "a.toml") != found
    assert (
        Scenario.from_dict(
            {**found.to_dict(), "changes": [{"do": "add", "table": "links", "file": "x.csv"}]},
            folder=tmp_path / "tables",
        )
        .changes[0]
        .csv
        == "id\ny\n"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../x.csv", r"a.toml:6 \[changes\[0\].file\]: '../x.csv' is not a path within the folder"),
        ("/etc/passwd", r"a.toml:6 \[changes\[0\].file\]: '/etc/passwd' is not a path within the folder"),
        ("y.csv", r"a.toml:6 \[changes\[0\].file\]: there is no file 'y.csv'"),
        ("large.csv", r"a.toml:6 \[changes\[0\].file\]: .*large.csv is larger than 1.0 MB"),
        ("latin.csv", r"a.toml:6 \[changes\[0\].file\]: .*latin.csv:1 is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_part_of_it_is_refused_with_its_line(tmp_path, name, message):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "x.csv").write_text("id\n", encoding="utf-8")
    (folder / "large.csv").write_bytes(b"x" * 1_000_001)
    (folder / "latin.csv").write_bytes(b"\xff")
    text = f'name = "a"\ntitle = "A"\n[[changes]]\ndo = "add"\ntable = "links"\nfile = "{name}"\n'
    (folder / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        Scenario.read(folder / "a.toml")


def test_files_together_have_a_largest_size(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"x" * 400_000)
    change = {"do": "add", "table": "links", "file": "x.csv"}
    with pytest.raises(ScenarioError, match=r"\[changes\[2\].file\].* larger than 0.2 MB"):
        Scenario.from_dict({"name": "a", "title": "A", "changes": [change] * 3}, folder=tmp_path)


def test_a_text_names_no_files():
    with pytest.raises(ScenarioError, match="in no folder"):
        Scenario.from_toml('name = "a"\ntitle = "A"\n[[changes]]\ndo = "add"\ntable = "links"\nfile = "x.csv"\n')


def test_a_million_changes_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text('name = "a"\ntitle = "A"\nchanges = [' + "{}," * 10**6 + "]", encoding="utf-8")
    (tmp_path / "b.toml").write_text('name = "a"\ntitle = "A"\nchanges = [' + "{}," * 300_000 + "]", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"larger than 1.0 MB"):
        Scenario.read(tmp_path / "a.toml")
    with pytest.raises(ScenarioError, match=r"b.toml has 300,000 changes, more than 10,000"):
        Scenario.read(tmp_path / "b.toml")
    with pytest.raises(ScenarioError, match=r"has 1,000,000 changes, more than 10,000"):
        Scenario.from_dict({"name": "a", "title": "A", "changes": [{}] * 10**6})


def test_many_faults_are_all_told():
    text = 'name = "a"\ntitle = "A"\n' + '[[changes]]\ndo = "close"\nhourz = 1\n' * 9_000
    with pytest.raises(ScenarioError, match="has 18,000 faults") as error:
        Scenario.from_toml(text)
    assert error.value.faults[-1].row == 27_002


def test_too_large_a_scenario_is_not_written(tmp_path):
    rows = [{"id": "x" * 1000}] * 1000
    found = Scenario.from_dict({"name": "a", "title": "A", "changes": [{"do": "add", "table": "links", "rows": rows}]})
    with pytest.raises(ScenarioError, match="larger than 1 MB"):
        found.write(tmp_path / "a.toml")
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_is_shown_with_its_changes():
    found = Scenario.from_toml(ONE.replace("One", "<b>"))
    assert repr(found) == "<Scenario one: <b>, 1 change>"
    assert "&lt;b&gt;" in found._repr_html_()


def test_bundled_scenarios_are_named_as_their_files_and_say_what_they_show():
    assert "base" in Scenario.bundled()
    for name in Scenario.bundled():
        found = Scenario.read(name)
        assert found.name == name
        assert found.shows, name
        assert all(part.sources for part in found.parts) or name == "base", name
        first = (SCENARIOS_DIR / f"{name}.toml").read_text(encoding="utf-8").partition("\n")[0]
        assert first == "#:schema ./scenario.schema.json"


def test_the_base_changes_nothing():
    network = lb.load_network()
    changed = Scenario.read("base").apply(network)
    assert changed.setting("scenario") == "base"
    assert {name: table.rows for name, table in changed.tables.items() if name != "dataset"} == {
        name: table.rows for name, table in network.tables.items() if name != "dataset"
    }
    assert "scenario" not in network.tables["dataset"].by_key()


def test_scenarios_applied_in_turn_are_those_applied_at_once():
    network, one, two = lb.load_network(), Scenario.read("base"), Scenario.from_toml(TWO)
    in_turn, at_once = two.apply(one.apply(network)), Scenario.read([one, two]).apply(network)
    for key, value in (("scenario", "base + two"), ("reference_date", "2030-01-01"), ("year", "2030")):
        assert in_turn.setting(key) == at_once.setting(key) == value
    assert in_turn.setting("scenario_fingerprint") == at_once.setting("scenario_fingerprint")


def test_only_a_network_is_changed():
    with pytest.raises(QueryError, match="network"):
        Scenario.read("base").apply("here")


def test_pydantic_is_imported_only_when_a_scenario_is_read():
    code = (
        "import sys, landbridge as lb, landbridge.routing.cli.main as cli\n"
        "cli.run(['route', '--help']); n = lb.load_network(); lb.route(n, 'cn-xian', 'de-duisburg')\n"
        "lb.Scenario.bundled(); before = 'pydantic' in sys.modules\n"
        "lb.Scenario.read('base'); print(before, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False True"


def test_a_scenario_is_small_when_stored():
    assert len(pickle.dumps(Scenario.read("base"))) < 2000
    assert dataclasses.is_dataclass(Scenario)
