"""The sections of the settings: what each key is called, what it may hold, what it is for."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Language = Literal["ja", "en", "zh-Hans", "zh-Hant", "ko"]
WayName = Literal["assistant", "person", "phone", "callback", "form", "mail"]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    """Where the counter listens and how the world reaches it."""

    host: str = Field(
        "127.0.0.1",
        description="Address to listen on. 0.0.0.0 listens to the network; put a TLS proxy before it.",
    )
    port: int = Field(8310, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    base_url: str = Field(
        "",
        description="Public address, e.g. https://help.example.jp. Links in mails are built from it, never from the Host header. Empty: http://host:port.",
    )
    widget_origins: list[str] = Field(
        default_factory=list,
        description="Origins of shop pages that may embed the widget, e.g. https://shop.example.jp.",
    )
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description="Addresses of your TLS proxy, e.g. 127.0.0.1. Only from these is X-Forwarded-For believed; without it everybody behind the proxy shares one rate limit.",
    )
    client_min_version: str = Field(
        "",
        pattern=r"^(\d+(\.\d+){0,3})?$",
        description="Oldest version of the shop's own app that is not told to update, e.g. 2.4; the app names its version with `?client=` (CH-017). Empty: none is told.",
    )
    webhook_hosts: list[str] = Field(
        default_factory=list,
        description="Hosts (host or host:port) inside your own network that webhooks may be sent to; all other private addresses are refused.",
    )
    request_timeout_s: int = Field(
        15,
        ge=1,
        description="A request that has not been received completely after this many seconds is closed.",
    )


class Data(Section):
    """Where things are kept."""

    folder: Path = Field(
        Path("data"), description="Folder for the database file, attachments, keys and the mail outbox."
    )
    url: str = Field(
        "",
        description="postgresql://user:password@host/name, or empty for the SQLite file in the data folder.",
    )
    policy: Path | None = Field(
        None, description="The shop's policy.toml; without it the policy that comes with Madoguchi is used."
    )
    encryption_key: SecretStr = Field(
        SecretStr(""),
        description="64 hexadecimal digits (`openssl rand -hex 32`) with which database file and stored files are encrypted; best set in the environment, and kept apart from the data and its backups. Empty: not encrypted (PRIV-001).",
    )
    encryption_key_file: Path | None = Field(
        None, description="File that holds the key of the encryption, read at the start."
    )
    promises: Path | None = Field(
        None,
        description="The shop's promises.toml; without it the promises that come with Madoguchi are made.",
    )


class Shop(Section):
    """The shop that this counter serves."""

    name: str = Field("みどり商店", description="Name as customers know it.")
    name_en: str = Field("Midori Store", description="The same in English.")
    currency: str = Field("JPY", description="ISO 4217 code of the shop's main currency.")
    timezone: str = Field(
        "Asia/Tokyo", description="Time zone of the shop: opening hours, dates shown to people."
    )
    languages: list[Language] = Field(
        default_factory=lambda: list[Language](("ja", "en")),
        description="Languages offered, the first is the default.",
    )
    url: str = Field("", description="Address of the shop itself, for links to product and account pages.")
    account_url: str = Field(
        "",
        description="Page of the shop on which a customer manages payment methods, password and membership.",
    )
    legal_form_url: str = Field(
        "",
        description="Form of the desk for legal enquiries; empty: they go to a supervisor (BOT-052).",
    )
    business_form_url: str = Field(
        "",
        description="Form of the desk for company contracts; empty: they go to the business desk (BOT-053).",
    )
    country: str = Field("JP", description="Country of the shop (ISO 3166, two letters).")
    groups_abroad: list[str] = Field(
        default_factory=list,
        description="Groups of enquiries served for customers whose address is in another country, e.g. order_delivery; empty: all of them (LNG-008).",
    )
    country_desks: dict[str, str] = Field(
        {}, description="Desks of other countries: country (ISO 3166, two letters) = their page (BIZ-010)."
    )
    seller_help_url: str = Field("", description="Help pages for marketplace sellers.")
    order_number_pattern: str = Field(
        "NNN-NNNNNNN-NNNNNNN",
        description="Shape of the shop's order numbers: N a digit, A a letter, X either, the rest as it stands.",
    )
    phone: str = Field(
        "",
        description="Telephone number of the shop's desk, shown to signed-in customers; empty: no telephone.",
    )
    phone_cost: str = Field("", description="What a call costs, in words, shown beside the number.")
    mail_address: str = Field("", description="The shop's mail address for enquiries.")
    invoice_number: str = Field(
        "", description="Registration number printed on receipts (qualified invoice, T + 13 digits)."
    )

    def name_in(self, language: str) -> str:
        """As readers of this language know it."""
        return self.name if language == "ja" else self.name_en


class Hours(Section):
    """When people are at the desk, in the shop's time zone. `HH:MM-HH:MM`, or `closed`."""

    monday: str = "09:00-21:00"
    tuesday: str = "09:00-21:00"
    wednesday: str = "09:00-21:00"
    thursday: str = "09:00-21:00"
    friday: str = "09:00-21:00"
    saturday: str = "09:00-21:00"
    sunday: str = "09:00-21:00"
    holidays: list[str] = Field(
        default_factory=list, description="Dates (YYYY-MM-DD) on which nobody is at the desk."
    )
    national_holidays: bool = Field(
        False, description="Nobody is at the desk on the public holidays of shop.country either."
    )
    phone: str = Field("09:00-21:00", description="Hours of the telephone, every day.")


