"""What can go wrong, as classes that name the business fact. Faces turn them into RFC 9457 problems.

`code` is stable and names the text in the catalogue; `status` is what HTTP says; `params` fill the text.
"""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A refusal with a reason that a person can be told."""

    code = "problem"
    status = 400

    def __init__(self, code: str | None = None, /, **params: Any) -> None:
        if code:
            self.code = code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class NotFound(Problem):
    """There is no such thing, or it is not yours to know about."""

    code = "not_found"
    status = 404


class NotAllowed(Problem):
    """You are known, and may not do this."""

    code = "not_allowed"
    status = 403


class SignInNeeded(Problem):
    """A higher rung of the identity ladder is needed; `params["rung"]` names it."""

    code = "sign_in_needed"
    status = 401


class Conflict(Problem):
    """The world has moved on: another owner, another version, the same key with another body."""

    code = "conflict"
    status = 409


class Invalid(Problem):
    """The input cannot be used; `params["field"]` names the place where there is one."""

    code = "invalid"
    status = 422


class TooMany(Problem):
    """Too often; `params["retry_after"]` is seconds."""

    code = "too_many"
    status = 429


class Unavailable(Problem):
    """This part does not work at present, and the shop has said so."""

    code = "unavailable"
    status = 503
