"""The lines of the world that links are measured on: railways, roads, seaways, passages."""
