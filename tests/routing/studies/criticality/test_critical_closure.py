"""The record of a closure."""

from landbridge.routing.studies.criticality.critical_closure import CriticalClosure, Gain, SufferingFlow

FLOW = SufferingFlow(
    id="x",
    origin="cn-a",
    destination="cn-b",
    teu_day=4.0,
    unserved_teu_day=0.0,
    changed_teu_day=4.0,
    usd_per_teu=5.0,
    usd_day=20.0,
    waiting_days=1.0,
    before="middle",
    after="northern",
)
CLOSED = CriticalClosure(
    kind="resources",
    id="r",
    name="Yard",
    status="optimal",
    method="solved",
    corridors_teu_day={"middle": (10.0, 6.0), "northern": (0.0, 4.0)},
    gains=(Gain(resource="q", name="Other yard", teu_day=4.0, utilisation=0.5),),
    full=("Other yard", "Line"),
    flows=(FLOW,),
)


def test_a_record_of_scalars_says_lists_in_words():
    record = CLOSED.record()
    assert record["corridors_teu_day"] == "middle 10.0 > 6.0; northern 0.0 > 4.0"
    assert record["gains"] == "Other yard +4.0"
    assert record["full"] == "Other yard; Line"
    assert record["flows"] == "cn-a > cn-b (4.0)"
    assert record.keys() == CLOSED.to_dict().keys()


def test_the_json_names_before_and_after():
    document = CLOSED.to_dict()
    assert document["corridors_teu_day"]["northern"] == {"before": 0.0, "after": 4.0}
    assert document["flows"][0]["after"] == "northern"
