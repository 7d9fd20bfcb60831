"""What a customer can do in a chat. Faces call this; every call checks that the contact is the customer's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from madoguchi.channels.chat.starts import Starts
from madoguchi.counter.actors import SYSTEM, Actor, Rung
from madoguchi.counter.cases import continuing, duplicates, holding
from madoguchi.counter.cases import queries as cases_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.conditions.policy import Rules as PeakRules
from madoguchi.counter.conditions.queries import conditions
from madoguchi.counter.contacts import attachments, corrections, events, queries, service
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Conflict, Invalid, TooMany, Unavailable
from madoguchi.counter.quality import strain
from madoguchi.counter.routing import escalating, patience
from madoguchi.counter.routing import service as routing
from madoguchi.counter.routing.escalating import Wish
from madoguchi.counter.routing.policy import Rules as RoutingRules
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.surveys.model import Answer, Way
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

PERSON = {"key": "person", "value": "yes"}


class ChatDoor:
    """The customer's verbs. Synchronous; call from a worker thread."""

    def __init__(self, database: Database, settings: Settings, files: FileStore, limiter: Limiter) -> None:
        self._database = database
        self._settings = settings
        self._files = files
        self._limiter = limiter
        self._starts = Starts(settings.limits, database.clock)
        self._peaks = PeakRules.of(settings)
        self._keeper = Keeper.of(settings)

    def open(
        self,
        actor: Actor,
        *,
        client_key: str,
        language: str = "",
        text: str = "",
        order_number: str = "",
        problem: str = "",
        case: str = "",
        page: str = "",
        want_person: bool = False,
        tried: Sequence[str] = (),
        address: str = "",
    ) -> Contact:
        """Open a contact (and its case), say the first words. The same `client_key` opens it once.

        `tried`: the steps that the customer has gone through on our pages (HLP-014). `address`: the network's. Raises
        TooMany("too_many_chats") for too many in a time (QUE-010), Unavailable("chat_unavailable") while somebody
        has declared that no chat can begin (QUE-011).
        """
        self._check_length(text)
        if not self._database.read(_is_open_already, actor, client_key):
            if self._database.read(conditions, self._peaks).chat_closed:
                raise Unavailable("chat_unavailable")
            self._starts.admit(actor.customer_id or actor.id, address)
        spoken = language if language in self._settings.shop.languages else actor.language
        return self._database.write(
            _open,
            actor,
            self._settings,
            client_key=client_key,
            language=spoken if spoken in self._settings.shop.languages else self._settings.shop.languages[0],
            text=text,
            order_number=order_number,
            problem=problem,
            case=case,
            page=page[:500],
            want_person=want_person,
            keeper=self._keeper,
            tried=tried,
        )

    def say(
        self,
        actor: Actor,
        contact_id: str,
        *,
        text: str = "",
        choice: dict[str, str] | None = None,
        attachments: list[str] | None = None,
        client_key: str,
    ) -> Entry:
        """The customer's words. Raises NotFound, Conflict, Invalid, TooMany."""
        self._limit("messages", actor, self._settings.limits.messages_per_minute, 60)
        self._check_length(text)
        return self._database.write(
            _say,
            actor,
            contact_id,
            self._settings.desk.reopen_days,
            text=text,
            choice=choice,
            attachments=attachments,
            client_key=client_key,
        )

    def ask_person(self, actor: Actor, contact_id: str, client_key: str = "") -> Contact:
        """担当者と話す: always works; a contact that a person already has, or will get, stays as it is (HND-002)."""
        return self._database.write(
            _ask_person, actor, contact_id, self._settings.desk.reopen_days, client_key
        )

    def attach(self, actor: Actor, contact_id: str, name: str, content: bytes) -> str:
        """Check, strip and store an upload; returns the attachment's id, to be named in a message."""
        self._limit("attachments", actor, 30, 600)
        self._database.read(queries.visible, actor, contact_id)
        limits = self._settings.limits
        kept = attachments.clean(content, limits.attachment_mb * 1_048_576)
        key = self._files.put(kept.content)
        try:
            return self._database.write(
                attachments.store,
                contact_id=contact_id,
                actor=actor,
                name=name,
                kept=kept,
                storage_key=key,
                max_in_contact=limits.attachments_per_contact,
            )
        except Invalid:
            self._files.delete(key)
            raise

    def confirm_resolution(self, actor: Actor, contact_id: str, solved: bool) -> Contact:
        """The customer's answer to "is it solved?"."""
        return self._database.write(settle, actor, contact_id, solved, self._settings.desk.reopen_days)

    def rate(self, actor: Actor, contact_id: str, answer: Answer, way: Way = "chat") -> Contact:
        """Satisfaction with the case; may be changed while the case room allows it (QLT-002)."""
        rules = surveys.Rules.of(self._settings)
        return self._database.write(_rate, actor, contact_id, answer, way, rules)

    def send_transcript(self, actor: Actor, contact_id: str) -> None:
        """Mail the transcript to the address on file (HIS-007); needs a signed-in customer."""
        self._limit("transcripts", actor, 5, 3600)
        self._database.write(_send_transcript, actor, contact_id)

    def correct_summary(self, actor: Actor, contact_id: str, text: str, line: str = "") -> None:
        """One line of the hand-over summary as it should be, or own words beside it."""
        self._check_length(text)
        self._database.write(corrections.correct, actor, contact_id, text, line)

    def escalate(self, actor: Actor, contact_id: str, wish: Wish, text: str = "") -> Contact:
        """Explain again, another agent, a senior one, or a deed demanded (HND-013)."""
        self._check_length(text)
        return self._database.write(_escalate, actor, contact_id, wish, text, RoutingRules.of(self._settings))

    def answer_by_mail(self, actor: Actor, contact_id: str) -> Contact:
        """The customer need not stay for the answer; the place in the queue is kept."""
        return self._database.write(patience.answer_by_mail, actor, contact_id)

    def history(self, actor: Actor, *, days: int | None = None, limit: int = 100) -> list[Contact]:
        """The customer's own contacts, newest first, within the configured window (C-01)."""
        window = timedelta(days=days or self._settings.history.list_days)

        def read(tx: Transaction) -> list[Contact]:
            return queries.of_actor(tx, actor, limit=limit, since=tx.now - window)

        return self._database.read(read)

    def _limit(self, what: str, actor: Actor, count: int, seconds: int) -> None:
        wait = self._limiter.check(what, actor.id, count, seconds)
        if wait is not None:
            raise TooMany(f"too_many_{what}", retry_after=wait)

    def _check_length(self, text: str) -> None:
        if len(text) > self._settings.limits.message_chars:
            raise Invalid("message_too_long", field="text", limit=self._settings.limits.message_chars)


