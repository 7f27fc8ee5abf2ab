"""Tables of flows as a person reads them."""

from landbridge.routing import assign
from landbridge.routing.cli.tables.assign import print_assignment
from tests.support.flow_networks import demand, two_ways, two_ways_by_year


def shown(capsys, found):
    print_assignment(found)
    return capsys.readouterr().out


def test_what_is_carried_full_and_left_is_shown(tmp_path, capsys):
    found = assign(two_ways(tmp_path), [demand(150.0)], unserved_usd_per_teu=500)
    text = shown(capsys, found)
    assert "130 of 150 TEU a day carried for 7,200 USD a day" in text
    hall = next(line for line in text.splitlines() if "Hall of B" in line)
    # 30 of 40 beside 10, and one more would carry one more TEU that is left at 500 and not at 40.
    assert [cell.strip() for cell in hall.strip("│").split("│")] == [
        "Hall of B",
        "forward",
        "",
        "30.0",
        "10",
        "40",
        "100%",
        "460",
    ]
    assert "not carried: 20.0 TEU/day, 1 row of demand" in " ".join(text.split())
    assert "Not carried, 500 USD per TEU: " in text
    assert "Overloaded" not in text
    assert "Hours of wait" not in text


def test_waits_are_shown_where_they_grow_with_flows(tmp_path, capsys):
    found = assign(two_ways(tmp_path), [demand()], congestion="user")
    text = shown(capsys, found)
    assert "hours of wait" in text
    assert "Resources are sorted by use, corridors" in " ".join(text.split())
    assert "USD per TEU/day" not in text
    assert "not carried" not in text


def test_a_status_that_is_not_optimal_comes_first(tmp_path, capsys):
    text = shown(capsys, assign(two_ways(tmp_path), [demand()], time_limit_s=0))
    assert text.startswith("time limit: stopped after 0 s")


def test_what_has_no_room_of_its_own_is_over(tmp_path, capsys):
    network = two_ways(tmp_path)
    found = assign(network, [demand()], capacity="none", empties=True)
    text = shown(capsys, found)
    assert "150%" in text
    # 50 beside 10 of 40.
    assert "Overloaded: 1 resource beyond capacity, most Hall of B (forward) (150%). Cap" in " ".join(text.split())
    assert "50 empty TEU a day return for at most" in text


def test_the_header_names_the_year_of_the_demand_if_it_is_another(tmp_path, capsys):
    network = two_ways_by_year(tmp_path)
    network.tables["capacities"].rows.append({**network.tables["capacities"].rows[0], "year": 2030})
    later = assign(network, year=2030)
    assert "demand of 2025, capacities of 2030: " in shown(capsys, later)
    assert later.meta["options"]["demand_year"] == 2025
    assert "demand and capacities of 2024: " in shown(capsys, assign(network, year=2024))
    # A demand of one's own is of no year of the table.
    assert assign(network, [demand()], year=2030).meta["options"]["demand_year"] is None
    dated = [{"origin": "kz-a", "destination": "kz-d", "teu_per_year": 3650, "for_year": 2024}]
    assert "demand of 2024, capacities of 2030: " in shown(capsys, assign(network, dated, year=2030))
    undated = two_ways(tmp_path / "undated")
    assert shown(capsys, assign(undated, dated)).startswith("demand of 2024: 10 of 10 TEU a day")
