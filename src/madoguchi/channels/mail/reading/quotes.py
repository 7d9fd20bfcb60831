"""A reply without what it quotes and without the program's signature; what is cut is kept apart. Pure.

Line by line, in time linear to the text, whatever it is: every pattern looks at one line of bounded length. Answers
between quoted lines stay, in their order. Patterns are in `quotes.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_LONGEST_LINE = 400
_MARK = re.compile(r"^\s{0,3}[>＞]+\s?")
_SIGNATURE_MARK = re.compile(r"^(--|—|－－)\s?$")
_LONGEST_SIGNATURE = 15  # lines
_JOINED = 3  # lines over which a program may break "On …, … wrote:"


class Parted(NamedTuple):
    """`written`: what the sender wrote; `quoted`: what was cut, signature included; both may be ""."""

    written: str
    quoted: str


class _Patterns(NamedTuple):
    attribution: re.Pattern[str]
    separator: re.Pattern[str]
    header_line: re.Pattern[str]
    signature: re.Pattern[str]


def part(text: str, *, marker: str = "") -> Parted:
    """Tell what was written from what was quoted. `marker`: a line that our own mails carry; below it all is quoted.

    A mail that is nothing but a quote is taken as written: rather too much to read than a message lost.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    cut: list[str] = []
    at = 0
    while at < len(lines):
        taken = _quote_begins(lines, at, marker)
        if taken == _ALL:
            cut += lines[at:]
            break
        if taken:
            cut += lines[at : at + taken]
        else:
            kept.append(lines[at])
        at += taken or 1
    written, signature = _without_signature(kept)
    told = Parted(_joined(written), _joined([*cut, *signature]))
    return told if told.written else Parted(_joined(lines), "")


_ALL = -1


def _quote_begins(lines: list[str], at: int, marker: str) -> int:
    """How many lines from here are quoted: 0 for none, _ALL for all that follow."""
    line = lines[at]
    if marker and marker in line:
        return _ALL
    if _MARK.match(line):
        return 1
    bare = _bare(line)
    if not bare:
        return 0
    patterns = _patterns()
    if patterns.separator.search(bare):
        return _ALL
    if patterns.header_line.search(bare) and _headers_follow(lines, at):
        return _ALL
    height = _attribution(lines, at)
    if not height:
        return 0
    following = next((each for each in lines[at + height : at + height + 3] if each.strip()), "")
    if _MARK.match(following):
        return height
    # Without marks beneath it only an address shows that a program wrote the line, and not the customer.
    return _ALL if any("@" in each for each in lines[at : at + height]) else 0


def _attribution(lines: list[str], at: int) -> int:
    """Over how many lines "… wrote:" stands here; 0 if it does not."""
    joined = ""
    for height in range(1, _JOINED + 1):
        if at + height > len(lines):
            return 0
        bare = _bare(lines[at + height - 1])
        if not bare:
            return 0
        joined = f"{joined} {bare}".strip()
        if _patterns().attribution.search(joined[:_LONGEST_LINE]):
            return height
        if height == 1 and not _may_go_on(bare):
            return 0
    return 0


def _may_go_on(line: str) -> bool:
    return line.startswith(("on ", "le ", "am ", "於", "在", "于", "20"))


def _headers_follow(lines: list[str], at: int) -> bool:
    following = [bare for each in lines[at + 1 : at + 4] if (bare := _bare(each))]
    return any(_patterns().header_line.search(bare) for bare in following[:2])


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """A signature stands at the end, after `-- ` (RFC 3676, 4.3) or in a program's own words."""
    for at in range(len(lines) - 1, max(-1, len(lines) - _LONGEST_SIGNATURE - 1), -1):
        if _SIGNATURE_MARK.match(lines[at]):
            return lines[:at], lines[at:]
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _patterns().signature.search(_bare(lines[end - 1])):
        return lines[: end - 1], lines[end - 1 :]
    return lines, []


def _bare(line: str) -> str:
    return _MARK.sub("", line[:_LONGEST_LINE]).strip().casefold()


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


@cache
def _patterns() -> _Patterns:
    told = tomllib.loads(files(__package__).joinpath("quotes.toml").read_text("utf-8"))
    return _Patterns(
        *(
            re.compile("|".join(f"(?:{pattern})" for pattern in told[name]))
            for name in ("attributions", "separators", "header_lines", "signatures")
        )
    )
