"""What analysts and shippers file: indicators, charts and statements of emissions."""
