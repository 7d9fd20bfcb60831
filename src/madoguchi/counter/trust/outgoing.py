"""What may leave in our name: links lead to our own sites, and nobody is asked for a secret (PHI-006, PHI-017). Pure."""

from __future__ import annotations

import re

from madoguchi.counter.problems import Invalid
from madoguchi.counter.trust.addresses import Site, linked_sites, sites_in, without_links
from madoguchi.counter.trust.ours import Ours
from madoguchi.kit.text import fold

_SECRET = (
    r"(?:ぱすわーど|暗証番号|(?:認証|確認|せきゅりてぃ)こーど|かーど(?:の)?番号|口座番号|password|passcode|pin\b|(?:verification|security|one[- ]time) code|"
    r"card (?:number|details)|密[码碼]|[验驗][证證][码碼]|卡[号號]|비밀번호|인증 ?번호|카드 ?번호)"
)
_GIVE = r"(?:教え|入力|送(?:っ|信)|お知らせ|書[いき]|ご記入|提供|tell|give|send|enter|type|share|reply with|告[诉訴]|[输輸]入|[发發]|提供|填|알려|입력|보내)"
_SECRET_THEN_GIVE = re.compile(rf"{_SECRET}[^。！？!?.\n]{{0,12}}?{_GIVE}")
_GIVE_THEN_SECRET = re.compile(rf"{_GIVE}[^。！？!?.\n]{{0,24}}?{_SECRET}")
_SENTENCE = re.compile(r"[。！？!?\n]+|\.(?=\s|$)")
# "Never tell anybody your password" is a warning; a page of ours is where a code is rightly entered.
_WARNS = re.compile(
    r"ないで|なくて|ません(?!か)|しない|必要(?:は|が)?(?:あり|ござい)|不要|禁止|never|(?:do|does|will|should|must|need) ?n[o']t|don't|won't|不要|不会|不會|[请請]勿|切勿|无需|無需|지 ?마|않|절대"
)
_ON_A_PAGE = re.compile(
    r"画面|ぺーじ|さいと|あぷり|ふぉーむ|設定|\b(?:page|screen|site|app|form)\b|[页頁]面|화면|페이지|앱"
)
_HERE = re.compile(
    r"こちら|ここ|この|ちゃっと|返信|めっせーじ|\b(?:here|this|chat|reply|message)\b|[这這]|此|回[复覆]|聊天|여기|이 |채팅|답장"
)


def asks_for_secrets(text: str) -> bool:
    """Whether somebody is to give a password, a code or a card number away, also where it is only spoken of."""
    folded = fold(text)
    return _SECRET_THEN_GIVE.search(folded) is not None or _GIVE_THEN_SECRET.search(folded) is not None


def requests_secrets(text: str) -> bool:
    """The same for a person's words: a warning, and a code for a page of ours, are no request."""
    return any(_is_request(sentence) for sentence in _SENTENCE.split(fold(text)))


def foreign_links(text: str, ours: Ours, *, bare: bool = True) -> list[Site]:
    """Places that are neither ours nor a partner's. `bare`: names without https:// too, which many programs make links of."""
    found = sites_in(text) if bare else linked_sites(text)
    return [site for site in found if _is_foreign(site, ours)]


def only_ours(text: str, ours: Ours) -> str:
    """The text with every link to elsewhere so written that nobody can press it."""
    return without_links(text, lambda site: not _is_foreign(site, ours))


def check_words(text: str, ours: Ours) -> None:
    """A person's words in our name. Raises Invalid("asks_for_secrets") or Invalid("foreign_link")."""
    if requests_secrets(text):
        raise Invalid("asks_for_secrets", field="text")
    if foreign := foreign_links(text, ours):
        raise Invalid("foreign_link", field="text", shown=foreign[0].shown)


def _is_foreign(site: Site, ours: Ours) -> bool:
    return site.hides or not (ours.owns(site.host) or ours.knows(site.host))


def _is_request(sentence: str) -> bool:
    if not asks_for_secrets(sentence) or _WARNS.search(sentence):
        return False
    return _ON_A_PAGE.search(sentence) is None or _HERE.search(sentence) is not None
