"""The command line: each command prints a table for people, or with `--json` one JSON document for programs.

Exit codes: 0 done, 1 no answer exists, 2 the input is wrong, 130 interrupted.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

# Everything else is imported in the commands, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.routing import Cargo, Itinerary, Weights

_NO_ANSWER, _WRONG_INPUT, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = landbridge.main(args=arguments, prog_name="landbridge", standalone_mode=False)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and error.option_name[1:2].isdigit():
            click.echo(
                "Put -- before coordinates that begin with a minus: landbridge route -- -33.9,151.2 Duisburg", err=True
            )
        return _WRONG_INPUT
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        click.echo(f"landbridge: {error}", err=True)
        return code
    return result if isinstance(result, int) else 0


def _exit_code(error: Exception) -> int | None:
    """Return the exit code of an error of ours, None for any other."""
    from landbridge.networks.errors import LandbridgeError, NoRouteError  # noqa: PLC0415

    if isinstance(error, NoRouteError):
        return _NO_ANSWER
    if isinstance(error, LandbridgeError | OSError):
        return _WRONG_INPUT
    return None


def _comma_list(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(item.strip() for item in value.split(",") if item.strip())


def _network(path: str | None) -> "Network":
    from landbridge.networks.network import load_network, read_network  # noqa: PLC0415

    return load_network() if path is None else read_network(path)


_network_option = click.option(
    "--network", "network_path", metavar="PATH", help="Folder or GeoPackage of another network than the bundled one."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="landbridge")
def landbridge() -> None:
    """Freight corridors between Asia and Europe: time, cost, emissions and bottlenecks."""


def _cargo_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option(
            "--teu", type=float, default=2.0, show_default=True, help="Size in TEU; a 40-foot container is 2."
        ),
        click.option("--tonnes", type=float, default=24.0, show_default=True, help="Gross weight in t."),
        click.option("--value", "value_usd", type=float, default=100_000.0, show_default=True, help="Value in USD."),
        click.option(
            "--class",
            "cargo_class",
            default="block",
            show_default=True,
            type=click.Choice(["block", "loose", "road", "bulk"]),
            help="How the cargo is handled and what it waits for.",
        ),
        click.option(
            "--container",
            "container_feet",
            default="40",
            show_default=True,
            type=click.Choice(["20", "40", "45"]),
            help="Container length in feet.",
        ),
        click.option(
            "--equipment",
            default="carrier",
            show_default=True,
            type=click.Choice(["carrier", "shipper"]),
            help="Whose container.",
        ),
        click.option(
            "--reefer", is_flag=True, help="Refrigerated, for rules of admissibility; no surcharge is modelled."
        ),
        click.option(
            "--dangerous", is_flag=True, help="Dangerous, for rules of admissibility; no surcharge is modelled."
        ),
        click.option("--hs", "hs_chapter", metavar="CC", help="HS chapter, two digits, for rules of admissibility."),
        click.option(
            "--shipper", "shipper_country", metavar="CC", help="Country of the shipper; by default that of FROM."
        ),
        click.option(
            "--consignee", "consignee_country", metavar="CC", help="Country of the consignee; by default that of TO."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@landbridge.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option(
    "--objective",
    default="time",
    show_default=True,
    type=click.Choice(["time", "cost", "co2e", "distance", "weights"]),
    help="What to make least; `weights` takes the next three options.",
)
@click.option("--value-of-time", type=float, default=0.0, help="USD per hour, for --objective weights.")
@click.option("--value-of-reliability", type=float, default=0.0, help="USD per hour of standard deviation.")
@click.option("--carbon-price", type=float, default=0.0, help="USD per t CO2e, for --objective weights.")
@click.option("--via", callback=_comma_list, metavar="PLACE,...", help="Places to visit, in this order.")
@click.option(
    "--avoid", callback=_comma_list, metavar="RU,BY,...", help="Countries, places and passages (suez) never to touch."
)
@click.option("--modes", callback=_comma_list, metavar="rail,sea,...", help="Modes of the line-haul.")
@click.option("--corridor", metavar="ID", help="Corridor to take.")
@click.option("--by-corridor", is_flag=True, help="The best itinerary of each corridor.")
@click.option("--depart", metavar="DATE", help="Day of departure (ISO 8601): seasons and validity hold along the way.")
@click.option("--planned", is_flag=True, help="Admit what is not open yet.")
@click.option("-k", "count", type=int, default=1, show_default=True, help="How many alternatives that differ.")
@_cargo_options
@_network_option
@_json_option
@click.option("--out", metavar="DIR", help="Write GeoJSON, QGIS styles and CSV there.")
def route(
    origin: str, destination: str, network_path: str | None, as_json: bool, out: str | None, **options: Any
) -> None:
    """Find itineraries between two places, given by id, UN/LOCODE, name or lat,lon."""
    from landbridge.routing.features import write_itineraries  # noqa: PLC0415

    network = _network(network_path)
    found, query = _find(network, origin, destination, options)
    if out is not None:
        written = write_itineraries(found, out)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {out}", err=True)
    if as_json:
        _print_json({"query": query, "itineraries": [itinerary.to_dict() for itinerary in found]})
    else:
        from landbridge.routing.printing import print_itineraries  # noqa: PLC0415

        details = not options["by_corridor"] and len(found) == 1
        print_itineraries(found, title=f"{origin} to {destination}", details=details)


def _find(
    network: "Network", origin: str, destination: str, options: dict[str, Any]
) -> tuple[list["Itinerary"], dict[str, Any]]:
    """Return the itineraries and the query as it was understood."""
    from landbridge.routing.finding import route as find_route  # noqa: PLC0415
    from landbridge.routing.finding import route_by_corridor  # noqa: PLC0415

    if options["by_corridor"] and options["corridor"]:
        raise click.UsageError("--by-corridor shows every corridor; leave --corridor out")
    options["corridor"] = options["corridor"].lower() if options["corridor"] else None
    countries, places, crossings = _split_avoid(network, options["avoid"] or ())
    conditions = {
        "objective": _objective(options),
        "via": options["via"] or (),
        "avoid_countries": countries,
        "avoid_places": places,
        "avoid_crossings": crossings,
        "modes": options["modes"],
        "depart": options["depart"],
        "planned": options["planned"],
    }
    cargo = _cargo(options)
    if options["by_corridor"]:
        found = route_by_corridor(network, origin, destination, cargo=cargo, **conditions)
    else:
        found = find_route(
            network,
            origin,
            destination,
            cargo=cargo,
            corridor=options["corridor"],
            k=options["count"],
            **conditions,
        )
    query = {
        "from": origin,
        "to": destination,
        **conditions,
        "objective": options["objective"],
        "corridor": options["corridor"],
        "by_corridor": options["by_corridor"],
        "k": options["count"],
        "cargo": vars(cargo),
        "reference_date": network.setting("reference_date"),
        "usd_year": int(network.setting("usd_year")),
    }
    return found, query


def _cargo(options: dict[str, Any]) -> "Cargo":
    from landbridge.routing.cargo import Cargo  # noqa: PLC0415

    names = (
        "teu",
        "tonnes",
        "value_usd",
        "cargo_class",
        "equipment",
        "reefer",
        "dangerous",
        "hs_chapter",
        "shipper_country",
        "consignee_country",
    )
    return Cargo(container_feet=int(options["container_feet"]), **{name: options[name] for name in names})


def _objective(options: dict[str, Any]) -> "str | Weights":
    from landbridge.routing.query import Weights  # noqa: PLC0415

    given = {name: options[name] for name in ("value_of_time", "value_of_reliability", "carbon_price")}
    if options["objective"] != "weights":
        if any(given.values()):
            raise click.UsageError(
                "--value-of-time, --value-of-reliability and --carbon-price need --objective weights"
            )
        return str(options["objective"])
    return Weights(
        value_of_time_usd_per_h=given["value_of_time"],
        reliability_usd_per_h=given["value_of_reliability"],
        carbon_usd_per_t=given["carbon_price"],
    )


def _split_avoid(network: "Network", items: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Tell countries (codes or English names) from passages and places."""
    from landbridge.networks.names import normalise  # noqa: PLC0415

    names = {normalise(row["name"]): row["code"] for row in network.tables["countries"]}
    countries, places, crossings = [], [], []
    for item in items:
        if len(item) == 2 and item.isascii() and item.isalpha():
            countries.append(item.upper())
        elif normalise(item) in names:
            countries.append(names[normalise(item)])
        elif item.lower() in network.graph.tags and item.lower() not in network.places:
            crossings.append(item.lower())
        else:
            places.append(item)
    return countries, places, crossings


