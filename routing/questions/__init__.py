"""Questions about shipments, one module for each."""
