# Rows of the tables as type checkers see them. `make rows` writes this file from the schema.

from datetime import date, time
from typing import Any, Literal, NotRequired, TypedDict, overload

from landbridge.networks.tables.table import Table

class AdmissibilityRow(TypedDict):
    id: str
    valid_from: date
    valid_to: date | None
    transit_countries: tuple[str, ...]
    shipper_countries: tuple[str, ...]
    consignee_countries: tuple[str, ...]
    hs_chapters: tuple[str, ...]
    cargo_classes: tuple[str, ...]
    transit_only: bool
    dangerous: bool
    reefer: bool
    ports: tuple[str, ...]
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str

class BerthRow(TypedDict):
    id: str
    name: str
    place: str
    services: tuple[str, ...]
    berths: int
    berths_source: tuple[str, ...]
    berths_year: int | None
    berths_confidence: Literal["observed", "published", "derived", "assumed"] | None
    handling_teu_h: float
    call_h: float
    handling_source: tuple[str, ...]
    handling_year: int | None
    handling_confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class CandidateRow(TypedDict):
    id: str
    name: str
    kind: Literal["port", "terminal", "border", "line", "road", "fleet", "facilitation"]
    place: str | None
    resources: tuple[str, ...]
    capacity_add: float | None
    capacity_unit: (
        Literal[
            "teu/day",
            "teu/year",
            "trains/day",
            "trains/month",
            "trains/year",
            "wagons/day",
            "vehicles/day",
            "vehicles/year",
            "t/day",
            "mt/year",
        ]
        | None
    )
    links: tuple[str, ...]
    services: tuple[str, ...]
    operations: tuple[str, ...]
    hours_factor: float | None
    fee_factor: float | None
    cost_musd: float
    cost_low_musd: float | None
    cost_high_musd: float | None
    cost_usd_year: int
    operating_musd_year: float
    cost_source: tuple[str, ...]
    cost_year: int | None
    cost_confidence: Literal["observed", "published", "derived", "assumed"] | None
    opening: int
    build_years: int
    life_years: int
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class CapacityRow(TypedDict):
    resource: str
    year: int
    capacity: float
    unit: Literal[
        "teu/day",
        "teu/year",
        "trains/day",
        "trains/month",
        "trains/year",
        "wagons/day",
        "vehicles/day",
        "vehicles/year",
        "t/day",
        "mt/year",
    ]
    background: float | None
    closure_days: float | None
    source: tuple[str, ...]
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    throughput: float | None
    throughput_source: tuple[str, ...]
    throughput_year: int | None
    throughput_confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class ClosureRow(TypedDict):
    id: str
    target: Literal["places", "links", "operations", "services", "resources", "crossings"]
    ids: tuple[str, ...]
    first: date
    last: date
    announced: date | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class CongestionRow(TypedDict):
    kind: Literal["terminal", "port", "berth", "fleet", "border", "line"]
    model: Literal["queue", "bpr"]
    batch_teu: float | None
    service_h: float | None
    scv: float | None
    alpha: float | None
    beta: float | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class CorridorRow(TypedDict):
    id: str
    name: str
    priority: int
    require: str
    forbid: str | None
    modes: tuple[str, ...]
    market: tuple[str, ...]
    aliases: tuple[str, ...]
    chains: tuple[str, ...]
    seasonal_ok: bool
    note: str | None

class CountryRow(TypedDict):
    code: str
    name: str
    union: Literal["EU", "EAEU"] | None
    timezone: str

class CountRow(TypedDict):
    id: str
    crossing: str
    cordon: str | None
    links: tuple[str, ...]
    year: int
    teu_per_year: float | None
    half: Literal["training", "test"]
    source: tuple[str, ...]
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class DatasetRow(TypedDict):
    key: str
    value: str
    source: tuple[str, ...]

class DeflatorRow(TypedDict):
    usd_year: str
    usd_to_2024: float
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None

