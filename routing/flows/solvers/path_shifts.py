"""Gradient projection on paths in compiled code (Jayakrishnan, Tsai, Prashker and Rajadhyaksha 1994).

For each commodity flow is shifted from every more expensive path to the cheapest one. The amount is found by Newton's
method on the difference of their prices, which only the rows that the two do not share change; it is bracketed between
nothing and all flow of the path.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Indices
from landbridge.routing.resources.compiled_delays import wait
from landbridge.routing.search.compilation import njit, njit_inline

CURVE: Final = np.dtype(
    [("size", "f8"), ("power", "f8"), ("capacity", "f8"), ("background", "f8"), ("rest", "f8"), ("kind", "i8")]
)
"""The delay function of a row; `rest` is the wait due to the background."""

PAIR: Final = np.dtype(
    [
        ("amount", "f8"),
        ("unserved_cost", "f8"),
        ("worth", "f8"),
        ("destination", "i4"),
        ("first", "i4"),
        ("paths", "i4"),
        ("ruled", "i4"),
    ]
)
"""A commodity: `worth` is the cost of an hour, `first` its first path, `ruled` whether other rules bind its paths."""

PATH: Final = np.dtype(
    [
        ("cost", "f8"),
        ("flow", "f8"),
        ("start", "i8"),
        ("edge_start", "i8"),
        ("rows", "i4"),
        ("edges", "i4"),
        ("next", "i4"),
        ("way", "i4"),
    ]
)
"""A path: `cost` without waits, its rows with a delay and its edges in the lists, and the next path of its commodity.

