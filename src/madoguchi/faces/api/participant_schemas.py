"""Who takes part in a contact beside its owner, as the API takes and gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from madoguchi.faces.api.schemas import In, Out, Version


class InviteIn(In):
    """One colleague (`agent_id`) or whoever of a queue comes first (`queue`)."""

    role: Literal["interpreter", "second", "consult"]
    agent_id: str = Field(default="", max_length=60)
    queue: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=4000)


class ObserveIn(In):
    role: Literal["listening", "whispering"]


class PromoteIn(In):
    owner_version: Version
    note: str = Field(default="", max_length=4000)


class WhisperIn(In):
    text: str = Field(max_length=4000)
    client_key: str = Field(min_length=8, max_length=120)


class ParticipantOut(Out):
    """`joined_at` None: asked, not there yet. `agent_id` "": a whole queue is asked. `mine`: the reader is meant."""

    id: str
    contact_id: str
    role: Literal["interpreter", "second", "consult", "listening", "whispering"]
    role_label: str
    agent_id: str
    name: str
    queue: str
    queue_name: str
    invited_by: str
    invited_at: datetime
    joined_at: datetime | None = None
    mine: bool = False
    speaks: bool = False
    seen_by_customer: bool = False
