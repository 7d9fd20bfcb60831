"""A message, site or call that may not be ours: what it says, what we make of it, and what to do now (PHI).

What the customer pastes is somebody else's: it is judged, never followed, and its links are never opened or shown
so that they could be pressed.
"""

from __future__ import annotations

from dataclasses import replace

from madoguchi.assistant.answers import said
from madoguchi.assistant.questions import Heard, Option, free_words, read_option
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.trust.policy import Channel, Finding, Judgement, Message, Verdict
from madoguchi.counter.trust.wording import finding_text

_UNKNOWN = "unknown"
_HARMED = {
    "topic phishing_impersonation.credentials_disclosed": said("harm.credentials"),
    "topic phishing_impersonation.fraud_victim": said("harm.fraud"),
}


async def ask_what(talk: Talk, channel: Channel) -> Message:
    """What it says: taken from what was written already, else asked once to be pasted."""
    known = [heard for heard in talk.said if not heard.key and _tells(heard, channel)]
    if "pasted" not in talk.run.answers and "pasted" not in talk.given and known:
        talk.given["pasted"] = "\n".join(heard.text for heard in known)
    unknown = Option(_UNKNOWN, talk.words(f"suspect.unknown_{channel}"))
    question = free_words("pasted", talk.words(f"suspect.ask_{channel}"), [unknown])

    def read(heard: Heard, direct: bool) -> str | None:
        if not direct or read_option((unknown,), heard, False):
            return _UNKNOWN if direct else None
        return heard.text.strip()[:4000] or None

    text: str = await talk.ask(replace(question, read=read, quoted=True, early=False))
    return _message(talk, channel, "" if text == _UNKNOWN else text)


def look_into(talk: Talk, message: Message) -> Judgement:
    """The verdict, kept as it was told; facts for the security desk."""
    scene = talk.scene

    def judge() -> list[object]:
        orders = [order.number for order in scene.orders()] if scene.contact.rung >= Rung.SIGNED_IN else []
        email = scene.customer.email if scene.customer else ""
        found = scene.trust.check(message, scene.actor, email=email, orders=orders)
        return [found.verdict, [[f.code, f.shown] for f in found.findings], found.campaign]

    verdict, findings, campaign = talk.noted("judgement", judge)
    judgement = Judgement(verdict, tuple(Finding(*each) for each in findings), campaign)
    talk.fact("verdict", talk.words(f"verdict.{judgement.verdict}"))
    talk.fact("campaign", judgement.campaign)
    talk.fact("received_at", _received(talk))
    talk.has_tried("judged", verdict=talk.words(f"verdict.{judgement.verdict}"))
    return judgement


def tell_verdict(talk: Talk, message: Message, judgement: Judgement) -> None:
    """The verdict first, every reason, and what to do: official site, report, delete (PHI-013, PHI-015, C-25)."""
    talk.say(f"suspect.{_spoken(message.channel, judgement.verdict)}")
    for finding in judgement.findings:
        talk.tell(f"・{finding_text(finding, talk.language)}")
    if judgement.verdict != "genuine":
        talk.say("suspect.do_not_open" if message.channel != "phone" else "suspect.hang_up")


def keep_report(talk: Talk, message: Message, judgement: Judgement) -> bool:
    """For the security desk; True when many report the same just now."""
    trust, scene = talk.scene.trust, talk.scene

    def keep() -> bool:
        report = trust.report(
            message, judgement, scene.actor, contact_id=scene.contact.id, received=_received(talk)
        )
        return trust.is_wave(report)

    return bool(talk.noted("reported", keep))


async def what_now(talk: Talk, message: Message, judgement: Judgement) -> Outcome:
    """Harm done leads to its emergency; else the report, which needs no more of the customer; a person always."""
    options = [
        Option("report", talk.words("button.report"), named_by=said("harm.report")),
        *(
            Option(topic, talk.words(f"button.harm_{topic.rpartition('.')[2]}"), named_by=pattern)
            for topic, pattern in _HARMED.items()
        ),
        Option("person", talk.words("button.person")),
        Option(
            "nothing",
            talk.words("button.nothing_happened"),
            named_by=said("harm.nothing"),
        ),
    ]
    chosen = await talk.choose("harm", "suspect.harm", options)
    if chosen.startswith("topic "):
        return Outcome("other_flow", chosen.removeprefix("topic "))
    if chosen == "person":
        return talk.hand_over("suspicious", queue="security", priority=3)
    return after_report(talk, message, judgement) if chosen == "report" else _left_alone(talk)


def after_report(talk: Talk, message: Message, judgement: Judgement) -> Outcome:
    wave = keep_report(talk, message, judgement)
    talk.say("suspect.reported")
    talk.say("suspect.delete")
    if wave:
        talk.say("suspect.wave")
        return talk.hand_over("campaign", queue="security", priority=2)
    return Outcome("action", "open_report_form")


async def not_sure(talk: Talk) -> Outcome:
    """Nobody guesses: a person of the security desk looks at it (PHI-001)."""
    if talk.scene.contact.rung < Rung.SIGNED_IN:
        talk.say("suspect.sign_in_helps")
        talk.show({"kind": "sign_in", "rung": int(Rung.SIGNED_IN), "order_number": ""})
    return talk.hand_over("unsure", queue="security", priority=3)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _left_alone(talk: Talk) -> Outcome:
    talk.say("suspect.delete")
    return Outcome("action", "verify_message", ask_solved=True)


def _tells(heard: Heard, channel: Channel) -> bool:
    """Whether it can be judged: by a number, a link, a sender, or whole lines; a subject alone says nothing."""
    entities = heard.understanding.entities
    if channel == "phone":
        return bool(entities.phones)
    return bool(entities.urls or entities.emails or entities.phones or "\n" in heard.text.strip())


def _message(talk: Talk, channel: Channel, text: str) -> Message:
    phones = [number for heard in talk.said for number in heard.understanding.entities.phones]
    orders = [number for heard in talk.said for number in heard.understanding.entities.order_numbers]
    return Message(
        channel,
        text,
        phones=tuple(dict.fromkeys(phones)),
        order_numbers=tuple(dict.fromkeys(orders)),
    )


def _received(talk: Talk) -> str:
    days = [day.isoformat() for heard in talk.said for day in heard.understanding.entities.dates]
    return days[0] if days else ""


def _spoken(channel: Channel, verdict: Verdict) -> str:
    """The wording's name: a call and a site are spoken of in other words than a message."""
    if channel in ("phone", "site") and verdict == "fake":
        return f"fake_{channel}"
    return verdict