def _is_open_already(tx: Transaction, actor: Actor, client_key: str) -> bool:
    return bool(client_key) and queries.find(tx, service.contact_id_of(actor.id, client_key)) is not None


def _open(
    tx: Transaction,
    actor: Actor,
    settings: Settings,
    *,
    client_key: str,
    language: str,
    text: str,
    order_number: str,
    problem: str,
    case: str,
    page: str,
    want_person: bool,
    keeper: Keeper,
    tried: Sequence[str],
) -> Contact:
    opened = service.open_contact(
        tx,
        actor=actor,
        channel="chat",
        language=language,
        topic=problem,
        order_number=order_number,
        owner="assistant" if settings.assistant.enabled else "none",
        attributes={"page": page, "problem": problem},
        tried=tried,
        client_key=client_key,
    )
    if opened.case_id is not None:
        return opened
    service.link_case(tx, opened.id, _case_for(tx, actor, case, problem, order_number, settings))
    if text.strip():
        said = service.say(tx, opened.id, actor=actor, text=text, client_key=f"{client_key}/text")
        strain.notice(tx, said)
    if not settings.assistant.enabled:
        summary = {"problem": category_label(problem, language), "order": order_number, "tried": list(tried)}
        routing.enter(
            tx,
            queries.get(tx, opened.id),
            "general",
            reason="assistant_off",
            summary=summary,
            rules=RoutingRules.of(settings),
        )
    elif want_person:
        _ask_person(tx, actor, opened.id, settings.desk.reopen_days, f"{client_key}/person")
    begun = queries.get(tx, opened.id)
    if begun.case_id is not None:
        keeper.read(tx, begun.case_id)  # so that the first look at it shows what is promised
    return begun


def _case_for(
    tx: Transaction, actor: Actor, label: str, category: str, order_number: str, settings: Settings
) -> str:
    if label:
        earlier = cases_queries.visible(tx, actor, label)
        return cases.reopen(tx, earlier.id, settings.desk.reopen_days, actor).id
    known = actor.customer_id if actor.rung >= Rung.SIGNED_IN else None
    same = duplicates.already_open(
        tx, customer_id=known, visitor_id=actor.id, category=category, order_number=order_number
    )
    if same is not None:
        return same.id
    return cases.open_case(tx, known, actor.id, category, order_number).id


