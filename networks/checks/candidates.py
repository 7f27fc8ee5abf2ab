"""Checks of the table `candidates`: works with an effect and a cost, and the order in which they can be done."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from landbridge.networks.checks.settings import no_deflator
from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Table, Tables

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import CandidateRow


def check_candidates(tables: Tables) -> Iterator[Fault]:
    """Yield the faults of works: no effect, costs out of order or without a deflator, and impossible orders."""
    table, years = tables["candidates"], tables["deflators"].by_key()
    for line, row in table.numbered():
        yield from _check_effects(table.file, line, row)
        yield from _check_costs(table.file, line, row)
        if str(row["cost_usd_year"]) not in years:
            yield Fault(table.file, line, "cost_usd_year", *no_deflator(row["cost_usd_year"], years))
    yield from _check_order(table)


def _check_effects(file: str, line: int, row: "CandidateRow") -> Iterator[Fault]:
    named = [*row["links"], *row["services"], *row["operations"]]
    if not (named or row["resources"]):
        cure = "name resources, links, services or operations that it changes"
        yield Fault(file, line, "resources", "the work changes nothing", cure)
    if row["resources"] and not row["capacity_add"]:
        yield Fault(file, line, "capacity_add", "is blank or 0, but resources are named", "give the added capacity")
    if row["capacity_add"] is not None and not row["resources"]:
        yield Fault(file, line, "resources", "is blank, but capacity is added", "name the resources that get it")
    if row["hours_factor"] is not None and not named:
        cure = "name links, services or operations"
        yield Fault(file, line, "hours_factor", "nothing is named that becomes faster", cure)
    if row["fee_factor"] is not None and not (row["services"] or row["operations"]):
        yield Fault(file, line, "fee_factor", "nothing with a fee is named", "name services or operations")


def _check_costs(file: str, line: int, row: "CandidateRow") -> Iterator[Fault]:
    cost, low, high = row["cost_musd"], row["cost_low_musd"], row["cost_high_musd"]
    if low is not None and low > cost:
        yield Fault(file, line, "cost_low_musd", f"{low:g} is above cost_musd, {cost:g}", "give at most cost_musd")
    if high is not None and high < cost:
        yield Fault(file, line, "cost_high_musd", f"{high:g} is below cost_musd, {cost:g}", "give at least cost_musd")


def _check_order(table: "Table[CandidateRow]") -> Iterator[Fault]:
    """Check that no work needs itself, or two works of which one excludes the other."""
    requires = {row["id"]: row["requires"] for row in table}
    excludes = {row["id"]: set(row["excludes"]) for row in table}
    seen: set[frozenset[str]] = set()
    for line, row in table.numbered():
        cycle = _cycle(row["id"], requires)
        if cycle and frozenset(cycle) not in seen:
            seen.add(frozenset(cycle))
            chain = ", which requires ".join([*cycle[1:], row["id"]])
            yield Fault(table.file, line, "requires", f"{row['id']} requires {chain}", "break the cycle")
        if row["id"] in row["excludes"]:
            yield Fault(table.file, line, "excludes", "the work excludes itself", "name other works")
        needed = _needed(row["id"], requires)
        pairs = ((one, other) for one in sorted(needed) for other in sorted(needed & excludes.get(one, set()) - {one}))
        for one, other in pairs:
            problem = f"{one} and {other} are both needed, but {one} excludes {other}"
            yield Fault(table.file, line, "requires", problem, "remove one of them")


def _needed(work: str, requires: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return a work and all works that it requires, directly or through others."""
    found, ahead = {work}, [work]
    while ahead:
        new = [item for item in requires.get(ahead.pop(), ()) if item not in found]
        found.update(new)
        ahead += new
    return found


def _cycle(work: str, requires: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the shortest chain of works from one back to itself, without its end; empty if there is none."""
    chains, seen = [[work]], set[str]()
    for chain in chains:
        for item in requires.get(chain[-1], ()):
            if item == work:
                return chain
            if item not in seen:
                seen.add(item)
                chains.append([*chain, item])
    return []
