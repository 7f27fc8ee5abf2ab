"""Capacities of shared resources, and delays as functions of flow."""
