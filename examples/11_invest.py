"""Invest: which of five works to do within a budget, what each is worth, and what shadow prices say of the first.

Run it with `python examples/11_invest.py`; it needs no connection, and writes to `out/invest`.
"""

import landbridge as lb

WORKS = ["bakhty-ayagoz", "rasht-astara", "aktau-hub", "cku", "kars-dilucu"]

network = lb.load_network()
candidates = network.frame("candidates").query("id in @WORKS")
plan = lb.invest(
    network,
    candidates,
    budget_usd=1.5e9,
    horizon=2045,
    rate=0.05,
    step_years=5,
    growth_per_year=0.02,
    frontier=(0.5, 2),
    time_limit_s=120,
)
print(plan)
print(plan.message)

print(f"\n{'work':<45}{'opens':>6}{'MUSD':>8}{'NPV':>8}{'BCR':>7}{'EIRR':>8}")
for work in plan.works:
    if (alone := work.alone) is not None:
        rate = "" if alone.eirr is None else f"{alone.eirr:.1%}"
        costs = f"{work.work.cost_usd / 1e6:>8,.0f}{alone.npv_usd / 1e6:>8,.0f}"
        print(f"{work.work.name[:44]:<45}{work.opening:>6}{costs}{alone.bcr or 0:>7.2f}{rate:>8}  {work.status}")

print("\nWhy the chosen ones:" if plan.chosen else "\nNone of the works is chosen.")
for work in plan.chosen:
    for line in work.relieves:
        print(f"    {work.work.name}: {line}")

print("\nWhat a larger or a smaller budget buys:")
for point in plan.frontier:
    works = ", ".join(point.works) or "no work"
    print(f"    {point.budget_usd / 1e6:>6,.0f} MUSD: NPV {point.npv_usd / 1e6:,.0f} MUSD, {works}")

plan.write("out/invest")
print(
    "\nLook at out/invest/landbridge.qgz in QGIS, and at the part of the benefits that is a penalty, in MUSD: ", end=""
)
of_benefits = [(w.alone.unserved_usd, w.alone.benefit_usd) for w in plan.chosen if w.alone]
parts = [f"{penalty / 1e6:,.0f} of {benefit / 1e6:,.0f}" for penalty, benefit in of_benefits]
print(", ".join(parts) or "no work chosen")
