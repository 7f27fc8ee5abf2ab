"""Does the model agree with the world: every observation beside the model, and what the misses come to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np

from landbridge.networks.arguments import choice, texts
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network, network_given
from landbridge.networks.tables.table import Row
from landbridge.routing.validation.comparison import COUNTED_KINDS, TIME, ComparedObservation, compare
from landbridge.routing.validation.scores import Score, score

Half = Literal["training", "test"]
"""A half of the observations."""

HALVES: Final[tuple[str, ...]] = get_args(Half)
"""Halves of the observations: parameters may be fitted to the first and never to the second."""


@dataclass(frozen=True)
class Group:
    """The scores of the comparisons that have something in common.

    Attributes
    ----------
    quantity, name
        What is scored, and what the comparisons have in common.
    score
        Error, bias, coverage and sharpness.
    unanswered
        Comparable rows that the model has no answer to; they are in no score.
    lineages
        Lineage groups that the scored rows come from: rows of one group say much the same.
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
    """The length of a link beside a published one, in km."""

    link: str
    modelled_km: float
    published_km: float
    sources: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Modelled by published."""
        return self.modelled_km / self.published_km


@dataclass(frozen=True)
class Validation:
    """Observations beside the model.

    Attributes
    ----------
    comparisons
        One for each row of the table `observations`, in its order.
    lengths
        Links with a published length.
    name, version, reference_date
        Of the data set that was compared.
    """

    comparisons: tuple[ComparedObservation, ...]
    lengths: tuple[LinkLength, ...]
    name: str
    version: str
    reference_date: str

    def __repr__(self) -> str:
        """Return sizes and the coverage of regular and surveyed times."""
        headline = self.headline()
        found = "no interval" if headline.score.coverage is None else f"{headline.score.coverage:.0%} inside p10-p90"
        return f"<Validation of {self.name}: {len(self.comparisons)} observations; regular and surveyed times: {found}>"

    def headline(self, half: str | None = None) -> Group:
        """Return the scores of times that are observed in regular service or surveyed, of one half or of both."""
        rows = [item for item in self._counted_times() if half in {None, item.row["half"]}]
        return _group(TIME, f"regular and surveyed, {half or 'both halves'}", rows)

    def headline_with_excluded(self) -> Group:
        """Return the scores of regular and surveyed times of both halves, rows among them that do not count.

        It shows what the reasons for leaving rows out are worth: they may not make the model look better than it is.
        """
        rows = [item for item in self.comparisons if _is_headline(item)]
        return _group(TIME, "regular and surveyed, excluded rows too", rows, excluded=True)

    def groups(
        self, by: Callable[[ComparedObservation], str], among: Iterable[ComparedObservation] | None = None
    ) -> list[Group]:
        """Return the scores by quantity and by what a function says of each comparison.

        Parameters
        ----------
        by
            Name of the group of a comparison.
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
            "link_lengths": [
                {
                    "link": item.link,
                    "modelled_km": item.modelled_km,
                    "published_km": item.published_km,
                    "ratio": item.ratio,
                    "sources": list(item.sources),
                }
                for item in self.lengths
            ],
        }


def validate(network: Network, *, ids: str | Iterable[str] | None = None, half: Half | None = None) -> Validation:
    """Run every observation of a network through the model.

    Parameters
    ----------
    network
        The network; its table `observations` holds what to compare with.
    ids
        One or several rows to run; by default all.
    half
        `training` or `test`; by default both.

    Raises
    ------
    QueryError
        If the network has no observations, or an id or a half is unknown.

    Notes
    -----
    A row is searched for by least mean time, with its corridor, modes, via and date of departure.
    `ComparedObservation` says which clock it compares with.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> found = validate(load_network(), ids=["T03"])
    >>> found.comparisons[0].compared_with
    'p50'
    """
    wanted = None if ids is None else texts(ids, "ids", "ids of observations")
    rows = _chosen(network_given(network), wanted, half)
    return Validation(
        comparisons=tuple(compare(network, row) for row in rows),
        lengths=published_lengths(network),
        name=network.setting("name"),
        version=network.setting("version"),
        reference_date=network.setting("reference_date"),
    )


def published_lengths(network: Network) -> tuple[LinkLength, ...]:
    """Return the links with a published length beside the one that the model uses."""
    return tuple(
        LinkLength(link["id"], length_km, link["published_km"], link["published_source"])
        for link, length_km in zip(network.links, network.link_lengths_km, strict=True)
        if link["published_km"]
    )


def _chosen(network: Network, ids: Iterable[str] | None, half: str | None) -> list[Row]:
    if half is not None:
        choice(half, "half", HALVES)
    rows = network.tables["observations"].rows
    if not rows:
        raise QueryError("the network has no observations; give it a table observations")
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
    """Return the number of links with a published length, and median, p90 and largest of their relative difference."""
    differences = np.array([abs(item.ratio - 1) for item in lengths])
    if not len(differences):
        return {"count": 0}
    return {
        "count": len(differences),
        "median": float(np.median(differences)),
        "p90": float(np.quantile(differences, 0.9)),
        "largest": float(differences.max()),
    }
