"""A network as GeoPackage with styles and the land below, and a QGIS project beside it."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import QueryError
from landbridge.networks.files import file_to_write, replacing_with
from landbridge.networks.geopackages import seal
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.writing import check_own, target_for, write_network
from landbridge.routing.output.geopackage import add_land_and_styles
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.palette import MODES, PLACES
from landbridge.routing.output.qgis_project import is_own_project, write_project
from landbridge.routing.output.styles import line_style, point_style

_PLACES: Final = Layer(
    "places",
    "Places by kind",
    "point",
    {},
    partial(
        point_style,
        "kind",
        PLACES,
        size="""CASE WHEN "kind" = 'city' THEN 2.4 WHEN "kind" IN ('junction', 'passage') THEN 1.1 ELSE 1.9 END""",
        last="""if("kind" IN ('junction', 'passage'), 1, 0)""",
        labels='"name"',
        weight="""CASE WHEN "kind" = 'city' THEN 9 WHEN "kind" IN ('junction', 'passage') THEN 1 ELSE 5 END""",
    ),
)
_LINKS: Final = Layer(
    "links",
    "Links by mode",
    "line",
    {},
    # Railways on top, sea lanes at the bottom.
    partial(
        line_style,
        "mode",
        MODES,
        width="""if("mode" = 'rail', 0.7, 0.45)""",
        last="""array_find(array('rail', 'ferry', 'iww', 'road', 'sea'), "mode")""",
    ),
)


def write_network_map(network: Network, path: Path) -> list[Path]:
    """Write a network as GeoPackage that QGIS opens with styles, and a project beside it; return both files.

    `read_network` reads the GeoPackage as it reads one of `write_network`: the land and the styles are other layers.

    Raises
    ------
    QueryError
        If the path is not that of a GeoPackage, or one of the files exists, and landbridge did not write it or it was
        edited since.
    """
    path = file_to_write(target_for(path, "gpkg"))
    target_for(path, "gpkg")  # what a symbolic link leads to
    project = path.with_suffix(".qgz")
    if project.exists() and not is_own_project(project):
        raise QueryError(f"{project} was saved by QGIS or another program, so it is not replaced; move it")
    check_own(path)
    layers = [_drawn(layer, network) for layer in (_PLACES, _LINKS)]
    title = f"Network {network.setting('name')}"
    with replacing_with(path, project.name) as new:
        (written,) = write_network(network, new / path.name, file_format="gpkg")
        seal(add_land_and_styles(written, layers))
        write_project(new / project.name, written, layers, meta_of(network.tables, {}), title)
    return [path, project]


def _drawn(layer: Layer, network: Network) -> Layer:
    """Return a layer with the rows of its table, of which a legend needs the values that have a symbol."""
    rows: Any = network.tables["places" if layer is _PLACES else "links"]
    return layer.of(lambda: [{"properties": row} for row in rows])
