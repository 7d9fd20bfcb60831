"""The assistant: reads what is new in a contact, thinks outside any transaction, writes its reply in one.

A turn is keyed by the customer's last words and the owner version: it is written only while the assistant still
owns the contact and nobody has answered those words. So a crash repeats the thinking, never the words (R-22).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import structlog

from madoguchi.assistant import flows, shop_words, troubleshooting
from madoguchi.assistant.best_way import BestWay
from madoguchi.assistant.conversation import Conversation
from madoguchi.assistant.history import remember
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.looking import Seen, hours_of, look
from madoguchi.assistant.model import Colleague, Sitting, answers, summary, understanding, wording
from madoguchi.assistant.own_flows.hearing import hear
from madoguchi.assistant.personal import named_cases, named_orders
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.reply import HandOver, Reply
from madoguchi.assistant.shop_words import ShopWords
from madoguchi.assistant.speech import Message, Speech
from madoguchi.assistant.steps.topics import TOPIC, person_option, topic_options
from madoguchi.assistant.summary import summarise
from madoguchi.assistant.talk import Scene
from madoguchi.assistant.understanding import LateUnderstander, Understander, Understanding
from madoguchi.assistant.voice import Aloud, Voice, in_silence
from madoguchi.assistant.wording import spoken, words
from madoguchi.assistant.writing import write
from madoguchi.counter.actors import ASSISTANT
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.contacts import events, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.knowledge.library import Library, Told
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.routing.queues import queue_for
from madoguchi.counter.sellers.workflow import SellerDesk
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.counter.trust.outgoing import only_ours
from madoguchi.engine.database import Database
from madoguchi.engine.failpoints import FailpointReached, failpoint
from madoguchi.engine.settings import Settings
from madoguchi.kit.text import fold

log = structlog.get_logger()

_SURE_OF_LANGUAGE = 0.8
_TELLING = {"ja": 4, "en": 4}  # characters from which words tell a language; 你好 and 환불 tell at once
_LIKELIER = 0.8  # natural-log weight of the subject that the customer has picked or talked about


class Assistant:
    """The colleague who answers first. Holds no state between turns; one may serve any number of threads."""

    def __init__(
        self,
        database: Database,
        orders: OrderDesk,
        accounts: AccountDesk,
        trust: TrustDesk,
        understander: Understander | LateUnderstander,
        settings: Settings,
        colleague: Colleague,
        library: Library,
        sellers: SellerDesk,
        business: BusinessDesk,
        calls: CallDesk,
        aloud: Aloud = in_silence,
    ) -> None:
        self._database = database
        self._orders = orders
        self._accounts = accounts
        self._trust = trust
        self._understander = understander
        self._settings = settings
        self._colleague = colleague
        self._library = library
        self._sellers = sellers
        self._business = business
        self._calls = calls
        self._aloud = aloud
        self._trees = troubleshooting.load(settings.data.folder / "troubleshooting")
        self._flows: Mapping[str, flows.Flow] = flows.load()
        self._routing = Rules.of(settings)
        self._words = shop_words.read(settings.data.folder / shop_words.FILE)

    def turn(self, contact_id: str) -> bool:
        """Answer what the customer has said since the last turn. True when words were written.

        Synchronous: run it in a worker thread. Safe to repeat and to run twice at once; one of them writes.
        """
        with self._orders.book.opened():
            return self._turn(contact_id)

    def _turn(self, contact_id: str) -> bool:
        seen = self._database.read(look, contact_id, self._settings)
        if seen is None:
            return False
        sitting = self._colleague.sit(contact_id)
        voice = Voice(contact_id, self._aloud)
        try:
            reply = self._think(seen, sitting, voice)
        except FailpointReached:
            raise
        except Exception as error:
            log.exception("assistant.turn_failed", contact=contact_id)
            reply = self._excuse(seen, error)
        voice.close()
        for message in reply.messages:
            message.lines = [only_ours(line, self._trust.ours) for line in message.lines]
        failpoint("assistant.turn.before_write")
        try:
            self._database.write(write, seen, reply, self._settings.desk.reopen_days, self._routing)
        except Conflict:
            log.info("assistant.turn_dropped", contact=contact_id)
            return False
        if reply.hand_over is not None:
            self._note_for_agent(seen, reply.hand_over, sitting)
        return True

    def greet(self, contact: Contact) -> dict[str, object]:
        """The body of the first message where nothing was said: what it is, what it can do, an example, topics (CH-034)."""
        return _greeting(contact.language, self._settings).body(spoken(contact.language))

    # ── thinking ──────────────────────────────────────────────────────────────────────────────────

    def _think(self, seen: Seen, sitting: Sitting, voice: Voice) -> Reply:
        contact = seen.contact
        history = remember(seen.entries)
        new = [entry for entry in seen.entries if entry.seq > contact.answered_seq]
        called = ShopWords((*self._words, *seen.words))
        topics = list(seen.own.topics())
        inputs = [
            hear(_beside(sitting, self._hear(contact, group, called)), topics, self._understander)
            for group in _batches(new)
        ]
        said = [
            self._hear(contact, [entry], called)
            for entry in seen.entries
            if entry.seq <= contact.answered_seq and _is_customers(entry)
        ]
        language = _language(contact, seen.entries, inputs)
        heard = [*said, *inputs]
        scene = Scene(
            contact=contact,
            history=history,
            desk=self._orders,
            accounts=self._accounts,
            trust=self._trust,
            settings=self._settings.model_copy(update={"ways": seen.ways}),
            hours=hours_of(seen),
            calendars=seen.calendars,
            never_closing=seen.never_closing,
            topics=seen.topics,
            labour=seen.labour,
            now=self._database.clock(),
            language=spoken(language),
            customer=seen.customer,
            case=seen.case,
            cases=seen.cases if seen.personal else named_cases(contact, seen.cases, heard),
            numbers=seen.numbers,
            only=None if seen.personal else named_orders(contact, heard),
            waiting=seen.waiting,
            helpers=seen.helpers,
            library=self._library,
            cite=lambda question, told: _cite(sitting, question, told, spoken(language), voice),
            sellers=self._sellers,
            business=self._business,
            calls=self._calls,
            trees=self._trees,
        )
        first = not said and not history.turns
        silent = first and not inputs
        if silent and contact.topic not in kinds():
            return Reply(messages=[_greeting(language, self._settings)], language=language)
        denied = any(entry.kind == events.RESOLUTION_DENIED for entry in new)
        reply = Conversation(scene, self._flows, said, seen.own).think(
            inputs, opened_with=contact.topic if silent else "", denied=denied
        )
        reply.language = reply.language or language
        reply.used = scene.used
        if seen.way is not None and first and reply.messages:
            reply.messages[0].lines.insert(1, _way_text(seen.way, seen.helper, spoken(reply.language)))
        if reply.hand_over is None:
            tone = next((heard.noted["tone"] for heard in reversed(inputs) if "tone" in heard.noted), "calm")
            wording.polish(sitting, reply.messages, spoken(language), tone)
        return reply

    def _hear(self, contact: Contact, group: list[Entry], called: ShopWords) -> Heard:
        text = "\n".join(str(entry.body.get("text", "")) for entry in group).strip()
        choice = group[-1].body.get("choice") or {}
        attachments = [item for entry in group for item in entry.body.get("attachments", [])]
        return Heard(
            seq=group[-1].seq,
            text="" if choice else text,
            understanding=self._understand(contact, "" if choice else text),
            attachments=tuple(attachments),
            key=str(choice.get("key", "")),
            value=str(choice.get("value", "")),
            shop_words=called,
        )

    def understand(self, text: str) -> Understanding:
        """What a text is about that was not said in a conversation with the assistant, such as a mail."""
        return self._understander.understand(text, today=self._today())

    def _understand(self, contact: Contact, text: str) -> Understanding:
        context = {contact.topic: _LIKELIER} if contact.topic else None
        return self._understander.understand(
            text, today=self._today(), language_hint=contact.language, context=context
        )

    def _today(self) -> date:
        return self._database.clock().astimezone(ZoneInfo(self._settings.shop.timezone)).date()

    def _note_for_agent(self, seen: Seen, hand_over: HandOver, sitting: Sitting) -> None:
        """The model's paragraph, after the reply, so that the customer does not wait for it; staff see it, marked."""
        language = self._settings.shop.languages[0]
        written = summary(sitting, seen.entries, hand_over.summary, language)
        if written is None:
            return
        note = {"text": words(language, "model.summary", text=written.text, model=written.by)}
        key = f"summary/{seen.contact.last_customer_seq}"
        self._database.write(
            service.append, seen.contact.id, events.NOTE, note, actor=ASSISTANT, client_key=key
        )

    def _excuse(self, seen: Seen, error: Exception) -> Reply:
        """Something broke on our side: say so, and let a person go on, with everything that was said."""
        contact = seen.contact
        language = spoken(contact.language)
        speech = Speech()
        speech.say(words(language, "broken"))
        summary = summarise(
            remember(seen.entries),
            None,
            kind=contact.topic,
            language=language,
            reason="tool_failed",
            words_now="",
            order_number=contact.order_number,
        )
        return Reply(
            messages=speech.messages,
            facts=[(events.TURN_FAILED, {"error": type(error).__name__})],
            hand_over=HandOver(queue_for(contact.topic, own=seen.topics), 3, "tool_failed", summary),
            language=contact.language,
        )