@landbridge.command()
@click.argument("text", required=False, default="")
@click.option("--country", metavar="CC", help="Only places of this country.")
@_network_option
@_json_option
def places(text: str, country: str | None, network_path: str | None, as_json: bool) -> None:
    """List the places whose names contain TEXT, or all."""
    from landbridge.networks.names import normalise  # noqa: PLC0415

    wanted = normalise(text)
    found = [
        row
        for row in _network(network_path).places.values()
        if row["kind"] != "passage"
        and (country is None or row["country"] == country.upper())
        and any(wanted in normalise(name) for name in (row["id"], row["name"], *row["aliases"], row["unlocode"] or ""))
    ]
    if as_json:
        names = ("id", "name", "kind", "country", "lon", "lat", "parent", "unlocode", "aliases", "modes")
        _print_json({"places": [{name: row[name] for name in names} for row in found]})
    else:
        from landbridge.routing.printing import print_places  # noqa: PLC0415

        print_places(found)


@landbridge.group()
def network() -> None:
    """Look at a network, check it, write it in other formats."""


@network.command()
@_network_option
@_json_option
def info(network_path: str | None, as_json: bool) -> None:
    """Show the sizes of a network and how its values are known."""
    from landbridge.routing.inventory import describe  # noqa: PLC0415

    description = describe(_network(network_path))
    if as_json:
        _print_json(description)
    else:
        from landbridge.routing.printing import print_description  # noqa: PLC0415

        print_description(description)


