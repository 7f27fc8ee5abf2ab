"""Tables of a comparison for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from landbridge.networks.units import DAY_H
from landbridge.routing.cli.tables.console import console, print_table
from landbridge.routing.cli.tables.not_carried import not_carried_line
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.studies.comparison.scenario_comparison import FlowComparison, ScenarioComparison

Record = Mapping[str, Any]

_MOST_ROWS = 12
_LEAST_TEU_DAY = 0.05
"""Smaller changes are shown as 0.0 and left out."""

_TOTALS: Final = (
    ("demand_teu_day", "TEU a day sent", ",.1f", 1.0),
    ("carried_teu_day", "TEU a day carried", ",.1f", 1.0),
    ("unserved_teu_day", "TEU a day not carried", ",.1f", 1.0),
    ("generalised_usd_day", "USD a day of what is carried", ",.0f", 1.0),
    ("unserved_usd_day", "USD a day of what is not carried", ",.0f", 1.0),
    ("total_usd_day", "USD a day, with what is not carried", ",.0f", 1.0),
    ("unserved_usd_per_teu", "USD per TEU not carried (penalty)", ",.0f", 1.0),
    ("generalised_usd_per_teu", "USD per TEU carried, generalised", ",.0f", 1.0),
    ("paid_usd_per_teu", "USD per TEU carried, paid", ",.0f", 1.0),
    ("time_mean_h", "mean days per TEU carried", ",.1f", 1 / DAY_H),
    ("time_sd_h", "standard deviation in days", ",.1f", 1 / DAY_H),
    ("co2e_kg_day", "t CO2e a day", ",.0f", 0.001),
)
_PAIR: Final = (
    ("time_p50_h", "days p50", ",.1f", 1 / DAY_H),
    ("time_p90_h", "p90", ",.1f", 1 / DAY_H),
    ("cost_usd", "USD", ",.0f", 1.0),
    ("generalised_cost_usd", "USD generalised", ",.0f", 1.0),
    ("co2e_kg", "kg CO2e", ",.0f", 1.0),
)


def print_comparison(found: ScenarioComparison) -> None:
    """Print what changes between two scenarios."""
    console().print(f"from {found.before} to {found.after}")
    days = [found.meta["options"].get(side) for side in ("before_date", "after_date")]
    if days[0] != days[1]:
        text = (
            f"The world before is that of {days[0]}, and after that of {days[1]}: all that opened or closed in between"
        )
        console().print(f"{text} is among the changes, whatever the scenarios say.", style="dim")
    if found.flows is None:
        _print_pairs(found)
    else:
        _print_flows(found.flows)
    _print_break_even(found)


def _print_pairs(found: ScenarioComparison) -> None:
    rows = [
        (
            f"{pair['origin'] or '?'} - {pair['destination'] or '?'}",
            pair["outcome"],
            _moved(pair["corridor_before"], pair["corridor_after"]),
            *(_change(pair, name, form, scale) for name, _, form, scale in _PAIR),
        )
        for pair in found.pairs
    ]
    heads = ("pair", "outcome", "corridor", *(head for _, head, _, _ in _PAIR))
    print_table("pairs: after, and the change", heads, rows, left=3)
    for pair in found.pairs:
        old, new = pair["route_line_before"], pair["route_line_after"]
        if old and new and old != new:
            console().print(f"{pair['origin']} - {pair['destination']}, way: {old} -> {new}")
        for side in ("before", "after"):
            if pair[f"error_{side}"]:
                console().print(f"{pair['origin']} - {pair['destination']}, {side}: {pair[f'error_{side}']}")


def _print_flows(flows: FlowComparison) -> None:
    for side in ("before", "after"):
        status, message = getattr(flows, f"status_{side}"), getattr(flows, f"message_{side}")
        if status != FlowStatus.OPTIMAL.value:
            console().print(f"{side}: {status.replace('_', ' ')}: {message}")
    if flows.year_before is not None or flows.year_after is not None:
        console().print(f"years of demand and capacities: {_moved(flows.year_before, flows.year_after)}")
    totals = [(head, *_three(flows.totals, name, form, scale)) for name, head, form, scale in _TOTALS]
    print_table("totals", ("", "before", "after", "change"), totals)
    lost = not_carried_line(
        ((row["flow"], row["modes"], row["unserved_teu_day_after"]) for row in flows.demand),
        flows.totals["unserved_usd_per_teu_after"],
    )
    if lost:
        console().print(f"After: {lost[0].lower()}{lost[1:]}")
    surplus = flows.totals["surplus_usd_day"]
    if surplus is not None:
        console().print(f"Consumer surplus of shippers (logsum): {surplus:+,.0f} USD a day.")
    _print_corridors(flows.corridors)
    _print_shippers(flows.shippers)
    for by, title in (("country", "countries"), ("place", "places"), ("crossing", "borders and passages")):
        _print_operators([row for row in flows.operators if row["by"] == by], title)
    _print_resources(flows.resources)


def _print_corridors(corridors: Sequence[Record]) -> None:
    rows = [
        (
            row["corridor"],
            *_three(row, "carried_teu_day", ",.1f"),
            f"{row['share_before'] or 0.0:.1%}",
            f"{row['share_after'] or 0.0:.1%}",
        )
        for row in corridors
    ]
    heads = ("corridor", "TEU/day before", "after", "change", "share before", "share after")
    print_table("corridors", heads, rows)


def _print_shippers(shippers: Sequence[Record]) -> None:
    named = {"origin_country": "from", "destination_country": "to", "flow": "flow", "cargo_class": "class"}
    moved = [
        row for row in shippers if abs(row["total_usd_day_change"] or row["unserved_teu_day_change"] or 0.0) >= 0.5
    ]
    rows = [
        (
            f"{named[row['by']]} {row['id']}",
            _signed(row["generalised_usd_per_teu_change"], ",.0f"),
            _signed(row["paid_usd_per_teu_change"], ",.0f"),
            _signed(row["time_mean_h_change"], ",.1f", 1 / DAY_H),
            _signed(row["unserved_teu_day_change"], ",.1f"),
            _signed(row["total_usd_day_change"], ",.0f"),
            _signed(row["surplus_usd_day"], ",.0f"),
        )
        for row in moved[:_MOST_ROWS]
    ]
    heads = ("shippers", "USD per TEU", "paid", "days", "not carried", "USD a day", "surplus")
    remarks = (
        "Changes; paid: without inventory and value of time; not carried: TEU a day. Means per TEU also change with"
        " what is carried; USD a day has what is not carried at its cost."
    )
    _print_moved(f"shippers who pay or save most: {_of(rows, moved)}", heads, rows, remarks)


def _print_operators(operators: Sequence[Record], title: str) -> None:
    moved = [row for row in operators if abs(row["teu_day_change"]) >= _LEAST_TEU_DAY]
    rows = [
        (row["name"], *_three(row, "teu_day", ",.1f"), _signed(row["revenue_usd_day_change"], ",.0f"))
        for row in moved[:_MOST_ROWS]
    ]
    heads = (title, "TEU/day before", "after", "change", "USD a day")
    _print_moved(f"{title} that gain or lose most: {_of(rows, moved)}", heads, rows, "")


def _print_resources(resources: Sequence[Record]) -> None:
    moved = [
        row
        for row in resources
        if abs(row["flow_teu_day_change"] or 0.0) >= _LEAST_TEU_DAY or abs(row["worth_usd_day_change"] or 0.0) >= 0.5
    ]
    rows = [
        (
            row["name"],
            row["direction"] or "",
            *_three(row, "flow_teu_day", ",.1f")[:2],
            _share(row["utilisation_before"]),
            _share(row["utilisation_after"]),
            *_three(row, "shadow_price_usd_per_teu_day", ",.0f")[:2],
        )
        for row in moved[:_MOST_ROWS]
    ]
    heads = ("resource", "direction", "TEU/day before", "after", "used before", "used after", "USD before", "USD after")
    remarks = (
        "USD: saving by one more TEU a day of capacity. Sorted by the change of USD times room, then of TEU a day."
    )
    _print_moved(f"bottlenecks that change most: {_of(rows, moved)}", heads, rows, remarks, left=2)


def _print_break_even(found: ScenarioComparison) -> None:
    """Print where corridors win: of all demand, or of each pair, after the change."""
    of_all = [row for row in found.leads if row["side"] == "after" and row["market"] == "all"]
    of_pairs = [] if found.flows is not None else [row for row in found.break_even if row["side"] == "after"]
    shown = of_all or of_pairs[: 2 * _MOST_ROWS]
    heads = ("corridor", "USD per TEU", "x price", "x time", "from USD/h", "to USD/h")
    rows = [
        (
            row["corridor"] if of_all else f"{row['name']}: {row['corridor']}",
            _signed(row["may_cost_more_usd_per_teu"], ",.0f"),
            _plain(row["price_factor"], ".3f"),
            _plain(row["time_factor"], ".3f"),
            *(() if of_all else (_plain(row["wins_from_usd_per_h"], ".2f"), _plain(row["wins_to_usd_per_h"], ".2f"))),
        )
        for row in shown
    ]
    title = (
        "break-even of the largest share of all demand, after"
        if of_all
        else f"break-even, after: {_of(rows, of_pairs)}; JSON and --out have all"
    )
    remarks = (
        "A corridor leads up to this much more USD per TEU, or this factor of its price or its time, by free choice of"
        " the demand that has one; -: at any, or at none."
        if of_all
        else "A corridor wins up to this much more USD per TEU, or this factor of its price or its time; and for values"
        " of an hour per TEU between the last two. -: never, or (to) without limit."
    )
    _print_moved(title, heads[:4] if of_all else heads, rows, remarks)


def _print_moved(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], remarks: str, left: int = 1) -> None:
    if rows:
        print_table(title, heads, rows, left=left, remarks=remarks)


def _of(rows: Sequence[object], every: Sequence[object]) -> str:
    return f"{len(rows)} of {len(every)}"


def _moved(before: object, after: object) -> str:
    old, new = ("-" if value is None else str(value) for value in (before, after))
    return old if old == new else f"{old} -> {new}"


def _three(record: Record, name: str, form: str, scale: float = 1.0) -> tuple[str, str, str]:
    """Return a figure before and after, and its change."""
    before, after, change = (record[f"{name}_{part}"] for part in ("before", "after", "change"))
    return _plain(before, form, scale), _plain(after, form, scale), _signed(change, form, scale)


def _change(record: Record, name: str, form: str, scale: float) -> str:
    """Return a figure after, and its change."""
    _, after, change = _three(record, name, form, scale)
    return after if change == "-" else f"{after} ({change})"


def _plain(value: float | None, form: str, scale: float = 1.0) -> str:
    return "-" if value is None else format(scale * value, form)


def _signed(value: float | None, form: str, scale: float = 1.0) -> str:
    return "-" if value is None else format(scale * value + 0.0, f"+{form}")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
