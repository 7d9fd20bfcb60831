"""Trouble with the chat: four of them with what helps, and a test of the connection (HLP-007, HLP-009, HLP-011)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.contact_ways import desk_now
from madoguchi.faces.customer.visit import Visiting
from madoguchi.faces.rendering import asset

router = APIRouter(include_in_schema=False)
CHECKED = ("widget.js", "panel.js")


@router.get("/help/connection")
def connection(visit: Visiting) -> Response:
    return visit.page(
        "customer/connection.html", parts=[asset(name) for name in CHECKED], desk=desk_now(visit)
    )
