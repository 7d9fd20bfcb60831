"""What a letter is made of: passages in our words or the shop's, facts between them, a signature. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Literal

Readers = Literal["customers", "sellers", "staff"]
SHOP = "shop"
SUBJECT = "subject"


@dataclass(frozen=True)
class Passage:
    """Words that a shop may say in its own way. `text`: the message id of ours; "" where we say nothing.

    `needed`: may be changed, not left out. `fixed`: the law or the customer's safety asks for it as it is. `only`: it
    stands there only when the letter is told so by this name; "" always.
    """

    name: str
    text: str = ""
    needed: bool = False
    fixed: bool = False
    only: str = ""

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The names in curly brackets, which the shop's words must hold as well."""
        return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.text) if name))


@dataclass(frozen=True)
class Fact:
    """What the house fills in between the passages: rows of an order, a promise, a link. Left out where it is empty."""

    name: str
    label: str


@dataclass(frozen=True)
class LetterKind:
    """One letter. `name`, `when`: message ids. `asides`: passages that stand elsewhere than in the body's order.

    `signed`: who we are stands under it, which no shop can leave out. `answerable`: the line above which people answer
    stands over it.
    """

    id: str
    name: str
    when: str
    body: tuple[Passage | Fact, ...]
    subject: str
    readers: Readers = "customers"
    asides: tuple[Passage, ...] = ()
    signed: bool = True
    answerable: bool = False

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """Every passage by name, in the order of the letter."""
        found = [Passage(SUBJECT, self.subject, needed=True)] if self.subject else []
        found += [each for each in self.body if isinstance(each, Passage)]
        return {each.name: each for each in (*found, *self.asides)}

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Every place that any of its passages may hold; the shop's name always."""
        return tuple(
            dict.fromkeys([SHOP, *(name for each in self.passages.values() for name in each.places)])
        )


def framed(*body: Passage | Fact) -> tuple[Passage | Fact, ...]:
    """With a passage before and one after, in which we say nothing and the shop may."""
    return (Passage("opening"), *body, Passage("closing"))
