"""Rebuild what the documentation says in figures, from runs of the model: `make findings`.

Whole pages are the tables of validation and calibration and `docs/findings/studies.md`. In other pages a text between
`<!-- made: NAME -->` and `<!-- end -->` is replaced by the block of that name. With `--check` nothing is written: the
exit code is 1 if a page is stale. The map of the README is drawn anew but not compared, since other fonts give other
pixels.
"""

import re
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import dates_table
import findings_queues
import findings_what_if
import scenarios_table
import studies

import landbridge as lb
from landbridge.networks.files import write_text
from landbridge.routing.validation.comparison import COUNTED_KINDS
from landbridge.routing.validation.tables import calibration_tables, markdown, validation_tables

DOCS = Path(__file__).parent
DATA = DOCS.parent / "data"
BLOCK = re.compile(r"(<!-- made: (?P<name>[a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
STAMP = "<!-- made from data {digest} -->\n"

YEARS = (2024, 2025)
"""Years of demand and capacities."""

HIGHEST_FACTOR, STEP = 3.0, 0.5
"""Multiples of the demand that are tried for thresholds."""

NAMED = (
    ("pl-malaszewicze--terminal", "west"),
    ("by-brest--border-1520", "west"),
    ("caspian-railferry--fleet", "west"),
    ("az-alat--containers", "both"),
    ("caspian-feeder--fleet", "west"),
    ("kz-aktau--containers", "both"),
)
"""Resources and directions that the literature names as bottlenecks."""

Texts = dict[Path, str]
Blocks = dict[str, str]


def digest() -> str:
    """Return a digest of the tables and scenarios from which the pages are made."""
    found = sha256()
    files = (*DATA.glob("*.csv"), *DATA.glob("scenarios/*.toml"), *(DOCS / "findings").glob("*.csv"))
    for path in sorted(files):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def validation() -> tuple[Texts, Blocks]:
    """Return the pages of the comparison with observations and of the calibration, and the summary of the first."""
    calibration = lb.calibrate(lb.load_network())
    found = calibration.before
    both, training, test = (found.headline(half).score for half in (None, "training", "test"))
    scores = (both, test, training)
    rows = [
        ("rows that count", "", *(str(each.count) for each in scores)),
        ("inside p10-p90", "80 % or more", *(_percent(each.coverage) for each in scores)),
        ("median error of p50", "under 15 %", *(_percent(each.median_error) for each in scores)),
        (
            "median p90/p10",
            "under 2.2",
            *("-" if each.sharpness is None else f"{each.sharpness:.2f}" for each in scores),
        ),
        ("bias", "within 5 %", *(_percent(each.bias) for each in scores)),
    ]
    summary = _table(("", "aim", "all", "test half", "training half"), rows)
    tables = {"validation": validation_tables(found), "calibration": calibration_tables(calibration)}
    texts = {DOCS / f"{name}-tables.md": _titled(name, markdown(each)) for name, each in tables.items()}
    return texts, {"validation-summary": summary, "validation-misses": _misses(found)}


def _titled(name: str, text: str) -> str:
    """Return the tables of a page of their own, with its title above their headings."""
    return f"# Tables of the {name}\n\n{re.sub('^### ', '## ', text, flags=re.MULTILINE)}"


def _misses(found: lb.Validation) -> str:
    """Return the surveyed and regular times that lie outside p10-p90, the worst ratio first."""
    outside = [
        item
        for item in found.comparisons
        if item.counted and item.row["kind"] in COUNTED_KINDS and item.row["quantity"] == "time_h" and not item.inside
    ]
    rows = [
        (
            item.row["id"],
            f"{item.row['published_from']} - {item.row['published_to']}",
            item.row["published_year"],
            item.corridor,
            "-".join(f"{hours / 24:.1f}" for hours in sorted({item.observed_low, item.observed_high})),
            " - ".join(f"{item.modelled[name] / 24:.1f}" for name in ("p10", "p50", "p90")),
        )
        for item in sorted(outside, key=lambda item: item.ratio or 0.0)
    ]
    return _table(("row", "from - to", "year", "corridor", "observed, days", "modelled p10 - p50 - p90"), rows)


def claims() -> tuple[Texts, Blocks]:
    """Return the page of the studies, with the stamp by which a test knows that the data have changed since."""
    return {studies.PAGE: STAMP.format(digest=digest()) + studies.page(lb.load_network())}, {}


def flows() -> tuple[Texts, Blocks]:
    """Return what binds in each year, with the demand split by counts and by cost alone, and with more demand."""
    network = lb.load_network()
    blocks: Blocks = {}
    for year in YEARS:
        for split, demand in (
            ("counts", lb.estimated_demand(network, year=year)),
            ("cost", lb.network_demand(network, year=year)),
        ):
            found = lb.bottlenecks(network, demand, year=year, closures=12, closed_for_days=1, check=12)
            blocks[f"binding-{split}-{year}"] = _binding(found)
    counted = {year: lb.assign(network, lb.estimated_demand(network, year=year), year=year) for year in YEARS}
    scaled = {factor: _scaled(network, factor) for factor in (1.0, 1.5, 2.0)}
    return {}, {**blocks, "named": _named(counted), "scales": _scales(network, scaled)}


def counts() -> tuple[Texts, Blocks]:
    """Return containers counted at crossings and ports beside the model, fitted to half of 2024 and to all of it."""
    network = lb.load_network()
    found = [
        {
            count.id.rpartition("--")[0]: count
            for count in lb.estimate_crossings(network, year=year, all_counts=all_).counts
        }
        for year in YEARS
        for all_ in (False, True)
    ]
    rows = []
    for name in found[0] | found[2]:
        half, full, half_later, full_later = (each.get(name) for each in found)
        rows.append(
            (
                name,
                *_counted(half),
                *_modelled(half, full),
                " / ".join(_whole(item and item.constant_usd_per_teu) for item in (half, full)),
                *_counted(half_later),
                *_modelled(half_later, full_later),
            )
        )
    years = [(f"counted {year}", "by cost alone", "half fitted", "all fitted") for year in YEARS]
    return {}, {"counts": _table(("count", *years[0], "constants, half / all", *years[1]), rows)}


def _counted(count: lb.CrossingCount | None) -> tuple[str, str]:
    return ("", "") if count is None else (_whole(count.counted_teu_day), _whole(count.unfitted_teu_day))


def _modelled(*counts: lb.CrossingCount | None) -> tuple[str, ...]:
    """Return what the model gives with its error, in brackets if that was fitted."""
    return tuple(
        ""
        if count is None
        else f"({_whole(count.estimated_teu_day)})"
        if count.fitted
        else f"{_whole(count.estimated_teu_day)}, {count.estimated_teu_day / count.counted_teu_day - 1:+.0%}".replace(
            "%", " %"
        )
        for count in counts
    )


def _binding(found: lb.Bottlenecks) -> str:
    rows = [item.to_dict(found.closed_for_days) for item in found.items]
    cells = [
        (
            row["name"],
            row["direction"],
            *map(_whole, (row["flow_teu_day"], row["shadow_price_usd_per_teu_day"], row["checked_usd_per_teu_day"])),
            *map(_whole, (row["criticality_usd_per_day"], row["closure_unserved_teu_days"])),
        )
        for row in rows
        if row["shadow_price_usd_per_teu_day"]
    ]
    headers = ("resource", "direction", "TEU/day", "USD per TEU/day", "checked", "closed, USD/day", "not carried")
    return _table(headers, cells) if cells else "Nothing binds.\n"


def _scaled(network: lb.Network, factor: float) -> lb.Assignment:
    rows = lb.estimated_demand(network, year=YEARS[-1])
    return lb.assign(network, [replace(row, teu_per_year=row.teu_per_year * factor) for row in rows], year=YEARS[-1])


def _resource(found: lb.Assignment, resource: str, direction: str) -> dict[str, object] | None:
    rows = found.resources()
    return next((row for row in rows if (row["resource"], row["direction"]) == (resource, direction)), None)


def _named(found: dict[int, lb.Assignment]) -> str:
    rows = []
    for each in NAMED:
        used = [_resource(item, *each) for item in found.values()]
        name = next((row["name"] for row in used if row), each[0])
        rows.append((name, each[1], *(_share(row) if row else "0 %" for row in used)))
    return _table(("resource", "direction", *(f"used in {year}" for year in found)), rows)


def _scales(network: lb.Network, scaled: dict[float, lb.Assignment]) -> str:
    names = network.tables["resources"].by_key()
    found = scaled.values()
    first = [item.resources()[0] for item in found]  # they are sorted by price times capacity
    rows = [
        ("demand, TEU/day", *(_whole(item.demand_teu_day.sum()) for item in found)),
        ("not carried, TEU/day", *(_whole(item.unserved_teu_day.sum()) for item in found)),
        ("first by value", *(f"{row['name']} ({row['direction']})" for row in first)),
    ]
    for resource, direction in NAMED:
        used = [_resource(item, resource, direction) for item in found]
        rows.append(
            (f"{names[resource]['name']} ({direction}), used", *(_share(row) if row else "0 %" for row in used))
        )
    return _table(("", *(f"{factor:g} times" for factor in scaled)), rows)


def dates() -> tuple[Texts, Blocks]:
    """Return the same queries on several dates, and what differed from the reference date."""
    network = lb.load_network()
    tables = {"dates": dates_table.answers(network), "states": dates_table.states(network)}
    return {}, {name: "".join(lines) for name, lines in tables.items()}


def library() -> tuple[Texts, Blocks]:
    """Return the bundled scenarios and the candidate works."""
    tables = {"scenarios": scenarios_table.library(), "works": scenarios_table.works(lb.load_network())}
    return {}, {name: "".join(lines) for name, lines in tables.items()}


def thresholds() -> tuple[Texts, Blocks]:
    """Return the multiple of the demand at which each resource first binds."""
    network = lb.load_network()
    assigned = lb.assign(network, lb.estimated_demand(network, year=YEARS[-1]), year=YEARS[-1])
    found = lb.thresholds(assigned, most=HIGHEST_FACTOR, step=STEP)
    rows = [(f"{item.factor:.2f}", item.name, item.direction) for item in sorted(found, key=lambda item: item.factor)]
    return {}, {"thresholds": _table(("first binds at", "resource", "direction"), rows)}


def queues() -> tuple[Texts, Blocks]:
    """Return published cases of queues beside the network under load, and its longest waits."""
    return {}, {name: _table(*table) for name, table in findings_queues.tables().items()}


def what_if() -> tuple[Texts, Blocks]:
    """Return scenarios beside published cases."""
    return {}, {name: _table(*table) for name, table in findings_what_if.tables().items()}


def image() -> tuple[Texts, Blocks]:
    """Draw the map of the README."""
    import corridors_map  # it needs matplotlib

    corridors_map.main()
    return {}, {}


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}".replace("%", " %")


