"""Telephone numbers that we call: read as people type them, refused where a call would fail or cost dearly (CB-005). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from madoguchi.counter.problems import Invalid
from madoguchi.kit.text import ascii_hyphens, normalise

_CALLED = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)


def callable_number(text: str, region: str, prefixes: Sequence[str], *, on_file: str = "") -> str:
    """E.164 of a number as typed, full-width digits and odd hyphens included.

    `region`: whose national form is meant (ISO 3166); `prefixes`: beginnings of E.164 that may be called; `on_file`: the
    customer's number as the shop knows it, which is right though nobody has told us of its range yet. Raises
    Invalid("phone_unreadable" | "phone_incomplete" | "phone_not_called", field "phone").
    """
    found = _parsed(text, region)
    if found is None:
        raise Invalid("phone_unreadable", field="phone")
    known = bool(on_file) and found == _parsed(on_file, region)
    if not phonenumbers.is_valid_number(found) and not known:
        raise Invalid("phone_incomplete", field="phone")
    written = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    allowed = any(written.startswith(prefix) for prefix in prefixes)
    kind = phonenumbers.number_type(found)
    called = kind in _CALLED or (known and kind == PhoneNumberType.UNKNOWN)
    if not allowed or not called or found.extension:
        raise Invalid("phone_not_called", field="phone")
    return str(written)


def read_back(e164: str, region: str) -> str:
    """As people of the shop's country read it: 090-1234-5678, +1 202-555-0123; empty for none."""
    found = _parsed(e164, region)
    if found is None:
        return e164
    home = phonenumbers.region_code_for_number(found) == region
    shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(found, shape))


def masked(e164: str, region: str) -> str:
    """Without what lets anybody else call it: 090-••••-5678."""
    shown = read_back(e164, region)
    digits = [place for place, sign in enumerate(shown) if sign.isdigit()]
    hidden = set(digits[3:-4])
    return "".join("•" if place in hidden else sign for place, sign in enumerate(shown))


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(ascii_hyphens(normalise(text)), region)
    except phonenumbers.NumberParseException:
        return None
