"""Tables of a simulated network as a person reads them."""

from dataclasses import replace
from datetime import date

import pytest

from landbridge.routing.cli.tables.simulate_network import in_words, print_simulation
from tests.support.printed import rows_of
from tests.support.simulated import HALL, LINE, simulation

FOUND = simulation()


@pytest.fixture
def shown(capsys):
    def printed(found=FOUND, **options):
        print_simulation(found, **options)
        return capsys.readouterr().out

    return printed


def test_what_can_be_trusted_comes_before_any_wait(shown):
    text = shown()
    assert text.startswith(
        "demand and capacities of 2025: 2025-01-01 to 2025-03-31 after 30 days of warm-up, 5 replications, seed 7;"
        " 380 of 400 TEU a day arrive\n"
    )
    checked, waits = text.index("Assigned against counted: 1 of 2 within 15 %"), text.index("waits: 3 of 3 queues")
    assert checked < waits < text.index("days in transit by corridor") < text.index("border:2025-02-01..2025-02-10")
    assert rows_of(text)[0] == ["Line", "east", "400", "200", "2.00"]


def test_a_wait_has_its_remark_interval_and_longest_queue(shown):
    border, hall, line = rows_of(shown())[1:4]
    assert border == ["Border, west", "disrupted", "80% / 79%", "500", "30.0 ± 4.0", "70", "4,200"]
    assert hall == ["Hall", "no steady state", "110% / 100%", "292", "+12 TEU/day", "-", "1,080"]
    assert line[:2] == ["Line, east", "undecided"]


def test_a_section_is_named_where_two_rows_need_it(shown):
    waits = [LINE, replace(LINE, section="b--c"), replace(LINE, direction="west")]
    rows = rows_of(shown(simulation(waits=tuple(waits), checks=())))
    assert [row[0] for row in rows[:3]] == ["Line, east (a--b)", "Line, east (b--c)", "Line, west"]


def test_times_are_in_days_beside_the_static_ones_and_few_observations_have_none(shown):
    middle, northern = rows_of(shown())[4:6]
    assert middle == ["middle", "380", "5,000", "20.0", "16.7", "19.6", "25.0", "18.8"]
    assert northern == ["northern", "0.7", "12", "", "", "", "", "18.8"]


def test_everything_has_all_checks_and_pairs(shown):
    rows = rows_of(shown(everything=True))
    assert ["Border", "west", "400", "390", "1.03"] in rows
    assert ["middle", "A - B", "380", "5,000", "20.0", "16.7", "19.6", "25.0", "18.8"] in rows


def test_a_first_screen_has_at_most_eight_waits_and_five_corridors(shown):
    waits = [replace(LINE, name=f"Line {number}") for number in range(30)]
    corridors = [replace(FOUND.times[0], corridor=f"c{number}") for number in range(9)]
    text = shown(simulation(waits=tuple(waits), times=tuple(corridors)))
    assert "waits: 8 of 30 queues" in text
    assert "days in transit by corridor, 5 of 9" in text
    assert len(text.splitlines()) <= 36
    assert len(rows_of(shown(simulation(waits=tuple(waits)), everything=True))) > 30


def test_an_interrupted_run_says_so_first(shown):
    assert shown(simulation(replications=20)).startswith("interrupted: 5 of 20 replications done\n")


def test_what_has_no_capacity_of_its_own_has_only_its_carried_use(shown):
    gate = replace(LINE, utilisation_assigned=0.0, utilisation_carried=0.0)
    berth = replace(gate, name="Berths", kind="berth", utilisation_assigned=None, utilisation_carried=0.31)
    rows = rows_of(shown(simulation(waits=(gate, berth), checks=())))
    assert [row[2] for row in rows[:2]] == ["", "31%"]


def test_a_queue_over_its_capacity_that_others_keep_short_does_not_grow(shown):
    short = replace(HALL, growth_teu_day=-1.0, utilisation_assigned=49.58, utilisation_carried=0.89)
    row = rows_of(shown(simulation(waits=(short,))))[1]
    assert row[1:5] == ["no steady state", "4,958% / 89%", "292", "-"]


def test_a_row_without_waits_says_so(shown):
    none = replace(LINE, undecided=False, wait_mean_h=None, wait_ci95_high_h=None, wait_p90_h=None)
    row = rows_of(shown(simulation(waits=(none,))))[1]
    assert (row[1], row[4:6]) == ("no waits seen", ["-", "-"])


def test_a_count_at_a_crossing_is_named_with_its_direction_and_year(shown):
    check = replace(FOUND.checks[0], resource="cn-khorgos--in--2025", name="cn-khorgos", direction="", source="counts")
    assert rows_of(shown(simulation(checks=(check,))))[0][0] == "cn-khorgos, in, 2025"


