"""What the commands have in common: options of a network, a cargo and a query, and the JSON document."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.routing.query.cargo import CONTAINER_FEET, EQUIPMENT, Cargo

# Everything else is imported in the functions, so that `--help` answers at once.
if TYPE_CHECKING:
    from landbridge.networks import Network
    from landbridge.networks.meta import Meta
    from landbridge.routing import Weights
    from landbridge.routing.output.result import Result
    from landbridge.routing.query.objectives import ObjectiveName


WRONG_INPUT = 2
"""Exit code where the input is wrong, or a check of data finds faults."""


def comma_list(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Return the items of a list that is separated by commas."""
    return None if value is None else tuple(item.strip() for item in value.split(",") if item.strip())


def open_network(path: str | None) -> "Network":
    """Return the network at a path, the bundled one if none is given."""
    from landbridge.networks.network import load_network, read_network

    return load_network() if path is None else read_network(path)


network_option = click.option(
    "--network", "network_path", metavar="PATH", help="Folder or GeoPackage of another network than the bundled one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


def _folder(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse a folder that cannot be written to, before the work is done."""
    if value is not None:
        from landbridge.networks.file_sets import folder_named

        folder_named(value)
    return value


def out_option(what: str = "GeoJSON, QGIS styles and CSV") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of the folder that an answer is written to."""
    meaning = f"Write {what} there, in the place of what an earlier run wrote."
    return click.option("--out", metavar="DIR", callback=_folder, help=meaning)


def write_out(found: "Result", folder: str | None) -> None:
    """Write an answer into the folder of `--out`, if one is given, and say so on stderr."""
    if folder is not None:
        written = found.write(folder)
        click.echo(f"wrote {', '.join(path.name for path in written)} to {folder}", err=True)


def cargo_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the cargo to a command."""
    options = (
        click.option(
            "--teu", type=float, default=Cargo.teu, show_default=True, help="Size in TEU; a 40-foot container is 2."
        ),
        click.option("--tonnes", type=float, default=Cargo.tonnes, show_default=True, help="Gross weight in t."),
        click.option(
            "--value", "value_usd", type=float, default=Cargo.value_usd, show_default=True, help="Value in USD."
        ),
        click.option(
            "--class",
            "cargo_class",
            default=Cargo.cargo_class,
            show_default=True,
            type=click.Choice(CARGO_CLASSES),
            help="How the cargo is handled and what it waits for.",
        ),
        click.option(
            "--container",
            "container_feet",
            default=str(Cargo.container_feet),
            show_default=True,
            type=click.Choice([str(feet) for feet in CONTAINER_FEET]),
            help="Container length in feet.",
        ),
        click.option(
            "--equipment",
            default=Cargo.equipment,
            show_default=True,
            type=click.Choice(EQUIPMENT),
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


def objective_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of what to make least to a command."""
    options = (
        click.option(
            "--objective",
            default="time",
            show_default=True,
            type=click.Choice(["time", "cost", "co2e", "distance", "weights"]),
            help="What to make least; `weights` takes the next three options.",
        ),
        click.option("--value-of-time", type=float, default=0.0, help="USD per hour, for --objective weights."),
        click.option("--value-of-reliability", type=float, default=0.0, help="USD per hour of standard deviation."),
        click.option("--carbon-price", type=float, default=0.0, help="USD per t CO2e, for --objective weights."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def condition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of what an itinerary has to meet to a command."""
    options = (
        click.option("--via", callback=comma_list, metavar="PLACE,...", help="Places to visit, in this order."),
        filter_options,
        click.option("--corridor", metavar="ID", help="Corridor to take."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of what may be used at all to a command: they hold for every pair of places alike."""
    depart = click.option(
        "--depart",
        metavar="DATE",
        help="Day or moment of departure (ISO 8601, an IANA zone behind it allowed): the calendar then holds.",
    )
    return undated_options(depart(command))


def undated_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of what may be used at all, but a date, to a command."""
    options = (
        click.option(
            "--avoid",
            callback=comma_list,
            metavar="RU,suez,...",
            help="Countries, places, passages (suez) and borders (CN-KZ) never to touch.",
        ),
        click.option("--modes", callback=comma_list, metavar="rail,sea,...", help="Modes of the line-haul."),
        click.option("--planned", is_flag=True, help="Admit what is not open yet."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def conditions_of(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of what an itinerary has to meet, as far as the command has them, as `route` takes them."""
    names = ("via", "avoid", "modes", "corridor", "depart", "planned")
    found = {name: options[name] for name in names if name in options}
    if found.get("corridor"):
        found["corridor"] = found["corridor"].lower()
    return found | {name: found[name] or () for name in ("via", "avoid") if name in found}


def query_document(network: "Network", conditions: dict[str, Any]) -> dict[str, Any]:
    """Return conditions with the names of the JSON output, in which countries, places and crossings stand apart."""
    from landbridge.routing.query.options import split_avoid

    document: dict[str, Any] = {}
    for name, value in conditions.items():
        parts = vars(split_avoid(network, value)) if name == "avoid" else {}
        document |= {f"avoid_{part}": items for part, items in parts.items()} or {name: value}
    return document


def cargo_of(options: dict[str, Any]) -> Cargo:
    """Return the cargo that the options of a command describe."""
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
    feet: Any = int(options["container_feet"])
    return Cargo(container_feet=feet, **{name: options[name] for name in names})


def objective_of(options: dict[str, Any]) -> "ObjectiveName | Weights":
    """Return the objective of the options `--objective` and the weights."""
    from landbridge.routing.query.objectives import Weights

    given = {name: options[name] for name in ("value_of_time", "value_of_reliability", "carbon_price")}
    if options["objective"] != "weights":
        if any(given.values()):
            raise click.UsageError(
                "--value-of-time, --value-of-reliability and --carbon-price need --objective weights"
            )
        name: ObjectiveName = options["objective"]
        return name
    return Weights(
        value_of_time_usd_per_h=given["value_of_time"],
        reliability_usd_per_h=given["value_of_reliability"],
        carbon_usd_per_t=given["carbon_price"],
    )


def print_json(document: Mapping[str, Any], meta: "Meta") -> None:
    """Print one JSON document with what it says about itself."""
    whole = {**document, "meta": meta}
    click.echo(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1, default=str))
