"""Names in the script of the country."""

import pytest

from landbridge.networks.places.local_names import local_name

ALIASES = ("Ляньюньган", "Lien-yün-kang", "连云港", "თბილისი", "اينچه‌برون")


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("CN", "连云港"),
        ("RU", "Ляньюньган"),
        ("GE", "თბილისი"),
        ("IR", "اينچه‌برون"),
        ("DE", None),
        (None, None),
        ("GR", None),
    ],
)
def test_the_local_name_is_the_first_alias_in_the_script_of_the_country(country, name):
    assert local_name({"country": country, "aliases": ALIASES}) == name


def test_an_alias_without_letters_is_no_name():
    assert local_name({"country": "CN", "aliases": ("123", "")}) is None
