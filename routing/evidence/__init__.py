"""Observations beside the model: validation and calibration."""
