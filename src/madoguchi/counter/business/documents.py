"""Quotations (見積書) and invoices (請求書) as PDF: addressee, number, items, tax by rate, registration number (BIZ-002).

Amounts include tax; the tax of each rate is rounded once per document, as the qualified invoice demands (Order for
Enforcement of the Consumption Tax Act, art. 70-10).
"""

from __future__ import annotations

import io
from datetime import datetime, tzinfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from madoguchi.counter.business import policy
from madoguchi.counter.business.model import Document
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.kit.money import Money

_SANS = "HeiseiKakuGo-W5"
_SERIF = "HeiseiMin-W3"
_LEFT, _RIGHT = 25 * mm, A4[0] - 25 * mm
_COLUMNS = (118 * mm, 140 * mm)  # quantity and price end here
_ROWS_PER_PAGE = 26
_TITLE = {"quote": "御見積書", "invoice": "請求書"}
_SAYS = {"quote": "下記のとおりお見積り申し上げます。", "invoice": "下記のとおりご請求申し上げます。"}


def render(document: Document, issuer: Issuer, zone: tzinfo) -> bytes:
    """One A4 page, or more for many rows; the same document is the same bytes."""
    for font in (_SANS, _SERIF):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(f"{_TITLE[document.kind]} {document.number}")
    canvas.setAuthor(issuer.name)
    y = _head(canvas, document, issuer, zone)
    y = _rows(canvas, document, y)
    _tax(canvas, document, y)
    canvas.save()
    return buffer.getvalue()


def _head(canvas: Canvas, document: Document, issuer: Issuer, zone: tzinfo) -> float:
    top = A4[1]
    canvas.setFont(_SERIF, 22)
    canvas.drawCentredString(A4[0] / 2, top - 32 * mm, _TITLE[document.kind])
    canvas.setFont(_SERIF, 14)
    canvas.drawString(_LEFT, top - 48 * mm, f"{_clean(document.body['addressee'])} 御中")
    canvas.setFont(_SANS, 9)
    canvas.drawString(_LEFT, top - 56 * mm, _SAYS[document.kind])
    right = [f"番号 {document.number}", f"発行日 {_day(document.issued_at, zone)}"]
    if document.valid_until is not None:
        right.append(f"有効期限 {_day(document.valid_until, zone)}")
    if document.order_number:
        right.append(f"注文番号 {_clean(document.order_number)}")
    if document.body["placed_at"]:
        right.append(f"取引日 {_day(datetime.fromisoformat(document.body['placed_at']), zone)}")
    right += [_clean(issuer.name), *filter(None, (_clean(issuer.address), _clean(issuer.phone)))]
    if issuer.invoice_number:
        right.append(f"登録番号 {issuer.invoice_number}")
    y = top - 46 * mm
    for text in right:
        canvas.drawRightString(_RIGHT, y, text)
        y -= 5 * mm
    canvas.setFont(_SERIF, 16)
    amount = _money(document, policy.total(document.items))
    canvas.drawString(_LEFT, top - 74 * mm, f"合計 {amount}(税込)")
    return min(y, top - 82 * mm) - 8 * mm


def _rows(canvas: Canvas, document: Document, y: float) -> float:
    y = _titles(canvas, y)
    for place, item in enumerate(document.items):
        if place and place % _ROWS_PER_PAGE == 0:
            canvas.showPage()
            y = _titles(canvas, A4[1] - 30 * mm)
        label = f"{_clean(item.label)}{' ※' if item.rate == _lowest(document) else ''}"
        canvas.drawString(_LEFT, y, label if len(label) <= 34 else f"{label[:33]}…")
        canvas.drawRightString(_COLUMNS[0], y, str(item.quantity))
        canvas.drawRightString(_COLUMNS[1], y, _money(document, item.unit_price))
        canvas.drawRightString(_RIGHT, y, _money(document, item.amount))
        y -= 6 * mm
    if y < 60 * mm:
        canvas.showPage()
        y = A4[1] - 30 * mm
    return y


def _titles(canvas: Canvas, y: float) -> float:
    canvas.setFont(_SANS, 9)
    canvas.drawString(_LEFT, y, "品目")
    for right, text in ((_COLUMNS[0], "数量"), (_COLUMNS[1], "単価(税込)"), (_RIGHT, "金額(税込)")):
        canvas.drawRightString(right, y, text)
    canvas.line(_LEFT, y - 2 * mm, _RIGHT, y - 2 * mm)
    return y - 8 * mm


def _tax(canvas: Canvas, document: Document, y: float) -> None:
    canvas.line(_LEFT, y, _RIGHT, y)
    canvas.setFont(_SANS, 9)
    for row in policy.tax_rows(document.items):
        y -= 6 * mm
        canvas.drawString(_LEFT, y, f"{row.rate}%対象(税込)")
        canvas.drawRightString(
            _RIGHT, y, f"{_money(document, row.gross)}(内消費税 {_money(document, row.tax)})"
        )
    if _lowest(document):
        canvas.drawString(_LEFT, y - 8 * mm, "※は軽減税率の対象です。")


def _lowest(document: Document) -> int:
    """The reduced rate, where the document has two."""
    rates = {item.rate for item in document.items}
    return min(rates) if len(rates) > 1 else 0


def _money(document: Document, minor: int) -> str:
    return Money(minor=minor, currency=document.body["currency"]).text("ja")


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y年%m月%d日}"


def _clean(text: str) -> str:
    """What the standard fonts can draw: one line without control characters."""
    return "".join(character for character in text if character.isprintable())[:120]
