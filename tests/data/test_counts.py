"""The bundled counts at crossings: their halves, and what they count."""

import hashlib
from collections import defaultdict

FIRST_YEAR = 2024


def test_the_half_of_a_crossing_is_the_parity_of_its_hash_and_later_years_are_test(network):
    for row in network.tables["counts"]:
        odd = int(hashlib.sha256(row["crossing"].encode()).hexdigest(), 16) % 2
        training = not odd and row["year"] == FIRST_YEAR
        assert row["half"] == ("training" if training else "test"), row["id"]


def test_a_row_counts_links_of_one_direction_at_its_crossing(network):
    links = {link["id"]: link for link in network.links}
    for row in network.tables["counts"]:
        inside = {links[name]["to" if "--in--" in row["id"] else "from"][:2] for name in row["links"]}
        assert inside == {row["crossing"][:2]}, row["id"]
        assert not any(links[name]["both_ways"] for name in row["links"])


def test_the_crossings_of_a_cordon_share_no_link(network):
    seen = defaultdict(list)
    for row in network.tables["counts"]:
        for name in row["links"]:
            seen[row["year"], name].append(row["id"])
    assert all(len(found) == 1 for found in seen.values())
