"""Who of the demo shop has signed in lately, and how an account was entered by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from madoguchi.connectors.embedded.demo import cast

_HOME, _TRAIN, _STRANGE = "203.0.113.*", "198.51.100.*", "192.0.2.*"

# customer, hours before the demo is loaded, device, network
_VISITS = (
    (cast.MISAKI, 3, "Safari · iPhone", _HOME),
    (cast.MISAKI, 30, "Chrome · Windows", _HOME),
    (cast.MISAKI, 76, "Safari · iPhone", _TRAIN),
    (cast.JOHN, 5, "Chrome · Mac", _HOME),
    (cast.JOHN, 52, "Chrome · Android", _TRAIN),
    (cast.VICTIM, 6, "Firefox · Linux", _STRANGE),  # not he: the order that he does not know came then
    (cast.VICTIM, 100, "Chrome · Android", _HOME),
)


def sign_ins(now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Whose, and the other columns of the table of sign-ins."""
    return [
        (
            who,
            {
                "id": f"in_demo{place:04d}",
                "at": now - timedelta(hours=hours),
                "method": "mail_code",
                "device": device,
                "place": network,
            },
        )
        for place, (who, hours, device, network) in enumerate(_VISITS)
    ]
