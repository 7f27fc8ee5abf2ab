"""What a comparison says of the flows of a demand: records of totals, groups, rows, operators, resources and links."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.flows.layers import link_flows
from landbridge.routing.studies.comparison.changes import changed, keys_of_both, largest_first
from landbridge.routing.studies.comparison.sides import TOTAL, Group, Side
from landbridge.routing.studies.comparison.sums import (
    OperatorSums,
    ShipperSums,
    operator_sums,
    row_sums,
    shipper_sums,
)
from landbridge.routing.studies.comparison.surplus import surplus_usd

Record = dict[str, Any]

_RESOURCE = ("resource", "name", "kind", "place", "direction", "section")
_USE = (
    "flow_teu_day",
    "capacity_teu_day",
    "residual_teu_day",
    "utilisation",
    "shadow_price_usd_per_teu_day",
    "delay_h",
)
RESOURCE_FIGURES: Final = (*_USE, "worth_usd_day")
"""Figures of a resource that are compared."""

_LINK = ("link", "mode", "service", "from_place", "to_place")


class FlowChanges:
    """The records of two assignments, before and after."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self._shippers = shipper_sums(before), shipper_sums(after)
        self._surplus = surpluses(before, after)

    def totals(self) -> Record:
        """Return the figures of all demand, the penalty per TEU, and the consumer surplus of a logit choice."""
        old, new = (found.get(TOTAL, ShipperSums()).figures() for found in self._shippers)
        penalties = [{"unserved_usd_per_teu": side.unserved_usd_per_teu} for side in (self.before, self.after)]
        return changed(old, new) | changed(*penalties) | self._surplus_of(self._surplus)

    def corridors(self) -> list[Record]:
        """Return a record for each corridor with flow, the largest change first."""
        all_teu = [found.get(TOTAL, ShipperSums()).carried_teu_day for found in self._shippers]
        records = []
        for group in keys_of_both(*self._shippers):
            if group[0] == "corridor":
                sums = [found.get(group, ShipperSums()) for found in self._shippers]
                old, new = (one.corridor_figures(teu) for one, teu in zip(sums, all_teu, strict=True))
                records.append({"corridor": group[1], **changed(old, new)})
        return largest_first(records, "carried_teu_day_change", "corridor")

    def shippers(self) -> list[Record]:
        """Return a record for each country of origin and destination, flow and cargo class: who pays more."""
        by_group = self._rows_of_groups()
        records = []
        for group in keys_of_both(*self._shippers):
            if group[0] not in {"total", "corridor"}:
                old, new = (found.get(group, ShipperSums()).figures() for found in self._shippers)
                own = {key: value for key, value in self._surplus.items() if key in by_group[group]}
                records.append({"by": group[0], "id": group[1], **changed(old, new), **self._surplus_of(own)})
        return largest_first(records, "total_usd_day_change", "by", "id")

    def _rows_of_groups(self) -> dict[Group, set[str]]:
        found: dict[Group, set[str]] = {}
        for side in (self.before, self.after):
            for key, row in side.keys.items():
                for group in side.groups_of[row]:
                    found.setdefault(group, set()).add(key)
        return found

    def _surplus_of(self, surplus: Mapping[str, float | None]) -> Record:
        """Return the sum of the surpluses of rows; None without a logit choice, or where one has none."""
        if self.before.logit is None:
            return {"surplus_usd_day": None, "rows_without_surplus": None}
        known = [value for value in surplus.values() if value is not None]
        return {"surplus_usd_day": sum(known), "rows_without_surplus": len(surplus) - len(known)}

    def rows(self) -> list[Record]:
        """Return a record for each row of demand, the largest change of its total cost first."""
        sums = row_sums(self.before), row_sums(self.after)
        mains = _main_corridors(self.before), _main_corridors(self.after)
        records = []
        for key in keys_of_both(self.before.keys, self.after.keys):
            numbers = self.before.keys.get(key), self.after.keys.get(key)
            figures = [
                (ShipperSums() if row is None else of[row]).figures() for of, row in zip(sums, numbers, strict=True)
            ]
            side, row = (self.after, numbers[1]) if numbers[1] is not None else (self.before, numbers[0] or 0)
            item = side.assignment.demand[row]
            names = {name: getattr(item, name) for name in ("flow", "origin", "destination", "cargo_class")}
            corridors = [None if row is None else of.get(row) for of, row in zip(mains, numbers, strict=True)]
            records.append(
                {
                    "id": key,
                    **names,
                    "modes": ";".join(item.modes or ()),
                    "corridor_before": corridors[0],
                    "corridor_after": corridors[1],
                    **changed(*figures),
                    "surplus_usd_day": self._surplus.get(key),
                }
            )
        return largest_first(records, "total_usd_day_change", "id")

    def operators(self) -> list[Record]:
        """Return a record for each corridor, country, place, mode and crossing with flow: who gains and loses."""
        sums = operator_sums(self.before), operator_sums(self.after)
        records = []
        for group in keys_of_both(*sums):
            found = [of.get(group) for of in sums]
            # What is paid to nobody on one side is paid to nobody on the other.
            paid = all(one.paid for one in found if one is not None)
            old, new = ((OperatorSums(paid=paid) if one is None else one).figures() for one in found)
            records.append({"by": group[0], "id": group[1], **self._described(group), **changed(old, new)})
        return largest_first(records, "teu_day_change", "by", "id")

    def _described(self, group: Group) -> Record:
        """Return the name and, of a place, the country and kind of a group."""
        by, name = group
        for network in (self.after.network, self.before.network):
            if by == "place" and name in network.places:
                row = network.places[name]
                return {"name": network.place_index.label(name), "country": row["country"], "kind": row["kind"]}
            table: Any = {"corridor": "corridors", "country": "countries"}.get(by)
            known = network.tables[table].by_key() if table in network.tables else {}
            if name in known:
                return {"name": known[name]["name"], "country": name if by == "country" else None, "kind": None}
        return {"name": name, "country": None, "kind": None}

    def resources(self) -> list[Record]:
        """Return a record for each resource with flow or a price on a side, the largest change of worth first."""
        found = [
            {tuple(record[name] for name in _RESOURCE): record for record in _all_resources(side)}
            for side in (self.before, self.after)
        ]
        records = []
        for key in keys_of_both(*found):
            sides = [of.get(key) for of in found]
            used = any(one and (one["flow_teu_day"] > LEAST_TEU_DAY or one["worth_usd_day"]) for one in sides)
            if used:
                old, new = (one or dict.fromkeys(RESOURCE_FIGURES) for one in sides)
                figures = [{name: one[name] for name in RESOURCE_FIGURES} for one in (old, new)]
                records.append(dict(zip(_RESOURCE, key, strict=True)) | changed(*figures))
        first = largest_first(records, "flow_teu_day_change", *_RESOURCE)
        return sorted(first, key=lambda row: -abs(row["worth_usd_day_change"] or 0.0))

    def links(self) -> list[Record]:
        """Return a record for each link and direction with flow on a side, the largest change first."""
        found = [
            {tuple(record[name] for name in _LINK): record for record in _link_flows(side)}
            for side in (self.before, self.after)
        ]
        records = []
        for key in keys_of_both(*found):
            old, new = (
                {name: of[key][name] if key in of else 0.0 for name in ("flow_teu_day", "flow_teu_year")}
                for of in found
            )
            records.append(dict(zip(_LINK, key, strict=True)) | changed(old, new))
        return largest_first(records, "flow_teu_day_change", *_LINK)


