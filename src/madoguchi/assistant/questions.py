"""Questions: what is asked, how it may be answered, and how an answer is read from free words.

`direct` reading answers the question on the table ("2", "はい", "the second one"). Otherwise the words were said
for another purpose and count only where they name the answer ("未開封です" names the condition of a return).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.assistant.shop_words import NONE, ShopWords
from madoguchi.assistant.understanding import Understanding
from madoguchi.kit.text import fold

_YES_AND = re.compile(r"(?:はい|ええ|うん|yes|yeah|yep|ok(?:ay)?|sure|好的?|是的?|네|예)[、,，.!\s]+(.+)")
_POLITE = re.compile(
    r"を?(?:して|て)?(?:ください|下さい|もらえますか|ほしい(?:です)?|もらいたい(?:です)?)|(?:を|で)?お願い(?:します|いたします|致します)?|\b(?:please|it|that|them|me|the|my|now)\b|[请請吧]|해 ?주세요"
)
_DENIED_BEFORE = r"(?:\bnot (?:the |my |a |about )?|不是|[并並]非)"
_DENIED_AFTER = r"\S{0,6}?(?:じゃな|ではな|でなく|(?:이|가)? ?아니[고라]| ?말고)"
Read = Callable[["Heard", bool], Any]
_HEADER = re.compile(
    r"(?:^|\s)(?:差出人|件名|送信者|本文|from|subject|sender)\s*[:：は]|[「『“\"].{8,}[」』”\"]|https?[:：]|\w\.\w+/|[a-z0-9]\[\.\][a-z]",
    re.I,
)


@dataclass(frozen=True)
class Heard:
    """One thing the customer said: words, a pressed button (`key`, `value`), pictures."""

    seq: int
    text: str
    understanding: Understanding
    attachments: tuple[str, ...] = ()
    key: str = ""
    value: str = ""
    noted: Mapping[str, Any] = field(default_factory=dict)  # what a language model read beside the rules
    shop_words: ShopWords = NONE
    own_topic: str = ""  # id of the shop's own topic that the words are about (own_flows.hearing)

    @property
    def folded(self) -> str:
        return fold(self.text)


@dataclass(frozen=True)
class Option:
    """One answer offered. `named_by`: a pattern in folded text by which people name it in their own words."""

    value: str
    label: str
    detail: str = ""
    image: str = ""
    named_by: str = ""

    def view(self) -> dict[str, str]:
        view = {"value": self.value, "label": self.label}
        if self.detail:
            view["detail"] = self.detail
        if self.image:
            view["image"] = self.image
        return view


@dataclass(frozen=True)
class Question:
    """`key` is stable within its flow. `read` gives an answer (JSON) or None; `accept` does so for a pressed value."""

    key: str
    text: str
    options: tuple[Option, ...] = ()
    kind: str = "buttons"
    rephrased: str = ""
    read: Read = field(default=lambda heard, direct: None)
    accept: Callable[[str], Any] = field(default=lambda value: value)
    free: bool = False  # any words are an answer
    early: bool = True  # what was said before it was asked may answer it
    quoted: bool = False  # asks for somebody else's words: what stands in them is not what the customer wants
    optional: bool = False  # nothing hangs on it: other words simply leave it behind
    proposal_id: str = ""  # the proposal that a yes confirms
    card: dict[str, Any] | None = None  # shown between the words and the buttons
    other: Callable[[Any], Any] = field(default=lambda answer: None)  # "the other one", seen from an answer

    def pressed(self, value: str) -> Any:
        """The answer behind a button; None for a value that was not offered."""
        return self.accept(value) if any(option.value == value for option in self.options) else None


def choice(
    key: str, text: str, options: Sequence[Option], *, rephrased: str = "", kind: str = "buttons"
) -> Question:
    """One of several."""
    offered = tuple(options)
    return Question(
        key,
        text,
        offered,
        kind,
        rephrased,
        read=lambda heard, direct: read_option(offered, heard, direct),
        other=lambda answer: the_other(offered, answer),
    )


def yes_no(
    key: str,
    text: str,
    yes: str,
    no: str,
    *,
    rephrased: str = "",
    proposal_id: str = "",
    card: dict[str, Any] | None = None,
    named: tuple[str, str] = ("", ""),
) -> Question:
    """Yes or no; the answers are "yes" and "no". A yes with a but, or a question, is neither.

    `named`: patterns by which people say the one and the other to this very question ("that is all").
    """
    offered = (Option("yes", yes, named_by=named[0]), Option("no", no, named_by=named[1]))

    def read(heard: Heard, direct: bool) -> str | None:
        if not direct:
            return None
        plain = _plain(heard.folded)
        if plain in (_plain(fold(yes)), _plain(fold(no))):
            return "yes" if plain == _plain(fold(yes)) else "no"
        if named[1] and re.search(named[1], heard.folded):
            return "no"
        if named[0] and re.search(named[0], heard.folded):
            return "yes"
        return "yes" if says_yes_to(heard.folded, yes) else heard.understanding.answer

    return Question(key, text, offered, "buttons", rephrased, read=read, proposal_id=proposal_id, card=card)


def _plain(folded: str) -> str:
    """A Japanese sentence as it stands on a button: 「申請しません」 is 「申請しない」."""
    said = re.sub(r"(?:です|。)+$", "", folded.strip())
    return re.sub(r"します$", "する", re.sub(r"しません$", "しない", said))


def says_yes_to(folded: str, label: str) -> bool:
    """A yes with the deed itself after it ("はい、キャンセルしてください" to "注文をキャンセルする"): nothing else may stand there."""
    found = _YES_AND.fullmatch(folded.strip())
    rest = re.sub(r"[\s、。,.!！]", "", _POLITE.sub("", found[1])) if found else ""
    stem = re.sub(r"(?<=[一-龯])[ぁ-ん]{1,2}$", "", rest)  # 送って to 送る
    known = re.sub(r"\s", "", fold(label))
    return (len(rest) >= 2 and rest in known) or (bool(stem) and stem != rest and known.startswith(stem))


def free_words(key: str, text: str, options: Sequence[Option], *, rephrased: str = "") -> Question:
    """The customer's own words, at most 2,000 characters; the options are ways around it."""
    offered = tuple(options)

    def read(heard: Heard, direct: bool) -> str | None:
        pressed = read_option(offered, heard, direct=False)
        if pressed is not None or not direct:
            return pressed if direct else None
        said = heard.text.strip()
        return said[:2000] if len(said) >= 2 else None

    return Question(key, text, offered, "buttons", rephrased, read=read, free=True)


