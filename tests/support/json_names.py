"""The names of the JSON of `route` that programs rely on."""

FIXED = {
    "corridor",
    "time_h",
    "cost_usd",
    "inventory_usd",
    "cost_usd_per_teu",
    "co2e_kg",
    "distance_km",
    "border_crossings",
    "gauge_changes",
    "transshipments",
    "countries",
    "places",
    "bottleneck",
    "legs",
    "tags",
    "route_line",
    "notes",
    "cost_by_kind",
}
FIXED_OF_LEGS = {"kind", "mode", "operation", "from", "to", "distance_km", "time_h", "cost_usd", "co2e_kg", "sources"}
