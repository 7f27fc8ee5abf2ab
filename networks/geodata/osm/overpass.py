"""Reading of OpenStreetMap online into `Ways`, with Overpass through osmnx."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from landbridge.networks.caches import cache_folder, is_writable, tell_once
from landbridge.networks.errors import DataError
from landbridge.networks.geodata.osm.lines import chains
from landbridge.networks.geodata.osm.ways import (
    LEVEL_CROSSING,
    RAILWAYS,
    ROADS,
    SHUT_RAILWAYS,
    STATIONS,
    TOWNS,
    Collector,
    Tags,
    Ways,
    mode_of,
    names_a_place,
)

FILTERS: Final = {
    "rail": f'["railway"~"^({"|".join(RAILWAYS)})$"]',
    "ferry": '["route"="ferry"]',
    "road": f'["highway"~"^({"|".join(ROADS)})$"]',
}
"""Overpass filters of each mode."""

SHUT_FILTER: Final = f'["railway"~"^({"|".join(SHUT_RAILWAYS)})$"]'
"""Overpass filter of the railways that are not in use, which say where no gap is to be closed."""

WAY_TAGS: Final = (
    *("railway", "route", "highway", "gauge", "electrified", "voltage", "frequency", "maxspeed", "usage", "service"),
    *("operator", "tracks", "name", "name:en", "int_name", "ref", "ferry", "train", "duration", "bridge", "tunnel"),
    *("hgv", "motor_vehicle", "motorcar", "access", "toll", *SHUT_RAILWAYS),
)
"""Tags that are kept; the defaults of osmnx drop most of them."""

NAME_LANGUAGES: Final = (
    "az",
    "be",
    "de",
    "fa",
    "ja",
    "ka",
    "kk",
    "ko",
    "ky",
    "mn",
    "pl",
    "ru",
    "tk",
    "tr",
    "uk",
    "uz",
    "zh",
)
"""Languages of the names that osmnx keeps on ways; stations keep all languages."""


def read_overpass(
    *,
    place: str | None = None,
    bbox: tuple[float, float, float, float] | None = None,
    modes: Iterable[str] = ("rail", "ferry", "road"),
    url: str | None = None,
) -> Ways:
    """Download ways.

    Parameters
    ----------
    place
        Name of a region, looked up by Nominatim.
    bbox
        West, south, east, north in degrees; an alternative to `place`.
    modes
        Modes to download.
    url
        URL of another Overpass server, such as `https://overpass.example/api`.

    Raises
    ------
    DataError
        If the area is invalid, or a server does not respond or returns nothing.
    """
    if (place is None) == (bbox is None):
        raise DataError("give either a place or a bounding box")
    import osmnx

    source = f"Overpass {place or bbox}"
    with _settings(osmnx, url):
        area = _area(osmnx, place, bbox)
        graph = _ask(source, lambda: _graph(osmnx, area, list(modes)))
        points = _ask(source, lambda: _points(osmnx, area))
    collector = Collector(source)
    collector.add_year(datetime.now(tz=UTC).year)
    for osm_id, lon, lat, tags in points:
        collector.add_tagged_node(osm_id, osm_id, (lon, lat), tags)
    _collect_graph(graph, collector)
    return collector.ways()


@contextmanager
def _settings(osmnx: Any, url: str | None) -> Iterator[None]:
    """Change the settings of osmnx for the duration of the requests; they are global to the program."""
    names = [f"name:{language}" for language in NAME_LANGUAGES]
    wanted = {
        "useful_tags_way": [*WAY_TAGS, *names],
        "useful_tags_node": [],
        "all_oneway": False,
    }
    folder = cache_folder()
    if folder is None or not is_writable(folder / "overpass"):
        wanted["use_cache"] = False
    else:
        wanted["cache_folder"] = str(folder / "overpass")
    if url is not None:
        # Only the public server says how long to wait.
        wanted |= {"overpass_url": url, "overpass_rate_limit": False}
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def _area(osmnx: Any, place: str | None, bbox: tuple[float, float, float, float] | None) -> Any:
    if bbox is not None:
        west, south, east, north = bbox
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise DataError(f"the bounding box {bbox} is invalid; give west, south, east, north in degrees")
        from shapely.geometry import box

        return box(west, south, east, north)
    return _ask(str(place), lambda: osmnx.geocode_to_gdf(place).geometry.iloc[0])


def _ask(source: str, question: Any) -> Any:
    """Send a request to a server, and convert all failures to one exception."""
    import requests
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    try:
        try:
            return question()
        except (json.JSONDecodeError, UnicodeDecodeError):
            _drop_damaged_answers()
            return question()
    except InsufficientResponseError as error:
        raise DataError(
            f"{source}: nothing was found ({error}); check the name, the bounding box and the modes"
        ) from error
    except (requests.RequestException, ResponseStatusCodeError, ConnectionError) as error:
        raise DataError(f"{source}: the server did not respond ({error}); try again or give a file") from error


def _drop_damaged_answers() -> None:
    """Delete unreadable responses from the cache of osmnx, which does not check whether they are complete."""
    import osmnx

    for file in Path(osmnx.settings.cache_folder).glob("*.json"):
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            tell_once("overpass", "%s is damaged; it is requested again", file)
            file.unlink(missing_ok=True)


def _graph(osmnx: Any, area: Any, modes: list[str]) -> Any:
    return osmnx.graph_from_polygon(
        area,
        simplify=False,
        retain_all=True,
        truncate_by_edge=True,
        custom_filter=[*(FILTERS[mode] for mode in modes), *([SHUT_FILTER] if "rail" in modes else [])],
    )


def _points(osmnx: Any, area: Any) -> list[tuple[int, float, float, Tags]]:
    from osmnx._errors import InsufficientResponseError

    asked: dict[str, Any] = {"railway": [*STATIONS, LEVEL_CROSSING], "place": list(TOWNS), "amenity": "ferry_terminal"}
    try:
        frame = osmnx.features_from_polygon(area, asked)
    except InsufficientResponseError:
        return []
    found = []
    for (kind, osm_id), row in frame.iterrows():
        tags = {key: str(value) for key, value in row.drop("geometry").items() if isinstance(value, str)}
        middle = row.geometry.centroid
        if names_a_place(tags) or (kind == "node" and tags.get("railway") == LEVEL_CROSSING):
            found.append((int(osm_id), float(middle.x), float(middle.y), tags))
    return found


def _collect_graph(graph: Any, collector: Collector) -> None:
    """Collect the steps into which osmnx has cut the ways, each with the tags of its way; ferries are put together.

    The duration of a ferry is that of the whole way.
    """
    for node, data in graph.nodes(data=True):
        collector.add_node(node, float(data["x"]), float(data["y"]))
    ferries: dict[int, list[tuple[int, int, float, int]]] = defaultdict(list)
    tags: dict[int, Tags] = {}
    for start, end, data in graph.edges(data=True):
        if not data.get("reversed"):
            way = int(data["osmid"])
            own = {key: str(value) for key, value in data.items() if key in WAY_TAGS or key.startswith("name:")}
            if collector.wanted(way, own) is None:
                continue
            if mode_of(own) == "ferry":
                ferries[way].append((start, end, 0.0, way))
                tags[way] = own
            else:
                collector.add_way(way, [start, end], own)
    for way, steps in ferries.items():
        for line in chains(steps, set(), lambda _: False):
            collector.add_way(way, line.nodes, tags[way])
