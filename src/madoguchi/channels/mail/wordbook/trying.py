"""A letter mailed to whoever is writing its words: with the example's facts, marked as a trial, by the usual way."""

from __future__ import annotations

from madoguchi.channels.mail.filing import marker
from madoguchi.channels.mail.letterhead import Letterhead, Reply, TemplateBroken, plain
from madoguchi.channels.mail.outbound import Outgoing, Postman
from madoguchi.channels.mail.wordbook import keeping
from madoguchi.channels.mail.wordbook.composing import Composed, Filling, lay_out
from madoguchi.channels.mail.wordbook.examples import filling
from madoguchi.channels.mail.wordbook.letters import letters
from madoguchi.channels.mail.wordbook.model import LetterKind
from madoguchi.counter.actors import Actor
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine import audit, outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

TOPIC = "mail.letter_trial"  # errand: {"letter", "language", "to"}
REPLY = "reply"


def ask(tx: Transaction, actor: Actor, letter: str, language: str, to: str) -> None:
    """Have it mailed, in the words that hold when it leaves."""
    outbox.put(tx, TOPIC, {"letter": letter, "language": language, "to": to})
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action="letter.tried",
        object_kind="letter",
        object_id=letter,
        language=language,
    )


def seen(
    tx: Transaction,
    settings: Settings,
    kind: LetterKind,
    language: str,
    facts: dict[str, str] | None = None,
) -> Composed:
    """As it would leave now, filled with the example or with `facts` of a real order; an agent's answer with all around it."""
    filled: Filling = filling(tx, settings, kind, language, facts)
    made = lay_out(settings, kind, language, filled, keeping.now(tx, kind.id, language).words)
    if kind.id != REPLY:
        return made
    reply = reply_of(settings, language, made)
    return Composed(reply.subject, plain(reply), made.said)


def reply_of(settings: Settings, language: str, made: Composed) -> Reply:
    """The example as an agent's answer, before it is dressed."""
    shop = settings.shop.name_in(language)
    return Reply(
        language=language,
        subject=f"Re: {tr(language, 'Your enquiry')}",
        shop=shop,
        marker=marker(settings),
        text=made.text,
        signature=[shop, f"{settings.base_url}/help"],
        titles=made.said,
    )


def dressed(settings: Settings, reply: Reply) -> str:
    """In HTML with the shop's template; with ours where that is broken."""
    mail, ours = settings.mail, Ours.of(settings)
    try:
        return Letterhead(ours, mail.colour, mail.template).html(reply)
    except TemplateBroken:
        return Letterhead(ours, mail.colour).html(reply)


class LetterTrials:
    """Handler of the topic `mail.letter_trial`."""

    def __init__(self, database: Database, settings: Settings, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._postman = postman

    def send(self, errand: Errand) -> None:
        kind, language = letters()[errand.payload["letter"]], errand.payload["language"]
        made = self._database.read(seen, self._settings, kind, language)
        subject = f"[{tr(language, 'Trial')}] {made.subject}"
        if kind.id != REPLY:
            self._postman.send(
                errand, to=errand.payload["to"], name="", subject=subject, text=made.text, language=language
            )
            return
        undressed = self._database.read(bare, self._settings, kind, language)
        sender = self._settings.mail.sender
        self._postman.post(
            errand,
            Outgoing(
                to=errand.payload["to"],
                name="",
                subject=subject,
                text=made.text,
                language=language,
                message_id=f"<errand-{errand.id}@{sender.rpartition('@')[2]}>",
                reply_to=sender,
                html=dressed(self._settings, reply_of(self._settings, language, undressed)),
                automatic=True,
            ),
        )


def bare(tx: Transaction, settings: Settings, kind: LetterKind, language: str) -> Composed:
    """The passages and facts alone, before an answer is dressed."""
    filled = filling(tx, settings, kind, language)
    return lay_out(settings, kind, language, filled, keeping.now(tx, kind.id, language).words)