def verbatim(key: str, text: str, options: Sequence[Option], *, rephrased: str = "") -> Question:
    """Words for somebody else, or an account of what happened: whatever they are about, they are the answer."""
    offered = tuple(options)

    def read(heard: Heard, direct: bool) -> str | None:
        stops = heard.understanding.wants_cancel_talk or heard.understanding.wants_back
        if not direct or stops:
            return None
        said = heard.text.strip()
        return read_option(offered, heard, direct=False) or (said[:2000] if len(said) >= 2 else None)

    return Question(key, text, offered, "buttons", rephrased, read=read)


def is_quotation(heard: Heard) -> bool:
    """Somebody else's words, pasted: with a sender, a link or a number, a header, or over several lines."""
    entities = heard.understanding.entities
    return bool(
        entities.urls
        or entities.emails
        or entities.phones
        or "\n" in heard.text.strip()
        or _HEADER.search(heard.text)
    )


def read_option(options: Sequence[Option], heard: Heard, direct: bool) -> str | None:
    """The one option that the words mean; None when they mean none, or more than one."""
    said = heard.folded.rstrip("。.!！ ")
    if not said:
        return None
    for option in options:
        if said == fold(option.label):
            return option.value
    named = [o for o in options if o.named_by and re.search(o.named_by, said)]
    if len(named) > 1:
        named = [o for o in named if not _is_denied(o.named_by, said)] or named
    if len(named) == 1:
        return named[0].value
    if not direct or named:
        return None
    ordinals = heard.understanding.entities.ordinals
    if len(ordinals) == 1 and 1 <= abs(ordinals[0]) <= len(options):
        return options[ordinals[0] - 1 if ordinals[0] > 0 else ordinals[0]].value
    contained = [
        o for o in options if len(fold(o.label)) >= 2 and (fold(o.label) in said or _is_part(said, o.label))
    ]
    return contained[0].value if len(contained) == 1 else None


def _is_denied(named_by: str, said: str) -> bool:
    """「ではなく」: it is named as what is not meant."""
    return bool(re.search(rf"{_DENIED_BEFORE}(?:{named_by})|(?:{named_by}){_DENIED_AFTER}", said))


def the_other(options: Sequence[Option], answer: Any) -> Any:
    """With exactly two answers, the one that was not given."""
    if len(options) != 2:
        return None
    return next((option.value for option in options if option.value != answer), None)


def _is_part(said: str, label: str) -> bool:
    return len(said) >= 3 and said in fold(label)