class DemandRow(TypedDict):
    id: str
    origin: str
    destination: str
    flow: str
    teu_per_year: float | None
    tonnes_per_year: float | None
    cargo_class: Literal["block", "loose", "road", "bulk", "timetabled"]
    modes: tuple[str, ...]
    value_usd_per_teu: float
    value_of_time_usd_per_teu_h: float | None
    tonnes_per_teu: float
    corridor: str | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None
    for_year: int | None

class EmissionFactorRow(TypedDict):
    id: str
    mode: Literal["rail", "road", "sea", "ferry", "iww"]
    g_co2e_per_tkm: float | None
    g_co2e_per_teu_km: float | None
    reefer_g_co2e_per_teu_km: float | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    distance_adjustment: float | None
    adjustment_source: tuple[str, ...]
    adjustment_year: int | None
    adjustment_confidence: Literal["observed", "published", "derived", "assumed"] | None
    fuel: Literal["diesel", "marine_fuel", "lng", "hydrogen"] | None
    electric_share: float | None
    grid_g_co2e_per_kwh: float | None
    energy_source: tuple[str, ...]
    energy_year: int | None
    energy_confidence: Literal["observed", "published", "derived", "assumed"] | None
    ttw_share: float | None
    ttw_source: tuple[str, ...]
    ttw_year: int | None
    ttw_confidence: Literal["observed", "published", "derived", "assumed"] | None
    load_factor: float | None
    empty_running: float | None
    load_source: tuple[str, ...]
    load_year: int | None
    load_confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

LinkRow = TypedDict(
    "LinkRow",
    {
        "id": str,
        "from": str,
        "to": str,
        "both_ways": bool,
        "mode": Literal["rail", "road", "sea", "ferry", "iww"],
        "service": str,
        "gauge": int | None,
        "regime": Literal["smgs", "cim", "national"] | None,
        "length_km": float | None,
        "waypoints": str | None,
        "published_km": float | None,
        "published_source": tuple[str, ...],
        "countries": tuple[str, ...],
        "passage": tuple[str, ...],
        "speed_km_h": float | None,
        "timetabled_speed_km_h": float | None,
        "min_h": float | None,
        "mean_h": float | None,
        "p10_h": float | None,
        "p50_h": float | None,
        "p90_h": float | None,
        "spread": str | None,
        "time_source": tuple[str, ...],
        "time_year": int | None,
        "time_confidence": Literal["observed", "published", "derived", "assumed"] | None,
        "open_from": time | None,
        "open_to": time | None,
        "open_days": tuple[str, ...],
        "open_source": tuple[str, ...],
        "open_year": int | None,
        "open_confidence": Literal["observed", "published", "derived", "assumed"] | None,
        "tariff": str | None,
        "tariff_back": str | None,
        "section_km": float | None,
        "emission_factor": str | None,
        "resource": str | None,
        "bridge": bool,
        "bridge_source": tuple[str, ...],
        "containers": Literal["yes", "no"],
        "containers_of": tuple[str, ...],
        "containers_source": tuple[str, ...],
        "valid_from": date | None,
        "valid_to": date | None,
        "season_from": int | None,
        "season_to": int | None,
        "length_source": tuple[str, ...],
        "length_year": int | None,
        "length_confidence": Literal["observed", "published", "derived", "assumed"] | None,
        "note": str | None,
        "geometry": NotRequired[Any],
    },
)

class LoadRow(TypedDict):
    id: str
    unit: Literal["train", "wagon", "vessel", "vehicle", "tonne"]
    teu: float
    tonnes_per_teu: float
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    low_water_loss: float
    low_water_source: tuple[str, ...]
    low_water_year: int | None
    low_water_confidence: Literal["observed", "published", "derived", "assumed"] | None
    loss_per_metre: float
    loss_per_metre_source: tuple[str, ...]
    loss_per_metre_year: int | None
    loss_per_metre_confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class ModeRow(TypedDict):
    mode: str
    detour_factor: float
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    low_g_co2e_per_tkm: float | None
    high_g_co2e_per_tkm: float | None
    range_source: tuple[str, ...]
    range_year: int | None
    range_confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