def _share(row: dict[str, float]) -> str:
    return _percent(row["utilisation"])


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headers, ("---",) * len(headers), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def filled(path: Path, blocks: Blocks) -> str:
    """Return a page with its blocks as they are made now."""
    return BLOCK.sub(lambda match: f"{match[1]}{blocks[match['name']]}{match[3]}", path.read_text(encoding="utf-8"))


def made(parts: Iterable[Callable[[], tuple[Texts, Blocks]]]) -> Texts:
    """Return the pages as the model makes them now, two parts at a time."""
    texts: Texts = {}
    blocks: Blocks = {}
    with ProcessPoolExecutor(2) as pool:
        for future in [pool.submit(part) for part in parts]:
            found, inside = future.result()
            texts |= found
            blocks |= inside
    pages = [DOCS.parent / "README.md", *DOCS.glob("*.md"), *(DOCS / "findings").glob("*.md")]
    for path in pages:
        names = {match["name"] for match in BLOCK.finditer(path.read_text(encoding="utf-8"))}
        if path not in texts and names:
            texts[path] = filled(path, blocks)
    return texts


def stale(texts: Texts) -> list[Path]:
    """Return the pages that are not as they are made now."""
    return [path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


PARTS = (thresholds, queues, validation, flows, claims, what_if, dates, library, counts)
"""What is made and compared, the longest first."""


def main() -> None:
    """Write the pages, or with `--check` say which are stale."""
    check = sys.argv[1:] == ["--check"]
    texts = made(PARTS if check else (*PARTS, image))
    old = stale(texts)
    if check:
        sys.exit("\n".join(f"{path.relative_to(DOCS.parent)} is stale: run `make findings`" for path in old) or 0)
    for path in old:
        write_text(path, texts[path])


if __name__ == "__main__":
    main()