def surpluses(before: Side, after: Side) -> dict[str, float | None]:
    """Return the consumer surplus in USD a day of each row of demand that is sent on both sides, with a logit choice.

    None where the cost of what is not carried is infinite and there is no alternative on a side.
    """
    old, new = before.expected_usd_per_teu, after.expected_usd_per_teu
    found: dict[str, float | None] = {}
    if old is None or new is None:
        return found
    sent = before.assignment.demand_teu_day, after.assignment.demand_teu_day
    for key, row in before.keys.items():
        other = after.keys.get(key)
        if other is not None and sent[0][row] > 0 and sent[1][other] > 0:
            found[key] = surplus_usd(float(sent[0][row]), float(sent[1][other]), old[row], new[other])
    return found


def _main_corridors(side: Side) -> dict[int, str]:
    """Return the corridor of the largest flow of each row of demand that is carried."""
    teu: dict[int, dict[str, float]] = {}
    for path in side.paths:
        own = teu.setdefault(path.row, {})
        own[path.corridor] = own.get(path.corridor, 0.0) + path.teu_day
    return {row: min(own, key=lambda name: (-own[name], name)) for row, own in teu.items()}


def _all_resources(side: Side) -> Iterator[Record]:
    """Yield the record of each constraint with or without flow, with what all its capacity is worth a day."""
    for record in side.assignment.resources(least_teu_day=-1.0):
        price = record["shadow_price_usd_per_teu_day"]
        yield record | {"worth_usd_day": None if price is None else price * record["residual_teu_day"]}


def _link_flows(side: Side) -> list[Record]:
    return link_flows(side.network, side.assignment.edge_teu_day)
