"""Emissions statements as documents: Markdown for filing, JSON for programs, and files of both."""

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from landbridge.networks.arguments import file_path, instance, instances
from landbridge.networks.caches import digest
from landbridge.networks.file_sets import writing_set
from landbridge.networks.files import write_json, write_text
from landbridge.routing.output.tables import markdown_table, markdown_text
from landbridge.routing.statements.emissions import EmissionsStatement
from landbridge.routing.statements.transport_chain import HubOperation, TransportElement

_CURE = "give the result of emissions_statement"
_LONGEST: Final = 60
_BASES = {"shortest_feasible": "SFD", "actual": "actual"}


def statement_document(statement: EmissionsStatement, *, issued: date | None = None) -> dict[str, Any]:
    """Return the statement as one JSON document, with the day of issue if one is given."""
    return {"issued": issued.isoformat() if issued else None, **statement.to_dict()}


def statement_markdown(statement: EmissionsStatement, *, issued: date | None = None) -> str:
    """Return the statement as Markdown: parties, totals, elements, factors, method and sources.

    Raises
    ------
    QueryError
        If it is not a statement, or the day of issue is not a date.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import emissions_statement, route, statement_markdown
    >>> trip = route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0]
    >>> statement_markdown(emissions_statement(trip)).splitlines()[0]
    '# Statement of greenhouse gas emissions: Altynkol to Aktau'
    """
    instance(statement, EmissionsStatement, "statement", _CURE)
    if issued is not None:
        instance(issued, date, "issued", "give datetime.date(2026, 3, 1)")
    parts = [
        _head(statement, issued),
        _totals(statement),
        "## Transport chain elements",
        markdown_table(_TRANSPORT_HEAD, map(_transport_cells, statement.transports)),
        "SFD: shortest feasible distance of the mode between the ends; actual: the longer path that is taken.",
        "## Hub operations",
        markdown_table(_HUB_HEAD, map(_hub_cells, statement.hubs)),
        _unmeasured(statement),
        "## Emission factors",
        markdown_table(_FACTOR_HEAD, _factor_rows(statement)),
        "## Method",
        "\n".join(f"- {name.replace('_', ' ')}: {text}" for name, text in statement.method.items()),
        "## Sources",
        "\n".join(f"- {name}: {_cited(source)}" for name, source in statement.to_dict()["sources"].items()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_statements(
    statements: EmissionsStatement | Iterable[EmissionsStatement], folder: str | Path, *, issued: date | None = None
) -> list[Path]:
    """Write each statement as `emissions-<itinerary id>-<digest>.json` and `.md` into a folder, and return the files.

    Statements of earlier runs are kept; the digest tells those of one itinerary apart, as for other cargo, and is the
    same for the same statement whatever its day of issue.

    Raises
    ------
    QueryError
        If there is no statement, or another type, the day of issue is not a date, or there is a file with
        the same name that landbridge did not write.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import emissions_statement, route, write_statements
    >>> trip = route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0]
    >>> [path.suffix for path in write_statements(emissions_statement(trip), "statements")]
    ['.json', '.md']
    """
    target, names = file_path(folder, "folder"), []
    if issued is not None:
        instance(issued, date, "issued", "give datetime.date(2026, 3, 1)")
    items = instances(statements, EmissionsStatement, "statements", _CURE)
    with writing_set(folder, command="write_statements", meta=items[0].meta, add=True) as new:
        for statement in items:
            content = json.dumps(statement.to_dict(), sort_keys=True, default=str)
            name = f"emissions-{_in_file_name(statement.itinerary.itinerary_id)}-{digest(content)[:8]}"
            write_json(new / f"{name}.json", statement_document(statement, issued=issued))
            write_text(new / f"{name}.md", statement_markdown(statement, issued=issued))
            names += [f"{name}.json", f"{name}.md"]
    return [target / name for name in names]


def _in_file_name(itinerary_id: str) -> str:
    """Return an id as part of a file name: it begins with that of a corridor, which may hold a slash or be long."""
    return re.sub(r"[^\w.-]", "_", itinerary_id)[-_LONGEST:]


def _head(statement: EmissionsStatement, issued: date | None) -> str:
    itinerary, data = statement.itinerary, statement.to_dict()
    cargo = itinerary.cargo
    data_set = " ".join(data["data_set"][name] for name in ("name", "version"))
    ends = [markdown_text(itinerary.label(place)) for place in (itinerary.legs[0].start, itinerary.legs[-1].end)]
    lines = [
        f"# Statement of greenhouse gas emissions: {ends[0]} to {ends[1]}",
        "",
        f"- Itinerary: {itinerary.itinerary_id}, corridor {markdown_text(str(itinerary.corridor))}",
        f"- Cargo: {cargo.teu:g} TEU, {cargo.tonnes:g} t gross"
        + (f", refrigerated; {statement.method['cooling']}" if cargo.reefer else ""),
        f"- Basis: {statement.method['standard']}",
        f"- Data set: {markdown_text(data_set)}, valid on {data['data_set']['reference_date']}",
        f"- Calculated with landbridge {data['landbridge_version']}"
        + (f", issued {issued.isoformat()}" if issued else ""),
    ]
    return "\n".join(lines)


def _totals(statement: EmissionsStatement) -> str:
    totals = statement.totals()
    rows = [
        ("Total, well to wheel", _number(totals["co2e_kg"], 1), "kg CO2e"),
        ("of transport", _number(totals["transport_co2e_kg"], 1), "kg CO2e"),
        ("of that, tank to wheel", _number(totals["transport_ttw_kg"], 1), "kg CO2e"),
        ("of that, well to tank", _number(totals["transport_wtt_kg"], 1), "kg CO2e"),
        ("of hubs", _number(totals["hub_co2e_kg"], 1), "kg CO2e"),
        ("Total per tonne", _number(totals["co2e_kg_per_tonne"], 1), "kg CO2e/t"),
        ("Total per TEU", _number(totals["co2e_kg_per_teu"], 1), "kg CO2e/TEU"),
        ("Transport activity", _number(totals["activity_tkm"], 0), "tkm"),
        ("", _number(totals["activity_teu_km"], 0), "TEU-km"),
        ("Emission intensity of the chain", _number(totals["g_co2e_per_tkm"], 2), "g CO2e/tkm"),
        ("", _number(totals["g_co2e_per_teu_km"], 1), "g CO2e/TEU-km"),
    ]
    return "## Totals\n\n" + markdown_table(("quantity", "value", "unit"), rows)


_TRANSPORT_HEAD = (
    "mode",
    "service",
    "from",
    "to",
    "km",
    "basis",
    "tkm",
    "TEU-km",
    "g/tkm",
    "g/TEU-km",
    "kg CO2e",
    "TTW kg",
    "WTT kg",
    "factor",
)
_HUB_HEAD = ("operation", "place", "t", "TEU", "kg CO2e/TEU", "kg CO2e", "data", "year", "sources")
_FACTOR_HEAD = (
    "factor",
    "value",
    "unit",
    "distance adjustment",
    "electric",
    "grid g/kWh",
    "fuel",
    "load factor",
    "empty running",
    "data",
    "confidence",
    "year",
    "sources",
)


def _transport_cells(item: TransportElement) -> tuple[str, ...]:
    data = item.to_dict()
    return (
        item.mode,
        item.service,
        item.start,
        item.end,
        _number(item.distance_km, 0),
        _BASES[item.distance_basis],
        _number(item.activity_tkm, 0),
        _number(item.activity_teu_km, 0),
        _number(data["g_co2e_per_tkm"], 1),
        _number(data["g_co2e_per_teu_km"], 1),
        _number(item.co2e_kg, 1),
        _number(data["ttw_kg"], 1),
        _number(data["wtt_kg"], 1),
        item.factor["id"],
    )


def _hub_cells(item: HubOperation) -> tuple[str, ...]:
    data = item.to_dict()
    return (
        item.operation.replace("_", " "),
        item.place,
        f"{item.tonnes:g}",
        f"{item.teu:g}",
        _number(data["kg_co2e_per_teu"], 1),
        _number(item.co2e_kg, 1),
        data["data_kind"],
        str(data["factor"]["year"] or ""),
        " ".join(data["factor"]["sources"]),
    )


def _factor_rows(statement: EmissionsStatement) -> list[tuple[str, ...]]:
    found = {item.factor["id"]: item for item in statement.transports}
    return [_factor_cells(item) for item in found.values()]


def _factor_cells(item: TransportElement) -> tuple[str, ...]:
    data = item.to_dict()
    factor, share = data["factor"], data["electric_share"]
    return (
        factor["id"],
        f"{factor['value']:g}",
        factor["unit"],
        f"{factor['distance_adjustment']:g}",
        _percent(share),
        _number(data["grid_g_co2e_per_kwh"], 0),
        (data["fuel"] or "unknown").replace("_", " "),
        _percent(data["load_factor"]),
        _percent(data["empty_running"]),
        data["data_kind"],
        str(factor["confidence"]),
        str(factor["year"]),
        " ".join(factor["sources"]),
    )


def _unmeasured(statement: EmissionsStatement) -> str:
    places = dict.fromkeys(f"{leg.start} ({str(leg.operation).replace('_', ' ')})" for leg in statement.unmeasured)
    missing = [f"{item.place} ({item.operation})" for item in statement.hubs if not item.known]
    if not places and not missing:
        return ""
    named = markdown_text(", ".join([*places, *missing]))
    return f"There is no source for the emissions of these, which count as 0: {named}."


def _cited(source: dict[str, Any]) -> str:
    parts = (source["title"], source["publisher"], str(source["year"] or ""), source["url"])
    return markdown_text(", ".join(part for part in parts if part))


def _number(value: float | None, digits: int) -> str:
    return "unknown" if value is None else f"{value:,.{digits}f}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share * 100:.0f} %"