def _beside(sitting: Sitting, heard: Heard) -> Heard:
    """What was heard, with what the model reads in the words."""
    if not heard.text:
        return heard
    understood = understanding.read(sitting, heard.understanding)
    return replace(heard, understanding=understood.understanding, noted=understood.noted)


def _cite(
    sitting: Sitting, question: str, told: list[Told], language: str, voice: Voice
) -> dict[str, object]:
    """The model's answer from articles, as a flow keeps it."""
    passages = [answers.Passage(each.id, each.title, each.body, each.path) for each in told]
    found = answers.answer(sitting, question, passages, language, voice.say)
    return {"text": found.text, "ids": [passage.id for passage in found.cites]} if found else {}


def _way_text(way: BestWay, helper: str, language: str) -> str:
    """To somebody who comes back with the same matter: the short way to whom they know (BOT-016)."""
    key = "again_agent" if helper else "again"
    return words(language, f"guidance.{key}", times=way.times, name=helper)


def _greeting(language: str, settings: Settings) -> Message:
    tongue = spoken(language)
    shop = settings.shop.name_in(tongue)
    speech = Speech()
    speech.say(words(tongue, "hello.full", shop=shop))
    speech.say(words(tongue, "scope.can_do"))
    speech.ask(words(tongue, "hello.example"), TOPIC, [*topic_options(tongue), person_option(tongue)])
    return speech.messages[0]


