"""What a command reads is not replaced by what it writes."""

import pytest

from tests.support.command_modes import write_folder
from tests.support.refusals import check_refused, here, untouched

PROFILE = "profile cn-a cn-c --from 2026-03-02 --to 2026-03-12 --network net"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("inputs")
    write_folder(path)
    assert here(["assign", "d.csv", "--network", "net", "--out", "o"], path).code == 0
    return path


@pytest.mark.parametrize(
    ("command", "option", "path"),
    [
        ("matrix places.csv --network net", "--out", "places.csv"),
        ("matrix places.csv --network net", "--out", "net/links.csv"),
        ("matrix places.csv --network net", "--out", "./o/../net/new/../links.csv"),
        ("assign d.csv --network net", "--out", "d.csv"),
        ("assign d.csv --network net", "--out", "net"),
        ("assign o/demand.csv --network net", "--out", "o"),
        (f"{PROFILE} --scenario base,slow.toml", "--csv", "slow.toml"),
        ("validate --network net", "--markdown", "net/links.csv"),
        (PROFILE, "--csv", "net/links.csv"),
        ("network export --format csv --network net", "--out", "net"),
    ],
)
def test_a_file_that_is_read_is_not_replaced(folder, command, option, path):
    if "new" in path:
        (folder / "net/new").mkdir(exist_ok=True)
    with untouched(folder):
        seen = here([*command.split(), option, path], folder)
    check_refused(seen, option, "is read by this command; give another name")


def test_a_folder_beside_the_files_that_are_read_may_be_written(folder):
    for _ in range(2):
        assert here(["assign", "d.csv", "--network", "net", "--out", "net/o"], folder).code == 0
    assert here(["matrix", "places.csv", "--network", "net", "--out", "m.csv"], folder).code == 0
    # A place of the name of a folder is none that is read.
    assert here(["route", "cn-a", "cn-c", "--network", "net", "--out", "cn-a"], folder).code == 0
    assert here(["route", "cn-a", "cn-c", "--network", "net", "--out", "cn-a"], folder).code == 0


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize(
    "option", ["--network", "--scenario", "--to", "--markdown", "--store", "DEMAND.csv", "STUDY.toml"]
)
def test_a_path_without_a_name_is_no_path_to_the_current_folder(folder, option, blank):
    command = {
        "--to": ["matrix", "places.csv"],
        "--markdown": ["validate"],
        "--store": ["sweep", "s.toml"],
        "DEMAND.csv": ["assign"],
        "STUDY.toml": ["sweep"],
    }.get(option, ["places"])
    with untouched(folder):
        seen = here([*command, *([option] if option.startswith("--") else []), blank], folder)
    check_refused(seen, option, "is empty")


def test_a_name_that_no_file_can_have_is_refused_at_once(folder):
    with untouched(folder):
        seen = here(["sweep", "s.toml", "--store", "x" * 10_000], folder)
    check_refused(seen, "--store", "... (10000 characters) is longer than the name of a file can be")
    assert len(seen.err) < 1000


def test_a_path_may_begin_with_the_home_of_the_user(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    seen = here(["assign", "d.csv", "--network", "net", "--out=~/o"], folder)
    assert (seen.code, (tmp_path / "o" / "demand.csv").is_file(), (folder / "~").exists()) == (0, True, False)
    with untouched(folder):
        refused = here(["assign", "d.csv", "--network", "net", "--out=~nobody_x/o"], folder)
    check_refused(refused, "--out", "in a home that is not known; give the whole path")
