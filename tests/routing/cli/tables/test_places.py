"""The table of places."""

from landbridge.routing.cli.tables import console
from landbridge.routing.cli.tables.places import print_choices, print_places


def test_places_are_listed_with_what_finds_them_and_counted(network, capsys):
    print_places([network.places["kz-dostyk"], network.places["cn-xian"]])
    text = capsys.readouterr().out
    for part in ("kz-dostyk", "Dostyk", "KZ", "cn-xian", "西安", "2 places"):
        assert part in text


def test_choices_are_listed_with_the_option_that_takes_them(capsys):
    row = {"id": "hormuz", "name": "Strait of Hormuz", "modes": ["sea"], "links": 12, "aliases": ["ormuz"]}
    print_choices([row], "passage")
    text = capsys.readouterr().out
    for part in ("Passages", "hormuz", "Strait of Hormuz", "sea", "12", "ormuz", "--avoid takes them"):
        assert part in text


def test_coordinates_are_whole_or_left_out(network, monkeypatch, capsys):
    """Of 60 columns the coordinates had two lines, the second a number of its own."""
    monkeypatch.setattr(console, "_PIPE_COLUMNS", 60)
    print_places([network.places["kz-aktau"]])
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 60
    assert "Left out for lack of room: other names, lat, lon." in text
    assert "43.600" not in text
    monkeypatch.setattr(console, "_PIPE_COLUMNS", 90)
    print_places([network.places["kz-aktau"]])
    assert "43.600, 51.222" in capsys.readouterr().out
