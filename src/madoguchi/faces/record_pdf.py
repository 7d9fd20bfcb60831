"""A record of conversations as PDF: A4, the number and the page on every sheet, every script in its own font (HIS-007).

As with receipts the standard East Asian fonts of PDF readers are named, none is embedded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import groupby

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from madoguchi.engine.texts import tr
from madoguchi.faces.record_text import facts, head, stamp
from madoguchi.faces.records import Conversation, Record
from madoguchi.kit.languages import colon

_LATIN = "Helvetica"
_FONTS = {
    "ja": "HeiseiKakuGo-W5",
    "ko": "HYGothic-Medium",
    "zh-Hans": "STSong-Light",
    "zh-Hant": "MSung-Light",
}
_LEFT, _RIGHT, _TOP, _BOTTOM = 20 * mm, A4[0] - 20 * mm, A4[1] - 20 * mm, 20 * mm
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
_WORDS = re.compile(r"[!-~\u00a1-\u00ff]+|\s+|.", re.DOTALL)
_NOT_IN_THE_FONTS = "〓"  # what Japanese printers set for a character that they do not have


def write_pdf(record: Record) -> bytes:
    for font in _FONTS.values():
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = io.BytesIO()
    sheet = _Sheet(Canvas(buffer, pagesize=A4, invariant=True), record)
    for line in head(record):
        sheet.write(line, 10)
    for talk in record.conversations:
        _talk(sheet, record, talk)
    sheet.end()
    return buffer.getvalue()


def _talk(sheet: _Sheet, record: Record, talk: Conversation) -> None:
    sheet.rule()
    for label, value in facts(record, talk):
        sheet.write(f"{label}{colon(record.language)}{value}", 9)
    sheet.space(2 * mm)
    for each in talk.said:
        language = each.lang or record.language
        sheet.keep_together(12 * mm)
        sheet.write(f"{stamp(record, each.at)}  {each.who if each.spoken else ''}".rstrip(), 8, grey=0.35)
        sheet.write(each.text, 10, language=language)
        for line in each.lines:
            sheet.write(line, 9, indent=5 * mm)
        for name in each.files:
            words = f"{tr(record.language, 'File')}{colon(record.language)}{name}"
            sheet.write(words, 9, indent=5 * mm)
        sheet.space(2 * mm)


class _Sheet:
    """Lines from top to bottom, over as many pages as it takes."""

    def __init__(self, canvas: Canvas, record: Record) -> None:
        self._canvas = canvas
        self._language = record.language
        self._foot = f"{record.shop}  {record.about}"
        self._page = 1
        self._y = _TOP
        canvas.setTitle(f"{record.shop} {record.about}")
        canvas.setAuthor(record.shop)

    def write(
        self, text: str, size: float, *, language: str = "", indent: float = 0, grey: float = 0
    ) -> None:
        """The text, broken where the line is full; its own line ends stay."""
        for line in text.splitlines():
            for row in _rows(_pieces(line, language or self._language), size, _RIGHT - _LEFT - indent):
                self.keep_together(size * 1.5)
                self._y -= size * 1.5
                self._draw(row, _LEFT + indent, self._y, size, grey)

    def rule(self) -> None:
        self.keep_together(40 * mm)
        self._y -= 4 * mm
        self._canvas.line(_LEFT, self._y, _RIGHT, self._y)
        self._y -= 1 * mm

    def space(self, height: float) -> None:
        self._y -= height

    def keep_together(self, height: float) -> None:
        """Begin a new page unless this much room is left."""
        if self._y - height < _BOTTOM:
            self._number()
            self._canvas.showPage()
            self._page += 1
            self._y = _TOP

    def end(self) -> None:
        self._number()
        self._canvas.save()

    def _number(self) -> None:
        self._draw(_pieces(self._foot, self._language), _LEFT, 12 * mm, 8, 0.35)
        self._canvas.setFont(_LATIN, 8)
        self._canvas.drawRightString(_RIGHT, 12 * mm, str(self._page))

    def _draw(self, row: list[tuple[str, str]], x: float, y: float, size: float, grey: float) -> None:
        line = self._canvas.beginText(x, y)
        line.setFillGray(grey)
        for font, words in row:
            line.setFont(font, size)
            line.textOut(words)
        self._canvas.drawText(line)


def _pieces(line: str, language: str) -> list[tuple[str, str]]:
    """(font, words), cut where a line may break."""
    han = _FONTS.get(language, _FONTS["ja"])
    return [
        (font, word)
        for font, run in groupby(map(_drawable, line), key=lambda character: _font(character, han))
        for word in _WORDS.findall("".join(run))
    ]


def _font(character: str, han: str) -> str:
    if character < "\u0100":
        return _LATIN
    if _HANGUL.match(character):
        return _FONTS["ko"]
    return _FONTS["ja"] if _KANA.match(character) or character == _NOT_IN_THE_FONTS else han


def _drawable(character: str) -> str:
    if not character.isprintable():
        return " "
    return character if character <= "\uffff" else _NOT_IN_THE_FONTS


def _rows(pieces: list[tuple[str, str]], size: float, width: float) -> Iterator[list[tuple[str, str]]]:
    row: list[tuple[str, str]] = []
    used = 0.0
    for font, word in (part for piece in pieces for part in _parts(*piece, size, width)):
        wide = pdfmetrics.stringWidth(word, font, size)
        if row and used + wide > width:
            yield row
            row, used = [], 0.0
            if word.isspace():
                continue
        row.append((font, word))
        used += wide
    if row:
        yield row


def _parts(font: str, word: str, size: float, width: float) -> Iterator[tuple[str, str]]:
    """A word longer than a line, such as an address, in pieces that fit."""
    while word and pdfmetrics.stringWidth(word, font, size) > width:
        fits = max(1, int(len(word) * width / pdfmetrics.stringWidth(word, font, size)) - 1)
        yield font, word[:fits]
        word = word[fits:]
    if word:
        yield font, word
