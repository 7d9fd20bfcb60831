"""Everything that a face may use, put together by the composition root; `request.app.state.house`."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from madoguchi.assistant.model import Colleague
from madoguchi.assistant.turn import Assistant
from madoguchi.channels.chat.inbound import ChatDoor
from madoguchi.channels.chat.live import Presence
from madoguchi.channels.form.door import FormDoor
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.counter.business.care_desk import CareDesk
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.orders.ports import ShopConnector
from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.privacy.workflow import PrivacyDesk
from madoguchi.counter.sellers.workflow import SellerDesk
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.engine.database import Database
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.settings import Settings
from madoguchi.faces.live_board import LiveBoard


@dataclass
class House:
    """The parts of a running counter."""

    settings: Settings
    database: Database
    keys: Keys
    files: FileStore
    limiter: Limiter
    shop: ShopConnector
    book: RuleBook
    orders: OrderDesk
    sellers: SellerDesk
    business: BusinessDesk
    care: CareDesk
    calls: CallDesk
    accounts: AccountDesk
    trust: TrustDesk
    watch: OrderWatch
    chat: ChatDoor
    forms: FormDoor
    assistant: Assistant
    colleague: Colleague
    presence: Presence
    library: Library
    privacy: PrivacyDesk
    board: LiveBoard
    mail_reader: SafeReader = field(
        default_factory=SafeReader
    )  # for looking; its process starts with the first look


def house_of(connection: HTTPConnection) -> House:
    house: House = connection.app.state.house
    return house
