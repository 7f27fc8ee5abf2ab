"""What a row of a study answers, as flat numbers: one shipment, its simulation, a table of pairs, or an assignment.

`measured` is the function of a sweep: it fills the options and changes of the study with the values of the row.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from landbridge.networks.network import Network
from landbridge.routing.studies.scenarios.scenario import Scenario
from landbridge.routing.studies.sweeps.placeholders import filled, placeholders

Answer = dict[str, Any]

CARGO: Final = (
    *("teu", "tonnes", "value_usd", "cargo_class", "container_feet", "equipment", "reefer", "dangerous"),
    *("hs_chapter", "shipper_country", "consignee_country"),
)
"""Options of a shipment that describe its cargo."""

WEIGHTS: Final = {
    "value_of_time": "value_of_time_usd_per_h",
    "value_of_reliability": "reliability_usd_per_h",
    "carbon_price": "carbon_usd_per_t",
}
"""Options with weights of the generalised cost, as the command line names them, and as `Weights` does."""

TABLES: Final = ("demand", "pairs")
"""Options that name a CSV file beside the study."""

PLACES: Final = ("origin", "destination", "via")
"""Options that name places."""

_CHANGED: Final = 4
"""Networks with the same changes in all rows that a worker keeps."""

_TOTALS: Final = ("time_mean_h", "time_p10_h", "time_p50_h", "time_p90_h", "cost_usd", "co2e_kg", "distance_km")


def measured(network: Network, row: Mapping[str, Any], *, study: Mapping[str, Any]) -> Answer:
    """Return the answer of a row of a study.

    Parameters
    ----------
    network
        The network, with the scenario of the row applied.
    row
        The values of the parameters, and the demand and seed if the study has several.
    study
        `name`, `measure`, `options`, `changes`, `tables` (rows by name of the file) and `crossed` (columns of the row
        that are options).
    """
    options = filled(study["options"], row) | {name: row[name] for name in study["crossed"]}
    for name in TABLES:
        if name in options:
            options[name] = study["tables"][options[name]] if options[name] else None
    return MEASURES[study["measure"]](changed(network, study, row), **options)


def changed(network: Network, study: Mapping[str, Any], row: Mapping[str, Any]) -> Network:
    """Return the network with the changes of a study for a row.

    The first changes, up to one with a parameter, are the same in each row: their result is kept with the network.
    """
    changes: list[Any] = study["changes"]
    if changes:
        _ = network.graph  # built once: the graph of changed values is this one with other weights
    same = next((number for number, change in enumerate(changes) if [*placeholders(change)]), len(changes))
    if same:
        network = network.cached(_with_changes, study["name"], json.dumps(filled(changes[:same], row)), most=_CHANGED)
    if same < len(changes):
        network = _with_changes(network, study["name"], json.dumps(filled(changes[same:], row)))
    return network


def _with_changes(network: Network, name: str, changes: str) -> Network:
    return as_scenario(name, json.loads(changes)).apply(network)


def as_scenario(name: str, changes: Iterable[Mapping[str, Any]]) -> Scenario:
    """Return changes of a study, with their values, as a scenario.

    Raises
    ------
    DataError
        If a change is invalid.
    """
    return Scenario.from_dict({"name": name, "title": name, "changes": list(changes)})


def sizes(network: Network, row: Mapping[str, Any]) -> Answer:
    """Return the number of rows of the table that a row names in `table`: the smallest function of a sweep."""
    return {"rows": len(network.tables[str(row["table"])])}


def route_numbers(network: Network, *, origin: str, destination: str, **options: Any) -> Answer:
    """Return the totals of the best itinerary by the objective: those of `route`, with their names."""
    trip = _trip(network, origin, destination, options)
    return {
        "corridor": trip.corridor,
        "itinerary_id": trip.itinerary_id,
        **{f"time_{name}_h": hours for name, hours in trip.time.to_dict().items()},
        "cost_usd": trip.cost_usd,
        "inventory_usd": trip.inventory_usd,
        "generalised_cost_usd": trip.generalised_cost_usd,
        "co2e_kg": trip.co2e_kg,
        "distance_km": trip.distance_km,
    }


def simulate_numbers(
    network: Network,
    *,
    origin: str,
    destination: str,
    runs: int = 20_000,
    seed: int = 0,
    promised: str | None = None,
    **options: Any,
) -> Answer:
    """Return the simulated time of the best itinerary, and the chance of a promised day."""
    from landbridge.routing.simulation.simulate import simulate

    trip = _trip(network, origin, destination, options)
    found = simulate(trip, runs=runs, seed=seed, promised=promised)
    times = {f"time_{name}_h": hours for name, hours in found.to_dict()["time_h"].items()}
    return {
        "corridor": trip.corridor,
        "itinerary_id": trip.itinerary_id,
        **times,
        "time_p95_h": found.to_dict()["p95_h"],
        "on_time": found.on_time,
        "buffer_h": found.buffer_h,
        "stranded": found.stranded,
        "cost_usd": trip.cost_usd,
        "co2e_kg": trip.co2e_kg,
    }


def pairs_numbers(network: Network, *, pairs: Any, **options: Any) -> Answer:
    """Return the means over a table of pairs that have an answer, and the shares of corridors in these."""
    from landbridge.routing.questions.matrix import matrix

    found = matrix(network, pairs=pairs, **_asked(options)).rows
    answered = [row for row in found if row.error is None]
    number = len(answered)
    means = {name: sum(getattr(row, name) for row in answered) / number if number else None for name in _TOTALS}
    used = dict.fromkeys(_corridors(network), 0)
    for row in answered:
        used[row.corridor or "other"] += 1
    shares = {f"share_{name}": count / number if number else None for name, count in used.items()}
    return {"pairs": len(found), "answered": number, **means, **shares}


def assign_numbers(
    network: Network,
    *,
    demand: Any = None,
    estimated: bool = False,
    demand_factor: float = 1.0,
    resources: Iterable[str] = (),
    year: int | None = None,
    **options: Any,
) -> Answer:
    """Return the totals of an assignment, the traffic of each corridor, and the utilisation of named resources."""
    from landbridge.routing.flows.assign import assign
    from landbridge.routing.flows.crossings import estimated_demand
    from landbridge.routing.flows.demand import demand_given, scaled

    rows = estimated_demand(network, year=year) if estimated else demand_given(network, demand, year)
    found = assign(network, scaled(rows, demand_factor), year=year, **options)
    totals = found.to_dict()
    names = ("status", "demand_teu_day", "served_teu_day", "unserved_teu_day", "cost_usd_day", "unserved_usd_day")
    carried = dict.fromkeys(_corridors(network), 0.0) | totals["corridors_teu_day"]
    whole = sum(carried.values())
    by_resource = {name: float(found.utilisation[found.rows.rows_of(name)].max()) for name in resources}
    return {
        **{name: totals[name] for name in names},
        "total_usd_day": found.flow.cost,
        "gap": totals["gap"],
        **{f"teu_day_{name}": teu for name, teu in carried.items()},
        **{f"share_{name}": teu / whole if whole else None for name, teu in carried.items()},
        **{f"utilisation_{name}": share for name, share in by_resource.items()},
    }


def _corridors(network: Network) -> list[str]:
    """Return the ids of the corridors, in every row the same columns."""
    return [*(row["id"] for row in network.tables["corridors"]), "road", "other"]


def _trip(network: Network, origin: str, destination: str, options: dict[str, Any]) -> Any:
    from landbridge.routing.questions.route import route

    return route(network, origin, destination, **_asked(options))[0]


def _asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a shipment as `route` takes them, by default for the generalised cost."""
    from landbridge.routing.query.cargo import Cargo
    from landbridge.routing.query.objectives import GENERALISED, Weights

    cargo = {name: options[name] for name in CARGO if name in options}
    weights = {name: options[option] for option, name in WEIGHTS.items() if option in options}
    others = {name: value for name, value in options.items() if name not in {*CARGO, *WEIGHTS}}
    if weights:
        others["objective"] = Weights(**weights)
    return {"cargo": Cargo(**cargo), "objective": GENERALISED, **others}


