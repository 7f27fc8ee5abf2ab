"""The command `simulate`."""

from typing import Any

import click

from landbridge.routing.cli.numbers import WHOLE
from landbridge.routing.cli.options import (
    chart_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
)
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options
from landbridge.routing.cli.progress import progress


@click.command()
@itinerary_options
@click.option("--runs", type=WHOLE, default=100_000, show_default=True, help="Number of simulated shipments.")
@click.option("--seed", type=WHOLE, default=0, show_default=True, help="Seed: the same one gives the same answer.")
@click.option(
    "--promised",
    metavar="DATE",
    help="With --depart: day or time promised at the destination, in its local time; a day until its end. "
    "By default the time of --arrive-by.",
)
@network_option
@json_option
@out_option()
@chart_option
def simulate(network_path: str | None, as_json: bool, **options: Any) -> None:
    """Simulate itineraries between two places: how sure their times are, why, and the chance of a promised day."""
    from landbridge.routing.simulation.shipment_simulations import simulate_each

    asked = {name: options[name] for name in ("runs", "seed", "promised")}
    if asked["promised"] is not None and options["depart"] is None and options["arrive_by"] is None:
        raise click.UsageError("--promised needs a date of departure; add --depart, or --arrive-by")
    found, query = find_itineraries(open_network(network_path), options)
    with progress("simulating", len(found)) as told:
        simulated = simulate_each(found, found.meta, left_out=found.left_out, progress=told, **asked)
    write_files(simulated, options)
    if as_json:
        print_json({"query": {**query, **asked}, **simulated.to_dict()}, simulated.meta)
    else:
        from landbridge.routing.cli.tables.simulate import print_simulations

        print_simulations(simulated, title=f"{options['origin']} to {options['destination']}")
