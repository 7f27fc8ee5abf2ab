"""The commands that describe, check, write and build networks."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from landbridge.networks.programs import WRONG_INPUT
from landbridge.networks.words import counted
from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.numbers import WHOLE, number
from landbridge.routing.cli.options import (
    checked_folder,
    comma_list,
    json_option,
    network_option,
    open_network,
    print_json,
    with_scenario,
)
from landbridge.routing.cli.progress import note, progress, wrote

# Everything else is imported in the commands, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.networks import Fault, Network


@click.group()
def network() -> None:
    """Describe, check, export or build a network."""


@network.command()
@network_option
@json_option
def info(network_path: str | None, as_json: bool) -> None:
    """Show the sizes of a network and the confidence of its values."""
    from landbridge.networks.description import describe
    from landbridge.networks.meta import meta_of

    shown = open_network(network_path)
    description = describe(shown)
    if as_json:
        print_json(description, meta_of(shown.tables, {}))
    else:
        from landbridge.routing.cli.tables.network import print_description

        print_description(description)


@network.command()
@click.argument("path", required=False)
@network_option
@json_option
def check(path: str | None, network_path: str | None, as_json: bool) -> int:
    """Check a network and report every fault with file, row, column and cure.

    Alarms are no faults: values that fit together, but are doubtful.
    """
    from dataclasses import asdict

    from landbridge.data import DATA_DIR
    from landbridge.networks.checks.network import check_geometry, check_tables, count_evidence
    from landbridge.networks.file_sets import check_set
    from landbridge.networks.meta import meta_of
    from landbridge.networks.network import Network
    from landbridge.networks.tables.reading import read_tables
    from landbridge.networks.tables.table import GEOMETRY_FILE

    if path is not None:
        refuse_without_effect(["network_path"], "beside PATH")
    source = Path(path or network_path or DATA_DIR)
    check_set(source)
    tables, faults = read_tables(source)
    faults = faults or check_tables(tables) or check_geometry(tables, source / GEOMETRY_FILE)
    checked = None if faults else with_scenario(Network(tables, source / GEOMETRY_FILE))
    alarms = [] if checked is None else _alarms(checked)
    tables = tables if checked is None else checked.tables
    evidence = count_evidence(tables)
    if as_json:
        document = {
            "faults": [asdict(fault) for fault in faults],
            "alarms": [asdict(alarm) for alarm in alarms],
            "evidence": evidence,
        }
        print_json(document, meta_of(tables, {"path": path or network_path}))
    else:
        for fault in faults:
            click.echo(str(fault))
        for alarm in alarms:
            click.echo(f"alarm: {alarm}")
        values = ", ".join(f"{count} {name}" for name, count in evidence.items())
        click.echo(f"{counted(len(faults), 'fault')}, {counted(len(alarms), 'alarm')}; values: {values}")
    return WRONG_INPUT if faults else 0


def _alarms(network: "Network") -> list["Fault"]:
    """Return what is doubtful in a network without faults; sea lanes need the extra `geodata`."""
    from landbridge.networks.checks.throughput import check_throughput
    from landbridge.networks.errors import NotInstalledError
    from landbridge.networks.geodata.links.sea_detours import sea_detours

    alarms = list(check_throughput(network.tables))
    try:
        return alarms + sea_detours(network)
    except NotInstalledError:
        return alarms


@network.command()
@click.option("--out", required=True, metavar="PATH", help="File (.gpkg); a folder for the other formats.")
@click.option(
    "--format",
    "file_format",
    default="gpkg",
    show_default=True,
    type=click.Choice(["csv", "geojson", "gmns", "gpkg"]),
    help="GeoPackage, or a folder of CSV, GeoJSON or GMNS files.",
)
@network_option
def export(out: str, file_format: Literal["csv", "geojson", "gmns", "gpkg"], network_path: str | None) -> None:
    """Write a network as CSV, GeoJSON, GMNS or GeoPackage, the latter with a QGIS project beside it."""
    from landbridge.networks.formats.write_gmns import write_gmns
    from landbridge.networks.writing import write_network
    from landbridge.routing.output.network_map import write_network_map

    shown = open_network(network_path)
    if file_format == "gpkg":
        written = write_network_map(shown, Path(out))
    elif file_format == "gmns":
        written = write_gmns(shown, out)
    else:
        written = write_network(shown, out, file_format=file_format)
    wrote(f"{len(written)} files to {out}" if len(written) > 1 else str(written[0]))


@network.command()
@click.option(
    "--osm", "extracts", multiple=True, metavar="FILE", help="OSM extract: .osm, .osm.pbf or .json; repeatable."
)
@click.option("--gmns", metavar="DIR", help="Folder with a network in GMNS: node.csv, link.csv, ...")
@click.option("--place", metavar="NAME", help="Region to download from OpenStreetMap.")
@click.option("--bbox", metavar="W,S,E,N", help="Bounding box in degrees to download from OpenStreetMap.")
@click.option("--modes", callback=comma_list, metavar="rail,ferry,road", help="Modes to include.")
@click.option("--country", metavar="CC", help="Country of the whole network; by default determined for each point.")
@click.option("--gauge", type=WHOLE, help="Gauge in mm of tracks without a tag; by default that of the country.")
@click.option(
    "--length-unit", metavar="UNIT", help="Unit of length in GMNS, if config.csv gives none: km, m, mile, ft."
)
@click.option("--speed-unit", metavar="UNIT", help="Unit of speed in GMNS if not in config.csv: km/h, mph, m/s.")
@click.option("--year", type=WHOLE, help="Year that the data describes; by default as its files say, or their date.")
@click.option("--skip-faulty", is_flag=True, help="Skip and count faulty ways.")
@click.option("--out", metavar="DIR", callback=checked_folder, help="Folder for network.gpkg and its reports.")
@click.option(
    "--report",
    metavar="DIR",
    callback=checked_folder,
    help="Folder for reports; without a source, rebuild the geometry and lengths of the bundled data.",
)
def build(  # noqa: PLR0917 - options of the command line
    extracts: tuple[str, ...],
    gmns: str | None,
    place: str | None,
    bbox: str | None,
    modes: tuple[str, ...] | None,
    country: str | None,
    gauge: int | None,
    length_unit: str | None,
    speed_unit: str | None,
    year: int | None,
    skip_faulty: bool,
    out: str | None,
    report: str | None,
) -> None:
    """Build a network from OpenStreetMap or GMNS, or rebuild the geometry of the bundled one."""
    if not (extracts or gmns or place or bbox):
        if report is None:
            options = "--osm, --gmns, --place or --bbox"
            raise click.UsageError(f"give {options} with --out, or --report for the bundled network")
        others = [name for name in click.get_current_context().params if name != "report"]
        refuse_without_effect(others, "without a source")
        _rebuild_bundled(Path(report))
        return
    if out is None or report is not None:
        raise click.UsageError("the network and its reports are written to --out; omit --report")
    if sum(map(bool, (extracts, gmns, place, bbox))) > 1:
        raise click.UsageError("give one of --osm, --gmns, --place and --bbox")
    if gmns:
        refuse_without_effect(["modes", "skip_faulty"], "with --gmns")
        units = {"length_unit": length_unit, "speed_unit": speed_unit}
        _build_from_gmns(gmns, out, country=country, gauge=gauge, year=year, **units)
        return
    refuse_without_effect(["length_unit", "speed_unit"], "without --gmns")
    from landbridge.networks.geodata.osm.from_osm import MODES, build_from_osm
    from landbridge.networks.geodata.osm.overpass import read_overpass

    wanted = modes or MODES
    ways = [read_overpass(place=place, bbox=_box(bbox), modes=wanted)] if place or bbox else list(extracts)
    with progress("building the network"):
        built = build_from_osm(
            ways, out, modes=wanted, country=country, gauge=gauge, year=year, skip_faulty=skip_faulty
        )
    note(str(built.network))
    wrote(f"{', '.join(path.name for path in built.files)} to {out}")


def _build_from_gmns(folder: str, out: str, **options: Any) -> None:
    from landbridge.networks.formats.read_gmns import build_from_gmns

    with progress("building the network"):
        network, left_out, files = build_from_gmns(folder, out, **options)
    for reason, count in left_out.items():
        note(f"left out {reason}: {count:,}")
    note(str(network))
    wrote(f"{', '.join(path.name for path in files)} to {out}")


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = map(number, text.split(","))
    except ValueError:
        raise click.UsageError(f"--bbox is {text!r}; give four numbers W,S,E,N") from None
    return west, south, east, north


def _rebuild_bundled(report: Path) -> None:
    from landbridge.data import DATA_DIR
    from landbridge.networks.geodata.links.lengths import measure_links
    from landbridge.networks.geodata.links.rebuilding import REPORTS, rebuild_geometry
    from landbridge.networks.network import load_network
    from landbridge.networks.tables.table import GEOMETRY_FILE

    with progress("rebuilding the geometry of the bundled network"):
        matches = rebuild_geometry(load_network(), DATA_DIR / GEOMETRY_FILE, report=report)
    changed = measure_links(DATA_DIR / "links.csv", matches)
    done = f"matched {counted(len(matches), 'link')}, changed {counted(changed, 'length')}"
    note(f"{done}; {', '.join(REPORTS)} in {report}")
