"""Gaps of line bases closed, each reported."""
