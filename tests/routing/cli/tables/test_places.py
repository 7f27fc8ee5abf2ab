"""The table of places."""

from landbridge.routing.cli.tables.places import print_places


def test_places_are_listed_with_what_finds_them_and_counted(network, capsys):
    print_places([network.places["kz-dostyk"], network.places["cn-xian"]])
    text = capsys.readouterr().out
    for part in ("kz-dostyk", "Dostyk", "KZ", "cn-xian", "西安", "2 places"):
        assert part in text
