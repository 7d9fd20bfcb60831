"""The verdict on a message, a site or a call in the shop's name: genuine, fake or unsure, with every reason. Pure.

Genuine only for what our send log knows under this very customer's address, from our sender, leading nowhere else.
A claim that is disproved, one link or one demand, is enough for a fake. Never "safe" from the looks alone: real
phishing passes every check of the sender that a receiver can make, so those are hints at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from madoguchi.counter.trust import lookalike
from madoguchi.counter.trust.addresses import Site, domain_of, senders_in, sites_in
from madoguchi.counter.trust.ours import Ours, phone_key
from madoguchi.kit.text import fold

Verdict = Literal["genuine", "fake", "unsure"]
Channel = Literal["mail", "sms", "phone", "site"]

_DISPROVES = frozenset(
    {
        "link_foreign",
        "link_lookalike",
        "link_own_inside",
        "link_hides",
        "link_number",
        "link_shortened",
        "sender_foreign",
        "sender_lookalike",
        "phone_foreign",
        "asks_secrets",
        "asks_gift_cards",
        "asks_remote_control",
        "order_unknown",
    }
)
SHORTENERS = frozenset(
    [
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "is.gd",
        "ow.ly",
        "buff.ly",
        "cutt.ly",
        "rebrand.ly",
        "shorturl.at",
        "t.ly",
        "rb.gy",
        "v.gd",
        "tiny.cc",
        "x.gd",
        "lnkd.in",
        "s.id",
        "u.to",
        "urx.blue",
        "ux.nu",
        "p.tl",
        "00m.in",
        "qr.paps.jp",
        "onl.la",
        "onl.bz",
        "onl.sc",
    ]
)
# Detectors over folded text; each is a trait of fakes (PHI-004).
_DEMANDS: dict[str, str] = {
    "asks_secrets": (
        r"(?:ぱすわーど|暗証番号|(?:認証|確認)こーど|せきゅりてぃこーど|くれじっとかーど(?:番号|情報)|かーど(?:番号|情報)|口座(?:番号|情報)|まいなんばー|個人情報)[^。\n]{0,20}(?:入力|教え|お知らせ|送信|返信|更新|再登録|提供|記入|聞かれ|尋ねられ|求め|確認(?:して|を))"
        r"|\b(?:enter|confirm|verify|update|provide|send|reply with|tell|asked (?:me )?for|wants?|read (?:out|me))\b.{0,40}\b(?:password|pin|card (?:number|details|information)|credit card|cvv|security code|one[- ]time code|verification code|bank (?:details|account)|social security)\b"
    ),
    "asks_gift_cards": (
        r"(?:ぎふと(?:かーど|券|こーど)|ぷりぺいど|電子まねー|びっとこいん|暗号資産)[^。\n]{0,20}(?:購入|買|支払|送|番号|教え)|(?:gift cards?|prepaid cards?|bitcoin|crypto)\b.{0,40}\b(?:pay|buy|purchase|send|code)|\b(?:pay|buy|purchase|send)\b.{0,40}\b(?:gift cards?|prepaid cards?|bitcoin|crypto)"
    ),
    "asks_remote_control": (
        r"遠隔(?:操作|さぽーと)|りもーと(?:操作|あくせす|でくすとっぷ)|any ?desk|team ?viewer|quick ?assist|remote (?:access|control|desktop)"
    ),
}
_HINTS: dict[str, str] = {
    "scares": (
        r"(?:あかうんと|会員|利用|さーびす)[^。\n]{0,14}(?:停止|制限|ろっく|無効|凍結|一時保留)|自動退会|法的(?:手続|措置)|\b(?:account|membership|access)\b.{0,30}\b(?:suspend\w*|lock\w*|limit\w*|restrict\w*|terminat\w*|clos\w*)|legal action"
    ),
    "hurries": (
        r"(?:24|48|72)時間以内|本日中|今すぐ|至急|直ちに|期限(?:が|は)?(?:迫|切れ)|within (?:24|48|72) hours|immediately|urgent\w*|last (?:notice|warning)|final notice"
    ),
    "odd_words": (
        r"お客様の(?:あかうんと|おーだー)(?:は|が)(?:異常|不正)の?(?:状況|活動)|ご(?:尊敬|親愛)な|貴方の|您|帐户|账户|亲爱|親愛なる(?:お客|顧客|ゆーざー)|dear (?:customer|user|client|member)\b|kindly (?:verify|confirm|update)"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """What the customer gave us of it. `text` as it came, `phones` as the caller's numbers were read."""

    channel: Channel
    text: str
    sender: str = ""
    phones: tuple[str, ...] = ()
    order_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What we know of this customer. `orders` None: nobody has proved who they are, so nothing is said about orders.

    `was_sent`: whether the send log holds a mail to their address whose subject stands in the text. `called`:
    whether we have just called them.
    """

    orders: Collection[str] | None = None
    was_sent: Callable[[str], bool] = field(default=lambda text: False)
    called: bool = False


@dataclass(frozen=True)
class Finding:
    """One reason. `shown`: the place or number it is about, so written that nobody can press it."""

    code: str
    shown: str = ""


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    findings: tuple[Finding, ...]
    campaign: str  # what reports of the same wave have in common; empty for nothing to go by


def judge(message: Message, ours: Ours, known: Known) -> Judgement:
    """Every reason that there is, and what they come to."""
    senders = [message.sender.lower()] if message.sender else senders_in(message.text)
    sites = sites_in(message.text)
    phones = _of_phones(message.phones, ours)
    if known.called and any(finding.code == "phone_ours" for finding in phones):
        phones.append(Finding("in_call_log"))
    findings = [
        *(finding for sender in senders for finding in _of_sender(sender, ours)),
        *(finding for site in sites for finding in _of_site(site, ours)),
        *phones,
        *_of_orders(message.order_numbers, known),
        *_of_words(message.text),
    ]
    own_sender = bool(senders) and all(sender in ours.senders for sender in senders)
    if own_sender and known.orders is not None and known.was_sent(message.text):
        findings.append(Finding("in_send_log"))
    found = tuple(dict.fromkeys(findings))
    return Judgement(_verdict(message, found), found, _campaign(senders, sites, message, ours))


def _verdict(message: Message, findings: Sequence[Finding]) -> Verdict:
    codes = {finding.code for finding in findings}
    if codes & _DISPROVES:
        return "fake"
    if message.channel == "mail" and {"sender_ours", "in_send_log"} <= codes:
        return "genuine"
    if message.channel == "phone" and {"phone_ours", "in_call_log"} <= codes:
        return "genuine"
    return "unsure"


def _of_sender(sender: str, ours: Ours) -> list[Finding]:
    host = sender.rpartition("@")[2]
    shown = sender.replace("@", "＠").replace(".", "[.]")
    if sender in ours.senders:
        return [Finding("sender_ours", shown)]
    if ours.owns(host):
        return [Finding("sender_unlisted", shown)]
    if ours.knows(host):
        return [Finding("sender_partner", shown)]
    alike = _looks_like_ours(domain_of(host), ours)
    return [Finding("sender_lookalike" if alike else "sender_foreign", shown)]


def _of_site(site: Site, ours: Ours) -> list[Finding]:
    """Whose it is comes first; how it pretends only explains."""
    if site.hides:
        return [Finding("link_hides", site.shown)]
    if site.is_address:
        return [Finding("link_number", site.shown)]
    if ours.owns(site.host):
        return [Finding("link_ours", site.host)]
    if ours.knows(site.host):
        return [Finding("link_partner", site.host)]
    if site.domain in SHORTENERS or site.host in SHORTENERS:
        return [Finding("link_shortened", site.shown)]
    if any(host in site.inside for host in ours.domains) or any(
        name in re.split(r"[^\w]+", site.inside) for name in ours.names if len(name) >= 4
    ):
        return [Finding("link_own_inside", site.shown)]
    label = (
        site.unicode_host.removesuffix(site.domain).rstrip(".") if site.domain in site.unicode_host else ""
    )
    alike = (
        _looks_like_ours(site.domain, ours)
        or _looks_like_ours(site.unicode_host, ours)
        or (bool(label) and _looks_like_ours(label, ours))
    )
    return [Finding("link_lookalike" if alike else "link_foreign", site.shown)]


def _of_phones(numbers: Sequence[str], ours: Ours) -> list[Finding]:
    found = []
    for number in numbers:
        key = phone_key(number)
        if key:
            found.append(Finding("phone_ours" if key in ours.phones else "phone_foreign", number))
    return found


def _of_orders(numbers: Sequence[str], known: Known) -> list[Finding]:
    """Only ever compared with the orders of whoever has proved who they are: no answer tells of another's order."""
    if known.orders is None:
        return []
    return [
        Finding("order_yours" if number in known.orders else "order_unknown", number) for number in numbers
    ]


def _of_words(text: str) -> list[Finding]:
    folded = fold(text[:20_000])
    return [Finding(code) for code, pattern in {**_DEMANDS, **_HINTS}.items() if re.search(pattern, folded)]


def _looks_like_ours(name: str, ours: Ours) -> bool:
    labels = [label for label in re.split(r"[.]", name) if label][:4]
    return any(lookalike.resembles(label, own) or label == own for label in labels for own in ours.names)


def _campaign(senders: Sequence[str], sites: Sequence[Site], message: Message, ours: Ours) -> str:
    """The registered domain of the place it leads to, else the number, else the sender's domain."""
    for site in sites:
        if not ours.owns(site.host) and not ours.knows(site.host):
            return f"site:{site.host if site.domain in SHORTENERS else site.domain}"
    for number in message.phones:
        if phone_key(number) and phone_key(number) not in ours.phones:
            return f"phone:{phone_key(number)}"
    for sender in senders:
        if not ours.owns(sender.rpartition("@")[2]):
            return f"sender:{domain_of(sender.rpartition('@')[2])}"
    return ""
