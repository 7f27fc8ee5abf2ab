"""The algorithms: for each command of the program its options, its table and its layers.

Nothing here needs QGIS. The default of an option is that of the program; where a value is needed it is a proposal.
"""

from __future__ import annotations

from typing import NamedTuple

from .options import Option
from .tables import BOTTLENECKS, CORRIDORS, MATRIX, PAIRS, Table


class Command(NamedTuple):
    """A command of the program as an algorithm.

    Attributes
    ----------
    name
        The command, and the name of the algorithm.
    title
        Its name for people.
    meaning
        What it does.
    options
        Its options.
    layers
        Names of the layers that it writes; empty: it writes no folder.
    tables
        The tables that its answer may have; empty: none.
    one_of
        Names of the options of which one has to be given.
    """

    name: str
    title: str
    meaning: str
    options: tuple[Option, ...]
    layers: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    one_of: tuple[str, ...] = ()


_OBJECTIVES = ("generalised", "time", "cost", "co2e", "distance")
_PLACE = "A name (Xi'an, 西安), a UN/LOCODE (DEDUI), an id or lat,lon; or a point on the map."
_FROM = Option("FROM", "From", "place", needed=True, meaning=_PLACE)
_TO = Option("TO", "To", "place", needed=True, meaning=_PLACE)
_OBJECTIVE = Option(
    "OBJECTIVE",
    "Objective",
    "choice",
    "--objective",
    choices=_OBJECTIVES,
    meaning="What is least. Generalised: cost, inventory cost and the weights given. If not set: best value, fastest, "
    "cheapest and least CO2e, where one way is asked for.",
)
_WEIGHTS = (
    Option("VALUE_OF_TIME", "Value of time (USD per hour)", "number", "--value-of-time", 0.0, least=0, advanced=True),
    Option(
        "VALUE_OF_RELIABILITY",
        "Value of reliability (USD per hour of standard deviation)",
        "number",
        "--value-of-reliability",
        0.0,
        least=0,
        advanced=True,
    ),
    Option("CARBON_PRICE", "Price of carbon (USD per t CO2e)", "number", "--carbon-price", 0.0, least=0, advanced=True),
)
_CORRIDOR = Option(
    "CORRIDOR",
    "Corridor",
    "text",
    "--corridor",
    meaning="Only this one, such as northern, middle, transsib or suez.",
)
_AVOID = Option(
    "AVOID",
    "Avoid",
    "text",
    "--avoid",
    meaning="Countries, places, passages and borders, with commas: RU,BY,kz-dostyk,suez,CN-KZ.",
)
_VIA = Option("VIA", "Via", "text", "--via", advanced=True, meaning="Places to visit in order, with commas.")
_MODES = Option(
    "MODES",
    "Modes of the line-haul",
    "choices",
    "--modes",
    choices=("rail", "road", "sea", "ferry", "iww"),
    advanced=True,
    meaning="If none: those of the class of the cargo.",
)
_PLANNED = Option("PLANNED", "Include planned links that are not yet open", "flag", "--planned", advanced=True)
_DEPART = (
    Option(
        "DEPART",
        "Day of departure",
        "date",
        "--depart",
        meaning="Timetables, opening hours, closures and seasons of the day; if not set: times of an average day.",
    ),
    Option(
        "DEPART_TIME",
        "Time of departure",
        "time",
        advanced=True,
        meaning="As 08:00, or with a time zone: 08:00 Asia/Shanghai.",
    ),
)
_CARGO = (
    Option("TEU", "Size (TEU; a 40-foot container is 2)", "number", "--teu", 2.0, least=0),
    Option("TONNES", "Gross weight (t)", "number", "--tonnes", 24.0, least=0),
    Option("VALUE", "Value (USD)", "number", "--value", 100_000.0, least=0),
    Option(
        "CLASS",
        "Class of the cargo",
        "choice",
        "--class",
        "block",
        ("block", "loose", "road", "bulk", "timetabled"),
        meaning="Containers in block trains, single wagons or trains on a timetable, cargo by truck and ferry, bulk.",
    ),
    Option("CONTAINER", "Container length (feet)", "choice", "--container", "40", ("20", "40", "45"), advanced=True),
    Option("EQUIPMENT", "Whose container", "choice", "--equipment", "carrier", ("carrier", "shipper"), advanced=True),
    Option("REEFER", "Refrigerated", "flag", "--reefer", advanced=True),
    Option("DANGEROUS", "Dangerous goods", "flag", "--dangerous", advanced=True),
    Option("HS", "HS code", "text", "--hs", advanced=True, meaning="2 to 10 digits, for rules of admissibility."),
    Option("SHIPPER", "Country of the shipper", "text", "--shipper", advanced=True),
    Option("CONSIGNEE", "Country of the consignee", "text", "--consignee", advanced=True),
)
_NETWORK = Option(
    "NETWORK",
    "Network of your own",
    "file",
    "--network",
    advanced=True,
    meaning="Folder or GeoPackage; if none: the bundled one.",
)
_SCENARIO = Option(
    "SCENARIO",
    "Scenario",
    "text",
    "--scenario",
    advanced=True,
    meaning="Names of bundled scenarios or paths of files, with commas; applied to the network in this order.",
)
_DETOURS = Option("DETOURS", "Show also the corridors that are no offer", "flag", "--detours", advanced=True)

