"""Validation of the model: comparison with every observation, and scores."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np

from landbridge.networks.arguments import choice, texts
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network, network_given
from landbridge.networks.tables.table import Row
from landbridge.networks.words import counted
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.validation.comparison import COUNTED_KINDS, TIME, ComparedObservation, answered, compare
from landbridge.routing.validation.scores import Score, score

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Half = Literal["training", "test"]
"""A half of the observations."""

HALVES: Final[tuple[str, ...]] = get_args(Half)
"""Halves of the observations: parameters may be fitted to the first but never to the second."""


@dataclass(frozen=True)
class Group:
    """The scores of a group of comparisons.

    Attributes
    ----------
    quantity, name
        Quantity that is scored, and name of the group.
    score
        Error, bias, coverage and sharpness.
    unanswered
        Number of comparable rows without a result of the model; they are not scored.
    lineages
        Number of lineage groups of the scored rows; rows of one group are not independent.
    """

    quantity: str
    name: str
    score: Score
    unanswered: int
    lineages: int

    def to_dict(self) -> dict[str, Any]:
        """Return the group with the names of the JSON output."""
        named = {name: getattr(self, name) for name in ("quantity", "name", "unanswered", "lineages")}
        return {**named, **self.score.to_dict()}


@dataclass(frozen=True)
class LinkLength:
    """The modelled and the published length of a link in km."""

    link: str
    modelled_km: float
    published_km: float
    sources: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Modelled divided by published length."""
        return self.modelled_km / self.published_km

    def to_dict(self) -> dict[str, Any]:
        """Return the lengths with the names of the JSON output."""
        named = {name: getattr(self, name) for name in ("link", "modelled_km", "published_km", "ratio")}
        return {**named, "sources": list(self.sources)}


