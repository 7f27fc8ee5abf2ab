"""Options shared by the commands: network, cargo and query, and the JSON document."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.routing.cli.numbers import NUMBER, WHOLE, number
from landbridge.routing.cli.progress import note, say, say_scenario, wrote
from landbridge.routing.query.cargo import CONTAINER_FEET, EQUIPMENT, Cargo

# Everything else is imported in the functions, so that `--help` is fast.
if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from matplotlib.figure import Figure

    from landbridge.networks import Network
    from landbridge.networks.meta import Meta
    from landbridge.routing import Weights
    from landbridge.routing.flows.demand import DemandFlow
    from landbridge.routing.output.result import Result
    from landbridge.routing.query.objectives import ObjectiveName
    from landbridge.routing.studies.scenarios.scenario import Scenario
    from landbridge.routing.validation.tables import EvidenceTable

    _Names = click.Choice[str]
else:
    _Names = click.Choice  # older versions do not take a type


_OF_ITINERARIES = frozenset(
    ["route", "pareto", "drivers", "profile", "simulate", "reach", "matrix", "emissions", "indicators"]
)
_OF_FLOWS = frozenset(["capacities", "demand", "resources"])
_BESIDE = frozenset(["dataset", "sources"])
"""Commands that ask for itineraries, and tables on which none of these depends, beside those that say where from."""

SCENARIO = f"{__name__}.scenario"
"""Key in the context of a command under which the scenarios of `--scenario` are kept."""


def comma_list(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Return the items of a comma-separated list, at least one."""
    if value is None:
        return None
    items = tuple(item.strip() for item in value.split(",") if item.strip())
    if not items:
        raise click.BadParameter("the list is empty; name something, or leave the option out")
    return items


