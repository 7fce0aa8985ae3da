"""échange: the people of a town exchange skills, services and equipment."""

__version__ = "0.1.0"
