"""Tables of studies."""

import pytest

from landbridge.routing import Study
from landbridge.routing.cli.tables.sweep import number, print_study
from tests.support.slow_rows import two_ways
from tests.support.tiny import read_network


@pytest.fixture
def printed(tmp_path, capsys):
    def printed_study(text):
        (tmp_path / "s.toml").write_text(text, encoding="utf-8")
        print_study(Study.read(tmp_path / "s.toml").run(read_network(two_ways(tmp_path / "net")), workers=0))
        return capsys.readouterr().out

    return printed_study


def test_sobol_indices_have_columns_if_the_design_gives_them(printed):
    text = (
        'name = "s"\nmeasure = "route"\ndesign = { kind = "saltelli", points = 4 }\n'
        'options = { origin = "cn-a", destination = "kz-c", value_of_time = "$v" }\nparameters = { v = [0, 50] }\n'
    )
    assert "┃ total ┃" in printed(text)
    plain = printed(text.replace('design = { kind = "saltelli", points = 4 }\n', ""))
    assert "┃ total ┃" not in plain
    assert "2 rows, 2 ok" in plain


def test_scenarios_have_a_column_and_errors_are_counted(printed):
    text = (
        'name = "s"\nmeasure = "route"\nscenarios = ["", "base"]\n'
        'options = { origin = "cn-a", destination = "$to" }\n'
        'parameters = { to = ["kz-c", "one", "two", "three", "four"] }\n'
    )
    found = printed(text)
    assert "┃ scenario ┃" in found
    assert "2 rows failed: " in found
    assert "and 1 other error" in found


def test_numbers_have_the_digits_that_are_read():
    assert [number(value) for value in (0, 0.00123456, 12.5, 999.94, 1234.6, -5000.2)] == [
        "0",
        "0.001235",
        "12.5",
        "999.9",
        "1,235",
        "-5,000",
    ]
