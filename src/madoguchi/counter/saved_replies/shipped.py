"""Saved replies that come with the house, until a shop replaces or switches them off."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from madoguchi.counter.saved_replies.model import Deeds, SavedReply

# How the shipped ones are grouped; translated where they are shown.
FOLDERS = (
    "Beginning and end",
    "Asking the customer",
    "Delivery",
    "Returns and refunds",
    "Going on",
    "Safety",
)
_FILE = Path(__file__).with_name("shipped.toml")


@lru_cache(maxsize=1)
def shipped() -> dict[str, SavedReply]:
    """Id → reply."""
    found = tomllib.loads(_FILE.read_text("utf-8"))
    return {
        name: SavedReply(
            id=name,
            owner_id="",
            shortcut=given["shortcut"],
            folder=given["folder"],
            names=given["names"],
            reading=given["reading"],
            texts={each: text.strip() for each, text in given["texts"].items()},
            translated=dict.fromkeys(given["texts"], 1),
            deeds=Deeds(**given.get("deeds", {})),
        )
        for name, given in found.items()
    }
