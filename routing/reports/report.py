"""Reports: the corridors between two places and the Pareto front of time and cost, in one page."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from landbridge.networks.arguments import PlaceLike, file_path, instance, whole_number, without_effect
from landbridge.networks.errors import QueryError
from landbridge.networks.files import write_text
from landbridge.networks.network import Network
from landbridge.routing.itineraries.itineraries import itinerary_layers, itinerary_tables
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.journeys import SEED
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import NetworkResult, check_made_with
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import Moment
from landbridge.routing.query.objectives import GENERALISED, ObjectiveName, Weights, undominated
from landbridge.routing.query.options import with_old_avoid
from landbridge.routing.query.query import Mode
from landbridge.routing.questions.compare_corridors import Comparison, CorridorAnswer, compare_corridors
from landbridge.routing.questions.pareto import ParetoFront, pareto
from landbridge.routing.reports.page_data import Shown, page_document
from landbridge.routing.reports.page_html import page_html
from landbridge.routing.simulation.network_simulation import NetworkSimulation
from landbridge.routing.simulation.shipment_simulation import ShipmentSimulation
from landbridge.routing.simulation.simulate import MAX_RUNS, simulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FRONT: Final = ("time", "cost")
"""Criteria of the front in a report."""

EPSILON: Final = 0.02
"""Itineraries of the front within 2 % of another in time and cost are not shown, so that pages stay readable."""

_WEIGHTS: Final = {
    "value_of_time_usd_per_h": "value of time {:g} USD/h",
    "reliability_usd_per_h": "value of reliability {:g} USD/h",
    "carbon_usd_per_t": "carbon price {:g} USD/t",
}


@dataclass(frozen=True, repr=False)
class Report(NetworkResult):
    """The corridors between two places, and the front of time and cost; `to_html` writes its page.

    Attributes
    ----------
    comparison
        The best itinerary of each corridor, and the corridors that are left out.
    front
        Few itineraries such that each of the Pareto front of time and cost is within 1 + epsilon of one of them.
    simulations
        The simulated times of the best itinerary of each corridor, if they were asked for.
    simulation
        The network under load, for the queues on the way; None if they are not shown.
    """

    _kept: ClassVar[tuple[str, ...]] = ("document",)

    comparison: Comparison
    front: ParetoFront
    simulations: tuple[ShipmentSimulation, ...] = ()
    simulation: NetworkSimulation | None = None

    def __repr__(self) -> str:
        """Return the ends and the numbers of corridors and itineraries."""
        return (
            f"<Report from {self.comparison.origin} to {self.comparison.destination}: "
            f"{len(self.comparison.corridors)} corridors, {len(self.itineraries)} itineraries>"
        )

    @cached_property
    def itineraries(self) -> list[Itinerary]:
        """The best itinerary of each corridor, then those of the front that are over 2 % better than each of them."""
        best = self.comparison.itineraries
        rivals = [item for item in best if _open(item)]
        return [*best, *(item for item in self.front.itineraries if not any(_covers(other, item) for other in rivals))]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison, the front, what was simulated, and the sources with the names of the JSON output."""
        found = {**self.comparison.to_dict(), "front": self.front.to_dict()}
        if self.simulations:
            found["simulations"] = [item.to_dict() for item in self.simulations]
        if self.simulation is not None:
            found["queues"] = deepcopy(list(self.document["under_load"]["queues"].values()))
        return {**found, "sources": deepcopy(self.document["sources"])}

    def plot(self) -> "Figure":
        """Return the chart of the corridors side by side.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return self.comparison.plot()

    def layers(self) -> Sequence[Layer]:
        """Return the itineraries, their hauls, and their operations and waits."""
        return itinerary_layers(self.itineraries)

    def tables(self) -> Sequence[RecordTable]:
        """Return the totals of each itinerary, the legs of all, and their sources."""
        sources = RecordTable(
            "sources", lambda: map(dict, self.document["sources"]), ("id", "kind", "title", "publisher", "year", "url")
        )
        return (*itinerary_tables(self.itineraries), sources)

    def to_html(self, path: str | Path) -> Path:
        """Write the report as one HTML page that works offline, atomically, and return the path.

        Raises
        ------
        QueryError
            If the name of the file does not end in .html, or it cannot be written.
        """
        target = html_named(path)
        write_text(target, page_html(self.document))
        return target

    @cached_property
    def document(self) -> dict[str, Any]:
        """What the page shows."""
        values = np.array([[item.value(name) for name in FRONT] for item in self.itineraries])
        values[[not _open(item) for item in self.itineraries]] = np.inf
        on_front = undominated(values) & np.isfinite(values).all(axis=1)
        best, simulated = len(self.comparison.corridors), dict(enumerate(self.simulations))
        answers = (*self.comparison.corridors, *map(CorridorAnswer, self.itineraries[best:]))
        shown = [
            Shown(answer.itinerary, answer.capacity_left, number < best, bool(first), simulated.get(number))
            for number, (answer, first) in enumerate(zip(answers, on_front, strict=True))
        ]
        return page_document(shown, self.comparison.left_out, self._head(), self.simulation)

    def _head(self) -> dict[str, Any]:
        options, network = self.meta["options"], self.network
        # An end that was given by its id has its name; anything else is shown as it was given.
        ends = map(self.itineraries[0].label, (self.comparison.origin, self.comparison.destination))
        return {
            "title": " to ".join(ends),
            "meta": {name: value for name, value in self.meta.items() if name != "options"},
            "usd_year": int(network.setting("usd_year")),
            "cargo": options["cargo"],
            "conditions": _conditions(options),
            "cities": options.get("resolved") or {},
            # Whatever is not shown is covered by the front, and the front by what is shown.
            "epsilon": (1 + self.front.realised_epsilon) * (1 + EPSILON) - 1,
        }


def _open(item: Itinerary) -> bool:
    """Whether an itinerary is open when it is asked for: without a date a seasonal one is closed most of the year."""
    return not item.seasonal or item.departs is not None


def _covers(other: Itinerary, item: Itinerary) -> bool:
    """Whether another itinerary is at most 2 % worse in each criterion of the front."""
    return all(other.value(name) <= (1 + EPSILON) * item.value(name) for name in FRONT)


def _conditions(options: dict[str, Any]) -> list[str]:
    """Return the conditions of a query as sentences for a reader."""
    named = {
        "via": "via",
        "avoid_countries": "avoiding the countries",
        "avoid_places": "avoiding",
        "avoid_crossings": "avoiding the borders",
        "modes": "by",
    }
    found = [f"{words} {', '.join(map(str, options[name]))}" for name, words in named.items() if options.get(name)]
    if options.get("depart"):
        found.append(f"departure {options['depart'].removesuffix('T00:00:00')}")
    if options.get("planned"):
        found.append("with planned links")
    objective = options["objective"]
    weights = [words.format(options[name]) for name, words in _WEIGHTS.items() if options.get(name)]
    found.append(f"sorted by {'generalised cost' if objective == GENERALISED else objective}")
    return [*found, *weights]


def html_named(path: str | Path) -> Path:
    """Return the path of a page.

    Raises
    ------
    QueryError
        If its name does not end in .html.
    """
    target = file_path(path, "path")
    if target.suffix.lower() not in {".html", ".htm"}:
        raise QueryError(f"{target.name} is not a page; use a name that ends in .html")
    return target


@with_old_avoid
def report(
    network: Network,
    origin: PlaceLike,
    destination: PlaceLike,
    *,
    cargo: Cargo | None = None,
    objective: ObjectiveName | Weights | None = None,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    depart: Moment | None = None,
    planned: bool = False,
    detours: bool = False,
    runs: int = 0,
    seed: int | None = None,
    promised: Moment | None = None,
    simulation: NetworkSimulation | None = None,
) -> Report:
    """Return a report on the corridors from one place to another; `to_html` writes it as one page.

    Parameters
    ----------
    network, origin, destination, cargo, objective, via, avoid, modes, depart, planned, detours
        As in `compare_corridors`.
    runs
        Number of simulated shipments of the best itinerary of each corridor; 0: none, without the panels on them.
    seed, promised
        As in `simulate`, with runs.
    simulation
        A simulation of the network under load (`simulate_network`), of which the page shows the queues on the way of
        each itinerary.

    Returns
    -------
    Report
        The best itinerary of each corridor as in `compare_corridors`, and those of the Pareto front of time and cost
        that are over 2 % better than each of them in one of the two.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    NoRouteError
        If there is no route; the message names the constraint that blocks it.

    Examples
    --------
    >>> import landbridge as lb
    >>> found = lb.report(lb.load_network(), "Almaty", "Poti")
    >>> found.to_html("almaty-poti.html").name
    'almaty-poti.html'
    """
    whole_number(runs, "runs", 0, MAX_RUNS)
    given_of_runs = [name for name, value in (("seed", seed), ("promised", promised)) if value is not None]
    if given_of_runs and not runs:
        raise QueryError(without_effect(given_of_runs, "without runs"))
    if simulation is not None:
        instance(simulation, NetworkSimulation, "simulation", "make it with simulate_network(network)")
        check_made_with(simulation, network, "simulation")
    # Two questions are asked, so an iterator is read once.
    given: dict[str, Any] = {"cargo": cargo, "via": via, "avoid": avoid, "modes": modes, "depart": depart}
    given["planned"] = planned
    shared: dict[str, Any] = {
        name: tuple(value) if isinstance(value, Iterator) else value for name, value in given.items()
    }
    comparison = compare_corridors(network, origin, destination, objective=objective, detours=detours, **shared)
    front = pareto(network, origin, destination, objectives=FRONT, epsilon=EPSILON, **shared)
    drawn: dict[str, Any] = {"runs": runs, "seed": SEED if seed is None else seed, "promised": promised}
    simulations = [simulate(item, **drawn) for item in comparison.itineraries if runs]
    return Report(network, comparison, front, tuple(simulations), simulation, meta=comparison.meta)
