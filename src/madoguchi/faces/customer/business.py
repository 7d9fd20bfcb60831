"""What the business desk offers, as a table made from the configuration (BIZ-009)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.company_views import support_rows
from madoguchi.faces.customer.visit import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/help/business")
def business_support(visit: Visiting) -> Response:
    return visit.page("customer/business.html", rows=support_rows(visit.house, visit.language))
