"""What helps with each kind of enquiry, as data: facts to show, deeds, pages, checks (HLP-014, HLP-018). Pure.

`recipes.toml` names them per kind, `checks.toml` has the words of the checks. A kind without a line is not left alone:
its page shows the article, the order's facts, and the ways to reach us.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from madoguchi.counter.orders.rules import ActionName

OTHER = "general.out_of_scope"
_FOLDER = Path(__file__).parent

OrderFact = Literal["parcels", "lines", "payments", "refunds"]
AccountFact = Literal["sign_ins", "membership", "holdings", "cases"]
PageName = Literal[
    "shop", "account", "sign_in", "security", "guides", "business", "business_form", "seller_help",
    "legal_form", "person", "contact", "topics", "connection", "history", "display", "accessibility",
]  # fmt: skip


class Recipe(BaseModel):
    """What a problem's page shows. `order`: whether an order belongs to it; `chat`: the assistant does it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Literal["needed", "helps", ""] = ""
    facts: tuple[OrderFact, ...] = ()
    account: tuple[AccountFact, ...] = ()
    deeds: tuple[ActionName, ...] = ()
    pages: tuple[PageName, ...] = ()
    checks: tuple[str, ...] = ()
    chat: bool = False
    receipt: bool = False
    emergency: bool = False


_PLAIN = Recipe(order="helps", facts=("lines", "parcels"))


@lru_cache(maxsize=1)
def recipes() -> dict[str, Recipe]:
    """Kind → its recipe."""
    groups = tomllib.loads((_FOLDER / "recipes.toml").read_text("utf-8"))
    return {
        f"{group}.{name}": Recipe.model_validate(entry)
        for group, entries in groups.items()
        for name, entry in entries.items()
    }


@lru_cache(maxsize=1)
def checks() -> dict[str, dict[str, str]]:
    """Check → its words by language."""
    return tomllib.loads((_FOLDER / "checks.toml").read_text("utf-8"))


def recipe_for(kind: str) -> Recipe:
    """What helps; for a kind without a recipe the order's facts and a person."""
    return recipes().get(kind, _PLAIN)


def check_text(check: str, language: str) -> str:
    """As one says it to an agent; empty for a check that there is not."""
    words = checks().get(check, {})
    return words.get(language) or words.get("en", "")
