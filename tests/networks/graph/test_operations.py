"""Which operations hold: a place's own rows before the defaults, a row for a class before one for all."""

import pytest

from landbridge.networks.graph.operations import ALL_CLASSES, CARGO_CLASSES, DirectedOperation, OperationRules
from landbridge.networks.tables.schema import schemas

BLOCK, LOOSE, ROAD, BULK, TIMETABLED = (1 << bit for bit in range(5))


def row(name, kind, **cells):
    """Return a row of `operations` as it is read, with blanks for what is not given."""
    blank = {column.name: () if column.type == "list" else None for column in schemas()["operations"].columns}
    return blank | {"id": name, "kind": kind, "both_ways": False} | cells


def chosen(choices):
    return {(directed.row["id"], directed.backward): mask for directed, mask in choices}


def test_the_classes_are_those_of_the_schema():
    column = {item.name: item for item in schemas()["operations"].columns}["cargo_class"]
    assert tuple(column.allowed.split("|")) == CARGO_CLASSES
    assert ALL_CLASSES == BLOCK | LOOSE | ROAD | BULK | TIMETABLED


def test_a_class_takes_the_rows_of_the_first_level_that_has_some_for_it():
    book = OperationRules(
        [
            row("default", "load", to_mode="rail"),
            row("default-bulk", "load", to_mode="rail", cargo_class="bulk"),
            row("own-block", "load", place="kz-a", to_mode="rail", cargo_class="block"),
            row("own-road", "load", place="kz-a", to_mode="road"),
        ]
    )
    assert chosen(book.between("kz-a", None, "rail")) == {
        ("own-block", False): BLOCK | TIMETABLED,
        ("default", False): LOOSE | ROAD,
        ("default-bulk", False): BULK,
    }
    assert chosen(book.between("kz-b", None, "rail")) == {
        ("default", False): BLOCK | LOOSE | ROAD | TIMETABLED,
        ("default-bulk", False): BULK,
    }
    assert chosen(book.between("kz-a", None, "road")) == {("own-road", False): ALL_CLASSES}
    assert book.between("kz-a", None, "sea") == []


def test_a_train_on_a_timetable_takes_its_own_rows_before_those_of_block_trains_and_these_before_those_for_all():
    rows = [row(name, "load", place="kz-a", to_mode="rail", cargo_class=name) for name in ("timetabled", "block")]
    general = row("all", "load", place="kz-a", to_mode="rail")

    def taken(*given):
        return {name: mask for (name, _), mask in chosen(OperationRules(given).between("kz-a", None, "rail")).items()}

    others = LOOSE | ROAD | BULK
    assert taken(*rows, general) == {"timetabled": TIMETABLED, "block": BLOCK, "all": others}
    assert taken(rows[1], general) == {"block": BLOCK | TIMETABLED, "all": others}
    assert taken(rows[0], general) == {"timetabled": TIMETABLED, "all": BLOCK | others}
    assert taken(general) == {"all": ALL_CLASSES}


def test_a_block_row_of_a_place_stands_above_a_timetabled_default():
    default = row("default", "load", to_mode="rail", cargo_class="timetabled")
    own = row("own", "load", place="kz-a", to_mode="rail", cargo_class="block")
    assert chosen(OperationRules([default, own]).between("kz-a", None, "rail")) == {("own", False): BLOCK | TIMETABLED}


def test_rows_of_one_level_and_class_hold_beside_each_other():
    book = OperationRules([row(name, "load", place="kz-a", to_mode="rail") for name in ("fast", "slow")])
    assert chosen(book.between("kz-a", None, "rail")) == {("fast", False): ALL_CLASSES, ("slow", False): ALL_CLASSES}


def test_load_unload_and_transship_are_told_apart_by_the_modes():
    book = OperationRules(
        [
            row("load", "load", to_mode="rail"),
            row("unload", "unload", from_mode="rail"),
            row("lift", "transship", from_mode="rail", to_mode="sea"),
        ]
    )
    assert chosen(book.between("x", None, "rail")) == {("load", False): ALL_CLASSES}
    assert chosen(book.between("x", "rail", None)) == {("unload", False): ALL_CLASSES}
    assert chosen(book.between("x", "rail", "sea")) == {("lift", False): ALL_CLASSES}
    assert book.between("x", "sea", "rail") == []


def test_an_operation_both_ways_is_found_backward():
    book = OperationRules([row("lift", "transship", from_mode="rail", to_mode="sea", both_ways=True)])
    assert chosen(book.between("x", "sea", "rail")) == {("lift", True): ALL_CLASSES}


