"""The answer: a document, tables and files."""

import json


def test_the_answer_is_a_document_with_tables_and_files(plan, tmp_path):
    document = json.loads(json.dumps(plan.to_dict()))
    assert document["status"] == "optimal"
    assert len(document["not_known"]) >= 5
    assert plan.to_frame()["id"].tolist() == ["third", "wide"]
    assert plan.to_frame("frontier")["works"].tolist() == ["wide", "third"]
    assert [point["openings"] for point in document["frontier"]] == [[2026], [2026]]
    written = {path.name for path in plan.write(tmp_path / "out")}
    assert {"works.csv", "frontier.csv", "scenarios.csv", "works.geojson", "work-lines.geojson"} <= written
    assert "1 of 2 works" in repr(plan)
