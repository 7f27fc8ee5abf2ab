"""What the options `avoid`, `via` and `corridor` of a question take besides places and countries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from landbridge.networks.arguments import choice
from landbridge.networks.geodata.bases.passages import read_passages
from landbridge.networks.graph.links import crossing_tags
from landbridge.networks.network import Network, network_given
from landbridge.routing.query.corridors import corridors


def choices(network: Network, kind: str) -> list[dict[str, Any]]:
    """Return the passages, borders, corridors or services of a network.

    Parameters
    ----------
    network
        The network.
    kind
        `passage` and `border`, which `avoid` takes, `corridor`, which `corridor` takes, or `service`, which answers
        name.

    Returns
    -------
    list[dict[str, Any]]
        `id`, `name`, `modes` (empty: any), `links` (number of links, None for a corridor) and `aliases` (other names
        that are taken) of each, by id; corridors by priority.

    Raises
    ------
    QueryError
        If the kind is another.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import choices
    >>> [row["id"] for row in choices(load_network(), "passage")][:4]
    ['bab-el-mandeb', 'bosporus', 'cape', 'danube']
    """
    return list(_KINDS[choice(kind, "kind", KINDS)](network_given(network)))


def _passages(network: Network) -> Iterator[dict[str, Any]]:
    names = {passage.id: passage.name for passage in read_passages()}
    for tag, modes in sorted(_links_by(network, lambda link: link["passage"]).items()):
        yield _choice(tag, names.get(tag, tag.replace("-", " ").capitalize()), modes)


def _borders(network: Network) -> Iterator[dict[str, Any]]:
    countries = {row["code"]: row["name"] for row in network.tables["countries"]}
    pairs = _links_by(network, lambda link: [tag for tag in crossing_tags(link, network.places) if _is_pair(tag)])
    for tag, modes in sorted(pairs.items()):
        yield _choice(tag, " - ".join(countries.get(code, code) for code in tag.split("-")), modes)


def _corridors(network: Network) -> Iterator[dict[str, Any]]:
    for corridor in corridors(network):
        yield _choice(corridor.id, corridor.name, Counter(corridor.modes), aliases=corridor.aliases) | {"links": None}


def _services(network: Network) -> Iterator[dict[str, Any]]:
    used = Counter(link["service"] for link in network.links)
    for row in sorted(network.services.values(), key=lambda row: row["id"]):
        yield _choice(row["id"], row["name"], Counter({row["mode"]: used[row["id"]]}))


_KINDS: Final[dict[str, Callable[[Network], Iterator[dict[str, Any]]]]] = {
    "passage": _passages,
    "border": _borders,
    "corridor": _corridors,
    "service": _services,
}
KINDS: Final = tuple(_KINDS)
"""Kinds of choices."""


def _links_by(network: Network, tags_of: Callable[[Any], Any]) -> dict[str, Counter[str]]:
    """Return the number of links of each tag by mode."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for link in network.links:
        for tag in tags_of(link):
            found[tag][link["mode"]] += 1
    return found


def _is_pair(tag: str) -> bool:
    """Whether a name of a crossing is a pair of countries, of any mode."""
    return len(tag) == 5 and tag[2] == "-" and tag.isupper()


def _choice(identifier: str, name: str, modes: Counter[str], aliases: tuple[str, ...] = ()) -> dict[str, Any]:
    row = {"id": identifier, "name": name, "modes": sorted(modes), "links": modes.total()}
    return row | {"aliases": list(aliases)}
