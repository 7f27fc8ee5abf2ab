"""Queries about one shipment: checked options, and the cost of each edge."""