class Identity(Section):
    """Who is asking: the shop's signed token, mailed codes, sessions (design: identity ladder)."""

    shop_token_secret: str = Field(
        "",
        description="Shared secret (32 characters or more) with which the shop signs its customers' tokens (HS256). Empty: own sign-in by mailed code.",
    )
    shop_token_issuer: str = Field("shop", description="Expected `iss` of the shop's tokens.")
    shop_token_audience: str = Field("madoguchi", description="Expected `aud` of the shop's tokens.")
    shop_token_max_minutes: int = Field(
        15, ge=1, le=60, description="Longest life of a shop token, exp - iat."
    )
    code_minutes: int = Field(
        10, ge=1, le=10, description="Minutes for which a mailed code is valid (ASVS 6.5.5)."
    )
    code_tries: int = Field(5, ge=1, le=10, description="Wrong tries after which a code is burnt.")
    fresh_minutes: int = Field(10, ge=1, description="Minutes for which a sign-in counts as a fresh check.")
    session_days: int = Field(14, ge=1, le=30, description="Days after which a customer's session ends.")
    password_reminder_days: int = Field(
        0,
        ge=0,
        description="Days after which the security check-up reminds a customer to change the password, where the shop tells when it was changed. 0: never, which is what NIST SP 800-63B now advises; older advice is a regular change (ACC-012).",
    )
    staff_idle_minutes: int = Field(60, ge=5, description="Idle minutes after which a staff session ends.")
    staff_password_length: int = Field(12, ge=8, description="Shortest password of a staff account (C-09).")


class Assistant(Section):
    """The colleague who answers first."""

    enabled: bool = Field(True, description="Off: every contact goes straight to a queue.")
    max_failed_turns: int = Field(
        2, ge=1, le=5, description="Misunderstandings after which a person is offered (C-20)."
    )
    after_failed_turns: Literal["offer", "hand_over"] = Field(
        "offer",
        description="After so many misunderstandings: offer a person and hand over at the next one, or hand over at once (HND-001).",
    )
    labour: dict[str, Literal["bot", "bot_with_action", "human"]] = Field(
        default_factory=dict,
        description="What the assistant does, by subject (kind or group) or deed: `human` leaves it to people, `bot` informs and changes nothing, `bot_with_action` does both (what is not listed).",
    )
    four_eyes: bool = Field(
        True,
        description="A dialogue of the shop's own is put in force by somebody else than its writers only.",
    )
    turn_timeout_s: int = Field(10, description="A turn that takes longer is given up and repeated.")
    phrases: Path | None = Field(
        None,
        description="Folder with the shop's own phrases (<language>/<kind>.txt), which `madoguchi assistant train` learns besides those that come with Madoguchi; without it `phrases` in the data folder.",
    )
    accuracy_may_fall: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of accuracy that a newly learnt model may lose and still be adopted; dangers and wishes for a person may never be heard less.",
    )


