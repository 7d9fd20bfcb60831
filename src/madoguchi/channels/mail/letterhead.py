"""How a reply looks: as HTML with the shop's template, and as plain text that says the same.

Everything is escaped; a link is made only of an address that is ours or a partner's. The template is the shop's own if
there is one: Jinja in a sandbox, which sees the reply's words and nothing of the house.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from madoguchi.channels.mail.filing import answer_above
from madoguchi.counter.trust.addresses import linked_sites
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import foreign_links
from madoguchi.engine.texts import tr

BUILT_IN = Path(__file__).parent / "templates" / "reply.html"
_LINK = re.compile(r"https?://[^\s<>\"'「」『』（）、。]{1,1000}[^\s<>\"'「」『』（）、。.,!?:;)\]]", re.I)
_LARGEST = 200_000
_FURTHER = "Pages that help further"
_QUOTED = "You wrote:"


class TemplateBroken(ValueError):
    """The shop's template cannot be used; the message says why."""


@dataclass(frozen=True)
class Further:
    """A page that helps further: an article about the matter."""

    title: str
    url: str
    short: str = ""


@dataclass(frozen=True)
class Piece:
    """Of a paragraph: text, a link, or the end of a line."""

    text: str = ""
    url: str = ""
    breaks: bool = False


@dataclass(frozen=True)
class Reply:
    """What a reply says, before it is dressed. `agent`: who signs. `quoted`: words that it answers, "" for none.
    `titles`: the headings, under `further_title` and `quoted_title`, in the shop's words."""

    language: str
    subject: str
    shop: str
    marker: str
    text: str
    agent: str = ""
    signature: Sequence[str] = ()
    further: Sequence[Further] = field(default_factory=tuple)
    quoted: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def title(self, name: str, otherwise: str) -> str:
        """Over the pages that help further, or over the quote: the shop's words, else ours."""
        return self.titles.get(name) or tr(self.language, otherwise)


class Letterhead:
    """`template`: the shop's own file, or None. Read once."""

    def __init__(self, ours: Ours, colour: str, template: Path | None = None) -> None:
        """Raises TemplateBroken."""
        self._ours = ours
        self._colour = colour
        self._template = _load(template or BUILT_IN)

    def html(self, reply: Reply) -> str:
        """Raises TemplateBroken."""
        language = reply.language
        told = {
            "language": language,
            "subject": reply.subject,
            "shop": reply.shop,
            "colour": self._colour,
            "marker": reply.marker,
            "above": answer_above(language),
            "paragraphs": [self._pieces(each) for each in re.split(r"\n[ \t]*\n", reply.text.strip())],
            "agent": reply.agent,
            "signature": list(reply.signature),
            "further": list(reply.further),
            "further_title": reply.title("further_title", _FURTHER),
            "quoted": reply.quoted.splitlines(),
            "quoted_title": reply.title("quoted_title", _QUOTED),
        }
        try:
            made = self._template.render(told)
        except (
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            raise TemplateBroken(str(error) or type(error).__name__) from error
        if len(made) > _LARGEST:
            raise TemplateBroken("the mail becomes too long")
        return made

    def check(self) -> None:
        """Dress a reply in which everything occurs. Raises TemplateBroken, also where the words are lost or not escaped."""
        probe = "<b>&\"'見本</b>"
        made = self.html(
            Reply(
                language="ja",
                subject="件名",
                shop="店",
                marker="## 店 ##",
                text=f"{probe}\n\nhttps://{min(self._ours.domains, default='localhost')}/x",
                agent="担当",
                signature=["署名"],
                further=[Further("案内", "https://localhost/help")],
                quoted="引用",
            )
        )
        if probe in made:
            raise TemplateBroken("words are not escaped: leave out |safe")
        if "見本" not in made:
            raise TemplateBroken("the words of the reply do not stand in it: paragraphs")
        if "## 店 ##" not in made:
            raise TemplateBroken("the line above which people answer does not stand in it: marker, above")

    def _pieces(self, paragraph: str) -> list[Piece]:
        """Text, breaks and links to ours."""
        pieces: list[Piece] = []
        for number, line in enumerate(paragraph.split("\n")):
            if number:
                pieces.append(Piece(breaks=True))
            at = 0
            for link in _LINK.finditer(line):
                if not linked_sites(link[0]) or foreign_links(link[0], self._ours, bare=False):
                    continue
                pieces += [Piece(line[at : link.start()]), Piece(link[0], link[0])]
                at = link.end()
            pieces.append(Piece(line[at:]))
        return pieces


def plain(reply: Reply) -> str:
    """The same as text, for programs that show no HTML."""
    language = reply.language
    blocks = [f"{reply.marker} {answer_above(language)}", reply.text.strip(), reply.agent]
    if reply.further:
        pages = [f"- {each.title}\n  {each.url}" for each in reply.further]
        blocks.append("\n".join([reply.title("further_title", _FURTHER), *pages]))
    if reply.signature:
        blocks.append("\n".join(["-- ", *reply.signature]))
    if reply.quoted:
        lines = "\n".join(f"> {line}" for line in reply.quoted.splitlines())
        blocks.append(f"{reply.title('quoted_title', _QUOTED)}\n{lines}")
    return "\n\n".join(filter(None, blocks)) + "\n"


def _load(path: Path) -> Template:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    try:
        return environment.from_string(path.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        raise TemplateBroken(f"{path}: {error}") from error
    except TemplateError as error:
        raise TemplateBroken(f"{path}: {error}") from error
