"""The name of a place in the script of its country."""

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import PlaceRow

_COUNTRIES: Final = {
    "CJK": "CN TW HK MO JP",
    "HANGUL": "KR KP",
    "CYRILLIC": "BG BY KG KZ MK MN RS RU TJ UA",
    "GEORGIAN": "GE",
    "ARMENIAN": "AM",
    "GREEK": "GR CY",
    "ARABIC": "AE AF BH DZ EG IQ IR JO KW LB LY MA OM PK QA SA SD SY TN YE",
    "HEBREW": "IL",
    "DEVANAGARI": "IN NP",
    "SINHALA": "LK",
    "BENGALI": "BD",
    "THAI": "TH",
    "MYANMAR": "MM",
    "KHMER": "KH",
    "LAO": "LA",
}
_SCRIPTS: Final[Mapping[str, str]] = {
    country: script for script, countries in _COUNTRIES.items() for country in countries.split()
}
"""Script of each country whose own is not Latin, as the names of characters in Unicode begin."""


def local_name(place: "PlaceRow") -> str | None:
    """Return the first alias of a place in the script of its country; None where that is Latin, or there is none.

    Examples
    --------
    >>> from landbridge import load_network
    >>> local_name(load_network().places["cn-lianyungang"])
    '连云港'
    """
    script = _SCRIPTS.get(place["country"] or "")
    if script is None:
        return None
    return next((alias for alias in place["aliases"] if _script(alias) == script), None)


def _script(text: str) -> str:
    letters = (unicodedata.name(letter, "") for letter in text if letter.isalpha())
    return next(letters, "").replace("-", " ").partition(" ")[0]
