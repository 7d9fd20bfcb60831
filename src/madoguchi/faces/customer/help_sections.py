"""How the help centre is arranged: sections and groups of articles, and which article tells of which way to us.

The help centre has three sections (HLP-016), chat has three groups of questions (HLP-006), doubts about using support are
answered with them (HLP-017), every way that the shop offers has an article (CH-062).
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.engine.settings import Settings
from madoguchi.faces.customer.visit import Visit


@dataclass(frozen=True)
class Section:
    """`title`, `about`: English ids of the words. `articles`: ids, in the order in which they are told."""

    name: str
    title: str
    about: str
    articles: tuple[str, ...]


# Which article tells how a way is used, how quick it is and what to mind.
WAYS = {
    "chat": "using-chat",
    "assistant": "assistant-abilities",
    "phone": "using-phone",
    "mail": "using-mail",
    "callback": "callback",
}

SECTIONS = (
    Section(
        "contact",
        "How to contact us",
        "Every way to us: how it is used, how quick it is, what to mind.",
        (
            "contact-hours",
            *WAYS.values(),
            "talk-to-person",
            "support-doubts",
            "language-support",
            "accessibility",
        ),
    ),
    Section(
        "troubles",
        "When something goes wrong",
        "The troubles that people most often ask about, and how they are solved.",
        (
            "delivery-delay",
            "item-not-received",
            "return-trouble",
            "payment-failure",
            "login-failure",
            "chat-trouble",
            "phone-unreachable",
            "slow-reply",
        ),
    ),
    Section(
        "prevention",
        "So that nothing happens",
        "Telling fakes apart and keeping the account safe.",
        (
            "verify-message",
            "report-phishing",
            "smishing",
            "vishing",
            "fake-site",
            "two-step",
            "security",
            "login-history",
        ),
    ),
)

CHAT = (
    Section(
        "choosing",
        "Choosing a way to us",
        "Which way suits what.",
        ("contact-hours", "using-chat", "using-phone", "using-mail", "callback", "talk-to-person"),
    ),
    Section(
        "chat-troubles",
        "When the chat does not work",
        "From the connection to the answer that does not come.",
        ("chat-trouble", "chat-resume", "slow-reply", "phone-unreachable"),
    ),
    Section(
        "history-privacy-ai",
        "History, privacy and AI",
        "Who answers, what is kept, and for how long.",
        ("support-doubts", "assistant-abilities", "contact-history", "history-privacy"),
    ),
)


def articles_of(section: Section, settings: Settings) -> tuple[str, ...]:
    """Without those about ways that the shop does not offer."""
    closed = {
        WAYS[way]
        for way, offered in (
            ("assistant", settings.assistant.enabled),
            ("phone", bool(settings.shop.phone)),
            ("mail", bool(settings.shop.mail_address)),
        )
        if not offered
    }
    return tuple(dict.fromkeys(each for each in section.articles if each not in closed))


def worded(section: Section, visit: Visit) -> tuple[str, str]:
    """Its title and what it is about, in the reader's language."""
    return visit.t(section.title), visit.t(section.about)
