"""The records that the compiled kernel works on, and the access to them.

`w`, the workspace, is one record: the scalars of a replication and the addresses of its arrays, which are arrays of
records, so that what is used together is stored together. `row_at(w, 3)` is the record of row 3, and can be written to.

A row is whatever entities wait at: first the stations, then the sides of lines of ships, then one for each source,
where its entities are held. Each row has `CLASSES` lists of waiting entities. The first entities are the ships, which
wait for berths like any other. A stand is a fleet at a port.
"""

from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.draws.standard_tables import WIDTH
from landbridge.routing.search.compilation import record_access, table_access
from landbridge.routing.simulation.calendar_queue import ARRAYS as CALENDAR_ARRAYS
from landbridge.routing.simulation.calendar_queue import SCALARS as CALENDAR_SCALARS


def _record(*, f8: str = "", u8: str = "", i8: str = "", i4: str = "") -> np.dtype[np.void]:
    """Return a type of records from the names of its fields of each type."""
    return np.dtype([(n, k) for k, names in (("f8", f8), ("u8", u8), ("i8", i8), ("i4", i4)) for n in names.split()])


ROW_TALLY: Final = _record(
    f8="arrivals_n arrivals_teu departures_n departures_teu wait_n wait_h wait_teu wait_teu_h clipped_wait_h"
    " clipped_wait_teu_h unfinished_n unfinished_h unfinished_teu_h queue_n_h queue_teu_h queue_start_n queue_start_teu"
    " queue_end_n queue_end_teu queue_max_teu busy_h open_h sailings empty_sailings loaded_teu anchor_h"
)
"""What is measured of a row; `replications` says what each field is."""

ROUTE_TALLY: Final = _record(
    f8="made_n made_teu finished_n finished_teu transit_h transit_h2 transit_teu_h inside_start_n inside_start_teu"
    " inside_end_n inside_end_teu"
)
"""What is measured of a route."""

INTERVAL: Final = _record(f8="queue_teu arrivals_n departures_teu wait_n wait_h unfinished_h")
"""What is measured of a row in an interval of its series."""

WAIT_OCTAVES: Final = (-7, 14)
WAIT_PARTS: Final = 16
"""Waits are counted in bins of 1/16 of each power of 2 hours from 2**-7 to 2**14, and one below and one above."""

TRANSIT_OCTAVES: Final = (0, 14)
TRANSIT_PARTS: Final = 32

WAIT_BINS: Final = (WAIT_OCTAVES[1] - WAIT_OCTAVES[0]) * WAIT_PARTS + 2
TRANSIT_BINS: Final = (TRANSIT_OCTAVES[1] - TRANSIT_OCTAVES[0]) * TRANSIT_PARTS + 2

COUNT: Final = _record(i8="n")
ROW: Final = _record(f8="n teu changed_h noted_teu_h came_teu left_teu lot_since_h", i8="series timed")
LIST: Final = _record(i4="first last")
STATION: Final = _record(
    f8="batch_teu mean_h sd_h max_wait_h factor opened_h",
    i8="free table bulk storm kind change change_end is_open is_queued",
)
CHANGE: Final = _record(f8="from_h factor")
STEP: Final = _record(f8="mean_h sd_h", i4="table kind target row")
ROUTE: Final = _record(f8="mean_h sd_h", i8="table first last")
SOURCE: Final = _record(f8="teu gap_h", u8="key", i8="route priority kind made hold hold_end")
HOLD: Final = _record(f8="from_h to_h")
ENTITY: Final = _record(f8="made_h since_h end_teu teu", u8="key", i4="source step next draws")
SHIP: Final = _record(
    f8="inbound_teu outbound_teu came_h berthed_h began_h work_h",
    u8="key",
    i8="fleet stand side to state inbound_first outbound_first outbound_last trips",
)
STAND: Final = _record(
    f8="call_h handling_teu_h", i8="fleet berth storm first_side last_side idle_first idle_last coming unloading"
)
SIDE: Final = _record(
    f8="capacity_teu factor max_wait_h mean_h sd_h", i8="row fleet stand to table change change_end called rest"
)
LEAVING: Final = _record(i8="side")
REACH: Final = _record(f8="hours")
FLEET: Final = _record(i8="first_stand last_stand first_ship last_ship is_due")
STORM: Final = _record(f8="spell_mean_h", u8="key", i8="is_on spells month")
MONTH: Final = _record(f8="start_h end_h")
SHARE: Final = _record(f8="of_month")
TODO: Final = _record(i8="number")

