"""Itineraries of a shipment: legs and totals, or the reason why there is none."""
