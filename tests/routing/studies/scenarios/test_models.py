"""The format of scenario files: what is refused, with its line, key path and cure."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.routing.studies.scenarios.models import TABLES
from landbridge.routing.studies.scenarios.scenario import Scenario

HEAD = 'name = "a"\ntitle = "A scenario"\n'


def faults(changes, head=HEAD):
    """Return the faults of changes that follow a head of two lines."""
    with pytest.raises(ScenarioError) as error:
        Scenario.from_toml(head + changes)
    return [str(fault).removeprefix("the text of a scenario") for fault in error.value.faults]


CLOSE = '[[changes]]\ndo = "close"\nwhat = "links"\nids = ["x"]\n'
SET = '[[changes]]\ndo = "set"\ntable = "links"\nids = ["x"]\n'
SLOW = '[[changes]]\ndo = "slow"\nwhat = "links"\nids = ["x"]\n'
ADD = '[[changes]]\ndo = "add"\ntable = "links"\n'
SANCTION = '[[changes]]\ndo = "sanction"\n'
DEMAND = '[[changes]]\ndo = "demand"\n'
LEVEL = '[[changes]]\ndo = "caspian-level"\n'


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ('title = "A"\n', " [name]: this field is missing"),
        ('name = "A b"\ntitle = "A"\n', ":1 [name]: 'A b' does not fit"),
        ('name = "../b"\ntitle = "A"\n', ":1 [name]: '../b' does not fit"),
        ('name = "a"\ntitel = "A"\n', ":2 [titel]: there is no such field; did you mean title?"),
        ('name = "a"\ntitle = 5\n', ":2 [title]: 5 does not fit: it should be a valid string"),
        ('name = "a"\ntitle = ""\n', ":2 [title]: '' does not fit: String should have at least 1 character"),
        (f'{HEAD}date = "2025-02-30"\n', ":3 [date]: '2025-02-30' is no day of the calendar; write it as 2025-09-15"),
        (
            f"{HEAD}date = 2025-02-03T10:00:00\n",
            ":3 [date]: 2025-02-03T10:00:00 does not fit: it should be a day such as 2025-09-15",
        ),
        (f"{HEAD}date = 2025\n", ":3 [date]: 2025 does not fit"),
        (f'{HEAD}year = "2025"\n', ":3 [year]: '2025' does not fit"),
        (f"{HEAD}year = 20255\n", ":3 [year]: 20255 does not fit: it should be less than or equal to 2200"),
        (f'{HEAD}sources = "P1"\n', ":3 [sources]: 'P1' does not fit"),
        (f'{HEAD}sources = ["P1", 2]\n', ":3 [sources[1]]: 2 does not fit"),
        (f"{HEAD}changes = 3\n", ":3 [changes]: 3 does not fit"),
        (f"{HEAD}changes = [3]\n", ":3 [changes[0]]: 3 does not fit"),
        (f'{HEAD}[changes]\ndo = "close"\n', ":3 [changes]: {'do': 'close'} does not fit: it should be a list"),
        (f"{HEAD}change = []\n", ":3 [change]: there is no such field; did you mean changes?"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(head, fault):
    assert any(found.startswith(fault) for found in faults("", head)), faults("", head)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("[[changes]]\n", ":3 [changes[0]]: the field 'do' is missing"),
        ('[[changes]]\ndo = "shut"\n', ":3 [changes[0]]: 'shut' is no kind of change"),
        (f"{CLOSE}hourz = 1\n", ":7 [changes[0].hourz]: there is no such field"),
        (f"{CLOSE}form = 2025-01-01\n", ":7 [changes[0].form]: there is no such field; did you mean from?"),
        (CLOSE.replace("links", "link"), ":5 [changes[0].what]: 'link' is not allowed; did you mean links?"),
        (CLOSE.replace('ids = ["x"]\n', ""), ":3 [changes[0]]: this change selects nothing; add ids"),
        (CLOSE.replace('["x"]', '"x"'), ":6 [changes[0].ids]: 'x' does not fit"),
        (CLOSE.replace('["x"]', '["x", ""]'), ":6 [changes[0].ids[1]]: '' does not fit"),
        (f"{CLOSE}from = 2025-09-24\nto = 2025-09-12\n", ":8 [changes[0].to]: the period has no day"),
        (f"{CLOSE}announced = 2025-09-24\n", ":7 [changes[0].announced]: announced 2025-09-24 is not a day before"),
        (f"{CLOSE}from = 2025-09-12\nannounced = 2025-09-24\n", ":8 [changes[0].announced]: announced 2025-09-24 is"),
        (f"{CLOSE}rows = 0\n", ":7 [changes[0].rows]: 0 does not fit"),
        (f"{CLOSE}rows = true\n", ":7 [changes[0].rows]: true does not fit"),
        (f"{CLOSE}rows = {{ min = 3, max = 2 }}\n", ":7 [changes[0].rows]: min 3 is more than max 2; exchange them"),
        (f"{CLOSE}rows = {{ least = 3 }}\n", ":7 [changes[0].rows.least]: there is no such field"),
        (f"{CLOSE}where = {{ a.b = 1 }}\n", ":7 [changes[0].where.a]: this is no cell of a table"),
        (f"{CLOSE}where = 3\n", ":7 [changes[0].where]: 3 does not fit"),
        (f'{CLOSE}confidence = "sure"\n', ":7 [changes[0].confidence]: 'sure' is not allowed"),
        (f"{SLOW}factor = 0\n", ":7 [changes[0].factor]: 0 does not fit"),
        (f"{SLOW}factor = true\n", ":7 [changes[0].factor]: true does not fit"),
        (SLOW, ":3 [changes[0].factor]: this field is missing; add it: factor on the time, mean and spread alike"),
        (SET, ":3 [changes[0]]: this change changes nothing"),
        (f'{SET}multiply = {{ hours = "2" }}\n', ":7 [changes[0].multiply.hours]: '2' does not fit"),
        (f"{SET}multiply = {{ hours = -1 }}\n", ":7 [changes[0].multiply.hours]: -1 does not fit"),
        (
            f"{SET}multiply = {{ fees = 2 }}\nset = {{ fees = 2 }}\n",
            ":7 [changes[0].multiply.fees]: fees is also in set",
        ),
        (f"{SET.replace('links', 'dataset')}set = {{ a = 1 }}\n", ":5 [changes[0].table]: 'dataset' is not allowed"),
        (f"{SET.replace('links', 'sources')}set = {{ a = 1 }}\n", ":5 [changes[0].table]: 'sources' is not allowed"),
        (f"{SET}set = {{ a = [[1]] }}\n", ":7 [changes[0].set.a]: this is no cell of a table"),
        (f"{SET}set = {{ a = 2025-01-01T00:00:00Z }}\n", ":7 [changes[0].set.a]: this is no cell of a table"),
        (ADD, ":3 [changes[0]]: this change has no content; add one of rows, file, csv"),
        (f'{ADD}rows = [{{ id = "x" }}]\nfile = "x.csv"\n', ":7 [changes[0].file]: file is given beside rows"),
        (f"{ADD}rows = [3]\n", ":6 [changes[0].rows[0]]: 3 does not fit"),
        (f"{LEVEL}meters = 1\n", ":5 [changes[0].meters]: there is no such field; did you mean metres?"),
        (f"{LEVEL}metres = 100\n", ":5 [changes[0].metres]: 100 does not fit"),
        (SANCTION, ":3 [changes[0]]: this sanction meets nobody"),
        (f'{SANCTION}countries = ["ru"]\n', ":5 [changes[0].countries[0]]: 'ru' does not fit"),
        (f'{SANCTION}countries = ["RU"]\nhs_chapters = ["8"]\n', ":6 [changes[0].hs_chapters[0]]: '8' does not fit"),
        (DEMAND, ":3 [changes[0]]: this change has no content; add one of factor"),
        (f"{DEMAND}factor = 2\ngrowth_per_year = 0.1\n", ":6 [changes[0].growth_per_year]: growth_per_year is given"),
        (f"{DEMAND}growth_per_year = 0.1\n", ":3 [changes[0]]: growth needs two years"),
        (f"{DEMAND}growth_per_year = 0.1\nfrom_year = 2030\nto_year = 2025\n", ":7 [changes[0].to_year]: 2025 is not"),
        (f"{DEMAND}factor = 2\nto_year = 2025\n", ":6 [changes[0].to_year]: to_year is only for growth_per_year"),
        (f'{DEMAND}csv = "id"\nids = ["x"]\n', ":3 [changes[0]]: a table of demand replaces all rows"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change, fault):
    assert any(found.startswith(fault) for found in faults(change)), faults(change)


OPEN = '[[changes]]\ndo = "open"\nwhat = "links"\nids = ["x"]\n'


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (CLOSE + OPEN, 7),
        (OPEN + CLOSE, 7),
        (OPEN + CLOSE.replace('"x"', '"*"'), 7),
        (OPEN.replace('"x"', '"?"') + CLOSE, 7),
        (f"{OPEN}from = 2027-01-01\n{CLOSE}from = 2026-01-01\n", 8),
    ],
)
def test_what_is_open_and_closed_at_once_is_refused(changes, line):
    (found,) = faults(changes)
    assert found.startswith(f":{line} [changes[1]]: ")
    assert "is open and closed at once (see changes[0])" in found


@pytest.mark.parametrize(
    "changes",
    [
        f"{OPEN}{CLOSE}from = 2026-01-01\nto = 2026-01-13\n",
        f"{OPEN}from = 2026-01-01\n{CLOSE}from = 2027-01-01\n",
        OPEN + CLOSE.replace('"x"', '"y"'),
        OPEN + CLOSE.replace("links", "places"),
        OPEN + CLOSE + "where = { mode = 'rail' }\n",
    ],
)
def test_what_is_open_for_some_days_is_no_contradiction(changes):
    assert len(Scenario.from_toml(HEAD + changes).changes) == 2


def test_all_faults_are_told_at_once():
    assert len(faults(f"{CLOSE}a = 1\nb = 2\n{SLOW}{LEVEL}metres = 'x'\n")) == 4


def test_cells_are_text_as_in_csv_files():
    (change,) = Scenario.from_toml(
        HEAD + SET + "set = { valid_from = 2027-01-01, opens = 08:00:00, modes = ['rail', 'sea'], n = 1, f = 1.5 }\n"
    ).changes
    assert change.set == {"valid_from": "2027-01-01", "opens": "08:00", "modes": ("rail", "sea"), "n": 1, "f": 1.5}


def test_a_number_of_rows_is_the_least_and_the_most():
    found = [
        Scenario.from_toml(f"{HEAD}{CLOSE}{rows}").changes[0].rows
        for rows in ("", "rows = 2", "rows = { max = 3 }", "rows = { min = 0 }")
    ]
    assert [(count.min, count.max) for count in found] == [(1, None), (2, 2), (1, 3), (0, None)]


def test_observations_and_the_data_set_are_not_changed():
    assert not {"observations", "counts", "dataset", "sources"} & {*TABLES}
    assert {"links", "tariffs", "demand"} <= {*TABLES}
