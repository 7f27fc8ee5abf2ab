"""Money and emissions of a leg straight from the tables, in plain Python, as an oracle of the cost model."""

from landbridge.networks import Network
from landbridge.routing import Cargo, Leg


def paid_usd(network: Network, cargo: Cargo, leg: Leg) -> float:
    """Return what a leg costs: a rate by km or what is paid to board, or fees, in dollars of the data set's year."""
    row = leg.row
    if row is None:
        return 0.0
    if leg.kind == "haul":
        service = network.services[row["service"]]
        name = (row["tariff_back"] if leg.backward else None) or row["tariff"] or service["tariff"]
        section_km = row["section_km"] or leg.distance_km
        (band,) = [
            band
            for band in network.tables["tariffs"]
            if band["id"] == name and band["equipment"] in {"any", cargo.equipment}
            if band["band_from_km"] <= section_km < (band["band_to_km"] or float("inf"))
        ]
        rate = _of_size(cargo, band["usd_per_teu_km"], band["usd_per_feu_km"], twice=True)
        return rate * leg.distance_km * cargo.containers * _deflator(network, band["usd_year"])
    if leg.kind == "wait" and "boarding_usd_per_teu" not in row:
        return 0.0  # for an opening, and not for a departure
    prefix, twice = ("boarding", True) if leg.kind == "wait" else ("fee", False)
    usd = _of_size(cargo, row[f"{prefix}_usd_per_teu"], row[f"{prefix}_usd_per_feu"], twice=twice)
    usd += row.get("fee_usd_per_consignment") or 0.0
    return usd * cargo.containers * _deflator(network, row[f"{prefix}_usd_year"])


def _of_size(cargo: Cargo, teu: float, feu: float | None, *, twice: bool) -> float:
    """Return the rate of a container; of a long one without a rate of its own, that of one or of two of 20 feet."""
    if cargo.container_feet == 20:
        return teu
    return feu if feu is not None else teu * (2 if twice else 1)


def _deflator(network: Network, year: int | None) -> float:
    return {int(row["usd_year"]): row["usd_to_2024"] for row in network.tables["deflators"]}[year] if year else 1.0


def emitted_kg(network: Network, cargo: Cargo, leg: Leg) -> float:
    """Return the emissions of a leg: a factor by tonnes or TEU and km, or those of handling by TEU."""
    row = leg.row
    if row is None or leg.kind == "wait":
        return 0.0
    if leg.kind == "operation":
        return row["co2e_kg_per_teu"] * cargo.teu
    name = row["emission_factor"] or network.services[row["service"]]["emission_factor"]
    (factor,) = [factor for factor in network.tables["emission_factors"] if factor["id"] == name]
    cooled = factor["reefer_g_co2e_per_teu_km"] if cargo.reefer else None
    per_km = (factor["g_co2e_per_tkm"] or 0.0) * cargo.tonnes
    per_km += (cooled or factor["g_co2e_per_teu_km"] or 0.0) * cargo.teu
    return per_km * (factor["distance_adjustment"] or 1.0) * leg.distance_km / 1000
