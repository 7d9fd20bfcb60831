"""A flow as the console shows it: who answers, what it asks and says, where it ends, its exits, how it was used. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.assistant import flows
from madoguchi.assistant.anatomy import Anatomy, anatomy
from madoguchi.assistant.flows import Flow
from madoguchi.assistant.kinds import queue_of
from madoguchi.assistant.labour import DEEDS, Labour, labour, source
from madoguchi.assistant.labour_keeping import Rule, divided, rules
from madoguchi.assistant.wording import catalogue, spoken, words
from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.customers.account_deeds import DEED_NAMES
from madoguchi.counter.customers.account_wording import account_deed_label
from madoguchi.counter.orders.wording import action_label
from madoguchi.counter.reports.cells import Span, read
from madoguchi.counter.reports.tally import Tally
from madoguchi.counter.routing.queue_editing import all_queues
from madoguchi.counter.routing.queues import GENERAL, Queue, queue_for, topics
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.report_reasons import reason_text

DAYS = 30
LABOUR_WORDS: dict[Labour, str] = {
    "bot_with_action": "The assistant, actions too",
    "bot": "The assistant, information only",
    "human": "A person",
}
END_WORDS = {
    "answer": "It has answered",
    "action": "It has carried something out",
    "nothing": "It ends without a change",
    "other_channel": "It has told another way",
    "person": "A person goes on",
}


@dataclass(frozen=True)
class Now:
    """What holds now: the table, its changes, queues, and the sums of the last `DAYS` days before today."""

    table: Mapping[str, Labour]
    rules: Mapping[str, Rule]
    topics: Mapping[str, str]
    queues: Mapping[str, Queue]
    tally: Tally

    @classmethod
    def of(cls, tx: Transaction, settings: Settings, today: date) -> Now:
        span = Span(today - timedelta(days=DAYS), today - timedelta(days=1))
        return cls(
            divided(tx, settings),
            rules(tx),
            topics(tx),
            {each.id: each for each in all_queues(tx)},
            read(tx, span, {}).get("", Tally()),
        )


@dataclass(frozen=True)
class Exit:
    """The queue behind a flow; `queue` empty: there is none, nobody would come."""

    queue: str
    reasons: tuple[str, ...] = ()
    offered: bool = False


@dataclass(frozen=True)
class Use:
    """Of the last `DAYS` days: dialogues begun, and how many were left in the middle."""

    begun: int
    left: int


@dataclass(frozen=True)
class Row:
    """A line of the list. `by`: the entry that says who answers; empty where nothing was set."""

    kind: str
    label: str
    labour: Labour
    by: str
    questions: int
    ends: tuple[str, ...]
    exit: Exit
    use: Use


@dataclass(frozen=True)
class Asked:
    """A question: its words (its key, where it has none or shares them), how often it was asked and left unanswered."""

    text: str
    asked: int
    left: int


@dataclass(frozen=True)
class Said:
    """A line of the assistant in one language, with the other ways in which it says it."""

    key: str
    texts: tuple[str, ...]


def rows(now: Now, language: str) -> dict[str, list[Row]]:
    """Every flow, by the name of its group, in the order of the taxonomy."""
    found: dict[str, list[Row]] = {}
    scripts = flows.load()
    for kind in categories().values():
        if flow := scripts.get(kind.id):
            found.setdefault(group_name(kind.group, language), []).append(row(flow, now, language))
    return found


def row(flow: Flow, now: Now, language: str) -> Row:
    made, kind = anatomy(flow), flow.kind
    left = sum(count for step, count in now.tally.counts("exit").items() if step.partition("/")[0] == kind)
    return Row(
        kind=kind,
        label=categories()[kind].label(language),
        labour=labour(now.table, kind),
        by=source(now.table, kind),
        questions=len(made.questions),
        ends=ends(made, language),
        exit=exit_of(flow, now, language),
        use=Use(now.tally.counts("flow").get(kind, 0), left),
    )


def exit_of(flow: Flow, now: Now, language: str) -> Exit:
    """To the queue that really gets it: the house may have led the kind elsewhere, or switched the queue off."""
    fixed = flow.queue != queue_of(flow.kind)
    queue = now.queues.get(flow.queue if fixed else queue_for(flow.kind, own=now.topics))
    if queue is not None and not queue.active:
        queue = now.queues.get(GENERAL)
    made = anatomy(flow)
    reasons = tuple(reason_text(reason, language) for reason in made.persons)
    return Exit(queue.label(language) if queue else "", reasons, made.offers_person)


def ends(made: Anatomy, language: str) -> tuple[str, ...]:
    """Where it can end; a person is always one of them."""
    return tuple(tr(language, END_WORDS[end]) for end in (*made.ends, "person"))


def questions(flow: Flow, now: Now, language: str) -> list[Asked]:
    """What it asks in the order of the script, then what was asked besides, such as orders to choose from."""
    asked, left = _of(flow.kind, now.tally.counts("step")), _of(flow.kind, now.tally.counts("exit"))
    texts = {key: words_of(text, language) for key, text in anatomy(flow).questions.items()}
    texts.setdefault(_CONFIRM, tr(language, "Confirm what is proposed"))
    several = {text for text, times in Counter(texts.values()).items() if times > 1}
    keys = dict.fromkeys((*anatomy(flow).questions, *(_named(key) for key in (*asked, *left))))
    return [
        Asked(
            f"{texts[key]} [{key}]" if texts.get(key) in several else texts.get(key, key),
            _count(asked, key),
            _count(left, key),
        )
        for key in keys
    ]


def said(keys: Mapping[str, None], language: str) -> list[Said]:
    """These lines as they stand in the wording of a language, with their places."""
    found = catalogue(spoken(language))
    texts = ((key, found[key]) for key in keys)
    return [Said(key, (text,) if isinstance(text, str) else tuple(text)) for key, text in texts]


def words_of(key: str, language: str) -> str:
    text = catalogue(spoken(language))[key]
    return text if isinstance(text, str) else text[0]


def matter_name(matter: str, language: str) -> str:
    """What a deed, a group or a kind is called."""
    if matter == "refund":
        return tr(language, "Every refund")
    if matter in DEED_NAMES:
        return account_deed_label(matter, language)
    if matter in DEEDS:
        return action_label(matter, language)
    kind = categories().get(matter)
    return kind.label(language) if kind else group_name(matter, language)


def group_name(group: str, language: str) -> str:
    labels = group_labels().get(group, {})
    return labels.get(language) or labels.get("en", group)


def asks_for_a_person(language: str) -> str:
    """The words that bring a person at every moment."""
    return words(language, "person.phrase")


_CONFIRM = "confirm"


def _named(key: str) -> str:
    """A confirmation bears the id of its proposal in the ledger."""
    return _CONFIRM if key.startswith("confirm_") else key


def _of(kind: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {step.partition("/")[2]: count for step, count in counts.items() if step.partition("/")[0] == kind}


def _count(counts: Mapping[str, int], key: str) -> int:
    return sum(count for name, count in counts.items() if _named(name) == key)
