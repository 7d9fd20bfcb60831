"""The ways to reach us in words: hours, cost, when an answer comes, why one is closed, why one is recommended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.cases.ways.advice import Advice, Reason
from madoguchi.counter.cases.ways.channels import Channel
from madoguchi.counter.cases.ways.open_ways import Asking, People, Way, Why
from madoguchi.counter.hours import closed_text
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.languages import gap

_REASONS: dict[Reason, str] = {
    "urgent_complex": "This is urgent and takes explaining: it is clear soonest by voice.",
    "urgent_photo": "This is urgent, and a photo shows it: both go into the chat at once.",
    "evidence": "Photos and documents belong to it, and they can be added here.",
    "by_voice": "You can talk it over with a person, step by step.",
    "record": "It is best in writing, so that you keep a record of it.",
    "complex": "A person can look at it together with you, and it stays in writing.",
    "urgent": "This is quickest: it can be looked at and changed on the spot.",
    "peak": "Very many enquiries come in at present; in writing it goes on soonest.",
    "simple": "A question like this is answered at once, at any hour.",
}
_CLOSED: dict[Why, str] = {
    "down": "This does not work at present.",
    "not_this": "This matter is not handled here.",
    "not_you": "This way is for certain customers.",
    "nobody": "Nobody is free at this moment.",
    "crowded": "Many are waiting now.",
    "sign_in": "The telephone number is shown after you sign in.",
}


def hours_text(way: Way, language: str) -> str:
    return way.hours.text(language)


def why_text(way: Way, asking: Asking) -> str:
    """Why it cannot be used now, and when it can; empty for a way that is simply open."""
    language = asking.language
    if way.why == "off":
        told = way.closed_for
        why = told.get(language) or told.get("en") or next(iter(told.values()), "")
        if way.opens_at is None:
            return why
        when = moment_text(way.opens_at, way, asking)
        return gap(language).join((why, tr(language, "Expected again {when}.", when=when)))
    if way.why == "closed":
        why = closed_text(way.closed_for, language)
        if way.opens_at is None:
            return why or tr(language, "Closed now.")
        when = moment_text(way.opens_at, way, asking)
        if why:
            return gap(language).join((why, tr(language, "Open again {when}.", when=when)))
        return tr(language, "Closed now. Open again {when}.", when=when)
    return tr(language, _CLOSED[way.why]) if way.why else ""


def cost_text(channel: Channel, settings: Settings, language: str) -> str:
    """What it costs; a call costs what the shop says it does."""
    if own := _own(settings.ways.costs.get(channel.id, {}), language):
        return own
    if channel.id == "phone":
        return settings.shop.phone_cost or tr(language, "What your telephone company charges for the call")
    if channel.id == "callback":
        return tr(language, "Free: we call you")
    return tr(language, "Free (you pay only for your own connection)")


def answer_text(way: Way, people: People, settings: Settings, asking: Asking) -> str:
    """When an answer can be expected on this way: measured or promised, and honest where nobody can tell (CH-002)."""
    language, name = asking.language, way.channel.id
    if own := _own(settings.ways.answers.get(name, {}), language):
        return own
    if name == "assistant":
        return tr(language, "At once")
    if name == "person":
        return _wait_text(way, people, asking)
    if name == "phone":
        return tr(
            language, "You speak with somebody as soon as the call is taken; we do not measure the wait."
        )
    if name == "callback":
        return tr(language, "Within the hours of the telephone ({hours})", hours=way.hours.text(language))
    promised = promise_text(asking.kind, language, asking.segments, asking.percent) if asking.kind else ""
    return promised or tr(
        language, "Answered by people in their hours ({hours})", hours=way.answered.text(language)
    )


def reason_text(advice: Advice, asking: Asking) -> str:
    """One sentence: why this way (CH-004)."""
    language = asking.language
    if advice.reason != "instead" or advice.instead_of is None:
        return tr(language, _REASONS[advice.reason])
    other = advice.instead_of
    name = other.channel.text("name", language)
    if other.why == "crowded":
        return tr(language, "{way}: many are waiting now; here it goes on at once.", way=name)
    if other.opens_at is not None:
        when = moment_text(other.opens_at, other, asking)
        return tr(language, "{way} is closed now and opens {when}; here it goes on now.", way=name, when=when)
    return tr(language, "{way} is not to be had at this moment; here it goes on now.", way=name)


def _own(words: Mapping[str, str], language: str) -> str:
    """The shop's own words; of a language in which it says nothing, ours hold."""
    return words.get(language, "")


def length_text(seconds: int, language: str) -> str:
    """`5 minutes`, `2 hours`: rounded up to what people say."""
    minutes = max(1, -(-seconds // 60))
    if minutes < 60:
        return trn(language, "{n} minute", "{n} minutes", minutes)
    return trn(language, "{n} hour", "{n} hours", -(-minutes // 60))


def moment_text(at: datetime, way: Way, asking: Asking) -> str:
    return way.answered.opening_text(at, asking.now, asking.language)


def _wait_text(way: Way, people: People, asking: Asking) -> str:
    language = asking.language
    if not way.open:
        if way.opens_at is None:
            return tr(language, "As soon as somebody is free; your place is kept")
        return tr(
            language, "{when}, in order; your place is kept", when=moment_text(way.opens_at, way, asking)
        )
    if people.low_s is None or people.high_s is None:
        return tr(language, "The wait for a person is not known yet")
    low, high = length_text(people.low_s, language), length_text(people.high_s, language)
    if low == high:
        return tr(language, "Wait for a person: about {time}", time=high)
    return tr(language, "Wait for a person: about {low} to {high}", low=low, high=high)
