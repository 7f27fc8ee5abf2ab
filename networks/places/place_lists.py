"""Lists of places that users write: a CSV file with a column `place`, checked as a whole before it is used."""

import csv
import io
from pathlib import Path

from landbridge.networks.errors import DataError, Fault, PlaceError
from landbridge.networks.places.place_index import PlaceIndex

COLUMN = "place"
"""Column that holds the places."""

_MOST_BYTES = 50_000_000


def read_places(path: str | Path, index: PlaceIndex) -> list[str]:
    """Return the places of a CSV file as they are written there.

    The file has a header with a column `place`: an id, UN/LOCODE, name, or `"lat,lon"` in quotes. Other columns are
    left alone.

    Parameters
    ----------
    path
        The file, in UTF-8.
    index
        Names of the places of the network.

    Raises
    ------
    DataError
        If the file cannot be used, with every fault: unknown and ambiguous places, blank cells, repeated places, rows
        with more or fewer cells than the header.
    """
    file = Path(path)
    rows = _rows(file)
    header = [name.strip() for name in rows[0]] if rows else []
    if header.count(COLUMN) != 1:
        found = ", ".join(header) or "nothing"
        cure = f"give it one column {COLUMN!r}"
        raise DataError(f"{file} has no list of places", [Fault(file.name, 1, "", f"the header is {found}", cure)])
    faults, places, seen = list[Fault](), list[str](), dict[object, int]()
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problem = f"{len(cells)} cells under {len(header)} headings"
            faults.append(Fault(file.name, line, "", problem, 'put quotes round a cell with a comma: "51.5,7.0"'))
            continue
        text = cells[header.index(COLUMN)].strip()
        fault = _fault(file.name, line, text, index, seen)
        faults += [fault] if fault else []
        places.append(text)
    if not places and not faults:
        faults.append(Fault(file.name, 0, COLUMN, "no place is listed", "write a place in each row under the header"))
    if faults:
        raise DataError(f"{file} has {len(faults)} faults", faults)
    return places


def _fault(file: str, line: int, text: str, index: PlaceIndex, seen: dict[object, int]) -> Fault | None:
    """Return what is wrong with a place, None if nothing is; `seen` holds the lines of those before."""
    if not text:
        return Fault(file, line, COLUMN, "the cell is blank", "give an id, UN/LOCODE, name or lat,lon")
    try:
        found = index.resolve(text)
    except PlaceError as error:
        problem, _, cure = str(error).partition("; ")
        return Fault(file, line, COLUMN, problem, cure or "give the id of a place of the network")
    first = seen.setdefault(found, line)
    if first != line:
        return Fault(file, line, COLUMN, f"{text!r} is the place of line {first} again", "leave one of them out")
    return None


def _rows(path: Path) -> list[list[str]]:
    """Return the cells of a file as text."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(f"{path} has more than {_MOST_BYTES // 1_000_000} MB, too much for a list of places")
        # Spreadsheets put a byte order mark before UTF-8.
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); give a CSV file with a column {COLUMN!r}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} is no CSV in UTF-8 ({error}); save it as CSV UTF-8") from error