ObservationRow = TypedDict(
    "ObservationRow",
    {
        "id": str,
        "what": str,
        "lineage": str | None,
        "lineage_group": str,
        "half": Literal["training", "test"],
        "kind": Literal[
            "observed_regular",
            "survey",
            "demonstration",
            "quoted",
            "contractual",
            "announced",
            "planned",
            "index",
            "ratio",
        ],
        "scope": Literal["door", "terminal"] | None,
        "comparable": bool,
        "reason": str | None,
        "quantity": Literal["time_h", "cost_usd", "co2e_kg", "none"],
        "basis": Literal["transit", "total"] | None,
        "from": tuple[str, ...],
        "to": tuple[str, ...],
        "published_from": str | None,
        "published_to": str | None,
        "published_mode": str | None,
        "corridor": str | None,
        "modes": tuple[str, ...],
        "via": tuple[str, ...],
        "direction": Literal["westbound", "eastbound", "northbound", "southbound"] | None,
        "first": date | None,
        "last": date | None,
        "cargo_class": Literal["block", "loose", "road", "bulk", "timetabled"] | None,
        "container_feet": int | None,
        "equipment": Literal["carrier", "shipper"] | None,
        "teu": float | None,
        "tonnes": float | None,
        "published_low": float | None,
        "published_high": float | None,
        "published_unit": str,
        "value_low": float | None,
        "value_high": float | None,
        "usd_year": int | None,
        "length_km": float | None,
        "shared_page": tuple[str, ...],
        "shared_event": tuple[str, ...],
        "source": tuple[str, ...],
        "year": int | None,
        "published_year": str | None,
        "confidence": Literal["observed", "published", "derived", "assumed"] | None,
        "note": str | None,
    },
)

class OperationRow(TypedDict):
    id: str
    kind: Literal["load", "unload", "transship", "border_exit", "border_entry", "gauge_change", "note_change"]
    place: str | None
    other_place: str | None
    union: Literal["EU", "EAEU"] | None
    from_mode: Literal["rail", "road", "sea", "ferry", "iww"] | None
    to_mode: Literal["rail", "road", "sea", "ferry", "iww"] | None
    from_gauge: int | None
    to_gauge: int | None
    from_regime: Literal["smgs", "cim", "national"] | None
    to_regime: Literal["smgs", "cim", "national"] | None
    method: Literal["transload", "bogie"] | None
    cargo_class: Literal["block", "loose", "road", "bulk", "timetabled"] | None
    both_ways: bool
    min_h: float | None
    mean_h: float | None
    p10_h: float | None
    p50_h: float | None
    p90_h: float | None
    spread: str | None
    time_source: tuple[str, ...]
    time_year: int | None
    time_confidence: Literal["observed", "published", "derived", "assumed"] | None
    open_from: time | None
    open_to: time | None
    open_days: tuple[str, ...]
    open_source: tuple[str, ...]
    open_year: int | None
    open_confidence: Literal["observed", "published", "derived", "assumed"] | None
    reform_load: str | None
    reform_max_wait_h: float | None
    reform_source: tuple[str, ...]
    reform_year: int | None
    reform_confidence: Literal["observed", "published", "derived", "assumed"] | None
    fee_usd_per_teu: float
    fee_usd_per_feu: float | None
    fee_usd_per_consignment: float
    fee_usd_year: int | None
    fee_source: tuple[str, ...]
    fee_year: int | None
    fee_confidence: Literal["observed", "published", "derived", "assumed"] | None
    co2e_kg_per_teu: float
    co2e_source: tuple[str, ...]
    co2e_year: int | None
    co2e_confidence: Literal["observed", "published", "derived", "assumed"] | None
    resource: str | None
    valid_from: date | None
    valid_to: date | None
    note: str | None

