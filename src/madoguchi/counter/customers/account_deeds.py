"""What may be done to an account, as requests: locking, signing out, a new password, a code, the default address."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

AccountDeedName = Literal[
    "lock_account", "sign_out_everywhere", "reset_password", "resend_code", "change_default_address"
]
DEED_NAMES: tuple[AccountDeedName, ...] = get_args(AccountDeedName)

# For somebody who cannot sign in: whoever asks, the mail goes to the address on file or to nobody.
FOR_ANYBODY: frozenset[AccountDeedName] = frozenset({"reset_password", "resend_code"})


class _Deed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LockAccount(_Deed):
    """No sign-in any more, every session ends; only a person of the shop unlocks."""

    deed: Literal["lock_account"] = "lock_account"


class SignOutEverywhere(_Deed):
    """Every session ends but the one in which it was asked for."""

    deed: Literal["sign_out_everywhere"] = "sign_out_everywhere"


class ResetPassword(_Deed):
    """A link by mail with which the password is set anew. `email`: what a visitor typed; empty: the address on file."""

    deed: Literal["reset_password"] = "reset_password"
    email: str = Field("", max_length=200)


class ResendCode(_Deed):
    """A new sign-in code by mail, for the conversation's own session."""

    deed: Literal["resend_code"] = "resend_code"
    email: str = Field("", max_length=200)


class ChangeDefaultAddress(_Deed):
    """The address that the next orders start from; the orders under way keep theirs."""

    deed: Literal["change_default_address"] = "change_default_address"
    address: dict[str, str]


AccountDeed = Annotated[
    LockAccount | SignOutEverywhere | ResetPassword | ResendCode | ChangeDefaultAddress,
    Field(discriminator="deed"),
]
DEED: TypeAdapter[AccountDeed] = TypeAdapter(AccountDeed)
