"""Madoguchi (窓口): the service counter of an online shop."""

__version__ = "0.1.0"
