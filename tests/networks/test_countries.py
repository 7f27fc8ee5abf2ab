"""Codes of countries."""

from landbridge.networks.countries import COUNTRY_CODES


def test_the_codes_are_those_of_the_standard(network):
    # ISO 3166-1 has 249 officially assigned codes; XK (Kosovo) is not one of them.
    assert len(COUNTRY_CODES) == 249
    assert {row["code"] for row in network.tables["countries"]} <= COUNTRY_CODES | {"XK"}
