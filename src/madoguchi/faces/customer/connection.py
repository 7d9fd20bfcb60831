"""The chat does not load: what to do, and a test of the connection that says what is in the way (HLP-007, HLP-009)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visiting
from madoguchi.faces.rendering import asset

router = APIRouter(include_in_schema=False)
CHECKED = ("widget.js", "panel.js")


@router.get("/help/connection")
def connection(visit: Visiting) -> Response:
    return visit.page("customer/connection.html", parts=[asset(name) for name in CHECKED])