def number_list(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Return the numbers of a comma-separated list, at least one."""
    items = comma_list(context, parameter, value)
    try:
        return None if items is None else tuple(map(number, items))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def places_in_order(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Return the places of a comma-separated list; one named twice in a row is visited once."""
    from landbridge.networks.places.place_index import normalise

    items = comma_list(context, parameter, value)
    return None if items is None else tuple(next(group) for _, group in groupby(items, key=normalise))


def open_network(path: str | None) -> "Network":
    """Return the network at a path, or the bundled one, with the scenarios of `--scenario`."""
    from landbridge.networks.network import load_network, read_network

    scenario = _scenario_given()  # a wrong one is refused before the network is read
    return _changed(load_network() if path is None else read_network(path), scenario)


def with_scenario(network: "Network") -> "Network":
    """Return a network that is read, with the scenarios of `--scenario`."""
    return _changed(network, _scenario_given())


def _changed(network: "Network", scenario: "Scenario | None") -> "Network":
    from landbridge.networks.meta import meta_of

    if scenario is not None:
        before, network = network, scenario.apply(network)
        _tell_without_effect(before, network, scenario.name)
    say_scenario(meta_of(network.tables, {})["scenario"])
    _tell_avoided_elsewhere(network)
    return network


def _tell_without_effect(before: "Network", after: "Network", name: str) -> None:
    """Say that a scenario changes only what no itinerary depends on, where the command asks for itineraries."""
    context = click.get_current_context()
    command, same_day = context.info_name, before.reference_date == after.reference_date
    changed = {table for table in after.tables if after.tables[table] is not before.tables[table]} - _BESIDE
    if not changed and not same_day and (command == "profile" or (command == "reach" and context.params["depart"])):
        note(f"landbridge: {name} sets only the date of the world, and {command} asks for dates of its own: no effect")
    if command in _OF_ITINERARIES and changed and changed <= _OF_FLOWS and same_day:
        what = " and ".join(sorted(changed))
        note(f"landbridge: {name} changes only {what}, on which {command} does not depend: no effect")


def _scenario_given() -> "Scenario | None":
    """Return the scenario of `--scenario`, if it is given."""
    context = click.get_current_context(silent=True)
    given = context.meta.get(SCENARIO) if context else None
    if given is None:
        return None
    from landbridge.routing.studies.scenarios.scenario import Scenario

    return Scenario.read(given)


def _tell_avoided_elsewhere(network: "Network") -> None:
    """Say which of the countries that the command is asked to avoid the network does not have."""
    context = click.get_current_context(silent=True)
    avoid = context.params.get("avoid") if context else None
    if avoid:
        from landbridge.routing.query.options import countries_elsewhere

        elsewhere = countries_elsewhere(network, avoid)
        if elsewhere:
            note(f"landbridge: nothing in the network goes through {', '.join(elsewhere)}: no effect")


def _keep_scenario(context: click.Context, _: click.Parameter, value: str | None) -> None:
    """Keep the scenarios for `open_network`."""
    if value is not None and not value.strip(" ,"):
        raise click.BadParameter("the list is empty; name something, or leave the option out")
    context.meta[SCENARIO] = value


def complete_scenario(_: click.Context, __: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the last of several names separated by commas: bundled scenarios, then files."""
    from click.shell_completion import CompletionItem

    from landbridge.routing.studies.scenarios.scenario import Scenario

    before, comma, last = incomplete.rpartition(",")
    found = [CompletionItem(f"{before}{comma}{name}") for name in Scenario.bundled() if name.startswith(last)]
    return found or [CompletionItem(incomplete, type="file")]


def network_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the network to a command: its path, and the scenarios that `open_network` applies to it."""
    path = click.option(
        "--network",
        "network_path",
        metavar="PATH",
        help="Folder or GeoPackage of a network to use instead of the bundled one.",
    )
    scenario = click.option(
        "--scenario",
        metavar="FILE,...",
        expose_value=False,
        callback=_keep_scenario,
        shell_complete=complete_scenario,
        help="Scenarios to apply to the network in this order: TOML files, or bundled ones by name (`scenarios`).",
    )
    return path(scenario(command))


costs_option = click.option("--costs", is_flag=True, help="Show the cost by kind, per shipment, TEU and container.")
markdown_option = click.option("--markdown", metavar="FILE", help="File for the tables as Markdown.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of a table.")


def checked_folder(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse what cannot be the folder of a set of files, before the computation."""
    if value is not None:
        from landbridge.networks.file_sets import folder_named

        _named(folder_named, value)
    return value


def _named(check: Callable[[Any], object], value: object) -> None:
    """Let a check of the library name the option that it refuses.

    Raises
    ------
    click.BadParameter
        If it refuses the value.
    """
    from landbridge.networks.errors import QueryError

    try:
        check(value)
    except QueryError as error:
        raise click.BadParameter(str(error)) from error


def _folder_or_table(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse what cannot be written: a file of tables by its ending, else a folder."""
    if value is not None and _is_table(value):
        return _table(context, parameter, value)
    if value is not None:
        from landbridge.networks.file_sets import folder_named
        from landbridge.routing.output.table_files import ENDINGS

        _named(partial(folder_named, wanted=f"a folder, or a file of tables ({', '.join(ENDINGS)})"), value)
    return value


def _is_table(path: str) -> bool:
    from landbridge.routing.output.table_files import is_table_file

    return is_table_file(Path(path)) and not Path(path).is_dir()


def _table(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse a file of tables that cannot be written, before the computation."""
    if value is not None:
        from landbridge.routing.output.table_files import check_format

        _named(check_format, Path(value))
    return value


def out_option(
    what: str = "a QGIS project, GeoPackage, GeoJSON and CSV", *, tables: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option for the folder of a result, or with `tables` for a file of its tables."""
    meaning = f"Folder for {what}; replaces the files of an earlier run."
    if tables:
        meaning += " A name with .xlsx: only the tables, as a workbook; with .csv or .parquet: the first table."
    return click.option("--out", metavar="DIR", callback=_folder_or_table if tables else checked_folder, help=meaning)


table_option = click.option(
    "--out",
    metavar="FILE",
    callback=_table,
    help="File for the tables: all of them (.xlsx), or the first one (.csv or .parquet).",
)


def write_files(found: "Result", options: Mapping[str, Any], *, is_whole: bool = True) -> None:
    """Write a result to the folder of `--out` and its chart to the file of `--chart`, if given; report it on stderr.

    Part of an answer, because of an interrupt or a limit, does not replace the files of an earlier run.
    """
    options = {name: given_name(options[name], is_whole=is_whole) for name in ("out", "chart")}
    folder = options["out"]
    with drawn(found.plot, options["chart"]):
        if folder is not None and _is_table(folder):
            write_table(found, folder)
        elif folder is not None:
            written = found.write(folder)
            wrote(f"{', '.join(path.name for path in written)} to {folder}")


def given_name(path: str | None, *, is_whole: bool) -> str | None:
    """Return where to write an answer, nowhere if it is only part of one and there are files of an earlier run."""
    if path is None or is_whole or not Path(path).exists():
        return path
    say(f"landbridge: {path} is left as it was, since the answer is only part of one; give a new name to keep it")
    return None


def write_table(found: "Result", path: str | None) -> None:
    """Write the tables of a result to a file by its ending, if given, and report it on stderr."""
    if path is None:
        return
    from landbridge.routing.output.table_files import check_format

    match check_format(Path(path)):
        case ".xlsx":
            wrote(str(found.to_excel(path)))
        case ".parquet":
            wrote(str(found.to_parquet(path)))
        case _:
            wrote(str(found.to_csv(path)))


def _chart(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse a chart that cannot be drawn, before the computation."""
    if value is not None:
        from landbridge.routing.output.charts import check_chart

        _named(check_chart, value)
    return value


chart_option = click.option(
    "--chart", metavar="FILE", callback=_chart, help="File for the chart (.png, .svg or .pdf); needs matplotlib."
)


def write_chart(found: "Result", path: str | None) -> None:
    """Write the chart of a result to the file of `--chart`, if given, and report it on stderr."""
    with drawn(found.plot, path):
        pass


@contextmanager
def drawn(plot: "Callable[[], Figure]", path: str | None) -> Iterator[None]:
    """Draw a chart, if a file is given, and put it into place if what is written in this context is."""
    if path is None:
        yield
        return
    from landbridge.networks.files import replacing
    from landbridge.routing.output.charts import save_chart

    with replacing(Path(path)) as temporary:
        save_chart(plot(), temporary)
        yield
    wrote(path)


def cargo_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the cargo options to a command."""
    options = (
        click.option(
            "--teu", type=NUMBER, default=Cargo.teu, show_default=True, help="Size in TEU; a 40-foot container is 2."
        ),
        click.option("--tonnes", type=NUMBER, default=Cargo.tonnes, show_default=True, help="Gross weight in t."),
        click.option(
            "--value", "value_usd", type=NUMBER, default=Cargo.value_usd, show_default=True, help="Value in USD."
        ),
        click.option(
            "--class",
            "cargo_class",
            default=Cargo.cargo_class,
            show_default=True,
            type=click.Choice(CARGO_CLASSES),
            help="Class of the cargo: handling and waits.",
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
            "--reefer",
            is_flag=True,
            help="Refrigerated, for rules of admissibility and CO2e by sea; no surcharge is modelled.",
        ),
        click.option(
            "--dangerous", is_flag=True, help="Dangerous, for rules of admissibility; no surcharge is modelled."
        ),
        click.option("--hs", "hs_chapter", metavar="CC", help="HS code, 2 to 10 digits, for rules of admissibility."),
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
    """Add the options of the objective to a command."""
    options = (
        click.option(
            "--objective",
            type=Objectives(["generalised", "time", "cost", "co2e", "distance"]),
            help="Objective to minimise; generalised: USD paid, inventory cost, and the weights of the next options.",
        ),
        click.option(
            "--value-of-time",
            "value_of_time_usd_per_h",
            type=NUMBER,
            default=0.0,
            help="USD per hour, part of the generalised cost.",
        ),
        click.option(
            "--value-of-reliability",
            "reliability_usd_per_h",
            type=NUMBER,
            default=0.0,
            help="USD per hour of standard deviation, reported beside the generalised cost.",
        ),
        click.option(
            "--carbon-price",
            "carbon_usd_per_t",
            type=NUMBER,
            default=0.0,
            help="USD per t CO2e, part of the generalised cost.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def condition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the conditions of an itinerary to a command."""
    options = (
        click.option("--via", callback=places_in_order, metavar="PLACE,...", help="Places to visit, in order."),
        filter_options,
        click.option("--corridor", metavar="ID", help="Corridor to use; `places --kind corridor` lists them."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for conditions that apply to every pair of places to a command."""
    depart = click.option(
        "--depart",
        metavar="DATE",
        help="Day or time of departure (ISO 8601, optionally with an IANA time zone); enables the calendar.",
    )
    return undated_options(depart(command))


def undated_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for avoided items and modes, without a date, to a command."""
    options = (
        click.option(
            "--avoid",
            callback=comma_list,
            metavar="RU,suez,...",
            help="Countries, places, passages (suez) and borders (CN-KZ) to avoid; `places --kind` lists them.",
        ),
        click.option("--modes", callback=comma_list, metavar="rail,sea,...", help="Modes of the line-haul."),
        click.option("--planned", is_flag=True, help="Include planned links that are not yet open."),
    )
    for option in reversed(options):
        command = option(command)
    return command


year_option = click.option(
    "--year",
    type=WHOLE,
    metavar="YYYY",
    help="Year of demand and capacities; by default the latest complete year that has demand.",
)


unserved_option = click.option(
    "--unserved",
    "unserved_usd_per_teu",
    type=NUMBER,
    help="USD per TEU that is not carried; by default that of the data set.",
)

estimated_option = click.option(
    "--estimated",
    is_flag=True,
    help="Use the demand of the network split over the crossings by counts (`counts --all`).",
)


def demand_rows(network: "Network", demand: str | None, options: Mapping[str, Any]) -> "list[DemandFlow]":
    """Return the demand of a file or, without one, that of the network in the year, multiplied by the factor."""
    from landbridge.routing.flows.crossings import estimated_demand
    from landbridge.routing.flows.demand import network_demand, read_demand, scaled

    if demand is not None and options["estimated"]:
        raise click.UsageError("--estimated cannot be combined with DEMAND.csv; omit one of them")
    if demand is not None:
        rows = read_demand(network, demand, year=options["year"])
    else:
        rows = (estimated_demand if options["estimated"] else network_demand)(network, year=options["year"])
    return scaled(rows, options["factor"])


def conditions_of(options: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions among the options of a command, in the form used by `route`."""
    names = ("via", "avoid", "modes", "corridor", "depart", "planned")
    found = {name: options[name] for name in names if name in options}
    if found.get("corridor"):
        found["corridor"] = found["corridor"].lower()
    return found | {name: found[name] or () for name in ("via", "avoid") if name in found}


def query_document(network: "Network", conditions: dict[str, Any]) -> dict[str, Any]:
    """Return conditions with the names of the JSON output, with separate countries, places and crossings."""
    from landbridge.routing.query.options import split_avoid

    document: dict[str, Any] = {}
    for name, value in conditions.items():
        parts = vars(split_avoid(network, value)) if name == "avoid" else {}
        document |= {f"avoid_{part}": items for part, items in parts.items()} or {name: value}
    return document


def dated_filters(network: "Network") -> dict[str, Any]:
    """Return the reference date and the price year of the results."""
    return {"reference_date": network.setting("reference_date"), "usd_year": int(network.setting("usd_year"))}


def cargo_of(options: dict[str, Any]) -> Cargo:
    """Return the cargo described by the options of a command."""
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


def objective_of(options: dict[str, Any]) -> "ObjectiveName | Weights | None":
    """Return the objective given by the options `--objective` and the weights, None if neither is given."""
    from landbridge.routing.query.objectives import Weights

    name: ObjectiveName | None = options["objective"]
    names = ("value_of_time_usd_per_h", "reliability_usd_per_h", "carbon_usd_per_t")
    weights = {name: options[name] for name in names}
    if not any(weights.values()):
        return name
    if name not in {None, "generalised"}:
        raise click.UsageError(
            "--value-of-time, --value-of-reliability and --carbon-price belong to --objective generalised"
        )
    return Weights(**weights)


class Objectives(_Names):
    """Names of objectives; `weights` is a deprecated alias of `generalised`."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name."""
        if value == "weights":
            note("--objective weights is deprecated; use --objective generalised")
            value = "generalised"
        return super().convert(value, param, ctx)


def print_json(document: Mapping[str, Any], meta: "Meta") -> None:
    """Print one JSON document with its metadata; a query says the scenario that it was asked of."""
    whole = {**document, "meta": meta}
    if "query" in whole:
        whole["query"] = {**whole["query"], "scenario": meta["scenario"]}
    click.echo(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1, default=str))


def show_tables(found: "Result", tables: "Sequence[EvidenceTable]", path: str | None, *, as_json: bool) -> None:
    """Print the tables of an answer or its JSON, and write the tables as Markdown if a path is given."""
    if path is not None:
        from landbridge.networks.files import write_text
        from landbridge.routing.validation.tables import markdown

        write_text(Path(path), markdown(tables))
        wrote(path)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        from landbridge.routing.cli.tables.validation import print_evidence

        print_evidence(tables)