def _say(
    tx: Transaction,
    actor: Actor,
    contact_id: str,
    reopen_days: int,
    *,
    text: str,
    choice: dict[str, str] | None,
    attachments: list[str] | None,
    client_key: str,
) -> Entry:
    before = queries.visible(tx, actor, contact_id)
    entry = service.say(
        tx, contact_id, actor=actor, text=text, choice=choice, attachments=attachments, client_key=client_key
    )
    strain.notice(tx, entry)
    if before.state == "resolved":
        continuing.speak_again(tx, before, reopen_days, actor)
    return entry


def _ask_person(tx: Transaction, actor: Actor, contact_id: str, reopen_days: int, client_key: str) -> Contact:
    seen = queries.visible(tx, actor, contact_id)
    if seen.owner_kind == "assistant":
        _say(
            tx,
            actor,
            contact_id,
            reopen_days,
            text=tr(seen.language, "I would like to talk to a person"),
            choice=PERSON,
            attachments=None,
            client_key=client_key or f"person/{seen.owner_version}",
        )
    return queries.get(tx, contact_id)


def settle(tx: Transaction, actor: Actor, contact_id: str, solved: bool, reopen_days: int) -> Contact:
    """Resolution confirmed or denied, by the customer or (as SYSTEM) by time; confirming twice is confirming once."""
    seen = queries.visible(tx, actor, contact_id)
    if solved:
        if seen.state == "ended":
            return seen
        by = "time" if actor is SYSTEM else "customer"
        service.append(tx, contact_id, events.RESOLUTION_CONFIRMED, {"by": by}, actor=actor)
        if seen.case_id:
            _close_case(tx, seen.case_id, actor, by)
        routing.finished(tx, contact_id)
        return service.end(tx, contact_id, actor, "solved")
    if seen.state == "ended":
        raise Conflict("contact_ended")
    service.append(tx, contact_id, events.RESOLUTION_DENIED, {}, actor=actor)
    if seen.state == "resolved":
        service.reopen(tx, contact_id, actor)
        continuing.speak_again(tx, seen, reopen_days, actor)
    if seen.owner_kind == "assistant":
        service.owe_turn(tx, contact_id)
    return queries.get(tx, contact_id)


def _close_case(tx: Transaction, case_id: str, actor: Actor, by: str) -> None:
    case = cases_queries.get(tx, case_id)
    if is_live(case.state):
        cases.resolve(tx, case_id, actor)
        case = cases_queries.get(tx, case_id)
    if case.state == "resolved":
        cases.close(tx, case_id) if by == "time" else cases.confirm_resolution(tx, case_id, actor)


def _rate(
    tx: Transaction, actor: Actor, contact_id: str, answer: Answer, way: Way, rules: surveys.Rules
) -> Contact:
    seen = queries.visible(tx, actor, contact_id)
    if seen.case_id is None:
        raise Invalid("nothing_rated", field="score")
    surveys.answer(tx, cases_queries.get(tx, seen.case_id), rules, answer, way=way, by=actor)
    service.append(tx, contact_id, events.RATED, asdict(answer), actor=actor)
    return queries.get(tx, contact_id)


def _send_transcript(tx: Transaction, actor: Actor, contact_id: str) -> None:
    seen = queries.visible(tx, actor, contact_id)
    if actor.rung < Rung.SIGNED_IN or actor.customer_id is None:
        raise Invalid("transcript_needs_sign_in")
    outbox.put(tx, "mail.transcript", {"contact_id": seen.id, "customer_id": actor.customer_id})
    service.append(tx, contact_id, events.TRANSCRIPT_SENT, {}, actor=actor)


def _escalate(
    tx: Transaction, actor: Actor, contact_id: str, wish: Wish, text: str, rules: RoutingRules
) -> Contact:
    """A demand is the case's matter too: it goes to the senior desk, one class sooner, with its reason for staff."""
    after = escalating.escalate(tx, actor, contact_id, wish, text, rules)
    case = cases_queries.find(tx, after.case_id) if after.case_id else None
    if wish == "demand" and case is not None and is_live(case.state):
        holding.escalate(tx, case.id, text[: holding.LONGEST_REASON], actor)
    return after