@network.command()
@click.argument("path", required=False)
@_network_option
@_json_option
def check(path: str | None, network_path: str | None, as_json: bool) -> int:
    """Check a network and report every fault with file, row, column and cure."""
    from dataclasses import asdict  # noqa: PLC0415

    from landbridge.data import DATA_DIR  # noqa: PLC0415
    from landbridge.networks.checking import check_tables, count_evidence  # noqa: PLC0415
    from landbridge.networks.reading import read_tables  # noqa: PLC0415

    tables, faults = read_tables(Path(path or network_path or DATA_DIR))
    faults = faults or check_tables(tables)
    evidence = count_evidence(tables)
    if as_json:
        _print_json({"faults": [asdict(fault) for fault in faults], "evidence": evidence})
    else:
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{len(faults)} faults; values: " + ", ".join(f"{count} {name}" for name, count in evidence.items()))
    return _WRONG_INPUT if faults else 0


@network.command()
@click.option("--out", required=True, metavar="PATH", help="Folder for csv and geojson, file for gpkg.")
@click.option(
    "--format",
    "file_format",
    default="gpkg",
    show_default=True,
    type=click.Choice(["csv", "geojson", "gpkg"]),
    help="What to write.",
)
@_network_option
def export(out: str, file_format: str, network_path: str | None) -> None:
    """Write a network as CSV, GeoJSON or GeoPackage."""
    from landbridge.networks.writing import write_network  # noqa: PLC0415

    written = write_network(_network(network_path), out, file_format=file_format)
    click.echo(f"wrote {len(written)} files to {out}" if len(written) > 1 else f"wrote {written[0]}", err=True)


@network.command()
@click.option(
    "--osm", "extracts", multiple=True, metavar="FILE", help="OSM extract: .osm, .osm.pbf, .json; repeatable."
)
@click.option("--place", metavar="NAME", help="Region to ask OpenStreetMap for, online.")
@click.option("--bbox", metavar="W,S,E,N", help="Box in degrees to ask OpenStreetMap for, online.")
@click.option("--modes", callback=_comma_list, metavar="rail,ferry,road", help="Modes to take.")
@click.option("--country", metavar="CC", help="Country of the whole extract; by default that of each point.")
@click.option("--gauge", type=int, help="Gauge in mm of tracks without a tag; by default that of the country.")
@click.option("--skip-faulty", is_flag=True, help="Leave faulty ways out and count them.")
@click.option("--out", metavar="DIR", help="Where network.gpkg and its reports go.")
@click.option("--report", metavar="DIR", help="Without a source: rebuild the geometry and lengths of the bundled data.")
def build(  # noqa: PLR0917 - options of the command line
    extracts: tuple[str, ...],
    place: str | None,
    bbox: str | None,
    modes: tuple[str, ...] | None,
    country: str | None,
    gauge: int | None,
    skip_faulty: bool,
    out: str | None,
    report: str | None,
) -> None:
    """Build a network from OpenStreetMap, or rebuild the geometry of the bundled one."""
    if not (extracts or place or bbox):
        if report is None:
            raise click.UsageError("give --osm, --place or --bbox with --out, or --report for the bundled network")
        _rebuild_bundled(Path(report))
        return
    if out is None or report is not None:
        raise click.UsageError("a network from OpenStreetMap goes to --out, its reports too")
    if sum(map(bool, (extracts, place, bbox))) > 1:
        raise click.UsageError("give one of --osm, --place and --bbox")
    from landbridge.networks.geodata.importing import MODES, build_from_osm  # noqa: PLC0415
    from landbridge.networks.geodata.overpass import read_overpass  # noqa: PLC0415

    wanted = modes or MODES
    ways = [read_overpass(place=place, bbox=_box(bbox), modes=wanted)] if place or bbox else list(extracts)
    built = build_from_osm(ways, out, modes=wanted, country=country, gauge=gauge, skip_faulty=skip_faulty)
    click.echo(f"{built.network}: wrote {', '.join(path.name for path in built.files)} to {out}", err=True)


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise click.UsageError(f"--bbox is {text!r} and must be four numbers W,S,E,N") from None
    return west, south, east, north


def _rebuild_bundled(report: Path) -> None:
    from landbridge.data import DATA_DIR  # noqa: PLC0415
    from landbridge.networks.geodata.lengths import measure_links  # noqa: PLC0415
    from landbridge.networks.geodata.rebuilding import REPORTS, rebuild_geometry  # noqa: PLC0415
    from landbridge.networks.network import load_network  # noqa: PLC0415
    from landbridge.networks.tables import GEOMETRY_FILE  # noqa: PLC0415

    matches = rebuild_geometry(load_network(), DATA_DIR / GEOMETRY_FILE, report=report)
    changed = measure_links(DATA_DIR / "links.csv", matches)
    click.echo(f"matched {len(matches)} links, {changed} lengths changed; {', '.join(REPORTS)} in {report}", err=True)


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1, default=str))
