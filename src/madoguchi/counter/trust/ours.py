"""What is ours: domains, senders, telephone numbers, names; from the settings, nothing guessed (C-13, C-16)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

from madoguchi.counter.trust.addresses import domain_of
from madoguchi.engine.settings import Settings
from madoguchi.kit.text import normalise

_REGION = "JP"


@dataclass(frozen=True)
class Ours:
    """`domains` are hosts: a listed one vouches for the names below it, never for its neighbours."""

    domains: frozenset[str]
    partners: frozenset[str]
    senders: frozenset[str]
    phones: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Ours:
        trust, shop = settings.trust, settings.shop
        mail = settings.mail
        boxes = {*mail.addresses, *(box.sender for box in mail.boxes)}
        senders = {mail.sender, shop.mail_address, *trust.senders, *boxes} - {""}
        addresses = {shop.url, shop.account_url, settings.base_url} - {""}
        hosts = {urlsplit(address).hostname or "" for address in addresses}
        hosts |= {settings.mail.sender.rpartition("@")[2], *trust.domains}
        return cls(
            domains=frozenset(host.lower() for host in hosts - {""}),
            partners=frozenset(host.lower() for host in trust.partner_domains),
            senders=frozenset(sender.lower() for sender in senders),
            phones=frozenset(
                filter(None, map(phone_key, [shop.phone, settings.callback.caller_id, *trust.phones]))
            ),
        )

    @property
    def names(self) -> frozenset[str]:
        """What a look-alike would imitate: the registered names without their endings."""
        names = (domain_of(host).partition(".")[0] for host in self.domains)
        return frozenset(name for name in names if not name.isdecimal())

    def owns(self, host: str) -> bool:
        return _below(host, self.domains)

    def knows(self, host: str) -> bool:
        """One of our partners'."""
        return _below(host, self.partners)


def phone_key(number: str) -> str:
    """A telephone number in one spelling; empty for what is none."""
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def phones_in(text: str) -> tuple[str, ...]:
    """Telephone numbers as written, each once."""
    found = (match.raw_string for match in phonenumbers.PhoneNumberMatcher(normalise(text)[:8000], _REGION))
    return tuple(dict.fromkeys(found))


def _below(host: str, known: frozenset[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in known)