class PlaceRow(TypedDict):
    id: str
    name: str
    kind: Literal["city", "terminal", "port", "border", "junction", "passage"]
    country: str | None
    lon: float
    lat: float
    parent: str | None
    primary: bool
    neutral: bool
    unlocode: str | None
    aliases: tuple[str, ...]
    modes: tuple[str, ...]
    timezone: str | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class ResourceRow(TypedDict):
    id: str
    name: str
    kind: Literal["terminal", "port", "berth", "fleet", "border", "line"]
    place: str | None
    capacity: float
    capacity_unit: Literal[
        "teu/day",
        "teu/year",
        "trains/day",
        "trains/month",
        "trains/year",
        "wagons/day",
        "vehicles/day",
        "vehicles/year",
        "t/day",
        "mt/year",
    ]
    load: str | None
    shared: bool
    capacity_source: tuple[str, ...]
    capacity_year: int | None
    capacity_confidence: Literal["observed", "published", "derived", "assumed"] | None
    background_teu_day: float
    background_source: tuple[str, ...]
    background_year: int | None
    background_confidence: Literal["observed", "published", "derived", "assumed"] | None
    closure_days: float
    wait_in: tuple[str, ...]
    ships: int | None
    ships_source: tuple[str, ...]
    ships_year: int | None
    ships_confidence: Literal["observed", "published", "derived", "assumed"] | None
    valid_from: date | None
    valid_to: date | None
    note: str | None

class ServiceRow(TypedDict):
    id: str
    name: str
    mode: Literal["rail", "road", "sea", "ferry", "iww"]
    country: str | None
    accepts: tuple[str, ...]
    speed_km_h: float
    spread: str
    speed_source: tuple[str, ...]
    speed_year: int | None
    speed_confidence: Literal["observed", "published", "derived", "assumed"] | None
    timetabled_speed_km_h: float | None
    timetabled_speed_source: tuple[str, ...]
    timetabled_speed_year: int | None
    timetabled_speed_confidence: Literal["observed", "published", "derived", "assumed"] | None
    wait_kind: Literal["headway", "fill_and_go", "on_demand", "timetable"]
    headway_h: float | None
    days: tuple[str, ...]
    departures: tuple[time, ...]
    wait_p10_h: float | None
    wait_p50_h: float | None
    wait_p90_h: float | None
    loose_wait_h: float
    cut_off_h: float
    wait_source: tuple[str, ...]
    wait_year: int | None
    wait_confidence: Literal["observed", "published", "derived", "assumed"] | None
    max_wait_h: float | None
    max_wait_source: tuple[str, ...]
    max_wait_year: int | None
    max_wait_confidence: Literal["observed", "published", "derived", "assumed"] | None
    vehicle: str | None
    vehicle_teu: float | None
    capacity_teu_day: float | None
    resource: str | None
    capacity_source: tuple[str, ...]
    capacity_year: int | None
    capacity_confidence: Literal["observed", "published", "derived", "assumed"] | None
    tariff: str
    boarding_usd_per_teu: float
    boarding_usd_per_feu: float | None
    boarding_usd_year: int | None
    boarding_source: tuple[str, ...]
    boarding_year: int | None
    boarding_confidence: Literal["observed", "published", "derived", "assumed"] | None
    emission_factor: str
    valid_from: date | None
    valid_to: date | None
    season_from: int | None
    season_to: int | None
    note: str | None

class SlowdownRow(TypedDict):
    id: str
    services: tuple[str, ...]
    countries: tuple[str, ...]
    modes: tuple[str, ...]
    links: tuple[str, ...]
    operations: tuple[str, ...]
    waits: tuple[str, ...]
    season_from: int | None
    season_to: int | None
    first: date | None
    last: date | None
    time_factor: float
    replaces_traffic: bool
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class SourceRow(TypedDict):
    id: str
    kind: Literal["publication", "statistics", "press", "tariff", "map", "measurement", "assumption"]
    title: str
    publisher: str | None
    year: int | None
    url: str | None
    licence: str | None
    note: str | None

