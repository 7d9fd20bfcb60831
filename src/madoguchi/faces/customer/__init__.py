"""The customer's face: start page, orders, guided help, conversations, history. Python and plain HTML."""

from madoguchi.faces.customer.pages import router

__all__ = ["router"]
