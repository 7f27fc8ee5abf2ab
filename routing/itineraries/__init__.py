"""The answer to one shipment: legs, their sum, and why there is none."""
