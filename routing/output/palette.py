"""The palette of maps, charts and pages: one appearance for each mode, corridor, stop, resource and band of use.

The colours of one group differ by at least 10 in CIEDE2000 for normal vision and for protanopia, deuteranopia and
tritanopia (simulated after Machado, Oliveira and Fernandes, 2009), and dash or symbol differ besides, so that maps can
be read by colour-blind readers and in grey.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np


class Appearance(NamedTuple):
    """How one thing looks.

    Attributes
    ----------
    label
        Its name in legends.
    colour
        As `#rrggbb`.
    dash
        Lengths of dashes and gaps in line widths; empty: solid.
    symbol
        Shape of a point: circle, square, diamond, triangle, pentagon, star, cross, hexagon.
    """

    label: str
    colour: str
    dash: tuple[float, ...] = ()
    symbol: str = "circle"


_DASHED = (5.0, 2.5)
_DOTTED = (1.0, 2.0)
_DASH_DOT = (6.0, 2.0, 1.0, 2.0)
_LONG = (9.0, 3.0)

MODES: Final[Mapping[str, Appearance]] = {
    "rail": Appearance("rail", "#cc3311"),
    "road": Appearance("road", "#555555", _DOTTED),
    "sea": Appearance("sea", "#2255aa", _LONG),
    "ferry": Appearance("ferry", "#44bb99", _DASHED),
    "iww": Appearance("inland waterway", "#99ddff", _DASH_DOT),
}
"""Modes of transport."""

STOPS: Final[Mapping[str, Appearance]] = {
    "border_exit": Appearance("border, exit", "#ee9900", symbol="square"),
    "border_entry": Appearance("border, entry", "#cc3311", symbol="square"),
    "gauge_change": Appearance("gauge change", "#660099", symbol="diamond"),
    "note_change": Appearance("change of consignment note", "#cc77aa", symbol="pentagon"),
    "transship": Appearance("transshipment", "#005533", symbol="triangle"),
    "load": Appearance("loading", "#cccccc", symbol="circle"),
    "unload": Appearance("unloading", "#777777", symbol="circle"),
    "wait": Appearance("wait for departure", "#3388ff", symbol="hexagon"),
}
"""Kinds of operations, and the wait for a departure."""

CORRIDORS: Final[Mapping[str, Appearance]] = {
    "northern": Appearance("Northern Corridor", "#2255aa"),
    "middle": Appearance("Middle Corridor", "#cc3311"),
    "southern": Appearance("Southern Corridor", "#ee9900"),
    "transsib": Appearance("Trans-Siberian", "#773366"),
    "mongolia": Appearance("Trans-Mongolian", "#ff55bb"),
    "baltic": Appearance("Baltic branch", "#0055ff", _DASH_DOT),
    "ukraine": Appearance("Ukraine", "#ddaabb"),
    "cku": Appearance("China-Kyrgyzstan-Uzbekistan", "#550055", _DASH_DOT),
    "zangezur": Appearance("Zangezur corridor (TRIPP)", "#660011", _DASH_DOT),
    "cpec": Appearance("China-Pakistan Economic Corridor", "#88aa77"),
    "trans-afghan": Appearance("Trans-Afghan corridor", "#776688", _DASH_DOT),
    "imec": Appearance("India-Middle East-Europe Corridor", "#bbccaa", _DASH_DOT),
    "development-road": Appearance("Iraq Development Road", "#995566", _DASH_DOT),
    "iti": Appearance("Islamabad-Tehran-Istanbul", "#991100"),
    "instc": Appearance("International North-South Transport Corridor", "#99dd77"),
    "west-caspian": Appearance("West of the Caspian (by Samur)", "#668855"),
    "volga-don": Appearance("Volga-Don waterway", "#220099", _DASHED),
    "suez": Appearance("Sea by Suez", "#00aacc", _LONG),
    "cape": Appearance("Sea by the Cape of Good Hope", "#005544", _LONG),
    "nsr": Appearance("Northern Sea Route", "#44ddff", _DASHED),
    "road": Appearance("Road (TIR)", "#003333", _DOTTED),
    "other": Appearance("no corridor", "#888888"),
}
"""Corridors, and itineraries in none."""

RESOURCES: Final[Mapping[str, Appearance]] = {
    "terminal": Appearance("terminal", "#005533", symbol="triangle"),
    "port": Appearance("port", "#2255aa", symbol="pentagon"),
    "berth": Appearance("berth", "#00aacc", symbol="hexagon"),
    "border": Appearance("border crossing", "#cc3311", symbol="square"),
    "line": Appearance("line", "#ee9900", symbol="circle"),
    "service": Appearance("service on a link", "#999999", symbol="diamond"),
    "fleet": Appearance("fleet", "#660066", symbol="star"),
}
"""Kinds of resources, and the capacity of a service on a link."""

PLACES: Final[Mapping[str, Appearance]] = {
    "city": Appearance("city", "#ee9900", symbol="circle"),
    "terminal": Appearance("terminal", "#005533", symbol="triangle"),
    "port": Appearance("port", "#2255aa", symbol="pentagon"),
    "border": Appearance("border station", "#cc3311", symbol="square"),
    "junction": Appearance("junction", "#999999", symbol="circle"),
    "passage": Appearance("passage at sea", "#00aacc", symbol="diamond"),
}
"""Kinds of places."""

BANDS: Final[Mapping[str, Appearance]] = {
    "full": Appearance("full", "#99000d"),
    "80 % and more": Appearance("80 % and more", "#ef6548"),
    "50 % and more": Appearance("50 % and more", "#fdbb84", _DASHED),
    "less than 50 %": Appearance("less than 50 %", "#6baed6"),
}
"""Bands of utilisation, from dark to light."""

PRICES: Final[Mapping[str, Appearance]] = {
    "1,000 USD and more": Appearance("1,000 USD and more", "#54278f", symbol="star"),
    "100 USD and more": Appearance("100 USD and more", "#9e6bc9", symbol="diamond"),
    "1 USD and more": Appearance("1 USD and more", "#d4b9e8", symbol="pentagon"),
    "none": Appearance("none", "#bbbbbb"),
}
"""Bands of the price of one more TEU a day, from dark to light."""

WAITS: Final[Mapping[str, Appearance]] = {
    "no steady state": Appearance("no steady state: the queue grows", "#99000d", symbol="star"),
    "2 days and more": Appearance("2 days and more", "#ef6548", symbol="diamond"),
    "12 hours and more": Appearance("12 hours and more", "#fdbb84", symbol="pentagon"),
    "less than 12 hours": Appearance("less than 12 hours", "#6baed6"),
    "undecided": Appearance("undecided: throughput differs from the count", "#777777", symbol="cross"),
}
"""Bands of the wait at a resource under load, from dark to light, and what is not known."""

CHANGES: Final[Mapping[str, Appearance]] = {
    "gains 100 and more": Appearance("gains 100 TEU a day and more", "#08519c", symbol="triangle"),
    "gains 1 and more": Appearance("gains 1 TEU a day and more", "#74add1", symbol="triangle"),
    "no change": Appearance("less than 1 TEU a day of change", "#bbbbbb"),
    "loses 1 and more": Appearance("loses 1 TEU a day and more", "#fdae61", _DASHED, symbol="square"),
    "loses 100 and more": Appearance("loses 100 TEU a day and more", "#b2400d", _DASHED, symbol="square"),
}
"""Bands of the change of a flow: gains blue, losses orange and dashed, dark where the change is large."""

WORKS: Final[Mapping[str, Appearance]] = {
    "chosen": Appearance("chosen", "#005533", symbol="star"),
    "rejected": Appearance("rejected", "#ee9900", _DASHED, symbol="diamond"),
    "no effect": Appearance("no effect", "#bbbbbb", _DOTTED),
    "after the horizon": Appearance("after the horizon", "#9e6bc9", _DASH_DOT, symbol="triangle"),
}
"""Works that may be done, by what the plan says of them."""

COSTS: Final[Mapping[str, Appearance]] = {
    "1,000,000 USD a day and more": Appearance("1,000,000 USD a day and more", "#99000d", symbol="star"),
    "100,000 USD a day and more": Appearance("100,000 USD a day and more", "#ef6548", symbol="diamond"),
    "10,000 USD a day and more": Appearance("10,000 USD a day and more", "#fdbb84", (5.0, 2.5), symbol="pentagon"),
    "less than 10,000 USD a day": Appearance("less than 10,000 USD a day", "#6baed6"),
}
"""Bands of the additional cost of a closure, from dark to light."""

REACH: Final = ("#0c2c84", "#225ea8", "#1d91c0", "#41b6c4", "#7fcdbb", "#c7e9b4", "#e8f4a0")
"""Colours of bands of reach, from the nearest (dark) to the farthest (light)."""

LAND: Final = "#f1efe8"
SEA: Final = "#dbe7ef"
COAST: Final = "#b8b4a8"
PALE: Final = "#b4b4ae"
OUTLINE: Final = "#33475b"
"""Colours of the map below: land, sea, coasts, a network in the background, and the outline of areas."""


def reach_colours(count: int) -> list[str]:
    """Return a colour for each of a number of bands of reach, the nearest first, evenly from dark to light.

    Examples
    --------
    >>> reach_colours(3)
    ['#0c2c84', '#41b6c4', '#e8f4a0']
    """
    channels = [[int(colour[place : place + 2], 16) for colour in REACH] for place in (1, 3, 5)]
    at = np.linspace(0, len(REACH) - 1, max(2, count))[:count]
    mixed = zip(*(np.interp(at, range(len(REACH)), channel) for channel in channels), strict=True)
    return [f"#{round(red):02x}{round(green):02x}{round(blue):02x}" for red, green, blue in mixed]
