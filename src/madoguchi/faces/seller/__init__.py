"""The sellers' face: what buyers have written about their goods, and the answers. No script is needed."""

from madoguchi.faces.seller.pages import router

__all__ = ["router"]
