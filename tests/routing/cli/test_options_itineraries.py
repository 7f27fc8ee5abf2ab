"""The options that choose itineraries for commands other than `route`."""

import json

import click
import pytest

from landbridge.networks import NoRouteError
from landbridge.routing.cli.options_itineraries import find_itineraries, itinerary_options
from tests.support.tiny import link, tiny_network


@pytest.fixture
def query_from_options(tmp_path):
    """Ask a tiny network with options of the command line; return ids of links and the query."""
    links = [
        link("cn-a -- cn-b", id="rail"),
        link("cn-a -- cn-b", "road", id="road", length_km=80),
    ]
    network = tiny_network(tmp_path, links=links)

    @click.command()
    @itinerary_options
    def command(**options):
        found, query = find_itineraries(network, options)
        return [[leg.row["id"] for leg in item.hauls] for item in found], query

    return lambda *arguments: command.main(["cn-a", "cn-b", *arguments], standalone_mode=False)


def test_the_best_by_the_objective_and_alternatives(query_from_options):
    assert query_from_options("--objective", "distance")[0] == [["road"]]
    assert query_from_options("--objective", "distance", "-k", "2")[0] == [["road"], ["rail"]]


def test_conditions_and_cargo_reach_the_query(query_from_options):
    found, query = query_from_options("--modes", "rail", "--tonnes", "7")
    assert found == [["rail"]]
    assert query["cargo"]["tonnes"] == 7
    assert (query["from"], query["to"]) == ("cn-a", "cn-b")
    assert json.dumps(query)


def test_by_corridor_shows_what_belongs_to_none_as_well(query_from_options):
    assert query_from_options("--by-corridor", "--objective", "distance")[0] == [["road"]]


def test_what_contradicts_itself_or_has_no_answer_is_an_error(query_from_options):
    with pytest.raises(click.UsageError):
        query_from_options("--by-corridor", "--corridor", "middle")
    with pytest.raises(click.UsageError):
        query_from_options("--carbon-price", "5", "--objective", "time")
    with pytest.raises(NoRouteError):
        query_from_options("--modes", "sea")


@pytest.mark.parametrize("option", [("--confidence", "0.9"), ("--arrive-by", "2026-09-01")])
def test_an_arrival_is_not_asked_for_by_corridor(query_from_options, option):
    with pytest.raises(click.UsageError, match=f"{option[0]} has no effect with --by-corridor"):
        query_from_options("--by-corridor", *option)
