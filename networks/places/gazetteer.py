"""Cities of the world by name, for names that a network lacks: coordinates, country and population.

The table `cities.csv.gz` is searched as it is and no row is read but those found: unpacking takes 20 ms, a search 2 ms.
"""

import csv
import gzip
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, Self

from landbridge.data import DATA_DIR
from landbridge.networks.geometry.sphere import Point, great_circle_km

CITIES_FILE: Final = "cities.csv.gz"
"""Table of cities in the folder of the bundled data, made by `make data`."""

CITY_COLUMNS: Final = ("name", "country", "lat", "lon", "population", "names")
"""Its columns; `names` are in the form of `normalise`, the city's own first, each between semicolons."""

_OUTWEIGHS = 10
_SAME_CITY_KM = 25.0


class City(tuple[float, float]):  # noqa: SLOT001 - a tuple of a length of its own takes no slots
    """A point (longitude, latitude) that is a city: it is used like coordinates, and says what was found.

    Attributes
    ----------
    name, country
        Name, and ISO 3166 alpha-2 code of the country.
    population
        Inhabitants; None for a city of the network.
    names
        Names in the form of `normalise`, the city's own first.
    """

    name: str
    country: str | None
    population: int | None
    names: tuple[str, ...]

    def __new__(
        cls,
        point: Point,
        name: str = "",
        country: str | None = None,
        population: int | None = None,
        names: tuple[str, ...] = (),
    ) -> Self:
        """Return the city at a point."""
        city = super().__new__(cls, point)
        city.name, city.country, city.population, city.names = name, country, population, names
        return city

    @property
    def coordinates(self) -> str:
        """The city as `lat,lon`."""
        return f"{self[1]},{self[0]}"

    def __str__(self) -> str:
        """Return name, country and coordinates."""
        return f"{self.name} ({self.country}, {self.coordinates})"

    def to_dict(self) -> dict[str, Any]:
        """Return the city with the names of the JSON output."""
        found = {"name": self.name, "country": self.country, "lat": self[1], "lon": self[0]}
        return found | {"population": self.population}


def cities_called(name: str) -> list[City]:
    """Return the cities of the world that have a name, given in the form of `normalise`.

    >>> [str(city) for city in cities_called("koeln")]
    ['Köln (DE, 50.9333,6.95)']
    """
    text, wanted, found = _table(), f";{name};".encode(), list[City]()
    at = text.find(wanted) if name else -1
    while at >= 0:
        end = text.index(b"\n", at)
        found.append(_city(text[text.rindex(b"\n", 0, at) + 1 : end].decode()))
        at = text.find(wanted, end)
    return found


def meant(name: str, cities: Sequence[City]) -> list[City]:
    """Return the cities that a name (in the form of `normalise`) may mean, the largest first.

    It means the largest if that has ten times the inhabitants of the next. A city's own name comes before the other
    names of cities that are not ten times as large; entries within 25 km of a larger one are parts of it.
    """
    ranked = sorted(cities, key=lambda city: -(city.population or 0))
    own = [city for city in ranked if name in city.names[:1]]
    if own and not _outweighs(ranked[0], own[0]):
        ranked = own
    apart = _apart(ranked)
    return apart[:1] if len(apart) > 1 and _outweighs(apart[0], apart[1]) else apart


def _apart(ranked: Sequence[City]) -> list[City]:
    kept = list[City]()
    for city in ranked:
        if all(great_circle_km(city, other) > _SAME_CITY_KM for other in kept):
            kept.append(city)
    return kept


def _outweighs(city: City, other: City) -> bool:
    return (city.population or 0) >= _OUTWEIGHS * (other.population or 0)


def _city(line: str) -> City:
    name, country, lat, lon, population, names = next(csv.reader([line]))
    return City((float(lon), float(lat)), name, country, int(population), tuple(names.strip(";").split(";")))


@cache
def _table() -> bytes:
    return gzip.decompress((DATA_DIR / CITIES_FILE).read_bytes())
