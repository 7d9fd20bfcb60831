"""What somebody can do with the web form. Faces call this; every call checks that the draft is the visitor's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.channels.form import addresses, composing, drafts, outcomes, waiting
from madoguchi.channels.form.letters import ACKNOWLEDGE
from madoguchi.channels.form.model import Draft, FormFile, Sent, Waiting
from madoguchi.channels.form.needs import names_order
from madoguchi.channels.form.opening import Enquiry, KeptFile, open_enquiry
from madoguchi.channels.mail.filing import visitor_of
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases.categories import is_category
from madoguchi.counter.cases.ways.channels import serving, switched_on
from madoguchi.counter.cases.ways.keeping import laid_over
from madoguchi.counter.contacts import attachments
from madoguchi.counter.contacts.redaction import redact
from madoguchi.counter.customers import identity
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.problems import Conflict, Invalid, NotFound, TooMany
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.settings import Settings

_PURPOSE = "form-send"


def serves(settings: Settings, kind: str) -> bool:
    """Whether the shop has a form, and takes this kind by it (CH-059)."""
    return "form" in serving(settings, kind) and "form" in switched_on(settings)


@dataclass(frozen=True)
class Confirmed:
    """Enquiries that have become cases: their numbers and matters; `left`: how many wait on."""

    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    left: int = 0


class FormDoor:
    """The verbs of the form. Synchronous; call from a worker thread."""

    def __init__(
        self, database: Database, settings: Settings, files: FileStore, limiter: Limiter, keys: Keys
    ) -> None:
        self._database = database
        self._settings = settings
        self._files = files
        self._limiter = limiter
        self._keys = keys

    # ── filling in ────────────────────────────────────────────────────────────────────────────────

    def draft(self, actor: Actor) -> Draft:
        """What this visitor is filling in; an empty one where there is none."""
        return self._database.read(drafts.current, actor) or Draft()

    def keep(self, actor: Actor, draft: Draft) -> Draft:
        return self._database.write(drafts.keep, actor, draft, self._settings.form)

    def discard(self, actor: Actor, draft_id: str) -> None:
        self._database.write(drafts.discard, actor, draft_id)

    def files(self, draft: Draft) -> list[FormFile]:
        return self._database.read(drafts.files, draft.id) if draft.id else []

    def attach(self, actor: Actor, draft: Draft, name: str, content: bytes) -> str:
        """Check, strip and store an upload (CH-043). Raises Invalid, TooMany."""
        wait = self._limiter.check("attachments", actor.id, 30, 600)
        if wait is not None:
            raise TooMany("too_many_attachments", retry_after=wait)
        limits = self._settings.limits
        kept = attachments.clean(content, limits.attachment_mb * 1_048_576)
        key = self._files.put(kept.content)
        try:
            return self._database.write(
                drafts.add_file, actor, draft.id, name, kept, key, limits.attachments_per_contact
            )
        except (Invalid, NotFound):
            self._files.delete(key)
            raise

    def detach(self, actor: Actor, draft: Draft, file_id: str) -> None:
        self._database.write(drafts.take_file_away, actor, draft.id, file_id)

    # ── sending ───────────────────────────────────────────────────────────────────────────────────

    def token(self, draft: Draft) -> str:
        """For the page from which the form is sent: it stands for this draft, and is used up with it."""
        return self._keys.sign(_PURPOSE, draft.id)

    def send(
        self,
        actor: Actor,
        draft_id: str,
        token: str,
        language: str,
        host: str,
        *,
        email: str = "",
        name: str = "",
    ) -> Sent:
        """Send a draft; sent again, it answers as the first time. `email`: where a visitor wants the answer.

        Raises TooMany for too many of a visitor, network or address, Conflict("form_too_fast") for a form that nobody
        can have written so soon, Invalid for what is missing, NotFound for a draft that is not the visitor's.
        """
        if not self._keys.verify(_PURPOSE, draft_id, token):
            raise Conflict("form_token")
        network = addresses.network_of(self._keys, host)
        self._limit("form_posts", network, self._settings.form.posts_per_minute, 60)
        draft = self._database.read(drafts.sent_or_written, actor, draft_id)
        if isinstance(draft, Sent):
            return draft
        self._check(draft)
        self._limit("contacts", actor.id, self._settings.limits.contacts_per_hour, 3600)
        if self._database.read(drafts.begun_seconds_ago, draft_id) < self._settings.form.min_seconds:
            raise Conflict("form_too_fast")
        if actor.rung >= Rung.SIGNED_IN:
            kept = self._kept(draft_id)
            return self._database.write(_send_known, actor, draft_id, language, kept)
        address = addresses.checked(email or draft.email)
        sender = waiting.Sender(
            address, addresses.mailbox_of(self._keys, address), network, name or draft.name
        )
        self._database.read(waiting.check, sender, self._settings.form)  # a flood costs us no writing
        return self._database.write(_send_unknown, actor, draft_id, language, sender, self._settings)

    def sent(self, actor: Actor, draft_id: str) -> Sent:
        """What the page with the number says. Raises NotFound."""
        found = self._database.read(drafts.told, actor, draft_id)
        if found is None:
            raise NotFound("draft_not_found")
        return found

    def solved(self, category: str, article_id: str) -> None:
        """An article was enough: no form is needed (HLP-003)."""
        self._database.write(outcomes.note, "solved", category, article_id)

    # ── confirming ────────────────────────────────────────────────────────────────────────────────

    def waiting(self, token: str) -> list[Waiting]:
        """What waits in the name of the mailbox to which this link was mailed. Raises Invalid("link_over")."""
        return self._database.read(lambda tx: waiting.of_mailbox(tx, _mailbox(tx, self._keys, token)))

    def confirm(self, actor: Actor | None, token: str, ids: Sequence[str]) -> Confirmed:
        """Open these enquiries; the others wait on. Raises Invalid("link_over")."""
        mailbox = self._database.read(_mailbox, self._keys, token)
        kept = {each.id: self._kept(each.id) for each in self.waiting(token) if each.id in ids}
        return self._database.write(_confirm, actor, mailbox, kept)

    def refuse(self, token: str) -> None:
        """The mailbox's owner wrote none of what waits: it is thrown away unread. Raises Invalid("link_over")."""

        def refuse(tx: Transaction) -> None:
            mailbox = _mailbox(tx, self._keys, token)
            waiting.refuse(tx, mailbox, [each.id for each in waiting.of_mailbox(tx, mailbox)])

        self._database.write(refuse)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _kept(self, draft_id: str) -> list[KeptFile]:
        found = self._database.read(drafts.files, draft_id)
        return [
            KeptFile(
                each,
                attachments.Clean(
                    self._files.get(each.storage_key), each.media_type, each.width, each.height
                ),
            )
            for each in found
        ]

    def _check(self, draft: Draft) -> None:
        """What no form is sent without (CH-041, CASE-018)."""
        if not is_category(draft.kind):
            raise Invalid("form_kind_missing", field="kind")
        if not serves(self._database.read(laid_over, self._settings), draft.kind):
            raise Invalid("form_elsewhere", field="kind")
        if names_order(draft.kind) and not draft.order and not draft.no_order:
            raise Invalid("form_order_missing", field="order")
        if not draft.problem.strip():
            raise Invalid("empty_message", field="problem")

    def _limit(self, what: str, who: str, count: int, seconds: int) -> None:
        wait = self._limiter.check(what, who, count, seconds)
        if wait is not None:
            raise TooMany(f"too_many_{what}", retry_after=wait)


