"""The rule of drayage, straight from its words, for tests that look at every path or every answer."""

from collections.abc import Sequence
from typing import NamedTuple


class Haul(NamedTuple):
    """A haul that is not local: its mode, km, and whether it is on a bridge."""

    mode: str
    km: float
    bridge: bool = False


def keeps_drayage(hauls: Sequence[Haul], limit_km: float, times: tuple[int, int] = (1, 1)) -> bool:
    """Whether trucks haul on a first and a last part within times the limit and on bridges alone."""
    first_km, last_km = (limit_km * more * (1 + 1e-9) for more in times)
    by_road = [haul.mode == "road" for haul in hauls]
    km = [haul.km for haul in hauls]
    if all(by_road) and sum(km) <= max(first_km, last_km):
        return True
    firsts = [before for before in range(len(hauls)) if all(by_road[:before]) and sum(km[:before]) <= first_km]
    lasts = [after for after in range(1, len(hauls) + 1) if all(by_road[after:]) and sum(km[after:]) <= last_km]
    return any(
        all(haul.bridge or haul.mode != "road" for haul in hauls[before:after])
        for before in firsts
        for after in lasts
        if before < after
    )
