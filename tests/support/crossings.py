"""A network of two crossings between a and z, with a demand of 100 TEU a day, for tests of counts."""

from tests.support.tiny import link, tiny_network

SCALE = 100.0
"""Logit scale of the choice between the crossings, USD per TEU."""


def count(crossing, teu_day, half, *, year=2024, **cells):
    """Return a row of `counts` of TEU per day that left by the crossing x or y; None: not counted."""
    row = {
        "id": f"{crossing}--{year}",
        "crossing": crossing,
        "cordon": "cn",
        "links": (f"cn-a--kz-{crossing}--rail",),
        "year": year,
        "teu_per_year": None if teu_day is None else 365 * teu_day,
        "half": half,
    }
    return row | cells


def two_crossings(folder, counts):
    """Return a network from a to z by x of 200 km or by y of 300 km, and from a to b inland.

    100 TEU a day go from a to z in 2024 and 200 in 2025, 5 from a to b in each year; only what is paid counts.
    """
    sent = {"id": "d", "origin": "cn-a", "destination": "kz-z", "value_usd_per_teu": 0}
    rows = [sent | {"teu_per_year": 365 * teu, "for_year": year} for teu, year in ((100, 2024), (200, 2025))]
    inland = {"id": "inland", "origin": "cn-a", "destination": "cn-b", "value_usd_per_teu": 0, "teu_per_year": 365 * 5}
    return tiny_network(
        folder,
        links=[
            link("cn-a -> kz-x"),
            link("kz-x -> cn-a"),
            link("cn-a -> kz-y", length_km=200),
            link("kz-x -- kz-z"),
            link("kz-y -- kz-z"),
            link("cn-a -- cn-b"),
        ],
        services=[{"id": "rail", "mode": "rail", "emission_factor": "rail", "capacity_teu_day": 1000}],
        tables={
            "counts": counts,
            "demand": [*rows, inland],
            "dataset": [{"key": "crossing_scale_usd_per_teu", "value": SCALE}],
        },
    )
