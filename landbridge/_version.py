"""The version of landbridge that is installed, read only when somebody asks for it."""

from importlib.metadata import version

__version__ = version("landbridge")
