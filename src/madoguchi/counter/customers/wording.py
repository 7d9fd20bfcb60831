"""Customers in words. Pure."""

from __future__ import annotations

from madoguchi.counter.customers.model import Segment
from madoguchi.engine.texts import tr

_SEGMENTS: dict[Segment, str] = {
    "individual": "Individual",
    "member": "Member",
    "business": "Business",
    "student": "Student",
    "senior": "Senior",
    "foreign_resident": "Foreign resident",
    "seller": "Seller",
}


def segment_label(segment: Segment, language: str) -> str:
    """How staff read a segment."""
    return tr(language, _SEGMENTS[segment])
