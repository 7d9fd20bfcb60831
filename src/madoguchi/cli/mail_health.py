"""What `madoguchi doctor` says about mail: the way out, mailboxes, the template, and what the senders' domains publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from madoguchi.channels.mail.authenticity import Names, names_of
from madoguchi.channels.mail.authenticity.alignment import policy_of
from madoguchi.channels.mail.authenticity.names import NoAnswer
from madoguchi.channels.mail.fetching import check as read_mailbox
from madoguchi.channels.mail.letterhead import Letterhead, TemplateBroken
from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.trust.ours import Ours
from madoguchi.engine.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or what is wrong and how to mend it."""

    what: str
    fine: bool
    detail: str
    mend: str = ""


def way_out(settings: Settings) -> Finding:
    """Every account with which mails leave, and that From is a domain of ours (CH-045)."""
    postman = Postman(settings)
    for box in (None, *settings.mail.boxes):
        wrong = postman.check(box)
        if wrong is not None:
            where = f"{box.address}: " if box else ""
            return Finding(
                "mail",
                False,
                where + wrong,
                "check [mail] in the settings: host, port, user, password, sender",
            )
    return Finding("mail", True, settings.mail.smtp_host or f"files in {settings.data.folder / 'outbox'}")


def way_in(settings: Settings) -> Finding:
    """Whether mails can come in: by LMTP, from a mailbox, or not at all."""
    mail, imap = settings.mail, settings.imap
    if not mail.addresses:
        return Finding("mailbox", True, "no mail is taken")
    if imap.host:
        wrong = read_mailbox(imap)
        return Finding(
            "mailbox", wrong is None, wrong or f"{imap.user} on {imap.host}", "check [imap] in the settings"
        )
    if mail.lmtp_port:
        return Finding("mailbox", True, f"LMTP on {mail.lmtp_host}:{mail.lmtp_port}")
    return Finding(
        "mailbox", False, "mailboxes are named, but no mail can come in", "set mail.lmtp_port, or [imap] host"
    )


def template(settings: Settings) -> Finding:
    """Whether replies can be dressed."""
    mail = settings.mail
    try:
        Letterhead(Ours.of(settings), mail.colour, mail.template).check()
    except TemplateBroken as error:
        return Finding("mail template", False, str(error), "mend mail.template; until then ours is used")
    return Finding("mail template", True, str(mail.template or "the one that comes with Madoguchi"))


def records(settings: Settings, names: Callable[[str], Names | None] = names_of) -> Finding:
    """SPF, DKIM and DMARC of every domain from which mails leave (CH-045)."""
    mail = settings.mail
    if not mail.smtp_host and not any(box.smtp_host for box in mail.boxes):
        return Finding("sender records", True, "mails are written to files; nothing to look up")
    asked = names(mail.resolver)
    if asked is None:
        return Finding("sender records", True, "not looked up (mail.resolver is off)")
    senders = {mail.sender, *(box.sender for box in mail.boxes if box.sender)}
    domains = sorted({sender.rpartition("@")[2].lower() for sender in senders})
    try:
        missing = [each for domain in domains for each in _missing(domain, mail.dkim_selector, asked)]
    except NoAnswer as error:
        return Finding("sender records", False, f"no answer from DNS: {error}", "check mail.resolver")
    if missing:
        return Finding(
            "sender records", False, "; ".join(missing), "publish the records; receivers look for them"
        )
    return Finding("sender records", True, f"SPF, DKIM and DMARC for {', '.join(domains)}")


def _missing(domain: str, selector: str, names: Names) -> Iterator[str]:
    if not any(each[:6].lower() == b"v=spf1" for each in names.txt(domain)):
        yield f"{domain} has no SPF record"
    policy = policy_of(domain, names)
    if policy is None:
        yield f"{domain} has no DMARC record"
    elif policy.asks not in ("quarantine", "reject"):
        yield f"DMARC of {domain} asks for nothing (p={policy.asks or 'none'})"
    if not selector:
        yield "mail.dkim_selector is not set: whether mails are signed cannot be told"
    elif not any(b"p=" in each for each in names.txt(f"{selector}._domainkey.{domain}")):
        yield f"{domain} has no DKIM key under {selector}"
