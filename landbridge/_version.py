"""The installed version of landbridge, read only on first use."""

from importlib.metadata import version

__version__ = version("landbridge")