def _batches(new: list[Entry]) -> list[list[Entry]]:
    """Words in a row are one utterance; a pressed button stands alone."""
    groups: list[list[Entry]] = []
    for entry in filter(_is_customers, new):
        joins = groups and not entry.body.get("choice") and not groups[-1][-1].body.get("choice")
        if joins:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _is_customers(entry: Entry) -> bool:
    return entry.kind == events.MESSAGE and entry.author_kind == "customer"


def _language(contact: Contact, entries: list[Entry], inputs: list[Heard]) -> str:
    """The contact's language, until the customer clearly writes in another. Naming what we showed them is no change."""
    shown = {fold(text) for entry in entries for text in _offered(entry)}
    for heard in reversed(inputs):
        read = heard.understanding
        an_address = bool(read.entities.postal_codes)  # stands in the language of its country
        telling = (
            len(heard.text) >= _TELLING.get(read.language, 2)
            and not an_address
            and not any(heard.folded in text for text in shown)
        )
        if heard.text and telling and read.language_confidence >= _SURE_OF_LANGUAGE:
            return read.language
    return contact.language


def _offered(entry: Entry) -> list[str]:
    options = (entry.body.get("choices") or {}).get("options", [])
    return [f"{option['label']} {option.get('detail', '')}" for option in options]


# ── the two transactions ──────────────────────────────────────────────────────────────────────────
