"""The bundled counts at crossings: their halves, and what they count."""

import hashlib
from collections import defaultdict

FIRST_YEAR = 2024


def test_the_half_of_a_crossing_is_the_parity_of_its_hash_and_later_years_are_test(network):
    for row in network.tables["counts"]:
        odd = int(hashlib.sha256(row["crossing"].encode()).hexdigest(), 16) % 2
        training = not odd and row["year"] == FIRST_YEAR
        assert row["half"] == ("training" if training else "test"), row["id"]


def test_a_row_of_a_direction_counts_links_of_one_direction_at_its_crossing(network):
    links = {link["id"]: link for link in network.links}
    rows = [row for row in network.tables["counts"] if "--both--" not in row["id"]]
    assert {row["id"] for row in rows} >= {row["id"] for row in network.tables["counts"] if row["cordon"]}
    for row in rows:
        inside = {links[name]["to" if "--in--" in row["id"] else "from"][:2] for name in row["links"]}
        assert inside == {row["crossing"][:2]}, row["id"]
        # A crossing that was not counted may have a link of both ways.
        assert row["teu_per_year"] is None or not any(links[name]["both_ways"] for name in row["links"])


def test_a_port_counts_the_links_of_its_ships(network):
    links = {link["id"]: link for link in network.links}
    for row in network.tables["counts"]:
        if "--both--" in row["id"]:
            assert all(row["crossing"] in (links[name]["from"], links[name]["to"]) for name in row["links"]), row["id"]
            assert {links[name]["mode"] for name in row["links"]} == {"sea"}, row["id"]


def test_the_crossings_of_a_cordon_share_no_link(network):
    seen = defaultdict(list)
    for row in (row for row in network.tables["counts"] if row["cordon"]):
        for name in row["links"]:
            seen[row["year"], name].append(row["id"])
    assert seen
    assert all(len(found) == 1 for found in seen.values())
