"""Reports for analysts and shippers: indicators, charts and emissions statements."""
