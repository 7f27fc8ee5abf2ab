"""Ships of a network under load: the lines, ports and fleets that stand for the waits and capacities of the tables.

A line is a link whose ships sail when full, with berths at both ends and a fleet. In the simulation its ships stand for
three things of the static model: the capacity of the fleet, the wait until a ship is full, and the berths. Other ships
(on a headway or a timetable, or without berths or a fleet) keep their published waits and the queue of their fleet.

A fleet without a number of ships has as many as its published capacity asks for: with a round trip of R hours, which is
two sailings and a call at each end that unloads and loads a full ship, n ships of L TEU offer n x L x 24 / R TEU a day
in each direction, before storms and low water. In a year with another capacity than that of the table `resources` their
number is in proportion.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.network import Network
from landbridge.networks.times.distributions import TimeDistribution
from landbridge.networks.units import DAY_H
from landbridge.networks.years import resources_of_year
from landbridge.routing.resources.capacities import capacity_teu_day
from landbridge.routing.sailings.lines import berth_rows, load_teu_of, plannable_links
from landbridge.routing.simulation.network_model import DerivedFleet

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import BerthRow, LinkRow, ResourceRow, ServiceRow

FILL_AND_GO = "fill_and_go"


@dataclass(frozen=True, kw_only=True)
class SimulatedLine:
    """A line of ships between two ports.

    Attributes
    ----------
    link, number
        The link, and its index.
    service, fleet
        Its service, and the resource with the ships.
    berths
        Rows of `berths` at both ends of the link.
    sail
        Time at sea.
    nominal_teu, capacity_teu
        Load of a full ship, and what low water leaves of it.
    """

    link: "LinkRow"
    number: int
    service: "ServiceRow"
    berths: tuple["BerthRow", "BerthRow"]
    sail: TimeDistribution
    nominal_teu: float
    capacity_teu: float

    @property
    def fleet(self) -> str:
        """Resource with the ships."""
        return str(self.service["resource"])

    @property
    def ends(self) -> tuple[str, str]:
        """The two ports."""
        return self.link["from"], self.link["to"]

    @property
    def round_trip_h(self) -> float:
        """Hours of a round trip with calls that unload and load a full ship at both ends."""
        calls_h = sum(berth["call_h"] + 2 * self.nominal_teu / berth["handling_teu_h"] for berth in self.berths)
        return 2 * self.sail.mean_h + calls_h

    def call_h(self, end: int) -> float:
        """Return the hours in which a full ship is unloaded or loaded at one of its ends (0 or 1)."""
        return float(self.berths[end]["call_h"] + self.capacity_teu / self.berths[end]["handling_teu_h"])


@dataclass(frozen=True)
class Fleets:
    """The lines of ships of a run, with the number of ships of each fleet.

    Attributes
    ----------
    lines
        The lines; side 2 l runs along the link of line l, side 2 l + 1 back.
    ships
        Number of ships of each fleet.
    derived
        Fleets whose number was derived.
    """

    lines: tuple[SimulatedLine, ...] = ()
    ships: dict[str, int] = field(default_factory=dict)
    derived: tuple[DerivedFleet, ...] = ()

    @cached_property
    def side_of(self) -> dict[tuple[int, bool], int]:
        """Side of each simulated link and direction."""
        return {
            (line.number, back): 2 * number + back
            for number, line in enumerate(self.lines)
            for back in ((False, True) if line.link["both_ways"] else (False,))
        }

    @cached_property
    def services(self) -> frozenset[str]:
        """Services whose ships are simulated."""
        return frozenset(line.service["id"] for line in self.lines)

    @cached_property
    def berths(self) -> tuple["BerthRow", ...]:
        """Rows of berths, each a port of its own."""
        return tuple({row["id"]: row for line in self.lines for row in line.berths}.values())

    @cached_property
    def berth_places(self) -> frozenset[tuple[str, str]]:
        """Ports and the modes of the ships that call there, whose berths are simulated."""
        return frozenset((place, line.link["mode"]) for line in self.lines for place in line.ends)


def fleets_of(network: Network, link_teu_day: Floats, year: int | None) -> Fleets:
    """Return the lines of ships with cargo, and their fleets.

    Parameters
    ----------
    network
        The network.
    link_teu_day
        TEU per day on each link in both directions together, shape (links,).
    year
        Year of the capacities, None for those of the table `resources`.
    """
    used = {link["id"] for link, teu_day in zip(network.links, link_teu_day, strict=True) if teu_day > 0}
    chosen = [link for link in plannable_links(network) if link["id"] in used and _sails_when_full(network, link)]
    lines = tuple(_line(network, link) for link in chosen)
    resources = resources_of_year(network, year)
    ships: dict[str, int] = {}
    derived: list[DerivedFleet] = []
    for fleet in dict.fromkeys(line.fleet for line in lines):
        own = [line for line in lines if line.fleet == fleet]
        found = _derived(network, resources[fleet], own, link_teu_day)
        given = _given_ships(network, resources[fleet])
        ships[fleet] = found.ships if given is None else given
        if given is None:
            derived.append(found)
    return Fleets(lines, ships, tuple(derived))


def _sails_when_full(network: Network, link: "LinkRow") -> bool:
    service = network.services[link["service"]]
    return (
        service["wait_kind"] == FILL_AND_GO
        and service["resource"] is not None
        and all(len(berth_rows(network, link[end], service["id"])) == 1 for end in ("from", "to"))
    )


def _line(network: Network, link: "LinkRow") -> SimulatedLine:
    service, graph = network.services[link["service"]], network.graph
    number = network.links.index(link)
    edge = int(np.flatnonzero((graph.kind == EdgeKind.HAUL) & (graph.row == number))[0])
    vessel = network.tables["loads"].by_key().get(service["vehicle"] or "")
    start, end = (berth_rows(network, link[name], service["id"])[0] for name in ("from", "to"))
    return SimulatedLine(
        link=link,
        number=number,
        service=service,
        berths=(start, end),
        sail=graph.duration(edge).time,
        nominal_teu=float(load_teu_of(service, vessel, 0.0)),
        capacity_teu=float(load_teu_of(service, vessel, None)),
    )


def _given_ships(network: Network, fleet: "ResourceRow") -> int | None:
    """Return the number of ships of the table, None if it has none or is of another capacity than that of the year."""
    table = network.tables["resources"].by_key()[fleet["id"]]
    number = table["ships"]
    same = (table["capacity"], table["capacity_unit"]) == (fleet["capacity"], fleet["capacity_unit"])
    return number if number is not None and same else None


def _derived(
    network: Network, fleet: "ResourceRow", lines: Iterable[SimulatedLine], link_teu_day: Floats
) -> DerivedFleet:
    """Return the ships that the capacity of a fleet on open days asks for, with the round trip of its mean cargo."""
    lines = list(lines)
    weight = np.array([link_teu_day[line.number] for line in lines])
    weight /= weight.sum()
    round_trip_h = float(weight @ [line.round_trip_h for line in lines])
    load_teu = float(weight @ [line.nominal_teu for line in lines])
    table, capacity = network.tables["resources"].by_key()[fleet["id"]], capacity_teu_day(network, fleet)
    if table["ships"] is None:
        ships = capacity * round_trip_h / (load_teu * DAY_H)
    else:
        ships = table["ships"] * capacity / capacity_teu_day(network, table)
    return DerivedFleet(
        fleet=fleet["id"],
        ships=max(1, round(ships)) if capacity > 0 else 0,
        capacity_teu_day=capacity,
        round_trip_h=round_trip_h,
        load_teu=load_teu,
    )