def _send_known(
    tx: Transaction, actor: Actor, draft_id: str, language: str, files: Sequence[KeptFile]
) -> Sent:
    if (done := _done(tx, actor, draft_id)) is not None:
        return done
    draft = drafts.get(tx, actor, draft_id)
    found = customers.find(tx, actor.customer_id) if actor.customer_id else None
    address = found.email if found else ""
    text = composing.compose(draft, language)
    opened = open_enquiry(
        tx, actor, Enquiry(draft, text, language, address, found.name if found else ""), files
    )
    sent = Sent(
        number=opened.case.label,
        category=draft.kind,
        contact_id=opened.contact.id,
        joined=opened.joined,
        mailed=identity.mask_email(address),
    )
    drafts.finish(tx, draft_id, sent)
    outcomes.note(tx, "sent", draft.kind)
    if address:
        payload = {"contact_id": opened.contact.id, "summary": text}
        outbox.put(tx, ACKNOWLEDGE, payload, key=f"{ACKNOWLEDGE}/{opened.contact.id}")
    return sent


def _send_unknown(
    tx: Transaction, actor: Actor, draft_id: str, language: str, sender: waiting.Sender, settings: Settings
) -> Sent:
    if (done := _done(tx, actor, draft_id)) is not None:
        return done
    draft = drafts.get(tx, actor, draft_id)
    text = redact(composing.compose(draft, language))
    waits = waiting.wait(tx, actor, draft, text, language, sender, settings.form)
    masked = identity.mask_email(sender.address)
    sent = Sent(number=waits.label, category=draft.kind, confirm=masked, mailed=masked)
    drafts.finish(tx, draft_id, sent)
    outcomes.note(tx, "sent", draft.kind)
    return sent


def _done(tx: Transaction, actor: Actor, draft_id: str) -> Sent | None:
    """What the other press of the button has said already; whoever comes first holds the draft until then."""
    tx.lock("form_draft", draft_id)
    return drafts.told(tx, actor, draft_id)


def _mailbox(tx: Transaction, keys: Keys, token: str) -> str:
    found = waiting.mailbox_of_link(tx, keys, token)
    if found is None:
        raise Invalid("link_over")
    return found


def _confirm(
    tx: Transaction, actor: Actor | None, mailbox: str, kept: dict[str, list[KeptFile]]
) -> Confirmed:
    numbers, categories = [], []
    for waiting_id, files in kept.items():
        found = waiting.take(tx, waiting_id, mailbox)
        if found is None:
            continue
        opened = _open_confirmed(tx, actor, found, files)
        numbers.append(opened)
        categories.append(found.category)
    return Confirmed(tuple(numbers), tuple(categories), len(waiting.of_mailbox(tx, mailbox)))


def _open_confirmed(tx: Transaction, actor: Actor | None, found: Waiting, files: Sequence[KeptFile]) -> str:
    """It belongs to the session that wrote it only if that very browser confirms; else to the mailbox alone."""
    same = actor is not None and actor.id == found.visitor_id
    writer = (
        actor
        if same and actor is not None
        else Actor(kind="customer", id=visitor_of(found.address.lower()), language=found.language)
    )
    draft = Draft(
        id=found.id,
        kind=found.category,
        order=found.order_number,
        problem=found.data.get("problem", ""),
        wish=found.data.get("wish", ""),
    )
    enquiry = Enquiry(
        draft,
        found.data.get("text", ""),
        found.language,
        found.address,
        found.data.get("name", ""),
        found.number,
    )
    opened = open_enquiry(tx, writer, enquiry, files)
    drafts.finish(
        tx,
        found.id,
        Sent(
            number=opened.case.label,
            category=found.category,
            contact_id=opened.contact.id if same else "",
            joined=opened.joined,
            mailed=identity.mask_email(found.address),
        ),
    )
    return opened.case.label