class SpreadRow(TypedDict):
    id: str
    p10_ratio: float
    p50_ratio: float
    p90_ratio: float
    shared_factor: str | None
    shared_share: float
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class StormRow(TypedDict):
    id: str
    places: tuple[str, ...]
    jan: float
    feb: float
    mar: float
    apr: float
    may: float
    jun: float
    jul: float
    aug: float
    sep: float
    oct: float
    nov: float
    dec: float
    spell_h: float
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class TariffRow(TypedDict):
    id: str
    band_from_km: float
    band_to_km: float | None
    usd_per_teu_km: float
    usd_per_feu_km: float | None
    usd_year: int
    equipment: Literal["shipper", "carrier", "any"]
    spread: str | None
    source: tuple[str, ...]
    year: int | None
    confidence: Literal["observed", "published", "derived", "assumed"] | None
    note: str | None

class TrafficRow(TypedDict):
    id: str
    group: str
    operations: tuple[str, ...]
    waits: tuple[str, ...]
    congested_share: float
    own_time: Literal["normal", "average"]
    congested_h: float
    spread: str | None
    source: tuple[str, ...]
    year: int
    confidence: Literal["observed", "published", "derived", "assumed"]
    note: str | None

class Tables(dict[str, Table[Any]]):
    @overload
    def __getitem__(self, name: Literal["admissibility"], /) -> Table[AdmissibilityRow]: ...
    @overload
    def __getitem__(self, name: Literal["berths"], /) -> Table[BerthRow]: ...
    @overload
    def __getitem__(self, name: Literal["candidates"], /) -> Table[CandidateRow]: ...
    @overload
    def __getitem__(self, name: Literal["capacities"], /) -> Table[CapacityRow]: ...
    @overload
    def __getitem__(self, name: Literal["closures"], /) -> Table[ClosureRow]: ...
    @overload
    def __getitem__(self, name: Literal["congestion"], /) -> Table[CongestionRow]: ...
    @overload
    def __getitem__(self, name: Literal["corridors"], /) -> Table[CorridorRow]: ...
    @overload
    def __getitem__(self, name: Literal["countries"], /) -> Table[CountryRow]: ...
    @overload
    def __getitem__(self, name: Literal["counts"], /) -> Table[CountRow]: ...
    @overload
    def __getitem__(self, name: Literal["dataset"], /) -> Table[DatasetRow]: ...
    @overload
    def __getitem__(self, name: Literal["deflators"], /) -> Table[DeflatorRow]: ...
    @overload
    def __getitem__(self, name: Literal["demand"], /) -> Table[DemandRow]: ...
    @overload
    def __getitem__(self, name: Literal["emission_factors"], /) -> Table[EmissionFactorRow]: ...
    @overload
    def __getitem__(self, name: Literal["links"], /) -> Table[LinkRow]: ...
    @overload
    def __getitem__(self, name: Literal["loads"], /) -> Table[LoadRow]: ...
    @overload
    def __getitem__(self, name: Literal["modes"], /) -> Table[ModeRow]: ...
    @overload
    def __getitem__(self, name: Literal["observations"], /) -> Table[ObservationRow]: ...
    @overload
    def __getitem__(self, name: Literal["operations"], /) -> Table[OperationRow]: ...
    @overload
    def __getitem__(self, name: Literal["places"], /) -> Table[PlaceRow]: ...
    @overload
    def __getitem__(self, name: Literal["resources"], /) -> Table[ResourceRow]: ...
    @overload
    def __getitem__(self, name: Literal["services"], /) -> Table[ServiceRow]: ...
    @overload
    def __getitem__(self, name: Literal["slowdowns"], /) -> Table[SlowdownRow]: ...
    @overload
    def __getitem__(self, name: Literal["sources"], /) -> Table[SourceRow]: ...
    @overload
    def __getitem__(self, name: Literal["spreads"], /) -> Table[SpreadRow]: ...
    @overload
    def __getitem__(self, name: Literal["storms"], /) -> Table[StormRow]: ...
    @overload
    def __getitem__(self, name: Literal["tariffs"], /) -> Table[TariffRow]: ...
    @overload
    def __getitem__(self, name: Literal["traffic"], /) -> Table[TrafficRow]: ...
    @overload
    def __getitem__(self, name: str, /) -> Table[Any]: ...
    def copy(self) -> Tables: ...
