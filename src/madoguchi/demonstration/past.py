"""The whole past, put into a house once, before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.service import contact_id_of
from madoguchi.counter.knowledge.model import Article
from madoguchi.counter.surveys.service import Rules
from madoguchi.demonstration import (
    calls,
    casework,
    days,
    desks,
    editing,
    judging,
    post,
    records,
    talks,
    voices,
)
from madoguchi.demonstration.stage import Scene
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House


def fill(house: House) -> bool:
    """Whether there was something to do. Needs the shop's people (`load_demo`) and its staff (`ensure_staff`)."""
    if house.database.read(_is_there):
        return False
    before = house.database.read(_newest_errand)
    house.database.write(days.live, house.settings)
    mails = post.deliver(house)
    articles = editing.articles_of(house.library)
    telephone = calls.Telephone(house.calls.rules, house.keys)
    house.database.write(_live, house.settings, mails, articles, telephone, before)
    house.privacy.do_next()
    return True


def _is_there(tx: Transaction) -> bool:
    first = talks.talks()[0]
    visitor = f"demo_{first.customer.lower()}"
    return queries.find(tx, contact_id_of(visitor, f"demo/{first.name}")) is not None


def _live(
    tx: Transaction,
    settings: Settings,
    mails: Mapping[str, str],
    articles: Mapping[str, Article],
    telephone: calls.Telephone,
    before: int,
) -> None:
    scene = Scene(tx, ZoneInfo(settings.shop.timezone))
    calls.of_the_past(scene, telephone)
    cases = talks.hold_all(scene, Rules.of(settings))
    casework.work_on(scene, cases)
    judging.judge(scene, cases)
    desks.lay_out(scene, mails)
    voices.speak(scene)
    editing.edit(scene, articles, settings)
    records.ask(scene, cases["ryo_wrong_window"], cases["sho_fraud"], settings)
    calls.of_today(scene, telephone)
    scene.come_back()
    Keeper.of(settings).read_all(tx, [row.id for row in tx.all(select(case_file.c.id))])
    _let_old_errands_go(tx, before)


def _let_old_errands_go(tx: Transaction, before: int) -> None:
    """The mails of those days reached people in those days; what is due later still happens."""
    tx.execute(delete(outbox).where(outbox.c.id > before, outbox.c.due_at <= tx.now))


def _newest_errand(tx: Transaction) -> int:
    return int(tx.scalar(select(func.max(outbox.c.id))) or 0)