def test_a_direction_changes_over_gauges_notes_and_modes():
    cells = {"from_gauge": 1435, "to_gauge": 1520, "from_regime": "cim", "to_regime": "smgs", "from_mode": "rail"}
    there = DirectedOperation(row("x", "gauge_change", to_mode="road", **cells))
    back = there._replace(backward=True)
    assert (there.gauges, there.regimes, there.modes) == ((1435, 1520), ("cim", "smgs"), ("rail", "road"))
    assert (back.gauges, back.regimes, back.modes) == ((1520, 1435), ("smgs", "cim"), ("road", "rail"))


@pytest.mark.parametrize(
    ("cells", "train", "takes", "after"),
    [
        ({}, (1435, "cim"), True, (1435, "cim")),
        ({"from_gauge": 1435, "to_gauge": 1520}, (1435, "cim"), True, (1520, "cim")),
        ({"from_gauge": 1435, "to_gauge": 1520}, (1520, "cim"), False, None),
        ({"from_regime": "cim", "to_regime": "smgs"}, (1520, "cim"), True, (1520, "smgs")),
        ({"from_regime": "cim", "to_regime": "smgs"}, (1520, "smgs"), False, None),
        ({"to_gauge": 1520}, (1435, "cim"), True, (1520, "cim")),
    ],
)
def test_an_operation_takes_a_train_that_it_is_for_and_changes_what_it_says(cells, train, takes, after):
    operation = DirectedOperation(row("x", "gauge_change", **cells))
    assert operation.takes(*train) is takes
    if takes:
        assert operation.leads_to(*train) == after


BORDERS = OperationRules(
    [
        row("general", "border_entry", from_mode="rail"),
        row("eaeu", "border_entry", from_mode="rail", union="EAEU"),
        row("of-place", "border_entry", place="kz-a", from_mode="rail"),
        row("of-pair", "border_entry", place="kz-a", other_place="cn-b", from_mode="rail"),
        row("trucks", "border_entry", place="kz-a", other_place="cn-b", from_mode="road"),
    ]
)


@pytest.mark.parametrize(
    ("place", "other", "mode", "union", "found"),
    [
        ("kz-a", "cn-b", "rail", None, "of-pair"),
        ("kz-a", "ru-c", "rail", "EAEU", "of-place"),
        ("kz-d", "ru-c", "rail", "EAEU", "eaeu"),
        ("kz-d", "ru-c", "rail", None, "general"),
        ("pl-e", "de-f", "rail", "EU", "general"),
        ("kz-a", "cn-b", "road", None, "trucks"),
    ],
)
def test_a_side_of_a_border_is_that_of_the_pair_of_the_place_of_the_union_or_the_general(
    place, other, mode, union, found
):
    assert chosen(BORDERS.border("border_entry", place, other, mode, union)) == {(found, False): ALL_CLASSES}


def test_a_border_that_nobody_described_has_no_operation():
    assert BORDERS.border("border_exit", "kz-a", "cn-b", "rail", None) == []
    assert BORDERS.border("border_entry", "kz-d", "cn-b", "road", None) == []


CHANGES = OperationRules(
    [
        row("behind", "gauge_change", place="kz-a", other_place="cn-b", from_mode="rail"),
        row("inside", "gauge_change", place="kz-a", from_mode="rail"),
    ]
)


def test_a_change_hangs_on_its_crossing_or_stands_inside_the_place():
    assert chosen(CHANGES.after_entry("gauge_change", "kz-a", "cn-b", "rail")) == {("behind", False): ALL_CLASSES}
    assert CHANGES.after_entry("gauge_change", "kz-a", "cn-x", "rail") == []
    assert CHANGES.after_entry("gauge_change", "kz-a", "cn-b", "road") == []
    assert chosen(CHANGES.inside("gauge_change", "kz-a", "rail")) == {("inside", False): ALL_CLASSES}
    assert CHANGES.inside("note_change", "kz-a", "rail") == []


def test_a_change_inside_a_place_for_a_class_comes_before_the_one_for_all():
    gauges = {"from_gauge": 1435, "to_gauge": 1520}
    rows = [
        row("all", "gauge_change", place="kz-a", **gauges),
        row("bulk", "gauge_change", place="kz-a", cargo_class="bulk", **gauges),
    ]
    assert chosen(OperationRules(rows).inside("gauge_change", "kz-a", "rail")) == {
        ("all", False): BLOCK | LOOSE | ROAD | TIMETABLED,
        ("bulk", False): BULK,
    }


def test_a_change_for_a_class_leaves_changes_of_other_gauges_alone():
    """Westward and eastward changes of one place are different rows, each for its own trains."""
    rows = [
        row("west-bulk", "gauge_change", place="kz-a", cargo_class="bulk", from_gauge=1435, to_gauge=1520),
        row("east", "gauge_change", place="kz-a", from_gauge=1520, to_gauge=1435),
    ]
    assert chosen(OperationRules(rows).inside("gauge_change", "kz-a", "rail")) == {
        ("west-bulk", False): BULK,
        ("east", False): ALL_CLASSES,
    }
