"""The level of the Caspian in a scenario, turned into the load of its ships.

The table `loads` says which share of its full load a ship leaves behind at the level of the data, and which further
share for each metre that the level falls (`loss_per_metre`). The load share at d metres below it is
1 - low_water_loss - d loss_per_metre; a rise gives back what low water takes, and no more.
"""

from collections.abc import Mapping
from typing import Final

from landbridge.networks.tables.table import Row
from landbridge.routing.studies.scenarios.changing import Change, ChangingTables
from landbridge.routing.studies.scenarios.values import Factor, multiply

_SEA: Final = ((46.0, 36.0), (55.0, 48.0))
"""South-west and north-east corner (lon, lat) of a box that has the ports of the Caspian and no others."""

_LEAST_SHARE: Final = 0.05


def set_level(work: ChangingTables, change: Change) -> None:
    """Change the load of the ships of the Caspian: their loss at low water, and capacities of services and fleets.

    Raises
    ------
    ChangeError
        If the network has no ship there of which the loss by the metre is known.
    """
    loads, services = work.table("loads").by_key(), _caspian_services(work)
    ships = {
        load_id: load
        for load_id in dict.fromkeys(service["vehicle"] for service in services.values())
        if load_id and (load := loads[load_id])["loss_per_metre"]
    }
    if not ships:
        problem = "no ship of the Caspian has a loss_per_metre in the table loads"
        raise change.error(("metres",), problem, "give it, or set capacities instead")
    factors = {name: _lost(work, change, load, services) for name, load in ships.items()}
    fleets = dict[str, float]()
    for service_id, service in services.items():
        if service["vehicle"] not in factors:
            continue
        factor = Factor(change, ("metres",), factors[service["vehicle"]])
        if service["capacity_teu_day"] is not None:
            multiply(work, "services", work.indices("services")[service_id], ("capacity_teu_day",), factor)
        if service["resource"]:
            fleets[service["resource"]] = min(factor.value, fleets.get(service["resource"], factor.value))
    for fleet, value in fleets.items():
        multiply(work, "resources", work.indices("resources")[fleet], ("capacity",), Factor(change, ("metres",), value))


def _lost(work: ChangingTables, change: Change, load: Row, services: Mapping[str, Row]) -> float:
    """Write the loss of a load at the new level, and return the factor on what its ships carry.

    Ships of the same kind elsewhere keep theirs: those of the Caspian then get a row of their own.
    """
    before, by_metre = float(load["low_water_loss"]), float(load["loss_per_metre"])
    after = min(max(0.0, before - by_metre * float(change.asked.metres)), 1 - _LEAST_SHARE)
    users = [row for row in work.rows("services") if row["vehicle"] == load["id"]]
    index = work.indices("loads")[load["id"]][0]
    if all(row["id"] in services for row in users):
        work.write("loads", index, {"low_water_loss": after}, change)
        return (1 - after) / (1 - before)
    own = f"{load['id']}-{change.part.name}"
    if own not in work.indices("loads"):
        work.append_row("loads", {**load, "id": own}, change)
    work.write("loads", work.indices("loads")[own][0], {"low_water_loss": after}, change)
    for row in users:
        if row["id"] in services:
            work.write("services", work.indices("services")[row["id"]][0], {"vehicle": own}, change)
    return (1 - after) / (1 - before)


def _caspian_services(work: ChangingTables) -> dict[str, Row]:
    """Return the services by ship of which all links are between ports of the Caspian."""
    (west, south), (east, north) = _SEA
    inside = {row["id"] for row in work.rows("places") if west <= row["lon"] <= east and south <= row["lat"] <= north}
    links = [row for row in work.rows("links") if row["mode"] in {"sea", "ferry"}]
    outside = {row["service"] for row in links if not {row["from"], row["to"]} <= inside}
    known, found = work.table("services").by_key(), dict.fromkeys(row["service"] for row in links)
    return {name: known[name] for name in found if name not in outside}
