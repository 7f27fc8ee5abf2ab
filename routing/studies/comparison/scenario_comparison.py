"""The result of a comparison: what two networks answer to the same question, and the differences."""

import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network, network_given
from landbridge.networks.words import counted
from landbridge.routing.output.layers import Layer
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.studies.comparison.charts import draw_flows, draw_pairs
from landbridge.routing.studies.comparison.layers import (
    LINK_CHANGES,
    RESOURCE_CHANGES,
    link_change_features,
    resource_change_features,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FlowComparison:
    """The flows of a demand before and after, as records.

    A column `x` of a figure is there as `x_before`, `x_after` and `x_change`; a mean or a price is None where nothing
    is carried or priced.

    Attributes
    ----------
    status_before, status_after, message_before, message_after
        How each assignment ended.
    year_before, year_after
        Years of demand and capacities.
    totals
        Demand, what is carried and not, generalised cost of the first and penalty of the second, what is paid,
        emissions, hours, and consumer surplus.
    corridors
        The same for each corridor, with its share of what is carried.
    shippers
        The same `by` origin_country, destination_country, flow and cargo_class: who pays more.
    demand
        The same for each row of demand, with the modes that it admits (blank: any) and the corridor of most of it.
    operators
        TEU that pass, and what is paid there, `by` corridor, country, place, mode and crossing: who gains and loses.
        Revenue is None where the cost model pays nobody.
    resources
        Use, capacity, shadow price and worth (price times residual capacity) of each resource.
    links
        Flow of each link and direction.
    """

    status_before: str
    status_after: str
    message_before: str
    message_after: str
    year_before: int | None
    year_after: int | None
    totals: Record
    corridors: tuple[Record, ...]
    shippers: tuple[Record, ...]
    demand: tuple[Record, ...]
    operators: tuple[Record, ...]
    resources: tuple[Record, ...]
    links: tuple[Record, ...]


@dataclass(frozen=True, eq=False, repr=False)
class ScenarioComparison(Result):
    """What changes between two scenarios: for pairs of places, or for the flows of a demand.

    A stored (pickled) one has all its records; only layers need the networks, see `with_networks`.

    Attributes
    ----------
    before, after
        Names of the scenarios, `base` without one.
    pairs
        A record for each pair; empty if a demand was compared.
    flows
        What changes in the flows of a demand; None if pairs were compared.
    break_even
        For each side, and each pair or row of demand: the thresholds at which each corridor wins (see
        `routing/studies/comparison/break_even.py`).
    leads
        For each side, market and corridor: the thresholds at which it has the largest share by free choice. Markets are
        all demand with more than one alternative, and each of its flows.
    titles
        Titles of the scenarios before and after for the chart, their names where they have none.
    """

    before: str
    after: str
    pairs: tuple[Record, ...] = ()
    flows: FlowComparison | None = None
    break_even: tuple[Record, ...] = ()
    leads: tuple[Record, ...] = ()
    titles: tuple[str, str] | None = None
    _networks: tuple[Network, Network] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """Return the scenarios and the change in brief."""
        if self.flows is None:
            moved = sum(pair["outcome"] not in {"same", "none"} for pair in self.pairs)
            what = f"{moved} of {counted(len(self.pairs), 'pair')} changed"
        else:
            totals = self.flows.totals
            usd = totals["total_usd_day_change"]
            cost = "" if usd is None else f", {usd:+,.0f} USD a day"
            what = f"{totals['carried_teu_day_change']:+,.1f} TEU a day carried{cost}"
        return f"<ScenarioComparison {self.before} -> {self.after}: {what}>"

    @property
    def networks(self) -> tuple[Network, Network]:
        """The networks before and after.

        Raises
        ------
        QueryError
            If the result was stored without them.
        """
        if self._networks is None:
            raise QueryError(
                "this ScenarioComparison was stored without its networks; attach them with"
                " `with_networks(before, after)`"
            )
        return self._networks

    def with_networks(self, before: Network, after: Network) -> Self:
        """Return a stored result with its networks, the scenarios applied.

        Raises
        ------
        QueryError
            If one is no network.
        """
        return replace(self, _networks=(network_given(before), network_given(after)))

    def __getstate__(self) -> dict[str, Any]:
        """Return the compressed state to store: everything except the networks."""
        return {"packed": zlib.compress(pickle.dumps(vars(self) | {"_networks": None}))}

    def __setstate__(self, state: dict[str, bytes]) -> None:
        """Restore the stored state."""
        # Calling `pickle.loads` implies trust in the pickle, of which this is a part.
        vars(self).update(pickle.loads(zlib.decompress(state["packed"])))  # noqa: S301

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison with the names of the JSON output."""
        return {
            "before": self.before,
            "after": self.after,
            "pairs": [dict(pair) for pair in self.pairs],
            "flows": None if self.flows is None else asdict(self.flows),
            "break_even": [dict(row) for row in self.break_even],
            "leads": [dict(row) for row in self.leads],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the pairs, or the totals, corridors, shippers, operators, demand, resources and links; break-even."""
        return tuple(_table(name, rows) for name, rows in self._parts() if rows)

    def _parts(self) -> Iterator[tuple[str, Sequence[Record]]]:
        flows = self.flows
        if flows is None:
            yield "pairs", self.pairs
        else:
            yield "totals", [flows.totals]
            for name in ("corridors", "shippers", "operators", "demand", "resources", "links"):
                yield name, getattr(flows, name)
        yield "leads", self.leads
        yield "break-even", self.break_even

    def layers(self) -> Sequence[Layer]:
        """Return the links and resources whose flow changes; none of pairs.

        Raises
        ------
        QueryError
            If the result was stored without its networks.
        """
        flows = self.flows
        if flows is None:
            return ()
        before, after = self.networks
        places = {**before.places, **after.places}
        return (
            LINK_CHANGES.of(lambda: link_change_features(before, after, flows.links)),
            RESOURCE_CHANGES.of(lambda: resource_change_features(places, flows.resources)),
        )

    def plot(self) -> "Figure":
        """Return the chart: pairs before and after, or corridors before and after with the largest changes.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        title = " -> ".join(self.titles or (self.before, self.after))
        if self.flows is None:
            return draw_pairs(self.pairs, title, self.meta)
        operators = self.flows.operators
        names = {row["id"]: row["name"] for row in operators if row["by"] == "corridor"}
        changes = [row for row in operators if row["by"] == "crossing" or row["kind"] == "port"]
        return draw_flows(self.flows.corridors, changes, title, self.meta, names, totals=self.flows.totals)


def _table(name: str, rows: Sequence[Record]) -> RecordTable:
    return RecordTable(name, lambda: map(dict, rows))