A path without edges from `start` on, `edges` being `NOT_SERVED`, stands for demand that is not served.
"""

NOT_SERVED: Final = -1
NO_PATH: Final = -1

_STEPS = 12
_NEAR = 0.1
"""Fraction of the difference of two prices at which a shift ends."""
_ROUNDING = 1e-14
_LEAP_STEPS = 8


class Rows(NamedTuple):
    """The rows with a delay: the functions, and for now load, price in hours, and slope of the price."""

    curve: "np.ndarray[Any, Any]"
    terms: Floats
    load: Floats
    price: Floats
    slope: Floats


class Paths(NamedTuple):
    """Commodities and paths, with lists of the rows of the paths, their uses (none: all 1), and their edges.

    `tally` says how much of the arrays is used: see `PATHS`.
    """

    pair: "np.ndarray[Any, Any]"
    path: "np.ndarray[Any, Any]"
    rows: Indices
    uses: Floats
    edges: Indices
    tally: "np.ndarray[Any, np.dtype[np.int64]]"


class Net(NamedTuple):
    """Work space of a shift: the difference of two paths by row, and the rows in which they differ."""

    of_row: Floats
    row: Indices
    way: Floats


@njit_inline
def settle(row: int, curve: Any, terms: Any, load: Any, price: Any, slope: Any, system: bool) -> None:  # noqa: PLR0917
    """Set price and slope of a row for its load: the wait, and in a system optimum also what others wait for it."""
    # Rounding may leave a load below 0; a price below 0 would be a cycle of negative weight where edges cost nothing.
    at, held = curve[row], max(load[row], 0.0)
    value, rise, bend = wait(at.kind, at.size, at.power, terms, row, (at.background + held) / at.capacity)
    rise /= at.capacity
    price[row], slope[row] = max(value - at.rest, 0.0), rise
    if system:
        price[row] += held * rise
        slope[row] += rise + held * bend / at.capacity**2


@njit
def settle_all(rows: Any, system: bool) -> None:
    """Set prices and slopes of all rows for their loads."""
    curve, terms, load, price, slope = rows
    for row in range(len(load)):
        settle(row, curve, terms, load, price, slope, system)


@njit
def reload(paths: Any, rows: Any, system: bool) -> None:
    """Set the loads to those of the flows, so that rounding errors do not accumulate, and all prices."""
    pair, path, listed, uses, load = paths.pair, paths.path, paths.rows, paths.uses, rows.load
    load[:] = 0.0
    for number in range(len(pair)):
        at = pair[number].first
        while at != NO_PATH:
            add_load(at, path[at].flow, path, listed, uses, load)
            at = path[at].next
    settle_all(rows, system)


@njit
def edge_flows(paths: Any, edges: int) -> Any:
    """Return the flow on each edge, shape (edges,)."""
    pair, path, listed, found = paths.pair, paths.path, paths.edges, np.zeros(edges)
    for number in range(len(pair)):
        at = pair[number].first
        while at != NO_PATH:
            for place in range(path[at].edge_start, path[at].edge_start + path[at].edges):
                found[listed[place]] += path[at].flow
            at = path[at].next
    return found


@njit
def in_order(least: int, paths: Any) -> Any:
    """Return the paths by commodity, of those with at least so many, and the commodity of each path."""
    pair, path, count = paths.pair, paths.path, 0
    for number in range(len(pair)):
        count += pair[number].paths if pair[number].paths >= least else 0
    order, owner, place = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for number in range(len(pair)):
        at = pair[number].first if pair[number].paths >= least else NO_PATH
        while at != NO_PATH:
            order[place], owner[place] = at, number
            place += 1
            at = path[at].next
    return order, owner


@njit
def edges_of(chosen: Any, paths: Any) -> Any:
    """Return where the edges of each of some paths begin in a list, and that list."""
    path, listed, start = paths.path, paths.edges, np.zeros(len(chosen) + 1, np.int64)
    for place in range(len(chosen)):
        start[place + 1] = start[place] + path[chosen[place]].edges
    edges, end = np.empty(start[-1], np.int32), 0
    for at in chosen:
        for place in range(path[at].edge_start, path[at].edge_start + path[at].edges):
            edges[end] = listed[place]
            end += 1
    return start, edges


@njit
def pack(order: Any, paths: Any, into: Any) -> None:
    """Copy some paths, one after another in this order, to the arrays of others, which have room for them."""
    _, old, old_rows, old_uses, old_edges, _ = paths
    _, path, new_rows, new_uses, new_edges, _ = into
    rows, edges = 0, 0
    for place in range(len(order)):
        path[place] = old[order[place]]
        own, start, edge_start = path[place], path[place].start, path[place].edge_start
        own.start, own.edge_start = rows, edges
        for step in range(own.rows if len(new_rows) else 0):
            new_rows[rows] = old_rows[start + step]
            if len(new_uses):
                new_uses[rows] = old_uses[start + step]
            rows += 1
        for step in range(own.edges if len(new_edges) else 0):
            new_edges[edges] = old_edges[edge_start + step]
            edges += 1


@njit
def rescale(paths: Any) -> None:
    """Scale the flows of each commodity to its amount."""
    pair, path = paths.pair, paths.path
    for number in range(len(pair)):
        carried, at = 0.0, pair[number].first
        while at != NO_PATH:
            carried += path[at].flow
            at = path[at].next
        at = pair[number].first
        while at != NO_PATH:
            path[at].flow *= pair[number].amount / carried
            at = path[at].next


@njit_inline
def add_load(at: int, amount: float, path: Any, listed: Any, uses: Any, load: Any) -> None:  # noqa: PLR0917
    """Add an amount to the loads of the rows of a path."""
    for place in range(path[at].start, path[at].start + path[at].rows):
        load[listed[place]] += amount * uses[place] if len(uses) else amount


@njit_inline
def price_of(at: int, worth: float, path: Any, listed: Any, uses: Any, price: Any) -> float:  # noqa: PLR0917
    """Return the price of a path."""
    hours = 0.0
    begin, end = path[at].start, path[at].start + path[at].rows
    if len(uses):
        for place in range(begin, end):
            hours += uses[place] * price[listed[place]]
    else:
        for place in range(begin, end):
            hours += price[listed[place]]
    return float(path[at].cost + worth * hours)


@njit_inline
def _difference(dear: int, cheap: int, path: Any, listed: Any, uses: Any, of_row: Any, near: Any, ways: Any) -> int:  # noqa: PLR0917
    """Collect the rows that two paths do not share, with the use of each by a unit shifted; return their number."""
    for side in range(2):
        at, sign = (cheap, 1.0) if side else (dear, -1.0)
        for place in range(path[at].start, path[at].start + path[at].rows):
            of_row[listed[place]] += sign * uses[place] if len(uses) else sign
    count = 0
    for side in range(2):
        at = cheap if side else dear
        for place in range(path[at].start, path[at].start + path[at].rows):
            row = listed[place]
            if of_row[row] != 0.0:
                near[count], ways[count] = row, of_row[row]
                of_row[row] = 0.0
                count += 1
    return count


@njit_inline
def _shift(  # noqa: PLR0917
    dear: int,
    cheap: int,
    worth: float,
    system: bool,
    path: Any,
    listed: Any,
    uses: Any,
    curve: Any,
    terms: Any,
    load: Any,
    price: Any,
    slope: Any,
    of_row: Any,
    near: Any,
    ways: Any,
) -> None:
    """Shift flow from a path to a cheaper one until they cost about the same; loads and prices go with it."""
    count = _difference(dear, cheap, path, listed, uses, of_row, near, ways)
    fixed, whole = path[dear].cost - path[cheap].cost, path[dear].flow
    above, steep = fixed, 0.0
    for number in range(count):
        above -= worth * ways[number] * price[near[number]]
        steep += worth * ways[number] ** 2 * slope[near[number]]
    low, high, tested, at_first, done = 0.0, whole, False, above, 0.0
    amount = whole if steep * whole <= above else above / steep
    for _ in range(_STEPS if above > 0.0 else 0):
        above, steep = fixed, 0.0
        for number in range(count):
            row, way = near[number], ways[number]
            load[row] += way * (amount - done)
            settle(row, curve, terms, load, price, slope, system)
            above -= worth * way * price[row]
            steep += worth * way * way * slope[row]
        done = amount
        if (above >= 0.0 and amount >= whole) or abs(above) <= _NEAR * at_first or high - low <= 1e-15 * whole:
            break
        if above > 0.0:
            low = amount
        else:
            high, tested = amount, True
        newton = amount + above / steep if steep > 0.0 else np.inf
        if newton <= low or (newton >= high and tested):
            newton = (low + high) / 2.0
        amount = min(newton, high)
    path[dear].flow = 0.0 if done >= whole else whole - done
    path[cheap].flow += done


@njit_inline
def visit(  # noqa: PLR0917
    number: int,
    system: bool,
    drop: bool,
    floor: float,
    pair: Any,
    path: Any,
    listed: Any,
    uses: Any,
    tally: Any,
    curve: Any,
    terms: Any,
    load: Any,
    price: Any,
    slope: Any,
    of_row: Any,
    near: Any,
    ways: Any,
) -> float:
    """Shift all flow of a commodity towards its cheapest path, and return what it cost too much before.

    Parameters
    ----------
    drop
        Whether more expensive paths without flow are removed.
    floor
        Excess up to which nothing is shifted.
    pair, path, listed, uses, tally
        The arrays of `Paths` but the edges.
    curve, terms, load, price, slope
        Those of `Rows`.
    of_row, near, ways
        Those of `Net`.

    Notes
    -----
    Handing on tuples of arrays instead counts references at each use, which took three times as long.
    """
    worth, best, least, paid, carried = pair[number].worth, NO_PATH, np.inf, 0.0, 0.0
    at = pair[number].first
    while at != NO_PATH:
        own = price_of(at, worth, path, listed, uses, price)
        paid += path[at].flow * own
        carried += path[at].flow
        if own < least:
            best, least = at, own
        at = path[at].next
    excess = paid - carried * least
    shifting = excess > max(floor, _ROUNDING * paid)
    if shifting or drop:
        at, before = pair[number].first, NO_PATH
        while at != NO_PATH:
            after = path[at].next
            if shifting and at != best and path[at].flow > 0.0:
                _shift(
                    at, best, worth, system, path, listed, uses, curve, terms, load, price, slope, of_row, near, ways
                )
            if drop and at != best and path[at].flow <= 0.0:
                _remove(number, at, before, pair, path, tally)
            else:
                before = at
            at = after
    return max(excess, 0.0)


PATHS, FREE, ROWS, EDGES, WASTE = range(5)
"""Places in `Paths.tally`: paths ever made, the first free one, ends of both lists, and what of `edges` is not used."""


@njit_inline
def _remove(number: int, at: int, before: int, pair: Any, path: Any, tally: Any) -> None:  # noqa: PLR0917
    """Remove a path from its commodity; its place is used again, its part of the lists not before they are packed."""
    if before == NO_PATH:
        pair[number].first = path[at].next
    else:
        path[before].next = path[at].next
    tally[WASTE] += max(path[at].edges, 0)
    pair[number].paths -= 1
    path[at].next = tally[FREE]
    tally[FREE] = at


@njit
def sweep(system: bool, floor: float, paths: Any, rows: Any, net: Any) -> float:
    """Visit each commodity with several paths once, and return what they cost too much; `floor` as in `visit`."""
    pair, path, listed, uses, _, tally = paths
    curve, terms, load, price, slope = rows
    of_row, near, ways = net
    total = 0.0
    for number in range(len(pair)):
        if pair[number].paths > 1:
            total += visit(
                number, system, False, floor, pair, path, listed, uses, tally,
                curve, terms, load, price, slope, of_row, near, ways,
            )  # fmt: skip
    return total


@njit
def spare(paths: Any, rows: Any) -> float:
    """Return what the commodities with several paths cost too much at the prices of now.

    A sweep sees less than this where commodities share a steep row: what the first shifts makes it right for all.
    """
    pair, path, listed, uses = paths.pair, paths.path, paths.rows, paths.uses
    now, total = rows.price, 0.0
    for number in range(len(pair)):
        if pair[number].paths > 1:
            least, paid, carried, at = np.inf, 0.0, 0.0, pair[number].first
            while at != NO_PATH:
                price = price_of(at, pair[number].worth, path, listed, uses, now)
                least = min(least, price)
                paid += path[at].flow * price
                carried += path[at].flow
                at = path[at].next
            total += max(paid - carried * least, 0.0)
    return total


@njit
def leap(before: Any, system: bool, most: float, paths: Any, rows: Any, row_way: Any) -> float:  # noqa: PLR0917
    """Go on in the direction of the last sweeps to where Beckmann's program is least, and return the step.

    Rows that are substitutes for each other make sweeps progress slowly in one direction; this is the acceleration by
    parallel tangents (LeBlanc, Helgason and Boyce 1985). The price of a path in hours is the gradient of the program;
    commodities whose hours cost nothing, or that would soon empty a path, stay as they are.

    Parameters
    ----------
    before
        Flow on each path before the sweeps.
    most
        Largest step, 1 being that of the sweeps.
    row_way
        Work space, shape (rows,).
    """
    pair, path, listed, uses = paths.pair, paths.path, paths.rows, paths.uses
    row_way[:] = 0.0
    fixed, high = 0.0, most
    for number in range(len(pair)):
        room = _room(number, before, paths)
        if room >= 1.0:
            high = min(high, room)
            at = pair[number].first
            while at != NO_PATH:
                way = path[at].flow - before[at]
                fixed += way * path[at].cost / pair[number].worth
                add_load(at, way, path, listed, uses, row_way)
                at = path[at].next
    step = _least_along(high, fixed, system, rows, row_way) if high > 0.0 else 0.0
    if step > 0.0:
        _go_on(step, before, paths)
        for row in range(len(row_way)):
            rows.load[row] += step * row_way[row]
        settle_all(rows, system)
    return step


@njit
def _least_along(most: float, fixed: float, system: bool, rows: Any, row_way: Any) -> float:
    """Return the step up to which the program falls, by false position (Illinois); 0 if it does not fall at all."""
    low, high = 0.0, most
    falls = _slope_along(low, fixed, system, rows, row_way)
    rises = _slope_along(high, fixed, system, rows, row_way)
    if falls >= 0.0 or rises <= 0.0:
        return 0.0 if falls >= 0.0 else most
    enough = -_NEAR * falls
    for _ in range(_LEAP_STEPS):
        middle = low + (high - low) * falls / (falls - rises)
        slope = _slope_along(middle, fixed, system, rows, row_way)
        if abs(slope) <= enough:
            return middle
        if slope < 0.0:
            low, falls, rises = middle, slope, rises / 2.0
        else:
            high, rises, falls = middle, slope, falls / 2.0
    return low


@njit
def _room(number: int, before: Any, paths: Any) -> float:
    """Return how many times a commodity can repeat its last shifts before a path is empty, 0 if it does not leap."""
    pair, path, room = paths.pair, paths.path, np.inf
    at = pair[number].first if pair[number].paths > 1 and pair[number].worth > 0.0 else NO_PATH
    if at == NO_PATH:
        return 0.0
    while at != NO_PATH:
        way = path[at].flow - before[at]
        if way < 0.0:
            room = min(room, path[at].flow / -way)
        at = path[at].next
    return room if room < np.inf else 0.0


@njit
def _slope_along(step: float, fixed: float, system: bool, rows: Any, row_way: Any) -> float:
    """Return by how much the program grows with the step."""
    curve, terms, loads, _, _ = rows
    slope = fixed
    for row in range(len(curve)):
        if row_way[row] != 0.0:
            at, load = curve[row], loads[row] + step * row_way[row]
            rho = (at.background + load) / at.capacity
            value, rise, _ = wait(at.kind, at.size, at.power, terms, row, rho)
            slope += row_way[row] * (value - at.rest + (load * rise / at.capacity if system else 0.0))
    return slope


@njit
def _go_on(step: float, before: Any, paths: Any) -> None:
    pair, path = paths.pair, paths.path
    for number in range(len(pair)):
        if _room(number, before, paths) >= 1.0:
            at = pair[number].first
            while at != NO_PATH:
                path[at].flow = max(path[at].flow + step * (path[at].flow - before[at]), 0.0)
                at = path[at].next
