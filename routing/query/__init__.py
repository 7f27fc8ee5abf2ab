"""One shipment's question, checked, and what each edge costs it."""
