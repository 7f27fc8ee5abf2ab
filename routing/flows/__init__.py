"""Flows of a demand over shared capacities, and what gives out first."""
