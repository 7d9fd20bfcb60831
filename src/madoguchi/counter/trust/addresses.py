"""Links, senders and hosts in a suspicious text, read as a browser would read them. Nothing is ever opened. Pure.

The text is taken as it came: normalising first would turn a look-alike letter into the one that it imitates.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

_SCHEME = r"(?:h(?:tt|xx)ps?[:：]\s?[/\\／]{1,2})"
_HOST_END = r"\s<>\"'`、。，」』）)】\]｝}|"
_LINK = re.compile(rf"{_SCHEME}[^{_HOST_END}]+", re.I)
_BARE = re.compile(
    r"(?<![\w@./-])(?:[\w-]{1,63}(?:\.|\[\.\]|．|。(?=[a-z]{2,})))+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})(?:[/?#][^\s<>\"'、。」』）)]*)?(?![\w@])",
    re.I,
)
_SENDER = re.compile(
    r"[\w.+%-]{1,64}[@＠][\w-]{1,63}(?:[.．][\w-]{1,63}){1,8}",
    re.I,
)
# Dots as people write them so that nobody presses the link, and as input methods and tricksters do.
_DEFANGED = re.compile(r"\[\.\]|\(\.\)|(?<=[a-z0-9])[。．｡](?=[a-z0-9])", re.I)
_DOTS = str.maketrans({"．": ".", "。": ".", "｡": "."})
_LONGEST = 2048
# Not names of hosts, whatever ends like one: files and version numbers.
_FILES = frozenset(
    {"pdf", "jpg", "jpeg", "png", "gif", "zip", "doc", "docx", "xls", "xlsx", "eml", "html", "txt", "csv"}
)


@dataclass(frozen=True)
class Site:
    """A host as it really is. `domain`: what somebody registered; `shown`: readable, and no link any more."""

    host: str  # ASCII
    domain: str
    unicode_host: str
    is_address: bool = False  # bare numbers instead of a name
    hides: bool = False  # a name before the @ pretends to be the host
    inside: str = ""  # path and names before the domain, where another's name may be shown off

    @property
    def shown(self) -> str:
        """`secure-login.【evil[.]example】`"""
        defanged = self.domain.replace(".", "[.]")
        before = self.host.removesuffix(self.domain).rstrip(".")
        readable = "" if self.unicode_host == self.host else f" ({self.unicode_host.replace('.', '[.]')})"
        return f"{before}.【{defanged}】{readable}" if before else f"【{defanged}】{readable}"


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """From the list that comes with the package: no network, no cache; private suffixes are suffixes too."""
    from tldextract import TLDExtract  # here: slow to load, and needed for suspicious texts only

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def sites_in(text: str) -> list[Site]:
    """The hosts of all links and bare names, each once, in the order written."""
    rest = _DEFANGED.sub(".", text[:20_000])
    found: list[Site | None] = list(linked_sites(rest))
    rest = _SENDER.sub(" ", _LINK.sub(" ", rest))
    for match in _BARE.finditer(rest):
        name = match[0].split("/")[0]
        if name.rpartition(".")[2].lower() not in _FILES:
            found.append(site_of(match[0], bare=True))
    return list(dict.fromkeys(site for site in found if site is not None))


def linked_sites(text: str) -> list[Site]:
    """The hosts of what is written as a link, with its scheme."""
    found = (site_of(match[0]) for match in _LINK.finditer(text[:20_000]))
    return list(dict.fromkeys(site for site in found if site is not None))


def without_links(text: str, keep: Callable[[Site], bool]) -> str:
    """The text with every link that `keep` refuses written so that nobody can press it."""

    def shown(match: re.Match[str]) -> str:
        site = site_of(match[0])
        return match[0] if site is None or keep(site) else site.shown

    return _LINK.sub(shown, text)


def senders_in(text: str) -> list[str]:
    """Mail addresses, in lower case, each once."""
    found = [
        match[0].replace("＠", "@").translate(_DOTS).lower() for match in _SENDER.finditer(text[:20_000])
    ]
    return list(dict.fromkeys(found))


def site_of(url: str, *, bare: bool = False) -> Site | None:
    """The host behind an address as a browser finds it: after userinfo, backslashes and percent signs; None for none."""
    text = url[:_LONGEST].strip().replace("[.]", ".").translate(_DOTS).replace("\\", "/").replace("／", "/")
    text = re.sub(r"[\t\r\n\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    text = re.sub(rf"^{_SCHEME}", "", text, flags=re.I).lstrip("/")
    authority, slash, path = text, "", ""
    cut = re.search(r"[/?#]", text)
    if cut:
        authority, slash, path = text[: cut.start()], cut[0], text[cut.end() :]
    userinfo, at, host = authority.rpartition("@")
    host = unquote(host).split(":")[0].strip(".").lower()
    if not host:
        return None
    ascii_host = _ascii(host)
    number = _ip(ascii_host)
    if number:
        return Site(number, number, number, is_address=True, hides=bool(at), inside=userinfo)
    if bare and not _suffixes()(ascii_host).suffix:
        return None
    domain = domain_of(ascii_host)
    subdomain = ascii_host.removesuffix(domain).rstrip(".")
    inside = f"{userinfo} {subdomain} {path if slash else ''}".lower()
    return Site(ascii_host, domain, _unicode(ascii_host), hides=bool(at), inside=inside)


def domain_of(name: str) -> str:
    """The registered domain of a host, or the host itself where there is none (`shop.example`)."""
    host = _ascii(name.strip(".").lower())
    parts = _suffixes()(host)
    if parts.suffix and parts.domain:
        return f"{parts.domain}.{parts.suffix}"
    return ".".join(host.split(".")[-2:])


def _ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return host


def _unicode(host: str) -> str:
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def _ip(host: str) -> str:
    """An address in any of the spellings that browsers accept: 192.0.2.1, 3221225985, 0xC0000201."""
    try:
        if re.fullmatch(r"\d{8,10}|0x[0-9a-f]{7,8}", host):
            return str(ipaddress.IPv4Address(int(host, 0)))
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return ""