class Model(Section):
    """A language model behind an OpenAI-compatible endpoint; without `base_url` there is none and nothing is sent."""

    base_url: str = Field(
        "",
        description="Endpoint up to and without /chat/completions, e.g. https://models.example.jp/v1. Empty: no model.",
    )
    allow_http: bool = Field(
        False, description="Allow http:// to another machine of your own network; loopback always may."
    )
    api_key: SecretStr = Field(
        SecretStr(""), description="Key of the endpoint; better set in the environment or as a file."
    )
    api_key_file: Path | None = Field(None, description="File that holds the key, read at the start.")
    name: str = Field("", description="The model's name at the endpoint.")
    token_limit: Literal["max_tokens", "max_completion_tokens"] = Field(
        "max_tokens", description="What the endpoint calls the limit of answer tokens."
    )
    max_tokens: int = Field(600, ge=16, le=8000, description="Longest answer, in tokens.")
    temperature: float = Field(0.0, ge=0, le=2, description="0: the same words for the same question.")
    connect_s: float = Field(2.0, gt=0, le=8, description="Seconds for a connection.")
    first_token_s: float = Field(5.0, gt=0, le=8, description="Seconds until the first piece of an answer.")
    total_s: float = Field(
        7.5,
        gt=0,
        le=8,
        description="Seconds for all calls of one turn together; then the answer is made without the model (R-11: within 8).",
    )
    failures: int = Field(3, ge=1, description="Failures in a row after which the model is left alone.")
    pause_s: float = Field(30.0, gt=0, description="Seconds for which it is left alone then.")
    price_in: float = Field(
        0.0, ge=0, description="Price of a million tokens sent, in the budgets' currency."
    )
    price_out: float = Field(0.0, ge=0, description="Price of a million tokens received.")
    budget_contact: float = Field(
        1.0, ge=0, description="Most that the calls of one contact may cost; 0 stops them."
    )
    budget_day: float = Field(
        100.0, ge=0, description="Most that the calls of one day of the shop may cost; 0 stops them."
    )
    calls_contact: int = Field(
        60, ge=0, description="Most calls in one contact, also where they cost nothing; 0 stops them."
    )
    understanding: bool = Field(True, description="May add subjects to what the phrases understood.")
    wording: bool = Field(
        False, description="May put the assistant's set phrases (never its facts) into the customer's tone."
    )
    answers: bool = Field(True, description="May answer from articles, citing them.")
    summaries: bool = Field(True, description="May add a paragraph for the agent to a hand-over.")
    suggestions: bool = Field(True, description="May draft an agent's reply.")
    translation: bool = Field(True, description="May translate for an agent.")

    @property
    def connected(self) -> bool:
        return bool(self.base_url)

    @property
    def key(self) -> str:
        """The key itself, from wherever it stands. Raises OSError for a file that cannot be read."""
        if self.api_key_file is not None:
            return self.api_key_file.read_text("utf-8").strip()
        return self.api_key.get_secret_value()

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if not self.base_url:
            return self
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url must be an address such as https://models.example.jp/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("base_url must hold neither a password nor a query; the key goes into api_key")
        if parts.scheme == "http" and not (self.allow_http or _is_loopback(parts.hostname)):
            raise ValueError("base_url must be https; allow_http = true allows http inside your own network")
        if not self.name:
            raise ValueError("base_url needs the model's name as well")
        try:
            key = self.key
        except OSError as error:
            raise ValueError(f"api_key_file cannot be read: {error.strerror}") from error
        if not key.isascii() or any(c.isspace() for c in key):
            raise ValueError("api_key holds characters that no key has")
        return self


