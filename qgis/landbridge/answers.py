"""The folder that the program writes: its layers with their names, order and styles, from its project and GeoPackage.

Nothing here needs QGIS.
"""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from .finding import ProgramError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GEOPACKAGE, PROJECT = "landbridge.gpkg", "landbridge.qgz"
LAND = "land"


class AnswerLayer(NamedTuple):
    """A layer of an answer.

    Attributes
    ----------
    name
        Its name in the GeoPackage.
    title
        Its name for people.
    shown
        Whether a map shows it when it is opened.
    source
        Where QGIS finds it.
    style
        Its style, as the document of a .qml file.
    """

    name: str
    title: str
    shown: bool
    source: str
    style: str


def layers_of(folder: Path) -> list[AnswerLayer]:
    """Return the layers of an answer, from the top of the map down, the land among them.

    Raises
    ------
    ProgramError
        If the folder has no project, GeoPackage or style.
    """
    try:
        with zipfile.ZipFile(folder / PROJECT) as archive:
            (name,) = (each for each in archive.namelist() if each.endswith(".qgs"))
            project = ET.fromstring(archive.read(name))  # noqa: S314 - written by the program a moment ago
        # Only read, so that the file stays as it was written.
        with closing(sqlite3.connect(f"{(folder / GEOPACKAGE).resolve().as_uri()}?mode=ro", uri=True)) as database:
            styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        return list(_layers(folder, project, styles))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, sqlite3.Error, ET.ParseError) as error:
        raise ProgramError(
            f"{folder} lacks the layers of an answer ({error}). Install the landbridge that fits this plugin."
        ) from error


def _layers(folder: Path, project: ET.Element, styles: dict[str, str]) -> Iterator[AnswerLayer]:
    names = {
        layer.findtext("id", ""): layer.findtext("datasource", "").partition("|layername=")[2]
        for layer in project.iter("maplayer")
    }
    for node in project.iter("layer-tree-layer"):
        name = names[node.attrib["id"]]
        source = f"{folder / GEOPACKAGE}|layername={name}"
        yield AnswerLayer(name, node.attrib["name"], node.attrib["checked"] == "Qt::Checked", source, styles[name])
