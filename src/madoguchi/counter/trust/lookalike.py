"""Names that look like ours. The skeleton of a name is what remains when look-alikes are written as what they imitate. Pure.

The table is a subset of the confusables of Unicode Technical Standard 39: letters of other scripts that look like
Latin letters or digits and occur in domain names (Cyrillic, Greek, Armenian, Cherokee, Lisu, and Japanese strokes).
After it come the tricks within ASCII: rn for m, vv for w, 0 for o, 1 for l. It explains a verdict; the verdict
itself comes from whose domain it is (policy.py), because only one fake in nine looks alike.
"""

from __future__ import annotations

import unicodedata

_CONFUSABLE = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһԁԛԝӏвкмнтгьпӧ", "aeopcyxijshdqwlbkmhtrbno", strict=True)),
        **dict(zip("αβεικνορτυχωγηκσ", "abeikvoptuxwynko", strict=True)),
        **dict(zip("օսհոցզյտ", "ouhngqjs", strict=True)),
        **dict(zip("ꓐꓚꓓꓰꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "bcdeghijklmnoprstuvwxyz", strict=True)),
        **dict(zip("ᴀᴄᴅᴇᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɡɑ", "acdejkmnoprstuvwyziga", strict=True)),
        **dict.fromkeys("ーｰ一―–—−‐‑‒", "-"),
        "ℓ": "l",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ß": "b",
        "þ": "p",
        "0": "o",
        "1": "l",
        "|": "l",
        "!": "l",
        "3": "e",
        "5": "s",
        "$": "s",
        "@": "a",
        "8": "b",
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def skeleton(name: str) -> str:
    """Equal for names that a hurried eye takes for the same."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).lower())
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_CONFUSABLE)
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text.replace("-", "").replace("i", "l")


def resembles(label: str, ours: str) -> bool:
    """Whether a name (without its ending) is made to look like ours without being it."""
    if label == ours or len(ours) < 4:
        return False
    theirs, own = skeleton(label), skeleton(ours)
    if theirs == own or own in theirs:
        return True
    return distance(theirs, own, most=2 if len(own) >= 8 else 1) is not None


def distance(one: str, other: str, *, most: int) -> int | None:
    """Edits (a letter more, less, another, or two swapped) from one to the other; None above `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before = before, row
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1] if row[-1] <= most else None
