"""Finding a place by id, UN/LOCODE, name in English or its own language, or coordinates."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from landbridge.networks.errors import PlaceError
from landbridge.networks.geometry.sphere import Point

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import PlaceRow

_COORDINATES = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*,\s*([+-]?\d+(?:\.\d*)?)\s*")
_COUNTRY_SUFFIX = re.compile(r"(.+?)[,\s]\s*\(?([A-Za-z]{2})\)?\s*")
_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2018\u2019\u02bc\u02bb\u00b4"))
# Letters that NFKD does not decompose.
_LETTERS = str.maketrans({"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def normalise(name: str) -> str:
    """Return a name in the form used for comparison: case folded, without diacritics, apostrophes and double spaces."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES)
    bare = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFKC", bare.translate(_LETTERS)).replace("-", " ").split())


class PlaceIndex:
    """The names of the places of a network."""

    def __init__(self, places: Iterable["PlaceRow"]) -> None:
        rows = list(places)
        self._places = {row["id"]: row for row in rows}
        self._unlocodes = {row["unlocode"].upper().replace(" ", ""): row["id"] for row in rows if row["unlocode"]}
        self._names: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            for name in dict.fromkeys(map(normalise, (row["name"], *row["aliases"]))):
                self._names[name].append(row["id"])

    def resolve(self, text: str) -> str | Point:
        """Return the id of the place that a text refers to, or the point (lon, lat) if it is `lat,lon`.

        The text is tried as an id, a UN/LOCODE, an exact name or alias (optionally with a country: `Astara IR`) and
        coordinates, in this order. If several places have the same name, the primary one is returned.

        Raises
        ------
        PlaceError
            If no place has that name (the closest names are suggested), or several have (their countries are listed).
        """
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
        raise PlaceError(f"no place is called {text!r}{self._suggest(text)}", self._closest(text))

    def label(self, place: str) -> str:
        """Return the name of a place, with its country if another place has the same name."""
        row = self._places[place]
        shared = len(self._names[normalise(row["name"])]) > 1 and row["country"]
        return f"{row['name']} ({row['country']})" if shared else str(row["name"])

    def _by_name(self, text: str) -> list[str]:
        found = self._names.get(normalise(text), [])
        suffix = _COUNTRY_SUFFIX.fullmatch(text)
        if found or suffix is None:
            return found
        country = suffix[2].upper()
        return [
            place for place in self._names.get(normalise(suffix[1]), []) if self._places[place]["country"] == country
        ]

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

    def _closest(self, text: str) -> list[str]:
        names = difflib.get_close_matches(normalise(text), self._names, n=5, cutoff=0.7)
        return list(dict.fromkeys(place for name in names for place in self._names[name]))[:5]

    def _suggest(self, text: str) -> str:
        closest = self._closest(text)
        if not closest:
            return "; `landbridge places` lists all places"
        listed = ", ".join(f"{self._places[place]['name']} ({self._places[place]['country']})" for place in closest)
        return f"; did you mean {listed}?"


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
        raise PlaceError(f"{text!r} is out of range; coordinates are lat,lon in degrees")
    return lon, lat