_TRIP: Final = ("corridor", "itinerary_id", "cost_usd", "co2e_kg")
_TIMES: Final = ("time_mean_h", "time_sd_h", "time_p10_h", "time_p50_h", "time_p90_h")

OUTPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "route": (*_TRIP, *_TIMES, "inventory_usd", "generalised_cost_usd", "distance_km"),
    "simulate": (*_TRIP, *_TIMES, "time_p95_h", "on_time", "buffer_h", "stranded"),
    "pairs": ("pairs", "answered", *_TOTALS, "share_*"),
    "assign": (
        *("status", "gap", "demand_teu_day", "served_teu_day", "unserved_teu_day"),
        *("cost_usd_day", "unserved_usd_day", "total_usd_day", "teu_day_*", "share_*", "utilisation_*"),
    ),
}
"""Names of the answers of each measure; `*` stands for a corridor or resource."""


def outputs_of(measure: str) -> tuple[str, ...]:
    """Return the names of the answers of a measure."""
    return OUTPUTS[measure]


def is_output(measure: str, name: str) -> bool:
    """Whether a name is that of an answer of a measure.

    Examples
    --------
    >>> is_output("assign", "share_middle"), is_output("route", "share_middle")
    (True, False)
    """
    return any(fnmatchcase(name, pattern) for pattern in OUTPUTS[measure])


MEASURES: Final[Mapping[str, Callable[..., Answer]]] = {
    "route": route_numbers,
    "simulate": simulate_numbers,
    "pairs": pairs_numbers,
    "assign": assign_numbers,
}
"""What a row may answer, by name."""