ROUTE = Command(
    "route",
    "Routes between two places",
    "Itineraries between two places with their time, cost and emissions: lines by corridor and by mode, and the stops "
    "at borders, gauge breaks and terminals sized by delay.",
    (
        _FROM,
        _TO,
        Option("WAYS", "Number of ways", "integer", "-k", 1, least=1, meaning="More than one: different alternatives."),
        _OBJECTIVE,
        Option("BY_CORRIDOR", "The best of each corridor", "flag", "--by-corridor"),
        _CORRIDOR,
        *_DEPART,
        Option("ARRIVE_BY", "Arrive by this day", "date", "--arrive-by", meaning="Departs as late as possible."),
        Option(
            "CONFIDENCE",
            "Probability of arriving in time",
            "number",
            "--confidence",
            least=0,
            advanced=True,
            meaning="As 0.9; if none: in time on average.",
        ),
        _AVOID,
        _VIA,
        _MODES,
        *_CARGO,
        *_WEIGHTS,
        Option(
            "SHARED",
            "Share of its length that an alternative may have in common with a better one",
            "number",
            "--shared",
            0.8,
            least=0,
            advanced=True,
        ),
        _DETOURS,
        _PLANNED,
        _NETWORK,
        _SCENARIO,
    ),
    ("operations", "itineraries", "legs"),
)

CORRIDORS_SIDE_BY_SIDE = Command(
    "corridors",
    "Corridors side by side",
    "The best itinerary of each corridor between two places: lines, stops, and a table with time and its spread, cost, "
    "CO2e, borders, the longest stop and the capacity left.",
    (
        _FROM,
        _TO,
        _OBJECTIVE,
        *_DEPART,
        _AVOID,
        _VIA,
        _MODES,
        _CORRIDOR.rare(),
        *_CARGO,
        *_WEIGHTS,
        _DETOURS,
        _PLANNED,
        _NETWORK,
        _SCENARIO,
    ),
    ("operations", "itineraries", "legs"),
    (CORRIDORS,),
)

REACH = Command(
    "reach",
    "Area within reach",
    "The places and areas that cargo from a place reaches within budgets of time, money or emissions.",
    (
        _FROM,
        Option(
            "WITHIN",
            "Budgets",
            "text",
            "--within",
            "5d,10d,15d",
            needed=True,
            meaning="With commas: days and hours, 10d,15d,36h; for cost USD and for CO2e kg, 2000,4000.",
        ),
        Option("BY", "Quantity of the budgets", "choice", "--by", "time", ("time", "cost", "co2e")),
        Option("AROUND", "Distance around lines and places (km)", "number", "--around", 50.0, least=0),
        *_DEPART,
        _AVOID,
        _MODES,
        *_CARGO,
        _PLANNED,
        _NETWORK,
        _SCENARIO,
    ),
    ("reach_places", "reach"),
)

MATRIX_OF_PLACES = Command(
    "matrix",
    "Matrix of places",
    "Time, cost, CO2e and distance between all places of a file or of a layer of points, or for a table of pairs, as a "
    "table.",
    (
        Option(
            "PLACES",
            "Places (file)",
            "file",
            meaning="CSV with the column place, or lat and lon, and name if the table should show it.",
        ),
        Option("POINTS", "Places (layer of points)", "points", meaning="Instead of a file."),
        Option("TO_PLACES", "Destinations (file)", "file", "--to", meaning="If none: the same places."),
        Option(
            "PAIRS",
            "Pairs (file), instead of places",
            "file",
            "--pairs",
            meaning="CSV with the columns origin and destination, and optionally teu, tonnes, depart and id.",
        ),
        Option("OBJECTIVE", "Objective", "choice", "--objective", "generalised", _OBJECTIVES),
        *_DEPART,
        _AVOID,
        _MODES,
        *_CARGO,
        _PLANNED,
        _NETWORK,
        _SCENARIO,
    ),
    (),
    (MATRIX, PAIRS),
    ("PLACES", "POINTS", "PAIRS"),
)

BOTTLENECKS_OF_DEMAND = Command(
    "bottlenecks",
    "Bottlenecks of a demand",
    "The terminals, borders and lines that saturate first under a demand: utilisation, the price of one more TEU a day "
    "and the cost of closing each, as points, lines and a table, over the flows.",
    (
        Option("DEMAND", "Demand (file)", "file", meaning="CSV; if none: the demand of the network."),
        Option("SCALE", "Factor on the demand", "number", "--scale", 1.0, least=0),
        Option(
            "YEAR", "Year of demand and capacities", "integer", "--year", least=1990, meaning="If none: the latest."
        ),
        Option("CLOSURES", "Number of resources to close one by one", "integer", "--closures", 10, least=0),
        Option("CLOSED_FOR_DAYS", "Duration of a closure (days)", "number", "--closed-for-days", 30.0, least=0),
        Option("ESTIMATED", "Demand split over crossings by counts", "flag", "--estimated", advanced=True),
        Option("CHECK", "Number of prices to check with one more TEU", "integer", "--check", 0, least=0, advanced=True),
        Option(
            "UNSERVED",
            "Cost of a TEU that is not carried (USD)",
            "number",
            "--unserved",
            least=0,
            advanced=True,
            meaning="If none: that of the data set.",
        ),
        _AVOID,
        _MODES,
        _PLANNED,
        Option("TIME_LIMIT", "Time limit (s)", "number", "--time-limit", least=0, advanced=True),
        _NETWORK,
        _SCENARIO,
    ),
    ("bottlenecks", "bottleneck-lines", "network"),
    (BOTTLENECKS,),
)

COMMANDS = (ROUTE, CORRIDORS_SIDE_BY_SIDE, REACH, MATRIX_OF_PLACES, BOTTLENECKS_OF_DEMAND)
