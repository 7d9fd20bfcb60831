"""Every page for customers, as one router; they work in any browser, with or without scripts (A11Y-004)."""

from __future__ import annotations

from fastapi import APIRouter

from madoguchi.faces import api_docs
from madoguchi.faces.customer import (
    about,
    articles,
    business,
    connection,
    contacts,
    device_guides,
    display,
    doing,
    earlier,
    guided,
    history,
    messages,
    orders,
    security,
    signing_in,
    start,
    topics,
)

router = APIRouter(include_in_schema=False)
for module in (
    start,
    signing_in,
    orders,
    guided,
    doing,
    contacts,
    earlier,
    history,
    display,
    about,
    device_guides,
    security,
    messages,
    topics,
    connection,
    articles,
    business,
    api_docs,
):
    router.include_router(module.router)
