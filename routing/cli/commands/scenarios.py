"""The command `scenarios`: the bundled scenarios, one of them or a file, and the schema for editors."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landbridge.routing.cli.effects import refuse_without_effect
from landbridge.routing.cli.options import complete_scenario, json_option, print_json
from landbridge.routing.cli.progress import wrote

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.studies.scenarios.scenario import Scenario


@click.command()
@click.argument("given", required=False, metavar="[NAME|FILE]", shell_complete=complete_scenario)
@click.option("--schema", metavar="FILE", help="Write the JSON Schema of scenario files, for editors.")
@click.option("--network", "network_path", metavar="PATH", help="Network to check it with instead of the bundled one.")
@json_option
def scenarios(given: str | None, schema: str | None, network_path: str | None, as_json: bool) -> None:
    """List the bundled scenarios, or show one and check that it fits the network.

    Several are separated by commas. Faults are reported with file, line and key: first all of the file, then all
    of what does not fit the network.
    """
    from landbridge.routing.studies.scenarios.scenario import Scenario

    if given is None and schema is not None:
        refuse_without_effect(["network_path", "as_json"], "without a scenario")
    if schema is not None:
        from landbridge.routing.studies.scenarios.json_schema import write_schema

        write_schema(Path(schema))
        wrote(schema)
    if given is not None:
        _show(Scenario.read(given), network_path, as_json=as_json)
    elif schema is None:
        _list([Scenario.read(name) for name in Scenario.bundled()], network_path, as_json=as_json)


def _show(scenario: "Scenario", network_path: str | None, *, as_json: bool) -> None:
    """Show a scenario after it was applied, which finds what no network has."""
    from landbridge.networks.meta import meta_of
    from landbridge.routing.cli.tables.scenarios import print_scenario

    changed = scenario.apply(_network(network_path))
    if as_json:
        about = {"name": scenario.name, "fingerprint": scenario.fingerprint}
        print_json({**about, "scenario": scenario.to_dict()}, meta_of(changed.tables, {}))
    else:
        print_scenario(scenario)


def _list(found: "list[Scenario]", network_path: str | None, *, as_json: bool) -> None:
    from landbridge.networks.meta import meta_of
    from landbridge.routing.cli.tables.scenarios import print_scenarios

    if as_json:
        rows = [
            {name: getattr(item, name) for name in ("name", "title", "shows", "fingerprint")}
            | {"changes": len(item.changes)}
            for item in found
        ]
        print_json({"scenarios": rows}, meta_of(_network(network_path).tables, {}))
    else:
        print_scenarios(found)


def _network(path: str | None) -> Any:
    from landbridge.networks.network import load_network, read_network

    return load_network() if path is None else read_network(path)
