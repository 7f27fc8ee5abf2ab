"""Assignment of demand to shared capacities, and the bottlenecks."""
