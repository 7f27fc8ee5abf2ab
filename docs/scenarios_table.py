"""The tables of docs/scenarios.md: the bundled scenarios and the candidate works, from their files.

`make findings` writes them.
"""

from collections.abc import Iterator
from typing import Any

import landbridge as lb

WORLD = {"date": "world of", "year": "demand and capacities of"}


def library() -> Iterator[str]:
    """Yield the rows of the table of bundled scenarios."""
    yield "| scenario | what happens | what it is meant to show | changes | sources |\n"
    yield "| --- | --- | --- | --- | --- |\n"
    for name in lb.Scenario.bundled():
        scenario = lb.Scenario.read(name).to_dict()
        changes = scenario.get("changes", [])
        cited = dict.fromkeys(
            source for part in (scenario, *changes) for source in part.get("sources", part.get("source", ()))
        )
        world = [f"{word} {scenario[key]}" for key, word in WORLD.items() if scenario.get(key)]
        texts = [*world, *map(_change, changes)]
        cells = (f"`{name}`", scenario["title"], scenario["shows"], "; ".join(texts) or "none", ", ".join(cited))
        yield f"| {' | '.join(cells)} |\n"


def _change(change: dict[str, Any]) -> str:
    period = [f"{word} {change[word]}" for word in ("from", "to") if word in change]
    match change["do"]:
        case "set":
            values = [f"{name} = {value}" for name, value in change.get("set", {}).items() if name != "capacity_unit"]
            values += [f"{name} x {factor:g}" for name, factor in change.get("multiply", {}).items()]
            return f"{change['table']} {_selected(change)}: {', '.join(values)}"
        case "demand":
            grown = (
                f"x {change['factor']:g}" if "factor" in change else f"{100 * change['growth_per_year']:+.3g} % a year"
            )
            span = f" from {change['from_year']} to {change['to_year']}" if "from_year" in change else ""
            return f"demand {_selected(change)} {grown}{span}"
        case "caspian-level":
            return f"level of the Caspian {change['metres']:+g} m"
        case "sanction":
            moved = "transit" if change.get("transit_only", True) else "cargo"
            return f"no {moved} through {', '.join(change['countries'])}"
        case done:
            factor = f" x {change['factor']:g}" if "factor" in change else ""
            return " ".join([done, change["what"], f"{_selected(change)}{factor}", *period])


def _selected(change: dict[str, Any]) -> str:
    """Return what a change selects: up to three ids, or the number of them, or the values of columns."""
    ids = change.get("ids", [])
    if ids:
        return ", ".join(f"`{name}`" for name in ids) if len(ids) <= 3 else f"({len(ids)} ids)"
    chosen = {name: value if isinstance(value, str) else ", ".join(value) for name, value in change["where"].items()}
    return "of " + " and ".join(f"{name} {value}" for name, value in chosen.items())


def works(network: lb.Network) -> Iterator[str]:
    """Yield the rows of the table of candidate works."""
    yield "| work | name | opens | MUSD (low-high) | of | adds | sources |\n"
    yield "| --- | --- | --- | --- | --- | --- | --- |\n"
    for row in network.tables["candidates"]:
        cost = row["cost_musd"]
        low, high = row["cost_low_musd"] or cost, row["cost_high_musd"] or cost
        span = f"{cost:,g} ({low:,g}-{high:,g})" if low < high else f"{cost:,g}"
        opened = f"a line of {len(row['links'])} links" if len(row["links"]) > 1 else "one link"
        added = f"{row['capacity_add']:,g} {row['capacity_unit']}" if row["capacity_add"] else opened
        cited = ", ".join(dict.fromkeys((*row["cost_source"], *row["source"])))
        cells = (f"`{row['id']}`", row["name"], row["opening"], span, row["cost_usd_year"], added, cited)
        yield f"| {' | '.join(map(str, cells))} |\n"
