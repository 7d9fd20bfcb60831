"""The console: pages with which supervisors and operators look after the house. Without scripts, by keyboard."""

from madoguchi.faces.console.learning import router

__all__ = ["router"]