ARRAYS: Final = {
    **CALENDAR_ARRAYS,
    "rows": ROW,
    "row_tallies": ROW_TALLY,
    "wait_counts": COUNT,
    "intervals": INTERVAL,
    "lists": LIST,
    "stations": STATION,
    "changes": CHANGE,
    "steps": STEP,
    "routes": ROUTE,
    "route_tallies": ROUTE_TALLY,
    "transit_counts": COUNT,
    "sources": SOURCE,
    "holds": HOLD,
    "entities": ENTITY,
    "ships": SHIP,
    "stands": STAND,
    "sides": SIDE,
    "leaving": LEAVING,
    "reaches": REACH,
    "fleets": FLEET,
    "load_changes": CHANGE,
    "storms": STORM,
    "months": MONTH,
    "shares": SHARE,
    "todo": TODO,
}
"""The arrays of a workspace and their records.

`leaving` holds the sides by stand, `reaches` the hours of empty ships between each two stands, `shares` the stormy part
of each month for each storm, and `todo` what has to be looked at after an event: fleets, then stations.
"""

_NUMBERS: Final = (
    "n_rows n_stations n_sides n_sources n_routes n_ships n_stands n_fleets n_storms n_months n_intervals n_entities"
    " first_storm first_change first_timer first_source first_entity fresh free interval n_todo n_events most_events"
)

SCALARS: Final = (
    *CALENDAR_SCALARS,
    ("warm_up_h", "f8"),
    ("step_h", "f8"),
    ("key", "u8"),
    *((name, "i8") for name in _NUMBERS.split()),
)
"""Scalars of a workspace: of the queue, of the run, its sizes, first slots of each kind of event, and what changes."""

WORKSPACE: Final = np.dtype([*SCALARS, *((name, "u8") for name in ARRAYS), ("tables", "u8")])
"""The record `w`: the scalars, and the addresses of the arrays and of the tables of standardised variables."""

row_at = record_access(ROW, "rows")
tally_at = record_access(ROW_TALLY, "row_tallies")
wait_count_at = record_access(COUNT, "wait_counts")
interval_at = record_access(INTERVAL, "intervals")
list_at = record_access(LIST, "lists")
station_at = record_access(STATION, "stations")
change_at = record_access(CHANGE, "changes")
step_at = record_access(STEP, "steps")
route_at = record_access(ROUTE, "routes")
route_tally_at = record_access(ROUTE_TALLY, "route_tallies")
transit_count_at = record_access(COUNT, "transit_counts")
source_at = record_access(SOURCE, "sources")
hold_at = record_access(HOLD, "holds")
entity_at = record_access(ENTITY, "entities")
ship_at = record_access(SHIP, "ships")
stand_at = record_access(STAND, "stands")
side_at = record_access(SIDE, "sides")
leaving_at = record_access(LEAVING, "leaving")
reach_at = record_access(REACH, "reaches")
fleet_at = record_access(FLEET, "fleets")
load_change_at = record_access(CHANGE, "load_changes")
storm_at = record_access(STORM, "storms")
month_at = record_access(MONTH, "months")
share_at = record_access(SHARE, "shares")
todo_at = record_access(TODO, "todo")
tables_of = table_access(WIDTH, "tables")


def wait_edges_h() -> Floats:
    """Return the edges of the bins of waits; below the first and above the last is one bin each.

    Examples
    --------
    >>> edges = wait_edges_h().tolist()
    >>> edges[0], edges[-1], len(edges)
    (0.0078125, 16384.0, 337)
    """
    return _edges(WAIT_OCTAVES, WAIT_PARTS)


def transit_edges_h() -> Floats:
    """Return the edges of the bins of transit times, from 1 h to 16,384 h.

    Examples
    --------
    >>> float(transit_edges_h()[32])
    2.0
    """
    return _edges(TRANSIT_OCTAVES, TRANSIT_PARTS)


def _edges(octaves: tuple[int, int], parts: int) -> Floats:
    within = 1 + np.arange(parts) / parts
    return np.append((2.0 ** np.arange(*octaves)[:, None] * within).ravel(), 2.0 ** octaves[1])
