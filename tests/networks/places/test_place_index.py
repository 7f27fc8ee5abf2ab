"""Finding places by id, UN/LOCODE, name or coordinates."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.networks import LandbridgeError, PlaceError, QueryError
from landbridge.networks.places.place_index import PlaceIndex, normalise, parse_coordinates, spellings


def row(place_id, name, *aliases, **cells):
    """Return a row of `places`."""
    blank = {"country": place_id[:2].upper(), "parent": None, "primary": False, "unlocode": None, "modes": ("rail",)}
    blank |= {"lon": 0.0, "lat": 0.0}
    return blank | {"id": place_id, "name": name, "aliases": aliases} | cells


INDEX = PlaceIndex(
    [
        row("cn-xian", "Xi'an", "西安", "Сиань", unlocode="CNSIA"),
        row("kz-almaty", "Almaty", "Алматы", "Alma-Ata", unlocode="KZALA"),
        row("tr-istanbul", "Istanbul", "İstanbul", "Стамбул"),
        row("pl-lodz", "Łódź"),
        row("pl-malaszewicze", "Małaszewicze"),
        row("az-alat", "Alat", "Ələt", primary=True),
        row("uz-alat", "Alat"),
        row("az-astara", "Astara"),
        row("ir-astara", "Astara", "آستارا"),
        row("de-hamburg", "Hamburg"),
        row("de-hamburg-port", "Hamburg", parent="de-hamburg"),
        row("de-koeln", "Köln", "Cologne"),
        row("ru-yekaterinburg", "Yekaterinburg", "Екатеринбург"),
        row("kz-shymkent", "Shymkent", "Шымкент"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cn-xian", "cn-xian"),
        ("CNSIA", "cn-xian"),
        ("cn sia", "cn-xian"),
        ("Xi'an", "cn-xian"),
        ("xi\u2019an", "cn-xian"),
        ("XIAN", "cn-xian"),
        ("西安", "cn-xian"),
        ("сиань", "cn-xian"),
        ("Алматы", "kz-almaty"),
        ("АЛМАТЫ", "kz-almaty"),
        ("alma ata", "kz-almaty"),
        ("İstanbul", "tr-istanbul"),
        ("ISTANBUL", "tr-istanbul"),
        ("\u0131stanbul", "tr-istanbul"),
        ("Lodz", "pl-lodz"),
        ("ŁÓDŹ", "pl-lodz"),
        ("Malaszewicze", "pl-malaszewicze"),
        ("Koln", "de-koeln"),
        ("  almaty  ", "kz-almaty"),
        ("\uff28\uff41\uff4d\uff42\uff55\uff52\uff47", "de-hamburg"),
        ("آستارا", "ir-astara"),
    ],
)
def test_a_place_is_found_by_id_code_or_any_spelling(text, found):
    assert INDEX.resolve(text) == found


def test_an_id_comes_before_a_code_and_a_code_before_a_name():
    index = PlaceIndex(
        [
            row("kzala", "One"),
            row("kz-b", "Two", unlocode="KZALA"),
            row("kz-c", "deham"),
            row("kz-d", "KZDMB", unlocode="DEHAM"),
        ]
    )
    assert index.resolve("kzala") == "kzala"
    assert index.resolve("KZALA") == "kz-b"
    assert index.resolve("deham") == "kz-d"


def test_of_equal_names_the_primary_place_wins():
    assert INDEX.resolve("alat") == "az-alat"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Alat UZ", "uz-alat"), ("alat, uz", "uz-alat"), ("Astara (IR)", "ir-astara"), ("Astara AZ", "az-astara")],
)
def test_a_name_with_its_country_is_found(text, found):
    assert INDEX.resolve(text) == found


def test_a_name_with_another_country_is_not_found():
    with pytest.raises(PlaceError, match="no place is called 'Astara RU'"):
        INDEX.resolve("Astara RU")


def test_an_ambiguous_name_lists_its_candidates_with_their_countries():
    message = re.escape("'Astara' may mean az-astara (AZ), ir-astara (IR); give the id")
    with pytest.raises(PlaceError, match=message) as raised:
        INDEX.resolve("Astara")
    assert raised.value.candidates == ("az-astara", "ir-astara")
    assert isinstance(raised.value, LandbridgeError)
    assert isinstance(raised.value, LookupError)


def test_two_primary_places_of_one_name_are_ambiguous():
    index = PlaceIndex([row("kz-a", "X", primary=True), row("cn-b", "X", primary=True)])
    with pytest.raises(PlaceError) as raised:
        index.resolve("X")
    assert raised.value.candidates == ("kz-a", "cn-b")


def test_a_city_stands_for_its_terminal_of_the_same_name():
    assert INDEX.resolve("Hamburg") == "de-hamburg"


def test_an_unknown_name_suggests_the_closest_with_its_country():
    with pytest.raises(PlaceError, match=re.escape("did you mean Shymkent (KZ)?")) as raised:
        INDEX.resolve("Shymkant")
    assert raised.value.candidates[0] == "kz-shymkent"


@pytest.mark.parametrize("text", ["Zzyzx", "", "   ", "?"])
def test_a_name_like_no_other_says_where_the_names_are(text):
    with pytest.raises(PlaceError, match="`landbridge places` lists all places"):
        INDEX.resolve(text)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("43.25,76.95", (76.95, 43.25)),
        (" -33.9 , 18.4 ", (18.4, -33.9)),
        ("+90,-180", (-180, 90)),
        ("0,0", (0, 0)),
    ],
)
def test_coordinates_are_given_as_lat_lon_and_returned_as_lon_lat(text, point):
    assert INDEX.resolve(text) == point


@pytest.mark.parametrize("text", ["76.95,143.25,1", "43.25", "43.25 76.95", "a,b", "nan,nan", "inf,0"])
def test_what_is_no_pair_of_numbers_is_no_point(text):
    assert parse_coordinates(text) is None


@pytest.mark.parametrize("text", ["91,0", "0,181", "-90.1,0", "76.95,-200"])
def test_coordinates_outside_the_world_are_refused(text):
    with pytest.raises(PlaceError, match="is out of range; coordinates are lat,lon"):
        INDEX.resolve(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_of_the_world_is_found(lat, lon):
    assert parse_coordinates(f"{lat:.6f},{lon:.6f}") == (round(lon, 6), round(lat, 6))


@given(st.text(st.characters(categories=("L", "M", "N", "P", "Z"))))
def test_a_normalised_name_stays_as_it_is(name):
    assert normalise(normalise(name)) == normalise(name)


@pytest.mark.parametrize("name", ["Xi'an", "İstanbul", "Łódź", "Türkmenbaşy", "Ələt", "Đồng Đăng", "Ærø", "Straße"])
def test_a_name_is_the_same_in_capitals_and_small_letters(name):
    assert normalise(name.upper()) == normalise(name.lower()) == normalise(name)


def test_names_that_differ_stay_apart():
    names = ["Alat", "Almaty", "Aktau", "Aktobe", "Алат", "西安", "北京", "آستارا"]
    assert len({normalise(name) for name in names}) == len(names)


def test_an_index_is_made_from_any_iterable():
    index = PlaceIndex(iter([row("kz-almaty", "Almaty", "Алматы", unlocode="KZALA")]))
    assert {index.resolve(text) for text in ("kz-almaty", "KZALA", "Алматы")} == {"kz-almaty"}


def test_a_name_that_two_places_share_is_shown_with_the_country():
    index = PlaceIndex([row("az-alat", "Alat"), row("uz-alat", "Alat"), row("ge-poti", "Poti")])
    assert [index.label(place) for place in ("az-alat", "uz-alat", "ge-poti")] == ["Alat (AZ)", "Alat (UZ)", "Poti"]


NEAR_ZURICH = PlaceIndex(
    [
        # 27 km east of Zurich, and the Chinese name of Winterthur is no alias.
        row("ch-winterthur", "Winterthur", lon=8.73, lat=47.50),
        row("de-basel-bad", "Basel Bad", lon=7.60, lat=47.57),
        row("de-tengen", "Tengen", lon=8.66, lat=47.82, modes=()),
        row("ch-olten", "Olten", lon=7.90, lat=47.35, modes=()),
    ]
)


@pytest.mark.parametrize("text", ["Zürich", "Zuerich", "zurich", "Zurich, CH", "Zürich (CH)", "Цюрих", "苏黎世"])
def test_a_city_near_a_terminal_is_a_point_with_its_country(text):
    found = NEAR_ZURICH.resolve(text)
    assert found == pytest.approx((8.54, 47.37), abs=0.02)
    assert (found.name, found.country) == ("Zürich", "CH")


@pytest.mark.parametrize("text", ["温特图尔", "Винтертур", "Winterthour"])
def test_a_spelling_that_the_network_lacks_names_its_own_place(text):
    assert NEAR_ZURICH.resolve(text) == "ch-winterthur"


def test_a_city_far_from_every_terminal_is_the_largest_of_its_name():
    # Oslo (10.75 E 59.91 N) to Tengen, which handles nothing, 1,351 km; to Winterthur 1,385 km; to Basel 1,388 km.
    oslo = NEAR_ZURICH.resolve("Oslo")
    assert (oslo.name, oslo.country) == ("Oslo", "NO")
    km, place = NEAR_ZURICH.nearest(oslo)
    assert (km, place) == (pytest.approx(1385, abs=5), "ch-winterthur")
    km, place = NEAR_ZURICH.nearest(oslo, lambda row: row["id"] != "ch-winterthur")
    assert (km, place) == (pytest.approx(1388, abs=5), "de-basel-bad")
    # Of several that are all far the largest.
    assert NEAR_ZURICH.resolve("Santiago").country == "CL"


def test_of_cities_with_one_name_only_those_near_a_terminal_count():
    # The largest Tripoli is in Libya, 1,100 km from Piraeus; that in Lebanon has not ten times that in Greece.
    index = PlaceIndex(
        [row("lb-beirut", "Beirut", lon=35.5, lat=33.9), row("gr-piraeus", "Piraeus", lon=23.6, lat=37.9)]
    )
    cure = re.escape("give lat,lon, or the country as in 'Tripoli, LB'")
    with pytest.raises(PlaceError, match=f"^'Tripoli' may mean .*LB, 34.*GR, 37.*; {cure}$") as raised:
        index.resolve("Tripoli")
    assert "LY" not in str(raised.value)
    assert [index.resolve(candidate)[0] > 30 for candidate in raised.value.candidates] == [True, False]
    assert [index.resolve(f"Tripoli, {country}").country for country in ("LB", "GR")] == ["LB", "GR"]


@pytest.mark.parametrize("text", ["NaN", "nan", "NaT", "<NA>", "n/a", "null", "None"])
def test_a_missing_value_of_a_program_is_no_city(text):
    index = PlaceIndex([row("cn-yueyang", "Yueyang", lon=113.1, lat=29.4)])
    with pytest.raises(PlaceError, match="is how programs write a blank; name a place, with its country"):
        index.resolve(text)
    # Unless the country says that it is one, or the network has such a place.
    assert (index.resolve("Nan, CN").name, index.resolve("Nan, TH").name) == ("Nanzhou", "Nan")
    assert PlaceIndex([row("th-x", text)]).resolve(text) == "th-x"


@pytest.mark.parametrize("given", [None, 5, (43.25, 76.95)])
def test_what_is_no_text_is_refused(given):
    with pytest.raises(QueryError, match=r"^place is .* and must be str; give its id, UN/LOCODE or name"):
        INDEX.resolve(given)


def test_without_terminals_the_list_of_cities_is_not_asked():
    index = PlaceIndex([row("ch-olten", "Olten", modes=())])
    with pytest.raises(PlaceError, match="no place is called 'Zürich'"):
        index.resolve("Zürich")


def test_a_place_is_a_city_by_kind_or_by_name_and_position():
    index = PlaceIndex(
        [
            row("ch-olten", "Olten", kind="junction", lon=7.90, lat=47.35),
            # The name of a city, but 400 km off.
            row("ch-basel", "Basel", kind="junction", lon=11.0, lat=50.0),
            row("ch-x", "Xyzzy", kind="city"),
            row("ch-y", "Yzzyx", kind="junction"),
        ]
    )
    olten = index.city_at("ch-olten")
    assert olten == (7.90, 47.35)
    assert (olten.name, olten.country) == ("Olten", "CH")
    assert index.city_at("ch-x").population is None
    assert index.city_at("ch-basel") is None
    assert index.city_at("ch-y") is None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Frankfurt (Main)", "frankfurt main"),
        ("Xi\u2019an", "xian"),
        ("Ust-Kamenogorsk", "ust kamenogorsk"),
        ("St. Gallen / Bruggen", "st gallen bruggen"),
        ("Brest; Minsk", "brest minsk"),
        ("Großräschen", "grossraschen"),
        ("Алатау·Достык", "алатау достык"),
    ],
)
def test_brackets_and_punctuation_part_words(name, form):
    assert normalise(name) == form


def test_umlauts_are_found_with_two_letters_too():
    assert spellings("Köln") == ("koln", "koeln")
    assert spellings("Århus") == ("arhus", "aarhus")
    assert spellings("Basel") == ("basel",)
    assert INDEX.resolve("Koeln") == "de-koeln"
