"""What of a leg rests on which values of the data.

Hours rest on a speed, a time, a wait or opening hours, dollars on a tariff, a fee or a charge, and CO2e on a factor.
These are rates. Lengths, deflators and adjustments multiply them, so that the same hours, dollars and kg rest on those
too.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple, cast

from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row, Table
from landbridge.networks.times.durations import speed_column
from landbridge.networks.times.opening_hours import opening_wait
from landbridge.networks.times.traffic import traffic_of
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.access import access_link
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import pricing
from landbridge.routing.questions.values import OPENING, TIMETABLE, Value

_QUANTILES = ("p10_h", "p50_h", "p90_h")
_WAIT_COLUMNS = {
    "headway": ("headway_h",),
    "timetable": TIMETABLE,
    "fill_and_go": tuple(f"wait_{name}" for name in _QUANTILES),
}


class Part(NamedTuple):
    """What rests on a value: hours, USD and kg CO2e."""

    value: Value
    hours: float = 0.0
    usd: float = 0.0
    kg: float = 0.0


class ValueParts:
    """Finds the values on which legs of a network rest for a cargo."""

    def __init__(self, network: Network, cargo: Cargo) -> None:
        self._network, self._cargo = network, cargo
        self._pricing = pricing(network, cargo.equipment, reefer=cargo.reefer)
        self._traffic = {
            "operation": traffic_of(network.tables, "operations"),
            "wait": traffic_of(network.tables, "waits"),
        }
        self._indices: dict[str, dict[int, int]] = {}

    def of_leg(self, leg: Leg) -> Iterator[Part]:
        """Yield what of a leg rests on each value; parts without hours, USD and kg may change them all the same."""
        if leg.kind == "haul":
            yield from self._haul(leg)
        elif leg.row is not None and leg.kind == "operation":
            yield from self._operation(leg, leg.row)
        elif leg.row is not None and "open_source" in leg.row:
            table = "links" if "from" in leg.row else "operations"
            yield Part(self._value(table, leg.row, OPENING, "open_"), leg.time.mean_h)
        elif leg.row is not None:
            yield from self._wait(leg, leg.row)

    @cached_property
    def inventory(self) -> list[Value]:
        """The rate of the inventory cost, empty where the cargo has no value."""
        row = self._network.tables["dataset"].by_key()["inventory_rate_per_year"]
        return [self._value("dataset", row, ("value",), rate=False)] if self._cargo.value_usd else []

    def _value(
        self,
        table: str,
        row: Row,
        columns: tuple[str, ...],
        evidence: str = "",
        *,
        rate: bool = True,
        given: Row | None = None,
    ) -> Value:
        if table not in self._indices:
            rows = cast("Table[Any]", cast("Any", self._network.tables)[table]).rows
            self._indices[table] = {id(row): index for index, row in enumerate(rows)}
        return Value(table, self._indices[table][id(row)], {**row, **(given or {})}, columns, evidence, rate)

    def _haul(self, leg: Leg) -> Iterator[Part]:
        network, link, hours = self._network, leg.link, leg.time.mean_h
        if link is None:
            link = access_link(network, leg.countries[0] if leg.countries else None)
        if leg.departs is None and (shut_h := opening_wait(link).mean_h):
            hours -= shut_h
            yield Part(self._value("links", link, OPENING, "open_"), shut_h)
        own_time, service = _time_columns(link), network.services[link["service"]]
        column = speed_column(link, service, timetabled=self._cargo.cargo_class == "timetabled")
        if own_time:
            yield from self._time("links", link, hours)
        elif link[column]:
            yield Part(self._value("links", link, (column,), "time_"), hours)
        else:
            yield Part(self._value("services", service, (column,), column.removesuffix("km_h")), hours)
        if leg.access is None:
            drawn = {"length_km": leg.distance_km}
            length = self._value("links", link, ("length_km",), "length_", rate=False, given=drawn)
            yield Part(length, 0.0 if own_time else hours, leg.cost_usd, leg.co2e_kg)
        tariff = self._pricing.tariff(link, leg.distance_km, backward=leg.backward)
        yield from self._money("tariffs", tariff, "usd_per_{}_km", "", leg.cost_usd)
        yield from self._emissions(self._pricing.factor(link), leg.co2e_kg)

    def _emissions(self, factor: Row, kg: float) -> Iterator[Part]:
        rates = tuple(name for name in ("g_co2e_per_tkm", "g_co2e_per_teu_km") if factor[name])
        yield Part(self._value("emission_factors", factor, rates), kg=kg)
        if factor["distance_adjustment"]:
            adjustment = ("distance_adjustment",)
            yield Part(self._value("emission_factors", factor, adjustment, "adjustment_", rate=False), kg=kg)

    def _operation(self, leg: Leg, row: Row) -> Iterator[Part]:
        congested = self._congested(leg, row)
        yield from congested
        yield from self._time("operations", row, leg.time.mean_h - sum(part.hours for part in congested))
        yield from self._money("operations", row, "fee_usd_per_{}", "fee_", leg.cost_usd)
        if leg.co2e_kg:
            yield Part(self._value("operations", row, ("co2e_kg_per_teu",), "co2e_"), kg=leg.co2e_kg)

    def _wait(self, leg: Leg, row: Row) -> Iterator[Part]:
        congested, columns = self._congested(leg, row), _WAIT_COLUMNS.get(row["wait_kind"])
        hours = leg.time.mean_h - sum(part.hours for part in congested)
        yield from congested
        # By the clock a timetable says when cargo departs, whatever the cut-off before.
        by_clock = leg.departs is not None and columns == TIMETABLE
        # The hours of congested months include the cut-off, but not the wait of loose cargo.
        normal = 1 - self._traffic["wait"][row["id"]]["congested_share"] if congested else 1.0
        for name in ("cut_off_h", *(("loose_wait_h",) if self._cargo.cargo_class == "loose" else ())):
            if row[name]:
                own_h = 0.0 if by_clock else row[name] * (normal if name == "cut_off_h" else 1.0)
                hours -= own_h
                yield Part(self._value("services", row, (name,), "wait_"), own_h)
        if columns:
            yield Part(self._value("services", row, columns, "wait_"), hours)
        yield from self._money("services", row, "boarding_usd_per_{}", "boarding_", leg.cost_usd)

    def _congested(self, leg: Leg, row: Row) -> list[Part]:
        """Return what rests on the hours of congested months, empty where the item's own time says it all.

        It does where they only divide an average over all months, and while a slow-down takes their place.
        """
        states = self._traffic[leg.kind].get(row["id"])
        if states is None or leg.duration.states is None or states["own_time"] == "average":
            return []
        # A slow-down that does not take their place lengthens the congested months, with the wait of loose cargo.
        more_h = row["loose_wait_h"] if leg.kind == "wait" and self._cargo.cargo_class == "loose" else 0.0
        stretch = leg.duration.states.congested.mean_h / (states["congested_h"] + more_h)
        hours = states["congested_share"] * states["congested_h"] * stretch
        return [Part(self._value("traffic", states, ("congested_h",)), hours)]

    def _time(self, table: str, row: Row, hours: float) -> Iterator[Part]:
        """Yield what rests on the time of a link or operation, and its least time, which bounds only quantiles."""
        columns = _time_columns(row)
        yield Part(self._value(table, row, columns, "time_"), hours)
        if row["min_h"] and columns == _QUANTILES:
            yield Part(self._value(table, row, ("min_h",), "time_", rate=False))

    def _money(self, table: str, row: Row, name: str, evidence: str, usd: float) -> Iterator[Part]:
        """Yield what rests on an amount in USD, and on the deflator of its year.

        Parameters
        ----------
        name
            Name of the columns of the amount, with a gap for the unit: TEU, FEU or consignment.
        """
        if not usd:
            return
        teu, feu = name.format("teu"), name.format("feu")
        size = teu if self._cargo.container_feet == 20 or row[feu] is None else feu
        columns = tuple(column for column in (size, name.format("consignment")) if row.get(column))
        yield Part(self._value(table, row, columns, evidence), usd=usd)
        deflator = self._network.tables["deflators"].by_key()[str(row[f"{evidence}usd_year"])]
        if deflator["usd_to_2024"] != 1:
            yield Part(self._value("deflators", deflator, ("usd_to_2024",), rate=False), usd=usd)


def _time_columns(row: Row) -> tuple[str, ...]:
    """Return the columns of the time of a link or operation, empty where a link has none of its own."""
    if row["p50_h"] is not None:
        return _QUANTILES
    return ("mean_h",) if row["mean_h"] is not None else ()