@dataclass(frozen=True, repr=False)
class Validation(Result):
    """Comparison of observations with the model.

    Attributes
    ----------
    comparisons
        One for each row of the table `observations`, in order.
    lengths
        Links with a published length.
    name, version, reference_date
        Name, version and reference date of the data set.
    """

    comparisons: tuple[ComparedObservation, ...]
    lengths: tuple[LinkLength, ...]
    name: str
    version: str
    reference_date: str

    def __repr__(self) -> str:
        """Return the number of observations and the coverage of regular and surveyed times."""
        headline = self.headline()
        found = "no interval" if headline.score.coverage is None else f"{headline.score.coverage:.0%} inside p10-p90"
        rows = counted(len(self.comparisons), "observation")
        return f"<Validation of {self.name}: {rows}; regular and surveyed times: {found}>"

    def headline(self, half: str | None = None) -> Group:
        """Return the scores of times from regular service or surveys, of one half or both."""
        rows = [item for item in self._counted_times() if half in {None, item.row["half"]}]
        return _group(TIME, f"regular and surveyed, {half or 'both halves'}", rows)

    def headline_with_excluded(self) -> Group:
        """Return the scores of regular and surveyed times of both halves, including rows that do not count.

        It shows the effect of excluding rows, which must not make the model look better than it is.
        """
        rows = [item for item in self.comparisons if _is_headline(item)]
        return _group(TIME, "regular and surveyed, excluded rows too", rows, excluded=True)

    def groups(
        self, by: Callable[[ComparedObservation], str], among: Iterable[ComparedObservation] | None = None
    ) -> list[Group]:
        """Return the scores by quantity and group.

        Parameters
        ----------
        by
            Function that returns the group name of a comparison.
        among
            Comparisons to group; by default all.
        """
        found: dict[tuple[str, str], list[ComparedObservation]] = {}
        for item in self.comparisons if among is None else among:
            if item.row["comparable"]:
                found.setdefault((item.row["quantity"], by(item)), []).append(item)
        return [_group(quantity, name, rows) for (quantity, name), rows in sorted(found.items())]

    def by_kind(self) -> list[Group]:
        """Return the scores by quantity and kind; demonstrations are compared with p10."""
        return self.groups(lambda item: str(item.row["kind"]))

    def by_corridor(self) -> list[Group]:
        """Return the scores of regular and surveyed times by corridor."""
        return self.groups(lambda item: item.corridor, self._counted_times())

    def by_half(self) -> list[Group]:
        """Return the scores of all comparable rows by quantity and half."""
        return self.groups(lambda item: str(item.row["half"]))

    def _counted_times(self) -> list[ComparedObservation]:
        return [item for item in self.comparisons if _is_headline(item) and item.row["comparable"]]

    def to_dict(self) -> dict[str, Any]:
        """Return everything with the names of the JSON output."""
        return {
            "network": {"name": self.name, "version": self.version, "reference_date": self.reference_date},
            "headline": [self.headline(half).to_dict() for half in (None, *HALVES)],
            "headline_with_excluded": self.headline_with_excluded().to_dict(),
            "by_kind": [group.to_dict() for group in self.by_kind()],
            "by_corridor": [group.to_dict() for group in self.by_corridor()],
            "by_half": [group.to_dict() for group in self.by_half()],
            "observations": [item.to_dict() for item in self.comparisons],
            "link_lengths": [item.to_dict() for item in self.lengths],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the comparisons, the scores by kind, corridor and half, and the lengths of links."""
        return (
            RecordTable("observations", self._rows),
            RecordTable("scores", self._score_rows),
            RecordTable("link_lengths", lambda: [flat(item.to_dict()) for item in self.lengths]),
        )

    def _rows(self) -> list[dict[str, Any]]:
        blank = {f"modelled_{name}": None for name in ("mean", "p10", "p50", "p90", "value")}
        return [
            flat({name: value for name, value in item.to_dict().items() if name != "modelled"})
            | blank
            | {f"modelled_{name}": value for name, value in item.modelled.items()}
            for item in self.comparisons
        ]

    def _score_rows(self) -> list[dict[str, Any]]:
        groups = {
            "all": [self.headline()],
            "kind": self.by_kind(),
            "corridor": self.by_corridor(),
            "half": self.by_half(),
        }
        return [{"by": by} | group.to_dict() for by, found in groups.items() for group in found]

    def plot(self) -> "Figure":
        """Return the chart of modelled against observed values.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        from landbridge.routing.validation.chart import draw

        return draw(self.comparisons, f"{self.name} {self.version}", self.meta)


def validate(
    network: Network,
    *,
    ids: str | Iterable[str] | None = None,
    half: Half | None = None,
    progress: Callable[[int], object] | None = None,
) -> Validation:
    """Run every observation of a network through the model.

    Parameters
    ----------
    network
        The network, with the table `observations`.
    ids
        One or several rows to run; by default all.
    half
        `training` or `test`; by default both.
    progress
        Function called with 1 after each observation; for long runs.

    Raises
    ------
    QueryError
        If the network has no observations, or an id or a half is unknown.

    Notes
    -----
    For each row the itinerary of least mean time is searched, with its corridor, modes, via and date of departure.
    `ComparedObservation` describes the basis of the comparison.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import validate
    >>> found = validate(load_network(), ids=["T03"])
    >>> found.comparisons[0].compared_with
    'p50'
    """
    rows = observations_asked(network, ids, half)
    return Validation(
        comparisons=_compared(network, rows, progress or (lambda _: None)),
        lengths=published_lengths(network),
        name=network.setting("name"),
        version=network.setting("version"),
        reference_date=network.setting("reference_date"),
        meta=meta_of(network.tables, {"ids": None if ids is None else [row["id"] for row in rows], "half": half}),
    )


def observations_asked(network: Network, ids: str | Iterable[str] | None, half: Half | None) -> list[Row]:
    """Return the rows of observations that `validate` runs.

    Raises
    ------
    QueryError
        If the network has no observations, or an id or a half is unknown.
    """
    wanted = None if ids is None else texts(ids, "ids", "ids of observations")
    return _chosen(network_given(network), wanted, half)


def _compared(
    network: Network, rows: Sequence[Row], progress: Callable[[int], object]
) -> tuple[ComparedObservation, ...]:
    """Return the rows beside the model; what several of them ask is searched once, the calendar of a year made once."""
    ask = cache(partial(answered, network))
    in_time = sorted(range(len(rows)), key=lambda number: rows[number]["first"] or date.min)
    found = {}
    for number in in_time:
        found[number] = compare(network, rows[number], ask)
        progress(1)
    return tuple(found[number] for number in range(len(rows)))


def published_lengths(network: Network) -> tuple[LinkLength, ...]:
    """Return the links with a published length that the model does not use, with the measured one that it uses."""
    return tuple(
        LinkLength(link["id"], length_km, link["published_km"], link["published_source"])
        for link, length_km in zip(network.links, network.link_lengths_km, strict=True)
        if link["published_km"] and link["published_km"] != link["length_km"]
    )


def _chosen(network: Network, ids: Iterable[str] | None, half: str | None) -> list[Row]:
    if half is not None:
        choice(half, "half", HALVES)
    rows = network.tables["observations"].rows
    if not rows:
        raise QueryError("the network has no observations; add a table observations")
    wanted = None if ids is None else list(ids)
    unknown = sorted(set(wanted or ()) - {row["id"] for row in rows})
    if unknown:
        raise QueryError(f"there is no observation {', '.join(unknown)}; see the table observations")
    return [row for row in rows if (wanted is None or row["id"] in wanted) and half in {None, row["half"]}]


def _is_headline(item: ComparedObservation) -> bool:
    return bool(item.row["quantity"] == TIME and item.row["kind"] in COUNTED_KINDS)


def _group(quantity: str, name: str, rows: Iterable[ComparedObservation], *, excluded: bool = False) -> Group:
    listed = list(rows)
    scored = {item.row["id"]: case for item in listed if (case := item.case(excluded=excluded)) is not None}
    lineages = {item.row["lineage_group"] for item in listed if item.row["id"] in scored}
    return Group(quantity, name, score(list(scored.values())), sum(item.unanswered for item in listed), len(lineages))


def length_summary(lengths: Iterable[LinkLength]) -> dict[str, float]:
    """Return the number of links with a published length, and median, p90 and maximum of the relative difference."""
    differences = np.array([abs(item.ratio - 1) for item in lengths])
    if not len(differences):
        return {"count": 0}
    return {
        "count": len(differences),
        "median": float(np.median(differences)),
        "p90": float(np.quantile(differences, 0.9)),
        "largest": float(differences.max()),
    }
