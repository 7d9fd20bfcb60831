"""The shapes of saved replies in the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from madoguchi.counter.saved_replies.model import SavedReply
from madoguchi.faces.api.schemas import In, Out, Version


class SavedReplyOut(Out):
    """A saved reply. `search`: words by which it is found beside its name; `deeds`: what is done after sending, in words."""

    id: str
    shortcut: str
    folder: str
    name: str
    search: str
    shared: bool
    deeds: list[str]
    uses: int


class FilledReplyOut(SavedReplyOut):
    """Filled for one contact, in `lang`. `missing`: places for which nothing is known; they stand in the text as `{order}`.

    `outdated`: the main text has changed since this one was translated.
    """

    text: str
    lang: str
    missing: list[str]
    outdated: bool


class FillIn(In):
    contact_ids: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=300)


class FilledOut(Out):
    contact_id: str
    text: str
    missing: list[str]


class UseIn(In):
    """`deeds`: also do what goes along with it; without, it is only counted."""

    owner_version: Version
    deeds: bool = False


def shown_names(reply: SavedReply) -> str:
    return " ".join((reply.reading, *reply.names.values(), *reply.texts.values()))
