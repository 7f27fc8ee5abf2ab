"""Names that look like markup of consoles or of formulas are shown as they are, in each table and each chart."""

import csv

import pytest

from tests.support.command_modes import commands, modes, network_of, write_folder
from tests.support.refusals import OWN_PROCESS, here

NAMES = ("[red]A[/red]", "[/x] B", r"$\frac{ C_d^")
SAID = ("route", "corridors", "pareto", "assign", "places", "reach")
"""Commands whose tables have names of places; with the charts of each that draws one, those are all of the suite."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("names")
    write_folder(path)
    for table, column in (("places", "name"), ("resources", "name"), ("corridors", "name"), ("services", "name")):
        rename(path / f"net/{table}.csv", column)
    return path


def rename(path, column):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        if column in row:
            row[column] = NAMES[number % len(NAMES)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


FIRST = {name: options for name, _, options in reversed(list(modes()))}
DRAWN = FIRST | {name: options for name, mode, options in modes() if (name, mode) == ("ferries", "a plan")}
CHARTS = [name for name, command in commands() if any("--chart" in each.opts for each in command.params)]


@pytest.mark.parametrize("command", [name for name in FIRST if OWN_PROCESS or name in SAID])
def test_names_that_look_like_markup_are_printed_as_they_are(folder, command):
    options = [*FIRST[command], *(["--out", "n"] if command == "network export" else [])]
    seen = here([*command.split(), *options, "--network", network_of(command)], folder)
    assert (seen.code, "Traceback" in seen.err) == (0, False), seen
    if command in SAID:
        assert any(name in seen.out for name in NAMES), seen.out


@pytest.mark.parametrize("command", [name for name in CHARTS if name in FIRST])
def test_names_that_look_like_formulas_are_drawn(folder, command):
    seen = here(
        [*command.split(), *DRAWN[command], "--chart", f"{command}.svg", "--network", network_of(command)], folder
    )
    assert seen.code == 0, seen
    assert (folder / f"{command}.svg").stat().st_size > 0
