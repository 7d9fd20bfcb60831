"""What a view of the inbox can be made of, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.wording import group_label
from madoguchi.counter.customers.model import Segment
from madoguchi.counter.customers.wording import segment_label
from madoguchi.counter.inbox import labels
from madoguchi.counter.routing import queues
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr
from madoguchi.faces.api.inbox_schemas import FiltersOut, OptionOut
from madoguchi.kit.languages import NAMES

_CHANNELS = {"chat": "Chat", "mail": "Mail", "form": "Form", "phone": "Telephone"}


def filters_of(tx: Transaction, actor: Actor, settings: Settings) -> FiltersOut:
    language = actor.language
    return FiltersOut(
        owners=[
            OptionOut(value="me", label=tr(language, "Mine")),
            OptionOut(value="queue", label=tr(language, "Nobody yet")),
            OptionOut(value="assistant", label=tr(language, "AI assistant")),
            *_options((agent.id, agent.display_name) for agent in _colleagues(tx, actor)),
        ],
        queues=_options((queue.id, queue.label(language)) for queue in queues.queues(tx)),
        channels=_options((name, tr(language, words)) for name, words in _CHANNELS.items()),
        languages=_options((tag, NAMES[tag]) for tag in settings.shop.languages),
        kinds=[
            OptionOut(value=each.id, label=each.label(language), group=group_label(each.group, language))
            for each in categories().values()
        ],
        segments=_options((name, segment_label(name, language)) for name in get_args(Segment)),
        labels=_options((label, label) for label in labels.in_use(tx)),
        can_share=may(actor, "views.share"),
    )


def _colleagues(tx: Transaction, actor: Actor) -> list[Agent]:
    found = team.agents(tx, active_only=True)
    return [each for each in found if each.id != actor.id and {"agent", "supervisor"} & {*each.roles}]


def _options(pairs: Iterable[tuple[str, str]]) -> list[OptionOut]:
    return [OptionOut(value=value, label=label) for value, label in pairs]
