"""Own dialogues as the console shows them: the words for what steps do, where they lead, what the checks find. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.assistant.own_flows.checking import PROTECTED, WORDS, Finding, Known, findings
from madoguchi.assistant.own_flows.keeping import Version
from madoguchi.assistant.own_flows.model import OWN_DEEDS, REASONS, Dialogue, Step
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.customers.holdings import in_language
from madoguchi.counter.knowledge.model import EVERYONE, Article
from madoguchi.counter.orders.wording import action_label
from madoguchi.counter.routing import queues
from madoguchi.engine.texts import tr
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.house import House
from madoguchi.faces.report_reasons import reason_text
from madoguchi.kit.text import fold

DOES_WORDS = {
    "say": "Say something",
    "ask": "Ask a question",
    "order": "Let the customer choose an order",
    "deed": "Propose an action",
    "link": "Show a link",
    "hand_over": "Hand over to a person",
    "end": "End the dialogue",
}
ANSWER_WORDS = {
    "options": "One of several answers",
    "own_words": "The customer's own words",
    "photo": "A photo, if there is one",
}
FITS_WORDS = {
    "any": "All orders",
    "waits_in_house": "Orders not yet sent",
    "on_the_way": "Orders on the way",
    "may_be_missing": "Orders that may be missing",
    "has_arrived": "Orders that have arrived",
}
STATE_WORDS = {
    "draft": "Draft",
    "in_force": "In force",
    "superseded": "Replaced by a later version",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True)
class Way:
    """Where an answer leads: `to` is a step's name, empty for nowhere. `words` empty: however it is answered."""

    words: str
    to: str


@dataclass(frozen=True)
class StepView:
    """A step of the list, with what is wrong with it."""

    name: str
    does: str
    words: str
    detail: str
    ways: list[Way]
    errors: list[str]
    warnings: list[str]


def known_of(visit: Visit) -> Known:
    """What the checks are made with: the house as it is now."""
    house = visit.house
    active = {each.id for each in house.database.read(queues.queues)}
    readable = {each.id for each in _readable(house)}
    return Known(tuple(house.settings.shop.languages), active, readable)


def steps(dialogue: Dialogue, found: list[Finding], language: str) -> list[StepView]:
    return [step_view(dialogue, step, found, language) for step in dialogue.steps]


def step_view(dialogue: Dialogue, step: Step, found: list[Finding], language: str) -> StepView:
    here = [each for each in found if each.step == step.name]
    return StepView(
        step.name,
        tr(language, DOES_WORDS[step.does]),
        in_language({key: text for key, text in step.words.items() if text}, language),
        _detail(step, language),
        _ways(dialogue, step, language),
        [finding_text(each, language) for each in here if not each.is_warning],
        [finding_text(each, language) for each in here if each.is_warning],
    )


def of_whole(found: list[Finding], language: str) -> list[str]:
    return [finding_text(each, language) for each in found if not each.step]


def finding_text(finding: Finding, language: str) -> str:
    return tr(language, WORDS[finding.code], **finding.params)


def checked(visit: Visit, dialogue: Dialogue) -> list[Finding]:
    return findings(dialogue, known_of(visit))


def name_of(dialogue: Dialogue, language: str) -> str:
    """The topic's name, or the enquiry's."""
    if dialogue.topic is not None:
        return (
            in_language({key: text for key, text in dialogue.topic.name.items() if text}, language)
            or dialogue.topic.id
        )
    kind = categories().get(dialogue.kind)
    return kind.label(language) if kind else dialogue.kind


def kinds(language: str) -> list[tuple[str, str]]:
    """Every kind that may have a dialogue of the shop's own."""
    return [(each.id, each.label(language)) for each in categories().values() if each.id not in PROTECTED]


def articles(visit: Visit) -> list[tuple[str, str]]:
    """Id and title of what customers may read, by title."""
    found = {}
    for each in _readable(visit.house):
        text = each.texts.get(visit.language) or each.texts.get("en") or next(iter(each.texts.values()), None)
        if text is not None:
            found[each.id] = text.title
    return sorted(found.items(), key=lambda pair: fold(pair[1]))


def deeds(language: str) -> list[tuple[str, str]]:
    return [(each, action_label(each, language)) for each in OWN_DEEDS]


def reasons(language: str) -> list[tuple[str, str]]:
    return [(each, reason_text(each, language)) for each in REASONS]


def queue_names(visit: Visit) -> list[tuple[str, str]]:
    return [(each.id, each.label(visit.language)) for each in visit.house.database.read(queues.queues)]


def is_readable(version: Version) -> bool:
    try:
        return bool(version.dialogue)
    except ValueError:
        return False


def _readable(house: House) -> list[Article]:
    """What every customer may read."""
    return [
        each for each in house.library.articles() if each.state == "published" and each.is_for({EVERYONE})
    ]


def _detail(step: Step, language: str) -> str:
    if step.does == "ask":
        return tr(language, ANSWER_WORDS[step.answer])
    if step.does == "order":
        return tr(language, FITS_WORDS[step.fits])
    if step.does == "deed":
        return action_label(step.deed, language)
    if step.does == "hand_over":
        return reason_text(step.reason, language)
    return step.url if step.does == "link" else step.article if step.does == "say" else ""


def _ways(dialogue: Dialogue, step: Step, language: str) -> list[Way]:
    if step.has_options:
        said = [
            in_language({key: text for key, text in each.words.items() if text}, language)
            for each in step.options
        ]
        return [Way(words, to) for words, to in zip(said, dialogue.onward(step), strict=True)]
    return [Way("", to) for to in dialogue.onward(step)]
