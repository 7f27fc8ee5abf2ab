"""The command `places`."""


def test_places_finds_names_in_any_script(answer):
    for text in ("西安", "xi'an", "XIAN", "CNSIA", "Сиань"):
        assert "cn-xian" in [row["id"] for row in answer("places", text)["places"]], text


def test_places_may_be_those_of_a_country(answer):
    found = answer("places", "--country", "kz")["places"]
    assert {row["country"] for row in found} == {"KZ"}
    assert {"id", "name", "kind", "country", "lon", "lat", "parent", "unlocode", "aliases", "modes"} == found[0].keys()


def test_places_without_a_text_are_all_but_points_at_sea(answer, network):
    expected = {place_id for place_id, row in network.places.items() if row["kind"] != "passage"}
    assert {row["id"] for row in answer("places")["places"]} == expected


def test_places_are_a_table_for_people(run):
    code, out, _ = run("places", "dostyk")
    assert code == 0
    assert "kz-dostyk" in out


def test_what_options_take_is_listed_by_kind(answer, run):
    assert "hormuz" in [row["id"] for row in answer("places", "--kind", "passage")["choices"]]
    assert [row["id"] for row in answer("places", "titr", "--kind", "corridor")["choices"]] == ["middle"]
    code, out, _ = run("places", "kazakhstan", "--kind", "border")
    assert code == 0
    assert "CN-KZ" in out
    assert run("places", "--kind", "border", "--country", "KZ")[0] == 2
