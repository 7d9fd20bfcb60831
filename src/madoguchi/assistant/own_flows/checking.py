"""What would leave a customer standing in an own dialogue, said at the step where it is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.own_flows.model import Dialogue, Step
from madoguchi.assistant.own_flows.places import needs_order, unknown_in
from madoguchi.assistant.understanding import CONNECT_TO_AGENT, OUT_OF_SCOPE
from madoguchi.assistant.understanding.emergency import KINDS as DANGERS
from madoguchi.kit.languages import NAMES

MAIN = "ja"
FEWEST_EXAMPLES = 3  # in each language in which there are any
# Emergencies, a wish for a person, and the limits themselves are not the shop's to word anew.
PROTECTED = DANGERS | {CONNECT_TO_AGENT, OUT_OF_SCOPE, "general.legal"}

# Code → what is wrong, as the console and the command line say it.
WORDS: dict[str, str] = {
    "kind_unknown": "There is no such kind of enquiry",
    "kind_protected": "Emergencies, legal matters and the wish for a person keep the dialogue that is shipped",
    "no_steps": "There is no step yet",
    "name_twice": "Another step has this name too",
    "words_missing": "Words are needed in Japanese",
    "words_english": "Words are needed in English: readers of other languages would find none",
    "words_fall_back": "Without words in {language}, its readers see the English ones, else the Japanese",
    "place_unknown": "There is no {place}",
    "place_needs_order": "The order's facts are known only after a step in which the customer chooses an order",
    "no_options": "A question needs at least one answer",
    "leads_nowhere": "It leads to no step: name one, or put one after it",
    "circle": "The steps go in a circle without a question: {steps}",
    "not_reached": "Nothing leads here",
    "no_person": "Nothing leads to a person: add a hand-over",
    "deed_needs_order": "Before an action the customer chooses an order",
    "link_unusable": "A link begins with https:// or with / for our own pages",
    "article_unknown": "There is no such article that customers may read",
    "queue_unknown": "There is no such queue in use",
    "topic_name": "The topic needs a name in Japanese",
    "topic_examples": "Write at least {n} examples of what customers say, in Japanese or in another language",
}
WARNINGS = frozenset({"words_fall_back"})


@dataclass(frozen=True)
class Finding:
    """`step`: its name, empty for the dialogue as a whole. A warning does not keep it from being put in force."""

    step: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS


@dataclass(frozen=True)
class Known:
    """What the house has: languages of the shop, queues in use, articles that customers may read; None: not looked at."""

    languages: Collection[str] = tuple(NAMES)
    queues: Collection[str] | None = None
    articles: Collection[str] | None = None


def findings(dialogue: Dialogue, known: Known) -> list[Finding]:
    """Everything that is wrong or doubtful, of the whole first, then step by step."""
    found = [*_of_whole(dialogue)]
    reached = _reached(dialogue)
    without_order = _reached(dialogue, past_orders=False)
    for step in dialogue.steps:
        found += _of_step(dialogue, step, known, orderless=step.name in without_order)
        if step.name not in reached:
            found.append(Finding(step.name, "not_reached"))
    return list({(each.step, each.code, tuple(each.params.items())): each for each in found}.values())


def is_usable(dialogue: Dialogue, known: Known) -> bool:
    return all(each.is_warning for each in findings(dialogue, known))


def _of_whole(dialogue: Dialogue) -> Iterator[Finding]:
    if dialogue.kind not in kinds():
        yield Finding("", "kind_unknown")
    elif dialogue.kind in PROTECTED:
        yield Finding("", "kind_protected")
    topic = dialogue.topic
    if topic is not None and not topic.name.get(MAIN):
        yield Finding("", "topic_name")
    if topic is not None and not any(len(each) >= FEWEST_EXAMPLES for each in topic.examples.values()):
        yield Finding("", "topic_examples", {"n": str(FEWEST_EXAMPLES)})
    if not dialogue.steps:
        yield Finding("", "no_steps")
        return
    names = [step.name for step in dialogue.steps]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Finding(name, "name_twice")
    if circle := _circle(dialogue):
        yield Finding(circle[0], "circle", {"steps": " → ".join(circle)})
    reached = _reached(dialogue)
    if not any(step.does == "hand_over" and step.name in reached for step in dialogue.steps):
        yield Finding("", "no_person")


def _of_step(dialogue: Dialogue, step: Step, known: Known, *, orderless: bool) -> Iterator[Finding]:
    yield from _words(step, known)
    for text in (text for texts in step.texts() for text in texts.values()):
        for place in unknown_in(text):
            yield Finding(step.name, "place_unknown", {"place": place})
        if needs_order(text) and orderless and step.does != "order":
            yield Finding(step.name, "place_needs_order")
    if step.has_options and not step.options:
        yield Finding(step.name, "no_options")
    if not all(dialogue.onward(step)):
        yield Finding(step.name, "leads_nowhere")
    if step.does == "deed" and orderless:
        yield Finding(step.name, "deed_needs_order")
    if step.does == "link" and not _is_link(step.url):
        yield Finding(step.name, "link_unusable")
    if step.article and known.articles is not None and step.article not in known.articles:
        yield Finding(step.name, "article_unknown")
    if step.queue and known.queues is not None and step.queue not in known.queues:
        yield Finding(step.name, "queue_unknown")


def _words(step: Step, known: Known) -> Iterator[Finding]:
    needed = step.does in ("ask", "link") or (step.does == "say" and not step.article)
    for texts in step.texts():
        if texts is step.words and not needed and not any(texts.values()):
            continue
        if not texts.get(MAIN):
            yield Finding(step.name, "words_missing")
        others = [each for each in known.languages if each not in (MAIN, "en") and not texts.get(each)]
        if not texts.get("en") and (others or "en" in known.languages):
            yield Finding(step.name, "words_english")
        for language in others:
            yield Finding(step.name, "words_fall_back", {"language": NAMES[language]})


def _is_link(url: str) -> bool:
    if url.startswith("/"):
        return not url.startswith("//") and not set(url) & set("\\ ")
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and " " not in url


def _reached(dialogue: Dialogue, *, past_orders: bool = True) -> set[str]:
    """Names of the steps to which something leads; without `past_orders` only before an order is chosen."""
    reached: set[str] = set()
    waiting = [dialogue.steps[0].name] if dialogue.steps else []
    while waiting:
        name = waiting.pop()
        step = dialogue.step(name)
        if step is None or name in reached:
            continue
        reached.add(name)
        if past_orders or step.does != "order":
            waiting += filter(None, dialogue.onward(step))
    return reached


def _circle(dialogue: Dialogue) -> tuple[str, ...]:
    """The first circle in which nobody is asked anything; empty without one. Its first name stands at its end again."""
    safe: set[str] = set()
    for start in dialogue.steps:
        way: list[str] = []
        step: Step | None = start
        while step is not None and step.does != "ask" and not step.is_last and step.name not in safe:
            if step.name in way:
                return (*way[way.index(step.name) :], step.name)
            way.append(step.name)
            step = dialogue.step(dialogue.onward(step)[0])
        safe.update(way)
    return ()
