"""Dated rules of admissibility: hard constraints; messages name the rule that excludes a country."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from landbridge.networks.arrays import Bools
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.routing.query.cargo import Cargo

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import AdmissibilityRow

_SHIPS = frozenset({"sea", "ferry", "iww"})


def rules_in_force(network: Network, cargo: Cargo, day: date) -> list[Row]:
    """Return the rules that apply to a cargo on a day.

    A rule about shippers, consignees or commodities applies only to a cargo for which these are given; one on transit
    alone not to a cargo of which shipper or consignee is in one of its countries.
    """
    return [rule for rule in network.tables["admissibility"] if _holds(rule, cargo, day)]


def barred_ports(rules: Iterable[Row]) -> frozenset[str]:
    """Return the ports at which rules let the cargo neither on board nor ashore."""
    return frozenset[str]().union(*(rule["ports"] for rule in rules))


def ship_hauls(network: Network) -> Bools:
    """Return a mask of the edges that are hauls by ship, shape (edges,)."""
    return network.graph.from_rows(hauls=[link["mode"] in _SHIPS for link in network.links])


def _holds(rule: "AdmissibilityRow", cargo: Cargo, day: date) -> bool:
    return (
        rule["valid_from"] <= day
        and (rule["valid_to"] is None or day <= rule["valid_to"])
        and (not rule["shipper_countries"] or cargo.shipper_country in rule["shipper_countries"])
        and (not rule["consignee_countries"] or cargo.consignee_country in rule["consignee_countries"])
        and (not rule["hs_chapters"] or (cargo.hs_chapter or "").startswith(rule["hs_chapters"]))
        and (not rule["cargo_classes"] or cargo.cargo_class in rule["cargo_classes"])
        and not (rule["transit_only"] and _is_party(cargo, rule["transit_countries"]))
        and (not rule["dangerous"] or cargo.dangerous)
        and (not rule["reefer"] or cargo.reefer)
    )


def _is_party(cargo: Cargo, countries: tuple[str, ...]) -> bool:
    """Whether the shipper or the consignee is in one of some countries."""
    return not {cargo.shipper_country, cargo.consignee_country}.isdisjoint(countries)
