"""All observations of a network beside the model: groups, halves, what is left out of a score and why."""

import json
from datetime import date

import pytest

from landbridge.networks import QueryError
from landbridge.routing import validate
from landbridge.routing.validation.comparison import answered, compare
from landbridge.routing.validation.validate import HALVES, length_summary
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, tiny_network

ROWS = [
    observation("H1", 2, half="training"),  # exact
    observation("H2", 4, half="test"),  # modelled half as long, outside
    observation("H3", 2, half="test", kind="observed_regular"),  # exact
    observation("H4", 1, half="test", kind="announced"),
    observation("H5", 1, half="test", comparable=False, reason="a twin"),
    observation("H6", 1, half="test", modes="sea"),  # the model has no answer
    observation("H7", 10, half="test", quantity="cost_usd", container_feet=20, teu=1, usd_year=2024),
]


@pytest.fixture
def drawn(tmp_path):
    links = [link("cn-a -- cn-b", published_km=125, published_source="A1"), link("cn-b -- cn-c")]
    return tiny_network(tmp_path, links=links, tables={"observations": ROWS, "sources": SOURCES})


def test_every_row_stands_in_the_result(drawn):
    found = validate(drawn)
    assert [item.row["id"] for item in found.comparisons] == ["H1", "H2", "H3", "H4", "H5", "H6", "H7"]


def test_what_several_rows_ask_is_searched_once_and_each_keeps_its_place(tmp_path, monkeypatch):
    rows = [
        observation("H1", 2, first="2026-05-04"),
        observation("H2", 3),
        observation("H3", 4, first="2020-05-04"),
        observation("H4", 5, first="2026-05-04"),
        observation("H5", 6, basis="total"),
    ]
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], tables={"observations": rows, "sources": SOURCES}, check=False
    )
    asked = []

    def counted(*arguments, **options):
        asked.append(options["depart"])
        return answered(*arguments, **options)

    monkeypatch.setattr("landbridge.routing.validation.validate.answered", counted)
    found = validate(network).comparisons
    # H1 and H4 ask the same, H2 and H5 too; undated first, then by the date.
    assert asked == [None, date(2020, 5, 4), date(2026, 5, 4)]
    assert [item.row["id"] for item in found] == ["H1", "H2", "H3", "H4", "H5"]
    assert [item.to_dict() for item in found] == [compare(network, item.row).to_dict() for item in found]
    # Haul 2 h; with load and unload 5 h.
    assert [item.figure for item in found] == [2, 2, 2, 2, 5]


def test_the_headline_is_of_regular_and_surveyed_times(drawn):
    # H1, H2 and H3: errors 0, 0.5 and 0, two of three inside; H6 has no answer.
    found = validate(drawn).headline()
    assert (found.score.count, found.unanswered) == (3, 1)
    assert found.score.median_error == 0
    assert found.score.coverage == pytest.approx(2 / 3)
    assert found.score.bias == pytest.approx(0.5 ** (1 / 3) - 1)


def test_excluded_rows_are_scored_beside(drawn):
    # H5 (2 h for 1 h, surveyed) is outside as well: two of four.
    found = validate(drawn).headline_with_excluded()
    assert (found.score.count, found.score.coverage) == (4, 0.5)


def test_rows_of_one_lineage_are_one_source(tmp_path):
    rows = [observation("H1", 2), observation("H2", 2, lineage_group="H1"), observation("H3", 2)]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"observations": rows, "sources": SOURCES})
    found = validate(network).headline()
    assert (found.score.count, found.lineages) == (3, 2)


def test_the_halves_are_scored_apart(drawn):
    found = validate(drawn)
    training, test = (found.headline(half).score for half in HALVES)
    assert (training.count, training.coverage) == (1, 1)
    assert (test.count, test.coverage) == (2, 0.5)


def test_groups_are_by_quantity_and_leave_out_what_is_not_comparable(drawn):
    found = {(group.quantity, group.name): group.score.count for group in validate(drawn).by_kind()}
    assert found == {
        ("time_h", "survey"): 2,
        ("time_h", "observed_regular"): 1,
        ("time_h", "announced"): 1,
        ("cost_usd", "survey"): 1,
    }


def test_rows_and_halves_can_be_chosen(drawn):
    assert [item.row["id"] for item in validate(drawn, ids=["H4", "H1"]).comparisons] == ["H1", "H4"]
    assert {item.row["half"] for item in validate(drawn, half="test").comparisons} == {"test"}


def test_published_lengths_are_compared_with_the_lines(drawn):
    # 100 km beside 125 km
    found = validate(drawn).lengths
    assert [(item.link, item.ratio) for item in found] == [("cn-a--cn-b--rail", 0.8)]
    assert length_summary(found) == pytest.approx({"count": 1, "median": 0.2, "p90": 0.2, "largest": 0.2})
    assert length_summary([]) == {"count": 0}


def test_the_document_is_json_and_complete(drawn):
    document = json.loads(json.dumps(validate(drawn).to_dict(), allow_nan=False))
    assert set(document) == {
        "network",
        "headline",
        "headline_with_excluded",
        "by_kind",
        "by_corridor",
        "by_half",
        "observations",
        "link_lengths",
    }
    left_out = {row["id"]: row["reason"] or row["problem"] for row in document["observations"] if not row["ratio"]}
    assert set(left_out) == {"H6"}
    assert left_out["H6"]


def test_a_network_without_observations_says_so(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    with pytest.raises(QueryError, match="no observations"):
        validate(network)


def test_unknown_rows_and_halves_are_refused(drawn):
    with pytest.raises(QueryError, match="H99"):
        validate(drawn, ids=["H1", "H99"])
    with pytest.raises(QueryError, match="training, test"):
        validate(drawn, half="both")


def test_the_bundled_observations_all_have_an_answer_or_a_reason(network):
    found = validate(network)
    assert len(found.comparisons) == len(network.tables["observations"])
    assert [item.row["id"] for item in found.comparisons if item.unanswered] == []
    assert [item.row["id"] for item in found.comparisons if item.ratio is None and not item.row["reason"]] == []
    assert "inside p10-p90" in repr(found)
