"""Measured lengths in the table of links, with the published ones kept in their own column."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from landbridge.networks.errors import DataError
from landbridge.networks.files import write_csv
from landbridge.networks.geodata.links.matching import MATCHED, Match
from landbridge.networks.tables.csv_rows import csv_rows

SOURCE: Final = "P890"
"""Source id of lengths measured on the base maps."""

YEAR: Final = "2024"
"""Year of the data of the base maps."""

ROUGH_PCT: Final = 3.0
"""If the measured length differs by more from the published one, the published length is used and the line only drawn.

The base maps are generalised, and beside a main line they may follow its high-speed line or a cut-off.
"""


def measure_links(path: Path, matches: Iterable[Match]) -> int:
    """Write the measured lengths into a table of links (CSV) and return the number of changed rows.

    A link whose match is doubtful keeps its length. A published length is moved to `published_km` the first time, and
    remains the length of the link if the measured one differs by more than `ROUGH_PCT`. The rest of the file is
    unchanged, byte for byte.

    Parameters
    ----------
    path
        The table `links.csv`.
    matches
        Matched links as returned by `rebuild_geometry`.
    """
    measured = {match.link: match.length_km for match in matches if match.method == MATCHED and not match.doubtful}
    header, numbered, faults = csv_rows(path)
    if faults:
        raise DataError(f"{path} has {len(faults)} faulty rows", faults)
    rows = [row for _, row in numbered]
    changed = sum(_measure(row, measured[row["id"]]) for row in rows if row["id"] in measured)
    write_csv(path, rows, header)
    return changed


def _measure(row: dict[str, str], km: float) -> bool:
    before = dict(row)
    if row["length_confidence"] == "published" and row["length_km"] and not row["published_km"]:
        row["published_km"], row["published_source"] = row["length_km"], row["length_source"]
    if row["published_km"] and abs(km / float(row["published_km"]) - 1) * 100 > ROUGH_PCT:
        _use_published(row)
    else:
        row["length_km"] = f"{km:.1f}".removesuffix(".0")
        row["length_source"] = ";".join([SOURCE, *_dated_sources(row)])
        row["length_year"], row["length_confidence"] = YEAR, "derived"
    return row != before


def _use_published(row: dict[str, str]) -> None:
    if row["length_km"] == row["published_km"]:  # its year and confidence may say more, as of shares of a longer line
        return
    row["length_km"], row["length_confidence"] = row["published_km"], "published"
    row["length_source"] = ";".join(dict.fromkeys([*row["published_source"].split(";"), *_dated_sources(row)]))


def _dated_sources(row: dict[str, str]) -> list[str]:
    """Return the sources of a link that opens, closes or is seasonal: they document that as well, so they are kept."""
    dated = any(row[name] for name in ("valid_from", "valid_to", "season_from"))
    return [source for source in row["length_source"].split(";") if source != SOURCE] if dated else []
