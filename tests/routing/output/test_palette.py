"""The palette: everything in the data has an appearance, and colours are told apart also by colour-blind readers."""

from itertools import combinations

import numpy as np
import pytest

from landbridge import load_network
from landbridge.networks.tables.schema import schemas
from landbridge.routing.output.palette import (
    BANDS,
    CHANGES,
    CORRIDORS,
    MODES,
    PLACES,
    PRICES,
    RESOURCES,
    STOPS,
    WAITS,
    reach_colours,
)

GROUPS = {
    "bands": BANDS,
    "changes": CHANGES,
    "corridors": CORRIDORS,
    "modes": MODES,
    "places": PLACES,
    "prices": PRICES,
    "waits": WAITS,
    "resources": RESOURCES,
    "stops": STOPS,
}

# Linear RGB as a dichromat sees it: Machado, Oliveira and Fernandes (2009), severity 1.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "none": np.eye(3).tolist(),
}


def lab(colour, matrix):
    """CIE L*a*b* (D65) of an sRGB colour as seen with a deficiency."""
    srgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(np.array(matrix) @ linear, 0, 1) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def ciede2000(one, other):
    """The colour difference of CIE 142-2001 (Sharma, Wu and Dalal, 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1 + 0.5 * (1 - np.sqrt(chroma7 / (chroma7 + 25.0**7)))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, g * a1)) % 360, np.degrees(np.arctan2(b2, g * a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2)))) * 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    return float(np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh)))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        # Pairs 1, 7, 17 and 25 of the test data of Sharma, Wu and Dalal.
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_difference_is_that_of_the_published_test_data(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("group", GROUPS)
def test_the_colours_of_a_group_are_told_apart_with_every_deficiency(group, deficiency):
    seen = {name: lab(look.colour, DEFICIENCIES[deficiency]) for name, look in GROUPS[group].items()}
    least = min((ciede2000(seen[one], seen[other]), one, other) for one, other in combinations(seen, 2))
    assert least[0] > 10, least


def allowed(table, column):
    return set({item.name: item for item in schemas()[table].columns}[column].allowed.split("|"))


def test_every_mode_corridor_stop_and_resource_of_the_data_has_an_appearance():
    network = load_network()
    assert set(MODES) == allowed("links", "mode")
    assert set(STOPS) == allowed("operations", "kind") | {"wait"}
    assert set(RESOURCES) == {row["kind"] for row in network.tables["resources"]} | {"service"}
    assert set(PLACES) == allowed("places", "kind")
    assert set(CORRIDORS) == {row["id"] for row in network.tables["corridors"]} | {"other"}


def test_corridors_are_named_as_in_the_data():
    names = {row["id"]: row["name"] for row in load_network().tables["corridors"]}
    assert {name: CORRIDORS[name].label.replace(" Corridor", "") for name in ("middle", "northern", "suez")} == {
        name: names[name].partition(" (")[0].replace(" Corridor", "") for name in ("middle", "northern", "suez")
    }


def test_points_of_a_group_differ_in_shape_as_well_unless_they_are_of_one_kind():
    for group in (PLACES, PRICES, RESOURCES, WAITS):
        shapes = [look.symbol for look in group.values()]
        assert len(set(shapes)) >= len(shapes) - 1  # a junction is a small city


def test_bands_of_reach_go_from_dark_to_light_in_even_steps_for_any_number():
    for count in (1, 2, 5, 20):
        lightness = [lab(colour, DEFICIENCIES["none"])[0] for colour in reach_colours(count)]
        assert len(lightness) == count
        assert lightness == sorted(lightness)
        assert len(set(lightness)) == count
