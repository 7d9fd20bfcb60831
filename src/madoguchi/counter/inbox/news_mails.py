"""One mail for an agent who is away: where they were named, and what has moved in what they follow; each thing once.

What a mail tells is marked in the transaction that writes its errand, so that no round and no crash tells it twice.
Things are gathered for a while, so that one mail tells of many. Nothing of what was said is in the errand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import followers as cases
from madoguchi.counter.cases.followers import CaseNews
from madoguchi.counter.contacts import followers as contacts
from madoguchi.counter.contacts.followers import News
from madoguchi.counter.routing import queries as routing
from madoguchi.counter.routing.policy import Rules
from madoguchi.counter.team import mail_wishes, notices
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.mail_wishes import MailWish
from madoguchi.counter.team.notices import Notice
from madoguchi.engine import outbox
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

TOPIC = "mail.news"  # errand: {"agent_id", "items": [{"kind", "id", …}]}


@dataclass(frozen=True)
class Pending:
    """What no mail has told an agent yet."""

    mentions: Sequence[Notice]
    news: Sequence[News]
    case_news: Sequence[CaseNews]

    def waits_long_enough(self, tx: Transaction, gathered: timedelta) -> bool:
        """Whether the oldest of it has been gathered for that long."""
        since = [
            *(each.at for each in self.mentions),
            *(each.first_at for each in self.news),
            *(each.first_at for each in self.case_news),
        ]
        return bool(since) and min(since) + gathered <= tx.now

    @property
    def items(self) -> list[dict[str, Any]]:
        """Who and where, and how much; not what."""
        return [
            *(
                {
                    "kind": "mentioned",
                    "id": each.id,
                    "contact_id": each.detail["contact_id"],
                    "by": each.by_name,
                }
                for each in self.mentions
            ),
            *({"kind": "followed", "contact_id": each.contact_id, "count": each.count} for each in self.news),
            *(
                {"kind": "followed_case", "case_id": each.case_id, "count": each.count}
                for each in self.case_news
            ),
        ]


def choose(tx: Transaction, by: Actor, address: str, *, mentions: bool, followed: bool) -> MailWish:
    """One's own wish. Mails tell of what comes after it. Raises Invalid("mail_address")."""
    wish = mail_wishes.keep(tx, by, address, mentions=mentions, followed=followed)
    contacts.mailed(tx, by.id, contacts.news(tx, by.id))
    cases.mailed(tx, by.id, sorted(cases.followed_by(tx, by.id)))
    return wish


def due(tx: Transaction, rules: Rules, gathered: timedelta) -> list[str]:
    """Agents who are away and to whom a mail should go now."""
    return [
        wish.agent_id
        for wish in mail_wishes.all_wishes(tx)
        if _is_away(tx, wish.agent_id, rules) and _pending(tx, wish).waits_long_enough(tx, gathered)
    ]


def put(tx: Transaction, agent_id: str, rules: Rules, gathered: timedelta) -> bool:
    """The errand of one mail, and the marks of what it tells; False where there is nothing to tell any more."""
    tx.lock("agent_mail_wish", agent_id)
    wish = mail_wishes.of_agent(tx, agent_id)
    pending = _pending(tx, wish)
    if not _is_away(tx, agent_id, rules) or not pending.waits_long_enough(tx, gathered):
        return False
    notices.mailed(tx, [each.id for each in pending.mentions])
    contacts.mailed(tx, agent_id, pending.news)
    cases.mailed(tx, agent_id, [each.case_id for each in pending.case_news])
    outbox.put(tx, TOPIC, {"agent_id": agent_id, "items": pending.items}, key=f"{TOPIC}/{new_id('nml')}")
    return True


def still_news(tx: Transaction, agent_id: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of a mail still holds as it leaves: not read at the desk meanwhile, and still followed."""
    unseen = notices.still_unseen(tx, [each["id"] for each in items if each["kind"] == "mentioned"])
    followed = {each.contact_id for each in contacts.news(tx, agent_id)}
    in_cases = {each.case_id for each in cases.news(tx, agent_id)}
    holds = {
        "mentioned": lambda each: each["id"] in unseen,
        "followed": lambda each: each["contact_id"] in followed,
        "followed_case": lambda each: each["case_id"] in in_cases,
    }
    return [each for each in items if holds[each["kind"]](each)]


def _pending(tx: Transaction, wish: MailWish) -> Pending:
    if not wish.wants_any or wish.at is None:
        return Pending((), (), ())
    me = wish.agent_id
    return Pending(
        notices.unmailed(tx, me, "mentioned", wish.at) if wish.mentions else (),
        contacts.news(tx, me, unmailed=True) if wish.followed else (),
        cases.news(tx, me, unmailed=True) if wish.followed else (),
    )


def _is_away(tx: Transaction, agent_id: str, rules: Rules) -> bool:
    """Nobody's desk is open, or it says so; whoever is not with us any more gets nothing."""
    found = team.find(tx, agent_id)
    if found is None or not found.active:
        return False
    doing = routing.presence(tx, agent_id, rules)
    return doing.status == "offline" or not doing.present
