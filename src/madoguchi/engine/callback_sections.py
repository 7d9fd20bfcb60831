"""The section of the settings about call-backs: the number that calls, promises, slots, tries, whom we call (CB)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from madoguchi.engine.sections import Section


class Callback(Section):
    """Calling customers back. On as soon as `caller_id` is set."""

    caller_id: str = Field(
        "",
        description="The number that calls customers, as they see it, e.g. 0120-000-000; it is shown before each call and counts as ours (CB-010). Empty: this shop calls nobody back.",
    )
    target_seconds: int = Field(
        600, ge=60, description='"Call me now": seconds in which the call begins (CB-002).'
    )
    warn_seconds: int = Field(
        120,
        ge=0,
        description="Seconds before a promised call is late at which supervisors are told, if it has not begun.",
    )
    offer_after_seconds: int = Field(
        120, ge=0, description="Seconds of waiting after which a call-back is offered (CB-009)."
    )
    initial_delay_seconds: int = Field(
        0, ge=0, le=259_200, description='Seconds between "call me now" and the first offer to an agent.'
    )
    retries: int = Field(
        2,
        ge=0,
        le=9,
        description="Further tries after the first, if the customer cannot be reached (CB-003).",
    )
    retry_delay_seconds: int = Field(300, ge=1, le=259_200, description="Seconds between two tries (CB-003).")
    slot_minutes: Literal[15, 20, 30, 60] = Field(30, description="Length of a slot that can be booked.")
    horizon_days: int = Field(7, ge=1, le=60, description="Days ahead for which slots can be booked.")
    earliest_minutes: int = Field(
        15, ge=0, description="A slot can be booked until so many minutes before it begins."
    )
    calls_per_agent: int = Field(
        2, ge=1, description="Calls that one agent makes within a slot, for the number of places in it."
    )
    slot_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of these calls that can be booked; the rest stays for those who wait.",
    )
    lead_seconds: int = Field(
        120,
        ge=0,
        description="Seconds before a slot begins at which its calls are offered to agents; nobody is called before the slot.",
    )
    remind_minutes: int = Field(
        10, ge=0, description="Minutes before a booked call at which a mail reminds of it; 0: none."
    )
    allowed_prefixes: list[str] = Field(
        ["+81"],
        description="Beginnings of numbers that may be called, in international form. Premium and shared-cost numbers are never called.",
    )
    numbers: Literal["any", "on_file"] = Field(
        "any",
        description="Which numbers are called: any allowed one, or only the one that the shop has on file for the signed-in customer.",
    )
    per_number_day: int = Field(3, ge=1, description="Call-backs to one number within 24 hours.")
    per_person_day: int = Field(
        3, ge=1, description="Call-backs that one person can ask for within 24 hours."
    )
    confirm_minutes: int = Field(
        15,
        ge=5,
        le=120,
        description="Minutes in which somebody who has proved nothing enters the mailed code; then the place is given up.",
    )
    keep_number_days: int = Field(
        30, ge=1, description="Days after its end for which number and name of a call-back are kept."
    )