def test_contradictions_and_derived_ships_are_told(shown):
    text = " ".join(shown().split())
    assert "1 published time is shorter than service and usual wait together" in text
    assert "Ships derived from the capacity of their fleet: boats 3." in text
    text = shown(simulation(contradictions=(), derived_ships=()))
    assert "published time is" not in text
    assert "Ships derived" not in text


def test_without_counts_nothing_was_checked(shown):
    assert "Nothing is counted at these resources" in shown(simulation(checks=()))
    assert "the waits of the others" not in shown(simulation(checks=FOUND.checks[1:]))


def test_one_replication_has_no_interval(shown):
    one = replace(LINE, wait_ci95_low_h=None, wait_ci95_high_h=None, utilisation_assigned=None)
    row = rows_of(shown(simulation(waits=(one,))))[1]
    assert (row[2], row[4]) == ("over / 79%", "2.5")
    assert rows_of(shown(simulation(waits=(replace(HALL, growth_teu_day=None),))))[1][4] == "-"


RECOVERY = FOUND.recoveries[0]
NORMAL = ", 1 before; normal again 39 days (38 to 39) after it, on 2025-03-22"
WAVE = "alashankou has up to 98 trains more than before, on 2025-03-27"
PEAK = "border:2025-02-01..2025-02-10 (close): at most 41 trains of 100 TEU wait (41 to 41), on 2025-02-10"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ", 1 before; normal again 39 days (38 to 39) after it, on 2025-03-22"),
        ({"normal_after_p90_days": None}, ", 1 before; normal again 39 days (38 to more) after it, on 2025-03-22"),
        (
            {"normal_on": None, "normal_after_days": None, "back_share": 0.4},
            ", 1 before; not back to normal within the run in 60% of the replications",
        ),
        (
            {"normal_after_days": 1.0, "normal_after_p10_days": None},
            ", 1 before; normal again 1 day after it, on 2025-03-22",
        ),
        (
            {"elsewhere": "alashankou", "elsewhere_built_up_teu": 9850.0, "elsewhere_on": date(2025, 3, 27)},
            f"{NORMAL}; queues elsewhere on the way are not counted: {WAVE}",
        ),
        (
            {"overlaps": ("hall:2025-02-05..2025-02-20",)},
            f"{NORMAL}; overlaps with hall:2025-02-05..2025-02-20, so that these figures are of all together",
        ),
        (
            {"queue_before_teu": None, "built_up_trains": None},
            "; the run has too few days before it to say what is normal",
        ),
    ],
)
def test_a_recovery_is_a_sentence(changes, words):
    assert in_words(replace(RECOVERY, **changes)) == PEAK + words


def test_demand_without_a_path_and_a_short_warm_up_are_told(shown):
    days = FOUND.days
    text = shown(simulation(unserved_teu_day=7.0, warm_up_short_days=days // 2))
    assert "7.0 TEU a day have no path and are not simulated." in text
    assert "give a longer warm-up" in text
    text = shown(simulation(warm_up_short_days=days // 20))
    assert "no path" not in text
    assert "longer warm-up" not in text


def test_without_resources_there_is_no_queue_but_there_are_times(shown):
    text = shown(simulation(waits=(), checks=(), recoveries=()))
    assert "There is no queue in this network" in text
    assert "0 of 0 queues" not in text
    assert rows_of(text)[0][0] == "middle"


def test_a_time_that_is_none_says_why(shown):
    time = replace(FOUND.times[0], time_mean_h=None, time_p10_h=None, time_p50_h=None, time_p90_h=None,
                   steady=False, grows_at="hall", remark="no steady state at hall")  # fmt: skip
    row = rows_of(shown(simulation(times=(time,))))[4]
    assert row == ["middle", "380", "5,000", "", "", "", "", "", "no steady state at hall"]


MORE = "more on the way or in a queue at the end than at the start"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"more_on_the_way_teu_day": 5.0}, "380 of 400 TEU a day arrive Assigned"),
        ({"more_on_the_way_teu_day": 19.0}, f"a day: 19 {MORE} (queues without a steady state grow by 12"),
        ({"more_on_the_way_teu_day": 29.0, "more_held_teu_day": 10.0, "waits": ()},
         f"; of the rest, a day: 10 held by bans and 19 {MORE} Assigned"),
        ({"demand_teu_day": 0.0123, "delivered_teu_day": 0.012}, "0.012 of 0.012 TEU a day arrive"),
    ],
)  # fmt: skip
def test_the_header_says_where_the_rest_is(shown, changes, words):
    assert words in " ".join(shown(simulation(**changes)).split())
