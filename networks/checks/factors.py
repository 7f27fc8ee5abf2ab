"""Checks of emission factors: one unit each, within the plausible range of the mode, with consistent parts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Row, Tables
from landbridge.networks.units import TONNES_PER_TEU

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ModeRow


def check_factors(tables: Tables) -> Iterator[Fault]:
    """Yield the faults of the emission factors.

    A factor is given per tkm or per TEU-km, and has to lie within the plausible range of its mode (table `modes`), if
    there is one. A factor per TEU-km is divided by the load of a TEU (table `loads`, row with the unit tonne).
    """
    table, modes, load_t = tables["emission_factors"], tables["modes"].by_key(), _tonnes_per_teu(tables)
    for line, row in table.numbered():
        if (row["g_co2e_per_tkm"] is None) == (row["g_co2e_per_teu_km"] is None):
            yield Fault(table.file, line, "g_co2e_per_tkm", "there must be one factor", "give it per tkm or per TEU-km")
        elif row["mode"] in modes:
            yield from _out_of_range(table.file, line, row, modes[row["mode"]], load_t)
        if row["electric_share"] and row["grid_g_co2e_per_kwh"] is None:
            problem = "electric traction without a grid emission factor"
            yield Fault(table.file, line, "grid_g_co2e_per_kwh", problem, "give the emissions of the country's grid")


def check_ranges(tables: Tables) -> Iterator[Fault]:
    """Yield the faults of the plausible ranges: both limits or none, in ascending order."""
    table = tables["modes"]
    for line, row in table.numbered():
        low, high = row["low_g_co2e_per_tkm"], row["high_g_co2e_per_tkm"]
        if (low is None) != (high is None):
            yield Fault(table.file, line, "low_g_co2e_per_tkm", "a range has two limits", "give both or none")
        elif low is not None and high is not None and low > high:
            problem = f"the lower limit {low:g} is above the upper limit {high:g}"
            yield Fault(table.file, line, "low_g_co2e_per_tkm", problem, "swap the two limits")


def _tonnes_per_teu(tables: Tables) -> float:
    found = (row["tonnes_per_teu"] for row in tables["loads"] if row["unit"] == "tonne")
    return float(next(found, None) or TONNES_PER_TEU)


def _out_of_range(file: str, line: int, row: Row, mode: "ModeRow", load_t: float) -> Iterator[Fault]:
    low, high = mode["low_g_co2e_per_tkm"], mode["high_g_co2e_per_tkm"]
    if low is None or high is None:
        return
    column = "g_co2e_per_tkm" if row["g_co2e_per_tkm"] is not None else "g_co2e_per_teu_km"
    g_per_tkm = row[column] if column == "g_co2e_per_tkm" else row[column] / load_t
    if not low <= g_per_tkm <= high:
        given = f"{row[column]:g} g" + (f" ({g_per_tkm:.1f} per tkm)" if column == "g_co2e_per_teu_km" else "")
        problem = f"{given} is outside the plausible range of {row['mode']} ({low:g} to {high:g} g/tkm)"
        yield Fault(file, line, column, problem, "correct the factor or its unit, or the range in modes")
