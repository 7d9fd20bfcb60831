"""The sections of the settings about mail: the way out, mailboxes with ways of their own, the way in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from madoguchi.engine.sections import Language, Section


class Mailbox(Section):
    """One address at which customers' mails are taken, where it has ways of its own."""

    address: str = Field(description="Address at which mails are taken.")
    queue: str = Field("", description="Queue of its mails; empty: by what they are about.")
    language: Language | None = Field(None, description="Language where a mail's own is not clear.")
    sender: str = Field("", description="From address of answers; empty: that of mail.sender.")
    name: str = Field("", description="Name in From; empty: the shop's.")
    signature: dict[str, str] = Field(default_factory=dict, description="Signature by language.")
    smtp_host: str = Field("", description="SMTP server for its answers; empty: that of the section mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_user: str = Field("", description="Its user.")
    smtp_password: SecretStr = Field(
        SecretStr(""), description="Its password; better set in the environment."
    )
    smtp_starttls: bool = Field(True, description="Use STARTTLS.")


class Mail(Section):
    """Outgoing mail. Without `smtp_host`, mails are written as .eml files to the data folder's `outbox`."""

    smtp_host: str = Field("", description="SMTP server; empty: files in data/outbox.")
    smtp_port: int = Field(587, description="SMTP port.")
    smtp_user: str = Field("", description="SMTP user.")
    smtp_password: str = Field("", description="SMTP password; better set in the environment.")
    smtp_starttls: bool = Field(True, description="Use STARTTLS.")
    sender: str = Field("help@shop.example", description="From address of mails to customers.")
    mailboxes: list[str] = Field(
        default_factory=list,
        description="Addresses at which customers' mails are taken, e.g. support@shop.example; the mail server must deliver support+anything@shop.example as well. Empty: mails are sent, none is taken.",
    )
    lmtp_host: str = Field("127.0.0.1", description="Where `madoguchi serve` listens for mails (LMTP).")
    lmtp_port: int = Field(
        0, ge=0, le=65535, description="Port of LMTP, to which the mail server delivers. 0: not listening."
    )
    largest_mb: int = Field(40, ge=1, le=200, description="Largest mail that is taken, in megabytes.")
    authserv_id: str = Field(
        "",
        description="Name under which your mail server writes Authentication-Results (RFC 8601), e.g. mx.shop.example. Its word is then shown instead of our own check; it must remove such headers that come from outside. Empty: we check ourselves.",
    )
    receiving_servers: list[str] = Field(
        default_factory=list,
        description="Names of your mail servers as they stand after `by` in the Received lines that they write, e.g. mx.shop.example. Only from these is it known from where a mail came, which SPF needs; without them SPF is shown as unknown.",
    )
    resolver: str = Field(
        "",
        description="Name server asked for SPF, DKIM and DMARC records: address or address:port. Empty: this machine's; off: nothing is asked.",
    )
    dkim_selector: str = Field(
        "",
        description="Selector under which your mail server signs; `madoguchi doctor` looks for its key at the senders' domains.",
    )
    undo_seconds: int = Field(
        10,
        ge=0,
        le=300,
        description="Seconds for which an agent's reply by mail waits and can be taken back. 0: it leaves at once.",
    )
    quote_last: bool = Field(
        False, description="Replies by mail carry the customer's last words beneath, as mail programs do."
    )
    template: Path | None = Field(
        None,
        description="The shop's own HTML of replies (Jinja; what it sees: docs/decisions/0018); without it the one that comes with Madoguchi.",
    )
    signature: dict[str, str] = Field(
        default_factory=dict,
        description='Signature of the shop under replies by mail, by language: {"ja" = "…", "en" = "…"}. Empty: the name and the address of the help pages.',
    )
    colour: str = Field(
        "#0f5a4c", pattern=r"^#[0-9a-fA-F]{6}$", description="Colour of the shop's name in HTML mails."
    )
    boxes: list[Mailbox] = Field(
        default_factory=list,
        description="Mailboxes with ways of their own, as tables [[mail.boxes]]: address, queue, language, sender, name, signature, smtp_host, smtp_port, smtp_user, smtp_password, smtp_starttls. What one leaves out is as above; addresses in `mailboxes` need no table.",
    )

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address at which mails are taken, each once."""
        return tuple(dict.fromkeys([*self.mailboxes, *(box.address for box in self.boxes)]))

    def box(self, address: str) -> Mailbox:
        """The mailbox with its ways; one that has no table has those of the section."""
        wanted = address.lower()
        return next(
            (box for box in self.boxes if box.address.lower() == wanted),
            Mailbox(address=address or self.sender),
        )


class Imap(Section):
    """A mailbox from which customers' mails are fetched, where no mail server delivers to us (`mail.lmtp_port`)."""

    host: str = Field("", description="IMAP server; empty: nothing is fetched.")
    port: int = Field(993, ge=1, le=65535, description="IMAP port.")
    security: Literal["tls", "starttls", "none"] = Field(
        "tls", description="How the connection is protected; none only for a server on this machine."
    )
    user: str = Field("", description="IMAP user.")
    password: str = Field("", description="IMAP password; better set in the environment.")
    folder: str = Field("INBOX", description="Folder to read. Nothing in it is changed.")
