"""Sums of flows by group: rows of demand, corridors, countries, places."""

from collections import defaultdict
from dataclasses import dataclass

from landbridge.routing.studies.comparison.changes import Figures
from landbridge.routing.studies.comparison.sides import BETWEEN, CarriedPath, Group, Side


@dataclass
class ShipperSums:
    """What shippers of a group send and pay; costs of what is not carried are None where they are infinite."""

    demand_teu_day: float = 0.0
    unserved_teu_day: float = 0.0
    unserved_usd_day: float | None = 0.0
    carried_teu_day: float = 0.0
    generalised_usd_day: float = 0.0
    paid_usd_day: float = 0.0
    co2e_kg_day: float = 0.0
    teu_h_day: float = 0.0
    sd_teu_h_day: float = 0.0

    def send(self, teu_day: float, unserved_teu_day: float, unserved_usd_day: float | None) -> None:
        """Add a row of demand."""
        self.demand_teu_day += teu_day
        self.unserved_teu_day += unserved_teu_day
        before = self.unserved_usd_day
        self.unserved_usd_day = None if before is None or unserved_usd_day is None else before + unserved_usd_day

    def carry(self, path: CarriedPath) -> None:
        """Add the flow of a path."""
        self.carried_teu_day += path.teu_day
        self.generalised_usd_day += path.teu_day * path.usd_per_teu
        self.paid_usd_day += path.teu_day * path.paid_usd_per_teu
        self.co2e_kg_day += path.teu_day * path.co2e_kg_per_teu
        self.teu_h_day += path.teu_day * path.mean_h
        self.sd_teu_h_day += path.teu_day * path.sd_h

    def figures(self) -> Figures:
        """Return the sums, and the means per TEU carried (None where nothing is)."""
        lost = self.unserved_usd_day
        return {
            "demand_teu_day": self.demand_teu_day,
            "carried_teu_day": self.carried_teu_day,
            "unserved_teu_day": self.unserved_teu_day,
            "generalised_usd_day": self.generalised_usd_day,
            "unserved_usd_day": lost,
            "total_usd_day": None if lost is None else self.generalised_usd_day + lost,
            "paid_usd_day": self.paid_usd_day,
            "co2e_kg_day": self.co2e_kg_day,
            "generalised_usd_per_teu": self._per_teu(self.generalised_usd_day),
            "paid_usd_per_teu": self._per_teu(self.paid_usd_day),
            "co2e_kg_per_teu": self._per_teu(self.co2e_kg_day),
            "time_mean_h": self._per_teu(self.teu_h_day),
            "time_sd_h": self._per_teu(self.sd_teu_h_day),
        }

    def corridor_figures(self, all_teu_day: float) -> Figures:
        """Return the figures of a corridor, to which no demand belongs: its flow, share, and means per TEU.

        Parameters
        ----------
        all_teu_day
            TEU carried by all corridors.
        """
        kept = {name: value for name, value in self.figures().items() if name not in _OF_DEMAND}
        return {"share": self.carried_teu_day / all_teu_day if all_teu_day else None, **kept}

    def _per_teu(self, amount: float) -> float | None:
        return amount / self.carried_teu_day if self.carried_teu_day > 0 else None


_OF_DEMAND = ("demand_teu_day", "unserved_teu_day", "unserved_usd_day", "total_usd_day")


@dataclass
class OperatorSums:
    """The TEU that pass, and what is paid there; `paid` is False where the cost model pays nobody (a crossing)."""

    teu_day: float = 0.0
    revenue_usd_day: float = 0.0
    paid: bool = True

    def figures(self) -> Figures:
        """Return the sums."""
        return {"teu_day": self.teu_day, "revenue_usd_day": self.revenue_usd_day if self.paid else None}


def shipper_sums(side: Side) -> dict[Group, ShipperSums]:
    """Return the sums of each group of rows of demand, and of each corridor."""
    found: dict[Group, ShipperSums] = defaultdict(ShipperSums)
    for row, groups in enumerate(side.groups_of):
        for group in groups:
            found[group].send(*_sent(side, row))
    for path in side.paths:
        for group in (*side.groups_of[path.row], ("corridor", path.corridor)):
            found[group].carry(path)
    return dict(found)


def row_sums(side: Side) -> list[ShipperSums]:
    """Return the sums of each row of demand."""
    found = [ShipperSums() for _ in side.assignment.demand]
    for row, sums in enumerate(found):
        sums.send(*_sent(side, row))
    for path in side.paths:
        found[path.row].carry(path)
    return found


def _sent(side: Side, row: int) -> tuple[float, float, float | None]:
    assigned = side.assignment
    return float(assigned.demand_teu_day[row]), float(assigned.unserved_teu_day[row]), side.unserved_usd_day(row)


def operator_sums(side: Side) -> dict[Group, OperatorSums]:
    """Return what passes and what is paid by corridor, country, place, mode of hauls and crossing.

    A path counts once for each of them. What is paid by corridor adds up to all that is paid, and so does that by
    country with `international`: hauls across a border or at sea. Places are paid for operations and boarding.
    """
    found: dict[Group, OperatorSums] = defaultdict(OperatorSums)
    for path in side.paths:
        passed: dict[Group, float] = {("corridor", path.corridor): path.paid_usd_per_teu}
        passed |= {("country", country): 0.0 for country in path.countries}
        passed |= {("place", place): 0.0 for place in path.places}
        for payment in path.payments:
            who = [("country", payment.country) if payment.country else BETWEEN]
            who += [("place", payment.place)] if payment.place else []
            who += [("mode", payment.mode)] if payment.mode else []
            for group in who:
                passed[group] = passed.get(group, 0.0) + payment.usd_per_teu
        for group, usd_per_teu in passed.items():
            found[group].teu_day += path.teu_day
            found[group].revenue_usd_day += path.teu_day * usd_per_teu
        for crossing in path.crossings:
            sums = found["crossing", crossing]
            sums.teu_day, sums.paid = sums.teu_day + path.teu_day, False
    return dict(found)
