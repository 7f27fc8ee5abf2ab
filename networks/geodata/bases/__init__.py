"""Base maps on which links are measured: railways, roads, sea lanes and sea passages."""
