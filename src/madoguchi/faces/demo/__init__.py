"""The demonstration's face: a shop page that embeds the help, and "sign in as"."""

from madoguchi.faces.demo.pages import router

__all__ = ["router"]
