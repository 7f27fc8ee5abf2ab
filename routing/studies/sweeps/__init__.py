"""Sweeps: a function over many rows, on one machine or on a cluster, kept as they are done."""
