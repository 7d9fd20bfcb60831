"""`madoguchi dev torture`: crash, race and cut the real thing on purpose, and count what was lost."""

from madoguchi.cli.dev.torture.command import app

__all__ = ["app"]