class Desk(Section):
    """Routing and the agents' desk."""

    offer_seconds: int = Field(30, ge=5, description="Seconds an agent has to accept an offered contact.")
    default_capacity: int = Field(3, ge=1, description="Contacts one agent handles at once.")
    away_after_seconds: int = Field(
        90, ge=20, description="An agent whose desk has been silent this long gets no offers."
    )
    reserve_seconds: int = Field(
        15,
        ge=0,
        le=120,
        description="Seconds for which a contact is kept for the agent who helped before and is at the desk, but full (HND-014).",
    )
    language_levels: dict[str, int] = Field(
        default_factory=dict,
        description="Proficiency (1 to 5) that a language asks of agents, e.g. ja = 4 (HND-016); a language left out asks for 1.",
    )
    calls_alone: bool = Field(
        True, description="An agent who is on the telephone is offered nothing else until the call is over."
    )
    passed_limit: int = Field(
        3,
        ge=0,
        description="Offers that may run out in a row before an agent is set to a break; 0 for any number.",
    )
    release_after_minutes: int = Field(
        10,
        ge=0,
        description="Minutes of silence, or of being offline without a word to a customer, after which the chats and calls of an agent go back into their queues; 0 for never.",
    )
    reopen_days: int = Field(
        14, ge=0, description="Days in which a message re-opens a solved case (CASE-011)."
    )
    confirm_hours: int = Field(
        24, ge=1, description="Hours without answer after which a resolution counts as confirmed."
    )
    busy_from: int = Field(
        10,
        ge=1,
        description="Contacts waiting in a queue from which on the assistant first offers other ways for ordinary matters that it did not understand (HND-008).",
    )
    members_queue: bool = Field(
        False,
        description="Members have a desk of their own (queue `members`); else they are served one class sooner (PRM-001).",
    )
    undo_seconds: int = Field(
        30, ge=5, le=300, description="Seconds in which a deed on many contacts at once can be undone."
    )
    news_mail_minutes: int = Field(
        10,
        ge=1,
        le=1440,
        description="Minutes for which what an agent away from the desk should know is gathered into one mail.",
    )
    handover_target_s: int = Field(
        90, ge=1, description="Target from the wish for a person to the agent's first word (HND-005)."
    )
    offer_other_ways_seconds: int = Field(
        120,
        ge=10,
        description="Seconds of waiting for a person after which other ways are offered beside the place in the queue (HND-009).",
    )


class Limits(Section):
    """Sizes and rates."""

    message_chars: int = Field(4000, ge=200, description="Longest message (CH-039).")
    attachment_mb: int = Field(10, ge=1, le=100, description="Largest attachment.")
    attachments_per_contact: int = Field(30, ge=1, description="Attachments in one contact.")
    contacts_per_hour: int = Field(20, ge=1, description="New contacts per visitor and hour (QUE-010).")
    contacts_per_address: int = Field(
        200,
        ge=1,
        description="New contacts per network address and hour; many people may share one (QUE-010).",
    )
    sessions_per_address: int = Field(
        240,
        ge=1,
        description="New visitors' sessions per network address in ten minutes; many people may share one.",
    )
    contacts_extra_seconds: int = Field(
        60,
        ge=0,
        description="Every further try while new contacts are limited makes the limit longer by so many seconds (QUE-010).",
    )
    messages_per_minute: int = Field(40, ge=1, description="Messages per visitor and minute.")
    codes_per_hour: int = Field(5, ge=1, description="Mailed codes per address and hour.")
    sign_in_tries_per_hour: int = Field(20, ge=3, description="Failed staff sign-ins per login and hour.")


class Trust(Section):
    """What is ours, so that "is this message really from you?" can be answered (PHI-001, C-13, C-16)."""

    domains: list[str] = Field(
        default_factory=list,
        description="Further domains of the shop, e.g. shop.example, mail.shop.example. Those of shop.url, server.base_url and mail.sender always count.",
    )
    partner_domains: list[str] = Field(
        default_factory=list,
        description="Domains of carriers, payment services and senders that write in the shop's name; a link there is neither ours nor a fake.",
    )
    senders: list[str] = Field(
        default_factory=list,
        description="Further sender addresses; an address at one of our domains that is not listed is not vouched for.",
    )
    phones: list[str] = Field(
        default_factory=list, description="Further telephone numbers of the shop, beside shop.phone."
    )
    campaign_reports: int = Field(
        5, ge=2, description="Reports of the same sender, site or number within an hour that make a campaign."
    )


class Capacity(Section):
    """What the house is to stand; `madoguchi dev load` lets so many customers come (QUE-013)."""

    contacts_per_day: int = Field(300_000, ge=1, description="Contacts of a busy day.")
    peak: float = Field(
        10.0, gt=0, description="The busiest moments have so many times the day's mean of arrivals."
    )


class Demo(Section):
    """The demonstration shop."""

    enabled: bool = Field(
        False, description="Show the \u201csign in as\u201d page. Never on a real shop: it signs anybody in."
    )
    past: bool = Field(
        True,
        description="Begin `madoguchi demo` with cases, mails, surveys and articles in work, as if the shop had been open for months.",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
