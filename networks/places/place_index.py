"""Finding a place by id, UN/LOCODE, name in English or its own language, coordinates, or among the world's cities."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from landbridge.networks.arguments import instance
from landbridge.networks.errors import PlaceError
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.places.gazetteer import City, cities_called, meant
from landbridge.networks.words import shortened

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import PlaceRow

_COORDINATES = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*,\s*([+-]?\d+(?:\.\d*)?)\s*")
_COUNTRY_SUFFIX = re.compile(r"(.+?)[,\s]\s*\(?([A-Za-z]{2})\)?\s*")
_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2018\u2019\u02bc\u02bb\u00b4"))
# Letters that NFKD does not decompose.
_LETTERS = str.maketrans({"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
# How they are written where keyboards lack them.
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# How programs write a missing value, in the form of `normalise`; `nan` is also a name of two of the world's cities.
_MISSING: Final = frozenset({"nan", "nat", "na", "n a", "null", "none"})
# A port may lie far out of its city.
_CITY_KM = 50.0

ACCESS_KM: Final = 300.0
"""Greatest distance between a terminal and a point that uses it."""


def normalise(name: str) -> str:
    """Return a name in the form used for comparison: case folded, words only, without diacritics and apostrophes.

    >>> normalise("Xi'an"), normalise("Frankfurt (Main)"), normalise("Łódź")
    ('xian', 'frankfurt main', 'lodz')
    """
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES)
    bare = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", bare.translate(_LETTERS))).strip()


def spellings(name: str) -> tuple[str, ...]:
    """Return the forms of a name by which it is found: without diacritics, and with two letters for an umlaut.

    >>> spellings("Köln")
    ('koln', 'koeln')
    """
    in_full = unicodedata.normalize("NFKC", name).casefold().translate(_TWO_LETTERS)
    return tuple(dict.fromkeys((normalise(name), normalise(in_full))))


class PlaceIndex:
    """The names of the places of a network."""

    def __init__(self, places: Iterable["PlaceRow"]) -> None:
        rows = list(places)
        self._places = {row["id"]: row for row in rows}
        self._unlocodes = {row["unlocode"].upper().replace(" ", ""): row["id"] for row in rows if row["unlocode"]}
        self._names: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            forms = (form for name in (row["name"], *row["aliases"]) for form in spellings(name))
            for form in dict.fromkeys(forms):
                self._names[form].append(row["id"])

    def resolve(self, text: str) -> str | Point:
        """Return the id of the place that a text refers to, or a point (lon, lat): `lat,lon`, or a `City`.

        The text is tried as an id, a UN/LOCODE, an exact name or alias (optionally with a country: `Astara IR`),
        coordinates, and the name of one of the world's cities, in this order. Of places with the same name the primary
        one is returned, of cities those within 300 km of a terminal count first, and then the largest if it is ten
        times the next.

        Raises
        ------
        PlaceError
            If no place has that name (the closest names are suggested), or several have (their countries are listed).
        QueryError
            If it is not a text.
        """
        instance(text, str, "place", "give its id, UN/LOCODE or name, or 'lat,lon'")
        if text in self._places:
            return text
        code = text.upper().replace(" ", "")
        if code in self._unlocodes:
            return str(self._unlocodes[code])
        found = self._by_name(text)
        if found:
            return self._only(text, found)
        point = parse_coordinates(text)
        if point is not None:
            return point
        if normalise(text) in _MISSING:
            raise PlaceError(f"{text!r} is how programs write a blank; name a place, with its country if called so")
        city = self._city(text)
        if city is not None:
            return city
        raise PlaceError(f"no place is called {shortened(repr(text))}{self.suggest(text)}", self.closest(text))

    def city_at(self, place: str) -> City | None:
        """Return a place of the network as a point with a name, None if it is no city, such as a junction of lines."""
        row = self._places[place]
        cities = [city for form in spellings(row["name"]) for city in cities_called(form) if self._lies_in(place, city)]
        if not cities and row["kind"] != "city":
            return None
        population = max((city.population or 0 for city in cities), default=None)
        return City((row["lon"], row["lat"]), row["name"], row["country"], population)

    def label(self, place: str) -> str:
        """Return the name of a place, with its country if another place has the same name."""
        row = self._places[place]
        shared = len(self._names[normalise(row["name"])]) > 1 and row["country"]
        return f"{row['name']} ({row['country']})" if shared else str(row["name"])

    def _by_name(self, text: str) -> list[str]:
        found = self._names.get(normalise(text), [])
        if found:
            return found
        name, country = _of_country(text)
        return [place for place in self._names.get(name, []) if self._places[place]["country"] == country]

    def _city(self, text: str) -> str | City | None:
        """Return the city that a text names by a spelling that the network lacks: its place there, or else a point."""
        name, cities = normalise(text), cities_called(normalise(text))
        if not cities:
            name, country = _of_country(text)
            cities = [city for city in cities_called(name) if city.country == country]
        if not cities or not self._terminals:
            return None
        found = meant(name, [city for city in cities if self._is_reached(city)])
        if len(found) == 1:
            return self._place_of(found[0]) or found[0]
        if found:
            cure = f"give lat,lon, or the country as in '{found[0].name}, {found[0].country}'"
            listed = ", ".join(map(str, found))
            raise PlaceError(f"{text!r} may mean {listed}; {cure}", [city.coordinates for city in found])
        return max(cities, key=lambda city: city.population or 0)

    def _place_of(self, city: City) -> str | None:
        """Return the place of the network that is a city, None if it has none."""
        for name in city.names:
            near = [place for place in self._names.get(name, ()) if self._lies_in(place, city)]
            if near:
                return self._only(name, near)
        return None

    def _lies_in(self, place: str, city: City) -> bool:
        row = self._places[place]
        near = great_circle_km(city, (row["lon"], row["lat"])) <= _CITY_KM
        return row["country"] == city.country and near

    @cached_property
    def _terminals(self) -> list["PlaceRow"]:
        return [row for row in self._places.values() if row["modes"] and row["country"]]

    def nearest(self, point: Point, fits: Callable[["PlaceRow"], object] = bool) -> tuple[float, str] | None:
        """Return the distance in km from a point (lon, lat) to the nearest terminal that fits, and its id."""
        far = ((great_circle_km(point, (row["lon"], row["lat"])), row["id"]) for row in self._terminals if fits(row))
        return min(far, default=None)

    def _is_reached(self, city: City) -> bool:
        near = self.nearest(city)
        return near is not None and near[0] <= ACCESS_KM

    def _only(self, text: str, found: list[str]) -> str:
        primary = [place for place in found if self._places[place]["primary"]]
        if len(found) == 1 or len(primary) == 1:
            return (primary or found)[0]
        # A city and its terminal may share a name: the city is meant.
        roots = [place for place in found if self._places[place]["parent"] not in found]
        if len(roots) == 1:
            return roots[0]
        listed = ", ".join(f"{place} ({self._places[place]['country']})" for place in found)
        raise PlaceError(f"{text!r} may mean {listed}; give the id", found)

    def closest(self, text: str) -> list[str]:
        """Return the ids of places with similar names."""
        names = difflib.get_close_matches(normalise(text), self._names, n=5, cutoff=0.7)
        return list(dict.fromkeys(place for name in names for place in self._names[name]))[:5]

    def suggest(self, text: str) -> str:
        """Return the places with similar names, as the end of a message."""
        closest = self.closest(text)
        if not closest:
            return "; `landbridge places` lists all places"
        listed = ", ".join(f"{self._places[place]['name']} ({self._places[place]['country']})" for place in closest)
        return f"; did you mean {listed}?"


def _of_country(text: str) -> tuple[str, str]:
    """Return the name and the country code of a text such as `Astara IR`, blank if it has none."""
    parts = _COUNTRY_SUFFIX.fullmatch(text)
    return (normalise(parts[1]), parts[2].upper()) if parts else ("", "")


def parse_coordinates(text: str) -> Point | None:
    """Return the point (lon, lat) of a text `lat,lon`, or None if the text has another form.

    Raises
    ------
    PlaceError
        If latitude or longitude is out of range.
    """
    match = _COORDINATES.fullmatch(text)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise PlaceError(f"{shortened(text)!r} is out of range; coordinates are lat,lon in degrees")
    return lon, lat
