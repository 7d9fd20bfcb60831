"""The agents' face: sign-in, the shell that the desk's script fills, and what staff do with a contact."""

from madoguchi.faces.desk.pages import router

__all__ = ["router"]
