"""HTML of a mail: made safe for showing, and as plain text with the quoted part told apart (S-05).

Nothing remote is loaded: a picture is shown only if it came with the mail (`cid:`). Sanitised by an allow-list (nh3);
whoever shows it does so in a sandboxed frame as well.
"""

from __future__ import annotations

import re
from html import unescape

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST = 1_000_000  # characters of HTML that are read
_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
    ),
    *(
        "dt",
        "em",
        "figure",
        "figcaption",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
    ),
    *(
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
    ),
    *("th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign"},
    "ol": {"start"},
}
_BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    ),
    *("h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
_APART = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "pre"}
_UNSEEN = {
    "head",
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "select",
    "textarea",
    "object",
}
# Where the mail that is answered begins: Gmail, Apple Mail and Thunderbird, Yahoo, Outlook in its kinds.
_QUOTES = (
    ".gmail_quote, .gmail_quote_container, .gmail_extra blockquote, blockquote[type=cite], .yahoo_quoted, "
    ".moz-cite-prefix, #divRplyFwdMsg, #appendonsend, #OLK_SRC_BODY_SECTION, #mail-editor-reference-message-container, "
    ".protonmail_quote, .zmail_extra, .ms-outlook-mobile-reference-message, #isReplyContent, .quoted_mail_content"
)
_FOLLOWED = {"divRplyFwdMsg", "appendonsend"}  # what comes after these is quoted as well
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.I
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
_VOID = {
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "col",
    "area",
    "base",
    "wbr",
    "source",
    "p",
    "li",
    "td",
    "tr",
    "th",
}
_DEEPEST = 1_000  # elements that lie in each other or were never closed
_MANY_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")


def safe(html: str) -> str:
    """HTML of which nothing runs, loads or leads out of its frame. "" for nothing visible, or for no honest HTML."""
    if _too_deep(html):
        return ""
    told = nh3.clean(
        html[:LONGEST],
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        clean_content_tags={"script", "style", "title", "noscript"},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        attribute_filter=_filtered,
        link_rel="noopener noreferrer nofollow",
    )
    return told if re.sub(r"<[^>]*>|\s|&nbsp;", "", told) or "<img" in told else ""


def texts(html: str) -> tuple[str, str]:
    """What was written and what was quoted beneath it, as plain text."""
    if _too_deep(html):
        return tidy(unescape(_TAG.sub(" ", html[:LONGEST]))), ""
    tree = LexborHTMLParser(html[:LONGEST])
    body = tree.body
    if body is None:
        return "", ""
    quoted: list[str] = []
    for node in body.css(_QUOTES):
        if node.parent is None or _within(node, body) is False:
            continue
        for each in (node, *(_after(node) if node.attributes.get("id") in _FOLLOWED else ())):
            quoted.append(_text(each))
            each.decompose()
    return _text(body), "\n\n".join(filter(None, quoted))


def _too_deep(html: str) -> bool:
    """Would its elements lie so deep in each other that reading them takes seconds?"""
    depth = deepest = 0
    for tag in _TAG.finditer(html[:LONGEST]):
        if tag.group(1):
            depth = max(0, depth - 1)
        elif tag.group(2).lower() not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.lower().startswith("cid:") else None
    return value


def _within(node: LexborNode, body: LexborNode) -> bool:
    """False if an outer quote that held it is gone already."""
    up: LexborNode | None = node
    for _ in range(500):
        if up is None:
            return False
        if up.tag == "body":
            return True
        up = up.parent
    return False


def _after(node: LexborNode) -> list[LexborNode]:
    found = []
    following = node.next
    while following is not None:
        found.append(following)
        following = following.next
    return found


def _text(root: LexborNode) -> str:
    """Depth first without recursion: mails nest deep."""
    told: list[str] = []
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = str(node.tag)
        if leaving:
            _break(told, 2 if tag in _APART else 1)
            continue
        if tag == "-text":
            told.append(_SPACES.sub(" ", node.text_content or ""))
            continue
        if (
            tag in _UNSEEN
            or tag.startswith("-")
            or _HIDDEN.search((node.attributes or {}).get("style") or "")
        ):
            continue
        told.append({"br": "\n", "td": " ", "th": " ", "li": ""}.get(tag, ""))
        if tag in _BLOCKS:
            _break(told, 2 if tag in _APART else 1)
            stack.append((node, True))
        if tag == "li":
            told.append("・")
        stack.extend((child, False) for child in reversed(_children(node)))
    return tidy("".join(told))


def _break(told: list[str], lines: int) -> None:
    """End the line, and leave an empty one if `lines` is two, unless that has been done."""
    while told and not told[-1].strip(" "):
        told.pop()
    if told:
        ended = len(told[-1]) - len(told[-1].rstrip("\n"))
        told.append("\n" * max(0, lines - ended))


def _children(node: LexborNode) -> list[LexborNode]:
    found = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def tidy(text: str) -> str:
    """Lines without spaces around them, at most one empty line between two."""
    lines = (line.strip(" \t\u00a0\u3000") for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
