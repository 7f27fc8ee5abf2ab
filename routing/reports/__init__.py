"""Reports: several answers in one page."""
