"""Shipments and networks under uncertainty: draws along the legs, queues at the resources."""
